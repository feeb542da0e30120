package news

import (
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

// OutlookOf shows a publisher what a draft release changes and who is told.
func OutlookOf(service *Service) release.Outlook {
	p := pages{service}
	return func(r *http.Request, s tenants.Scope, report release.Report) (form.OutlookView, error) {
		o, err := service.GetOutlook(r.Context(), s, report)
		if err != nil {
			return form.OutlookView{}, err
		}
		return p.outlookView(r, o), nil
	}
}

func (p pages) outlookView(r *http.Request, o Outlook) form.OutlookView {
	view := form.OutlookView{Text: rangeText(r, o.Changes), Told: modules.Say(r, "practice.outlook.nobody")}
	if len(o.Told) > 0 {
		view.Told = modules.Say(r, "practice.outlook.told", "n", len(o.Told))
	}
	if o.Changes.From == "" {
		return view
	}
	if len(o.Changes.Items) == 0 {
		view.Text = modules.Say(r, "practice.outlook.same", "from", o.Changes.From)
	}
	counts := map[string]int{}
	for _, one := range o.Changes.Items {
		counts[one.What]++
	}
	for _, what := range []string{Added, Changed, Removed} {
		view.Counts = append(view.Counts, form.Plain(r, "practice.changes.what."+what, strconv.Itoa(counts[what])))
	}
	view.Changes = p.itemViews(r, o.Changes)
	view.Sights = component.Table{
		ID: "viste", Caption: modules.Say(r, "practice.plan.sights"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.plan.who", "practice.item.title", "practice.outlook.effect"),
	}
	platform := p.service.deps.Platform
	for _, one := range o.Sights {
		for _, row := range one.Rows(r, platform) {
			view.Sights.Rows = append(view.Sights.Rows, component.Row{Cells: []component.Cell{
				{Text: row[2]}, {Text: o.Changes.Titles.Call(r.Context(), one.Place)}, {Text: row[3], Note: row[4]},
			}})
		}
	}
	for _, told := range o.Told {
		view.Bodies = append(view.Bodies, modules.Say(r, "practice.outlook.body", "body", p.service.deps.Bodies.Name(told.Tenant), "release", told.Release))
	}
	return view
}
