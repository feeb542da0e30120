package moving

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/handover"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

// Pages are the pages of changes of residence.
func Pages(s *Service) []modules.Page {
	p := &pages{service: s}
	return []modules.Page{
		{Pattern: "GET /cartelle/{case}/cambio-residenza", Permission: handover.Give, Case: &modules.CaseNav{Label: "sharing.relocation.nav", Order: 74, Own: true}, Handle: p.start},
		{Pattern: "POST /cartelle/{case}/cambio-residenza", Permission: handover.Give, Handle: p.advance},
		{Pattern: "GET /passaggi/{id}/elenco", Permission: handover.Read, Handle: p.show},
		{Pattern: "POST /passaggi/{id}/elenco", Permission: handover.Give, Handle: p.renew},
	}
}

// What the buttons of the form ask for.
const (
	toList = "elenco" // make the manifest
	toSign = "firma"
)

// startPage asks where and with whom the person went, and then shows the manifest to sign.
type startPage struct {
	Notice   *component.Alert
	Form     bool
	Heading  string
	Help     string
	Action   string
	Errors   component.ErrorSummary
	Facts    *component.Summary
	Manifest *component.Table
	Open     *component.Table
	Benefits *component.Table
	Gaps     []string
	Fields   []component.Field
	Hidden   []component.Hidden
	Buttons  component.ButtonRow
}

// filled is what the form says.
func (p *pages) filled(r *http.Request) Start {
	in := Start{
		Plan: Plan{Day: form.Day(modules.Value(r, "giorno")), Going: form.Values(r, "insieme")},
		ID:   modules.FormID(r.PostFormValue("id")), Begun: modules.Value(r, "origine"), Manifest: modules.Value(r, "elenco"),
		AnswerBy: form.Day(modules.Value(r, "risposta")), Note: modules.Value(r, "motivo"), Kept: modules.Value(r, "restano") == "1",
		Protected: modules.Value(r, "protetta") == "1",
		Act:       policies.Act{Number: modules.Value(r, "atto_numero"), Day: form.Day(modules.Value(r, "atto_data"))},
	}
	if body, _, err := p.service.deps.Bodies.BySlug(modules.Value(r, "ente")); err == nil {
		in.To = body.ID
	}
	return in
}

func (p *pages) start(r *http.Request, s tenants.Scope) (modules.View, error) {
	f, answer, err := p.prepare(r, s)
	if err != nil || answer != nil {
		return orNone(answer), err
	}
	return p.planView(r, f, nil), nil
}

// prepare opens the case, or answers instead: it is offered already, has passed, or is not the actor's to pass.
func (p *pages) prepare(r *http.Request, s tenants.Scope) (Frame, *modules.View, error) {
	ref := r.PathValue("case")
	f, err := p.service.Prepare(r.Context(), s, ref)
	var view modules.View
	switch {
	case errors.Is(err, casefile.ErrReason):
		view = modules.Redirect("/cartelle/"+ref, language.M("sharing.offer.needs_reason"))
		return f, &view, nil
	case problem.Is(err, problem.Forbidden), problem.Is(err, problem.Conflict):
		view, err = p.notStarted(r, s, err)
		return f, &view, err
	case err != nil:
		return f, nil, err
	}
	standing, err := p.service.handovers.FindStanding(r.Context(), s, f.Access.ID)
	if err == nil && standing.ID != uuid.Nil && standing.ID != modules.LinkID(r.PostFormValue("id")) {
		view = modules.Redirect("/passaggi/"+standing.ID.String(), language.M("sharing.handover.standing"))
		return f, &view, nil
	}
	return f, nil, err
}

func orNone(view *modules.View) modules.View {
	if view == nil {
		return modules.View{}
	}
	return *view
}

// notStarted says why the case does not pass.
func (p *pages) notStarted(r *http.Request, s tenants.Scope, why error) (modules.View, error) {
	a, err := p.service.cases.Open(r.Context(), s, r.PathValue("case"), "")
	if err != nil {
		return modules.View{}, err
	}
	if passed, err := p.service.handovers.FindPassed(r.Context(), s, a.ID); err != nil || passed.ID != uuid.Nil {
		return modules.Redirect("/passaggi/"+passed.ID.String(), language.Message{}), err
	}
	page := startPage{Heading: modules.Say(r, "sharing.relocation.title"), Notice: &component.Alert{Tone: component.Info, Text: language.Say(r.Context(), problem.Of(why).Message)}}
	return modules.Render("sharing/relocation", language.M("sharing.relocation.title"), page).On(a.Bar(p.service.cases, "")), nil
}

// planView asks where, since when and with whom.
func (p *pages) planView(r *http.Request, f Frame, refused error) modules.View {
	page := startPage{Heading: modules.Say(r, "sharing.relocation.title"), Help: modules.Say(r, "sharing.relocation.help"), Action: "/cartelle/" + f.Access.Ref + "/cambio-residenza"}
	view := func() modules.View {
		return modules.Render("sharing/relocation", language.M("sharing.relocation.title"), page).On(f.Access.Bar(p.service.cases, ""))
	}
	if len(f.Receivers) == 0 {
		page.Notice = &component.Alert{Tone: component.Warning, Title: modules.Say(r, "sharing.relocation.no_body"), Text: modules.Say(r, "sharing.relocation.no_body_text")}
		return view()
	}
	page.Form, page.Fields = true, p.planFields(r, f, modules.FieldErrors(r.Context(), refused))
	page.Errors = component.Summarize(page.Fields...)
	page.Hidden = []component.Hidden{{Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}, {Name: "origine", Value: origin(r)}}
	page.Buttons.Buttons = []component.Button{{Label: modules.Say(r, "sharing.relocation.list"), Name: "azione", Value: toList, Emphasis: component.Primary}}
	if refused != nil {
		return view().Refused()
	}
	return view()
}

// origin is how the change of residence begins: the hint of the register says so in its link.
func origin(r *http.Request) string {
	if r.FormValue("origine") == ByRegister {
		return ByRegister
	}
	return ByOperator
}

func (p *pages) planFields(r *http.Request, f Frame, wrong map[string]string) []component.Field {
	where := component.Field{ID: "ente", Kind: component.Select, Required: true, Label: modules.Say(r, "sharing.relocation.to"), Value: modules.Value(r, "ente"), Error: wrong["ente"]}
	for _, body := range f.Receivers {
		where.Options = append(where.Options, component.Option{Value: body.Slug, Label: body.Name})
		if r.Method == http.MethodGet && f.Place != "" && body.Belfiore == f.Place {
			where.Value = body.Slug // where the register says that the person lives
		}
	}
	day := component.Field{
		ID: "giorno", Kind: component.Appointed, Required: true, Width: component.Short, Label: modules.Say(r, "sharing.relocation.day"), Value: modules.Value(r, "giorno"), Error: wrong["giorno"],
	}
	fields := []component.Field{where, day}
	if len(f.Household) == 0 {
		return fields
	}
	with := component.Field{ID: "insieme", Kind: component.Checkboxes, Label: modules.Say(r, "sharing.relocation.with"), Hint: modules.Say(r, "sharing.relocation.with_hint"), Error: wrong["insieme"]}
	going := form.Values(r, "insieme")
	for _, m := range f.Household {
		name := m.FullName()
		if name == "" {
			name = modules.Say(r, "sharing.relocation.hidden_name")
		}
		id := m.PersonID.String()
		with.Options = append(with.Options, component.Option{Value: id, Label: name, Hint: modules.Say(r, "registry.relation."+m.Relation), Selected: slices.Contains(going, id)})
	}
	return append(fields, with)
}

// advance makes the manifest, or signs it.
func (p *pages) advance(r *http.Request, s tenants.Scope) (modules.View, error) {
	f, answer, err := p.prepare(r, s)
	if err != nil || answer != nil {
		return orNone(answer), err
	}
	in := p.filled(r)
	switch modules.Value(r, "azione") {
	case toSign:
		h, err := p.service.Start(r.Context(), s, r.PathValue("case"), in)
		if err == nil {
			return modules.Redirect("/passaggi/"+h.ID.String(), language.M("sharing.relocation.sent")), nil
		}
		if !problem.Is(err, problem.Invalid) && !problem.Is(err, problem.Conflict) && !problem.Is(err, problem.Forbidden) {
			return modules.View{}, err
		}
		return p.listView(r, s, f, err)
	case toList:
		return p.listView(r, s, f, nil)
	}
	return p.planView(r, f, nil), nil
}

// listView shows the manifest and asks for the signature; a plan that is wrong is asked for again.
func (p *pages) listView(r *http.Request, s tenants.Scope, f Frame, refused error) (modules.View, error) {
	in := p.filled(r)
	m, err := p.service.List(r.Context(), s, f, in.Plan)
	if problem.Is(err, problem.Invalid) {
		return p.planView(r, f, err), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	page := startPage{
		Form: true, Heading: modules.Say(r, "sharing.relocation.list_title"), Help: modules.Say(r, "sharing.relocation.list_help"),
		Action: "/cartelle/" + f.Access.Ref + "/cambio-residenza", Facts: p.planFacts(r, f, in, m), Manifest: rowsTable(r, m.Rows),
	}
	page.Open, page.Benefits = p.openTables(r, m.Open)
	for _, gap := range m.Gaps {
		page.Gaps = append(page.Gaps, language.Say(r.Context(), gap.Label))
	}
	page.Hidden = carried(in, modules.Value(r, "ente"), m.Digest)
	page.Buttons.Buttons = []component.Button{{Label: modules.Say(r, "sharing.relocation.change"), Name: "azione", Value: "modifica"}}
	if !m.Blocked() {
		page.Fields = p.signFields(r, m, modules.FieldErrors(r.Context(), refused))
		sign := component.Button{Label: modules.Say(r, "sharing.relocation.sign"), Name: "azione", Value: toSign, Emphasis: component.Primary}
		page.Buttons.Buttons = append([]component.Button{sign}, page.Buttons.Buttons...)
	}
	page.Errors = component.Summarize(page.Fields...)
	if refused != nil && !problem.Is(refused, problem.Invalid) {
		page.Notice = &component.Alert{Tone: component.Warning, Text: language.Say(r.Context(), problem.Of(refused).Message)}
	}
	view := modules.Render("sharing/relocation", language.M("sharing.relocation.title"), page).On(f.Access.Bar(p.service.cases, ""))
	if refused != nil {
		view.Status = problem.Of(refused).Kind.Status()
	}
	return view, nil
}

// carried is the plan, as hidden fields, with the manifest that is shown.
func carried(in Start, slug, digest string) []component.Hidden {
	hidden := []component.Hidden{
		{Name: "id", Value: in.ID.String()},
		{Name: "origine", Value: in.Begun},
		{Name: "ente", Value: slug},
		{Name: "giorno", Value: in.Day.Format(time.DateOnly)},
		{Name: "elenco", Value: digest},
	}
	for _, id := range in.Going {
		hidden = append(hidden, component.Hidden{Name: "insieme", Value: id})
	}
	return hidden
}

// planFacts are what was answered, and which agreement the handover stands on.
func (p *pages) planFacts(r *http.Request, f Frame, in Start, m Manifest) *component.Summary {
	var goes, stays []string
	for _, member := range f.Household {
		if slices.Contains(in.Going, member.PersonID.String()) {
			goes = append(goes, member.FullName())
		} else {
			stays = append(stays, member.FullName())
		}
	}
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "sharing.relocation.to"), Values: []string{p.service.deps.Bodies.Name(in.To)}},
		{Label: modules.Say(r, "sharing.relocation.since"), Date: in.Day},
	}
	for _, group := range []struct {
		key   string
		names []string
	}{{"goes", goes}, {"stays", stays}} {
		if len(group.names) > 0 {
			rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.relocation.persons_"+group.key), Values: group.names})
		}
	}
	row := component.SummaryRow{Label: modules.Say(r, "sharing.share.agreement"), Values: []string{modules.Say(r, "sharing.relocation.single")}}
	if m.Agreement != uuid.Nil {
		row.Values = []string{modules.Say(r, "sharing.relocation.standing")}
		row.Change = &component.Link{Label: modules.Say(r, "sharing.share.agreement_open"), URL: "/rete/accordi/" + m.Agreement.String()}
	}
	if m.Shares > 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.handover.shares"), Values: []string{modules.Say(r, "sharing.relocation.shares", "n", m.Shares)}})
	}
	return &component.Summary{Rows: append(rows, row)}
}

// signFields ask for what is signed with the manifest.
func (p *pages) signFields(r *http.Request, m Manifest, wrong map[string]string) []component.Field {
	var fields []component.Field
	if m.Agreement == uuid.Nil {
		fields = append(fields, component.Field{
			ID: "atto_numero", Required: true, MaxLength: 60, Width: component.Medium, Label: modules.Say(r, "sharing.field.atto_numero"),
			Hint: modules.Say(r, "sharing.relocation.act_hint"), Value: modules.Value(r, "atto_numero"), Error: wrong["atto_numero"],
		}, component.Field{
			ID: "atto_data", Kind: component.Appointed, Required: true, Width: component.Short, Label: modules.Say(r, "sharing.field.atto_data"),
			Value: modules.Value(r, "atto_data"), Error: wrong["atto_data"],
		})
	}
	answer := component.Field{
		ID: "risposta", Kind: component.Appointed, Required: true, Width: component.Short, Label: modules.Say(r, "sharing.handover.answer"), Hint: modules.Say(r, "sharing.handover.answer_hint"),
		Value: modules.Value(r, "risposta"), Error: wrong["risposta"],
	}
	if answer.Value == "" && answer.Error == "" {
		answer.Value = time.Now().In(language.Rome).AddDate(0, 0, 15).Format(time.DateOnly)
	}
	fields = append(fields, answer, component.Field{
		ID: "motivo", Kind: component.LongText, Rows: 2, MaxLength: share.MaxWords - 60, Label: modules.Say(r, "sharing.relocation.note"), Value: modules.Value(r, "motivo"), Error: wrong["motivo"],
	})
	if slices.ContainsFunc(m.Open, func(o Open) bool { return !o.Moves }) {
		fields = append(fields, confirmation(r, "restano", "sharing.handover.kept", "sharing.handover.kept_yes", wrong))
	}
	if m.Protected {
		fields = append(fields, confirmation(r, "protetta", "sharing.relocation.protected", "sharing.relocation.protected_yes", wrong))
	}
	return fields
}

func confirmation(r *http.Request, name, label, yes string, wrong map[string]string) component.Field {
	return component.Field{
		ID: name, Kind: component.Checkboxes, Required: true, Label: modules.Say(r, label), Error: wrong[name],
		Options: []component.Option{{Value: "1", Label: modules.Say(r, yes), Selected: modules.Value(r, name) == "1"}},
	}
}
