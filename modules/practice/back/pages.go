// Package back shows what was applied of a kit, and lets people go back. It holds no rule: package upgrade does.
package back

import (
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/sight"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

type pages struct {
	service   *upgrade.Service
	adoptions *adoption.Service
	kinds     *modules.Kinds
	platform  modules.Platform
}

// Pages are those of what was applied, and of going back.
func Pages(service *upgrade.Service, deps modules.Deps) []modules.Page {
	p := pages{service, adoption.NewService(deps), deps.Platform.Kinds, deps.Platform}
	return []modules.Page{
		{Pattern: "GET /adozioni/{id}/applicazioni", Permission: "adoption:write", Handle: p.showRuns},
		{Pattern: "GET /adozioni/{id}/applicazioni/{run}/ritorno", Permission: "adoption:write", Handle: p.showUndo},
		{Pattern: "POST /adozioni/{id}/applicazioni/{run}/ritorno", Permission: "adoption:write", Handle: p.undo},
	}
}

// RunsPage lists what was applied and undone.
type RunsPage struct {
	Breadcrumb component.Breadcrumb
	Table      component.Table
}

func (p pages) showRuns(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.adoptions.GetAdoption(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	runs, err := p.service.Runs(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	table := component.Table{
		ID: "applicazioni", Caption: modules.Say(r, "practice.runs.heading"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.runs.what", "practice.runs.when", "practice.runs.items", "practice.runs.act"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.runs.empty"), Text: modules.Say(r, "practice.runs.empty_text")},
	}
	for n, run := range runs {
		what, to := runName(r, run), target(r, "", run.At)
		if n+1 < len(runs) {
			to = target(r, runs[n+1].Release, runs[n+1].At)
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: what},
			{Instant: run.At, Note: run.Author},
			{Text: strconv.Itoa(run.Written), Numeric: true},
			{Actions: []component.Link{{
				Label: to, Hidden: what, URL: "/adozioni/" + id.String() + "/applicazioni/" + run.ID.String() + "/ritorno",
			}}},
		}})
	}
	return modules.Render("practice/runs", language.M("practice.runs.heading"), RunsPage{form.AdoptionCrumbs(r, a.ID, a.Title, "practice.runs.heading"), table}), nil
}

// target says to what one goes back: to a release as it was applied then, or to before the kit.
func target(r *http.Request, release string, at time.Time) string {
	key := "practice.undo.link"
	if release == "" {
		key = "practice.undo.link_before"
	}
	return modules.Say(r, key, "release", release, "at", at.In(language.Rome).Format("02/01/2006, 15:04"))
}

func runName(r *http.Request, run upgrade.Run) string {
	if run.Kind == "rollback" && run.Release == "" {
		return modules.Say(r, "practice.run.rollback_before")
	}
	return modules.Say(r, "practice.run."+run.Kind, "release", run.Release)
}

// UndoPage is the dry run of going back, with the button that does it.
type UndoPage struct {
	Breadcrumb component.Breadcrumb
	Text       string
	Edited     []component.Alert
	Errors     component.ErrorSummary
	Lines      component.Table
	Sights     component.Table
	Consent    component.Field // without an id where nobody gains or loses
	Hidden     component.Hidden
	Action     string
	Button     component.Button
}

func (p pages) showUndo(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.undoView(r, s, nil)
}

func (p pages) undoView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, run, err := runOf(r)
	if err != nil {
		return modules.View{}, err
	}
	u, err := p.service.PlanUndo(r.Context(), s, id, run)
	if err != nil {
		return modules.View{}, err
	}
	page := UndoPage{
		Breadcrumb: form.AdoptionCrumbs(r, u.Adoption.ID, u.Adoption.Title, "practice.undo.heading"), Text: modules.Say(r, "practice.undo.text", "release", u.Release, "at", u.Since.In(language.Rome).Format("02/01/2006, 15:04")),
		Lines: p.undoTable(r, u), Hidden: component.Hidden{Name: "letto", Value: u.Digest()},
		Action: "/adozioni/" + id.String() + "/applicazioni/" + run.String() + "/ritorno",
		Button: component.Button{Label: target(r, u.Release, u.Since), Emphasis: component.Primary},
	}
	if u.Release == "" {
		page.Text = modules.Say(r, "practice.undo.text_before")
	}
	titles := u.Titles()
	for _, key := range u.Edited() {
		page.Edited = append(page.Edited, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.undo.edited", "key", titles.Call(r.Context(), "/"+key))})
	}
	for _, key := range u.Misnamed() {
		page.Edited = append(page.Edited, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.undo.misnamed", "key", key)})
	}
	if len(u.Sights) > 0 {
		wrong := ""
		if refused != nil {
			wrong = modules.FieldErrors(r.Context(), refused)[modules.ConsentField]
		}
		page.Sights = sight.Table(r, p.platform, u.Sights, titles)
		page.Consent = component.Consent(r.Context(), modules.ReadConsent(r).Acknowledged, wrong)
		page.Errors = component.Summarize(page.Consent)
	}
	view := modules.Render("practice/undo", language.M("practice.undo.heading"), page)
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

func (p pages) undoTable(r *http.Request, u upgrade.Undoing) component.Table {
	table := component.Table{
		ID: "ritorno", Caption: modules.Say(r, "practice.undo.lines"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.item.title", "practice.item.kind", "practice.plan.outcome"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.undo.nothing")},
	}
	for _, line := range u.Lines {
		title, lang := form.Said(r, line.Title)
		outcome := "practice.undo.returns"
		if line.Leaves {
			outcome = "practice.undo.leaves"
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: line.Key + " " + title, Lang: lang}, {Text: form.Kind(r, p.kinds, line.Kind)}, {Text: modules.Say(r, outcome)},
		}})
	}
	return table
}

func (p pages) undo(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, run, err := runOf(r)
	if err != nil {
		return modules.View{}, err
	}
	done, err := p.service.Undo(r.Context(), s, id, upgrade.Back{Run: run, Seen: r.PostFormValue("letto"), Acknowledged: modules.ReadConsent(r).Acknowledged})
	if problem.Is(err, problem.Invalid) {
		return p.undoView(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	if !done.Changed {
		return modules.Redirect("/adozioni/"+id.String()+"/applicazioni", language.M("practice.undo.nothing")), nil
	}
	return modules.Redirect("/adozioni/"+id.String()+"/applicazioni", language.M("practice.undo.done", "n", done.Counts[upgrade.Restored])), nil
}

func runOf(r *http.Request) (of, run uuid.UUID, err error) {
	if of, err = modules.PathID(r, "id"); err != nil {
		return of, run, err
	}
	run, err = modules.PathID(r, "run")
	return of, run, err
}
