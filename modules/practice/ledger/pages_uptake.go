package ledger

import (
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// UptakePage is what the adopters of a practice made of its items.
type UptakePage struct {
	Breadcrumb component.Breadcrumb
	Adopters   string
	Table      component.Table
	Folded     string   // how many items have too few of everything
	Few        []FewRow // those items
}

// FewRow names an item of which nothing can be told.
type FewRow struct {
	Title string
	Lang  string
}

func (p pages) showUptake(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	published, found, err := p.service.FindUptake(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	titles := map[string]kit.Text{}
	for _, item := range published.Items {
		titles[kit.Place(item.Kind, item.Key)] = item.Title
	}
	page := UptakePage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.list.heading"), URL: "/pratiche"},
			component.Crumb{Label: language.SayText(r.Context(), published.Newest.Title), URL: "/pratiche/" + id.String()},
			component.Crumb{Label: modules.Say(r, "practice.uptake.heading")}),
		Adopters: modules.Say(r, "practice.offer.adopters", "n", published.Newest.Adopters),
		Table: component.Table{
			Caption: modules.Say(r, "practice.uptake.heading"), Hidden: true, Cards: true,
			Columns: form.Columns(r, "practice.item.title", "practice.uptake.adopted", "practice.uptake.adapted", "practice.uptake.dropped"),
			Empty:   component.Empty{Title: modules.Say(r, "practice.uptake.empty"), Text: modules.Say(r, "practice.uptake.empty_text")},
		},
	}
	for _, u := range found {
		title, lang := form.Said(r, titles[kit.Place(u.Kind, u.Key)])
		if u.Adopted == nil && u.Adapted == nil && u.Dropped == nil {
			page.Few = append(page.Few, FewRow{u.Key + " " + title, lang})
			continue
		}
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: u.Key + " " + title, Lang: lang, Note: form.Kind(r, p.service.deps.Platform.Kinds, u.Kind)}, {Text: countText(r, u.Adopted)}, {Text: countText(r, u.Adapted)}, {Text: countText(r, u.Dropped)},
		}})
	}
	if n := len(page.Few); n > 0 {
		page.Folded = modules.Say(r, "practice.uptake.folded", "n", n, "few", Few)
	}
	return modules.Render("practice/uptake", language.M("practice.uptake.heading"), page), nil
}

func countText(r *http.Request, n *int) string {
	if n == nil {
		return modules.Say(r, "practice.uptake.few", "n", Few)
	}
	return strconv.Itoa(*n)
}
