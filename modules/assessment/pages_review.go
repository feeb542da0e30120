package assessment

import (
	"net/http"
	"strconv"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/tenants"
)

// reviewPage is the data of the template assessment/review: a draft as it will stand once it is confirmed.
type reviewPage struct {
	Title   string
	Lang    string
	Changed *component.Alert
	Outcome component.Summary
	Answers component.Table
	Left    *component.Summary
	Made    component.Summary
	Action  string
	Version int // of the draft that is shown
	Confirm component.Button
	Back    component.Link
}

func (p *pages) review(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := p.opened(r, s)
	if err != nil || a == nil {
		return ask, err
	}
	return p.reviewed(r, s, a)
}

// reviewed shows the draft before it is confirmed; where answers are missing it shows the form with what is wrong. What
// is not the actor's to confirm is shown as anybody sees it.
func (p *pages) reviewed(r *http.Request, s tenants.Scope, a *casefile.Access) (modules.View, error) {
	id, err := modules.PathID(r, "assessment")
	if err != nil {
		return modules.View{}, err
	}
	result, err := p.service.Get(r.Context(), a, id)
	if err != nil {
		return modules.View{}, err
	}
	if result.Final() || result.Author != s.Account || !canWrite(a) {
		return modules.Redirect(base(a)+"/"+id.String(), language.Message{}), nil
	}
	f := Filling{ID: id, Version: result.Version, DoneOn: result.DoneOn, Answers: result.Answers}
	if _, result.Outcome, err = result.Instrument.fill(f, Final, time.Now()); err != nil {
		f.Values = result.Instrument.Definition.Values(result.Answers)
		return p.form(r, a, sheet{instrument: result.Instrument, filling: f, day: result.DoneOn.Format(time.DateOnly), refused: err, exists: true})
	}
	return p.on(modules.Render("assessment/review", language.M("assessment.review.title"), newReviewPage(r, a, result)), a), nil
}

func newReviewPage(r *http.Request, a *casefile.Access, result Result) reviewPage {
	at := base(a) + "/" + result.ID.String()
	return reviewPage{
		Title: language.SayText(r.Context(), result.Title), Lang: foreign(r.Context(), result.Title),
		Outcome: outcomeSummary(r, result), Answers: answersTable(r, result), Left: leftOf(r, result.Assessment), Made: doneSummary(r, a, result),
		Action: at + "/conferma", Version: result.Version,
		Confirm: component.Button{Label: modules.Say(r, "assessment.review.confirm"), Emphasis: component.Primary},
		Back:    component.Link{Label: modules.Say(r, "assessment.review.back"), URL: at},
	}
}

// finalise confirms the draft that the review showed. One that changed since is shown again.
func (p *pages) finalise(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "assessment")
	if err != nil {
		return modules.View{}, err
	}
	seen, _ := strconv.Atoi(r.PostFormValue("version"))
	made, err := p.service.FinaliseStored(r.Context(), s, r.PathValue("case"), id, seen)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		a, ask, openErr := p.opened(r, s)
		if openErr != nil || a == nil {
			return ask, openErr
		}
		view, err := p.reviewed(r, s, a)
		if page, shown := view.Data.(reviewPage); shown {
			page.Changed = &component.Alert{Tone: component.Warning, Title: modules.Say(r, "assessment.review.changed")}
			view.Data, view.Status = page, http.StatusConflict
		}
		return view, err
	}
	if err != nil {
		return failed(r, err)
	}
	return modules.Redirect("/cartelle/"+r.PathValue("case")+"/valutazioni/"+made.ID.String(), language.M("assessment.form.finalised")), nil
}
