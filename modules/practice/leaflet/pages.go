// Package leaflet shows the public sheet of a practice, on whichever page it stands. It must not read anything by itself.
package leaflet

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/sheet"
)

// Shown is a sheet with what it is shown with.
type Shown struct {
	Sheet          release.Sheet
	Owner, Licence string
	Titles         kit.Titles // of the items that it names
}

// Parts shows the four parts of a sheet.
func Parts(r *http.Request, s Shown) []component.Summary {
	call := func(keys ...string) []string {
		called := make([]string, 0, len(keys))
		for _, key := range modules.Given(keys...) {
			called = append(called, s.Titles.Call(r.Context(), "/"+key))
		}
		return called
	}
	return []component.Summary{
		{Title: modules.Say(r, "practice.sheet.registry"), Rows: registryRows(r, s.Sheet.Registry, s.Owner, s.Licence)},
		{Title: modules.Say(r, "practice.sheet.characteristics"), Rows: characteristicRows(r, s.Sheet.Characteristics)},
		{Title: modules.Say(r, "practice.sheet.results"), Rows: resultRows(r, s.Sheet.Results, call)},
		{Title: modules.Say(r, "practice.sheet.transfer"), Rows: transferRows(r, s.Sheet.Transfer, call)},
	}
}

// caller calls items by their codes and titles.
type caller func(keys ...string) []string

func registryRows(r *http.Request, s sheet.Registry, owner, licence string) []component.SummaryRow {
	rows := []component.SummaryRow{
		form.Plain(r, "practice.sheet.body", s.CedingBody.Name),
		form.Plain(r, "practice.sheet.owner", owner),
		form.Plain(r, "practice.sheet.licence", licence),
	}
	if s.StartedYear > 0 {
		rows = append(rows, form.Plain(r, "practice.sheet.started", strconv.Itoa(s.StartedYear)))
	}
	rows = append(rows,
		form.Plain(r, "practice.sheet.partners", s.Partners...), form.Plain(r, "practice.sheet.area", language.SayText(r.Context(), kit.AreaLabel(s.Area))),
		texts(r, "practice.sheet.targets", s.Targets...), texts(r, "practice.sheet.territory", s.Territory))
	if s.Project.Name != "" {
		rows = append(rows, projectRow(r, s.Project))
	}
	for _, person := range s.Persons {
		role, _ := form.Said(r, person.Role)
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "practice.sheet.contact"), Values: []string{person.Name, role}})
	}
	return rows
}

func projectRow(r *http.Request, p sheet.Project) component.SummaryRow {
	call, _ := form.Said(r, p.Call)
	return form.Plain(r, "practice.sheet.project", fmt.Sprintf("%s, %d-%d", p.Name, p.From, p.To),
		modules.Say(r, "practice.sheet.funding", "amount", language.Figure(r.Context(), p.Funding)), modules.Say(r, "practice.sheet.lead", "body", p.Lead), call)
}

func characteristicRows(r *http.Request, c sheet.Characteristics) []component.SummaryRow {
	return []component.SummaryRow{
		texts(r, "practice.sheet.problem", c.Problem), texts(r, "practice.sheet.solution", c.Solution),
		texts(r, "practice.sheet.aims", c.Aims...), texts(r, "practice.sheet.activities", c.Activities...),
		texts(r, "practice.sheet.innovation", c.Innovation), texts(r, "practice.sheet.needs", c.Needs...),
	}
}

func resultRows(r *http.Request, res sheet.Results, call caller) []component.SummaryRow {
	evidence := make([]kit.Text, len(res.Evidence))
	for i, one := range res.Evidence {
		evidence[i] = one.Label
	}
	figures := component.SummaryRow{Label: modules.Say(r, "practice.sheet.figures")}
	for _, figure := range res.Figures {
		note, _ := form.Said(r, figure.Note)
		line := strings.Join(call(figure.Indicator), "") + ": " + language.Figure(r.Context(), figure.Value)
		if note != "" {
			line += " (" + note + ")"
		}
		figures.Values = append(figures.Values, line)
	}
	return []component.SummaryRow{
		texts(r, "practice.sheet.evidence", evidence...), form.Plain(r, "practice.sheet.indicators", call(res.Indicators...)...),
		figures, texts(r, "practice.sheet.limits", res.Limits...),
	}
}

func transferRows(r *http.Request, t sheet.Transfer, call caller) []component.SummaryRow {
	rows := []component.SummaryRow{texts(r, "practice.sheet.how", t.How...)}
	if t.Months > 0 {
		note, _ := form.Said(r, t.MonthsNote)
		rows = append(rows, form.Plain(r, "practice.sheet.months", modules.Say(r, "practice.sheet.months_value", "n", t.Months), note))
	}
	return append(rows,
		form.Plain(r, "practice.sheet.support", call(t.Support...)...), form.Plain(r, "practice.sheet.acts", call(t.Acts...)...),
		form.Plain(r, "practice.sheet.checklist", call(t.Checklist)...), form.Plain(r, "practice.sheet.costs", call(t.Costs)...),
		texts(r, "practice.sheet.lessons", t.Lessons...))
}

func texts(r *http.Request, key string, values ...kit.Text) component.SummaryRow {
	row := component.SummaryRow{Label: modules.Say(r, key)}
	for _, value := range values {
		wording, lang := form.Said(r, value)
		if wording != "" {
			row.Values, row.Lang = append(row.Values, wording), lang
		}
	}
	return row
}
