package ledger

import (
	"context"

	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// UptakeView is what the adopters of a practice made of one of its items.
type UptakeView struct {
	Kind    string `json:"kind" maxLength:"40"`
	Key     string `json:"key" maxLength:"64"`
	Adopted *int   `json:"adopted,omitempty" minimum:"3" maximum:"1000000" doc:"Bodies that use it as it is; missing below three"`
	Adapted *int   `json:"adapted,omitempty" minimum:"3" maximum:"1000000" doc:"Bodies that changed it; missing below three"`
	Dropped *int   `json:"dropped,omitempty" minimum:"3" maximum:"1000000" doc:"Bodies that do not use it; missing below three"`
}

type uptakeOutput struct {
	Body struct {
		Items []UptakeView `json:"items" maxItems:"5000"`
		Next  string       `json:"next" maxLength:"80"`
	}
}

func (o operations) uptake(ctx context.Context, in *form.IDPath) (*uptakeOutput, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	_, found, err := o.service.FindUptake(ctx, tenants.ScopeFrom(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &uptakeOutput{}
	out.Body.Items = []UptakeView{}
	for _, u := range found {
		out.Body.Items = append(out.Body.Items, UptakeView(u))
	}
	return out, nil
}
