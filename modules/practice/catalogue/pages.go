package catalogue

import (
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/release"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct{ service *Service }

// Pages are those of the public catalogue.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET /buone-pratiche", Permission: policies.Public, Site: modules.OnPlatform, Handle: p.showCatalogue},
		{Pattern: "GET /buone-pratiche/{id}", Permission: policies.Public, Site: modules.OnPlatform, Handle: p.showPublished},
	}
}

// CataloguePage is the public list of published practices.
type CataloguePage struct {
	Search component.Field
	Button component.Button
	Cards  component.Cards
	Empty  component.Empty
}

func (p pages) showCatalogue(r *http.Request, s tenants.Scope) (modules.View, error) {
	search := r.URL.Query().Get("q")
	offers, err := p.service.FindOffers(r.Context(), s, search)
	if err != nil {
		return modules.View{}, err
	}
	page := CataloguePage{
		Search: component.Field{ID: "q", Label: modules.Say(r, "practice.catalogue.search"), Value: search, MaxLength: 100, Width: component.Medium},
		Button: component.Button{Label: modules.Say(r, "practice.catalogue.find"), Emphasis: component.Primary},
		Cards:  component.Cards{Level: 2},
		Empty:  component.Empty{Title: modules.Say(r, "practice.catalogue.empty"), Text: modules.Say(r, "practice.catalogue.empty_text")},
	}
	if search != "" {
		page.Empty = component.Empty{
			Title:  modules.Say(r, "practice.catalogue.none"),
			Action: &component.Link{Label: modules.Say(r, "practice.catalogue.all"), URL: "/buone-pratiche"},
		}
	}
	for _, offer := range offers {
		solution, _ := form.Said(r, offer.Sheet.Characteristics.Solution)
		title, lang := form.Said(r, kit.Text{IT: offer.Title.It, EN: offer.Title.En})
		page.Cards.Items = append(page.Cards.Items, component.Card{
			Title: title, Lang: lang, URL: "/buone-pratiche/" + offer.Practice.String(), Category: offer.Body, Text: solution,
			Tags: []component.Tag{
				{Label: modules.Say(r, "practice.offer.release", "release", offer.Release), Tone: component.Info},
				{Label: modules.Say(r, "practice.offer.adopters", "n", offer.Adopters)},
			},
		})
	}
	view := modules.Render("practice/catalogue", language.M("practice.catalogue.heading"), page)
	view.Public = true
	return view, nil
}

// PublishedPage is a published practice with its kits.
type PublishedPage struct {
	Breadcrumb component.Breadcrumb
	Title      string
	Lang       string
	Facts      component.Summary
	Parts      []component.Summary
	Contents   component.Table
	Kits       component.Table
	Address    string // of the page that begins an adoption, on the body's own site
}

func (p pages) showPublished(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := form.ID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	published, err := p.service.GetPublished(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	newest := published.Newest
	title, lang := form.Said(r, kit.Text{IT: newest.Title.It, EN: newest.Title.En})
	page := PublishedPage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.catalogue.heading"), URL: "/buone-pratiche"}, component.Crumb{Label: title}),
		Title:      title, Lang: lang, Address: "/adozioni/nuova?pratica=" + id.String(),
		Facts: component.Summary{Rows: []component.SummaryRow{
			form.Plain(r, "practice.offer.ceding", newest.Body),
			form.Plain(r, "practice.kits.release", newest.Release),
			form.Plain(r, "practice.offer.adopters_label", modules.Say(r, "practice.offer.adopters", "n", newest.Adopters)),
			form.Plain(r, "practice.kits.completeness", strconv.Itoa(newest.Completeness)+"%"),
			form.Plain(r, "practice.offer.hash", newest.Hash),
		}},
		Parts:    release.SheetParts(r, newest.Sheet, newest.Owner, newest.Licence),
		Contents: release.ContentsTable(r, published.Items),
		Kits: component.Table{
			ID: "kit", Caption: modules.Say(r, "practice.kits.heading"), Hidden: true, Cards: true,
			Columns: form.Columns(r, "practice.kits.release", "practice.kits.published", "practice.sheet.licence"),
		},
	}
	for _, origin := range published.Lineage {
		page.Facts.Rows = append(page.Facts.Rows, form.Plain(r, "practice.offer.lineage", origin.Release))
	}
	for _, k := range published.Kits {
		page.Kits.Rows = append(page.Kits.Rows, component.Row{Cells: []component.Cell{{Text: k.Release}, {Instant: k.PublishedAt}, {Text: k.Licence}}})
	}
	view := modules.Render("practice/published", language.M("practice.practice.heading", "title", title), page)
	view.Public = true
	return view, nil
}
