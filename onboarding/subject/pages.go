package subject

import (
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

const at = "/console/richieste"

type pages struct {
	service *Service
}

// Pages are the pages about requests.
func Pages(v *Service) []modules.Page {
	p := &pages{v}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Read, Nav: &modules.Nav{Label: "onboarding.subject.nav", Order: 96}, Handle: p.list},
		{Pattern: "GET " + at + "/nuova", Permission: Register, Handle: p.blank},
		{Pattern: "POST " + at + "/nuova", Permission: Register, Handle: p.register},
		{Pattern: "GET " + at + "/{request}", Permission: Register, Handle: p.show},
		{Pattern: "POST " + at + "/{request}/persona", Permission: Register, Handle: p.name},
		{Pattern: "POST " + at + "/{request}/nota", Permission: Register, Handle: p.note},
		{Pattern: "POST " + at + "/{request}/prendi", Permission: Handle, Handle: p.take},
		{Pattern: "POST " + at + "/{request}/proroga", Permission: Handle, Handle: p.extend},
		{Pattern: "POST " + at + "/{request}/risposta", Permission: Handle, Handle: p.answer},
		{Pattern: "GET " + at + "/{request}/copia", Permission: Handle, Handle: p.choose},
		{Pattern: "POST " + at + "/{request}/copia", Permission: Handle, Handle: p.makeCopy},
		{Pattern: "GET " + at + "/{request}/copie/{copy}", Permission: Fetch, Handle: p.fetch},
		{Pattern: "POST " + at + "/{request}/limita", Permission: Handle, Handle: p.restrict},
		{Pattern: "POST " + at + "/{request}/limita/togli", Permission: Handle, Handle: p.lift},
		{Pattern: "POST " + at + "/{request}/ritiro", Permission: Handle, Handle: p.withdraw},
	}
}

func pathOf(id uuid.UUID) string { return at + "/" + id.String() }

func say(r *http.Request, key string, pairs ...any) string {
	return modules.Say(r, "onboarding.subject."+key, pairs...)
}

func crumbs(r *http.Request, last string) component.Breadcrumb {
	return component.Breadcrumb{Items: []component.Crumb{{Label: say(r, "title"), URL: at}, {Label: last}}}
}

// listPage lists the requests.
type listPage struct {
	New   *component.Button
	Quiet string // for who sees only numbers and terms
	List  component.Table
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{List: component.Table{ID: "richieste", Caption: say(r, "title"), Hidden: true, Cards: true, Columns: []component.Column{
		{Label: say(r, "number")}, {Label: say(r, "kind")}, {Label: say(r, "subject")}, {Label: say(r, "due")}, {Label: say(r, "state")},
	}, Empty: component.Empty{Title: say(r, "none"), Text: say(r, "none_text")}}}
	if p.service.deps.Permits(s, Register) {
		page.New = &component.Button{Label: say(r, "new"), URL: at + "/nuova", Emphasis: component.Primary}
	}
	if !p.service.deps.Permits(s, Handle) {
		page.Quiet = say(r, "quiet")
	}
	for _, one := range found {
		page.List.Rows = append(page.List.Rows, row(r, one))
	}
	return modules.Render("onboarding/subject_requests", language.M("onboarding.subject.title"), &page), nil
}

// row shows a request; only one that the actor sees names the person and can be opened.
func row(r *http.Request, one Request) component.Row {
	number := component.Cell{Text: strconv.Itoa(one.Number), Note: say(r, "received", "day", one.ReceivedOn.Format("02/01/2006"))}
	who := component.Cell{Text: say(r, "unseen")}
	if one.Subject != "" {
		number.URL, who.Text = pathOf(one.ID), one.Subject
	}
	due := component.Cell{Date: one.DueOn}
	if !one.Open() {
		due = component.Cell{Text: say(r, "no_due")}
	}
	return component.Row{Cells: []component.Cell{number, {Text: say(r, "kind."+one.Kind)}, who, due, {Tags: tags(r, one), Note: one.HandledName}}}
}

// tags say where a request stands, and that it restricts the use of data, however long ago it was answered.
func tags(r *http.Request, one Request) []component.Tag {
	all := stateTags(r, one)
	if one.Limits {
		all = append(all, component.Tag{Label: say(r, "limits"), Tone: component.Warning})
	}
	return all
}

func stateTags(r *http.Request, one Request) []component.Tag {
	today := language.Day(time.Now())
	switch {
	case one.Late(today):
		return []component.Tag{{Label: say(r, "overdue"), Tone: component.Danger}, {Label: say(r, "state."+string(one.State))}}
	case one.State == Answered:
		return []component.Tag{{Label: say(r, "outcome."+one.Outcome)}}
	case one.State == Withdrawn:
		return []component.Tag{{Label: say(r, "state.withdrawn")}}
	case one.Open() && one.DueOn.Before(today.AddDate(0, 0, 8)):
		return []component.Tag{{Label: say(r, "soon"), Tone: component.Warning}, {Label: say(r, "state."+string(one.State))}}
	}
	return []component.Tag{{Label: say(r, "state."+string(one.State)), Tone: component.Info}}
}

// done leads to the request, or to the list.
func done(path string, err error, key string) (modules.View, error) {
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(path, language.M("onboarding.subject."+key)), nil
}
