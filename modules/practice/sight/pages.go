package sight

import (
	"net/http"
	"slices"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/policies"
)

// Rows are the lines of the item in a table as a file: code, kind, who, what and which sections.
func (s Sight) Rows(r *http.Request, platform modules.Platform) (rows [][]string) {
	kind, key, _ := strings.Cut(s.Place, "/")
	for _, group := range modules.GroupSights(s.Changes) {
		what := "practice.plan.loses"
		if group.Gained {
			what = "practice.plan.gains"
		}
		who := group.Who
		if since := modules.SinceText(r, group.From); since != "" {
			who += " (" + since + ")"
		}
		rows = append(rows, []string{key, form.Kind(r, platform.Kinds, kind), who, modules.Say(r, what), text(r, platform, group)})
	}
	return rows
}

// Table lists who gains and who loses sight of what. Titles are what items are called.
func Table(r *http.Request, platform modules.Platform, sights []Sight, titles kit.Titles) component.Table {
	table := component.Table{
		ID: "viste", Caption: modules.Say(r, "practice.plan.sights"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.plan.who", "practice.plan.gains", "practice.plan.loses"),
	}
	for _, one := range sights {
		item := titles.Call(r.Context(), one.Place)
		if one.Unasked {
			item += ". " + modules.Say(r, "practice.plan.unasked")
		}
		for _, group := range modules.GroupSights(one.Changes) {
			cells := []component.Cell{{Text: group.Who, Note: item}, {}, {}}
			if group.Bond != "" {
				cells[0].Note = item + ". " + modules.Say(r, "practice.plan.people", "n", group.Cases)
				if since := modules.SinceText(r, group.From); since != "" {
					cells[0].Note += ". " + since
				}
			}
			at := 2
			if group.Gained {
				at = 1
			}
			cells[at].Text = text(r, platform, group)
			table.Rows = append(table.Rows, component.Row{Cells: cells})
		}
	}
	return table
}

// text names the sections that somebody reads, those that they write too, and what else they may do.
func text(r *http.Request, platform modules.Platform, group modules.SightGroup) string {
	var parts []string
	if group.Bond != "" {
		parts = append(parts, modules.Say(r, "practice.plan.bond."+string(group.Bond)))
	}
	type does struct {
		key      string
		sections []string
	}
	both := []does{{"practice.plan.reads", group.Reads}, {"practice.plan.writes", group.Writes}}
	if slices.Equal(group.Reads, group.Writes) {
		both = []does{{"practice.plan.both", group.Reads}}
	}
	for _, part := range both {
		if len(part.sections) == 0 {
			continue
		}
		labels := make([]string, len(part.sections))
		for i, id := range part.sections {
			labels[i] = language.SayText(r.Context(), policies.SectionLabel(id))
		}
		parts = append(parts, modules.Say(r, part.key, "sections", strings.Join(labels, ", ")))
	}
	if len(group.May) > 0 {
		labels := make([]string, len(group.May))
		for i, name := range group.May {
			labels[i] = language.SayText(r.Context(), modules.PermissionLabel(platform.Modules, name))
		}
		what := strings.Join(labels, "; ")
		if group.Purpose == "" { // of people, and not of what a purpose is for
			what = modules.Say(r, "practice.plan.may", "what", what)
		}
		parts = append(parts, what)
	}
	return strings.Join(parts, ". ")
}

// Effect is that somebody gains or loses sight of sections by an item.
type Effect struct {
	Item   string     `json:"item" maxLength:"105" doc:"kind/key"`
	Who    string     `json:"who" maxLength:"300"`
	From   string     `json:"from,omitempty" maxLength:"10" doc:"A later day on which they begin to hold the role, as 2026-12-31; missing for today"`
	People int        `json:"people" minimum:"0" maximum:"1000000" doc:"Who hold the role; 0 for a purpose of sharing"`
	Gained bool       `json:"gained"`
	Reads  []kit.Term `json:"reads" maxItems:"20"`
	Writes []kit.Term `json:"writes" maxItems:"20"`
	May    []kit.Term `json:"may" maxItems:"100" doc:"Permissions"`
	Bond   string     `json:"bond" maxLength:"20" doc:"Relation to the case files: assigned, team or body; empty for a purpose of sharing"`
	New    bool       `json:"new" doc:"The body has no such item: nothing that is seen today changes"`
	// Unasked effects come of nothing that was answered so far.
	Unasked bool `json:"unasked,omitempty" doc:"Only if the item, which the body does not use, is taken from the kit after all"`
}

// Views are for the API.
func Views(sights []Sight) []Effect {
	views := []Effect{}
	for _, one := range sights {
		for _, group := range modules.GroupSights(one.Changes) {
			view := Effect{Item: one.Place, Who: group.Who, From: group.From, Gained: group.Gained, Reads: kit.Terms(group.Reads), Writes: kit.Terms(group.Writes), May: kit.Terms(group.May), Bond: string(group.Bond), New: one.New, Unasked: one.Unasked}
			if group.Bond != "" {
				view.People = group.Cases
			}
			views = append(views, view)
		}
	}
	return views
}
