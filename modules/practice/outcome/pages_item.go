package outcome

import (
	"net/http"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/use"
)

func itemRow(r *http.Request, kinds *modules.Kinds, line use.Line, asleep bool) component.Row {
	title, lang := form.Said(r, line.Title)
	name := component.Cell{Text: line.Key + " " + title, URL: "/kit/" + line.Kind + "/" + line.Key, Note: form.Kind(r, kinds, line.Kind), Lang: lang}
	if len(line.Through) > 0 {
		name.Note += " · " + modules.Say(r, "practice.outcome.through", "keys", strings.Join(line.Through, ", "))
	}
	last := component.Cell{Date: line.Use.Last}
	if line.Use.Last.IsZero() {
		last.Text = modules.Say(r, "practice.outcome.never")
	}
	if asleep {
		last.Tags = []component.Tag{{Label: modules.Say(r, "practice.outcome.asleep"), Tone: component.Warning}}
	}
	cells := []component.Cell{name}
	for _, n := range []int{line.Use.Days30, line.Use.Days90, line.Use.Days180, line.Use.People} {
		cells = append(cells, component.Cell{Text: strconv.Itoa(n), Numeric: true})
	}
	return component.Row{Cells: append(cells, last)}
}

// monthTable tells how it went from month to month; nil for the first one alone.
func monthTable(r *http.Request, o Outcome) *component.Table {
	if len(o.Months) < 2 {
		return nil
	}
	table := &component.Table{
		ID: "mesi", Caption: modules.Say(r, "practice.outcome.months"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.outcome.month", "practice.outcome.verdict", "practice.outcome.used"),
	}
	for _, m := range o.Months {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: m.First.Format("01/2006")},
			{Tags: []component.Tag{{Label: modules.Say(r, "practice.outcome.verdict."+string(m.Verdict)), Tone: tones[m.Verdict]}}},
			{Text: modules.Say(r, "practice.outcome.used_of", "n", m.Used90, "of", m.Of)},
		}})
	}
	return table
}
