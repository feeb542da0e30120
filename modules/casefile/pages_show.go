package casefile

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/desk"
	"staffetta/modules/casefile/diary"
	"staffetta/modules/casefile/protection"
	"staffetta/modules/casefile/team"
	"staffetta/modules/kit"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/tenants"
)

// showPage is the summary of a case.
type showPage struct {
	Drafts   desk.List // what the actor has begun and not ended here
	Facts    component.Summary
	Person   *component.Summary // how to reach the person and who lives with them; nil where no section shows it
	Notes    component.Timeline // the last ones; none where neither the diary nor what another body wrote is shown
	Diary    *component.Link    // nil where the diary is not shown
	Steps    []stepForm
	Action   string
	Errors   component.ErrorSummary
	Timeline component.Timeline
	Notice   *component.Alert  // the case is another body's, or was
	Shares   []shareLine       // by which a guest reads it
	Hints    []component.Alert // what other modules have to say
	Conflict *component.Alert  // somebody moved the case meanwhile
	Kept     []component.Field // what was typed into a step that is not there any more
}

// shareLine says for what a case is shared, and leads to it.
type shareLine struct {
	Title string
	Links []component.Link
}

// stepForm is a step that the actor may take.
type stepForm struct {
	Key    string
	Fields []component.Field // what it asks for
	Wrong  bool              // one of them is
	Button component.Button
	Hidden []component.Hidden
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.caseSummary(r, s, nil)
}

func (p *pages) caseSummary(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	a, ask, err := access.Asked(r)(p.service.OpenOverview(r.Context(), s, r.PathValue("case")))
	if err != nil || a == nil {
		return ask, err
	}
	o, err := p.service.GetOverview(r.Context(), a)
	if err != nil {
		return modules.View{}, err
	}
	page := p.overview(r, s, a, o)
	if a.Foreign() {
		if page.Notice, err = p.shown(r, s, a); err != nil {
			return modules.View{}, err
		}
		if page.Shares, err = p.shareLines(r, s, a); err != nil {
			return modules.View{}, err
		}
		return modules.Render("casefile/show", language.M("casefile.show.title"), page).On(a.Bar(p.service, "")), nil
	}
	page.Notice, page.Hints = p.passage(r, a), p.hints(r, s, a)
	if page.Steps, err = p.stepForms(r, s, a, refused); err != nil {
		return modules.View{}, err
	}
	for _, step := range page.Steps {
		if step.Wrong {
			page.Errors = component.Summarize(step.Fields...)
		}
	}
	page.Timeline = p.timeline(r, a, o.Steps)
	if problem.Is(refused, problem.Conflict) {
		page.Conflict = &component.Alert{Tone: component.Warning, Title: language.Say(r.Context(), problem.Of(refused).Message)}
		page.Kept = typedInVain(r, a, page.Steps)
	}
	view := modules.Render("casefile/show", language.M("casefile.show.title"), page).On(a.Bar(p.service, ""))
	if page.Conflict != nil {
		view.Status = http.StatusConflict
	} else if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

// shown tells a guest whose case it is and what it may do there, until when in an emergency.
func (p *pages) shown(r *http.Request, s tenants.Scope, a *access.Access) (*component.Alert, error) {
	body := p.service.BodyName(a.Tenant)
	if until := a.EndsSoon(time.Now()); until != "" {
		urgent, err := p.service.InEmergency(r.Context(), s, a)
		if err != nil {
			return nil, err
		}
		if urgent {
			return &component.Alert{
				Tone: component.Warning, Title: modules.Say(r, "casefile.show.emergency", "until", until),
				Text: modules.Say(r, "casefile.show.emergency_text", "body", body),
			}, nil
		}
	}
	alert := &component.Alert{Tone: component.Info, Title: modules.Say(r, "casefile.show.shared", "body", body), Text: modules.Say(r, "casefile.show.shared_text")}
	var writes []string
	for _, section := range policies.SectionIDs() {
		if a.Scope.Writes(section) {
			writes = append(writes, language.SayText(r.Context(), policies.SectionLabel(section)))
		}
	}
	if len(writes) > 0 {
		alert.Text = modules.Say(r, "casefile.show.care_text", "sections", strings.Join(writes, ", "))
	}
	return alert, nil
}

// shareLines are the shares by which a guest reads a case: of a request, what is asked and where its outcome is told.
func (p *pages) shareLines(r *http.Request, s tenants.Scope, a *access.Access) ([]shareLine, error) {
	known, err := p.service.deps.Platform.Sights.Shares(r.Context(), s, a.Shares())
	if err != nil {
		return nil, err
	}
	var lines []shareLine
	for _, f := range known {
		if f.Kind == access.BrokenGlass {
			continue // of which the notice above tells
		}
		at := "/condivisioni/" + f.ID.String()
		line := shareLine{Title: modules.Say(r, "casefile.show.share", "purpose", f.Purpose), Links: []component.Link{{Label: modules.Say(r, "casefile.show.share_open"), Hidden: f.Purpose, URL: at}}}
		if f.Kind == serviceRequest {
			line.Title, line.Links[0].Label = f.Purpose, modules.Say(r, "casefile.show.request_open")
			if p.service.deps.Permits(s, "share:close") {
				line.Links = append(line.Links, component.Link{Label: modules.Say(r, "casefile.show.request_close"), Hidden: f.Purpose, URL: at + "/chiudi"})
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// serviceRequest is the kind of a share whose outcome the guest tells.
const serviceRequest = "service_request"

// passage tells where the case went, or came from.
func (p *pages) passage(r *http.Request, a *access.Access) *component.Alert {
	switch {
	case a.PassedTo != 0:
		return &component.Alert{Tone: component.Info, Title: modules.Say(r, "casefile.show.passed", "body", p.service.BodyName(a.PassedTo)), Text: modules.Say(r, "casefile.show.passed_text")}
	case a.Origin != 0:
		return &component.Alert{Tone: component.Info, Title: modules.Say(r, "casefile.show.came", "body", p.service.BodyName(a.Origin)), Text: modules.Say(r, "casefile.show.came_text")}
	}
	return nil
}

// hints are what other modules have to say about an open case.
func (p *pages) hints(r *http.Request, s tenants.Scope, a *access.Access) []component.Alert {
	if !a.ClosedAt.IsZero() {
		return nil
	}
	var alerts []component.Alert
	for _, h := range p.service.deps.Platform.Hints.FindOfCase(r.Context(), s, modules.Hinted{Person: a.CaseFile.Person}) {
		alert := component.Alert{Tone: component.Info, Title: language.Say(r.Context(), h.Label)}
		if h.Path != "" {
			alert.Link = &component.Link{Label: modules.Say(r, "casefile.show.hint"), URL: h.Path}
		}
		alerts = append(alerts, alert)
	}
	return alerts
}

// overview are the parts of the page that only show.
func (p *pages) overview(r *http.Request, s tenants.Scope, a *access.Access, o Overview) showPage {
	page := showPage{Action: "/cartelle/" + a.Ref + "/stato", Facts: p.facts(r, a, o.Summary), Person: p.personSummary(r, s, a, o), Drafts: draftList(r, a, o.Drafts)}
	if !a.Foreign() {
		page.Facts.Rows = append(page.Facts.Rows, team.Rows(r, a, o.Assignments)...)
		if a.Scope.Reads(protection.Section) {
			page.Facts.Rows = append(page.Facts.Rows, protection.Row(r, a, o.Marks))
		}
	}
	if diary.Shows(a) {
		page.Diary = &component.Link{Label: modules.Say(r, "casefile.show.diary"), URL: "/cartelle/" + a.Ref + "/diario"}
	}
	if !a.Scope.Reads("diary") && len(o.Notes) == 0 {
		return page // of what is not shown nobody says that there is none
	}
	page.Notes = component.Timeline{Label: modules.Say(r, "casefile.show.notes"), Empty: component.Empty{Title: modules.Say(r, "casefile.show.no_notes")}}
	for _, n := range o.Notes {
		event := diary.Event(r, a, n)
		event.Tags, event.Text = nil, []string{beginning(n.Body)}
		page.Notes.Events = append(page.Notes.Events, event)
	}
	return page
}

// beginningRunes is how much of a note the summary of a case shows.
const beginningRunes = 160

// beginning is the first line of a text, shortened at a word.
func beginning(body string) string {
	line, more, _ := strings.Cut(strings.TrimSpace(body), "\n")
	runes := []rune(strings.TrimSpace(line))
	if len(runes) <= beginningRunes {
		if more != "" {
			return string(runes) + " …"
		}
		return string(runes)
	}
	short := string(runes[:beginningRunes])
	if at := strings.LastIndexByte(short, ' '); at > 0 {
		short = short[:at]
	}
	return short + " …"
}

// draftList are the drafts to resume.
func draftList(r *http.Request, a *access.Access, drafts []diary.Note) desk.List {
	var list desk.List
	for _, n := range drafts {
		kind, _ := diary.NoteKindOf(n.Kind)
		list.Rows = append(list.Rows, desk.Row{
			Label: modules.Say(r, "casefile.note.resume"), URL: "/cartelle/" + a.Ref + "/diario/" + n.ID.String(),
			Title: language.SayText(r.Context(), kind.Label) + ", " + n.HappenedOn.Format("02/01/2006"),
		})
	}
	return list
}

// personSummary says how to reach the person of a case and who lives with them, as far as the sections show it.
func (p *pages) personSummary(r *http.Request, s tenants.Scope, a *access.Access, o Overview) *component.Summary {
	summary := &component.Summary{Title: modules.Say(r, "casefile.show.reach")}
	rows := []component.SummaryRow{{Label: modules.Say(r, "casefile.column.person"), Values: modules.Given(a.Person.FullName())}}
	if p.service.deps.Permits(s, "person:read") && !a.Foreign() {
		summary.Change = &component.Link{Label: modules.Say(r, "casefile.show.person"), URL: "/persone/" + a.CaseFile.Person.String()}
	}
	if a.Scope.Reads("contacts") {
		c := o.Contacts
		rows = append(rows,
			component.SummaryRow{Label: modules.Say(r, "casefile.show.phone"), Values: modules.Given(c.Mobile, c.Phone)},
			component.SummaryRow{Label: modules.Say(r, "casefile.show.address"), Values: modules.Given(strings.Join(modules.Given(c.Address, strings.TrimSpace(c.PostalCode+" "+c.Municipality)), ", "))},
		)
	}
	if a.Scope.Reads("household") {
		rows = append(rows, component.SummaryRow{
			Label: modules.Say(r, "casefile.show.household"), Values: cohabitantNames(r, a, o.Households),
			Change: &component.Link{Label: modules.Say(r, "casefile.show.to_household"), URL: "/cartelle/" + a.Ref + "/nucleo"},
		})
	}
	if len(rows) == 1 && summary.Change == nil {
		return nil // the bar says the name already
	}
	summary.Rows = rows
	return summary
}

// cohabitantNames are those who live with the person, each once, with what they are to the head of the household.
func cohabitantNames(r *http.Request, a *access.Access, households []registry.Household) []string {
	var lines []string
	seen := map[uuid.UUID]bool{a.CaseFile.Person: true}
	for _, h := range households {
		for _, m := range h.Members {
			if seen[m.PersonID] {
				continue
			}
			seen[m.PersonID] = true
			name := m.FullName()
			if name == "" {
				name = modules.Say(r, "casefile.list.hidden_name")
			}
			lines = append(lines, name+", "+modules.Say(r, "registry.relation."+m.Relation))
		}
	}
	return lines
}

func (p *pages) facts(r *http.Request, a *access.Access, summary string) component.Summary {
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "casefile.column.state"), Values: []string{a.StateLabel}, Lang: "it"},
		{Label: modules.Say(r, "casefile.column.opened"), Date: a.OpenedAt.In(language.Rome)},
	}
	if !a.ClosedAt.IsZero() {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "casefile.column.closed"), Date: a.ClosedAt.In(language.Rome)})
	}
	if !a.Foreign() {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "casefile.column.area"), Values: modules.Given(areaLabel(r, a.Area))})
	}
	if !a.Foreign() && a.Scope.Reads(reasonSection) {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "casefile.new.summary"), Values: modules.Given(summary), Lang: "it"})
	}
	return component.Summary{Title: modules.Say(r, "casefile.show.facts"), Rows: rows}
}

func (p *pages) stepForms(r *http.Request, s tenants.Scope, a *access.Access, refused error) ([]stepForm, error) {
	if !p.service.mayMove(s, a) {
		return nil, nil
	}
	steps := a.States.Steps(a.State, s.Roles)
	asked, err := p.service.findAsked(r.Context(), a, steps)
	if err != nil {
		return nil, err
	}
	var forms []stepForm
	for _, t := range steps {
		label := language.SayText(r.Context(), language.Text{It: t.Label.IT, En: t.Label.EN})
		form := stepForm{Key: t.Key, Hidden: []component.Hidden{{Name: "version", Value: strconv.Itoa(a.Version)}}, Button: component.Button{Label: label, Name: "passaggio", Value: t.Key}}
		var typed url.Values
		var wrong map[string]string
		if modules.Value(r, "passaggio") == t.Key {
			typed, wrong = r.PostForm, modules.FieldErrors(r.Context(), refused)
		}
		form.Fields = asked[t.Key].Fields(r.Context(), t.Key+"-", typed, wrong)
		form.Wrong = len(component.Summarize(form.Fields...).Errors) > 0
		if len(form.Fields) == 0 && len(forms) == 0 {
			form.Button.Emphasis = component.Primary
		}
		forms = append(forms, form)
	}
	return forms, nil
}

// typedInVain are the fields that were sent for a step that nobody can take any more, to copy what is in them.
func typedInVain(r *http.Request, a *access.Access, steps []stepForm) []component.Field {
	if slices.ContainsFunc(steps, func(f stepForm) bool { return f.Key == modules.Value(r, "passaggio") }) {
		return nil
	}
	var kept []component.Field
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		key, ours := strings.CutPrefix(name, kit.AnswerPrefix)
		if text := modules.Value(r, name); ours && text != "" {
			label := language.SayText(r.Context(), a.States.FieldLabel(key))
			kept = append(kept, component.Field{ID: "testo-" + strconv.Itoa(len(kept)+1), Kind: component.LongText, Rows: 4, ReadOnly: true, Label: label, Value: text})
		}
	}
	return kept
}

func (p *pages) timeline(r *http.Request, a *access.Access, steps []Step) component.Timeline {
	t := component.Timeline{Label: modules.Say(r, "casefile.show.timeline"), Empty: component.Empty{Title: modules.Say(r, "casefile.show.no_steps")}}
	for _, step := range steps {
		event := component.Event{
			Title: language.SayText(r.Context(), a.States.Label(step.From)) + " → " + language.SayText(r.Context(), a.States.Label(step.To)),
			At:    step.At.In(language.Rome), By: step.By, Lang: "it",
		}
		for _, given := range step.Given {
			event.Text = append(event.Text, strings.Split(given.Line(r.Context()), "\n")...)
		}
		if step.Reason != "" {
			event.Text = append(event.Text, strings.Split(step.Reason, "\n")...)
		}
		t.Events = append(t.Events, event)
	}
	return t
}

func (p *pages) advance(r *http.Request, s tenants.Scope) (modules.View, error) {
	m := Move{Step: modules.Value(r, "passaggio")}
	m.Version, _ = strconv.Atoi(r.PostFormValue("version")) // a form without one asks for the step from wherever the case stands
	m.Values = r.PostForm
	err := p.service.Move(r.Context(), s, r.PathValue("case"), m)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.caseSummary(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/cartelle/"+r.PathValue("case"), language.M("casefile.show.moved")), nil
}
