package handover

import (
	"context"
	"net/http"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// reviewsPage lists the refused handovers that the body reviews or that concern it.
type reviewsPage struct {
	Tabs  component.Sections
	Help  string
	Table component.Table
}

func (p *pages) reviews(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.FindReviews(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	waiting, err := p.service.shares.CountWaiting(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := reviewsPage{Tabs: p.service.shares.Tabs(r, s, "riesami", waiting), Help: modules.Say(r, "sharing.reviews.help"), Table: p.reviewTable(r, s, found)}
	return modules.Render("sharing/requests", language.M("sharing.reviews.title"), page), nil
}

func (p *pages) reviewTable(r *http.Request, s tenants.Scope, found []Review) component.Table {
	t := component.Table{
		Caption: modules.Say(r, "sharing.reviews.title"), Hidden: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "sharing.handover.giver")},
			{Label: modules.Say(r, "sharing.handover.taker")},
			{Label: modules.Say(r, "sharing.handover.review.refused")},
			{Label: modules.Say(r, "sharing.share.state")},
		},
		Empty: component.Empty{Title: modules.Say(r, "sharing.reviews.none"), Text: modules.Say(r, "sharing.reviews.none_text")},
	}
	for _, review := range found {
		state := component.Tag{Label: modules.Say(r, "sharing.reviews.open"), Tone: component.Warning}
		if review.Finding != "" {
			state = component.Tag{Label: modules.Say(r, "sharing.reviews.decided"), Tone: component.Success}
		}
		note := ""
		if review.Supervisor == s.Tenant && review.Finding == "" {
			note = modules.Say(r, "sharing.reviews.yours")
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: p.service.deps.Bodies.Name(review.Giver), URL: "/passaggi/" + review.ID.String() + "/riesame", Note: note},
			{Text: p.service.deps.Bodies.Name(review.Taker)},
			{Date: review.RefusedAt.In(language.Rome)},
			{Tags: []component.Tag{state}},
		}})
	}
	return t
}

// ReviewBody is the review of a refused handover as the API shows it.
type ReviewBody struct {
	Handover   string    `json:"handover" format:"uuid" doc:"Id of the handover"`
	Supervisor string    `json:"supervisor" maxLength:"64" doc:"Slug of the body that reviews"`
	Giver      string    `json:"giver" maxLength:"64" doc:"Slug of the body that wanted to hand over"`
	Taker      string    `json:"taker" maxLength:"64" doc:"Slug of the body that refused"`
	RefusedAt  time.Time `json:"refused_at" doc:"When it was refused"`
	Finding    string    `json:"finding,omitempty" enum:"taker,giver" doc:"Which body is competent; missing until it is reviewed"`
}

type reviewsOutput struct {
	Body struct {
		Items []ReviewBody `json:"items" maxItems:"200" doc:"Reviews, the open ones first"`
	}
}

func (o *operations) reviews(ctx context.Context, _ *struct{}) (*reviewsOutput, error) {
	found, err := o.service.FindReviews(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	bodies, out := o.service.deps.Bodies, &reviewsOutput{}
	out.Body.Items = make([]ReviewBody, len(found))
	for i, one := range found {
		out.Body.Items[i] = ReviewBody{one.ID.String(), bodies.Slug(one.Supervisor), bodies.Slug(one.Giver), bodies.Slug(one.Taker), one.RefusedAt, one.Finding}
	}
	return out, nil
}
