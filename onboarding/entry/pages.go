package entry

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

const (
	startPath = "/attivazione"
	minePath  = startPath + "/mie"
	entryPath = startPath + "/{entry}"
)

type pages struct {
	service *Service
}

func (p pages) list() []modules.Page {
	all := []modules.Page{{Pattern: "GET " + startPath, Permission: policies.Public, Site: modules.OnPlatform, Handle: p.start}}
	add := func(pattern string, handle func(*http.Request, tenants.Scope) (modules.View, error)) *modules.Page {
		all = append(all, modules.Page{
			Pattern: pattern, Permission: policies.SignedIn, Purpose: tenants.Newcomer, Site: modules.OnPlatform, Handle: handle,
		})
		return &all[len(all)-1]
	}
	add("GET "+minePath, p.mine).Nav = &modules.Nav{Label: "onboarding.mine.nav", Order: 10}
	add("POST "+minePath, p.create)
	add("GET "+entryPath, p.overview)
	add("GET "+entryPath+"/ente", p.showBody)
	add("POST "+entryPath+"/ente", p.chooseBody)
	add("POST "+entryPath+"/ente/ipa", p.correctIPA)
	add("GET "+entryPath+"/ente/altro", p.showOther)
	add("POST "+entryPath+"/ente/altro", p.saveOther).MaxBody = MaxDeed + 1<<20
	add("GET "+entryPath+"/ente/atto", p.readDeed)
	add("GET "+entryPath+"/persone", p.showPeople)
	add("POST "+entryPath+"/persone", p.addPerson)
	add("GET "+entryPath+"/persone/{person}/rimuovi", p.confirmRemoval)
	add("POST "+entryPath+"/persone/{person}/rimuovi", p.removePerson)
	add("GET "+entryPath+"/referente", p.showContact)
	add("POST "+entryPath+"/referente", p.saveContact)
	add("GET "+entryPath+"/verifica", p.showCheck)
	add("GET "+entryPath+"/conferma", p.showConfirm)
	add("POST "+entryPath+"/conferma", p.confirm)
	add("POST "+entryPath+"/esame", p.askReview)
	add("POST "+entryPath+"/codice", p.sendCode)
	add("POST "+entryPath+"/attiva", p.activate)
	add("GET "+entryPath+"/fatto", p.showDone)
	return all
}

// startPage tells what an entry is before anybody signs in.
type startPage struct {
	Begin component.Button
}

func (p pages) start(r *http.Request, _ tenants.Scope) (modules.View, error) {
	view := modules.Render("onboarding/start", language.M("onboarding.start.title"), startPage{
		Begin: component.Button{Label: modules.Say(r, "onboarding.start.begin"), URL: minePath, Emphasis: component.Primary},
	})
	view.Public = true
	return view, nil
}

// minePage lists the entries of the account.
type minePage struct {
	Table  component.Table
	Action string
	ID     string
	New    component.Button
}

func (p pages) mine(r *http.Request, s tenants.Scope) (modules.View, error) {
	entries, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := minePage{
		Action: minePath, ID: modules.FormID("").String(),
		New: component.Button{Label: modules.Say(r, "onboarding.mine.new"), Emphasis: component.Primary},
		Table: component.Table{
			Caption: modules.Say(r, "onboarding.mine.title"), Hidden: true, Cards: true,
			Columns: []component.Column{
				{Label: modules.Say(r, "onboarding.mine.body")},
				{Label: modules.Say(r, "onboarding.mine.state")},
				{Label: modules.Say(r, "onboarding.mine.begun")},
				{Label: modules.Say(r, "onboarding.mine.updated")},
			},
			Empty: component.Empty{Title: modules.Say(r, "onboarding.mine.empty"), Text: modules.Say(r, "onboarding.mine.empty_text")},
		},
	}
	for _, e := range entries {
		name := component.Cell{Text: p.name(r, e), URL: pathOf(e.ID)}
		if e.State == Closed {
			name.URL = ""
		}
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			name, {Tags: []component.Tag{stateTag(r, e.State)}}, {Instant: e.CreatedAt}, {Instant: e.UpdatedAt},
		}})
	}
	return modules.Render("onboarding/mine", language.M("onboarding.mine.title"), page), nil
}

func (p pages) create(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, err := p.service.Create(r.Context(), s, modules.FormID(r.PostFormValue("id")))
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(pathOf(e.ID), language.M("onboarding.mine.created")), nil
}

// overviewPage is the task list of an entry.
type overviewPage struct {
	Title  string
	Back   component.Link
	Tasks  component.TaskList
	Next   component.Button
	People string // who works at it, by name
	Rights string // who may do what, for who did not begin it
	Manage component.Link
}

func (p pages) overview(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, away, err := p.open(r, s)
	if err != nil || away != nil {
		return p.gone(away, err)
	}
	page := overviewPage{Title: p.name(r, e), Back: component.Link{Label: modules.Say(r, "onboarding.back.mine"), URL: minePath}}
	people, err := p.service.FindPeople(r.Context(), s, e.ID)
	if err != nil {
		return modules.View{}, err
	}
	page.People, page.Rights = peopleNames(people), starterRights(r, e, people)
	page.Manage = component.Link{Label: modules.Say(r, starterOr(e, "onboarding.people.manage", "onboarding.people.see")), URL: peopleURL(e.ID)}
	for _, step := range Steps {
		page.Tasks.Tasks = append(page.Tasks.Tasks, component.Task{
			Label: modules.Say(r, "onboarding.step."+string(step)), Hint: modules.Say(r, "onboarding.step_hint."+string(step)),
			URL: stepURL(e.ID, step), State: taskState(e, step),
		})
	}
	last := component.Task{
		Label: modules.Say(r, "onboarding.step.check"), Hint: modules.Say(r, starterOr(e, "onboarding.step_hint.check", "onboarding.step_hint.read")),
		URL: pathOf(e.ID) + "/verifica", State: component.Locked,
	}
	if e.Ready() {
		last.State = component.ToDo
	}
	page.Tasks.Tasks = append(page.Tasks.Tasks, last, confirmTask(r, e))
	page.Next = nextStep(r, e)
	return modules.Render("onboarding/overview", language.M("onboarding.overview.title"), page), nil
}

// nextStep leads to the first step that lacks something, or to the check at the end.
func nextStep(r *http.Request, e Entry) component.Button {
	to, name := pathOf(e.ID)+"/verifica", "check"
	if at := slices.IndexFunc(Steps, func(step Step) bool { return !e.Done(step) }); at >= 0 {
		to, name = stepURL(e.ID, Steps[at]), string(Steps[at])
	} else if !e.Starter {
		return component.Button{Label: modules.Say(r, "onboarding.overview.read"), URL: to, Emphasis: component.Primary}
	}
	return component.Button{
		Label: modules.Say(r, "onboarding.overview.next", "step", modules.Say(r, "onboarding.step."+name)), URL: to, Emphasis: component.Primary,
	}
}

// starterOr is the first key for who began the entry, the second for the others.
func starterOr(e Entry, starter, other string) string {
	if e.Starter {
		return starter
	}
	return other
}

func taskState(e Entry, step Step) component.TaskState {
	switch {
	case e.Done(step):
		return component.Done
	case step == ContactStep && e.ContactVersion > 0:
		return component.Doing // saved before certified mail was asked for
	case step == BodyStep && e.Belfiore != "":
		return component.Problem // the municipality has left the register
	default:
		return component.ToDo
	}
}

func stateTag(r *http.Request, state State) component.Tag {
	tone := map[State]component.Tone{Open: component.Info, Activating: component.Warning, Live: component.Success, Closed: component.Neutral}[state]
	return component.Tag{Label: modules.Say(r, "onboarding.state."+string(state)), Tone: tone}
}

// name is how an entry is called: as its body, once that is chosen.
func (p pages) name(r *http.Request, e Entry) string {
	if name := e.Name(); name != "" {
		return name
	}
	return modules.Say(r, "onboarding.name.none")
}

// open gets the entry of the path. Steps of one that goes live, or is live, lead away.
func (p pages) open(r *http.Request, s tenants.Scope) (e Entry, away *modules.View, err error) {
	id, err := entryID(r)
	if err != nil {
		return Entry{}, nil, err
	}
	if e, err = p.service.Get(r.Context(), s, id); err != nil {
		return Entry{}, nil, err
	}
	switch e.State {
	case Live:
		away = &modules.View{Redirect: pathOf(id) + "/fatto"}
	case Activating:
		away = &modules.View{Redirect: pathOf(id) + "/verifica"}
	case Closed:
		return e, nil, e.fixed()
	default: // an open entry is shown
	}
	return e, away, nil
}

// gone answers for a page that cannot be shown.
func (p pages) gone(away *modules.View, err error) (modules.View, error) {
	if err != nil {
		return modules.View{}, err
	}
	return *away, nil
}

func entryID(r *http.Request) (uuid.UUID, error) { return modules.PathID(r, "entry") }

func pathOf(id uuid.UUID) string { return startPath + "/" + id.String() }

// stepWords name the steps in addresses.
var stepWords = map[Step]string{BodyStep: "ente", ContactStep: "referente"}

func stepURL(id uuid.UUID, step Step) string { return pathOf(id) + "/" + stepWords[step] }

// frame is what every step shows around its form.
type frame struct {
	Steps  component.Steps
	Errors component.ErrorSummary
	Alert  *component.Alert
	Back   component.Link
	Action string
	Hidden []component.Hidden
}

// frameOf is the frame of a step; "" is the check at the end. version is the one that
// the form is about.
func (p pages) frameOf(r *http.Request, e Entry, current Step, version int) frame {
	f := frame{
		Back:   component.Link{Label: modules.Say(r, "onboarding.back.entry"), URL: pathOf(e.ID)},
		Action: stepURL(e.ID, current),
		Hidden: []component.Hidden{{Name: "version", Value: strconv.Itoa(version)}, {Name: "poi", Value: then(r)}},
	}
	for _, step := range Steps {
		f.Steps.Items = append(f.Steps.Items, component.Step{
			Label: modules.Say(r, "onboarding.step."+string(step)), URL: stepURL(e.ID, step), Current: step == current, Done: e.Done(step),
		})
	}
	last := component.Step{Label: modules.Say(r, "onboarding.step.check"), Current: current == ""}
	if e.Ready() {
		last.URL = pathOf(e.ID) + "/verifica"
	}
	f.Steps.Items = append(f.Steps.Items, last)
	return f
}

// conflicted tells at the top that somebody else saved the step.
func (f *frame) conflicted(r *http.Request) {
	f.Alert = &component.Alert{
		Tone: component.Warning, Title: modules.Say(r, "onboarding.conflict.title"), Text: modules.Say(r, "onboarding.conflict.text"),
	}
}

// then is where a step leads once it is saved: "verifica" when it was opened from there.
func then(r *http.Request) string {
	if r.FormValue("poi") == "verifica" {
		return "verifica"
	}
	return ""
}

// saved leads on from a step.
func saved(r *http.Request, id uuid.UUID, flash language.Message) modules.View {
	if then(r) != "" {
		return modules.Redirect(pathOf(id)+"/"+then(r), flash)
	}
	return modules.Redirect(pathOf(id), flash)
}

// again shows a step that was refused, or was saved elsewhere in the meantime.
func again(view modules.View, refused error) modules.View {
	switch {
	case problem.Is(refused, problem.Conflict):
		view.Status = http.StatusConflict
	case refused != nil:
		view = view.Refused()
	}
	return view
}

// isForForm tells whether the form itself says what is wrong.
func isForForm(err error) bool {
	p := problem.Of(err)
	return p.Kind == problem.Invalid || p.Kind == problem.Conflict && p.Message.Key == "web.error.conflict"
}

// formVersion is the version that the form was made for; what is no number is none that exists.
func formVersion(r *http.Request) int {
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		return -1
	}
	return version
}
