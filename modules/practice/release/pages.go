package release

import (
	"net/http"
	"net/url"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type pages struct{ service *Service }

// Pages are those of practices and their kits.
func Pages(service *Service) []modules.Page { return pages{service}.list() }

func (p pages) list() []modules.Page {
	return []modules.Page{
		{
			Pattern: "GET /pratiche", Permission: "practice:read", Handle: p.showPractices,
			Nav: &modules.Nav{Label: "practice.nav", Order: 70},
		},
		{Pattern: "GET /pratiche/{id}", Permission: "practice:read", Handle: p.showPractice},
		{Pattern: "GET /pratiche/{id}/pubblica", Permission: "practice:publish", Handle: p.showCompose},
		{Pattern: "POST /pratiche/{id}/pubblica", Permission: "practice:publish", Handle: p.compose},
		{Pattern: "GET /pratiche/{id}/pubblica/{kit}", Permission: "practice:publish", Handle: p.showCheck},
		{Pattern: "POST /pratiche/{id}/pubblica/{kit}/motiva", Permission: "practice:publish", Handle: p.justify},
		{Pattern: "POST /pratiche/{id}/pubblica/{kit}/motivazione", Permission: "practice:publish", Handle: p.confirm},
		{Pattern: "POST /pratiche/{id}/pubblica/{kit}/conferma", Permission: "practice:publish", Handle: p.publish},
	}
}

// ListPage is a list with an empty state.
type ListPage struct {
	Table component.Table
}

func (p pages) showPractices(r *http.Request, s tenants.Scope) (modules.View, error) {
	practices, next, err := p.service.Find(r.Context(), s, r.URL.Query().Get("dopo"))
	if err != nil {
		return modules.View{}, err
	}
	table := component.Table{
		Caption: modules.Say(r, "practice.list.heading"), Hidden: true,
		Columns: form.Columns(r, "practice.list.title", "practice.list.state", "practice.list.updated"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.list.empty"), Text: modules.Say(r, "practice.list.empty_text")},
	}
	if next != "" {
		table.Pager = &component.Pager{Next: "/pratiche?" + url.Values{"dopo": {next}}.Encode()}
	}
	for _, practice := range practices {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: language.SayText(r.Context(), practice.Title), URL: "/pratiche/" + practice.ID.String(), Note: practice.Key},
			{Tags: []component.Tag{stateTag(r, practice.State)}},
			{Instant: practice.UpdatedAt},
		}})
	}
	return modules.Render("practice/list", language.M("practice.list.heading"), ListPage{Table: table}), nil
}

// PracticePage is a practice of the body: its sheet and its kits.
type PracticePage struct {
	Breadcrumb component.Breadcrumb
	Title      string
	State      component.Tag
	Parts      []component.Summary
	Kits       component.Table
	Publish    *component.Button
	Links      []component.Link
}

func (p pages) showPractice(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	practice, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	kits, err := p.service.FindKits(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	title := language.SayText(r.Context(), practice.Title)
	page := PracticePage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.list.heading"), URL: "/pratiche"}, component.Crumb{Label: title}),
		Title:      title, State: stateTag(r, practice.State), Parts: SheetParts(r, practice.Sheet, practice.Owner, practice.Licence),
		Kits: component.Table{
			ID: "kit", Caption: modules.Say(r, "practice.kits.heading"), Hidden: true,
			Columns: form.Columns(r, "practice.kits.release", "practice.list.state", "practice.kits.completeness", "practice.kits.published"),
			Empty:   component.Empty{Title: modules.Say(r, "practice.kits.empty")},
		},
	}
	if p.service.deps.Permits(s, mayPublish) {
		page.Publish = &component.Button{Label: modules.Say(r, "practice.kits.new"), URL: "/pratiche/" + id.String() + "/pubblica", Emphasis: component.Primary}
	}
	if practice.State == Published {
		page.Links = []component.Link{{Label: modules.Say(r, "practice.uptake.heading"), URL: "/pratiche/" + id.String() + "/riuso"}, {Label: modules.Say(r, "practice.proposals.heading"), URL: "/proposte"}}
	}
	for _, k := range kits {
		row := []component.Cell{
			{Text: k.Release, URL: "/pratiche/" + id.String() + "/pubblica/" + k.ID.String()},
			{Tags: []component.Tag{stateTag(r, k.State)}},
			{Text: strconv.Itoa(k.Completeness) + "%", Numeric: true},
			{},
		}
		if k.PublishedAt != nil {
			row[3] = component.Cell{Instant: *k.PublishedAt, Note: k.Publisher}
		}
		page.Kits.Rows = append(page.Kits.Rows, component.Row{Cells: row})
	}
	return modules.Render("practice/practice", language.M("practice.practice.heading", "title", title), page), nil
}

// stateTag shows a state of a practice or of a kit.
func stateTag(r *http.Request, state State) component.Tag {
	tone := map[State]component.Tone{Draft: component.Warning, InReview: component.Info, Published: component.Success}[state]
	return component.Tag{Label: modules.Say(r, "practice.state."+string(state)), Tone: tone}
}
