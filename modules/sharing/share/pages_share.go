package share

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/form"
	"staffetta/tenants"
)

// requestsPage lists the shares that the body received or sent.
type requestsPage struct {
	Tabs  component.Sections
	Help  string
	Also  []component.Link // what else of the network awaits the actor
	Table component.Table
}

func (p *pages) requests(r *http.Request, s tenants.Scope) (modules.View, error) {
	waiting, err := p.service.CountWaiting(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := requestsPage{Tabs: p.service.Tabs(r, s, "ricevute", waiting), Help: modules.Say(r, "sharing.requests.help")}
	if waiting > 0 && !p.service.deps.Permits(s, MayDecide) {
		deciders, err := p.service.findDeciders(r.Context(), s)
		if err != nil {
			return modules.View{}, err
		}
		said := modules.Say(r, "sharing.requests.others_decide")
		if len(deciders) > 0 {
			said = modules.Say(r, "sharing.requests.others_decide_named", "names", strings.Join(deciders, ", "))
		}
		page.Help += " " + said
	}
	sent := r.FormValue("inviate") == "1"
	if sent {
		page.Tabs, page.Help = p.service.Tabs(r, s, "inviate", waiting), modules.Say(r, "sharing.requests.sent_help")
	}
	if page.Also, err = form.WaitingElsewhere(r, p.service.deps, s); err != nil {
		return modules.View{}, err
	}
	if r.FormValue("scadenza") == "1" {
		return p.due(r, s, page, waiting)
	}
	found, next, err := p.service.findInbox(r.Context(), s, sent, parseInbox(r))
	if err != nil {
		return modules.View{}, err
	}
	if page.Table, err = p.service.Table(r, s, found); err != nil {
		return modules.View{}, err
	}
	if !next.After.IsZero() {
		page.Table.Pager = &component.Pager{Next: "/rete/richieste?" + next.values(sent).Encode()}
	}
	return modules.Render("sharing/inbox", language.M("sharing.requests.title"), page), nil
}

// due shows what has to be answered, or ends, within days.
func (p *pages) due(r *http.Request, s tenants.Scope, page requestsPage, waiting int) (modules.View, error) {
	found, _, err := p.service.Find(r.Context(), s, Query{Due: true})
	if err != nil {
		return modules.View{}, err
	}
	page.Tabs, page.Help = p.service.Tabs(r, s, "scadenza", waiting), modules.Say(r, "sharing.requests.due_help")
	if page.Table, err = p.service.Table(r, s, found); err != nil {
		return modules.View{}, err
	}
	page.Table.Empty = component.Empty{Title: modules.Say(r, "sharing.requests.none_due"), Text: modules.Say(r, "sharing.requests.none_due_text")}
	return modules.Render("sharing/inbox", language.M("sharing.requests.title"), page), nil
}

// Table lists shares, each with the way to it, what came of it and, where its bodies have more than one agreement, which.
func (s *Shares) Table(r *http.Request, scope tenants.Scope, found []Seen) (component.Table, error) {
	title, err := agreement.Titles(r.Context(), s.deps, scope)
	if err != nil {
		return component.Table{}, err
	}
	t := component.Table{
		Caption: modules.Say(r, "sharing.requests.title"), Hidden: true, Cards: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "sharing.share.purpose")},
			{Label: modules.Say(r, "sharing.share.body")},
			{Label: modules.Say(r, "sharing.share.state")},
			{Label: modules.Say(r, "sharing.share.due")},
			{Label: modules.Say(r, "sharing.share.sections")},
			{Label: modules.Say(r, "sharing.share.until")},
			{Label: modules.Say(r, "sharing.share.offered")},
		},
		Empty: component.Empty{Title: modules.Say(r, "sharing.requests.none"), Text: modules.Say(r, "sharing.requests.none_text")},
	}
	for _, one := range found {
		other := one.Owner
		if one.Mine {
			other = one.Receiver
		}
		tags := []component.Tag{standingTag(r, one.Share)}
		if one.News {
			tags = append(tags, component.Tag{Label: modules.Say(r, "sharing.share.news"), Tone: component.Info})
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: one.PurposeLabel, URL: "/condivisioni/" + one.ID.String(), Note: shareNote(r, one.Share), Lang: "it"},
			{Text: s.deps.Bodies.Name(other), Note: title(one.Agreement, other)},
			{Tags: tags, Note: outcome(r, one.Share)},
			dueCell(one.Share),
			{Text: form.Joined(r, one.Sections)},
			{Date: form.LastDay(one.Until)},
			{Instant: one.Offered.At.In(language.Rome)},
		}})
	}
	return t, nil
}

// outcome is what came of a service request; "" while nobody has said it.
func outcome(r *http.Request, s Share) string {
	if s.OutcomeKind == "" {
		return ""
	}
	return modules.Say(r, "sharing.outcome."+s.OutcomeKind)
}

// shareNote says which kind of share it is, and which one, as far as the viewer may know it.
func shareNote(r *http.Request, s Share) string {
	return strings.Join(modules.Given(modules.Say(r, "sharing.kind."+s.Kind), subject(r, s)), ", ")
}

// dueCell is the day by which somebody has to answer.
func dueCell(s Share) component.Cell {
	if s.Standing(time.Now()) != Offered {
		return component.Cell{}
	}
	return component.Cell{Date: form.LastDay(s.AnswerBy)}
}

// sharedPage lists the cases that other bodies show.
type sharedPage struct {
	Table component.Table
}

func (p *pages) shared(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, next, err := p.service.FindShared(r.Context(), s, parsePlace(r.FormValue("dopo")))
	if err != nil {
		return modules.View{}, err
	}
	t := component.Table{
		Caption: modules.Say(r, "sharing.shared.title"), Hidden: true, Cards: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "sharing.shared.case")},
			{Label: modules.Say(r, "sharing.shared.person")},
			{Label: modules.Say(r, "sharing.shared.owner")},
			{Label: modules.Say(r, "sharing.share.sections")},
			{Label: modules.Say(r, "sharing.share.until")},
		},
		Empty: component.Empty{Title: modules.Say(r, "sharing.shared.none"), Text: modules.Say(r, "sharing.shared.none_text")},
	}
	for _, c := range found {
		owner, err := p.service.deps.Bodies.ByID(c.Owner)
		if err != nil {
			continue // the body has left the platform
		}
		name := c.ListName()
		if name == "" {
			name = modules.Say(r, "sharing.shared.hidden_name")
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: c.Number, URL: "/cartelle/" + owner.Slug + "~" + c.Case.String()}, {Text: name}, {Text: owner.Name}, {Text: form.Joined(r, c.Sections)}, {Date: form.LastDay(c.Until)},
		}})
	}
	if next != (Place{}) {
		t.Pager = &component.Pager{Next: "/condivisi?dopo=" + next.String()}
	}
	return modules.Render("sharing/shared", language.M("sharing.shared.title"), sharedPage{Table: t}), nil
}

// String writes the place for a URL; the zero Place is "".
func (p Place) String() string {
	if p == (Place{}) {
		return ""
	}
	return strconv.Itoa(int(p.Owner)) + "." + p.Case.String()
}

// parsePlace reads a place; anything else is the beginning.
func parsePlace(text string) Place {
	owner, id, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(owner, 10, 32)
	parsed, ok := modules.ParseID(id)
	if err != nil || !ok {
		return Place{}
	}
	return Place{Owner: int32(n), Case: parsed}
}

// sharePage shows a share as far as the viewer may see it.
type sharePage struct {
	Tag      component.Tag
	Notice   *component.Alert
	Errors   component.ErrorSummary
	Summary  component.Summary
	Open     *component.Button
	Review   *component.Link // of an emergency
	Accept   *acceptForm
	Steps    component.ButtonRow
	Readings *component.Table

	Amendments []component.Summary
}

// acceptForm accepts a share for everybody or for one colleague.
type acceptForm struct {
	Action string
	Field  component.Field
	Button component.Button
}

func (p *pages) showShare(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.shareView(r, s, nil)
}

// View shows the share of the path, with why a step was refused.
func (s *Shares) View(r *http.Request, scope tenants.Scope, refused error) (modules.View, error) {
	return (&pages{service: s}).shareView(r, scope, refused)
}

func (p *pages) shareView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	seen, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if seen.Kind == Handover {
		return modules.Redirect("/passaggi/"+id.String(), language.Message{}), nil
	}
	page := sharePage{Tag: standingTag(r, seen.Share), Summary: p.shareSummary(r, s, seen), Steps: p.shareSteps(r, s, seen)}
	page.Notice = shareNotice(r, seen)
	if words := outcome(r, seen.Share); words != "" && seen.Mine {
		page.Notice = &component.Alert{Tone: component.Info, Title: modules.Say(r, "sharing.act.report.outcome") + ": " + words}
	}
	if name := p.reader(r, s, seen.Share); name != "" && page.Notice != nil && seen.Standing(time.Now()) == Active {
		page.Notice.Title, page.Notice.Text = modules.Say(r, "sharing.share.shut_for", "name", name), modules.Say(r, "sharing.share.shut_for_text")
	}
	if problem.Is(refused, problem.Conflict) { // the share has moved on meanwhile
		page.Notice = &component.Alert{Tone: component.Warning, Text: language.Say(r.Context(), problem.Of(refused).Message)}
	}
	if seen.Kind == BreakGlass {
		page.Review = &component.Link{Label: modules.Say(r, "sharing.emergency.to_review"), URL: "/rete/emergenze/" + seen.ID.String()}
	}
	if seen.CaseRef != "" {
		page.Open = &component.Button{Label: modules.Say(r, "sharing.share.open"), URL: "/cartelle/" + seen.CaseRef}
	}
	if err := p.addDecision(r, s, seen, refused, &page); err != nil {
		return modules.View{}, err
	}
	if err := p.addAmendments(r, s, seen, &page); err != nil {
		return modules.View{}, err
	}
	if seen.Mine && seen.Sight == Whole {
		readings, err := p.service.FindReadings(r.Context(), s, seen)
		if err != nil {
			return modules.View{}, err
		}
		page.Readings = p.readingTable(r, seen.ID, readings)
	}
	view := modules.Render("sharing/share", language.M("sharing.share.title"), page)
	if refused != nil {
		view.Status = problem.Of(refused).Kind.Status()
	}
	return view, nil
}

// shareNotice tells a receiver why it does not see more.
func shareNotice(r *http.Request, seen Seen) *component.Alert {
	if seen.Sight != Glimpse {
		return nil
	}
	var key string
	switch seen.Standing(time.Now()) {
	case Offered:
		key = "preview"
	case Active:
		key = "shut"
	case Revoked, Closed, Expired:
		key = "over"
	default:
		return nil // the tag says it all
	}
	return &component.Alert{Tone: component.Info, Title: modules.Say(r, "sharing.share."+key), Text: modules.Say(r, "sharing.share."+key+"_text")}
}

// addDecision lets who may decide accept what is offered.
func (p *pages) addDecision(r *http.Request, s tenants.Scope, seen Seen, refused error, page *sharePage) error {
	if seen.Mine || seen.Standing(time.Now()) != Offered || !p.service.deps.Permits(s, MayDecide) {
		return nil
	}
	readers, err := p.service.FindReaders(r.Context(), s)
	if err != nil {
		return err
	}
	field := component.Field{ID: "incaricato", Kind: component.Select, Label: modules.Say(r, "sharing.share.addressee"), Hint: modules.Say(r, "sharing.share.addressee_hint"), Value: modules.Value(r, "incaricato")}
	for _, c := range readers {
		field.Options = append(field.Options, component.Option{Value: c.Account.String(), Label: c.Name})
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	field.Error = wrong["incaricato"]
	page.Accept = &acceptForm{Action: "/condivisioni/" + seen.ID.String() + "/accetta", Field: field, Button: component.Button{Label: modules.Say(r, "sharing.share.accept"), Emphasis: component.Primary}}
	page.Errors = component.Summarize(field)
	for _, name := range []string{"destinatario", "scopo", "sezioni", "fino"} {
		if wrong[name] != "" {
			page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: wrong[name]})
		}
	}
	return nil
}

func (p *pages) shareSummary(r *http.Request, s tenants.Scope, seen Seen) component.Summary {
	bodies := p.service.deps.Bodies
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "sharing.share.kind"), Values: []string{modules.Say(r, "sharing.kind."+seen.Kind)}},
		{Label: modules.Say(r, "sharing.share.from"), Values: []string{bodies.Name(seen.Owner)}},
		{Label: modules.Say(r, "sharing.share.to"), Values: []string{bodies.Name(seen.Receiver)}},
		{Label: modules.Say(r, "sharing.share.purpose"), Values: []string{seen.PurposeLabel}, Lang: "it"},
	}
	rows = append(rows, seen.Preview.Rows(r)...)
	rows = append(rows,
		component.SummaryRow{Label: modules.Say(r, "sharing.share.sections"), Values: form.Sections(r, seen.Sections)},
		untilRow(r, seen.Share),
		component.SummaryRow{Label: modules.Say(r, "sharing.share.basis"), Values: modules.Given(modules.Say(r, "sharing.basis."+seen.LegalBasis), seen.BasisReason)},
		component.SummaryRow{Label: modules.Say(r, "sharing.share.agreement"), Values: []string{p.agreement(r, s, seen.Agreement)}, Change: &component.Link{Label: modules.Say(r, "sharing.share.agreement_open"), URL: "/rete/accordi/" + seen.Agreement.String()}},
	)
	if len(seen.Writable) > 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.share.writable"), Values: form.Sections(r, seen.Writable)})
	}
	if seen.State == Offered {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.offer.answer"), Date: form.LastDay(seen.AnswerBy)})
	}
	rows = append(append(rows, wholeRows(r, seen)...), p.markRows(r, seen)...)
	return component.Summary{Rows: append(rows, timeRows(r, seen.Share)...)}
}

// untilRow is the last day of a share, and the last minute of what was opened in an emergency.
func untilRow(r *http.Request, s Share) component.SummaryRow {
	row := component.SummaryRow{Label: modules.Say(r, "sharing.share.until"), Date: form.LastDay(s.Until)}
	if s.Kind == BreakGlass {
		row.Date, row.Values = time.Time{}, []string{s.Until.In(language.Rome).Format("02/01/2006 15:04")}
	}
	return row
}

// ExtraRows are the sections beyond the purpose, with their reason.
func ExtraRows(r *http.Request, s Share) []component.SummaryRow {
	if len(s.Extra) == 0 {
		return nil
	}
	return []component.SummaryRow{{Label: modules.Say(r, "sharing.share.extra"), Values: []string{form.Joined(r, s.Extra), s.ExtraReason}}}
}

// wholeRows are what only a whole sight shows.
func wholeRows(r *http.Request, seen Seen) []component.SummaryRow {
	if seen.Sight != Whole {
		return nil
	}
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "sharing.share.number"), Values: modules.Given(seen.Number)},
		{Label: ReasonLabel(r, seen.Kind), Values: []string{seen.Reason}, Lang: "it"},
	}
	rows = append(rows, ExtraRows(r, seen.Share)...)
	if len(seen.Withheld) > 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.share.withheld"), Values: []string{form.Joined(r, seen.Withheld)}})
	}
	return rows
}

// markRows tell who did what to the share.
func (p *pages) markRows(r *http.Request, seen Seen) []component.SummaryRow {
	var rows []component.SummaryRow
	for _, m := range []struct {
		key, words string
		mark       Mark
	}{{"offered", "", seen.Offered}, {"decided", seen.DecisionReason, seen.Decided}, {"ended", seen.Outcome, seen.Ended}} {
		if m.mark.Tenant == 0 {
			continue
		}
		who := m.mark.Name + ", " + p.service.deps.Bodies.Name(m.mark.Tenant) + ", " + m.mark.At.In(language.Rome).Format("02/01/2006 15:04")
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.share."+m.key), Values: modules.Given(who, m.words)})
	}
	if seen.OutcomeKind != "" {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.act.report.outcome"), Values: []string{modules.Say(r, "sharing.outcome."+seen.OutcomeKind)}})
	}
	return rows
}

// timeRows tell how long a service request took, from asking to answering and from there to the outcome.
func timeRows(r *http.Request, s Share) []component.SummaryRow {
	if s.Kind != ServiceRequest || s.Decided.At.IsZero() {
		return nil
	}
	row := func(key string, from, to time.Time) component.SummaryRow {
		return component.SummaryRow{Label: modules.Say(r, "sharing.time."+key), Values: []string{modules.Say(r, "sharing.time.days", "n", int(to.Sub(from).Hours()/24))}}
	}
	rows := []component.SummaryRow{row("answer", s.Offered.At, s.Decided.At)}
	if s.OutcomeKind != "" {
		rows = append(rows, row("service", s.Decided.At, s.Ended.At))
	}
	return rows
}

func (p *pages) readingTable(r *http.Request, share uuid.UUID, readings []Reading) *component.Table {
	t := &component.Table{
		ID: "letture", Caption: modules.Say(r, "sharing.readings.title"), Hidden: true,
		Columns: []component.Column{{Label: modules.Say(r, "sharing.readings.when")}, {Label: modules.Say(r, "sharing.readings.who")}, {Label: modules.Say(r, "sharing.share.sections")}},
		Empty:   component.Empty{Title: modules.Say(r, "sharing.readings.none")},
	}
	for _, one := range readings {
		what := component.Cell{Text: form.Read(r, one.Sections)}
		if one.Share != share {
			what.Actions = []component.Link{{Label: modules.Say(r, "sharing.readings.other"), URL: "/condivisioni/" + one.Share.String()}}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Instant: one.At.In(language.Rome)}, {Text: one.Actor, Note: p.service.deps.Bodies.Name(one.Body)}, what}})
	}
	return t
}

func (p *pages) shareSteps(r *http.Request, s tenants.Scope, seen Seen) component.ButtonRow {
	var row component.ButtonRow
	if seen.Mine && seen.Sight == Whole && seen.Standing(time.Now()) == Active && p.service.deps.Permits(s, MayOffer) {
		row.Buttons = append(row.Buttons, component.Button{Label: modules.Say(r, "sharing.amend.title"), URL: "/condivisioni/" + seen.ID.String() + "/modifica"})
	}
	for _, step := range Steps {
		if step.Open(seen, time.Now()) && p.service.deps.Permits(s, step.Permission) {
			row.Buttons = append(row.Buttons, component.Button{Label: modules.Say(r, stepKey(step, seen.Kind)), URL: "/condivisioni/" + seen.ID.String() + "/" + step.Path})
		}
	}
	return row
}

// stepKey begins the messages of a step.
func stepKey(step Step, kind string) string {
	if step.Reports(kind) {
		return "sharing.act.report"
	}
	return "sharing.act." + step.Key
}

func (p *pages) accept(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	to := Addressee{Account: modules.LinkID(modules.Value(r, "incaricato"))}
	if to.Account == uuid.Nil && modules.Value(r, "incaricato") != "" {
		to.Account = uuid.Max // nobody: what cannot be read must not become everybody
	}
	made, err := p.service.Accept(r.Context(), s, id, to)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.shareView(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	done := language.M("sharing.act.accept.done")
	if name := p.reader(r, s, made); name != "" {
		done = language.M("sharing.act.accept.done_for", "name", name)
	}
	return modules.Redirect("/condivisioni/"+id.String(), done), nil
}

func (p *pages) confirm(step Step) func(*http.Request, tenants.Scope) (modules.View, error) {
	return func(r *http.Request, s tenants.Scope) (modules.View, error) { return p.confirmView(r, s, step, nil) }
}

func (p *pages) confirmView(r *http.Request, s tenants.Scope, step Step, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	seen, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if !step.Begins(seen.Share, time.Now()) {
		view, err := p.shareView(r, s, Moved(seen.Share, time.Now()))
		view.Status = 0
		return view, err
	}
	if seen.Kind == Handover {
		return modules.Redirect("/passaggi/"+id.String(), language.Message{}), nil
	}
	key := stepKey(step, seen.Kind)
	page := component.Confirm{
		Title: modules.Say(r, key), Text: []string{seen.PurposeLabel}, Consequences: []string{modules.Say(r, key+".effect")},
		Action: "/condivisioni/" + id.String() + "/" + step.Path, CancelURL: "/condivisioni/" + id.String(),
		Button: component.Button{Label: modules.Say(r, key), Emphasis: component.Grave}, Fields: stepFieldsOf(r, step, seen.Kind, refused),
	}
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("sharing/confirm", language.M(key), page)
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

// stepFieldsOf asks for what a step wants to be said.
func stepFieldsOf(r *http.Request, step Step, kind string, refused error) (fields []component.Field) {
	wrong := modules.FieldErrors(r.Context(), refused)
	if step.Reports(kind) {
		outcome := component.Field{ID: "esito", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.act.report.outcome"), Value: modules.Value(r, "esito"), Error: wrong["esito"]}
		for _, id := range Outcomes {
			outcome.Options = append(outcome.Options, component.Option{Value: id, Label: modules.Say(r, "sharing.outcome."+id)})
		}
		fields = append(fields, outcome)
	}
	if step.Words {
		fields = append(fields, component.Field{
			ID: "motivo", Kind: component.LongText, Rows: 3, Required: true, MaxLength: MaxWords, Label: modules.Say(r, stepKey(step, kind)+".words"),
			Hint:  modules.Say(r, "sharing.hint.letters", "least", LeastWords, "most", MaxWords),
			Value: modules.Value(r, "motivo"), Error: wrong["motivo"],
		})
	}
	return fields
}

func (p *pages) finish(step Step) func(*http.Request, tenants.Scope) (modules.View, error) {
	return func(r *http.Request, s tenants.Scope) (modules.View, error) {
		id, err := modules.PathID(r, "id")
		if err != nil {
			return modules.View{}, err
		}
		share, err := p.service.End(r.Context(), s, id, step, Ending{Words: modules.Value(r, "motivo"), Outcome: modules.Value(r, "esito")})
		switch {
		case problem.Is(err, problem.Invalid):
			return p.confirmView(r, s, step, err)
		case problem.Is(err, problem.Conflict):
			return p.shareView(r, s, err)
		case err != nil:
			return modules.View{}, err
		}
		return modules.Redirect("/condivisioni/"+id.String(), language.M(stepKey(step, share.Kind)+".done")), nil
	}
}

// ReasonLabel asks why, or what the other body is to do.
func ReasonLabel(r *http.Request, kind string) string {
	if kind == ServiceRequest {
		return modules.Say(r, "sharing.share.request")
	}
	return modules.Say(r, "sharing.share.reason")
}
