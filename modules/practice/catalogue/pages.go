package catalogue

import (
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/leaflet"
	"staffetta/modules/practice/release"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct{ service *Service }

// Pages are those of the public catalogue.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET " + cataloguePath, Permission: policies.Public, Site: modules.OnPlatform, Handle: p.showCatalogue},
		{Pattern: "GET " + cataloguePath + "/{id}", Permission: policies.Public, Site: modules.OnPlatform, Handle: p.showPublished},
	}
}

// PublishedPage is a published practice with its kits.
type PublishedPage struct {
	Breadcrumb component.Breadcrumb
	Title      string
	Lang       string
	Facts      component.Summary
	Proof      component.Summary // fingerprints, for who verifies the file
	Parts      []component.Summary
	Lineage    LineageView
	Alone      bool // nobody took it over, and it came from nowhere
	Credits    component.Summary
	Drawings   []form.Drawing
	Contents   component.Table
	Kits       component.Table
	Download   *component.Link
	Address    string // of the page that begins an adoption, on the body's own site
}

func (p pages) showPublished(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	published, err := p.service.GetPublished(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	descent, err := p.service.GetDescent(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	newest := published.Newest
	title, lang := form.Said(r, kit.Text{IT: newest.Title.It, EN: newest.Title.En})
	page := PublishedPage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.catalogue.heading"), URL: cataloguePath}, component.Crumb{Label: title}),
		Title:      title, Lang: lang, Address: "/adozioni/nuova?pratica=" + id.String(),
		Facts: component.Summary{Rows: []component.SummaryRow{
			form.Plain(r, "practice.offer.ceding", newest.Body),
			form.Plain(r, "practice.kits.release", newest.Release),
			form.Plain(r, "practice.offer.adopters_label", modules.Say(r, "practice.offer.adopters", "n", newest.Adopters)),
			form.Plain(r, "practice.filter.maturita", modules.Say(r, "practice.maturity."+string(newest.Maturity()))),
			form.Plain(r, "practice.filter.viva", life(r, newest)),
			form.Plain(r, "practice.kits.completeness", strconv.Itoa(newest.Completeness)+"%"),
		}},
		Proof:   component.Summary{Rows: []component.SummaryRow{form.Plain(r, "practice.offer.hash", newest.Hash)}},
		Lineage: lineageView(r, newest, descent), Alone: descent.IsAlone(), Credits: credits(r, newest, descent),
		Parts:    leaflet.Parts(r, leaflet.Shown{Sheet: newest.Sheet, Owner: newest.Owner, Licence: newest.Licence, Titles: kit.TitlesOf(published.Items)}),
		Drawings: form.Drawings(r, p.service.deps.Platform.Kinds, published.Items),
		Contents: release.ContentsTable(r, p.service.deps.Platform.Kinds, published.Items),
		Kits: component.Table{
			ID: "kit", Caption: modules.Say(r, "practice.kits.heading"), Hidden: true, Cards: true,
			Columns: form.Columns(r, "practice.kits.release", "practice.kits.published", "practice.sheet.licence", "practice.file.file"),
		},
	}
	if newest.Signer != nil {
		page.Proof.Rows = append(page.Proof.Rows, form.Plain(r, "practice.file.key", archive.Fingerprint(newest.Signer)))
		page.Download = &component.Link{Label: modules.Say(r, "practice.file.download"), URL: fileOf(newest)}
	}
	for n, k := range published.Kits {
		file := component.Cell{}
		if k.Signer != nil {
			file.Actions = []component.Link{{Label: modules.Say(r, "practice.file.download"), Hidden: k.Release, URL: fileOf(k)}}
		}
		if n < len(published.Kits)-1 {
			file.Actions = append(file.Actions, component.Link{Label: modules.Say(r, "practice.changes.link"), Hidden: k.Release, URL: cataloguePath + "/" + id.String() + "/modifiche/" + k.Release})
		}
		page.Kits.Rows = append(page.Kits.Rows, component.Row{Cells: []component.Cell{{Text: k.Release}, {Date: k.PublishedAt.In(language.Rome)}, {Text: k.Licence}, file}})
	}
	view := modules.Render("practice/published", language.M("practice.practice.heading", "title", title), page)
	view.Public = true
	return view, nil
}

// life says whether the practice is known to be in use elsewhere, and since how long; what nobody has measured is said so.
func life(r *http.Request, offer Offer) string {
	switch {
	case offer.IsAlive(24):
		return modules.Say(r, "practice.alive.after", "n", 24)
	case offer.IsAlive(12):
		return modules.Say(r, "practice.alive.after", "n", 12)
	case offer.Measured:
		return modules.Say(r, "practice.alive.not_yet")
	}
	return modules.Say(r, "practice.alive.unmeasured")
}

// fileOf is where a kit can be taken away as a file.
func fileOf(o Offer) string { return "/buone-pratiche/" + o.Practice.String() + "/kit/" + o.Release }
