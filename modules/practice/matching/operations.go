package matching

import (
	"context"
	"net/http"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/need"
	"staffetta/tenants"
)

type operations struct{ service *Service }

// Operations are those that rank and explain.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{
		modules.Declare("adoption:read", form.Operation("match-practice-need", http.MethodGet, "/practice-needs/{need}/matches",
			"Rank practices for a need", "The practices of other bodies, with where the points of each come from and what will not fit."), o.forNeed),
		modules.Declare("adoption:read", form.Operation("match-practices", http.MethodGet, "/practice-matches",
			"Rank practices for the body", "As for a need, by what the body is and has alone."), o.forBody),
		modules.Declare("practice:read", form.Operation("list-served-needs", http.MethodGet, "/served-needs",
			"List needs that own practices could serve", "The needs of other bodies, the newest first, each with the own practice that fits best."), o.served),
	}
}

// PartView is what a criterion gives.
type PartView struct {
	Criterion string `json:"criterion" maxLength:"20"`
	Most      int    `json:"most" minimum:"0" maximum:"100"`
	Points    int    `json:"points" minimum:"0" maximum:"100"`
	Known     bool   `json:"known" doc:"Something is known to weigh; otherwise it counts nothing"`
	Why       string `json:"why" maxLength:"500"`
}

// GapsView is what of a kit will not fit.
type GapsView struct {
	Kinds    []kit.Term `json:"kinds" maxItems:"100" doc:"That no module of this program owns"`
	Modules  []kit.Term `json:"modules" maxItems:"100" doc:"Switched off for the body"`
	Roles    []kit.Term `json:"roles" maxItems:"100" doc:"That nobody holds"`
	Services []kit.Term `json:"services" maxItems:"500" doc:"Named by items, and not present"`
}

// MatchView is a practice with its points.
type MatchView struct {
	Practice string      `json:"practice" format:"uuid"`
	Title    kit.Wording `json:"title"`
	Body     string      `json:"body" maxLength:"200" doc:"Ceding body"`
	Release  string      `json:"release" maxLength:"14"`
	Points   int         `json:"points" minimum:"0" maximum:"100" doc:"Sum of the parts"`
	Possible int         `json:"possible" minimum:"0" maximum:"100" doc:"Sum of what could be weighed"`
	Parts    []PartView  `json:"parts" maxItems:"20"`
	Gaps     *GapsView   `json:"gaps,omitempty" doc:"Absent where only the other body knows what it has"`
}

func viewOf(ctx context.Context, m Match) MatchView {
	view := MatchView{
		Practice: m.Offer.Practice.String(), Title: kit.WordingOf(m.Offer.Title), Body: m.Offer.Body, Release: m.Offer.Release, Points: m.Points(), Possible: m.Possible(),
	}
	for _, part := range m.Parts {
		view.Parts = append(view.Parts, PartView{string(part.Criterion), part.Most, part.Points, part.Known, language.Say(ctx, part.Why)})
	}
	if m.Checked {
		names := make([]string, len(m.Missing.Modules))
		for i, id := range m.Missing.Modules {
			names[i] = string(id)
		}
		view.Gaps = &GapsView{kit.Terms(m.Missing.Kinds), kit.Terms(names), kit.Terms(m.Missing.Roles), kit.Terms(m.Missing.Services)}
	}
	return view
}

type matches struct {
	Body struct {
		Items []MatchView `json:"items" maxItems:"100"`
	}
}

func (o operations) forNeed(ctx context.Context, in *need.Path) (*matches, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	n, err := o.service.Need(ctx, tenants.ScopeFrom(ctx), id)
	if err != nil {
		return nil, err
	}
	return o.find(ctx, &n)
}

func (o operations) forBody(ctx context.Context, _ *struct{}) (*matches, error) {
	return o.find(ctx, nil)
}

func (o operations) find(ctx context.Context, n *need.PracticeNeed) (*matches, error) {
	found, err := o.service.Find(ctx, tenants.ScopeFrom(ctx), n)
	if err != nil {
		return nil, err
	}
	out := &matches{}
	out.Body.Items = []MatchView{}
	for _, m := range found {
		out.Body.Items = append(out.Body.Items, viewOf(ctx, m))
	}
	return out, nil
}

// ServedView is a need of another body with the own practice that fits it best.
type ServedView struct {
	Need  string    `json:"need" format:"uuid"`
	Title string    `json:"title" maxLength:"200"`
	Body  string    `json:"body" maxLength:"200"`
	Match MatchView `json:"match"`
}

type servedNeeds struct {
	Body struct {
		Items []ServedView `json:"items" maxItems:"25"`
		Next  string       `json:"next" maxLength:"200" doc:"Cursor of the next page; empty on the last"`
	}
}

func (o operations) served(ctx context.Context, in *struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"Next of the page before"`
},
) (*servedNeeds, error) {
	found, next, err := o.service.FindServed(ctx, tenants.ScopeFrom(ctx), in.Cursor)
	if err != nil {
		return nil, err
	}
	out := &servedNeeds{}
	out.Body.Items, out.Body.Next = []ServedView{}, next
	for _, one := range found {
		out.Body.Items = append(out.Body.Items, ServedView{one.Need.ID.String(), one.Need.Title, one.Need.Body, viewOf(ctx, one.Match)})
	}
	return out, nil
}
