package format

import (
	"cmp"
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/carry"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
)

// Table lists the gaps of a kit, each with what would close it. Words say a place of an item, and the item itself.
func Table(r *http.Request, gaps []Gap, within func(kind, key, path string) string, item func(kind, key string) string) component.Table {
	table := component.Table{
		ID: "formati", Caption: modules.Say(r, "practice.format"), Hidden: true,
		Columns: form.Columns(r, "practice.publish.place", "practice.format.found", "practice.format.what_to_do"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.format.none")},
	}
	for _, gap := range gaps {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: item(gap.ItemKind, gap.ItemKey), URL: "/kit/" + gap.ItemKind + "/" + gap.ItemKey, Note: within(gap.ItemKind, gap.ItemKey, gap.Path)}, {Text: gap.text(r)}, {Text: gap.advice(r)},
		}})
	}
	return table
}

func (g Gap) text(r *http.Request) string {
	key := "practice.format." + string(g.Kind)
	if g.Kind == Lost && len(g.Values) > 0 {
		key += "_values"
	}
	return modules.Say(r, key, "name", cmp.Or(g.Asked.Label.In(language.Of(r.Context())), g.Name), "release", g.Release, "values", strings.Join(answers(r, g.Asked, g.Values...), ", "))
}

func (g Gap) advice(r *http.Request) string {
	if g.Proposal == nil {
		return modules.Say(r, "practice.format.advice."+string(g.Kind))
	}
	c := *g.Proposal
	if c.Way == carry.Rename {
		return modules.Say(r, "practice.format.advice.rename", "from", named(r, g.Asked, c.From), "to", named(r, g.Next, c.To))
	}
	pairs := make([]string, 0, len(c.Values))
	for _, value := range c.Values {
		pair := answers(r, g.Asked, value.Value)[0]
		if value.To != "" {
			pair += " → " + answers(r, g.Next, value.To)[0]
		}
		pairs = append(pairs, pair)
	}
	return modules.Say(r, "practice.format.advice.map", "from", named(r, g.Asked, c.From), "values", strings.Join(pairs, ", "))
}

// named is a question as people know it, with the name by which a change of format calls it.
func named(r *http.Request, question kit.FormItem, key string) string {
	if label := question.Label.In(language.Of(r.Context())); label != "" {
		return modules.Say(r, "practice.format.named", "label", label, "key", key)
	}
	return key
}

// answers are values of a question as people know them.
func answers(r *http.Request, question kit.FormItem, values ...string) []string {
	labels := make([]string, len(values))
	for i, value := range values {
		labels[i] = value
		if option, offered := question.Option(value); offered {
			labels[i] = option.Label.In(language.Of(r.Context()))
		}
	}
	return labels
}
