package ledger

import (
	"context"
	"net/http"
	"time"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type operations struct{ service *Service }

// Operations are those of ledgers.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{
		modules.Declare("adoption:read", form.Operation("get-adaptation-ledger", http.MethodGet, "/adoptions/{id}/ledger", "Get the ledger of an adoption",
			"What the reusing body made of each item of the kit; counts alone for the ceding body."), o.get),
		modules.Declare("practice:read", form.Operation("list-item-uptake", http.MethodGet, "/practices/{id}/uptake", "Count what became of a practice",
			"How many adopters of an own practice use, changed or dropped each of its items; small numbers are not told."), o.uptake),
	}
}

// AdaptationsView is the ledger of an adoption as the API gives it.
type AdaptationsView struct {
	Items   int              `json:"items" minimum:"0" maximum:"5000" doc:"Of the kit"`
	Adopted int              `json:"adopted" minimum:"0" maximum:"5000"`
	Adapted int              `json:"adapted" minimum:"0" maximum:"5000"`
	Dropped int              `json:"dropped" minimum:"0" maximum:"5000"`
	Lines   []AdaptationView `json:"lines" maxItems:"5000" doc:"To the reusing body alone"`
}

// AdaptationView is what became of one item.
type AdaptationView struct {
	Kind     string    `json:"kind" maxLength:"40"`
	Key      string    `json:"key" maxLength:"64"`
	Decision string    `json:"decision" enum:"adopted,adapted,dropped"`
	Reason   string    `json:"reason" maxLength:"500"`
	Release  string    `json:"release" maxLength:"14"`
	Places   []string  `json:"places" maxItems:"20" maxLength:"10000" doc:"Where the body's item differs from the kit's"`
	At       time.Time `json:"at"`
}

type output struct{ Body AdaptationsView }

func (o operations) get(ctx context.Context, in *form.IDPath) (*output, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	l, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), id)
	if err != nil {
		return nil, err
	}
	view := AdaptationsView{Items: l.Standing.Items, Adopted: l.Standing.Adopted, Adapted: l.Standing.Adapted, Dropped: l.Standing.Dropped, Lines: []AdaptationView{}}
	if l.Lines != nil {
		counts := l.counts()
		view.Adopted, view.Adapted, view.Dropped = counts[kit.Adopted], counts[kit.Adapted], counts[kit.Dropped]
	}
	for _, line := range l.Lines {
		view.Lines = append(view.Lines, AdaptationView{
			Kind: line.Kind, Key: line.Key, Decision: string(line.Decision), Reason: line.Reason, Release: line.Release,
			Places: append([]string{}, line.Places...), At: line.At,
		})
	}
	return &output{view}, nil
}
