package guide

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// ListingsPage shows which services that came with a kit citizens see, with the buttons that change it.
type ListingsPage struct {
	Counts string
	Table  component.Table
	All    *component.Button // where some wait
}

func (p pages) showListings(r *http.Request, s tenants.Scope) (modules.View, error) {
	listings, err := p.service.FindListings(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := ListingsPage{Table: component.Table{
		Caption: modules.Say(r, "guide.listing.heading"), Hidden: true, Cards: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "guide.listing.service")}, {Label: modules.Say(r, "guide.listing.state")}, {Label: modules.Say(r, "guide.listing.act"), Hidden: true},
		},
		Empty: component.Empty{Title: modules.Say(r, "guide.listing.empty"), Text: modules.Say(r, "guide.listing.empty_text")},
	}}
	waiting := 0
	for _, l := range listings {
		if !l.Shown {
			waiting++
		}
		page.Table.Rows = append(page.Table.Rows, listingRow(r, l))
	}
	if len(listings) > 0 {
		page.Counts = modules.Say(r, "guide.listing.counts", "shown", len(listings)-waiting, "n", waiting)
	}
	if waiting > 0 {
		page.All = &component.Button{Label: modules.Say(r, "guide.listing.show_all", "n", waiting), Name: "tutti", Value: "mostra", Emphasis: component.Primary}
	}
	return modules.Render("guide/listings", language.M("guide.listing.heading"), page), nil
}

func listingRow(r *http.Request, l Listing) component.Row {
	title, lang := said(r, kit.Text{IT: l.Title.It, EN: l.Title.En})
	state := component.Tag{Label: modules.Say(r, "guide.listing.waits"), Tone: component.Warning}
	button := component.Button{Label: modules.Say(r, "guide.listing.show"), Hidden: title, Name: "mostra", Value: l.Key, Emphasis: component.Plain}
	if l.Shown {
		state = component.Tag{Label: modules.Say(r, "guide.listing.shown"), Tone: component.Success}
		button = component.Button{Label: modules.Say(r, "guide.listing.hide"), Hidden: title, Name: "togli", Value: l.Key, Emphasis: component.Plain}
	}
	return component.Row{Cells: []component.Cell{
		{Text: title, URL: "/kit/service/" + l.Key, Lang: lang}, {Tags: []component.Tag{state}}, {Button: &button},
	}}
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	if modules.Value(r, "tutti") != "" {
		return modules.Redirect(listingsPath, language.M("guide.listing.all_shown")), p.service.ShowAll(r.Context(), s)
	}
	key, done := modules.Value(r, "mostra"), "guide.listing.now_shown"
	shown := key != ""
	if !shown {
		key, done = modules.Value(r, "togli"), "guide.listing.now_hidden"
	}
	if err := p.service.Show(r.Context(), s, []string{key}, shown); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(listingsPath, language.M(done)), nil
}
