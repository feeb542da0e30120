package sight

import (
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/policies"
)

// Rows are the lines of the item in a table as a file: code, kind, who, what and which sections.
func (s Sight) Rows(r *http.Request, kinds *modules.Kinds) (rows [][]string) {
	kind, key, _ := strings.Cut(s.Place, "/")
	for _, group := range modules.GroupSights(s.Changes) {
		what := "practice.plan.loses"
		if group.Gained {
			what = "practice.plan.gains"
		}
		rows = append(rows, []string{key, form.Kind(r, kinds, kind), group.Who, modules.Say(r, what), text(r, group)})
	}
	return rows
}

// Table lists who gains and who loses sight of what.
func Table(r *http.Request, sights []Sight) component.Table {
	table := component.Table{
		ID: "viste", Caption: modules.Say(r, "practice.plan.sights"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.plan.who", "practice.plan.gains", "practice.plan.loses"),
	}
	for _, one := range sights {
		_, key, _ := strings.Cut(one.Place, "/")
		for _, group := range modules.GroupSights(one.Changes) {
			cells := []component.Cell{{Text: group.Who, Note: key}, {}, {}}
			if group.Bond != "" {
				cells[0].Note = key + ". " + modules.Say(r, "practice.plan.people", "n", group.Cases)
			}
			at := 2
			if group.Gained {
				at = 1
			}
			cells[at].Text = text(r, group)
			table.Rows = append(table.Rows, component.Row{Cells: cells})
		}
	}
	return table
}

// text names the sections that somebody reads, and those that they write too.
func text(r *http.Request, group modules.SightGroup) string {
	var parts []string
	for _, part := range []struct {
		key      string
		sections []string
	}{{"practice.plan.reads", group.Reads}, {"practice.plan.writes", group.Writes}} {
		if len(part.sections) == 0 {
			continue
		}
		labels := make([]string, len(part.sections))
		for i, id := range part.sections {
			labels[i] = language.SayText(r.Context(), policies.SectionLabel(id))
		}
		parts = append(parts, modules.Say(r, part.key, "sections", strings.Join(labels, ", ")))
	}
	return strings.Join(parts, ". ")
}

// Effect is that somebody gains or loses sight of sections by an item.
type Effect struct {
	Item   string     `json:"item" maxLength:"105" doc:"kind/key"`
	Who    string     `json:"who" maxLength:"300"`
	People int        `json:"people" minimum:"0" maximum:"1000000" doc:"Who hold the role; 0 for a purpose of sharing"`
	Gained bool       `json:"gained"`
	Reads  []kit.Term `json:"reads" maxItems:"20"`
	Writes []kit.Term `json:"writes" maxItems:"20"`
	New    bool       `json:"new" doc:"The body has no such item: nothing that is seen today changes"`
}

// Views are for the API.
func Views(sights []Sight) []Effect {
	views := []Effect{}
	for _, one := range sights {
		for _, group := range modules.GroupSights(one.Changes) {
			view := Effect{Item: one.Place, Who: group.Who, Gained: group.Gained, Reads: kit.Terms(group.Reads), Writes: kit.Terms(group.Writes), New: one.New}
			if group.Bond != "" {
				view.People = group.Cases
			}
			views = append(views, view)
		}
	}
	return views
}
