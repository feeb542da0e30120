package description

import (
	"net/http"
	"net/url"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/leaflet"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

// ListPage is a list with an empty state.
type ListPage struct {
	New   *component.Button
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
	page := ListPage{}
	if p.deps.Permits(s, "practice:write") {
		page.New = &component.Button{Label: modules.Say(r, "practice.write.new"), URL: "/pratiche/nuova", Emphasis: component.Primary}
	}
	if next != "" {
		table.Pager = &component.Pager{Next: "/pratiche?" + url.Values{"dopo": {next}}.Encode()}
	}
	for _, practice := range practices {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: language.SayText(r.Context(), practice.Title), URL: "/pratiche/" + practice.ID.String(), Note: practice.Key},
			{Tags: []component.Tag{release.StateTag(r, practice.State)}},
			{Instant: practice.UpdatedAt},
		}})
	}
	page.Table = table
	return modules.Render("practice/list", language.M("practice.list.heading"), page), nil
}

// PracticePage is a practice of the body: its sheet and its kits.
type PracticePage struct {
	Breadcrumb component.Breadcrumb
	Title      string
	State      component.Tag
	Parts      []component.Summary
	Kits       component.Table
	Lacks      *component.Alert // what is to be written before a kit can go out
	Buttons    component.ButtonRow
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
	titles, err := p.items.Titles(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	title := language.SayText(r.Context(), practice.Title)
	page := PracticePage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.list.heading"), URL: "/pratiche"}, component.Crumb{Label: title}),
		Title:      title, State: release.StateTag(r, practice.State),
		Parts: leaflet.Parts(r, leaflet.Shown{Sheet: practice.Sheet, Owner: practice.Owner, Licence: practice.Licence, Titles: titles}),
		Kits: component.Table{
			ID: "kit", Caption: modules.Say(r, "practice.kits.heading"), Hidden: true,
			Columns: form.Columns(r, "practice.kits.release", "practice.list.state", "practice.kits.completeness", "practice.kits.published"),
			Empty:   component.Empty{Title: modules.Say(r, "practice.kits.empty")},
		},
	}
	page.Lacks, page.Buttons = release.LacksAlert(r, practice), p.practiceButtons(r, s, practice)
	if practice.State == release.Published {
		page.Links = []component.Link{{Label: modules.Say(r, "practice.uptake.heading"), URL: "/pratiche/" + id.String() + "/riuso"}, {Label: modules.Say(r, "practice.proposals.heading"), URL: "/proposte"}}
	}
	for _, k := range kits {
		row := []component.Cell{
			{Text: k.Release, URL: "/pratiche/" + id.String() + "/pubblica/" + k.ID.String()},
			{Tags: []component.Tag{release.StateTag(r, k.State)}},
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

// practiceButtons offer what comes next: to write what is missing, or to prepare a kit.
func (p pages) practiceButtons(r *http.Request, s tenants.Scope, practice release.Practice) (row component.ButtonRow) {
	at := "/pratiche/" + practice.ID.String()
	whole := len(practice.Sheet.Lacks()) == 0
	if p.deps.Permits(s, "practice:publish") && whole {
		row.Buttons = append(row.Buttons, component.Button{Label: modules.Say(r, "practice.kits.new"), URL: at + "/pubblica", Emphasis: component.Primary})
	}
	if p.deps.Permits(s, "practice:write") {
		edit := component.Button{Label: modules.Say(r, "practice.write.edit"), URL: at + "/modifica"}
		if !whole {
			edit.Emphasis = component.Primary
		}
		row.Buttons = append(row.Buttons, edit)
	}
	return row
}
