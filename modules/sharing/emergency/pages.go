package emergency

import (
	"net/http"
	"slices"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

// Pages are the pages about emergencies.
func Pages(s *Service) []modules.Page {
	p := &pages{service: s}
	return []modules.Page{
		{Pattern: "GET /rete/emergenza", Permission: MayBreak, Handle: p.begin},
		{Pattern: "POST /rete/emergenza", Permission: MayBreak, Handle: p.look},
		{Pattern: "POST /rete/emergenza/conferma", Permission: MayBreak, Handle: p.open},
		{Pattern: "GET /rete/emergenze", Permission: share.MayOversee, Handle: p.list},
		{Pattern: "GET /rete/emergenze/{id}", Permission: share.MayRead, Handle: p.show},
		{Pattern: "POST /rete/emergenze/{id}", Permission: MayReview, Handle: p.review},
	}
}

// beginPage asks for the person and the reason.
type beginPage struct {
	Errors component.ErrorSummary
	Fields []component.Field
	Hidden []component.Hidden
	Submit component.Button
	Back   component.Link
}

func (p *pages) begin(r *http.Request, _ tenants.Scope) (modules.View, error) {
	return p.form(r, nil)
}

func (p *pages) form(r *http.Request, refused error) (modules.View, error) {
	wrong := modules.FieldErrors(r.Context(), refused)
	page := beginPage{
		Fields: []component.Field{
			{
				ID: "codice", Required: true, MaxLength: 20, Width: component.Medium, Label: modules.Say(r, "sharing.emergency.code"),
				Hint: modules.Say(r, "sharing.emergency.code_hint"), Value: modules.Value(r, "codice"), Error: wrong["codice"],
			},
			{
				ID: "motivo", Kind: component.LongText, Rows: 4, Required: true, MaxLength: share.MaxWords, Label: modules.Say(r, "sharing.emergency.reason"),
				Hint: modules.Say(r, "sharing.emergency.reason_hint"), Value: modules.Value(r, "motivo"), Error: wrong["motivo"],
			},
		},
		Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.FormValue("id")).String()}},
		Submit: component.Button{Label: modules.Say(r, "sharing.emergency.go_on"), Emphasis: component.Primary},
		Back:   component.Link{Label: modules.Say(r, "sharing.known.back"), URL: "/rete"},
	}
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("sharing/emergency", language.M("sharing.emergency.title"), page)
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

// request is what was sent so far.
func (p *pages) request(r *http.Request) Request {
	q := Request{ID: modules.FormID(r.PostFormValue("id")), TaxCode: modules.Value(r, "codice"), Reason: modules.Value(r, "motivo")}
	if body, _, err := p.service.deps.Bodies.BySlug(modules.Value(r, "ente")); err == nil {
		q.Body = body.ID
	}
	return q
}

// confirmPage says what happens before it does.
type confirmPage struct {
	Person component.Summary
	Ways   []wayForm
	Hidden []component.Hidden
	Back   component.Link
}

// wayForm opens the case of one body.
type wayForm struct {
	Body, Slug, Sections string
	Button               component.Button
}

func (p *pages) look(r *http.Request, s tenants.Scope) (modules.View, error) {
	q := p.request(r)
	ways, err := p.service.Look(r.Context(), s, q)
	if problem.Is(err, problem.Invalid) {
		return p.form(r, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	page := confirmPage{
		Person: component.Summary{Rows: []component.SummaryRow{
			{Label: modules.Say(r, "sharing.emergency.code"), Values: []string{q.TaxCode}},
			{Label: modules.Say(r, "sharing.emergency.reason"), Values: []string{q.Reason}, Lang: "it"},
		}},
		Hidden: []component.Hidden{{Name: "id", Value: q.ID.String()}, {Name: "codice", Value: q.TaxCode}, {Name: "motivo", Value: q.Reason}},
		Back:   component.Link{Label: modules.Say(r, "sharing.emergency.stop"), URL: "/rete"},
	}
	for _, way := range ways {
		body, err := p.service.deps.Bodies.ByID(way.Body)
		if err != nil {
			return modules.View{}, err
		}
		page.Ways = append(page.Ways, wayForm{
			Body: body.Name, Slug: body.Slug, Sections: form.Joined(r, way.Sections),
			Button: component.Button{Label: modules.Say(r, "sharing.emergency.open"), Hidden: body.Name, Emphasis: component.Primary},
		})
	}
	return modules.Render("sharing/emergency_confirm", language.M("sharing.emergency.confirm"), page), nil
}

func (p *pages) open(r *http.Request, s tenants.Scope) (modules.View, error) {
	opened, err := p.service.Open(r.Context(), s, p.request(r))
	if problem.Is(err, problem.Invalid) {
		return p.form(r, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/cartelle/"+opened.Ref, language.M("sharing.emergency.done", "until", clock(opened.Until))), nil
}

// clock is the time of the day, as people say it.
func clock(at time.Time) string { return at.In(language.Rome).Format("15:04") }

// listPage is the queue of reviews, and what was opened before.
type listPage struct {
	Only  string // which of them the page shows, unless all
	Table component.Table
	Back  component.Link
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	pick := Pick(r.FormValue("da"))
	found, err := p.service.Find(r.Context(), s, pick)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{
		Back: component.Link{Label: modules.Say(r, "sharing.known.back"), URL: "/rete"},
		Table: component.Table{
			Caption: modules.Say(r, "sharing.emergency.queue"), Hidden: true, Cards: true,
			Columns: []component.Column{
				{Label: modules.Say(r, "sharing.emergency.who")},
				{Label: modules.Say(r, "sharing.emergency.of")},
				{Label: modules.Say(r, "sharing.emergency.at")},
				{Label: modules.Say(r, "sharing.emergency.review")},
				{Label: modules.Say(r, "sharing.emergency.review_by")},
			},
			Empty: component.Empty{Title: modules.Say(r, "sharing.emergency.none"), Text: modules.Say(r, "sharing.emergency.none_text")},
		},
	}
	if pick != All {
		page.Only = modules.Say(r, "sharing.emergency.only."+string(pick))
		page.Back = component.Link{Label: modules.Say(r, "sharing.emergency.back"), URL: "/rete/emergenze"}
	}
	for _, e := range found {
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: e.By, URL: "/rete/emergenze/" + e.Share.String(), Note: p.service.deps.Bodies.Name(e.Receiver)},
			{Text: p.service.deps.Bodies.Name(e.Owner)},
			{Instant: e.At.In(language.Rome)},
			{Tags: []component.Tag{verdictTag(r, e)}},
			{Date: form.LastDay(e.ReviewBy)},
		}})
	}
	return modules.Render("sharing/emergencies", language.M("sharing.emergency.queue"), page), nil
}

func verdictTag(r *http.Request, e Emergency) component.Tag {
	switch {
	case e.Verdict == Justified:
		return component.Tag{Label: modules.Say(r, "sharing.emergency.justified"), Tone: component.Success}
	case e.Verdict == Unjustified:
		return component.Tag{Label: modules.Say(r, "sharing.emergency.unjustified"), Tone: component.Danger}
	case e.Overdue(time.Now()):
		return component.Tag{Label: modules.Say(r, "sharing.emergency.late"), Tone: component.Danger}
	}
	return component.Tag{Label: modules.Say(r, "sharing.emergency.waits"), Tone: component.Warning}
}

// reviewPage shows an emergency, with what was read, and asks its reviewer for a verdict.
type reviewPage struct {
	Errors   component.ErrorSummary
	Tag      component.Tag
	Summary  component.Summary
	Readings *component.Table
	Action   string
	Fields   []component.Field
	Submit   component.Button
	Back     component.Link
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.view(r, s, nil)
}

func (p *pages) view(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	e, seen, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	page := reviewPage{
		Tag: verdictTag(r, e), Summary: p.summary(r, e, seen), Action: "/rete/emergenze/" + id.String(),
		Back: component.Link{Label: modules.Say(r, "sharing.emergency.back"), URL: "/rete/emergenze"},
	}
	if !p.service.deps.Permits(s, share.MayOversee) { // whose page is the share
		page.Back = component.Link{Label: modules.Say(r, "sharing.emergency.to_share"), URL: "/condivisioni/" + id.String()}
	}
	if seen.Mine {
		readings, err := p.service.shares.FindReadings(r.Context(), s, seen)
		if err != nil {
			return modules.View{}, err
		}
		elsewhere := func(one share.Reading) bool { return one.Share != id }
		page.Readings = readingsTable(r, slices.DeleteFunc(readings, elsewhere))
	}
	if p.service.deps.Permits(s, MayReview) && seen.Mine && e.Verdict == "" {
		page.Fields = reviewFields(r, e, modules.FieldErrors(r.Context(), refused))
		page.Submit = component.Button{Label: modules.Say(r, "sharing.emergency.submit"), Emphasis: component.Primary}
		page.Errors = component.Summarize(page.Fields...)
	}
	view := modules.Render("sharing/emergency_review", language.M("sharing.emergency.one"), page)
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

func (p *pages) summary(r *http.Request, e Emergency, seen share.Seen) component.Summary {
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "sharing.emergency.who"), Values: []string{e.By + ", " + p.service.deps.Bodies.Name(e.Receiver)}},
		{Label: modules.Say(r, "sharing.emergency.of"), Values: []string{p.service.deps.Bodies.Name(e.Owner)}},
		{Label: modules.Say(r, "sharing.emergency.at"), Values: []string{e.At.In(language.Rome).Format("02/01/2006, 15:04") + " – " + clock(e.Until)}},
		{Label: modules.Say(r, "sharing.share.sections"), Values: form.Sections(r, seen.Sections)},
	}
	if seen.Number != "" {
		row := component.SummaryRow{Label: modules.Say(r, "sharing.shared.case"), Values: []string{seen.Number}}
		if seen.CaseRef != "" {
			row.Change = &component.Link{Label: modules.Say(r, "sharing.emergency.to_case"), URL: "/cartelle/" + seen.CaseRef}
		}
		rows = append(rows, row)
	}
	rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.emergency.reason"), Values: []string{e.Reason}, Lang: "it"})
	if over := e.Over(time.Now()); !over.IsZero() {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.emergency.over"), Values: []string{over.In(language.Rome).Format("02/01/2006, 15:04")}})
	}
	if e.Verdict == "" {
		return component.Summary{Rows: append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.emergency.review_by"), Date: form.LastDay(e.ReviewBy)})}
	}
	return component.Summary{Rows: append(
		rows,
		component.SummaryRow{Label: modules.Say(r, "sharing.emergency.reviewed"), Values: []string{e.ReviewedBy + ", " + e.ReviewedAt.In(language.Rome).Format("02/01/2006")}},
		component.SummaryRow{Label: modules.Say(r, "sharing.emergency.words"), Values: []string{e.Words}, Lang: "it"},
	)}
}

func readingsTable(r *http.Request, readings []share.Reading) *component.Table {
	t := &component.Table{
		ID: "letture", Caption: modules.Say(r, "sharing.emergency.read"), Hidden: true, Cards: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "sharing.known.hour")},
			{Label: modules.Say(r, "sharing.known.who")},
			{Label: modules.Say(r, "sharing.share.sections")},
		},
		Empty: component.Empty{Title: modules.Say(r, "sharing.emergency.nothing_read")},
	}
	for _, one := range readings {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Instant: one.At.In(language.Rome)}, {Text: one.Actor}, {Text: form.Read(r, one.Sections)},
		}})
	}
	return t
}

func reviewFields(r *http.Request, e Emergency, wrong map[string]string) []component.Field {
	verdict := component.Field{ID: "esito", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.emergency.verdict"), Value: modules.Value(r, "esito"), Error: wrong["esito"]}
	if e.Over(time.Now()).IsZero() {
		verdict.Hint = modules.Say(r, "sharing.emergency.verdict_hint", "until", clock(e.Until))
	}
	for _, v := range Verdicts {
		verdict.Options = append(verdict.Options, component.Option{Value: v, Label: modules.Say(r, "sharing.emergency."+v)})
	}
	return []component.Field{verdict, {
		ID: "motivo", Kind: component.LongText, Rows: 4, Required: true, MaxLength: share.MaxWords, Label: modules.Say(r, "sharing.emergency.words"),
		Hint: modules.Say(r, "sharing.emergency.words_hint"), Value: modules.Value(r, "motivo"), Error: wrong["motivo"],
	}}
}

func (p *pages) review(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.Review(r.Context(), s, id, modules.Value(r, "esito"), modules.Value(r, "motivo"))
	if problem.Is(err, problem.Invalid) {
		return p.view(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	thanks := "sharing.emergency.thanks"
	if modules.Value(r, "esito") == Unjustified {
		thanks = "sharing.emergency.thanks_ended"
	}
	return modules.Redirect("/rete/emergenze/"+id.String(), language.M(thanks)), nil
}
