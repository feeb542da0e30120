package release

import (
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

// Pages is that of the version.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET /piattaforma/versioni", Permission: Read, Site: modules.OnPlatform, Nav: &modules.Nav{Label: "steward.release.nav", Order: 60, About: "steward.release.about"}, Handle: p.show},
	}
}

// releasePage is which program serves.
type releasePage struct {
	Program     component.Summary
	Uses, Lines component.Table
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.Get(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := releasePage{
		Program: component.Summary{Rows: []component.SummaryRow{
			{Label: modules.Say(r, "steward.release.version"), Values: []string{found.Version}},
			{Label: modules.Say(r, "steward.release.bodies"), Values: []string{strconv.Itoa(found.Bodies)}},
		}},
		Uses:  table(r, "moduli", "steward.release.modules", "module", "on"),
		Lines: table(r, "migrazioni", "steward.release.lines", "line", "number", "at"),
	}
	for _, use := range found.Uses {
		on := component.Cell{Text: strconv.Itoa(use.Bodies), Numeric: true}
		if use.Essential {
			on.Note = modules.Say(r, "steward.release.always")
		}
		page.Uses.Rows = append(page.Uses.Rows, component.Row{Cells: []component.Cell{{Text: language.SayText(r.Context(), use.Title)}, on}})
	}
	for _, line := range found.Lines {
		page.Lines.Rows = append(page.Lines.Rows, component.Row{Cells: []component.Cell{
			{Text: line.ID}, {Text: strconv.FormatInt(line.Version, 10), Numeric: true}, {Instant: line.At.In(language.Rome)},
		}})
	}
	return modules.Render("steward/release", language.M("steward.release.title"), page), nil
}

func table(r *http.Request, id, caption string, columns ...string) component.Table {
	t := component.Table{ID: id, Caption: modules.Say(r, caption), Cards: true}
	for _, key := range columns {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "steward.release."+key), Numeric: key == "on" || key == "number"})
	}
	return t
}
