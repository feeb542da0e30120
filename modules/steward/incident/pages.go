package incident

import (
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

const (
	at       = "/piattaforma/incidenti"
	publicAt = "/piattaforma/stato"
	bodyAt   = "/stato-del-servizio"
)

type pages struct {
	service *Service
}

// Pages are those of incidents: the platform's, the public one, and that of a body.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET " + publicAt, Permission: policies.Public, Site: modules.OnPlatform, Handle: p.showPublic},
		{Pattern: "GET " + bodyAt, Permission: policies.SignedIn, Purpose: tenants.Operator, Handle: p.showOwn},
		{Pattern: "GET " + at, Permission: Write, Site: modules.OnPlatform, Nav: &modules.Nav{Label: "steward.incident.nav", Order: 50, About: "steward.incident.about"}, Handle: p.show},
		{Pattern: "POST " + at, Permission: Write, Site: modules.OnPlatform, Handle: p.open},
		{Pattern: "POST " + at + "/{incident}", Permission: Write, Site: modules.OnPlatform, Handle: p.note},
	}
}

// incidentsPage lists incidents; who writes them has forms.
type incidentsPage struct {
	Title, Intro string
	Errors       component.ErrorSummary
	Alert        *component.Alert
	Public       *component.Link
	Found        *component.Summary
	Incidents    []incidentView
	None         component.Empty
	Form         *incidentForm
}

type incidentView struct {
	Title string
	Tag   component.Tag
	Who   string
	Line  component.Timeline
	Form  *incidentForm
}

// incidentForm opens an incident, or adds to one.
type incidentForm struct {
	Action  string
	Fields  []component.Field
	Buttons component.ButtonRow
}

func (p pages) showPublic(r *http.Request, _ tenants.Scope) (modules.View, error) {
	all, err := p.service.Find(r.Context())
	if err != nil {
		return modules.View{}, err
	}
	view := p.list(r, [2]string{"steward.incident.public", "steward.incident.public_intro"}, all)
	view.Public = true
	return view, nil
}

func (p pages) showOwn(r *http.Request, s tenants.Scope) (modules.View, error) {
	all, err := p.service.FindFor(r.Context(), s.Tenant)
	if err != nil {
		return modules.View{}, err
	}
	return p.list(r, [2]string{"steward.incident.own", "steward.incident.own_intro"}, all), nil
}

// list shows incidents under a title, with a word on what they are.
func (p pages) list(r *http.Request, keys [2]string, all []Incident) modules.View {
	page := incidentsPage{Title: modules.Say(r, keys[0]), Intro: modules.Say(r, keys[1]), None: component.Empty{Title: modules.Say(r, "steward.incident.none"), Text: modules.Say(r, "steward.incident.none_text")}}
	for _, i := range all {
		page.Incidents = append(page.Incidents, p.viewOf(r, i))
	}
	return modules.Render("steward/incidents", language.M(keys[0]), page)
}

func (p pages) viewOf(r *http.Request, i Incident) incidentView {
	view := incidentView{Title: i.Title, Tag: component.Tag{Label: modules.Say(r, "steward.incident.lasts"), Tone: component.Warning}, Who: modules.Say(r, "steward.incident.everybody")}
	if !i.ClosedAt.IsZero() {
		view.Tag = component.Tag{Label: modules.Say(r, "steward.incident.closed"), Tone: component.Success}
	}
	var names []string
	for _, id := range i.Bodies {
		names = append(names, p.service.deps.Bodies.Name(id))
	}
	if len(names) > 0 {
		view.Who = modules.Say(r, "steward.incident.concerns", "bodies", strings.Join(names, ", "))
	}
	view.Line.Label = i.Title
	for _, one := range slices.Backward(i.Notes) {
		view.Line.Events = append(view.Line.Events, component.Event{Title: modules.Say(r, "steward.incident.update"), At: one.At.In(language.Rome), Text: strings.Split(one.Text, "\n"), Lang: ""})
	}
	return view
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.view(r, s, nil, uuid.Nil)
}

// view is the page of who writes incidents; what was refused is about one, or about a new one.
func (p pages) view(r *http.Request, s tenants.Scope, refused error, about uuid.UUID) (modules.View, error) {
	all, err := p.service.Find(r.Context())
	if err != nil {
		return modules.View{}, err
	}
	found, err := p.service.GetFound(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := incidentsPage{
		Public: &component.Link{Label: modules.Say(r, "steward.incident.public"), URL: publicAt},
		Title:  modules.Say(r, "steward.incident.title"), Intro: modules.Say(r, "steward.incident.intro"), None: component.Empty{Title: modules.Say(r, "steward.incident.none")},
		Found: &component.Summary{Title: modules.Say(r, "steward.incident.found"), Rows: []component.SummaryRow{
			{Label: modules.Say(r, "steward.incident.jobs"), Values: []string{modules.Say(r, "steward.incident.seven_days", "n", found.Jobs)}},
			{Label: modules.Say(r, "steward.incident.mails"), Values: []string{modules.Say(r, "steward.incident.seven_days", "n", found.Mails)}},
			{Label: modules.Say(r, "steward.incident.audit"), Values: []string{found.sayAudit(r)}},
		}},
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	for _, i := range all {
		view := p.viewOf(r, i)
		if i.ClosedAt.IsZero() {
			view.Form = noteForm(r, i.ID, wrong, i.ID == about)
			page.Errors.Errors = append(page.Errors.Errors, component.Summarize(view.Form.Fields...).Errors...)
		}
		page.Incidents = append(page.Incidents, view)
	}
	page.Form = newForm(r, wrong, about == uuid.Nil)
	page.Errors.Errors = append(page.Errors.Errors, component.Summarize(page.Form.Fields...).Errors...)
	if problem.Is(refused, problem.Conflict) {
		page.Alert = &component.Alert{Tone: component.Warning, Title: modules.Say(r, "steward.incident.late")}
	}
	view := modules.Render("steward/incidents", language.M("steward.incident.title"), page)
	if refused != nil {
		view.Status = problem.Of(refused).Kind.Status()
	}
	return view, nil
}

// sayAudit says what the last check of the audit found.
func (f Found) sayAudit(r *http.Request) string {
	if f.CheckedAt.IsZero() {
		return modules.Say(r, "steward.incident.audit_never")
	}
	key := "steward.incident.audit_faults"
	if f.Faults == 0 {
		key = "steward.incident.audit_holds"
	}
	return modules.Say(r, key, "n", f.Faults, "checked", f.Checked, "at", f.CheckedAt.In(language.Rome).Format("02/01/2006 15:04"))
}

func newForm(r *http.Request, wrong map[string]string, here bool) *incidentForm {
	f := &incidentForm{Action: at, Fields: []component.Field{
		{ID: "titolo", Label: modules.Say(r, "steward.incident.what"), Required: true, MaxLength: 160},
		{ID: "testo", Kind: component.LongText, Rows: 4, Label: modules.Say(r, "steward.incident.text"), Hint: modules.Say(r, "steward.incident.text_hint"), Required: true, MaxLength: 2000},
		{ID: "enti", Kind: component.LongText, Rows: 2, Label: modules.Say(r, "steward.incident.bodies"), Hint: modules.Say(r, "steward.incident.bodies_hint"), MaxLength: 2000},
	}, Buttons: component.ButtonRow{Buttons: []component.Button{{Label: modules.Say(r, "steward.incident.open"), Emphasis: component.Primary}}}}
	for i := range f.Fields {
		if here {
			f.Fields[i].Value, f.Fields[i].Error = modules.Value(r, f.Fields[i].ID), wrong[f.Fields[i].ID]
		}
	}
	return f
}

func noteForm(r *http.Request, id uuid.UUID, wrong map[string]string, here bool) *incidentForm {
	field := component.Field{ID: "testo-" + id.String(), Name: "testo", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "steward.incident.news"), Required: true, MaxLength: 2000}
	if here {
		field.Value, field.Error = modules.Value(r, "testo"), wrong["testo"]
	}
	return &incidentForm{Action: at + "/" + id.String(), Fields: []component.Field{field}, Buttons: component.ButtonRow{Buttons: []component.Button{
		{Label: modules.Say(r, "steward.incident.add"), Name: "azione", Value: "aggiorna"}, {Label: modules.Say(r, "steward.incident.close"), Name: "azione", Value: "chiudi"},
	}}}
}

func (p pages) open(r *http.Request, s tenants.Scope) (modules.View, error) {
	_, err := p.service.Open(r.Context(), s, Report{Title: modules.Value(r, "titolo"), Text: modules.Value(r, "testo"), Slugs: strings.Fields(modules.Value(r, "enti"))})
	return p.answer(r, s, err, uuid.Nil)
}

func (p pages) note(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "incident")
	if err != nil {
		return modules.View{}, err
	}
	return p.answer(r, s, p.service.Note(r.Context(), s, id, modules.Value(r, "testo"), modules.Value(r, "azione") == "chiudi"), id)
}

// answer shows the page again with what was refused, or as it is now.
func (p pages) answer(r *http.Request, s tenants.Scope, err error, about uuid.UUID) (modules.View, error) {
	switch {
	case problem.Is(err, problem.Invalid), problem.Is(err, problem.Conflict):
		return p.view(r, s, err, about)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M("steward.incident.done")), nil
}
