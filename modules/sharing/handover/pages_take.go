package handover

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// showPage shows a handover to either body.
type showPage struct {
	Tag     component.Tag
	Notice  *component.Alert
	Errors  component.ErrorSummary
	Open    *component.Button // the case
	Summary component.Summary
	Brings  *component.Summary
	Pending *component.Table // what is open
	Shares  *component.Table
	Accept  *acceptForm
	Steps   component.ButtonRow
}

// newPerson is the answer that the person is none of the body's own; asked tells that the question was on the form.
const (
	newPerson = "nuova"
	asked     = "persona-chiesta"
)

// acceptForm takes the case over.
type acceptForm struct {
	Action string
	Hidden []component.Hidden
	Fields []component.Field
	Button component.Button
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.showView(r, s, nil)
}

func (p *pages) showView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	h, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	page := showPage{Tag: tag(r, h), Summary: p.summary(r, h), Steps: p.steps(r, s, h), Notice: p.notice(r, s, h, refused)}
	if h.Whole && h.Case != uuid.Nil && (h.Giver == s.Tenant || h.State == Taken) {
		page.Open = &component.Button{Label: modules.Say(r, "sharing.handover.open_case"), URL: "/cartelle/" + h.Case.String()}
	}
	if h.Whole && h.Standing(time.Now()) == Offered {
		if err := p.addPreview(r, s, h, modules.FieldErrors(r.Context(), refused), &page); err != nil {
			return modules.View{}, err
		}
	}
	view := modules.Render("sharing/passage", language.M("sharing.handover.one"), page)
	if refused != nil {
		view.Status = problem.Of(refused).Kind.Status()
	}
	return view, nil
}

func tag(r *http.Request, h Handover) component.Tag {
	state := h.Standing(time.Now())
	tone := map[string]component.Tone{Offered: component.Info, Taken: component.Success, Refused: component.Danger, Lapsed: component.Warning}[state]
	return component.Tag{Label: modules.Say(r, "sharing.handover.state."+state), Tone: tone}
}

// notice tells where the case is now, or what is wrong.
func (p *pages) notice(r *http.Request, s tenants.Scope, h Handover, refused error) *component.Alert {
	if problem.Is(refused, problem.Conflict) {
		return &component.Alert{Tone: component.Warning, Text: language.Say(r.Context(), problem.Of(refused).Message)}
	}
	switch {
	case h.State == Taken && h.Giver == s.Tenant:
		return &component.Alert{Tone: component.Info, Title: modules.Say(r, "sharing.handover.went", "body", p.service.deps.Bodies.Name(h.Taker)), Text: modules.Say(r, "sharing.handover.went_text")}
	case h.State == Taken:
		return &component.Alert{Tone: component.Success, Title: modules.Say(r, "sharing.handover.came", "body", p.service.deps.Bodies.Name(h.Giver)), Text: modules.Say(r, "sharing.handover.came_text")}
	case h.State == Refused && h.LegalBasis == "law":
		return &component.Alert{
			Tone: component.Info, Text: modules.Say(r, "sharing.handover.review.opened"),
			Link: &component.Link{Label: modules.Say(r, "sharing.handover.review"), URL: "/passaggi/" + h.ID.String() + "/riesame"},
		}
	case h.Standing(time.Now()) == Offered && h.Giver == s.Tenant:
		return &component.Alert{Tone: component.Info, Text: modules.Say(r, "sharing.handover.waiting", "body", p.service.deps.Bodies.Name(h.Taker))}
	}
	return nil
}

func (p *pages) summary(r *http.Request, h Handover) component.Summary {
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "sharing.handover.giver"), Values: []string{p.service.deps.Bodies.Name(h.Giver)}},
		{Label: modules.Say(r, "sharing.handover.taker"), Values: []string{p.service.deps.Bodies.Name(h.Taker)}},
	}
	if h.Whole {
		rows = append(rows,
			component.SummaryRow{Label: modules.Say(r, "sharing.handover.person"), Values: modules.Given(h.Person.FullName(), h.Person.TaxCode)},
			component.SummaryRow{Label: modules.Say(r, "sharing.handover.born"), Date: known(h.Person.Born)},
			component.SummaryRow{Label: modules.Say(r, "sharing.handover.number"), Values: modules.Given(h.Number)},
			component.SummaryRow{Label: modules.Say(r, "sharing.handover.reason"), Values: modules.Given(h.Reason), Lang: "it"},
		)
	}
	if !h.MovedOn.IsZero() {
		row := component.SummaryRow{Label: modules.Say(r, "sharing.relocation.since"), Date: h.MovedOn}
		if h.Whole {
			row.Change = &component.Link{Label: modules.Say(r, "sharing.relocation.read"), URL: "/passaggi/" + h.ID.String() + "/elenco"}
		}
		rows = append(rows, row)
	}
	if h.NewNumber != "" {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.handover.new_number"), Values: []string{h.NewNumber}})
	}
	rows = append(rows,
		component.SummaryRow{Label: modules.Say(r, "sharing.share.basis"), Values: []string{modules.Say(r, "sharing.basis."+h.LegalBasis)}},
		component.SummaryRow{
			Label: modules.Say(r, "sharing.share.agreement"), Values: []string{modules.Say(r, "sharing.share.agreement_named")},
			Change: &component.Link{Label: modules.Say(r, "sharing.share.agreement_open"), URL: "/rete/accordi/" + h.Agreement.String()},
		},
		p.markRow(r, "sharing.share.offered", h.Giver, h.Offered),
	)
	if h.State == Offered {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.handover.answer"), Date: lastDay(h.AnswerBy)})
	} else {
		decider := h.Taker
		if h.State == Withdrawn {
			decider = h.Giver
		}
		row := p.markRow(r, "sharing.handover.decided", decider, h.Decided)
		row.Values = append(row.Values, modules.Given(h.Words)...)
		rows = append(rows, row)
	}
	return component.Summary{Rows: rows}
}

// known is a day of birth, or the zero time where none is known.
func known(day time.Time) time.Time {
	if day.Year() <= 1 {
		return time.Time{}
	}
	return day
}

func (p *pages) markRow(r *http.Request, key string, body int32, m share.Mark) component.SummaryRow {
	return component.SummaryRow{Label: modules.Say(r, key), Values: []string{m.Name + ", " + p.service.deps.Bodies.Name(body) + ", " + m.At.In(language.Rome).Format("02/01/2006 15:04")}}
}

// addPreview shows what the case brings and, to who may, how to take it.
func (p *pages) addPreview(r *http.Request, s tenants.Scope, h Handover, wrong map[string]string, page *showPage) error {
	brings, err := p.service.GetPreview(r.Context(), s, h.ID)
	if problem.Is(err, problem.NotFound) {
		return nil // it was answered, or lapsed, just now
	}
	if err != nil {
		return err
	}
	page.Brings = &component.Summary{Title: modules.Say(r, "sharing.handover.brings")}
	for _, section := range policies.SectionIDs() {
		if n := brings.Sections[section]; n > 0 {
			page.Brings.Rows = append(page.Brings.Rows, component.SummaryRow{
				Label: language.SayText(r.Context(), policies.SectionLabel(section)), Values: []string{modules.Say(r, "sharing.handover.entries", "n", n)},
			})
		}
	}
	if len(page.Brings.Rows) == 0 {
		page.Brings = nil
	}
	page.Pending = p.openTable(r, brings.Obligations)
	page.Shares = p.shareTable(r, brings.Shares)
	of := acceptance{Handover: h, brings: brings, wrong: wrong}
	if !h.MovedOn.IsZero() {
		if of.asked, err = p.service.signing.Asks(r.Context(), s, h); err != nil {
			return err
		}
		if notice := p.signingNotice(r, s, of); notice != nil {
			page.Notice = notice
			return nil
		}
	}
	if h.Taker != s.Tenant {
		return nil
	}
	return p.addAcceptance(r, s, of, page)
}

// shareTable lists the other shares of the case; nil where there are none.
func (p *pages) shareTable(r *http.Request, shares []Following) *component.Table {
	if len(shares) == 0 {
		return nil
	}
	t := &component.Table{
		ID: "condivisioni", Caption: modules.Say(r, "sharing.handover.shares"),
		Columns: []component.Column{
			{Label: modules.Say(r, "sharing.share.to")},
			{Label: modules.Say(r, "sharing.share.kind")},
			{Label: modules.Say(r, "sharing.share.until")},
			{Label: modules.Say(r, "sharing.handover.open.becomes")},
		},
	}
	for _, f := range shares {
		becomes := "sharing.handover.shares.ends"
		if f.Anew {
			becomes = "sharing.handover.shares.anew"
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: p.service.deps.Bodies.Name(f.Receiver)}, {Text: modules.Say(r, "sharing.kind."+f.Kind)}, {Date: lastDay(f.Until)}, {Text: modules.Say(r, becomes)},
		}})
	}
	return t
}

// acceptance is what is asked about, with what was wrong in the answers.
type acceptance struct {
	Handover
	brings Preview
	wrong  map[string]string
	asked  Asked // where the person moved house
}

// addAcceptance asks who the person is here, who holds the case, and who answers for what is open.
func (p *pages) addAcceptance(r *http.Request, s tenants.Scope, of acceptance, page *showPage) error {
	if !p.service.deps.Permits(s, Take) {
		return nil
	}
	managers, err := p.service.cases.FindManagers(r.Context(), s)
	if err != nil {
		return err
	}
	var options []component.Option
	for _, c := range managers {
		options = append(options, component.Option{Value: c.Account.String(), Label: c.Name})
	}
	accept := &acceptForm{
		Action: "/passaggi/" + of.ID.String() + "/accetta", Button: component.Button{Label: modules.Say(r, "sharing.handover.accept"), Emphasis: component.Primary},
	}
	person, err := p.personField(r, s, of.Handover, of.wrong["persona"])
	if err != nil {
		return err
	}
	if person != nil {
		accept.Fields, accept.Hidden = append(accept.Fields, *person), []component.Hidden{{Name: asked, Value: "1"}}
	}
	accept.Fields = append(accept.Fields, component.Field{
		ID: "responsabile", Kind: component.Select, Required: true, Label: modules.Say(r, "sharing.handover.manager"), Options: options,
		Value: modules.Value(r, "responsabile"), Error: of.wrong["responsabile"],
	})
	for _, o := range of.brings.Obligations {
		if o.Moves {
			label := modules.Say(r, "sharing.handover.owner", "what", p.label(r, o.Key), "day", form.Day(o.Due).Format("02/01/2006"))
			field := component.Field{ID: "impegno-" + o.ID.String(), Kind: component.Select, Required: true, Label: label, Options: options}
			if field.Value = modules.Value(r, field.ID); field.Value == "" {
				field.Error = of.wrong["impegni"]
			}
			accept.Fields = append(accept.Fields, field)
		}
	}
	if !of.MovedOn.IsZero() {
		p.addSigning(r, of, accept)
	}
	page.Accept, page.Errors = accept, component.Summarize(accept.Fields...)
	for _, name := range []string{"destinatario", "restano"} {
		if of.wrong[name] != "" {
			page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: of.wrong[name]})
		}
	}
	return nil
}

// personField asks whether the person is one of the body's own; nil where nobody is alike.
func (p *pages) personField(r *http.Request, s tenants.Scope, h Handover, wrong string) (*component.Field, error) {
	alike, err := p.service.FindKnown(r.Context(), s, h)
	if err != nil || len(alike) == 0 {
		return nil, err
	}
	field := &component.Field{
		ID: "persona", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.handover.who"), Hint: modules.Say(r, "sharing.handover.who_hint"),
		Value: modules.Value(r, "persona"), Error: wrong,
	}
	for _, d := range alike {
		label := d.FullName()
		if !d.BirthDate.IsZero() {
			label += ", " + modules.Say(r, "sharing.handover.born_on", "day", d.BirthDate.Format("02/01/2006"))
		}
		field.Options = append(field.Options, component.Option{Value: d.ID.String(), Label: label, Hint: d.TaxCode})
	}
	field.Options = append(field.Options, component.Option{Value: newPerson, Label: modules.Say(r, "sharing.handover.who_new")})
	return field, nil
}

func (p *pages) steps(r *http.Request, s tenants.Scope, h Handover) component.ButtonRow {
	var row component.ButtonRow
	if h.Standing(time.Now()) != Offered {
		return row
	}
	path := "/passaggi/" + h.ID.String()
	if h.Taker == s.Tenant && p.service.deps.Permits(s, Take) {
		row.Buttons = append(row.Buttons, component.Button{Label: modules.Say(r, "sharing.handover.refuse"), URL: path + "/rifiuta"})
	}
	if h.Giver == s.Tenant && p.service.deps.Permits(s, Give) {
		row.Buttons = append(row.Buttons, component.Button{Label: modules.Say(r, "sharing.handover.withdraw"), URL: path + "/ritira"})
	}
	return row
}

func (p *pages) accept(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	t, err := p.taking(r)
	if err == nil && r.PostFormValue(confirmed) == "" {
		return p.confirmTaking(r, s, id, t)
	}
	if err == nil {
		_, err = p.service.Accept(r.Context(), s, id, t)
	}
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.showView(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/passaggi/"+id.String(), language.M("sharing.handover.done")), nil
}

// confirmed is sent by the page that says what taking a case over does.
const confirmed = "conferma"

// confirmTaking says what happens when the case is taken over, and carries what was answered.
func (p *pages) confirmTaking(r *http.Request, s tenants.Scope, id uuid.UUID, t Taking) (modules.View, error) {
	h, err := p.service.Rehearse(r.Context(), s, id, t)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.showView(r, s, err)
	}
	if err == nil {
		h, err = p.service.Get(r.Context(), s, id)
	}
	if err != nil {
		return modules.View{}, err
	}
	managers, err := p.service.cases.FindManagers(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	giver := p.service.deps.Bodies.Name(h.Giver)
	page := component.Confirm{
		Title: modules.Say(r, "sharing.handover.confirm"), Text: modules.Given(h.Person.FullName()),
		Consequences: []string{modules.Say(r, "sharing.handover.confirm.passes", "body", giver), modules.Say(r, "sharing.handover.confirm.closes", "body", giver)},
		Action:       "/passaggi/" + id.String() + "/accetta", CancelURL: "/passaggi/" + id.String(),
		Button: component.Button{Label: modules.Say(r, "sharing.handover.confirm.take"), Emphasis: component.Primary}, Hidden: sent(r),
	}
	if at := slices.IndexFunc(managers, func(c tenants.Colleague) bool { return c.Account == t.Manager }); at >= 0 {
		page.Consequences = append(page.Consequences, modules.Say(r, "sharing.handover.confirm.manager", "name", managers[at].Name))
	}
	page.Consequences = append(page.Consequences, modules.Say(r, "sharing.handover.confirm.final"))
	return modules.Render("sharing/confirm", language.M("sharing.handover.confirm"), page), nil
}

// sent carries the answers of the form of acceptance.
func sent(r *http.Request) []component.Hidden {
	carried := []component.Hidden{{Name: confirmed, Value: "1"}}
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		for _, value := range r.PostForm[name] {
			carried = append(carried, component.Hidden{Name: name, Value: value})
		}
	}
	return carried
}

// taking reads the form of acceptance. Nobody chosen is at fault here, where the service would take the actor.
func (p *pages) taking(r *http.Request) (Taking, error) {
	t := Taking{Manager: modules.LinkID(modules.Value(r, "responsabile")), Owners: map[uuid.UUID]uuid.UUID{}}
	var fields problem.Fields
	t.Manifest, t.Act = modules.Value(r, "elenco"), policies.Act{Number: modules.Value(r, "atto_numero"), Day: form.Day(modules.Value(r, "atto_data"))}
	if t.Manager == uuid.Nil {
		fields.Add("responsabile", "sharing.handover.error.manager")
	}
	who := modules.Value(r, "persona")
	if t.Person = modules.LinkID(who); t.Person == uuid.Nil && who != newPerson && (who != "" || r.PostForm.Has(asked)) {
		fields.Add("persona", "sharing.handover.error.who")
	}
	for name := range r.PostForm {
		if item, ok := cutObligation(name); ok {
			if account := modules.LinkID(modules.Value(r, name)); account != uuid.Nil {
				t.Owners[item] = account
			}
		}
	}
	return t, fields.Err()
}

func cutObligation(name string) (uuid.UUID, bool) {
	const prefix = "impegno-"
	if len(name) < len(prefix) || name[:len(prefix)] != prefix {
		return uuid.Nil, false
	}
	return modules.ParseID(name[len(prefix):])
}

func (p *pages) confirmRefusal(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.confirm(r, s, Refused, nil)
}

func (p *pages) confirmWithdrawal(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.confirm(r, s, Withdrawn, nil)
}

// confirm asks before an offer ends.
func (p *pages) confirm(r *http.Request, s tenants.Scope, state string, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	h, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if h.Standing(time.Now()) != Offered {
		return modules.Redirect("/passaggi/"+id.String(), language.M("sharing.handover.moved")), nil
	}
	key, path := "sharing.handover.refuse", "/rifiuta"
	if state == Withdrawn {
		key, path = "sharing.handover.withdraw", "/ritira"
	}
	page := component.Confirm{
		Title: modules.Say(r, key), Text: modules.Given(h.Person.FullName()), Consequences: []string{modules.Say(r, key+".effect")},
		Action: "/passaggi/" + id.String() + path, CancelURL: "/passaggi/" + id.String(), Button: component.Button{Label: modules.Say(r, key), Emphasis: component.Grave},
	}
	if state == Refused {
		page.Fields = []component.Field{{
			ID: "motivo", Kind: component.LongText, Rows: 3, Required: true, MaxLength: share.MaxWords, Label: modules.Say(r, "sharing.handover.refuse.words"),
			Hint: modules.Say(r, "sharing.hint.letters", "least", share.LeastWords, "most", share.MaxWords), Value: modules.Value(r, "motivo"), Error: modules.FieldErrors(r.Context(), refused)["motivo"],
		}}
	}
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("sharing/confirm", language.M(key), page)
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

func (p *pages) refuse(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.end(r, s, func(id uuid.UUID) error {
		_, err := p.service.Refuse(r.Context(), s, id, modules.Value(r, "motivo"))
		return err
	}, Refused)
}

func (p *pages) withdraw(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.end(r, s, func(id uuid.UUID) error {
		_, err := p.service.Withdraw(r.Context(), s, id)
		return err
	}, Withdrawn)
}

func (p *pages) end(r *http.Request, s tenants.Scope, step func(uuid.UUID) error, state string) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	switch err := step(id); {
	case problem.Is(err, problem.Invalid):
		return p.confirm(r, s, state, err)
	case problem.Is(err, problem.Conflict):
		return p.showView(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect("/passaggi/"+id.String(), language.M("sharing.handover.ended."+state)), nil
}
