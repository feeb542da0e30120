package dryrun

import (
	"net/http"
	"strings"
	"time"

	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// impactText says in one line what applying would touch of an item.
func impactText(r *http.Request, plan upgrade.Plan, line upgrade.Line) string {
	var parts []string
	if line.Counted {
		used := modules.Say(r, "practice.plan.uses", "n", line.Uses)
		if line.Uses == 0 {
			used = modules.Say(r, "practice.outcome.never")
		}
		parts = append(parts, used)
	}
	if len(line.Naming) > 0 {
		parts = append(parts, modules.Say(r, "practice.plan.naming", "names", called(r, plan, line.Naming...)))
	}
	if line.People > 0 {
		parts = append(parts, modules.Say(r, "practice.plan.workers", "n", line.People))
	}
	if text := carryingText(r, line.Carried); text != "" {
		parts = append(parts, text)
	}
	if len(parts) == 0 && line.Adapted {
		return modules.Say(r, "practice.plan.adapted")
	}
	return strings.Join(parts, ". ")
}

// planFile is the dry run as a table of comma separated values: the lines of the page.
func (p pages) planFile(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
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
	return modules.View{File: &modules.File{Name: name, MediaType: "text/csv; charset=utf-8", Content: p.table(r, plan), Modified: time.Now()}}, nil
}

func (p pages) table(r *http.Request, plan upgrade.Plan) []byte {
	var rows [][]string
	write := func(cells ...string) { rows = append(rows, cells) }
	say := func(key string) string { return modules.Say(r, key) }
	write(say("practice.item.key"), say("practice.item.kind"), say("practice.item.title"), say("practice.plan.outcome"), say("practice.plan.touched"))
	for _, line := range plan.Lines {
		title, _ := form.Said(r, line.Source().Title)
		write(line.Key, form.Kind(r, p.kinds, line.Kind), title, say("practice.outcome."+string(line.Outcome)), impactText(r, plan, line))
	}
	for _, line := range plan.Lines {
		for _, cells := range lostRows(r, line) {
			write(line.Key, say("practice.plan.lost"), cells[1], cells[2], cells[3])
		}
	}
	for _, one := range plan.Sights {
		rows = append(rows, one.Rows(r, p.platform)...)
	}
	for _, alert := range p.missingAlerts(r, plan) {
		write("", "", "", say("practice.plan.missing"), alert.Text)
	}
	if text := waitingText(r, plan); text != "" {
		write("", "", "", say("practice.plan.guide"), text)
	}
	return form.CSV(rows)
}
