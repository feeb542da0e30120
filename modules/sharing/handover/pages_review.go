package handover

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// reviewPage shows the review of a refused handover, and lets the supervisor decide.
type reviewPage struct {
	Errors  component.ErrorSummary
	Help    string
	Summary component.Summary
	Form    *acceptForm
}

func (p *pages) showReview(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.reviewView(r, s, nil)
}

func (p *pages) reviewView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	review, err := p.service.GetReview(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	page := reviewPage{Help: modules.Say(r, "sharing.handover.review.help", "body", p.service.deps.Bodies.Name(review.Supervisor)), Summary: p.reviewSummary(r, review)}
	if review.Supervisor == s.Tenant && review.Finding == "" {
		page.Form = p.reviewForm(r, review, modules.FieldErrors(r.Context(), refused))
		page.Errors = component.Summarize(page.Form.Fields...)
	}
	view := modules.Render("sharing/review", language.M("sharing.handover.review"), page)
	if refused != nil {
		view.Status = problem.Of(refused).Kind.Status()
	}
	return view, nil
}

func (p *pages) reviewSummary(r *http.Request, review Review) component.Summary {
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "sharing.handover.giver"), Values: []string{p.service.deps.Bodies.Name(review.Giver)}},
		{Label: modules.Say(r, "sharing.handover.taker"), Values: []string{p.service.deps.Bodies.Name(review.Taker)}},
		{Label: modules.Say(r, "sharing.share.basis"), Values: []string{modules.Say(r, "sharing.basis.law")}},
		{Label: modules.Say(r, "sharing.handover.review.refused"), Date: review.RefusedAt.In(language.Rome)},
	}
	if review.Finding != "" {
		competent := review.Giver
		if review.Finding == "taker" {
			competent = review.Taker
		}
		decided := p.markRow(r, "sharing.handover.review.decided", review.Supervisor, review.Decided)
		decided.Values = append(decided.Values, modules.Given(review.Words)...)
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.handover.review.competent"), Values: []string{p.service.deps.Bodies.Name(competent)}}, decided)
	}
	return component.Summary{Rows: rows}
}

func (p *pages) reviewForm(r *http.Request, review Review, wrong map[string]string) *acceptForm {
	who := component.Field{
		ID: "competente", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.handover.review.who"), Value: modules.Value(r, "competente"), Error: wrong["competente"],
		Options: []component.Option{{Value: "taker", Label: p.service.deps.Bodies.Name(review.Taker)}, {Value: "giver", Label: p.service.deps.Bodies.Name(review.Giver)}},
	}
	why := component.Field{
		ID: "motivo", Kind: component.LongText, Rows: 3, Required: true, MaxLength: share.MaxWords, Label: modules.Say(r, "sharing.handover.review.why"),
		Hint: modules.Say(r, "sharing.handover.review.why_hint"), Value: modules.Value(r, "motivo"), Error: wrong["motivo"],
	}
	return &acceptForm{
		Action: "/passaggi/" + review.ID.String() + "/riesame", Fields: []component.Field{who, why},
		Button: component.Button{Label: modules.Say(r, "sharing.handover.review.send"), Emphasis: component.Primary},
	}
}

func (p *pages) decideReview(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.Decide(r.Context(), s, id, modules.Value(r, "competente"), modules.Value(r, "motivo"))
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.reviewView(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/passaggi/"+id.String()+"/riesame", language.M("sharing.handover.review.done")), nil
}
