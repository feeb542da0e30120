package upgrade

import (
	"net/http"
	"strconv"

	"staffetta/modules"
	"staffetta/policies"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/sight"
	"staffetta/tenants"
)

type pages struct{ service *Service }

// Pages are those of applying kits and going back.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET /adozioni/{id}/prova", Permission: "adoption:write", Handle: p.showPlan},
		{Pattern: "GET /adozioni/{id}/prova/file", Permission: "adoption:write", Handle: p.planFile},
		{Pattern: "POST /adozioni/{id}/applica", Permission: "adoption:write", Handle: p.apply},
		{Pattern: "GET /adozioni/{id}/applicazioni", Permission: "adoption:write", Handle: p.showRuns},
		{Pattern: "GET /adozioni/{id}/applicazioni/{run}/ritorno", Permission: "adoption:write", Handle: p.showUndo},
		{Pattern: "POST /adozioni/{id}/applicazioni/{run}/ritorno", Permission: "adoption:write", Handle: p.undo},
	}
}

// PlanPage is the dry run of a kit with the form that applies it.
type PlanPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Title      string
	Release    string
	Releases   component.Field // other kits that could be tried
	Try        component.Button
	Counts     component.Summary
	Missing    []component.Alert
	Lines      component.Table
	Sights     component.Table
	Consent    component.Field
	Conflicts  []ConflictView
	Hidden     []component.Hidden
	Here       string // where another kit is tried
	File       component.Link
	Action     string
	Button     component.Button
	Refused    bool
	Nothing    bool // applying would change nothing
}

func (p pages) showPlan(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := form.ID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	return p.planPage(r, s, id, nil)
}

// chosenKit is the kit that the request names, uuid.Nil for the newest.
func chosenKit(r *http.Request) (uuid.UUID, error) {
	text := r.FormValue("kit")
	if text == "" {
		return uuid.Nil, nil
	}
	return form.ParseID(text)
}

func (p pages) planPage(r *http.Request, s tenants.Scope, id uuid.UUID, wrong map[string]string) (modules.View, error) {
	chosen, err := chosenKit(r)
	if err != nil {
		return modules.View{}, err
	}
	plan, err := p.service.Plan(r.Context(), s, id, chosen)
	if err != nil {
		return modules.View{}, err
	}
	here := "/adozioni/" + id.String()
	page := PlanPage{
		Breadcrumb: p.crumbs(r, plan.Adoption, "practice.plan.heading"), Title: language.SayText(r.Context(), plan.Adoption.Title), Release: plan.Release,
		Here: here + "/prova", Action: here + "/applica", Refused: plan.Refused(), Nothing: plan.Changes() == 0,
		Button:  component.Button{Label: modules.Say(r, "practice.plan.apply"), Emphasis: component.Primary},
		Try:     component.Button{Label: modules.Say(r, "practice.plan.try")},
		Missing: p.missingAlerts(r, plan), Lines: p.planTable(r, plan), Sights: sight.Table(r, plan.Sights),
		File:   component.Link{Label: modules.Say(r, "practice.plan.file"), URL: here + "/prova/file?kit=" + plan.Kit.String()},
		Hidden: []component.Hidden{{Name: "kit", Value: plan.Kit.String()}, {Name: "letto", Value: plan.Digest()}},
	}
	if page.Releases, err = p.releases(r, s, plan); err != nil {
		return modules.View{}, err
	}
	for _, outcome := range Outcomes {
		if n := plan.Count(outcome); n > 0 {
			page.Counts.Rows = append(page.Counts.Rows, form.Plain(r, "practice.outcome."+string(outcome), strconv.Itoa(n)))
		}
	}
	for _, line := range plan.Lines {
		if line.Outcome == Conflict {
			page.Conflicts = append(page.Conflicts, conflictView(r, line, wrong))
		}
	}
	if plan.Seen() {
		page.Consent = component.Consent(r.Context(), modules.ReadConsent(r).Acknowledged, wrong[modules.ConsentField])
		page.Errors.Errors = append(page.Errors.Errors, component.Summarize(page.Consent).Errors...)
	}
	for _, conflict := range page.Conflicts {
		page.Errors.Errors = append(page.Errors.Errors, component.Summarize(conflict.fields()...).Errors...)
	}
	return modules.Render("practice/plan", language.M("practice.plan.heading"), page), nil
}

// crumbs lead from the list of adoptions over one of them to a page of it.
func (p pages) crumbs(r *http.Request, a adoption.Adoption, here string) component.Breadcrumb {
	return form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
		component.Crumb{Label: language.SayText(r.Context(), a.Title), URL: "/adozioni/" + a.ID.String()}, component.Crumb{Label: modules.Say(r, here)})
}

// releases are the kits of the practice to choose from, where there is more than one.
func (p pages) releases(r *http.Request, s tenants.Scope, plan Plan) (component.Field, error) {
	published, err := p.service.catalogue.GetPublished(r.Context(), s, plan.Adoption.Practice)
	if err != nil || len(published.Kits) < 2 {
		return component.Field{}, err
	}
	field := component.Field{ID: "kit", Name: "kit", Kind: component.Select, Label: modules.Say(r, "practice.plan.release"), Value: plan.Kit.String()}
	for _, offer := range published.Kits {
		field.Options = append(field.Options, component.Option{Value: offer.Kit.String(), Label: offer.Release})
	}
	return field, nil
}

func (p pages) missingAlerts(r *http.Request, plan Plan) []component.Alert {
	var alerts []component.Alert
	for _, kind := range plan.MissingKinds {
		alerts = append(alerts, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.plan.missing_kind", "kind", form.Kind(r, p.service.deps.Platform.Kinds, kind))})
	}
	for _, module := range plan.MissingModules {
		alerts = append(alerts, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.plan.missing_module", "module", string(module))})
	}
	for _, role := range plan.MissingRoles {
		alerts = append(alerts, component.Alert{Tone: component.Warning, Text: modules.Say(r, "practice.plan.missing_role", "role", roleOf(r, role))})
	}
	for _, loose := range plan.MissingItems {
		alerts = append(alerts, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.plan.missing_item", "key", loose.Key, "named", loose.Ref.Key)})
	}
	for _, place := range plan.Unreadable {
		alerts = append(alerts, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.plan.unreadable", "key", keysOf([]string{place})[0])})
	}
	for _, line := range plan.Drafts() {
		alerts = append(alerts, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.plan.draft", "key", line.Key)})
	}
	return alerts
}

func (p pages) planTable(r *http.Request, plan Plan) component.Table {
	table := component.Table{
		ID: "esiti", Caption: modules.Say(r, "practice.plan.lines"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.item.key", "practice.item.kind", "practice.item.title", "practice.plan.outcome"),
	}
	tones := map[Outcome]component.Tone{New: component.Success, Changed: component.Info, Merged: component.Info, Removed: component.Warning, Conflict: component.Danger}
	for _, line := range plan.Lines {
		title, lang := form.Said(r, line.Source().Title)
		outcome := component.Cell{Tags: []component.Tag{{Label: modules.Say(r, "practice.outcome."+string(line.Outcome)), Tone: tones[line.Outcome]}}}
		outcome.Note = impactText(r, line)
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: line.Key}, {Text: form.Kind(r, p.service.deps.Platform.Kinds, line.Kind)}, {Text: title, Lang: lang}, outcome,
		}})
	}
	return table
}

func (p pages) apply(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := form.ID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if err := r.ParseForm(); err != nil {
		return modules.View{}, problem.New(problem.Invalid, "web.error.invalid").Wrap(err)
	}
	chosen, err := chosenKit(r)
	if err != nil {
		return modules.View{}, err
	}
	run, err := p.service.Apply(r.Context(), s, id, Choice{Kit: chosen, Seen: r.PostFormValue("letto"), Decisions: decisionsOf(r), Acknowledged: modules.ReadConsent(r).Acknowledged})
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		view, err := p.planPage(r, s, id, wrong)
		return view.Refused(), err
	}
	if err != nil {
		return modules.View{}, err
	}
	flash := language.M("practice.plan.nothing_flash", "release", run.Release)
	if run.Changed {
		flash = language.M("practice.plan.applied", "release", run.Release, "n", run.written())
	}
	return modules.Redirect("/adozioni/"+id.String(), flash), nil
}

// written is how many items a run made new or other.
func (a Application) written() int {
	return a.Counts[New] + a.Counts[Changed] + a.Counts[Merged] + a.Counts[Conflict]
}

func roleOf(r *http.Request, role string) string {
	return language.SayText(r.Context(), policies.RoleLabel(role))
}
