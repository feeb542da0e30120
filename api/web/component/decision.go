package component

// Decision is a form by which somebody decides about what stands above it, with a reason where one is asked for.
type Decision struct {
	Title, Text string // "" for none
	Action      string
	Hidden      []Hidden
	Fields      []Field
	Button      Button
	Other       *Button // the other answer, where one form gives both
}

// FieldsOf are the fields of decisions, of those that there are.
func FieldsOf(decisions ...*Decision) (fields []Field) {
	for _, d := range decisions {
		if d != nil {
			fields = append(fields, d.Fields...)
		}
	}
	return fields
}
