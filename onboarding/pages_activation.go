package onboarding

import (
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// checkPage shows all answers before the body goes live.
type checkPage struct {
	frame
	Alerts    []component.Alert
	Summaries []component.Summary
	Effects   bool              // what will happen is told before the first try only
	Go        *component.Button // only for who began the entry
}

func (p pages) showCheck(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, away, err := p.open(r, s)
	if err != nil {
		return modules.View{}, err
	}
	if e.State == Live {
		return *away, nil
	}
	if !e.Ready() {
		return modules.Redirect(pathOf(e.ID), language.Message{}), nil
	}
	return p.checkView(r, s, e, nil)
}

func (p pages) checkView(r *http.Request, s tenants.Scope, e Entry, refused error) (modules.View, error) {
	kits, err := p.service.FindKits(r.Context(), s, e.Kit)
	if err != nil {
		return modules.View{}, err
	}
	page := checkPage{frame: p.frameOf(r, e, "", 0), Effects: e.Starter && e.State == Open}
	page.Action = pathOf(e.ID) + "/attiva"
	page.Hidden = []component.Hidden{{Name: "seen", Value: string(e.Mark())}}
	if refused != nil {
		page.Alerts = append(page.Alerts, refusal(r, e, refused))
	}
	page.offer(r, e)
	page.Alerts = append(page.Alerts, p.coverage(r, e)...)
	page.Summaries = p.summaries(r, e, kits)
	return again(modules.Render("onboarding/check", language.M("onboarding.step.check"), page), refused), nil
}

// refusal tells why the body is not live, and which answers have changed since the page was opened.
func refusal(r *http.Request, e Entry, refused error) component.Alert {
	why := problem.Of(refused).Message
	alert := component.Alert{Tone: component.Danger, Title: modules.Say(r, "onboarding.check.refused"), Text: language.Say(r.Context(), why)}
	if why.Key != changedKey {
		return alert
	}
	var names []string
	for _, step := range e.Mark().Since(formMark(r)) {
		names = append(names, modules.Say(r, "onboarding.step."+string(step)))
	}
	if len(names) > 0 {
		alert.Text = modules.Say(r, "onboarding.check.changed", "steps", strings.Join(names, ", "))
	}
	return alert
}

// formMark is the mark of the answers that the form was shown with.
func formMark(r *http.Request) Mark { return Mark(r.PostFormValue("seen")) }

// offer puts the button that brings the body live before who began the entry, and tells
// the others who may.
func (page *checkPage) offer(r *http.Request, e Entry) {
	if !e.Starter {
		page.Alerts = append(page.Alerts, component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.error.starter_activate")})
		return
	}
	page.Go = &component.Button{Label: modules.Say(r, "onboarding.check.go"), Emphasis: component.Primary}
	if e.State == Activating {
		page.Go.Label = modules.Say(r, "onboarding.check.resume")
		page.Alerts = append(page.Alerts, component.Alert{
			Tone: component.Warning, Title: modules.Say(r, "onboarding.check.cut"), Text: modules.Say(r, "onboarding.check.cut_text"),
		})
	}
}

// summaries are the answers of all steps, each with the way back to change it.
func (p pages) summaries(r *http.Request, e Entry, kits []Kit) []component.Summary {
	m, _ := e.Municipality()
	all := []component.Summary{
		municipalitySummary(r, m, e.IPA()), contactSummary(r, e.Contact),
		{Title: modules.Say(r, "onboarding.step.choice"), Rows: []component.SummaryRow{
			{Label: modules.Say(r, "onboarding.choice.modules"), Values: []string{p.titles(r, e.Modules)}},
			{Label: modules.Say(r, "onboarding.choice.kit"), Values: []string{kitTitle(r, kits, e.Kit)}},
		}},
		usersSummary(r, e.Users),
	}
	if e.State != Open {
		return all
	}
	for i, step := range Steps {
		all[i].Change = &component.Link{
			Label: modules.Say(r, "onboarding.check.change"), Hidden: all[i].Title, URL: stepURL(e.ID, step) + "?poi=verifica",
		}
	}
	return all
}

func contactSummary(r *http.Request, c Contact) component.Summary {
	summary := component.Summary{Title: modules.Say(r, "onboarding.step.contact")}
	for _, row := range []struct{ name, value string }{
		{"name", c.Name}, {"position", c.Position}, {"email", c.Email}, {"phone", c.Phone}, {"act_number", c.ActNumber}, {"act_date", italianDay(c.ActDate)},
	} {
		summary.Rows = append(summary.Rows, component.SummaryRow{Label: modules.Say(r, "onboarding.contact."+row.name), Values: []string{row.value}})
	}
	return summary
}

func usersSummary(r *http.Request, users []User) component.Summary {
	summary := component.Summary{Title: modules.Say(r, "onboarding.step.users")}
	for _, u := range users {
		row := component.SummaryRow{Label: u.Name, Values: []string{roleNames(r, u.Roles)}}
		if u.Mask != "" {
			row.Values = append(row.Values, u.Mask)
		}
		summary.Rows = append(summary.Rows, row)
	}
	return summary
}

func (p pages) activate(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.Activate(r.Context(), s, id, formMark(r))
	if err == nil {
		return modules.Redirect(pathOf(id)+"/fatto", language.M("onboarding.done.flash")), nil
	}
	if !problem.Is(err, problem.Conflict) {
		return modules.View{}, err
	}
	e, getErr := p.service.Get(r.Context(), s, id)
	if getErr != nil {
		return modules.View{}, getErr
	}
	if !e.Ready() {
		return modules.View{Redirect: pathOf(id)}, nil
	}
	return p.checkView(r, s, e, err)
}

// donePage tells the address of the new body, who can sign in and what comes first.
type donePage struct {
	Title   string
	Address string
	First   component.TaskList
	Users   component.Summary
	People  component.Link // who works at the entry
}

func (p pages) showDone(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, _, err := p.open(r, s)
	if err != nil {
		return modules.View{}, err
	}
	if e.State != Live {
		return modules.View{Redirect: pathOf(e.ID)}, nil
	}
	m, _ := e.Municipality()
	address := "/" + e.IPA()
	if body, err := p.service.deps.Bodies.ByID(e.Body); err == nil {
		address = "/" + body.Slug
	}
	page := donePage{Title: modules.Say(r, "onboarding.done.heading", "name", m.Name), Address: address, Users: usersSummary(r, e.Users)}
	page.Users.Title = modules.Say(r, "onboarding.done.users")
	page.People = component.Link{Label: modules.Say(r, "onboarding.people.title"), URL: peopleURL(e.ID)}
	if page.First, err = p.firstThings(r, s, e, address); err != nil {
		return modules.View{}, err
	}
	return modules.Render("onboarding/done", language.M("onboarding.done.title"), page), nil
}

// firstThings are what to do in the new body, the kit first.
func (p pages) firstThings(r *http.Request, s tenants.Scope, e Entry, address string) (component.TaskList, error) {
	var tasks component.TaskList
	kits, err := p.service.FindKits(r.Context(), s, e.Kit)
	if err != nil {
		return tasks, err
	}
	if at := slices.IndexFunc(kits, func(k Kit) bool { return k.ID == e.Kit && e.Kit != uuid.Nil }); at >= 0 {
		tasks.Tasks = append(tasks.Tasks, component.Task{
			Label: modules.Say(r, "onboarding.done.kit", "kit", kitTitle(r, kits, e.Kit)), Hint: modules.Say(r, "onboarding.done.kit_hint"),
			URL: address + "/adozioni/nuova?pratica=" + kits[at].Practice.String(),
		})
	}
	tasks.Tasks = append(tasks.Tasks, component.Task{
		Label: modules.Say(r, "onboarding.done.sign_in"), Hint: modules.Say(r, "onboarding.done.sign_in_hint"), URL: address + "/accedi",
	})
	return tasks, nil
}
