package component

import (
	"strconv"
	"strings"
)

// FieldKind chooses the control of a field.
type FieldKind string

// The controls. The zero value is a single line of text.
const (
	Text       FieldKind = ""
	Email      FieldKind = "email"
	Phone      FieldKind = "tel"
	Password   FieldKind = "password"
	Number     FieldKind = "number" // digits on the keyboard, still text: no spinner, no silent rounding
	Code       FieldKind = "code"   // capital letters and digits: a fiscal code, a protocol number
	LongText   FieldKind = "longtext"
	Select     FieldKind = "select"
	Radios     FieldKind = "radios"
	Checkboxes FieldKind = "checkboxes"
	KnownDate  FieldKind = "date"     // a date the person knows: three text fields
	Appointed  FieldKind = "schedule" // a date to choose: the browser's calendar
	TimeOfDay  FieldKind = "time"
	File       FieldKind = "file"
)

// Width is how much room the answer needs.
type Width string

// The widths. The zero value takes the whole column.
const (
	Full   Width = ""
	Medium Width = "medium" // a name
	Short  Width = "short"  // a number, a time
)

// Field is one question of a form with its hint, its error and its control. Template "field".
// The name sent is Name, or ID when Name is empty; a KnownDate sends name-giorno, name-mese and name-anno.
type Field struct {
	ID       string
	Name     string
	Kind     FieldKind
	Label    string
	Hint     string
	Error    string
	Required bool
	Depends  bool   // another answer decides whether it is required, as its label or hint says: it is not called optional
	Source   string // where the answer comes from, if not from whoever looks at the page
	ReadOnly bool   // known from elsewhere and not to be changed here

	Value   string
	Date    DateParts // of a KnownDate
	Options []Option  // of Select, Radios, Checkboxes

	Autocomplete string // token of WCAG 1.3.5: "given-name", "tel"
	Unit         string // written after the control: "€"
	Width        Width
	MaxLength    int // 0 means no limit in the browser
	Rows         int // of LongText, 0 means 5
	Accept       string
	Multiple     bool // of File
	Heading      bool // the label is the h1 of the page (one question per page)
}

// DateParts are the three answers of a known date as typed, kept even when they are no date.
type DateParts struct {
	Day, Month, Year string
}

// Option is one answer to choose.
type Option struct {
	Value    string
	Label    string
	Hint     string
	Selected bool
	Disabled bool
}

// DescribedBy lists the ids that explain the control, for aria-describedby.
func (f Field) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-aiuto")
	}
	if f.Source != "" {
		ids = append(ids, f.ID+"-origine")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-errore")
	}
	return strings.Join(ids, " ")
}

// FieldName is the name the control sends.
func (f Field) FieldName() string {
	if f.Name != "" {
		return f.Name
	}
	return f.ID
}

// InputType is the type attribute of a one-line control.
func (f Field) InputType() string {
	switch f.Kind {
	case Email, Phone, Password, TimeOfDay:
		return string(f.Kind)
	case Appointed:
		return "date"
	default:
		return "text"
	}
}

// IsChosen tells whether the option is the answer.
func (f Field) IsChosen(option Option) bool {
	return option.Selected || f.Kind != Checkboxes && f.Value != "" && f.Value == option.Value
}

// IsGroup tells whether the question has several controls and needs a fieldset.
func (f Field) IsGroup() bool {
	return f.Kind == Radios || f.Kind == Checkboxes || f.Kind == KnownDate
}

// OptionID is the id of the option at the given place, counted from zero.
func (f Field) OptionID(index int) string {
	return f.ID + "-" + strconv.Itoa(index+1)
}

// RowCount is the height of a LongText in lines.
func (f Field) RowCount() int {
	if f.Rows > 0 {
		return f.Rows
	}
	return 5
}

// Sends tells whether the control itself sends the answer: browsers send nothing for a disabled choice, so a
// hidden value stands beside one that is read only.
func (f Field) Sends() bool {
	return !f.ReadOnly || f.Kind != Select && f.Kind != Radios && f.Kind != Checkboxes
}

// Target is the id that an error of this field links to: its control, or the first of them.
func (f Field) Target() string {
	switch f.Kind {
	case KnownDate:
		return f.ID + "-giorno"
	case Radios, Checkboxes:
		return f.OptionID(0)
	default:
		return f.ID
	}
}

// ErrorSummary lists what has to be corrected, with the same words as at the fields. Template "error-summary",
// above the h1; without errors it renders nothing. A message that several fields share names its field.
type ErrorSummary struct {
	Errors []FieldError
}

// FieldError is one line of an ErrorSummary. An empty Target makes it a line without link.
type FieldError struct {
	Target  string
	Message string
}

// Summarize collects the errors of the fields of a form in their order.
func Summarize(fields ...Field) ErrorSummary {
	times := map[string]int{}
	for _, field := range fields {
		times[field.Error]++
	}
	var summary ErrorSummary
	for _, field := range fields {
		if field.Error == "" {
			continue
		}
		message := field.Error
		if times[message] > 1 && field.Label != "" {
			message = field.Label + ": " + message
		}
		summary.Errors = append(summary.Errors, FieldError{Target: field.Target(), Message: message})
	}
	return summary
}
