package entry

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// confirmPage shows what is declared, for a second person to stand for it.
type confirmPage struct {
	Alerts    []component.Alert
	Summaries []component.Summary
	Statement string
	Action    string
	Hidden    []component.Hidden
	Confirm   *component.Button // for who did not begin the entry
	Invite    *component.Link   // for who did
	Back      component.Link
}

func confirmURL(e Entry) string { return pathOf(e.ID) + "/conferma" }

func (p pages) showConfirm(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	e, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if !e.Ready() {
		return modules.Redirect(pathOf(id), language.Message{}), nil
	}
	return confirmView(r, e, nil), nil
}

func confirmView(r *http.Request, e Entry, refused error) modules.View {
	page := confirmPage{
		Summaries: []component.Summary{bodySummary(r, e), contactSummary(r, e.Contact)},
		Statement: modules.Say(r, "onboarding.confirm.statement", "name", e.Contact.Name, "body", e.Name(), "act", e.Contact.ActNumber, "day", italianDay(e.Contact.ActDate)),
		Action:    confirmURL(e), Hidden: []component.Hidden{{Name: "seen", Value: string(e.Mark())}},
		Back: component.Link{Label: modules.Say(r, "onboarding.back.entry"), URL: pathOf(e.ID)},
	}
	if refused != nil {
		page.Alerts = append(page.Alerts, component.Alert{Tone: component.Danger, Title: language.Say(r.Context(), problem.Of(refused).Message)})
	}
	switch {
	case e.ConfirmedBy != "":
		page.Alerts = append(page.Alerts, component.Alert{Tone: component.Success, Title: confirmedText(r, e)})
	case e.Starter:
		page.Alerts = append(page.Alerts, component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.error.self_confirm"), Text: modules.Say(r, "onboarding.confirm.invite_text")})
		page.Invite = &component.Link{Label: modules.Say(r, "onboarding.confirm.invite"), URL: peopleURL(e.ID)}
	default:
		page.Confirm = &component.Button{Label: modules.Say(r, "onboarding.confirm.go"), Emphasis: component.Primary}
	}
	return again(modules.Render("onboarding/confirm", language.M("onboarding.confirm.title"), page), refused)
}

func confirmedText(r *http.Request, e Entry) string {
	return modules.Say(r, "onboarding.confirm.by", "name", e.ConfirmedBy, "day", e.ConfirmedAt.In(language.Rome).Format("02/01/2006"))
}

func (p pages) confirm(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.Confirm(r.Context(), s, id, formMark(r))
	if err == nil {
		return modules.Redirect(pathOf(id)+"/conferma", language.M("onboarding.confirm.done")), nil
	}
	if !problem.Is(err, problem.Conflict) {
		return modules.View{}, err
	}
	e, getErr := p.service.Get(r.Context(), s, id)
	if getErr != nil {
		return modules.View{}, getErr
	}
	return confirmView(r, e, err), nil
}

// confirmTask is the second person's part, in lists of what is to do.
func confirmTask(r *http.Request, e Entry) component.Task {
	task := component.Task{Label: modules.Say(r, "onboarding.confirm.title"), Hint: modules.Say(r, starterOr(e, "onboarding.confirm.hint", "onboarding.confirm.hint_other")), URL: confirmURL(e)}
	switch {
	case e.ConfirmedBy != "":
		task.State, task.Hint = component.Done, confirmedText(r, e)
	case !e.Ready():
		task.State = component.Locked
	default:
		task.State = component.ToDo
	}
	return task
}

// askReview asks the platform to look, from the last page.
func (p pages) askReview(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.AskReview(r.Context(), s, id, formMark(r))
	if err == nil {
		return modules.Redirect(pathOf(id)+"/verifica", language.M("onboarding.review.asked")), nil
	}
	return p.checkAgain(r, s, id, err)
}

// offerReview tells how far the look of the platform is, and lets who began the entry ask for it.
func offerReview(r *http.Request, page *checkPage, e Entry) {
	alert := component.Alert{Tone: component.Warning, Title: modules.Say(r, "onboarding.check.review"), Text: modules.Say(r, "onboarding.check.review_text")}
	switch e.Review {
	case "asked":
		alert = component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.review.waits"), Text: modules.Say(r, "onboarding.review.waits_text")}
	case "no":
		alert = component.Alert{Tone: component.Danger, Title: modules.Say(r, "onboarding.review.no"), Text: modules.Say(r, "onboarding.review.no_text", "reason", e.ReviewReason)}
	default:
		page.Send = &sendForm{pathOf(e.ID) + "/esame", component.Button{Label: modules.Say(r, "onboarding.review.ask"), Emphasis: component.Primary}}
	}
	page.Alerts = append(page.Alerts, alert)
}
