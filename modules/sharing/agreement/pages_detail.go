package agreement

import (
	"net/http"
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

// detailPage shows an agreement with its parties.
type detailPage struct {
	Title   string
	Tags    []component.Tag
	Errors  component.ErrorSummary
	Changed *component.Alert // who gains and who loses, since the page was read
	Summary component.Summary
	Parties component.Table
	Paper   component.Link
	Sign    *signForm
	Steps   component.ButtonRow
}

// signForm asks for the act by which the body signs.
type signForm struct {
	Action  string
	Effects []string // what the last signature would do
	Fields  []component.Field
	Hidden  []component.Hidden
	Button  component.Button
	Refuse  component.Link
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
	page := detailPage{Title: a.Title, Tags: tags(r, s, a), Parties: p.partyTable(r, a), Paper: component.Link{Label: modules.Say(r, "sharing.deed.open"), URL: at(a, "/documento")}}
	if page.Summary, err = p.summary(r, s, a); err != nil {
		return modules.View{}, err
	}
	if p.service.deps.Permits(s, Write) {
		page.Steps = steps(r, s, a)
	}
	if a.Awaits(s.Tenant) && p.service.deps.Permits(s, Write) {
		if page.Sign, err = p.signForm(r, s, a, modules.FieldErrors(r.Context(), refused)); err != nil {
			return modules.View{}, err
		}
	}
	if page.Sign != nil {
		page.Errors = component.Summarize(page.Sign.Fields...)
	}
	if modules.IsStale(refused) {
		page.Changed = &component.Alert{Tone: component.Warning, Text: language.Say(r.Context(), problem.Of(refused).Message)}
	}
	return answered(modules.Render("sharing/agreement", language.M("sharing.agreement.one"), page), refused), nil
}

func at(a policies.Agreement, rest string) string { return "/rete/accordi/" + a.ID.String() + rest }

// signForm is the form by which the body signs.
func (p *pages) signForm(r *http.Request, s tenants.Scope, a policies.Agreement, wrong map[string]string) (*signForm, error) {
	step, err := p.service.GetStep(r.Context(), s, a, policies.AgreementActive)
	if err != nil {
		return nil, err
	}
	form := &signForm{
		Action: at(a, "/firma"), Effects: append([]string{modules.Say(r, "sharing.agreement.effect.signed")}, p.effectTexts(r, step.Effects)...),
		Hidden: []component.Hidden{{Name: modules.MarkField, Value: step.Mark}},
		Fields: []component.Field{
			textField(r, "atto_numero", 60, wrong), dayField(r, "atto_data", wrong),
			component.Consent(r.Context(), modules.ReadConsent(r).Acknowledged, wrong[modules.ConsentField]),
		},
		Button: component.Button{Label: modules.Say(r, "sharing.agreement.sign"), Emphasis: component.Primary},
		Refuse: component.Link{Label: modules.Say(r, "sharing.agreement.refuse"), URL: at(a, "/rifiuto")},
	}
	if a.Only != uuid.Nil { // who does not want it refuses the handover
		form.Refuse = component.Link{Label: modules.Say(r, "sharing.agreement.only_open"), URL: "/passaggi/" + a.Only.String()}
	}
	return form, nil
}

// steps are what the body may do with what it has signed.
func steps(r *http.Request, s tenants.Scope, a policies.Agreement) (row component.ButtonRow) {
	for _, target := range a.Steps(s.Tenant) {
		row.Buttons = append(row.Buttons, component.Button{Label: modules.Say(r, moveKey(a, target)), URL: at(a, "/stato/"+target)})
	}
	if a.InForce() && a.Only == uuid.Nil {
		row.Buttons = append(row.Buttons, component.Button{Label: modules.Say(r, "sharing.draft.renew"), URL: at(a, "/rinnovo")})
	}
	return row
}

// moveKey names a step for people: ending a proposal is to take it back.
func moveKey(a policies.Agreement, target string) string {
	if a.State == policies.AgreementProposed {
		return "sharing.agreement.to.withdrawn"
	}
	return "sharing.agreement.to." + target
}

func (p *pages) summary(r *http.Request, s tenants.Scope, a policies.Agreement) (component.Summary, error) {
	purposes, err := p.service.Purposes(r.Context(), s)
	if err != nil {
		return component.Summary{}, err
	}
	var ways, labels []string
	for _, e := range a.Edges {
		ways = append(ways, p.service.deps.Bodies.Name(e.From)+" → "+p.service.deps.Bodies.Name(e.To))
	}
	for _, key := range a.Purposes {
		labels = append(labels, language.SayText(r.Context(), LabelOf(purposes, key)))
	}
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "sharing.field.verso"), Values: ways},
		{Label: modules.Say(r, "sharing.field.scopi"), Values: labels},
		{Label: modules.Say(r, "sharing.field.sezioni"), Values: []string{strings.Join(form.Sections(r, a.Sections), ", ")}},
		{Label: modules.Say(r, "sharing.field.scrittura"), Values: []string{modules.Say(r, "sharing.agreement.read_only")}},
		{Label: modules.Say(r, "sharing.field.gia_noto"), Values: []string{SayKnown(r, a.Asks)}},
		{Label: modules.Say(r, "sharing.field.dal"), Date: a.From.In(language.Rome)},
		{Label: modules.Say(r, "sharing.field.al"), Date: form.LastDay(a.To)},
	}
	if len(a.Writable) > 0 {
		rows[3].Values = []string{strings.Join(form.Sections(r, a.Writable), ", ")}
	}
	if a.Only != uuid.Nil {
		rows = append(rows, component.SummaryRow{
			Label: modules.Say(r, "sharing.agreement.only"), Values: []string{modules.Say(r, "sharing.agreement.only_text")},
			Change: &component.Link{Label: modules.Say(r, "sharing.agreement.only_open"), URL: "/passaggi/" + a.Only.String()},
		})
	}
	if a.EndedBy != 0 {
		rows = append(rows, p.endRow(r, a))
	}
	related, err := p.related(r, s, a)
	return component.Summary{Rows: append(rows, related...)}, err
}

// SayKnown says in words what the bodies of an agreement may ask each other, and open in an emergency.
func SayKnown(r *http.Request, asks policies.Asking) string {
	switch {
	case asks.BreakGlass:
		return modules.Say(r, "sharing.known.emergency")
	case asks.Known:
		return modules.Say(r, "sharing.known.yes")
	}
	return modules.Say(r, "sharing.known.no")
}

// endRow says who ended the agreement, and why.
func (p *pages) endRow(r *http.Request, a policies.Agreement) component.SummaryRow {
	key := "sharing.agreement.withdrawn_by"
	if a.Refused() {
		key = "sharing.agreement.refused_by"
	}
	row := component.SummaryRow{Label: modules.Say(r, key), Values: []string{p.service.deps.Bodies.Name(a.EndedBy)}, Lang: "it"}
	if a.EndReason != "" {
		row.Values = append(row.Values, a.EndReason)
	}
	return row
}

// related are the network that the agreement stands in, what it renews and what renews it.
func (p *pages) related(r *http.Request, s tenants.Scope, a policies.Agreement) (rows []component.SummaryRow, err error) {
	within, err := p.service.NetworkOf(r.Context(), s, a.ID)
	if err != nil {
		return nil, err
	}
	if within.ID != uuid.Nil {
		link := component.Link{Label: modules.Say(r, "sharing.net.open"), URL: "/rete/reti/" + within.ID.String()}
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.net.one"), Values: []string{within.Title}, Lang: "it", Change: &link})
	}
	open := modules.Say(r, "sharing.agreement.open")
	if a.Renews != uuid.Nil {
		before, err := p.service.GetAgreement(r.Context(), s, a.Renews)
		if err != nil && !problem.Is(err, problem.NotFound) {
			return nil, err
		}
		if err == nil { // the body may have joined with the renewal
			link := component.Link{Label: open, URL: at(before, "")}
			rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.agreement.renews"), Values: []string{before.Title}, Lang: "it", Change: &link})
		}
	}
	renewals, err := p.service.FindRenewals(r.Context(), s, a.ID)
	for _, one := range renewals {
		link := component.Link{Label: open, URL: "/rete/accordi/" + one.ID.String()}
		rows = append(rows, component.SummaryRow{
			Label: modules.Say(r, "sharing.agreement.renewed"), Values: []string{one.Title}, Lang: "it", Change: &link,
			Tag: &component.Tag{Label: modules.Say(r, "sharing.agreement.state."+one.State), Tone: tones[one.State]},
		})
	}
	return rows, err
}

func (p *pages) partyTable(r *http.Request, a policies.Agreement) component.Table {
	t := component.Table{Cards: true, Caption: modules.Say(r, "sharing.agreement.parties"), Columns: []component.Column{
		{Label: modules.Say(r, "sharing.agreement.body")},
		{Label: modules.Say(r, "sharing.agreement.data_role")},
		{Label: modules.Say(r, "sharing.field.atto_numero")},
		{Label: modules.Say(r, "sharing.field.atto_data")},
		{Label: modules.Say(r, "sharing.agreement.signature")},
	}}
	for _, party := range a.Parties {
		signed := component.Cell{Instant: party.AcceptedAt, Note: party.Signatory}
		switch {
		case !party.AcceptedAt.IsZero():
			signed.Instant = party.AcceptedAt.In(language.Rome)
		case a.EndedBy == party.Tenant:
			signed = component.Cell{Tags: []component.Tag{{Label: modules.Say(r, "sharing.agreement.refused"), Tone: component.Danger}}}
		case a.State == policies.AgreementProposed:
			signed = component.Cell{Tags: []component.Tag{{Label: modules.Say(r, "sharing.agreement.unsigned"), Tone: component.Warning}}}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: p.service.deps.Bodies.Name(party.Tenant)},
			{Text: modules.Say(r, "sharing.role."+party.Role)},
			{Text: party.Act.Number, Lang: "it"},
			{Date: party.Act.Day},
			signed,
		}})
	}
	return t
}
