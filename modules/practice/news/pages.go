package news

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct{ service *Service }

// Pages are those of change lists.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET /buone-pratiche/{id}/modifiche/{release}", Permission: policies.Public, Site: modules.OnPlatform, Handle: p.showPublic},
		{Pattern: "GET /adozioni/{id}/novita", Permission: "adoption:read", Handle: p.showNews},
		{Pattern: "POST /adozioni/{id}/novita", Permission: "adoption:write", Handle: p.read},
	}
}

// ChangesPage is what changed from one kit to another, item by item.
type ChangesPage struct {
	Breadcrumb component.Breadcrumb
	Title      string
	Lang       string
	Text       string
	Items      []form.ChangeView
	Buttons    component.ButtonRow
	Action     string // marks the news as read; "" where there is nothing to mark
	Read       component.Button
}

func (p pages) showPublic(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	list, err := p.service.GetChanges(r.Context(), s, id, "", r.PathValue("release"))
	if err != nil {
		return modules.View{}, err
	}
	title, lang := form.Said(r, kit.Text{IT: list.Offer.Title.It, EN: list.Offer.Title.En})
	page := ChangesPage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.catalogue.heading"), URL: "/buone-pratiche"},
			component.Crumb{Label: title, URL: "/buone-pratiche/" + id.String()}, component.Crumb{Label: modules.Say(r, "practice.changes.heading")}),
		Title: title, Lang: lang, Text: rangeText(r, list), Items: p.itemViews(r, list),
	}
	view := modules.Render("practice/changes", language.M("practice.changes.title", "title", title, "release", list.Offer.Release), page)
	view.Public = true
	return view, nil
}

func rangeText(r *http.Request, list ChangeList) string {
	if list.From == "" {
		return modules.Say(r, "practice.changes.first", "release", list.Offer.Release)
	}
	return modules.Say(r, "practice.changes.range", "from", list.From, "to", list.Offer.Release, "n", len(list.Items))
}

func (p pages) itemViews(r *http.Request, list ChangeList) []form.ChangeView {
	tones := map[string]component.Tone{Added: component.Success, Changed: component.Info, Removed: component.Warning}
	var views []form.ChangeView
	for _, one := range list.Items {
		title, lang := form.Said(r, one.Title)
		view := form.ChangeView{
			Heading: one.Key + " " + title, Lang: lang, Kind: form.Kind(r, p.service.deps.Platform.Kinds, one.Kind),
			Tag: component.Tag{Label: modules.Say(r, "practice.changes.what."+one.What), Tone: tones[one.What]},
		}
		for _, c := range one.Credits {
			reason, _ := form.Said(r, c.Reason)
			view.Credits = append(view.Credits, modules.Say(r, "practice.changes.owed", "body", c.Body, "reason", reason))
		}
		if len(one.Places) > 0 {
			view.Places = p.placesTable(r, one, list.Titles)
		}
		views = append(views, view)
	}
	return views
}

func (p pages) placesTable(r *http.Request, one ItemChange, titles kit.Titles) *component.Table {
	table := form.ChangesTable(r, kit.NewTeller(r.Context(), p.service.deps.Platform.Kinds, one.Kind, one.Was, one.Is).Naming(titles), one.Places, component.Table{
		ID: "modifiche-" + one.Kind + "-" + one.Key, Caption: modules.Say(r, "practice.changes.of", "key", titles.Call(r.Context(), kit.Place(one.Kind, one.Key))),
		Columns: form.Columns(r, "practice.proposal.where", "practice.column.base", "practice.column.now"),
	})
	return &table
}

func (p pages) showNews(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	n, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	at, title := "/adozioni/"+id.String(), language.SayText(r.Context(), n.Adoption.Title)
	page := ChangesPage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
			component.Crumb{Label: title, URL: at}, component.Crumb{Label: modules.Say(r, "practice.changes.news")}),
		Title: title, Text: modules.Say(r, "practice.changes.newest", "release", n.Adoption.Release),
	}
	if n.Newer {
		page.Text, page.Items = rangeText(r, n.Changes), p.itemViews(r, n.Changes)
		if p.service.deps.Permits(s, "adoption:write") {
			page.Buttons.Buttons = []component.Button{{Label: modules.Say(r, "practice.adoption.try"), URL: at + "/prova", Emphasis: component.Primary}}
			if n.Unread {
				page.Action, page.Read = at+"/novita", component.Button{Label: modules.Say(r, "practice.changes.read")}
			}
		}
	}
	return modules.Render("practice/changes", language.M("practice.changes.news"), page), nil
}

func (p pages) read(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if err := p.service.Read(r.Context(), s, id); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+id.String(), language.M("practice.changes.read_flash")), nil
}
