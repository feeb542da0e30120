package practice

import (
	"fmt"
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// sheetParts shows the four parts of a sheet.
func sheetParts(r *http.Request, sheet Sheet, owner, licence string) []component.Summary {
	return []component.Summary{
		{Title: modules.Say(r, "practice.sheet.registry"), Rows: registryRows(r, sheet.Registry, owner, licence)},
		{Title: modules.Say(r, "practice.sheet.characteristics"), Rows: characteristicRows(r, sheet.Characteristics)},
		{Title: modules.Say(r, "practice.sheet.results"), Rows: resultRows(r, sheet.Results)},
		{Title: modules.Say(r, "practice.sheet.transfer"), Rows: transferRows(r, sheet.Transfer)},
	}
}

func registryRows(r *http.Request, s Registry, owner, licence string) []component.SummaryRow {
	rows := []component.SummaryRow{
		plain(r, "practice.sheet.body", s.CedingBody.Name),
		plain(r, "practice.sheet.owner", owner),
		plain(r, "practice.sheet.licence", licence),
	}
	if s.StartedYear > 0 {
		rows = append(rows, plain(r, "practice.sheet.started", strconv.Itoa(s.StartedYear)))
	}
	rows = append(rows,
		plain(r, "practice.sheet.partners", s.Partners...), plain(r, "practice.sheet.area", s.Area),
		texts(r, "practice.sheet.targets", s.Targets...), texts(r, "practice.sheet.territory", s.Territory))
	if s.Project.Name != "" {
		rows = append(rows, projectRow(r, s.Project))
	}
	for _, person := range s.Persons {
		role, _ := said(r, person.Role)
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "practice.sheet.contact"), Values: []string{person.Name, role}})
	}
	return rows
}

func projectRow(r *http.Request, p Project) component.SummaryRow {
	call, _ := said(r, p.Call)
	return plain(r, "practice.sheet.project", fmt.Sprintf("%s, %d-%d", p.Name, p.From, p.To),
		modules.Say(r, "practice.sheet.funding", "amount", p.Funding), modules.Say(r, "practice.sheet.lead", "body", p.Lead), call)
}

func characteristicRows(r *http.Request, c Characteristics) []component.SummaryRow {
	return []component.SummaryRow{
		texts(r, "practice.sheet.problem", c.Problem), texts(r, "practice.sheet.solution", c.Solution),
		texts(r, "practice.sheet.aims", c.Aims...), texts(r, "practice.sheet.activities", c.Activities...),
		texts(r, "practice.sheet.innovation", c.Innovation), texts(r, "practice.sheet.needs", c.Needs...),
	}
}

func resultRows(r *http.Request, res Results) []component.SummaryRow {
	evidence := make([]kit.Text, len(res.Evidence))
	for i, one := range res.Evidence {
		evidence[i] = one.Label
	}
	figures := component.SummaryRow{Label: modules.Say(r, "practice.sheet.figures")}
	for _, figure := range res.Figures {
		note, _ := said(r, figure.Note)
		line := figure.Indicator + ": " + figure.Value
		if note != "" {
			line += " (" + note + ")"
		}
		figures.Values = append(figures.Values, line)
	}
	return []component.SummaryRow{
		texts(r, "practice.sheet.evidence", evidence...), plain(r, "practice.sheet.indicators", res.Indicators...),
		figures, texts(r, "practice.sheet.limits", res.Limits...),
	}
}

func transferRows(r *http.Request, t Transfer) []component.SummaryRow {
	rows := []component.SummaryRow{texts(r, "practice.sheet.how", t.How...)}
	if t.Months > 0 {
		note, _ := said(r, t.MonthsNote)
		rows = append(rows, plain(r, "practice.sheet.months", modules.Say(r, "practice.sheet.months_value", "n", t.Months), note))
	}
	return append(rows,
		plain(r, "practice.sheet.support", t.Support...), plain(r, "practice.sheet.acts", t.Acts...),
		plain(r, "practice.sheet.checklist", t.Checklist), plain(r, "practice.sheet.costs", t.Costs),
		texts(r, "practice.sheet.lessons", t.Lessons...))
}

// plain is a row of values in no language; empty ones are left out.
func plain(r *http.Request, key string, values ...string) component.SummaryRow {
	row := component.SummaryRow{Label: modules.Say(r, key)}
	for _, value := range values {
		if value != "" {
			row.Values = append(row.Values, value)
		}
	}
	return row
}

func texts(r *http.Request, key string, values ...kit.Text) component.SummaryRow {
	row := component.SummaryRow{Label: modules.Say(r, key)}
	for _, value := range values {
		wording, lang := said(r, value)
		if wording != "" {
			row.Values, row.Lang = append(row.Values, wording), lang
		}
	}
	return row
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
		solution, _ := said(r, offer.Sheet.Characteristics.Solution)
		title, lang := said(r, kit.Text{IT: offer.Title.It, EN: offer.Title.En})
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
	id, err := idOf(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	published, err := p.service.GetPublished(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	newest := published.Newest
	title, lang := said(r, kit.Text{IT: newest.Title.It, EN: newest.Title.En})
	page := PublishedPage{
		Breadcrumb: crumbs(component.Crumb{Label: modules.Say(r, "practice.catalogue.heading"), URL: "/buone-pratiche"}, component.Crumb{Label: title}),
		Title:      title, Lang: lang, Address: "/adozioni/nuova?pratica=" + id.String(),
		Facts: component.Summary{Rows: []component.SummaryRow{
			plain(r, "practice.offer.ceding", newest.Body),
			plain(r, "practice.kits.release", newest.Release),
			plain(r, "practice.offer.adopters_label", modules.Say(r, "practice.offer.adopters", "n", newest.Adopters)),
			plain(r, "practice.kits.completeness", strconv.Itoa(newest.Completeness)+"%"),
			plain(r, "practice.offer.hash", newest.Hash),
		}},
		Parts:    sheetParts(r, newest.Sheet, newest.Owner, newest.Licence),
		Contents: contentsTable(r, published.Items),
		Kits: component.Table{
			ID: "kit", Caption: modules.Say(r, "practice.kits.heading"), Hidden: true, Cards: true,
			Columns: columns(r, "practice.kits.release", "practice.kits.published", "practice.sheet.licence"),
		},
	}
	for _, origin := range published.Lineage {
		page.Facts.Rows = append(page.Facts.Rows, plain(r, "practice.offer.lineage", origin.Release))
	}
	for _, k := range published.Kits {
		page.Kits.Rows = append(page.Kits.Rows, component.Row{Cells: []component.Cell{{Text: k.Release}, {Instant: k.PublishedAt}, {Text: k.Licence}}})
	}
	view := modules.Render("practice/published", language.M("practice.practice.heading", "title", title), page)
	view.Public = true
	return view, nil
}

// contentsTable lists what a kit holds.
func contentsTable(r *http.Request, items []kit.Source) component.Table {
	table := component.Table{
		ID: "componenti", Caption: modules.Say(r, "practice.offer.contents"), Hidden: true, Cards: true,
		Columns: columns(r, "practice.item.key", "practice.item.kind", "practice.item.title"),
	}
	for _, item := range items {
		title, lang := said(r, item.Title)
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{{Text: item.Key}, {Text: kindOf(r, item.Kind)}, {Text: title, Lang: lang}}})
	}
	return table
}
