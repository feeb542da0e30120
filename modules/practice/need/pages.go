package need

import (
	"net/http"
	"net/url"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// listPath is the address of the needs.
const listPath = "/fabbisogni"

type pages struct {
	service *Service
	deps    modules.Deps
}

// Pages are those of needs.
func Pages(service *Service) []modules.Page {
	p := pages{service, service.deps}
	return []modules.Page{
		{Pattern: "GET " + listPath, Permission: "adoption:read", Handle: p.showNeeds, Nav: &modules.Nav{Label: "practice.need.nav", Order: 74}},
		{Pattern: "GET " + listPath + "/nuovo", Permission: "adoption:write", Handle: p.showNew},
		{Pattern: "POST " + listPath, Permission: "adoption:write", Handle: p.create},
		{Pattern: "GET " + listPath + "/{need}", Permission: "adoption:read", Handle: p.showNeed},
		{Pattern: "GET " + listPath + "/{need}/modifica", Permission: "adoption:write", Handle: p.showEdit},
		{Pattern: "POST " + listPath + "/{need}/modifica", Permission: "adoption:write", Handle: p.update},
		{Pattern: "POST " + listPath + "/{need}/pubblica", Permission: "adoption:write", Handle: p.publish},
		{Pattern: "POST " + listPath + "/{need}/chiudi", Permission: "adoption:write", Handle: p.close},
	}
}

// NeedsPage lists the needs of the body and those that others have published.
type NeedsPage struct {
	Buttons component.ButtonRow
	Own     component.Table
	Area    component.Field
	Filter  component.Button
	Others  component.Table
}

func (p pages) showNeeds(r *http.Request, s tenants.Scope) (modules.View, error) {
	own, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	area := r.URL.Query().Get("area")
	if kit.AreaLabel(area).It == "" {
		area = ""
	}
	others, next, err := p.service.FindPublished(r.Context(), s, area, r.URL.Query().Get("dopo"))
	if err != nil {
		return modules.View{}, err
	}
	page := NeedsPage{
		Own: ownTable(r, own), Area: areaField(r, area, ""), Others: othersTable(r, others),
		Filter: component.Button{Label: modules.Say(r, "practice.need.filter")},
	}
	if next != "" {
		query := url.Values{"dopo": {next}}
		if area != "" {
			query.Set("area", area)
		}
		page.Others.Pager = &component.Pager{Next: listPath + "?" + query.Encode()}
	}
	if p.deps.Permits(s, "adoption:write") {
		page.Buttons.Buttons = []component.Button{{Label: modules.Say(r, "practice.need.new"), URL: listPath + "/nuovo", Emphasis: component.Primary}}
	}
	page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "practice.match.for_body"), URL: "/pratiche-adatte"})
	if p.deps.Permits(s, "practice:read") {
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "practice.match.ceding"), URL: listPath + "/compatibili"})
	}
	return modules.Render("practice/needs", language.M("practice.need.list"), page), nil
}

func ownTable(r *http.Request, needs []PracticeNeed) component.Table {
	table := component.Table{
		ID: "propri", Caption: modules.Say(r, "practice.need.own"), Hidden: true,
		Columns: form.Columns(r, "practice.need.title", "practice.need.area", "practice.need.deadline", "practice.list.state", "practice.list.updated"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.need.empty"), Text: modules.Say(r, "practice.need.empty_text")},
	}
	for _, n := range needs {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: n.Title, URL: listPath + "/" + n.ID.String()}, {Text: areaOf(r, n.Area)}, {Date: n.Deadline}, {Tags: []component.Tag{stateTag(r, n.State)}}, {Instant: n.UpdatedAt},
		}})
	}
	return table
}

func othersTable(r *http.Request, needs []PracticeNeed) component.Table {
	table := component.Table{
		ID: "altri", Caption: modules.Say(r, "practice.need.others"), Hidden: true,
		Columns: form.Columns(r, "practice.need.title", "practice.need.body", "practice.need.area", "practice.need.deadline", "practice.need.since"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.need.none"), Text: modules.Say(r, "practice.need.none_text")},
	}
	for _, n := range needs {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: n.Title, URL: listPath + "/" + n.ID.String()}, {Text: n.Body}, {Text: areaOf(r, n.Area)}, {Date: n.Deadline}, {Date: n.PublishedAt},
		}})
	}
	return table
}

func areaOf(r *http.Request, code string) string {
	return language.SayText(r.Context(), kit.AreaLabel(code))
}

func stateTag(r *http.Request, state State) component.Tag {
	tones := map[State]component.Tone{Published: component.Info, Met: component.Success}
	return component.Tag{Label: modules.Say(r, "practice.need.state."+string(state)), Tone: tones[state]}
}

// NeedPage is one need with what can be done with it.
type NeedPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Title      string
	State      component.Tag
	Facts      component.Summary
	Own        bool
	Note       string
	Buttons    component.ButtonRow
	Publish    *FormAct
	Close      []FormAct
}

// FormAct is one button that changes something.
type FormAct struct {
	Action string
	Hidden []component.Hidden
	Button component.Button
}

func (p pages) showNeed(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.needPage(r, s, nil)
}

func (p pages) needPage(r *http.Request, s tenants.Scope, wrong error) (modules.View, error) {
	n, err := p.found(r, s)
	if err != nil {
		return modules.View{}, err
	}
	at := listPath + "/" + n.ID.String()
	page := NeedPage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.need.list"), URL: listPath}, component.Crumb{Label: n.Title}),
		Title:      n.Title, State: stateTag(r, n.State), Facts: facts(r, n), Own: n.Tenant == s.Tenant,
	}
	for field, message := range modules.FieldErrors(r.Context(), wrong) {
		if field != somewhere {
			message = modules.Say(r, "practice.need."+field) + ": " + message
		}
		page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: message})
	}
	if page.Own {
		page.Note = modules.Say(r, "practice.need.note."+string(n.State))
		page.addActs(r, n, at, p.deps.Permits(s, "adoption:write"))
	}
	return modules.Render("practice/need", language.M("practice.need.heading", "title", n.Title), page), nil
}

// addActs offers what the own body can do next.
func (page *NeedPage) addActs(r *http.Request, n PracticeNeed, at string, writes bool) {
	matching := component.Button{Label: modules.Say(r, "practice.match.button"), URL: at + "/pratiche"}
	if n.State == Published {
		matching.Emphasis = component.Primary
	}
	page.Buttons.Buttons = []component.Button{matching}
	if !writes || n.State == Met {
		return
	}
	page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "practice.need.edit"), URL: at + "/modifica"})
	if n.State == Published {
		for _, outcome := range []State{Met, Withdrawn} {
			page.Close = append(page.Close, FormAct{
				Action: at + "/chiudi", Hidden: []component.Hidden{{Name: "esito", Value: string(outcome)}},
				Button: component.Button{Label: modules.Say(r, "practice.need.close."+string(outcome))},
			})
		}
		return
	}
	page.Publish = &FormAct{Action: at + "/pubblica", Button: component.Button{Label: modules.Say(r, "practice.need.publish"), Emphasis: component.Primary}}
}

func (p pages) found(r *http.Request, s tenants.Scope) (PracticeNeed, error) {
	id, err := modules.PathID(r, "need")
	if err != nil {
		return PracticeNeed{}, err
	}
	return p.service.Get(r.Context(), s, id)
}

func facts(r *http.Request, n PracticeNeed) component.Summary {
	rows := []component.SummaryRow{}
	if n.Body != "" {
		rows = append(rows, form.Plain(r, "practice.need.body", n.Body))
	}
	staff := ""
	if n.Staff != nil {
		staff = strconv.Itoa(*n.Staff)
	}
	budget := ""
	if n.Budget != "" {
		budget = modules.Say(r, "practice.need.budget."+n.Budget)
	}
	rows = append(rows, form.Plain(r, "practice.need.purpose", n.Purpose), form.Plain(r, "practice.need.audience", n.Audience), form.Plain(r, "practice.need.area", areaOf(r, n.Area)),
		form.Plain(r, "practice.need.budget", budget), form.Plain(r, "practice.need.staff", staff),
		component.SummaryRow{Label: modules.Say(r, "practice.need.deadline"), Date: n.Deadline})
	if !n.PublishedAt.IsZero() {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "practice.need.since"), Date: n.PublishedAt})
	}
	return component.Summary{Rows: rows}
}

func (p pages) publish(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "need")
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.Publish(r.Context(), s, id)
	if modules.FieldErrors(r.Context(), err) != nil {
		view, err := p.needPage(r, s, err)
		return view.Refused(), err
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(listPath+"/"+id.String(), language.M("practice.need.published")), nil
}

func (p pages) close(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "need")
	if err != nil {
		return modules.View{}, err
	}
	outcome := Withdrawn
	if modules.Value(r, "esito") == string(Met) {
		outcome = Met
	}
	if _, err := p.service.Close(r.Context(), s, id, outcome); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(listPath+"/"+id.String(), language.M("practice.need.closed."+string(outcome))), nil
}
