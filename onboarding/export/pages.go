package export

import (
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const at = "/console/esportazione"

type pages struct {
	service *Service
}

// Pages are the pages where a body takes out what it owns.
func Pages(v *Service) []modules.Page {
	p := &pages{v}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Read, Nav: &modules.Nav{Label: "onboarding.export.nav", Order: 80, About: "onboarding.export.about"}, Handle: p.list},
		{Pattern: "POST " + at, Permission: Ask, Handle: p.ask},
		{Pattern: "GET " + at + "/{export}", Permission: Read, Handle: p.show},
		{Pattern: "GET " + at + "/{export}/archivio", Permission: Read, Handle: p.fetch},
		{Pattern: "POST " + at + "/{export}/ritira", Permission: Ask, Handle: p.withdraw},
		{Pattern: "POST " + at + "/{export}/accetta", Permission: Agree, Handle: p.agree},
		{Pattern: "POST " + at + "/{export}/rifiuta", Permission: Agree, Handle: p.refuse},
	}
}

// listPage lists the exports, with the form to ask for one.
type listPage struct {
	modules.Refusal
	List   component.Table
	Ask    bool
	Action string
	ID     string
	Fields []component.Field
	Send   component.Button
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.listView(r, s, nil)
}

func (p *pages) listView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	found, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{
		Action: at, ID: modules.FormID(r.PostFormValue("id")).String(), Ask: p.service.deps.Permits(s, Ask),
		Send: component.Button{Label: modules.Say(r, "onboarding.export.ask"), Emphasis: component.Primary},
		List: component.Table{
			ID: "esportazioni", Caption: modules.Say(r, "onboarding.export.list"), Cards: true, Columns: []component.Column{
				{Label: modules.Say(r, "onboarding.export.receiver")}, {Label: modules.Say(r, "onboarding.export.asked")}, {Label: modules.Say(r, "onboarding.export.state")},
			},
			Empty: component.Empty{Title: modules.Say(r, "onboarding.export.none")},
		},
	}
	for _, e := range found {
		page.Ask = page.Ask && !e.Open()
		page.List.Rows = append(page.List.Rows, component.Row{Cells: []component.Cell{
			{Text: e.Receiver, URL: at + "/" + e.ID.String()}, {Instant: e.AskedAt, Note: e.AskedName}, {Tags: []component.Tag{stateTag(r, e.State)}},
		}})
	}
	if page.Ask {
		page.Fields = askFields(r, refused)
	}
	view := modules.Render("onboarding/exports", language.M("onboarding.export.title"), &page)
	return page.Explain(r, view, refused, page.Fields...), nil
}

func stateTag(r *http.Request, state State) component.Tag {
	tones := map[State]component.Tone{Asked: component.Info, Agreed: component.Info, Ready: component.Success, Failed: component.Danger}
	return component.Tag{Label: modules.Say(r, "onboarding.export.state_"+string(state)), Tone: tones[state]}
}

func askFields(r *http.Request, refused error) []component.Field {
	return modules.Filled(
		r, refused,
		component.Field{ID: "destinatario", Label: modules.Say(r, "onboarding.export.receiver"), Hint: modules.Say(r, "onboarding.export.receiver_hint"), Required: true, MaxLength: 200},
		keyField(r, "onboarding.export.key_hint"),
		component.Field{ID: "motivo", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "onboarding.export.reason"), Required: true, MaxLength: 2000},
	)
}

func keyField(r *http.Request, hint string) component.Field {
	return component.Field{ID: "chiave", Label: modules.Say(r, "onboarding.export.key"), Hint: modules.Say(r, hint), Required: true, MaxLength: 3000}
}

func (p *pages) ask(r *http.Request, s tenants.Scope) (modules.View, error) {
	id := modules.FormID(r.PostFormValue("id"))
	err := p.service.Ask(r.Context(), s, Request{ID: id, Receiver: modules.Value(r, "destinatario"), Recipient: modules.Value(r, "chiave"), Reason: modules.Value(r, "motivo")})
	if modules.IsAnswered(err) {
		return p.listView(r, s, err)
	}
	return done(id, err, "onboarding.export.asked_done")
}

func done(id uuid.UUID, err error, key string) (modules.View, error) {
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(at+"/"+id.String(), language.M(key)), nil
}

// sheetPage is one export with what can be done with it.
type sheetPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Title     string
	Tag       component.Tag
	Summary   component.Summary
	Progress  string
	Fetch     *component.Button
	FetchNote string
	Agree     *component.Decision
	Refuse    *component.Decision
	Withdraw  *component.Decision
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.sheetView(r, s, nil)
}

func (p *pages) sheetView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "export")
	if err != nil {
		return modules.View{}, err
	}
	e, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	page := sheetPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.export.title"), URL: at}, {Label: e.Receiver}}},
		Title:      modules.Say(r, "onboarding.export.for", "receiver", e.Receiver), Tag: stateTag(r, e.State), Summary: summary(r, e),
	}
	if e.State == Agreed {
		page.Progress = modules.Say(r, "onboarding.export.progress", "done", e.Done, "steps", e.Steps)
	}
	if e.State == Ready {
		page.Fetch = &component.Button{Label: modules.Say(r, "onboarding.export.fetch"), URL: at + "/" + id.String() + "/archivio", Emphasis: component.Primary}
		page.FetchNote = modules.Say(r, "onboarding.export.fetch_note", "day", day(*e.ExpiresAt), "file", fileName(s, e))
	}
	p.decisions(r, s, e, &page, refused)
	view := modules.Render("onboarding/export", language.M("onboarding.export.for", "receiver", e.Receiver), &page)
	return page.Explain(r, view, refused, component.FieldsOf(page.Agree, page.Refuse)...), nil
}

// decisions offers what the actor may decide now.
func (p *pages) decisions(r *http.Request, s tenants.Scope, e Export, page *sheetPage, refused error) {
	if e.State != Asked {
		return
	}
	here := at + "/" + e.ID.String()
	if p.service.deps.Permits(s, Agree) && (e.AskedBy == nil || *e.AskedBy != s.Account) {
		page.Agree = &component.Decision{
			Title: modules.Say(r, "onboarding.export.agree_title"), Text: modules.Say(r, "onboarding.export.agree_text"), Action: here + "/accetta",
			Fields: modules.Filled(r, refused, keyField(r, "onboarding.export.own_key_hint")),
			Button: component.Button{Label: modules.Say(r, "onboarding.export.agree"), Emphasis: component.Primary},
		}
		page.Refuse = &component.Decision{
			Title: modules.Say(r, "onboarding.export.refuse_title"), Action: here + "/rifiuta",
			Fields: modules.Filled(r, refused, component.Field{ID: "perche", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "onboarding.export.why"), Required: true, MaxLength: 2000}),
			Button: component.Button{Label: modules.Say(r, "onboarding.export.refuse")},
		}
	}
	if p.service.deps.Permits(s, Ask) {
		page.Withdraw = &component.Decision{Action: here + "/ritira", Button: component.Button{Label: modules.Say(r, "onboarding.export.withdraw")}}
	}
}

func day(at time.Time) string { return at.In(language.Rome).Format("02/01/2006") }

func instant(at time.Time) string { return at.In(language.Rome).Format("02/01/2006 15:04") }

func summary(r *http.Request, e Export) component.Summary {
	var list component.Summary
	add := func(key, value string) {
		if value != "" {
			list.Rows = append(list.Rows, component.SummaryRow{Label: modules.Say(r, "onboarding.export."+key), Values: []string{value}})
		}
	}
	add("receiver", e.Receiver)
	add("reason", e.Reason)
	add("key", e.Recipient)
	add("asked", e.AskedName+", "+instant(e.AskedAt))
	if e.DecidedAt != nil {
		add("decided", e.DecidedName+", "+instant(*e.DecidedAt))
	}
	add("why", e.Words)
	if e.MadeAt != nil {
		add("made", instant(*e.MadeAt))
		add("sum", e.ManifestSum)
	}
	if e.Size > 0 {
		add("size", language.Figure(r.Context(), fmt.Sprintf("%.1f", float64(e.Size)/(1<<20)))+" MB")
	}
	if e.FetchedAt != nil {
		add("fetched", e.FetchedName+", "+instant(*e.FetchedAt))
	}
	return list
}

func (p *pages) withdraw(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.decide(r, s, "onboarding.export.withdrawn_done", func(id uuid.UUID) error { return p.service.Withdraw(r.Context(), s, id) })
}

func (p *pages) agree(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.decide(r, s, "onboarding.export.agreed_done", func(id uuid.UUID) error {
		return p.service.Agree(r.Context(), s, id, modules.Value(r, "chiave"))
	})
}

func (p *pages) refuse(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.decide(r, s, "onboarding.export.refused_done", func(id uuid.UUID) error {
		return p.service.Refuse(r.Context(), s, id, modules.Value(r, "perche"))
	})
}

// decide does something with the export of the path and shows why it was not done.
func (p *pages) decide(r *http.Request, s tenants.Scope, key string, do func(uuid.UUID) error) (modules.View, error) {
	id, err := modules.PathID(r, "export")
	if err == nil {
		err = do(id)
	}
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) || problem.Is(err, problem.Forbidden) {
		return p.sheetView(r, s, err)
	}
	return done(id, err, key)
}

func (p *pages) fetch(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "export")
	if err != nil {
		return modules.View{}, err
	}
	e, content, err := p.service.Fetch(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	return modules.View{File: &modules.File{
		Name: fileName(s, e), MediaType: mediaType, Modified: *e.MadeAt, Stream: content,
	}}, nil
}

// mediaType is that of a file encrypted with age.
const mediaType = "application/octet-stream"

// fileName is what the archive is called where it is kept.
func fileName(s tenants.Scope, e Export) string {
	return fmt.Sprintf("staffetta-%s-%s.zip.age", s.Slug, e.MadeAt.In(language.Rome).Format(time.DateOnly))
}
