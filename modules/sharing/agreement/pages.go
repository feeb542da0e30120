package agreement

import (
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

// Pages are the pages of agreements.
func Pages(s *Service) []modules.Page {
	p := &pages{service: s}
	return []modules.Page{
		{Pattern: "GET /rete/accordi/nuovo", Permission: Write, Handle: p.newAgreement},
		{Pattern: "POST /rete/accordi", Permission: Write, Handle: p.propose},
		{Pattern: "GET /rete/accordi/{id}", Permission: Read, Handle: p.showAgreement},
		{Pattern: "POST /rete/accordi/{id}/firma", Permission: Write, Handle: p.sign},
		{Pattern: "GET /rete/accordi/{id}/stato/{step}", Permission: Write, Handle: p.confirmMove},
		{Pattern: "POST /rete/accordi/{id}/stato/{step}", Permission: Write, Handle: p.moveAgreement},
	}
}

func (p *pages) permits(s tenants.Scope, name string) bool {
	allowed, _ := p.service.deps.Policies.Permits(s, name)
	return allowed
}

// Table lists agreements, with the parties other than the reader's body.
func Table(r *http.Request, s tenants.Scope, bodies *tenants.Directory, agreements []policies.Agreement) component.Table {
	t := component.Table{
		Caption: modules.Say(r, "sharing.agreement.list"),
		Columns: []component.Column{
			{Label: modules.Say(r, "sharing.agreement.title")},
			{Label: modules.Say(r, "sharing.agreement.parties")},
			{Label: modules.Say(r, "sharing.agreement.state")},
			{Label: modules.Say(r, "sharing.agreement.until")},
		},
		Empty: component.Empty{Title: modules.Say(r, "sharing.agreement.none"), Text: modules.Say(r, "sharing.agreement.none_text")},
	}
	for _, a := range agreements {
		var others []string
		for _, party := range a.Parties {
			if party.Tenant != s.Tenant {
				others = append(others, bodies.Name(party.Tenant))
			}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: a.Title, URL: "/rete/accordi/" + a.ID.String(), Lang: "it"},
			{Text: strings.Join(others, ", ")},
			{Tags: tags(r, s, a)},
			{Date: form.LastDay(a.To)},
		}})
	}
	return t
}

func tags(r *http.Request, s tenants.Scope, a policies.Agreement) []component.Tag {
	tone := map[string]component.Tone{policies.AgreementActive: component.Success, policies.AgreementSuspended: component.Warning, policies.AgreementProposed: component.Info}[a.State]
	tags := []component.Tag{{Label: modules.Say(r, "sharing.agreement.state."+a.State), Tone: tone}}
	if a.Awaits(s.Tenant) {
		tags = append(tags, component.Tag{Label: modules.Say(r, "sharing.agreement.to_sign"), Tone: component.Warning})
	}
	return tags
}

// detailPage shows an agreement with its parties.
type detailPage struct {
	Title   string
	Tags    []component.Tag
	Errors  component.ErrorSummary
	Summary component.Summary
	Parties component.Table
	Sign    *signForm
	Steps   component.ButtonRow
}

// signForm asks for the act by which the body signs.
type signForm struct {
	Action string
	Fields []component.Field
	Button component.Button
}

func (p *pages) showAgreement(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.detail(r, s, nil)
}

func (p *pages) detail(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.GetAgreement(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	purposes, err := p.service.purposes(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	within, err := p.service.NetworkOf(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	page := detailPage{Title: a.Title, Tags: tags(r, s, a), Summary: p.summary(r, a, purposes), Parties: p.partyTable(r, a)}
	if within.ID != uuid.Nil {
		link := component.Link{Label: modules.Say(r, "sharing.net.open"), URL: "/rete/reti/" + within.ID.String()}
		page.Summary.Rows = append(page.Summary.Rows, component.SummaryRow{Label: modules.Say(r, "sharing.net.one"), Values: []string{within.Title}, Lang: "it", Change: &link})
	}
	if p.permits(s, Write) {
		if a.Awaits(s.Tenant) {
			wrong := modules.FieldErrors(r.Context(), refused)
			page.Sign = &signForm{
				Action: "/rete/accordi/" + a.ID.String() + "/firma", Fields: []component.Field{textField(r, "atto_numero", 60, wrong), dayField(r, "atto_data", wrong)},
				Button: component.Button{Label: modules.Say(r, "sharing.agreement.sign"), Emphasis: component.Primary},
			}
			page.Errors = component.Summarize(page.Sign.Fields...)
		}
		for _, target := range a.Steps(s.Tenant) {
			page.Steps.Buttons = append(page.Steps.Buttons, component.Button{Label: modules.Say(r, "sharing.agreement.to."+target), URL: "/rete/accordi/" + a.ID.String() + "/stato/" + target})
		}
	}
	view := modules.Render("sharing/agreement", language.M("sharing.agreement.one"), page)
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

func (p *pages) summary(r *http.Request, a policies.Agreement, purposes []Purpose) component.Summary {
	var ways, labels []string
	for _, e := range a.Edges {
		ways = append(ways, p.service.deps.Bodies.Name(e.From)+" → "+p.service.deps.Bodies.Name(e.To))
	}
	for _, key := range a.Purposes {
		labels = append(labels, language.SayText(r.Context(), labelOf(purposes, key)))
	}
	return component.Summary{Rows: []component.SummaryRow{
		{Label: modules.Say(r, "sharing.field.verso"), Values: ways},
		{Label: modules.Say(r, "sharing.field.scopi"), Values: labels},
		{Label: modules.Say(r, "sharing.field.sezioni"), Values: []string{strings.Join(form.Sections(r, a.Sections), ", ")}},
		{Label: modules.Say(r, "sharing.field.dal"), Date: a.From.In(language.Rome)},
		{Label: modules.Say(r, "sharing.field.al"), Date: form.LastDay(a.To)},
	}}
}

func (p *pages) partyTable(r *http.Request, a policies.Agreement) component.Table {
	t := component.Table{Caption: modules.Say(r, "sharing.agreement.parties"), Columns: []component.Column{
		{Label: modules.Say(r, "sharing.agreement.body")},
		{Label: modules.Say(r, "sharing.field.atto_numero")},
		{Label: modules.Say(r, "sharing.field.atto_data")},
		{Label: modules.Say(r, "sharing.agreement.signature")},
	}}
	for _, party := range a.Parties {
		signed := component.Cell{Tags: []component.Tag{{Label: modules.Say(r, "sharing.agreement.unsigned"), Tone: component.Warning}}}
		if !party.AcceptedAt.IsZero() {
			signed = component.Cell{Instant: party.AcceptedAt.In(language.Rome)}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: p.service.deps.Bodies.Name(party.Tenant)}, {Text: party.Act.Number, Lang: "it"}, {Date: party.Act.Day}, signed,
		}})
	}
	return t
}

func (p *pages) sign(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.SignAgreement(r.Context(), s, id, policies.Act{Number: modules.Value(r, "atto_numero"), Day: form.Day(modules.Value(r, "atto_data"))})
	if problem.Is(err, problem.Invalid) {
		return p.detail(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/accordi/"+id.String(), language.M("sharing.agreement.signed")), nil
}

func (p *pages) confirmMove(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.GetAgreement(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	target := r.PathValue("step")
	if !slices.Contains(a.Steps(s.Tenant), target) {
		return modules.View{}, problem.Missing()
	}
	page := component.Confirm{
		Title: modules.Say(r, "sharing.agreement.to."+target), Text: []string{a.Title}, Consequences: []string{modules.Say(r, "sharing.agreement.effect."+target)},
		Action: "/rete/accordi/" + id.String() + "/stato/" + target, CancelURL: "/rete/accordi/" + id.String(),
		Button: component.Button{Label: modules.Say(r, "sharing.agreement.to."+target), Emphasis: component.Grave},
	}
	return modules.Render("sharing/confirm", language.M("sharing.agreement.to."+target), page), nil
}

func (p *pages) moveAgreement(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if _, err := p.service.MoveAgreement(r.Context(), s, id, r.PathValue("step")); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/accordi/"+id.String(), language.M("sharing.agreement.moved")), nil
}
