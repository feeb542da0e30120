package entry

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// checkPage shows all answers before control of the body is proven, and then asks for the code.
type checkPage struct {
	frame
	Alerts    []component.Alert
	Summaries []component.Summary
	Effects   bool       // what will happen is told before the first try only
	Prove     *proveForm // only for who began the entry
	Send      *sendForm
	Resume    *component.Button
}

// proveForm takes the code that came to the certified mail.
type proveForm struct {
	Sent   string
	Outbox *component.Link // in a demo, where the code can be read
	Code   component.Field
	Go     component.Button
}

// sendForm sends a code.
type sendForm struct {
	Action string
	Button component.Button
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
	return p.checkView(r, e, nil), nil
}

func (p pages) checkView(r *http.Request, e Entry, refused error) modules.View {
	page := checkPage{frame: p.frameOf(r, e, "", 0), Effects: e.Starter && e.State == Open, Summaries: summaries(r, e)}
	page.Action = pathOf(e.ID) + "/attiva"
	page.Hidden = []component.Hidden{{Name: "seen", Value: string(e.Mark())}}
	wrong := modules.FieldErrors(r.Context(), refused)
	if refused != nil && wrong == nil {
		page.Alerts = append(page.Alerts, refusal(r, e, refused))
	}
	p.offer(r, &page, e, wrong)
	if page.Prove != nil {
		page.Errors = component.Summarize(page.Prove.Code)
	}
	return again(modules.Render("onboarding/check", language.M("onboarding.step.check"), page), refused)
}

// refusal tells why the body is not live, and which answers have changed since the page was opened.
func refusal(r *http.Request, e Entry, refused error) component.Alert {
	why := problem.Of(refused).Message
	alert := component.Alert{Tone: component.Danger, Title: modules.Say(r, "onboarding.check.refused"), Text: language.Say(r.Context(), why)}
	if problem.Is(refused, problem.TooMany) {
		alert.Tone, alert.Title = component.Warning, modules.Say(r, "onboarding.code.enough")
	}
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

// offer puts what comes next before who began the entry, and tells the others who may.
func (p pages) offer(r *http.Request, page *checkPage, e Entry, wrong map[string]string) {
	switch {
	case !e.Starter:
		page.Alerts = append(page.Alerts, component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.error.starter_activate")})
	case e.State == Activating:
		page.Alerts = append(page.Alerts, component.Alert{
			Tone: component.Warning, Title: modules.Say(r, "onboarding.check.cut"), Text: modules.Say(r, "onboarding.check.cut_text"),
		})
		page.Resume = &component.Button{Label: modules.Say(r, "onboarding.check.resume"), Emphasis: component.Primary}
	case p.service.unreviewed(e):
		offerReview(r, page, e)
	default:
		page.Send = &sendForm{pathOf(e.ID) + "/codice", component.Button{
			Label: modules.Say(r, "onboarding.code.send", "pec", e.Contact.PEC), Emphasis: component.Primary,
		}}
		if e.Code.Answers == string(e.Mark()) {
			page.Prove = p.proveForm(r, e, wrong["code"])
			page.Send.Button = component.Button{Label: modules.Say(r, "onboarding.code.again")}
		} else if wrong["code"] != "" { // the code that it was about has ended
			page.Alerts = append(page.Alerts, component.Alert{Tone: component.Danger, Title: wrong["code"]})
		}
	}
}

func (p pages) proveForm(r *http.Request, e Entry, wrong string) *proveForm {
	f := &proveForm{
		Sent: modules.Say(r, "onboarding.code.sent", "pec", e.Contact.PEC, "until", e.Code.Until.In(language.Rome).Format("02/01/2006 15:04")),
		Code: component.Field{
			ID: "code", Kind: component.Code, Label: modules.Say(r, "onboarding.code.label"), Hint: modules.Say(r, "onboarding.code.hint", "n", e.Code.Left),
			Required: true, MaxLength: 20, Width: component.Medium, Autocomplete: "one-time-code", Value: modules.Value(r, "code"), Error: wrong,
		},
		Go: component.Button{Label: modules.Say(r, "onboarding.check.go"), Emphasis: component.Primary},
	}
	if p.service.deps.Platform.Mail.Open {
		f.Outbox = &component.Link{Label: modules.Say(r, "onboarding.code.outbox"), URL: "/piattaforma/posta"}
	}
	return f
}

// summaries are the answers of all steps, each with the way back to change it.
func summaries(r *http.Request, e Entry) []component.Summary {
	all := []component.Summary{bodySummary(r, e), contactSummary(r, e.Contact)}
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
		{"name", c.Name}, {"position", c.Position}, {"email", c.Email}, {"phone", c.Phone}, {"act_number", c.ActNumber}, {"act_date", italianDay(c.ActDate)}, {"pec", c.PEC},
	} {
		summary.Rows = append(summary.Rows, component.SummaryRow{Label: modules.Say(r, "onboarding.contact."+row.name), Values: []string{row.value}})
	}
	return summary
}

// sendCode sends a code, and shows the page again with where it goes or why not.
func (p pages) sendCode(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.SendCode(r.Context(), s, id, formMark(r))
	if err == nil {
		return modules.Redirect(pathOf(id)+"/verifica#codice", language.M("onboarding.code.gone")), nil
	}
	return p.checkAgain(r, s, id, err)
}

func (p pages) activate(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.Activate(r.Context(), s, id, formMark(r), modules.Value(r, "code"))
	if err == nil {
		return modules.Redirect(pathOf(id)+"/fatto", language.M("onboarding.done.flash")), nil
	}
	return p.checkAgain(r, s, id, err)
}

// checkAgain shows the last page with why something was refused.
func (p pages) checkAgain(r *http.Request, s tenants.Scope, id uuid.UUID, refused error) (modules.View, error) {
	if !problem.Is(refused, problem.Conflict) && !problem.Is(refused, problem.Invalid) && !problem.Is(refused, problem.TooMany) {
		return modules.View{}, refused
	}
	e, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if !e.Ready() || e.State == Live {
		return modules.View{Redirect: pathOf(id)}, nil
	}
	return p.checkView(r, e, refused), nil
}

// donePage tells the address of the new body and leads to its console, where everything else is.
type donePage struct {
	Title   string
	Address string
	First   component.TaskList
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
	page := donePage{Title: modules.Say(r, "onboarding.done.heading", "name", e.Name()), Address: "/" + p.service.deps.Bodies.Slug(e.Body)}
	page.People = component.Link{Label: modules.Say(r, "onboarding.people.title"), URL: peopleURL(e.ID)}
	page.First.Tasks = []component.Task{{
		Label: modules.Say(r, "onboarding.done.console"), Hint: modules.Say(r, "onboarding.done.console_hint"), URL: page.Address + "/console",
	}, confirmTask(r, e)}
	return modules.Render("onboarding/done", language.M("onboarding.done.title"), page), nil
}
