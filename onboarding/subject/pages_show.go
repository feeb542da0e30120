package subject

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// showPage is one request, what can be done about it, and what was.
type showPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Title   string
	Tags    []component.Tag
	Next    string // what is to do now, in a sentence
	Person  *component.Link
	Summary component.Summary
	Take    *folded
	Copy    *component.Button // leads to what is decided about a copy
	Copies  *component.Table
	Limited *component.Alert // while the data is restricted
	Changes *component.Table // of the registry, since a correction was asked for
	Forms   []folded
	Steps   component.Timeline
}

// folded is a form that opens when somebody wants it.
type folded struct {
	Key, Title, Text, Action string
	Open                     bool
	Fields                   []component.Field
	Button                   component.Button
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.showView(r, s, "", nil)
}

// showView shows a request, with one of its forms refused.
func (p *pages) showView(r *http.Request, s tenants.Scope, sent string, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "request")
	if err != nil {
		return modules.View{}, err
	}
	one, steps, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	title := say(r, "one", "number", one.Number, "kind", say(r, "kind."+one.Kind))
	page := showPage{
		Breadcrumb: crumbs(r, title), Title: title, Tags: tags(r, one), Next: p.next(r, s, one), Summary: summary(r, one), Steps: timeline(r, steps),
	}
	if one.Person != nil && p.service.deps.Permits(s, "person:read") {
		page.Person = &component.Link{Label: say(r, "to_person"), URL: "/persone/" + one.Person.String()}
	}
	if one.Open() {
		page.Take, page.Forms = p.forms(r, s, one)
	}
	if err := p.addCopies(r, s, one, &page); err != nil {
		return modules.View{}, err
	}
	if err := p.addEffects(r, s, one, &page); err != nil {
		return modules.View{}, err
	}
	var fields []component.Field
	for i, f := range page.Forms {
		if f.Key == sent && refused != nil {
			page.Forms[i].Open, page.Forms[i].Fields = true, modules.Filled(r, refused, f.Fields...)
			fields = page.Forms[i].Fields
		}
	}
	view := modules.Render("onboarding/subject_request", language.M("onboarding.subject.page", "heading", title), &page)
	return page.Explain(r, view, refused, fields...), nil
}

// next says what is to do.
func (p *pages) next(r *http.Request, s tenants.Scope, one Request) string {
	if !one.Open() {
		return ""
	}
	text := say(r, "next."+one.Kind)
	switch {
	case one.Person == nil:
		text = say(r, "next.nobody")
	case one.Kind == "restriction" && one.Limits:
		text = say(r, "next.limited")
	case one.Kind == "rectification" && !p.service.deps.Permits(s, "person:write"):
		text = say(r, "next.rectification_others")
	}
	return say(r, "until", "day", one.DueOn.Format("02/01/2006")) + " " + text
}

func summary(r *http.Request, one Request) component.Summary {
	var list component.Summary
	add := func(key string, values ...string) {
		if given := modules.Given(values...); len(given) > 0 {
			list.Rows = append(list.Rows, component.SummaryRow{Label: say(r, key), Values: given, Lang: language.Italian})
		}
	}
	asker := say(r, "asker."+one.Asker)
	if one.AskerName != "" {
		asker = one.AskerName + " (" + asker + ")"
	}
	add("subject", one.Subject, one.TaxCode)
	add("group.asker", asker)
	add("identity", one.Identity)
	add("words", one.Words)
	add("arrived", one.ReceivedOn.Format("02/01/2006")+", "+say(r, "channel."+one.Channel))
	add("due", one.DueOn.Format("02/01/2006"))
	add("extension", one.Extension)
	add("handled", one.HandledName)
	if one.AnsweredOn != nil {
		add("outcome", say(r, "outcome."+one.Outcome)+", "+one.AnsweredOn.Format("02/01/2006"))
	}
	add("answer", one.Answer)
	add("why", one.Reason)
	add("remedies", one.Remedies)
	return list
}

func timeline(r *http.Request, steps []Step) component.Timeline {
	line := component.Timeline{Label: say(r, "steps")}
	for _, step := range steps {
		line.Events = append(line.Events, component.Event{Title: say(r, "step."+step.Kind), At: step.At, By: step.By, Text: modules.Given(step.Words)})
	}
	return line
}

// forms are what the actor may do with a request that is to be answered.
func (p *pages) forms(r *http.Request, s tenants.Scope, one Request) (take *folded, forms []folded) {
	path := pathOf(one.ID)
	add := func(key, action string, emphasis component.Emphasis, fields ...component.Field) {
		forms = append(forms, folded{
			Key: key, Title: say(r, key+".title"), Text: say(r, key+".text"), Action: path + action, Fields: fields,
			Button: component.Button{Label: say(r, key+".button"), Emphasis: emphasis},
		})
	}
	if one.Person == nil {
		add("named", "/persona", component.Secondary,
			component.Field{ID: "codice", Kind: component.Code, Label: say(r, "tax_code"), Depends: true, Hint: say(r, "named.hint"), Width: component.Medium, MaxLength: 16, Value: one.TaxCode},
			component.Field{ID: "cognome", Label: say(r, "surname"), Depends: true, Width: component.Medium, MaxLength: 100},
			component.Field{ID: "nome", Label: say(r, "name"), Depends: true, Width: component.Medium, MaxLength: 99},
			component.Field{ID: "nascita", Kind: component.Appointed, Label: say(r, "born"), Width: component.Medium},
		)
	}
	handles := p.service.deps.Permits(s, Handle)
	if handles {
		if one.HandledBy == nil || *one.HandledBy != s.Account {
			take = &folded{Action: path + "/prendi", Button: component.Button{Label: say(r, "take.button"), Emphasis: component.Primary}}
		}
		add("reply", "/risposta", component.Primary, replyFields(r)...)
	}
	add("noted", "/nota", component.Secondary, component.Field{ID: "nota", Kind: component.LongText, Rows: 4, Label: say(r, "noted.field"), Required: true, MaxLength: 4000})
	if handles && one.Extension == "" && !one.Late(language.Day(time.Now())) {
		add("longer", "/proroga", component.Secondary, component.Field{ID: "perche", Kind: component.LongText, Rows: 3, Label: say(r, "longer.field"), Required: true, MaxLength: 1000})
	}
	if handles {
		add("back", "/ritiro", component.Secondary, component.Field{ID: "come", Kind: component.LongText, Rows: 3, Label: say(r, "back.field"), Required: true, MaxLength: 1000})
	}
	return take, forms
}

func replyFields(r *http.Request) []component.Field {
	return []component.Field{
		choice(r, "esito", "outcome", Outcomes),
		{ID: "risposta", Kind: component.LongText, Rows: 5, Label: say(r, "answer"), Hint: say(r, "answer_hint"), Required: true, MaxLength: 4000},
		{ID: "motivo", Kind: component.LongText, Rows: 4, Label: say(r, "why"), Hint: say(r, "why_hint"), Depends: true, MaxLength: 4000},
		{ID: "rimedi", Kind: component.LongText, Rows: 4, Label: say(r, "remedies"), Hint: say(r, "remedies_hint"), Depends: true, MaxLength: 2000, Value: say(r, "remedies_text")},
		{ID: "il", Kind: component.Appointed, Label: say(r, "answered_on"), Required: true, Width: component.Medium, Value: language.Day(time.Now()).Format(time.DateOnly)},
	}
}

// act does something with the request of the path and shows why it was not done.
func (p *pages) act(r *http.Request, s tenants.Scope, form string, do func(uuid.UUID) error) (modules.View, error) {
	id, err := modules.PathID(r, "request")
	if err == nil {
		err = do(id)
	}
	if modules.IsAnswered(err) {
		return p.showView(r, s, form, err)
	}
	return done(pathOf(id), err, form+".done")
}

func (p *pages) take(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.act(r, s, "take", func(id uuid.UUID) error { return p.service.Take(r.Context(), s, id) })
}

func (p *pages) name(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.act(r, s, "named", func(id uuid.UUID) error {
		var wrong problem.Fields
		n := namedIn(r, &wrong)
		if err := wrong.Err(); err != nil {
			return err
		}
		return p.service.Name(r.Context(), s, id, n)
	})
}

func (p *pages) note(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.act(r, s, "noted", func(id uuid.UUID) error { return p.service.Note(r.Context(), s, id, modules.Value(r, "nota")) })
}

func (p *pages) extend(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.act(r, s, "longer", func(id uuid.UUID) error { return p.service.Extend(r.Context(), s, id, modules.Value(r, "perche")) })
}

func (p *pages) withdraw(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.act(r, s, "back", func(id uuid.UUID) error { return p.service.Withdraw(r.Context(), s, id, modules.Value(r, "come")) })
}

func (p *pages) answer(r *http.Request, s tenants.Scope) (modules.View, error) {
	var answered uuid.UUID
	view, err := p.act(r, s, "reply", func(id uuid.UUID) error {
		answered = id
		var wrong problem.Fields
		on := wrong.Day("il", modules.Value(r, "il"))
		if err := wrong.Err(); err != nil {
			return err
		}
		return p.service.Answer(r.Context(), s, id, Reply{
			Outcome: modules.Value(r, "esito"), Words: modules.Value(r, "risposta"), Reason: modules.Value(r, "motivo"), Remedies: modules.Value(r, "rimedi"), On: on,
		})
	})
	if err != nil || view.Redirect == "" {
		return view, err
	}
	if limits, err := p.service.Limits(r.Context(), s, answered); err != nil || !limits {
		return view, err
	}
	view.Flash = language.M("onboarding.subject.reply.done_limited")
	return view, nil
}
