package release

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/credit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/format"
	"staffetta/modules/practice/place"
	"staffetta/tenants"
)

// ComposePage is where a publisher chooses the number and the items of a kit.
type ComposePage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Title      string
	Action     string
	Kit        string
	Release    component.Field
	Groups     []component.Field // checkboxes of a kind each
	Button     component.Button
	Moved      *component.Alert // what has changed since the items were chosen
	Empty      *component.Empty
}

func (p pages) showCompose(r *http.Request, s tenants.Scope) (modules.View, error) {
	practice, err := p.practiceOf(r, s)
	if err != nil {
		return modules.View{}, err
	}
	kits, err := p.service.FindKits(r.Context(), s, practice.ID)
	if err != nil {
		return modules.View{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return modules.View{}, err
	}
	c := Composition{Kit: id, Practice: practice.ID, Release: NextRelease(kits)}
	if draft := slices.IndexFunc(kits, func(k Kit) bool { return k.State == Draft }); draft >= 0 {
		c.Kit, c.Release, c.Versions = kits[draft].ID, kits[draft].Release, kits[draft].Versions
	}
	return p.composePage(r, s, practice, composing{Composition: c, all: c.Versions == nil})
}

func (p pages) practiceOf(r *http.Request, s tenants.Scope) (Practice, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return Practice{}, err
	}
	return p.service.Get(r.Context(), s, id)
}

// composing is what a publisher chose so far.
type composing struct {
	Composition
	all    bool // nothing chosen yet: everything is proposed
	errors map[string]string
}

func (p pages) composePage(r *http.Request, s tenants.Scope, practice Practice, c composing) (modules.View, error) {
	items, err := p.service.items.Find(r.Context(), s, "")
	if err != nil {
		return modules.View{}, err
	}
	title := language.SayText(r.Context(), practice.Title)
	page := ComposePage{
		Breadcrumb: p.practiceCrumbs(r, practice.ID, title, modules.Say(r, "practice.publish.heading")), Title: title,
		Action: "/pratiche/" + practice.ID.String() + "/pubblica", Kit: c.Kit.String(),
		Release: component.Field{
			ID: "release", Label: modules.Say(r, "practice.publish.release"), Hint: modules.Say(r, "practice.publish.release_hint"),
			Value: c.Release, Required: true, Width: component.Short, MaxLength: 14, Error: c.errors["release"],
		},
		Button: component.Button{Label: modules.Say(r, "practice.publish.check"), Emphasis: component.Primary},
	}
	chosen, err := p.service.findItemsOf(r.Context(), s, c.Versions)
	if err != nil {
		return modules.View{}, err
	}
	page.Groups = p.itemGroups(r, items, func(item kit.Item) bool { return c.all || chosen[item.ID] != uuid.Nil })
	page.Moved = movedItems(r, items, chosen)
	page.Errors = component.Summarize(page.Release)
	if c.errors["items"] != "" {
		target := ""
		if len(page.Groups) > 0 {
			page.Groups[0].Error, target = c.errors["items"], page.Groups[0].Target()
		}
		page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Target: target, Message: c.errors["items"]})
	}
	if len(page.Groups) == 0 {
		page.Empty = &component.Empty{Title: modules.Say(r, "practice.publish.no_items"), Text: modules.Say(r, "practice.publish.no_items_text")}
	}
	return modules.Render("practice/compose", language.M("practice.publish.heading"), page), nil
}

// itemGroups offers the published items, a group of checkboxes for each kind.
func (p pages) itemGroups(r *http.Request, items []kit.Item, chosen func(kit.Item) bool) []component.Field {
	var groups []component.Field
	slices.SortStableFunc(items, func(a, b kit.Item) int { return p.service.deps.Platform.Kinds.Compare(a.Kind, b.Kind) })
	for _, item := range items {
		if item.State != kit.Published {
			continue
		}
		if len(groups) == 0 || groups[len(groups)-1].ID != "item-"+item.Kind {
			groups = append(groups, component.Field{
				ID: "item-" + item.Kind, Name: "items", Kind: component.Checkboxes, Label: form.Kind(r, p.service.deps.Platform.Kinds, item.Kind), Required: true,
			})
		}
		group := &groups[len(groups)-1]
		group.Options = append(group.Options, component.Option{
			Value: item.Current.ID.String(), Label: item.Key + " " + language.SayText(r.Context(), item.Title),
			Selected: chosen(item),
		})
	}
	return groups
}

// movedItems names the chosen items that have another version by now, which is proposed, and those that are no more in use.
func movedItems(r *http.Request, items []kit.Item, chosen map[uuid.UUID]uuid.UUID) *component.Alert {
	var newer, gone []string
	for _, item := range items {
		version, known := chosen[item.ID]
		switch {
		case !known:
		case item.State != kit.Published:
			gone = append(gone, item.Key)
		case item.Current.ID != version:
			newer = append(newer, item.Key)
		}
	}
	alert := &component.Alert{Tone: component.Info, Title: modules.Say(r, "practice.publish.moved")}
	var texts []string
	if len(newer) > 0 {
		texts = append(texts, modules.Say(r, "practice.publish.newer", "keys", strings.Join(newer, ", ")))
	}
	if len(gone) > 0 {
		texts = append(texts, modules.Say(r, "practice.publish.gone", "keys", strings.Join(gone, ", ")))
	}
	if alert.Text = strings.Join(texts, " "); alert.Text == "" {
		return nil
	}
	return alert
}

func (p pages) practiceCrumbs(r *http.Request, id uuid.UUID, title, here string) component.Breadcrumb {
	return form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.list.heading"), URL: "/pratiche"},
		component.Crumb{Label: title, URL: "/pratiche/" + id.String()}, component.Crumb{Label: here})
}

func (p pages) compose(r *http.Request, s tenants.Scope) (modules.View, error) {
	practice, err := p.practiceOf(r, s)
	if err != nil {
		return modules.View{}, err
	}
	if err := r.ParseForm(); err != nil {
		return modules.View{}, problem.New(problem.Invalid, "web.error.invalid").Wrap(err)
	}
	c := Composition{Practice: practice.ID, Release: modules.Value(r, "release")}
	c.Kit = modules.FormID(r.PostFormValue("kit"))
	for _, value := range r.PostForm["items"] {
		if id, ok := modules.ParseID(value); ok {
			c.Versions = append(c.Versions, id)
		}
	}
	if _, err := p.service.Compose(r.Context(), s, c); err != nil {
		if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
			view, err := p.composePage(r, s, practice, composing{Composition: c, errors: wrong})
			return view.Refused(), err
		}
		return modules.View{}, err
	}
	return modules.Redirect(checkURL(practice.ID, c.Kit), language.Message{}), nil
}

func checkURL(practice, kit uuid.UUID) string {
	return "/pratiche/" + practice.String() + "/pubblica/" + kit.String()
}

// CheckPage is what the checks of a kit found, and the button that publishes it.
type CheckPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Title      string
	Release    string
	Facts      component.Summary
	Proof      component.Summary // the fingerprint of what was published
	Missing    []string          // kinds
	Findings   []FindingView
	Names      *component.Alert // that they were not compared with the registry
	Dangling   component.Table
	Faults     []string
	Lacks      *component.Alert // of the sheet
	Formats    component.Table
	Contents   component.Table
	Action     string // publishes
	Edit       string
	Outlook    form.OutlookView // of a draft
	Button     component.Button
	Draft      bool
	Clear      bool
}

func (p pages) showCheck(r *http.Request, s tenants.Scope) (modules.View, error) {
	report, err := p.report(r, s)
	if err != nil {
		return modules.View{}, err
	}
	return p.checkPage(r, s, report, refusal{})
}

// report reads the kit of the path, which has to belong to the practice of the path.
func (p pages) report(r *http.Request, s tenants.Scope) (Report, error) {
	practice, err := modules.PathID(r, "id")
	if err != nil {
		return Report{}, err
	}
	id, err := modules.PathID(r, "kit")
	if err != nil {
		return Report{}, err
	}
	report, err := p.service.GetReport(r.Context(), s, id)
	if err == nil && report.Practice.ID != practice {
		return Report{}, problem.Missing()
	}
	return report, err
}

func (p pages) checkPage(r *http.Request, s tenants.Scope, report Report, refused refusal) (modules.View, error) {
	url := checkURL(report.Practice.ID, report.Kit.ID)
	title := language.SayText(r.Context(), report.Practice.Title)
	page := CheckPage{
		Breadcrumb: p.practiceCrumbs(r, report.Practice.ID, title, modules.Say(r, "practice.offer.release", "release", report.Kit.Release)),
		Title:      title, Release: report.Kit.Release, Action: url + "/conferma", Edit: "/pratiche/" + report.Practice.ID.String() + "/pubblica",
		Draft: report.Kit.State == Draft, Clear: report.Clear(),
		Button: component.Button{Label: modules.Say(r, "practice.publish.publish"), Emphasis: component.Primary},
		Facts: component.Summary{Rows: []component.SummaryRow{
			{Label: modules.Say(r, "practice.list.state"), Tag: new(StateTag(r, report.Kit.State))},
			form.Plain(r, "practice.publish.items", strconv.Itoa(len(report.Items))),
			form.Plain(r, "practice.kits.completeness", strconv.Itoa(report.Kit.Completeness)+"%"),
		}},
		Dangling: component.Table{
			ID: "riferimenti", Caption: modules.Say(r, "practice.publish.references"), Hidden: true,
			Columns: form.Columns(r, "practice.item.title", "practice.publish.place", "practice.publish.target"),
			Empty:   component.Empty{Title: modules.Say(r, "practice.publish.references_ok")},
		},
	}
	at := place.Of(r, p.service.deps.Platform.Kinds, report.Items)
	page.Formats = format.Table(r, report.Gaps, at.Within, at.Item)
	if page.Draft {
		page.Lacks = LacksAlert(r, report.Practice)
		var err error
		if page.Outlook, err = p.outlook(r, s, report); err != nil {
			return modules.View{}, err
		}
	}
	if report.Kit.Hash != "" {
		page.Proof.Rows = append(page.Proof.Rows, form.Plain(r, "practice.offer.hash", report.Kit.Hash))
	}
	if sheet, err := ParseSheet(report.Kit.Sheet); err == nil {
		page.Facts.Rows = append(page.Facts.Rows, credit.Row(r, sheet.Credits)...)
	}
	for _, kind := range report.Missing {
		page.Missing = append(page.Missing, form.Kind(r, p.service.deps.Platform.Kinds, kind))
	}
	for _, d := range report.Dangling {
		page.Dangling.Rows = append(page.Dangling.Rows, component.Row{Cells: []component.Cell{{Text: at.Item(d.Kind, d.Key)}, {Text: at.Within(d.Kind, d.Key, d.Ref.Path)}, {Text: d.Ref.Key}}})
	}
	for _, fault := range report.Faults {
		page.Faults = append(page.Faults, language.Say(r.Context(), fault.Message()))
	}
	sources := make([]kit.Source, len(report.Items))
	for i, item := range report.Items {
		sources[i] = kit.Source{Kind: item.Kind, Key: item.Key, Title: kit.Text{IT: item.Title.It, EN: item.Title.En}}
	}
	page.Contents = ContentsTable(r, p.service.deps.Platform.Kinds, sources)
	if page.Draft && !report.Kit.NamesCompared {
		page.Names = &component.Alert{Tone: component.Info, Title: modules.Say(r, "practice.publish.names"), Text: modules.Say(r, "practice.publish.names_text")}
	}
	for _, finding := range report.Kit.Findings {
		page.Findings = append(page.Findings, findingView(r, finding, at, url))
		if finding.ID == refused.finding {
			last := &page.Findings[len(page.Findings)-1]
			last.Reason.Error, last.Reason.Value = refused.wrong["reason"], r.PostFormValue("reason")
			page.Errors = component.Summarize(last.Reason)
		}
	}
	return modules.Render("practice/check", language.M("practice.publish.heading"), page), nil
}

func (p pages) publish(r *http.Request, s tenants.Scope) (modules.View, error) {
	report, err := p.report(r, s)
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.Publish(r.Context(), s, report.Kit.ID)
	if refused := problem.Of(err); err != nil && refused.Kind == problem.Invalid {
		if report, err = p.report(r, s); err != nil {
			return modules.View{}, err
		}
		view, err := p.checkPage(r, s, report, refusal{})
		if err != nil {
			return modules.View{}, err
		}
		page := view.Data.(CheckPage)
		at := place.Of(r, p.service.deps.Platform.Kinds, report.Items)
		page.Errors.Errors = at.Told(place.Refused{Items: report.Items, Findings: report.Kit.Findings, Dangling: report.Dangling, Gaps: report.Gaps}, refused.Fields)
		view.Data = page
		return view.Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/pratiche/"+report.Practice.ID.String(), language.M("practice.publish.done", "release", report.Kit.Release)), nil
}
