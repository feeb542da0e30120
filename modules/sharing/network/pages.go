package network

import (
	"net/http"
	"slices"
	"strings"

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

// Pages are the pages of networks.
func Pages(s *Service) []modules.Page {
	p := &pages{service: s}
	return []modules.Page{
		{Pattern: "GET /rete/reti/nuova", Permission: Write, Handle: p.start},
		{Pattern: "POST /rete/reti", Permission: Write, Handle: p.found},
		{Pattern: "GET /rete/reti/{id}", Permission: Read, Handle: p.show},
		{Pattern: "POST /rete/reti/{id}/adesione", Permission: Write, Handle: p.join},
		{Pattern: "POST /rete/reti/{id}/capofila", Permission: Write, Handle: p.hand},
		{Pattern: "POST /rete/reti/{id}/capofila/accetta", Permission: Write, Handle: p.take},
		{Pattern: "GET /rete/reti/{id}/inviti", Permission: Write, Handle: p.startInvitation},
		{Pattern: "POST /rete/reti/{id}/inviti", Permission: Write, Handle: p.invite},
		{Pattern: "GET /rete/reti/{id}/ufficio", Permission: Write, Handle: p.startOffice},
		{Pattern: "POST /rete/reti/{id}/ufficio", Permission: Write, Handle: p.createOffice},
		{Pattern: "POST /rete/reti/{id}/ufficio/accetta", Permission: Write, Handle: p.govern},
		{Pattern: "GET /rete/reti/{id}/recesso", Permission: Write, Handle: p.confirmLeave},
		{Pattern: "POST /rete/reti/{id}/recesso", Permission: Write, Handle: p.leave},
	}
}

// Table lists networks with their lead.
func Table(r *http.Request, s tenants.Scope, bodies *tenants.Directory, networks []Network) component.Table {
	t := component.Table{
		Cards: true,
		ID:    "reti", Caption: modules.Say(r, "sharing.net.list"),
		Columns: []component.Column{
			{Label: modules.Say(r, "sharing.net.one")},
			{Label: modules.Say(r, "sharing.net.lead")},
			{Label: modules.Say(r, "sharing.net.members")},
			{Label: modules.Say(r, "sharing.net.state")},
		},
		Empty: component.Empty{Title: modules.Say(r, "sharing.net.none"), Text: modules.Say(r, "sharing.net.none_text")},
	}
	for _, n := range networks {
		var names []string
		for _, m := range n.Members {
			names = append(names, bodies.Name(m.Tenant))
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: n.Title, URL: "/rete/reti/" + n.ID.String(), Lang: "it"},
			{Text: bodies.Name(n.Lead)},
			{Text: strings.Join(names, ", ")},
			{Tags: tags(r, s, n)},
		}})
	}
	return t
}

func tags(r *http.Request, s tenants.Scope, n Network) []component.Tag {
	tone := map[string]component.Tone{Active: component.Success, Proposed: component.Info}[n.State]
	shown := []component.Tag{{Label: modules.Say(r, "sharing.net.state."+n.State), Tone: tone}}
	if n.Awaits(s.Tenant) {
		shown = append(shown, component.Tag{Label: modules.Say(r, "sharing.net.to_join"), Tone: component.Warning})
	}
	return shown
}

// detailPage shows a network with its members and what the body may do in it.
type detailPage struct {
	Title   string
	Tags    []component.Tag
	Errors  component.ErrorSummary
	Summary component.Summary
	Members component.Table
	Join    *stepForm
	Take    *stepForm
	Hand    *stepForm
	Govern  *stepForm
	Steps   component.ButtonRow
}

// stepForm is a step that asks something, or only to be taken.
type stepForm struct {
	Title  string
	Text   string
	Action string
	Fields []component.Field
	Button component.Button
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.detail(r, s, nil)
}

func (p *pages) detail(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	n, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	page := detailPage{Title: n.Title, Tags: tags(r, s, n), Summary: p.summary(r, n), Members: p.memberTable(r, n)}
	if p.service.deps.Permits(s, Write) {
		p.addSteps(r, s, n, &page, modules.FieldErrors(r.Context(), refused))
		if err := p.addOffice(r, s, n, &page); err != nil {
			return modules.View{}, err
		}
	}
	view := modules.Render("sharing/one_network", language.M("sharing.net.one"), page)
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

// addSteps offers what the body may do now; one of it is the primary.
func (p *pages) addSteps(r *http.Request, s tenants.Scope, n Network, page *detailPage, wrong map[string]string) {
	path := "/rete/reti/" + n.ID.String()
	if n.Awaits(s.Tenant) {
		page.Join = &stepForm{
			Title: modules.Say(r, "sharing.net.join"), Text: modules.Say(r, "sharing.net.join_help"), Action: path + "/adesione", Fields: actFields(r, wrong),
			Button: component.Button{Label: modules.Say(r, "sharing.net.join"), Emphasis: component.Primary},
		}
		page.Errors = component.Summarize(page.Join.Fields...)
	}
	if n.State == Active && n.NextLead == s.Tenant {
		page.Take = &stepForm{
			Title: modules.Say(r, "sharing.net.take"), Text: modules.Say(r, "sharing.net.take_help", "body", p.service.deps.Bodies.Name(n.Lead)), Action: path + "/capofila/accetta",
			Button: component.Button{Label: modules.Say(r, "sharing.net.take"), Emphasis: component.Primary},
		}
	}
	if heirs := p.service.heirs(n, s.Tenant); len(heirs) > 0 {
		field := component.Field{ID: "ente", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.net.heir"), Error: wrong["ente"]}
		for _, id := range heirs {
			field.Options = append(field.Options, component.Option{Value: p.service.deps.Bodies.Slug(id), Label: p.service.deps.Bodies.Name(id)})
		}
		if n.NextLead != 0 {
			field.Value = p.service.deps.Bodies.Slug(n.NextLead)
		}
		page.Hand = &stepForm{
			Title: modules.Say(r, "sharing.net.hand"), Text: modules.Say(r, "sharing.net.hand_help"), Action: path + "/capofila", Fields: []component.Field{field},
			Button: component.Button{Label: modules.Say(r, "sharing.net.hand")},
		}
		page.Errors = component.Summarize(page.Hand.Fields...)
	}
	if n.MayInvite(s.Tenant) {
		page.Steps.Buttons = append(page.Steps.Buttons, component.Button{Label: modules.Say(r, "sharing.net.invite"), URL: path + "/inviti"})
	}
	if n.MayLeave(s.Tenant) {
		page.Steps.Buttons = append(page.Steps.Buttons, component.Button{Label: modules.Say(r, leaving(n, s)), URL: path + "/recesso"})
	}
}

// leaving is what leaving is called: a body that has not joined declines, a lead that is alone gives up.
func leaving(n Network, s tenants.Scope) string {
	switch {
	case n.Awaits(s.Tenant):
		return "sharing.net.decline"
	case n.Lead == s.Tenant:
		return "sharing.net.give_up"
	}
	return "sharing.net.leave"
}

func (p *pages) summary(r *http.Request, n Network) component.Summary {
	rows := []component.SummaryRow{{Label: modules.Say(r, "sharing.net.lead"), Values: []string{p.service.deps.Bodies.Name(n.Lead)}}}
	if n.NextLead != 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.net.next_lead"), Values: []string{p.service.deps.Bodies.Name(n.NextLead)}})
	}
	if n.Office != 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.field.ufficio"), Values: []string{p.service.deps.Bodies.Name(n.Office)}})
	}
	return component.Summary{Rows: rows}
}

func (p *pages) memberTable(r *http.Request, n Network) component.Table {
	t := component.Table{Cards: true, Caption: modules.Say(r, "sharing.net.members"), Columns: []component.Column{
		{Label: modules.Say(r, "sharing.agreement.body")},
		{Label: modules.Say(r, "sharing.field.atto_numero")},
		{Label: modules.Say(r, "sharing.field.atto_data")},
		{Label: modules.Say(r, "sharing.net.joined")},
	}}
	for _, m := range n.Members {
		joined := component.Cell{Tags: []component.Tag{{Label: modules.Say(r, "sharing.net.awaited"), Tone: component.Warning}}}
		if !m.JoinedAt.IsZero() {
			joined = component.Cell{Instant: m.JoinedAt.In(language.Rome)}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Text: p.service.deps.Bodies.Name(m.Tenant)}, {Text: m.Act.Number, Lang: "it"}, {Date: m.Act.Day}, joined}})
	}
	return t
}

func actFields(r *http.Request, wrong map[string]string) []component.Field {
	return []component.Field{
		{
			ID: "atto_numero", Required: true, MaxLength: 60, Width: component.Medium, Label: modules.Say(r, "sharing.field.atto_numero"),
			Hint: modules.Say(r, "sharing.hint.atto_numero"), Value: modules.Value(r, "atto_numero"), Error: wrong["atto_numero"],
		},
		{
			ID: "atto_data", Kind: component.Appointed, Required: true, Width: component.Short, Label: modules.Say(r, "sharing.field.atto_data"),
			Hint: modules.Say(r, "sharing.hint.atto_data"), Value: modules.Value(r, "atto_data"), Error: wrong["atto_data"],
		},
	}
}

func act(r *http.Request) policies.Act {
	return policies.Act{Number: modules.Value(r, "atto_numero"), Day: form.Day(modules.Value(r, "atto_data"))}
}

func (p *pages) join(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.Join(r.Context(), s, id, act(r))
	if problem.Is(err, problem.Invalid) {
		return p.detail(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/reti/"+id.String(), language.M("sharing.net.done.join")), nil
}

func (p *pages) hand(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	n, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	body, _, err := p.service.deps.Bodies.BySlug(modules.Value(r, "ente"))
	if heirs := p.service.heirs(n, s.Tenant); len(heirs) > 0 && (err != nil || !slices.Contains(heirs, body.ID)) {
		var fields problem.Fields
		fields.Add("ente", "sharing.error.heir")
		return p.detail(r, s, fields.Err())
	}
	if _, err := p.service.Hand(r.Context(), s, id, body.ID); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/reti/"+id.String(), language.M("sharing.net.done.hand")), nil
}

func (p *pages) take(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if _, err := p.service.Take(r.Context(), s, id); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/reti/"+id.String(), language.M("sharing.net.done.take")), nil
}

func (p *pages) confirmLeave(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	n, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if !n.MayLeave(s.Tenant) {
		return modules.View{}, problem.Missing()
	}
	title := leaving(n, s)
	page := component.Confirm{
		Title: modules.Say(r, title), Text: []string{n.Title}, Consequences: []string{modules.Say(r, title+".effect")},
		Action: "/rete/reti/" + id.String() + "/recesso", CancelURL: "/rete/reti/" + id.String(),
		Button: component.Button{Label: modules.Say(r, title), Emphasis: component.Grave},
	}
	return modules.Render("sharing/confirm", language.M(title), page), nil
}

func (p *pages) leave(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if err := p.service.Leave(r.Context(), s, id); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete", language.M("sharing.net.done.leave")), nil
}
