package upgrade

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/policies"
	"staffetta/tenants"
)

// impactText says in one line what applying would touch of an item.
func impactText(r *http.Request, line Line) string {
	var parts []string
	if line.Uses > 0 {
		parts = append(parts, modules.Say(r, "practice.plan.uses", "n", line.Uses))
	}
	if len(line.Naming) > 0 {
		parts = append(parts, modules.Say(r, "practice.plan.naming", "names", strings.Join(keysOf(line.Naming), ", ")))
	}
	if line.People > 0 {
		parts = append(parts, modules.Say(r, "practice.plan.workers", "n", line.People))
	}
	if len(parts) == 0 && line.Adapted {
		return modules.Say(r, "practice.plan.adapted")
	}
	return strings.Join(parts, ". ")
}

func keysOf(places []string) []string {
	keys := make([]string, len(places))
	for i, place := range places {
		_, keys[i], _ = strings.Cut(place, "/")
	}
	return keys
}

// sightTable lists who gains and who loses sight of what.
func sightTable(r *http.Request, sights []Sight) component.Table {
	table := component.Table{
		ID: "viste", Caption: modules.Say(r, "practice.plan.sights"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.plan.who", "practice.plan.gains", "practice.plan.loses"),
	}
	for _, sight := range sights {
		_, key, _ := strings.Cut(sight.Place, "/")
		for _, group := range modules.GroupSights(sight.Changes) {
			cells := []component.Cell{{Text: group.Who, Note: key}, {}, {}}
			if group.Bond != "" {
				cells[0].Note = key + ". " + modules.Say(r, "practice.plan.people", "n", group.Cases)
			}
			at := 2
			if group.Gained {
				at = 1
			}
			cells[at].Text = sightText(r, group)
			table.Rows = append(table.Rows, component.Row{Cells: cells})
		}
	}
	return table
}

// sightText names the sections that somebody reads, and those that they write too.
func sightText(r *http.Request, group modules.SightGroup) string {
	var parts []string
	for _, one := range []struct {
		key      string
		sections []string
	}{{"practice.plan.reads", group.Reads}, {"practice.plan.writes", group.Writes}} {
		if len(one.sections) == 0 {
			continue
		}
		labels := make([]string, len(one.sections))
		for i, id := range one.sections {
			labels[i] = language.SayText(r.Context(), policies.SectionLabel(id))
		}
		parts = append(parts, modules.Say(r, one.key, "sections", strings.Join(labels, ", ")))
	}
	return strings.Join(parts, ". ")
}

// planFile is the dry run as a table of comma separated values: the lines of the page.
func (p pages) planFile(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := form.ID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	chosen, err := chosenKit(r)
	if err != nil {
		return modules.View{}, err
	}
	plan, err := p.service.Plan(r.Context(), s, id, chosen)
	if err != nil {
		return modules.View{}, err
	}
	name := "prova-" + s.Slug + "-" + plan.Release + ".csv"
	return modules.View{File: &modules.File{Name: name, MediaType: "text/csv; charset=utf-8", Content: planTableFile(r, plan), Modified: time.Now()}}, nil
}

func planTableFile(r *http.Request, plan Plan) []byte {
	b := bytes.NewBufferString("\ufeff") // spreadsheets take it for UTF-8
	w := csv.NewWriter(b)
	write := func(cells ...string) {
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		_ = w.Write(cells) // to memory
	}
	say := func(key string) string { return modules.Say(r, key) }
	write(say("practice.item.key"), say("practice.item.kind"), say("practice.item.title"), say("practice.plan.outcome"), say("practice.plan.touched"))
	for _, line := range plan.Lines {
		title, _ := form.Said(r, line.Source().Title)
		write(line.Key, form.Kind(r, line.Kind), title, say("practice.outcome."+string(line.Outcome)), impactText(r, line))
	}
	for _, sight := range plan.Sights {
		kind, key, _ := strings.Cut(sight.Place, "/")
		for _, group := range modules.GroupSights(sight.Changes) {
			what := "practice.plan.loses"
			if group.Gained {
				what = "practice.plan.gains"
			}
			write(key, form.Kind(r, kind), group.Who, say(what), sightText(r, group))
		}
	}
	for _, alert := range missingAlerts(r, plan) {
		write("", "", "", say("practice.plan.missing"), alert.Text)
	}
	w.Flush()
	return b.Bytes()
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
		return "'" + text
	}
	return text
}

// SightView is that somebody gains or loses sight of sections by an item.
type SightView struct {
	Item   string     `json:"item" maxLength:"105" doc:"kind/key"`
	Who    string     `json:"who" maxLength:"300"`
	People int        `json:"people" minimum:"0" maximum:"1000000" doc:"Who hold the role; 0 for a purpose of sharing"`
	Gained bool       `json:"gained"`
	Reads  []kit.Term `json:"reads" maxItems:"20"`
	Writes []kit.Term `json:"writes" maxItems:"20"`
	New    bool       `json:"new" doc:"The body has no such item: nothing that is seen today changes"`
}

func sightViews(sights []Sight) []SightView {
	views := []SightView{}
	for _, sight := range sights {
		for _, group := range modules.GroupSights(sight.Changes) {
			view := SightView{Item: sight.Place, Who: group.Who, Gained: group.Gained, Reads: kit.Terms(group.Reads), Writes: kit.Terms(group.Writes), New: sight.New}
			if group.Bond != "" {
				view.People = group.Cases
			}
			views = append(views, view)
		}
	}
	return views
}
