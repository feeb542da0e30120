package dryrun

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// apply takes the form of the dry run: it keeps the answers for later where that was asked for, and applies the kit otherwise.
func (p pages) apply(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if err := r.ParseForm(); err != nil {
		return modules.View{}, problem.New(problem.Invalid, "web.error.invalid").Wrap(err)
	}
	chosen, err := chosenKit(r)
	if err != nil {
		return modules.View{}, err
	}
	c := upgrade.Choice{Kit: chosen, Seen: r.PostFormValue("letto"), Decisions: decisionsOf(r), Acknowledged: modules.ReadConsent(r).Acknowledged}
	if r.PostFormValue("salva") != "" {
		return p.keep(r, s, id, c)
	}
	run, err := p.service.Apply(r.Context(), s, id, c)
	if problem.Is(err, problem.Conflict) {
		return p.refuse(r, s, id, err)
	}
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		view, err := p.planPage(r, s, id, wrong)
		return view.Refused(), err
	}
	if err != nil {
		return modules.View{}, err
	}
	flash := language.M("practice.plan.nothing_flash", "release", run.Release)
	if run.Changed {
		flash = language.M("practice.plan.applied", "release", run.Release, "n", run.Written())
	}
	return modules.Redirect("/adozioni/"+id.String(), p.withStage(r, s, id, flash)), nil
}

// withStage adds to what was done how the journey stands to the kit now.
func (p pages) withStage(r *http.Request, s tenants.Scope, id uuid.UUID, done language.Message) language.Message {
	b, err := p.boards.Get(r.Context(), s, id)
	if err != nil {
		return done // the kit is applied all the same, and the board will tell
	}
	if told := board.Applied(r, b); told != "" {
		return language.M("practice.plan.applied_stage", "done", language.Say(r.Context(), done), "stage", told)
	}
	return done
}

// keep keeps the answers given so far, and leads to the next conflict.
func (p pages) keep(r *http.Request, s tenants.Scope, id uuid.UUID, c upgrade.Choice) (modules.View, error) {
	plan, err := p.service.Keep(r.Context(), s, id, c)
	if problem.Is(err, problem.Conflict) {
		return p.refuse(r, s, id, err)
	}
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		view, err := p.planPage(r, s, id, wrong)
		return view.Refused(), err
	}
	if err != nil {
		return modules.View{}, err
	}
	at := "/adozioni/" + id.String() + "/prova?kit=" + plan.Kit.String() + "#conflitti"
	if n, ok := strings.CutPrefix(r.PostFormValue("salva"), "conflitto-"); ok && len(n) < 5 && strings.Trim(n, "0123456789") == "" {
		at = strings.TrimSuffix(at, "conflitti") + "conflitto-" + n
	}
	return modules.Redirect(at, language.M("practice.plan.saved", "n", plan.Answered(), "of", len(plan.Conflicts()))), nil
}

// GiveUpPage asks before the answers are forgotten.
type GiveUpPage struct {
	Confirm component.Confirm
}

func (p pages) askGiveUp(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	plan, err := p.service.Plan(r.Context(), s, id, uuid.Nil)
	if err != nil {
		return modules.View{}, err
	}
	at := "/adozioni/" + id.String()
	if !plan.Begun {
		return modules.TurnBack(at+"/prova", language.M("practice.error.not_begun")), nil
	}
	return modules.Render("practice/start", language.M("practice.giveup.heading"), GiveUpPage{component.Confirm{
		Title: modules.Say(r, "practice.giveup.heading"), Text: []string{language.SayText(r.Context(), plan.Adoption.Title)},
		Consequences: []string{modules.Say(r, "practice.giveup.stays"), modules.Say(r, "practice.giveup.answers")},
		Action:       at + "/rinuncia", Button: component.Button{Label: modules.Say(r, "practice.giveup.link"), Emphasis: component.Primary}, CancelURL: at + "/prova",
	}}), nil
}

func (p pages) giveUp(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if err := p.service.GiveUp(r.Context(), s, id); problem.Is(err, problem.Conflict) {
		return p.refuse(r, s, id, err)
	} else if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+id.String(), language.M("practice.giveup.done")), nil
}

// refuse shows the dry run as it is now, with why something was not done.
func (p pages) refuse(r *http.Request, s tenants.Scope, id uuid.UUID, refused error) (modules.View, error) {
	view, err := p.planPage(r, s, id, nil)
	if page, shown := view.Data.(PlanPage); shown {
		page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: language.Say(r.Context(), problem.Of(refused).Message)})
		view.Data, view.Status = page, http.StatusConflict
	}
	return view, err
}
