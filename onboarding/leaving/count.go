package leaving

import (
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/modules"
)

// Kind is how many rows of one kind go away.
type Kind struct {
	Title language.Text
	Rows  int64
}

// rest is what rows are called that belong to no module.
var rest = language.Text{It: "Permessi, sedi e accessi", En: "Rights, offices and sign-ins"}

// Kinds gathers rows of tables under the modules that they belong to, in the order of the modules.
func Kinds(list []modules.Module, rows map[string]int64) []Kind {
	sums := map[modules.ID]int64{}
	for table, n := range rows {
		schema, _, _ := strings.Cut(table, ".")
		id := modules.ID(schema)
		if !slices.ContainsFunc(list, func(m modules.Module) bool { return m.ID == id }) {
			id = ""
		}
		sums[id] += n
	}
	var found []Kind
	for _, m := range list {
		if n := sums[m.ID]; n > 0 {
			found = append(found, Kind{Title: m.Title, Rows: n})
		}
	}
	if n := sums[""]; n > 0 {
		found = append(found, Kind{Title: rest, Rows: n})
	}
	return found
}
