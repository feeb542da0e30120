package format

import (
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/carry"
	"staffetta/modules"
	"staffetta/modules/practice/form"
)

// Table lists the gaps of a kit, each with what would close it.
func Table(r *http.Request, gaps []Gap) component.Table {
	table := component.Table{
		ID: "formati", Caption: modules.Say(r, "practice.format"), Hidden: true,
		Columns: form.Columns(r, "practice.publish.place", "practice.format.found", "practice.format.what_to_do"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.format.none")},
	}
	for _, gap := range gaps {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: gap.ItemKey, URL: "/kit/" + gap.ItemKind + "/" + gap.ItemKey, Note: gap.Path}, {Text: gap.text(r)}, {Text: gap.advice(r)},
		}})
	}
	return table
}

func (g Gap) text(r *http.Request) string {
	key := "practice.format." + string(g.Kind)
	if g.Kind == Lost && len(g.Values) > 0 {
		key += "_values"
	}
	return modules.Say(r, key, "name", g.Name, "release", g.Release, "values", strings.Join(g.Values, ", "))
}

func (g Gap) advice(r *http.Request) string {
	if g.Proposal == nil {
		return modules.Say(r, "practice.format.advice."+string(g.Kind))
	}
	c := *g.Proposal
	if c.Way == carry.Rename {
		return modules.Say(r, "practice.format.advice.rename", "from", c.From, "to", c.To)
	}
	pairs := make([]string, 0, len(c.Values))
	for _, value := range c.Values {
		if value.To == "" {
			pairs = append(pairs, value.Value)
			continue
		}
		pairs = append(pairs, value.Value+" → "+value.To)
	}
	return modules.Say(r, "practice.format.advice.map", "from", c.From, "values", strings.Join(pairs, ", "))
}
