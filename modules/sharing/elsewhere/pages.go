package elsewhere

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

// Pages are the pages about questions: who asks too much.
func Pages(s *Service) []modules.Page {
	p := &pages{service: s}
	return []modules.Page{{Pattern: "GET /rete/gia-noto", Permission: share.MayOversee, Handle: p.excesses}}
}

// excessPage lists who asked more than people do.
type excessPage struct {
	Table component.Table
	Back  component.Link
}

func (p *pages) excesses(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.FindExcesses(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := excessPage{
		Back: component.Link{Label: modules.Say(r, "sharing.known.back"), URL: "/rete"},
		Table: component.Table{
			Caption: modules.Say(r, "sharing.known.title"), Hidden: true,
			Columns: []component.Column{
				{Label: modules.Say(r, "sharing.share.body")},
				{Label: modules.Say(r, "sharing.known.who")},
				{Label: modules.Say(r, "sharing.known.hour")},
				{Label: modules.Say(r, "sharing.known.asked")},
			},
			Empty: component.Empty{Title: modules.Say(r, "sharing.known.none")},
		},
	}
	for _, x := range found {
		who := x.Name
		if who == "" {
			who = modules.Say(r, "sharing.known.colleague")
		}
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: p.service.deps.Bodies.Name(x.Body), URL: "/rete/accordi/" + x.Agreement.String()},
			{Text: who},
			{Instant: x.Hour.In(language.Rome)},
			{Text: modules.Say(r, "sharing.known.questions", "n", x.Asked)},
		}})
	}
	return modules.Render("sharing/excesses", language.M("sharing.known.title"), page), nil
}
