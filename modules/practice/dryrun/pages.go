// Package dryrun shows what a kit would do to a body, on pages, in the API and as a file, and takes the answers to conflicts. It
// holds no rule: package upgrade does.
package dryrun

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"staffetta/modules"
	"staffetta/policies"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules/kit"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/sight"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

type pages struct {
	service   *upgrade.Service
	boards    *board.Service
	catalogue *catalogue.Service
	kinds     *modules.Kinds
	platform  modules.Platform
}

// Pages are those of trying and applying kits.
func Pages(service *upgrade.Service, deps modules.Deps) []modules.Page {
	p := pages{service, board.NewService(deps), catalogue.NewService(deps), deps.Platform.Kinds, deps.Platform}
	return []modules.Page{
		{Pattern: "GET /adozioni/{id}/prova", Permission: "adoption:write", Handle: p.showPlan},
		{Pattern: "GET /adozioni/{id}/prova/file", Permission: "adoption:write", Handle: p.planFile},
		{Pattern: "POST /adozioni/{id}/applica", Permission: "adoption:write", Handle: p.apply},
		{Pattern: "GET /adozioni/{id}/rinuncia", Permission: "adoption:write", Handle: p.askGiveUp},
		{Pattern: "POST /adozioni/{id}/rinuncia", Permission: "adoption:write", Handle: p.giveUp},
	}
}

// PlanPage is the dry run of a kit with the form that answers its conflicts and applies it.
type PlanPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Title      string
	Release    string
	Releases   component.Field // other kits that could be tried
	Try        component.Button
	Counts     string // how many items have each outcome
	Waiting    string // how many services citizens do not see yet
	Missing    []component.Alert
	Conflicts  []ConflictView
	Progress   string          // how many conflicts have an answer
	Next       *component.Link // to the first without one
	Lines      component.Table // what would be new or other
	LineCount  string          // how many there are, where they are so many that they stand folded
	Changes    []ChangeView    // what would be other, place by place
	Same       component.Table
	SameCount  string
	Sights     component.Table
	Lost       component.Table // answers of open records without a sure place
	Consent    component.Field
	Hidden     []component.Hidden
	Here       string // where another kit is tried
	File       component.Link
	Action     string
	Button     component.Button
	GiveUp     *component.Link
	Refused    bool
	Nothing    bool // applying would change nothing
}

// foldedLines is how many items a person reads one by one; of more the counts say what comes, and the list stands folded.
const foldedLines = 20

// ChangeView is what would be other in an item, in words.
type ChangeView struct {
	Heading string
	Lang    string
	Places  component.Table
}

func (p pages) showPlan(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
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
	return modules.KnownID(text)
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
		Breadcrumb: form.AdoptionCrumbs(r, plan.Adoption.ID, plan.Adoption.Title, "practice.plan.heading"), Title: language.SayText(r.Context(), plan.Adoption.Title), Release: plan.Release,
		Here: here + "/prova", Action: here + "/applica", Refused: plan.Refused(), Nothing: plan.Changes() == 0,
		Button:  component.Button{Label: modules.Say(r, "practice.plan.apply"), Emphasis: component.Primary},
		Try:     component.Button{Label: modules.Say(r, "practice.plan.try")},
		Missing: p.missingAlerts(r, plan), Sights: sight.Table(r, p.platform, plan.Sights, plan.Titles), Lost: lostTable(r, plan), Changes: p.changeViews(r, plan), Counts: counts(r, plan), Waiting: waitingText(r, plan),
		Lines: p.planTable(r, plan, "esiti", func(l upgrade.Line) bool {
			return l.Outcome != upgrade.Same && (l.Outcome != upgrade.Conflict || plan.Refused())
		}), Same: p.planTable(r, plan, "uguali", func(l upgrade.Line) bool { return l.Outcome == upgrade.Same }),
		SameCount: modules.Say(r, "practice.plan.same", "n", plan.Count(upgrade.Same)),
		File:      component.Link{Label: modules.Say(r, "practice.plan.file"), URL: here + "/prova/file?kit=" + plan.Kit.String()},
		Hidden:    []component.Hidden{{Name: "kit", Value: plan.Kit.String()}, {Name: "letto", Value: plan.Digest()}},
	}
	if page.Releases, err = p.releases(r, s, plan); err != nil {
		return modules.View{}, err
	}
	if n := len(page.Lines.Rows); n > foldedLines && !page.Refused {
		page.LineCount = modules.Say(r, "practice.plan.folded", "n", n)
	}
	page.ask(r, plan, p.conflicts(r, plan, wrong))
	if plan.Seen() || plan.Leaves() {
		page.Consent = component.Consent(r.Context(), modules.ReadConsent(r).Acknowledged && wrong[modules.ConsentField] == "", wrong[modules.ConsentField])
		if !plan.Seen() {
			page.Consent.Options[0].Label = modules.Say(r, "practice.plan.lost_read")
		}
		page.Errors.Errors = append(page.Errors.Errors, component.Summarize(page.Consent).Errors...)
	}
	if plan.Begun {
		page.GiveUp = &component.Link{Label: modules.Say(r, "practice.giveup.link"), URL: here + "/rinuncia"}
	}
	return modules.Render("practice/plan", language.M("practice.plan.heading"), page), nil
}

// ask puts the conflicts on the page, with how far their answers are.
func (page *PlanPage) ask(r *http.Request, plan upgrade.Plan, conflicts []ConflictView) {
	page.Conflicts = conflicts
	page.Progress = modules.Say(r, "practice.plan.progress", "n", plan.Answered(), "of", len(conflicts))
	for _, conflict := range conflicts {
		page.Errors.Errors = append(page.Errors.Errors, component.Summarize(conflict.fields()...).Errors...)
		if page.Next == nil && conflict.State.Tone == component.Warning && plan.Answered() > 0 {
			page.Next = &component.Link{Label: modules.Say(r, "practice.plan.next"), URL: "#" + conflict.ID}
		}
	}
}

// counts tell how many items have each outcome that comes.
func counts(r *http.Request, plan upgrade.Plan) string {
	var parts []string
	for _, outcome := range upgrade.Outcomes {
		if n := plan.Count(outcome); n > 0 {
			parts = append(parts, modules.Say(r, "practice.outcome."+string(outcome))+": "+strconv.Itoa(n))
		}
	}
	return strings.Join(parts, " · ")
}

// waitingText says that the services which the kit brings are not in the guide yet.
func waitingText(r *http.Request, plan upgrade.Plan) string {
	n := plan.Waiting()
	if n == 0 {
		return ""
	}
	return modules.Say(r, "practice.plan.waiting", "n", n)
}

// maxRead is how many new items are read on the page: a whole kit is read in the catalogue.
const maxRead = 10

// changeViews tell in words what would be other in the items that the body has, and what a few new ones hold.
func (p pages) changeViews(r *http.Request, plan upgrade.Plan) (views []ChangeView) {
	for _, line := range plan.Lines {
		changes, added := p.service.Changes(line), line.Outcome == upgrade.New && plan.Count(upgrade.New) <= maxRead
		if len(changes) == 0 && !added {
			continue
		}
		say := teller(r.Context(), p.kinds, plan, line)
		if added {
			changes = say.Whole(line.Theirs.Content)
		}
		title, lang := form.Said(r, line.Source().Title)
		views = append(views, ChangeView{
			Heading: line.Key + " " + title, Lang: lang,
			Places: form.ChangesTable(r, say, changes, component.Table{
				ID: "cambia-" + line.Kind + "-" + line.Key, Caption: modules.Say(r, "practice.changes.of", "key", line.Key+" "+title),
				Columns: form.Columns(r, "practice.proposal.where", "practice.column.now", "practice.column.afterwards"),
			}),
		})
	}
	return views
}

// releases are the kits of the practice to choose from, where there is more than one.
func (p pages) releases(r *http.Request, s tenants.Scope, plan upgrade.Plan) (component.Field, error) {
	published, err := p.catalogue.GetPublished(r.Context(), s, plan.Adoption.Practice)
	if err != nil || len(published.Kits) < 2 {
		return component.Field{}, err
	}
	field := component.Field{ID: "kit", Name: "kit", Kind: component.Select, Label: modules.Say(r, "practice.plan.release"), Value: plan.Kit.String()}
	for _, offer := range published.Kits {
		field.Options = append(field.Options, component.Option{Value: offer.Kit.String(), Label: offer.Release})
	}
	return field, nil
}

func (p pages) missingAlerts(r *http.Request, plan upgrade.Plan) []component.Alert {
	var alerts []component.Alert
	for _, kind := range plan.MissingKinds {
		alerts = append(alerts, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.plan.missing_kind", "kind", form.Kind(r, p.kinds, kind))})
	}
	for _, module := range plan.MissingModules {
		alerts = append(alerts, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.plan.missing_module", "module", modules.TitleOf(r, p.platform.Modules, module))})
	}
	for _, role := range plan.MissingRoles {
		alerts = append(alerts, component.Alert{Tone: component.Warning, Text: modules.Say(r, "practice.plan.missing_role", "role", roleOf(r, role))})
	}
	for _, loose := range plan.MissingItems {
		alerts = append(alerts, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.plan.missing_item", "key", called(r, plan, kit.Place(loose.Kind, loose.Key)), "named", loose.Ref.Key)})
	}
	for _, place := range plan.Unreadable {
		alerts = append(alerts, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.plan.unreadable", "key", called(r, plan, place))})
	}
	for _, line := range plan.Lines {
		if line.Misnamed && line.Outcome != upgrade.Same {
			alerts = append(alerts, misnamedAlert(r, line))
		}
	}
	if plan.Barred {
		alerts = append(alerts, component.Alert{Tone: component.Warning, Text: modules.Say(r, "practice.plan.barred", "names", called(r, plan, plan.Rules...))})
	}
	for _, line := range plan.Drafts() {
		alerts = append(alerts, component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.plan.draft", "key", called(r, plan, line.Place()))})
	}
	return alerts
}

// misnamedAlert says why an item cannot come as the kit calls it, and what there is to do.
func misnamedAlert(r *http.Request, line upgrade.Line) component.Alert {
	title, _ := form.Said(r, line.Source().Title)
	if line.Outcome == upgrade.Conflict || line.Outcome == upgrade.Dropped { // ours can stay
		return component.Alert{Tone: component.Warning, Text: modules.Say(r, "practice.plan.misnamed_answer", "key", line.Key, "title", title)}
	}
	return component.Alert{Tone: component.Danger, Text: modules.Say(r, "practice.plan.misnamed", "key", line.Key, "title", title)}
}

// planTable lists the lines of a dry run that it is for.
func (p pages) planTable(r *http.Request, plan upgrade.Plan, id string, is func(upgrade.Line) bool) component.Table {
	table := component.Table{
		ID: id, Caption: modules.Say(r, "practice.plan.lines"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.item.title", "practice.item.kind", "practice.plan.outcome"),
	}
	tones := map[upgrade.Outcome]component.Tone{upgrade.New: component.Success, upgrade.Changed: component.Info, upgrade.Merged: component.Info, upgrade.Removed: component.Warning, upgrade.Conflict: component.Danger}
	for _, line := range plan.Lines {
		if !is(line) {
			continue
		}
		title, lang := form.Said(r, line.Source().Title)
		outcome := component.Cell{Tags: []component.Tag{{Label: modules.Say(r, "practice.outcome."+string(line.Outcome)), Tone: tones[line.Outcome]}}}
		outcome.Note = impactText(r, plan, line)
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: line.Key + " " + title, Lang: lang}, {Text: form.Kind(r, p.kinds, line.Kind)}, outcome,
		}})
	}
	return table
}

// teller says the places and values of a line in words, by what the item holds on all sides.
func teller(ctx context.Context, kinds *modules.Kinds, plan upgrade.Plan, line upgrade.Line) kit.Teller {
	return kit.NewTeller(ctx, kinds, line.Kind, line.Ours.Content, line.Theirs.Content, line.Base.Content, line.Result.Content).Naming(plan.Titles)
}

// called are items by their codes and titles, with commas between them. Places are kit.Place.
func called(r *http.Request, plan upgrade.Plan, places ...string) string {
	names := make([]string, len(places))
	for i, place := range places {
		names[i] = plan.Titles.Call(r.Context(), place)
	}
	return strings.Join(names, ", ")
}

func roleOf(r *http.Request, role string) string {
	return language.SayText(r.Context(), policies.RoleLabel(role))
}
