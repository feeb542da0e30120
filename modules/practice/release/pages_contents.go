package release

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
)

// ContentsTable lists what a kit holds.
func ContentsTable(r *http.Request, kinds *modules.Kinds, items []kit.Source) component.Table {
	table := component.Table{
		ID: "componenti", Caption: modules.Say(r, "practice.offer.contents"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.item.title", "practice.item.kind"),
	}
	for _, item := range items {
		title, lang := form.Said(r, item.Title)
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{{Text: item.Key + " " + title, Lang: lang}, {Text: form.Kind(r, kinds, item.Kind)}}})
	}
	return table
}
