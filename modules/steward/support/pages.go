package support

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const (
	platformAt = "/piattaforma/supporto"
	bodyAt     = "/console/assistenza"
)

type pages struct {
	service *Service
}

// Pages are those of support: the platform's and the body's.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET " + platformAt, Permission: Ask, Site: modules.OnPlatform, Nav: &modules.Nav{Label: "steward.support.nav", Order: 70, About: "steward.support.about"}, Handle: p.showAll},
		{Pattern: "POST " + platformAt, Permission: Ask, Site: modules.OnPlatform, Handle: p.ask},
		{Pattern: "POST " + platformAt + "/{access}/accetta", Permission: Ask, Site: modules.OnPlatform, Handle: p.take},
		{Pattern: "POST " + platformAt + "/{access}/chiudi", Permission: Ask, Site: modules.OnPlatform, Handle: p.leave},
		{Pattern: "GET " + bodyAt, Permission: Read, Nav: &modules.Nav{Label: "steward.support.own_nav", Order: 70, About: "steward.support.own_about"}, Handle: p.showOwn},
		{Pattern: "POST " + bodyAt, Permission: Grant, Handle: p.offer},
		{Pattern: "POST " + bodyAt + "/{access}/accetta", Permission: Grant, Handle: p.grant},
		{Pattern: "POST " + bodyAt + "/{access}/rifiuta", Permission: Grant, Handle: p.refuse},
		{Pattern: "POST " + bodyAt + "/{access}/chiudi", Permission: Grant, Handle: p.end},
	}
}

// supportPage lists accesses, with a form for another one.
type supportPage struct {
	Title, Intro string
	Errors       component.ErrorSummary
	Alert        *component.Alert
	Accesses     []accessView
	None         component.Empty
	Form         *component.Decision
}

// accessView is an access with what can be done about it.
type accessView struct {
	Facts   component.Summary
	Way     *component.Link // where who came by it signs in
	Buttons []accessButton
	Doings  *component.Table
}

// accessButton sends a form of its own.
type accessButton struct {
	Action string
	Button component.Button
}

func (p pages) showAll(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.allView(r, s, nil)
}

func (p pages) allView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	found, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := supportPage{
		Title: modules.Say(r, "steward.support.title"), Intro: modules.Say(r, "steward.support.intro"), None: component.Empty{Title: modules.Say(r, "steward.support.none")},
		Form: p.form(r, "ask", platformAt, refused),
	}
	for _, a := range found {
		view := accessView{Facts: facts(r, a, p.service.deps.Bodies.Name(a.Body))}
		open := a.State == Asked || a.State == Granted
		switch {
		case a.Mine && open:
			if a.State == Granted {
				view.Way = &component.Link{Label: modules.Say(r, "steward.support.sign_in", "body", p.service.deps.Bodies.Name(a.Body)), URL: "/" + p.service.deps.Bodies.Slug(a.Body) + "/accedi"}
			}
			view.Buttons = append(view.Buttons, button(r, platformAt, a.ID, "chiudi", component.Secondary))
		case a.State == Granted && a.Name == "":
			view.Buttons = append(view.Buttons, button(r, platformAt, a.ID, "accetta", component.Primary))
			view.Buttons[0].Button.Label = modules.Say(r, "steward.support.take")
		}
		page.Accesses = append(page.Accesses, view)
	}
	return view(r, page, refused), nil
}

func view(r *http.Request, page supportPage, refused error) modules.View {
	page.Errors = component.Summarize(component.FieldsOf(page.Form)...)
	if problem.Is(refused, problem.Conflict) {
		page.Alert = &component.Alert{Tone: component.Warning, Title: modules.Say(r, "steward.support.late")}
	}
	v := modules.Render("steward/support", language.M("steward.support.page", "title", page.Title), page)
	if refused != nil {
		v.Status = problem.Of(refused).Kind.Status()
	}
	return v
}

func button(r *http.Request, at string, id uuid.UUID, word string, emphasis component.Emphasis) accessButton {
	return accessButton{at + "/" + id.String() + "/" + word, component.Button{Label: modules.Say(r, "steward.support."+word), Emphasis: emphasis}}
}

func facts(r *http.Request, a Access, title string) component.Summary {
	tones := map[State]component.Tone{Asked: component.Warning, Granted: component.Info}
	row := func(key string, value string) component.SummaryRow {
		return component.SummaryRow{Label: modules.Say(r, "steward.support."+key), Values: modules.Given(value)}
	}
	who := a.Name
	if who == "" {
		who = modules.Say(r, "steward.support.nobody")
	}
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "steward.support.state"), Tag: &component.Tag{Label: modules.Say(r, "steward.support.state_"+string(a.State)), Tone: tones[a.State]}},
		row("who", who), row("why", a.Reason), row("hours", modules.Say(r, "steward.support.hours_n", "n", a.Hours)), row("asked_at", instant(a)),
	}
	if a.Granter != "" {
		rows = append(rows, row("granter", a.Granter))
	}
	if !a.Until.IsZero() {
		rows = append(rows, row("until", a.Until.In(language.Rome).Format("02/01/2006 15:04")))
	}
	if !a.EndedAt.IsZero() {
		rows = append(rows, row("ended", a.EndedAt.In(language.Rome).Format("02/01/2006 15:04")))
	}
	return component.Summary{Title: title, Rows: rows}
}

func instant(a Access) string { return a.AskedAt.In(language.Rome).Format("02/01/2006 15:04") }

// form asks for support or grants it; which is the word of its messages.
func (p pages) form(r *http.Request, which, action string, refused error) *component.Decision {
	wrong := modules.FieldErrors(r.Context(), refused)
	hours := component.Field{ID: "ore", Kind: component.Select, Label: modules.Say(r, "steward.support.hours"), Value: modules.Value(r, "ore"), Required: true, Width: component.Short, Error: wrong["ore"]}
	for n := 1; n <= MaxHours; n++ {
		hours.Options = append(hours.Options, component.Option{Value: strconv.Itoa(n), Label: modules.Say(r, "steward.support.hours_n", "n", n)})
	}
	f := &component.Decision{
		Title: modules.Say(r, "steward.support."+which), Text: modules.Say(r, "steward.support."+which+"_text"), Action: action,
		Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}},
		Button: component.Button{Label: modules.Say(r, "steward.support."+which), Emphasis: component.Primary},
		Fields: []component.Field{{
			ID: "motivo", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "steward.reason"), Hint: modules.Say(r, "steward.support.reason_hint"),
			Value: modules.Value(r, "motivo"), Required: true, MaxLength: 1000, Error: wrong["motivo"],
		}, hours},
	}
	if which == "ask" {
		asked := modules.Value(r, "ente")
		if asked == "" {
			asked = r.URL.Query().Get("ente")
		}
		f.Fields = append([]component.Field{{
			ID: "ente", Label: modules.Say(r, "steward.support.body"), Hint: modules.Say(r, "steward.support.body_hint"), Value: asked, Required: true, MaxLength: 63, Width: component.Medium, Error: wrong["ente"],
		}}, f.Fields...)
	}
	return f
}

func wish(r *http.Request) Wish {
	hours, _ := strconv.Atoi(modules.Value(r, "ore")) // anything else is no number of hours
	return Wish{Reason: modules.Value(r, "motivo"), Hours: hours}
}

func (p pages) ask(r *http.Request, s tenants.Scope) (modules.View, error) {
	_, err := p.service.Ask(r.Context(), s, modules.Value(r, "ente"), wish(r))
	return p.answerAll(r, s, err, "steward.support.ask_done")
}

func (p pages) take(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.onPlatform(r, s, func(id uuid.UUID) error { return p.service.Take(r.Context(), s, id) }, "steward.support.take_done")
}

func (p pages) leave(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.onPlatform(r, s, func(id uuid.UUID) error { return p.service.Leave(r.Context(), s, id) }, "steward.support.leave_done")
}

func (p pages) onPlatform(r *http.Request, s tenants.Scope, do func(uuid.UUID) error, done string) (modules.View, error) {
	id, err := modules.PathID(r, "access")
	if err != nil {
		return modules.View{}, err
	}
	return p.answerAll(r, s, do(id), done)
}

// answerAll shows the platform's page with what was refused, or again.
func (p pages) answerAll(r *http.Request, s tenants.Scope, err error, done string) (modules.View, error) {
	switch {
	case problem.Is(err, problem.Invalid), problem.Is(err, problem.Conflict):
		return p.allView(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(platformAt, language.M(done)), nil
}

func (p pages) showOwn(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.ownView(r, s, nil)
}

func (p pages) ownView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	found, err := p.service.FindOwn(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := supportPage{
		Title: modules.Say(r, "steward.support.own_title"), Intro: modules.Say(r, "steward.support.own_intro"), None: component.Empty{Title: modules.Say(r, "steward.support.own_none")},
	}
	grants := p.service.deps.Permits(s, Grant)
	if grants {
		page.Form = p.form(r, "offer", bodyAt, refused)
	}
	for _, a := range found {
		title := a.Name
		if title == "" {
			title = modules.Say(r, "steward.support.nobody")
		}
		view := accessView{Facts: facts(r, a, title), Doings: doings(r, p.service.deps.Platform.Modules, a)}
		switch {
		case grants && a.State == Asked:
			view.Buttons = []accessButton{button(r, bodyAt, a.ID, "accetta", component.Primary), button(r, bodyAt, a.ID, "rifiuta", component.Secondary)}
		case grants && a.State == Granted:
			view.Buttons = []accessButton{button(r, bodyAt, a.ID, "chiudi", component.Grave)}
		}
		page.Accesses = append(page.Accesses, view)
	}
	return view(r, page, refused), nil
}

// doings is what was looked at by an access.
func doings(r *http.Request, list []modules.Module, a Access) *component.Table {
	if a.Until.IsZero() {
		return nil
	}
	t := &component.Table{ID: "fatto-" + a.ID.String(), Caption: modules.Say(r, "steward.support.doings"), Cards: true, Empty: component.Empty{Title: modules.Say(r, "steward.support.nothing")}}
	for _, key := range []string{"when", "what", "page_of"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "steward.support."+key)})
	}
	for _, d := range a.Doings {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Instant: d.At.In(language.Rome)}, {Text: actionOf(r, list, d.Action)}, {Text: d.Page}}})
	}
	return t
}

// actionOf is what an event is called by the module that declares it; those of sessions are no module's.
func actionOf(r *http.Request, list []modules.Module, action string) string {
	for _, m := range list {
		if text, known := m.Events[action]; known {
			return language.SayText(r.Context(), text)
		}
	}
	if action == "session.login" || action == "session.logout" {
		return modules.Say(r, "steward.support."+action[len("session."):])
	}
	return action
}

func (p pages) offer(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.answerOwn(r, s, p.service.Offer(r.Context(), s, modules.FormID(r.PostFormValue("id")), wish(r)), "steward.support.offer_done")
}

func (p pages) grant(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.onBody(r, s, func(id uuid.UUID) error { return p.service.Answer(r.Context(), s, id, true) }, "steward.support.grant_done")
}

func (p pages) refuse(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.onBody(r, s, func(id uuid.UUID) error { return p.service.Answer(r.Context(), s, id, false) }, "steward.support.refuse_done")
}

func (p pages) end(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.onBody(r, s, func(id uuid.UUID) error { return p.service.End(r.Context(), s, id) }, "steward.support.end_done")
}

func (p pages) onBody(r *http.Request, s tenants.Scope, do func(uuid.UUID) error, done string) (modules.View, error) {
	id, err := modules.PathID(r, "access")
	if err != nil {
		return modules.View{}, err
	}
	return p.answerOwn(r, s, do(id), done)
}

// answerOwn shows the body's page with what was refused, or again.
func (p pages) answerOwn(r *http.Request, s tenants.Scope, err error, done string) (modules.View, error) {
	switch {
	case problem.Is(err, problem.Invalid), problem.Is(err, problem.Conflict):
		return p.ownView(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(bodyAt, language.M(done)), nil
}
