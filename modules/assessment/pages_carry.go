package assessment

import (
	"net/http"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/tenants"
)

// newerPart offers to go on in the present version of an instrument. Its button sends the form around it elsewhere, with what
// is typed.
type newerPart struct {
	Alert  component.Alert
	Action string
	Button string
}

// draft shows the actor's own draft to fill in, with what was answered before and the version in which it may go on.
func (p *pages) draft(r *http.Request, s tenants.Scope, a *casefile.Access, result Result) (modules.View, error) {
	newer, missing := p.service.Newer(r.Context(), s, a, result)
	if missing != nil && !problem.Is(missing, problem.NotFound) {
		return modules.View{}, missing
	}
	f := Filling{ID: result.ID, Version: result.Version, Values: result.Instrument.Definition.Values(result.Answers)}
	view, err := p.form(r, a, sheet{instrument: result.Instrument, filling: f, day: result.DoneOn.Format("2006-01-02"), exists: true})
	if page, shown := view.Data.(formPage); shown {
		page.Left = leftOf(r, result.Assessment)
		if missing == nil {
			page.Newer = newerOf(r, a, result, newer)
		}
		view.Data = page
	}
	return view, err
}

func newerOf(r *http.Request, a *casefile.Access, result Result, newer Instrument) *newerPart {
	news := newer.Definition.News(r.Context(), &result.Instrument.Definition.Form)
	return &newerPart{
		Alert: component.Alert{
			Tone: component.Info, Title: modules.Say(r, "assessment.carry.newer"), Text: news + " " + modules.Say(r, "assessment.carry.help"),
		},
		Action: base(a) + "/" + result.ID.String() + "/continua",
		Button: modules.Say(r, "assessment.carry.button"),
	}
}

// leftOf lists what was answered to older versions and has no place in this one; nil where everything has.
func leftOf(r *http.Request, a Assessment) *component.Summary {
	left := a.Left()
	if len(left) == 0 {
		return nil
	}
	part := &component.Summary{Title: modules.Say(r, "assessment.carry.left")}
	for _, one := range left {
		label := one.Question.Label
		part.Rows = append(part.Rows, component.SummaryRow{Label: say(r.Context(), label), Values: []string{one.Text(r.Context())}})
	}
	return part
}

// carry saves what is typed and lets the draft go on in the present version of its instrument, both or neither.
func (p *pages) carry(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "assessment")
	if err != nil {
		return modules.View{}, err
	}
	if r.PostFormValue("version") == "" {
		return modules.View{}, problem.New(problem.Conflict, "web.error.conflict")
	}
	f := filled(r)
	if f.Edition == uuid.Nil { // sent by no form of answers
		f.Values = nil
	}
	made, err := p.service.CarryOn(r.Context(), s, r.PathValue("case"), f)
	switch {
	case f.Values != nil && (problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict)):
		return p.again(r, s, f, err)
	case err != nil && f.Values != nil:
		return p.unsaved(r, s, f, err)
	case err != nil:
		return failed(r, err)
	}
	flash := language.M("assessment.carry.done")
	if n := len(made.Left()); n > 0 {
		flash = language.M("assessment.carry.done_left", "n", n)
	}
	return modules.Redirect("/cartelle/"+r.PathValue("case")+"/valutazioni/"+id.String(), flash), nil
}
