package intake

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

// newPage is the data of the template intake/new.
type newPage struct {
	Errors   component.ErrorSummary
	Crumbs   component.Breadcrumb
	Hidden   []component.Hidden
	Who      []component.Field
	Hints    []component.Alert // what other modules have to say about the chosen person
	Search   component.Button
	Register *component.Button // nil for who registers no persons
	Groups   []group
	Buttons  component.ButtonRow
}

// showNew shows the form, empty or with what a draft of the actor holds; a draft that is over leads to its contact.
func (p pages) showNew(r *http.Request, s tenants.Scope) (modules.View, error) {
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	if r.Form.Get("bozza") != "" {
		return p.resume(r, s)
	}
	f, err := p.readForm(r, s)
	if err != nil {
		return modules.View{}, err
	}
	f.Day = dayNow()
	return p.newForm(newFieldSet(r.Context(), nil), s, f), nil
}

// resume shows what was typed before the person was registered, with that person chosen.
func (p pages) resume(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, ok := modules.ParseID(r.Form.Get("bozza"))
	if !ok {
		return modules.View{}, problem.Missing()
	}
	draft, err := p.service.GetDraft(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if draft.Over {
		return modules.Redirect("/sportello/"+id.String(), language.Message{}), nil
	}
	f, err := p.formOf(r.Context(), s, draft.values(r.Form.Get("persona")))
	if err != nil {
		return modules.View{}, err
	}
	return p.newForm(newFieldSet(r.Context(), nil), s, f), nil
}

func (p pages) newForm(set fieldSet, s tenants.Scope, f contactForm) modules.View {
	ctx := set.ctx
	page := newPage{
		Crumbs: crumbs(ctx, say(ctx, "intake.new")), Hidden: []component.Hidden{{Name: "id", Value: f.ID.String()}},
		Who: f.whoFields(set), Search: component.Button{Label: say(ctx, "intake.search"), Name: "step", Value: "search"},
		Groups: f.groups(set), Buttons: p.newButtons(ctx, s, f.Draft),
	}
	if f.foundNobody() {
		page.Hints = []component.Alert{{Tone: component.Info, Text: say(ctx, "intake.person.nobody")}}
	}
	if f.Person.ID != uuid.Nil {
		page.Hints = registry.HintAlerts(ctx, p.service.deps, s, f.Person)
	}
	if f.Draft {
		page.Hidden = append(page.Hidden, component.Hidden{Name: "bozza", Value: f.ID.String()}, component.Hidden{Name: "vista", Value: f.Seen})
	}
	if p.may(s, writePersons) {
		page.Register = &component.Button{Label: say(ctx, "intake.register"), Name: "step", Value: "register", Emphasis: component.Plain}
	}
	fields := slices.Clone(page.Who)
	for _, g := range page.Groups {
		fields = append(fields, g.Fields...)
	}
	page.Errors = component.Summarize(fields...)
	return modules.Render("intake/new", language.M("intake.new"), page)
}

// newButtons are those at the end of the form; a draft can be thrown away.
func (p pages) newButtons(ctx context.Context, s tenants.Scope, draft bool) component.ButtonRow {
	row := component.ButtonRow{Buttons: []component.Button{{Label: say(ctx, "intake.save"), Emphasis: component.Primary}}}
	if p.may(s, createCases) {
		row.Buttons = append(row.Buttons, component.Button{Label: say(ctx, "intake.save_case"), Name: "step", Value: "case"})
	}
	if draft {
		row.Buttons = append(row.Buttons, component.Button{Label: say(ctx, "intake.draft.discard"), Name: "step", Value: "discard", Emphasis: component.Plain})
	}
	row.Buttons = append(row.Buttons, component.Button{Label: say(ctx, "web.cancel"), URL: "/sportello", Emphasis: component.Plain})
	return row
}

func crumbs(ctx context.Context, here string) component.Breadcrumb {
	return component.Breadcrumb{Items: []component.Crumb{{Label: say(ctx, "intake.desk.title"), URL: "/sportello"}, {Label: here}}}
}

// create writes a contact down, or does first what another button asks for; what was typed stays.
func (p pages) create(r *http.Request, s tenants.Scope) (modules.View, error) {
	ctx := r.Context()
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	step := r.Form.Get("step")
	switch step {
	case "register", "discard", "discarded":
		return p.keep(r, s, step)
	}
	f, err := p.readForm(r, s)
	if err != nil {
		return modules.View{}, err
	}
	if f.Search != "" {
		found, err := p.service.persons.FindPersons(ctx, s, registry.Query{Text: f.Search, Limit: 10})
		if err != nil {
			return modules.View{}, err
		}
		f.Found, f.Near = found.Persons, found.Near
	}
	if step == "search" {
		return p.newForm(newFieldSet(ctx, nil), s, f), nil
	}
	return p.record(ctx, s, f, step == "case" && p.may(s, createCases))
}

// keep saves what was typed, and then leads to the registration of a person, or asks whether to throw the draft away.
func (p pages) keep(r *http.Request, s tenants.Scope, step string) (modules.View, error) {
	ctx, id := r.Context(), modules.FormID(r.Form.Get("id"))
	if step == "discarded" {
		err := p.service.DiscardDraft(ctx, s, id)
		return modules.Redirect("/sportello", language.M("intake.draft.discarded")), err
	}
	kept, err := p.service.SaveDraft(ctx, s, typedDraft(id, r.Form))
	switch {
	case err != nil:
		return modules.View{}, err
	case !kept:
		return p.keepAnew(ctx, s, Draft{ID: id, Typed: r.Form}, step)
	case step == "register":
		return modules.Redirect(registerURL(id, r.Form.Get("q")), language.M("intake.draft.kept")), nil
	}
	return modules.Render("intake/discard", language.M("intake.draft.discard"), component.Confirm{
		Title: say(ctx, "intake.draft.discard"), Text: []string{say(ctx, "intake.draft.discard.help")}, Action: "/sportello/nuovo",
		Hidden:    []component.Hidden{{Name: "id", Value: id.String()}, {Name: "step", Value: "discarded"}},
		Button:    component.Button{Label: say(ctx, "intake.draft.discard.yes"), Emphasis: component.Grave},
		CancelURL: draftURL(id),
	}), nil
}

// keepAnew answers for a draft that is over or was saved differently. Where the contact was recorded, in another tab, it leads
// there. What was thrown away or typed on there stays so, and what was typed here is kept as a new draft beside it, unless that
// is to be thrown away: then what was saved there is shown first.
func (p pages) keepAnew(ctx context.Context, s tenants.Scope, d Draft, step string) (modules.View, error) {
	_, err := p.service.GetContact(ctx, s, d.ID)
	switch {
	case err == nil:
		return modules.Redirect("/sportello/"+d.ID.String(), language.Message{}), nil
	case !problem.Is(err, problem.NotFound):
		return modules.View{}, err
	}
	other, err := p.service.GetDraft(ctx, s, d.ID)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return modules.View{}, err
	}
	there := err == nil && !other.Over
	switch {
	case there && step == "discard":
		return modules.Redirect(draftURL(d.ID), language.M("intake.draft.other")), nil
	case step == "discard":
		return modules.Redirect("/sportello", language.M("intake.draft.discarded")), nil
	}
	d.ID = modules.FormID("")
	told := "intake.draft.kept_anew"
	if there {
		told = "intake.draft.kept_beside"
	}
	if kept, err := p.service.SaveDraft(ctx, s, d); err != nil || !kept {
		return modules.View{}, errors.Join(err, problem.Missing())
	}
	return modules.Redirect(registerURL(d.ID, d.Typed.Get("q")), language.M(told)), nil
}

// registerURL leads to the registration of a person and back to the draft; a fiscal code that was typed goes along in the draft, and
// in no address.
func registerURL(draft uuid.UUID, typed string) string {
	if registry.CodeIn(typed) != "" {
		return "/sportello/nuovo/persona?bozza=" + draft.String()
	}
	return "/persone/nuova?poi=sportello:" + draft.String()
}

// register shows the form of a new person with the fiscal code that a draft of the actor holds; without a draft it is the
// ordinary one.
func (p pages) register(r *http.Request, s tenants.Scope) (modules.View, error) {
	if r.FormValue("bozza") == "" {
		return modules.Redirect("/persone/nuova", language.Message{}), nil
	}
	id, ok := modules.ParseID(r.FormValue("bozza"))
	if !ok {
		return modules.View{}, problem.Missing()
	}
	draft, err := p.service.GetDraft(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if draft.Over {
		return modules.Redirect("/sportello/"+id.String(), language.Message{}), nil
	}
	return registry.NewWithCode(r.Context(), "sportello:"+id.String(), registry.CodeIn(draft.Typed.Get("q"))), nil
}

// record writes the contact of a form down and leads to it, or on to its case.
func (p pages) record(ctx context.Context, s tenants.Scope, f contactForm, openCase bool) (modules.View, error) {
	faults := f.faults(openCase)
	_, err := f.Details.Check(time.Now())
	if err := join(faults.Err(), err); err != nil {
		return p.newForm(newFieldSet(ctx, err), s, f).Refused(), nil
	}
	n := f.NewContact
	n.ForCase = openCase
	made, err := p.service.CreateContact(ctx, s, n)
	if problem.Is(err, problem.Invalid) {
		return p.newForm(newFieldSet(ctx, err), s, f).Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	if openCase {
		return modules.Redirect(newCaseURL(made.ID), language.M("intake.new.case")), nil
	}
	return modules.Redirect("/sportello/"+made.ID.String(), language.M("intake.new.done")), nil
}

// resumeLinks lead to the drafts of the actor.
func (p pages) resumeLinks(ctx context.Context, s tenants.Scope) ([]component.Link, error) {
	if !p.may(s, writeContacts) {
		return nil, nil
	}
	drafts, err := p.service.FindDrafts(ctx, s)
	links := make([]component.Link, len(drafts))
	for i, d := range drafts {
		at := d.UpdatedAt.In(language.Rome)
		links[i] = component.Link{Label: say(ctx, "intake.draft.resume", "day", at.Format("02/01/2006"), "time", at.Format("15:04")), URL: draftURL(d.ID)}
	}
	return links, err
}
