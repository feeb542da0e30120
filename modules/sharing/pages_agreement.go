package sharing

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// networkPage shows the bodies and agreements of the network.
type networkPage struct {
	Tabs       component.Sections
	Counts     component.Summary
	Agreements component.Table
	New        *component.Button
}

func (p *pages) network(r *http.Request, s tenants.Scope) (modules.View, error) {
	agreements, err := p.service.FindAgreements(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	n, err := p.service.Count(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := networkPage{Tabs: tabs(r, "rete", n.Waiting), Agreements: p.agreementTable(r, s, agreements)}
	page.Counts = component.Summary{Rows: []component.SummaryRow{
		{Label: modules.Say(r, "sharing.network.bodies"), Values: given(strings.Join(p.partnerNames(s, agreements), ", "))},
		{Label: modules.Say(r, "sharing.network.sent"), Values: []string{modules.Say(r, "sharing.network.shares", "n", n.Sent)}},
		{Label: modules.Say(r, "sharing.network.received"), Values: []string{modules.Say(r, "sharing.network.shares", "n", n.Received)}},
		{Label: modules.Say(r, "sharing.network.waiting"), Values: []string{modules.Say(r, "sharing.network.shares", "n", n.Waiting)}},
	}}
	if p.permits(s, signAgreements) {
		page.New = &component.Button{Label: modules.Say(r, "sharing.agreement.new"), URL: "/rete/accordi/nuovo", Emphasis: component.Primary, Shortcut: "n"}
	}
	return modules.Render("sharing/network", language.M("sharing.network.title"), page), nil
}

// partnerNames are the bodies with which an agreement is active.
func (p *pages) partnerNames(s tenants.Scope, agreements []policies.Agreement) []string {
	var names []string
	for _, a := range agreements {
		if !a.Live(time.Now()) {
			continue
		}
		for _, party := range a.Parties {
			if name := p.service.deps.Bodies.Name(party.Tenant); party.Tenant != s.Tenant && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func (p *pages) agreementTable(r *http.Request, s tenants.Scope, agreements []policies.Agreement) component.Table {
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
				others = append(others, p.service.deps.Bodies.Name(party.Tenant))
			}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: a.Title, URL: "/rete/accordi/" + a.ID.String(), Lang: "it"},
			{Text: strings.Join(others, ", ")},
			{Tags: agreementTags(r, s, a)},
			{Date: lastDay(a.To)},
		}})
	}
	return t
}

func agreementTags(r *http.Request, s tenants.Scope, a policies.Agreement) []component.Tag {
	tone := map[string]component.Tone{policies.AgreementActive: component.Success, policies.AgreementSuspended: component.Warning, policies.AgreementProposed: component.Info}[a.State]
	tags := []component.Tag{{Label: modules.Say(r, "sharing.agreement.state."+a.State), Tone: tone}}
	if a.Awaits(s.Tenant) {
		tags = append(tags, component.Tag{Label: modules.Say(r, "sharing.agreement.to_sign"), Tone: component.Warning})
	}
	return tags
}

// agreementForm is the form of a new agreement.
type agreementForm struct {
	Errors component.ErrorSummary
	Search component.Field
	Find   component.Button
	Hidden []component.Hidden
	Fields []component.Field
	Save   component.Button
	Back   component.Link
}

func (p *pages) newAgreement(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.agreementForm(r, s, nil)
}

// maxBodies is how many bodies the form offers to choose from; the search finds the others.
const maxBodies = 10

func (p *pages) agreementForm(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	purposes, err := p.service.FindPurposes(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	page := agreementForm{
		Search: component.Field{ID: "cerca", Label: modules.Say(r, "sharing.agreement.search"), Value: strings.TrimSpace(r.FormValue("cerca")), MaxLength: 100},
		Find:   component.Button{Label: modules.Say(r, "sharing.agreement.find")},
		Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.FormValue("id")).String()}, {Name: "cerca", Value: r.FormValue("cerca")}},
		Save:   component.Button{Label: modules.Say(r, "sharing.agreement.propose"), Emphasis: component.Primary},
		Back:   component.Link{Label: modules.Say(r, "sharing.agreement.back"), URL: "/rete"},
	}
	page.Fields = []component.Field{
		p.bodyField(r, s, wrong["ente"]),
		textField(r, "titolo", 200, wrong), textField(r, "atto_numero", 60, wrong), dayField(r, "atto_data", wrong),
		choices(r, "verso", wrong, []component.Option{
			{Value: "invia", Label: modules.Say(r, "sharing.agreement.gives")}, {Value: "riceve", Label: modules.Say(r, "sharing.agreement.gets")},
		}),
		choices(r, "scopi", wrong, purposeOptions(r, purposes)),
		choices(r, "sezioni", wrong, sectionOptions(r, policies.SectionIDs())),
		dayField(r, "dal", wrong), dayField(r, "al", wrong),
	}
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("sharing/agreement_form", language.M("sharing.agreement.new"), page)
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

func (p *pages) bodyField(r *http.Request, s tenants.Scope, wrong string) component.Field {
	field := component.Field{ID: "ente", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.agreement.body"), Hint: modules.Say(r, "sharing.agreement.body_hint"), Value: r.FormValue("ente"), Error: wrong}
	wanted := strings.ToLower(strings.TrimSpace(r.FormValue("cerca")))
	for _, body := range p.service.deps.Bodies.Active() {
		chosen := body.Slug == field.Value
		if body.ID == s.Tenant || !chosen && (len(field.Options) >= maxBodies || !strings.Contains(strings.ToLower(body.Name+" "+body.Slug), wanted)) {
			continue
		}
		field.Options = append(field.Options, component.Option{Value: body.Slug, Label: body.Name})
	}
	return field
}

func textField(r *http.Request, name string, max int, wrong map[string]string) component.Field {
	return component.Field{
		ID: name, Required: true, MaxLength: max, Width: component.Medium, Label: modules.Say(r, "sharing.field."+name),
		Hint: modules.Say(r, "sharing.hint."+name), Value: modules.Value(r, name), Error: wrong[name],
	}
}

func dayField(r *http.Request, name string, wrong map[string]string) component.Field {
	return component.Field{
		ID: name, Kind: component.Appointed, Required: true, Width: component.Short, Label: modules.Say(r, "sharing.field."+name),
		Hint: modules.Say(r, "sharing.hint."+name), Value: modules.Value(r, name), Error: wrong[name],
	}
}

func choices(r *http.Request, name string, wrong map[string]string, options []component.Option) component.Field {
	chosen := posted(r, name)
	for i := range options {
		options[i].Selected = slices.Contains(chosen, options[i].Value)
	}
	return component.Field{ID: name, Kind: component.Checkboxes, Required: true, Label: modules.Say(r, "sharing.field."+name), Options: options, Error: wrong[name]}
}

func purposeOptions(r *http.Request, purposes Purposes) []component.Option {
	var options []component.Option
	for _, one := range purposes.All {
		options = append(options, component.Option{Value: one.Key, Label: one.Label.In(language.Of(r.Context()))})
	}
	return options
}

func sectionOptions(r *http.Request, ids []string) []component.Option {
	var options []component.Option
	for _, id := range ids {
		options = append(options, component.Option{Value: id, Label: language.SayText(r.Context(), policies.SectionLabel(id))})
	}
	return options
}

func (p *pages) propose(r *http.Request, s tenants.Scope) (modules.View, error) {
	proposal := policies.Proposal{
		ID: modules.FormID(r.PostFormValue("id")), Title: modules.Value(r, "titolo"), Parties: []int32{s.Tenant}, Purposes: posted(r, "scopi"), Sections: posted(r, "sezioni"),
		From: postedDay(r, "dal"), Act: policies.Act{Number: modules.Value(r, "atto_numero"), Day: postedDay(r, "atto_data")},
	}
	if day := postedDay(r, "al"); !day.IsZero() {
		proposal.To = endOfDay(day)
	}
	body, _, err := p.service.deps.Bodies.BySlug(modules.Value(r, "ente"))
	if err != nil || body.ID == s.Tenant {
		body = tenants.Tenant{} // refused with all else that is wrong
	} else {
		proposal.Parties = append(proposal.Parties, body.ID)
	}
	for _, way := range posted(r, "verso") {
		switch way {
		case "invia":
			proposal.Edges = append(proposal.Edges, policies.Edge{From: s.Tenant, To: body.ID})
		case "riceve":
			proposal.Edges = append(proposal.Edges, policies.Edge{From: body.ID, To: s.Tenant})
		}
	}
	a, err := p.service.ProposeAgreement(r.Context(), s, proposal)
	if problem.Is(err, problem.Invalid) {
		return p.agreementForm(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/accordi/"+a.ID.String(), language.M("sharing.agreement.proposed")), nil
}

// agreementPage shows an agreement with its parties.
type agreementPage struct {
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
	return p.agreementView(r, s, nil)
}

func (p *pages) agreementView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.GetAgreement(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	purposes, err := p.service.FindPurposes(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := agreementPage{Title: a.Title, Tags: agreementTags(r, s, a), Summary: p.agreementSummary(r, a, purposes), Parties: p.partyTable(r, a)}
	if p.permits(s, signAgreements) {
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

func (p *pages) agreementSummary(r *http.Request, a policies.Agreement, purposes Purposes) component.Summary {
	var ways, labels []string
	for _, e := range a.Edges {
		ways = append(ways, p.service.deps.Bodies.Name(e.From)+" → "+p.service.deps.Bodies.Name(e.To))
	}
	for _, key := range a.Purposes {
		labels = append(labels, language.SayText(r.Context(), purposes.Label(key)))
	}
	return component.Summary{Rows: []component.SummaryRow{
		{Label: modules.Say(r, "sharing.field.verso"), Values: ways},
		{Label: modules.Say(r, "sharing.field.scopi"), Values: labels},
		{Label: modules.Say(r, "sharing.field.sezioni"), Values: []string{joined(r, a.Sections)}},
		{Label: modules.Say(r, "sharing.field.dal"), Date: a.From.In(rome)},
		{Label: modules.Say(r, "sharing.field.al"), Date: lastDay(a.To)},
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
			signed = component.Cell{Instant: party.AcceptedAt.In(rome)}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: p.service.deps.Bodies.Name(party.Tenant)}, {Text: party.Act.Number, Lang: "it"}, {Date: party.Act.Day}, signed,
		}})
	}
	return t
}

func (p *pages) sign(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.SignAgreement(r.Context(), s, id, policies.Act{Number: modules.Value(r, "atto_numero"), Day: postedDay(r, "atto_data")})
	if problem.Is(err, problem.Invalid) {
		return p.agreementView(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/accordi/"+id.String(), language.M("sharing.agreement.signed")), nil
}

func (p *pages) confirmMove(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := pathID(r, "id")
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
	id, err := pathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if _, err := p.service.MoveAgreement(r.Context(), s, id, r.PathValue("step")); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/accordi/"+id.String(), language.M("sharing.agreement.moved")), nil
}
