package news

import (
	"context"

	"staffetta/modules/practice/form"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/sight"
	"staffetta/tenants"
)

// KitOutlookView is what publishing a kit changes and whom it tells.
type KitOutlookView struct {
	Changes KitChangesView `json:"changes"`
	Sights  []sight.Effect `json:"gains_and_losses" maxItems:"2000" doc:"In a body that takes the release as it is; how many people that are each body knows"`
	Told    []ToldView     `json:"told" maxItems:"1000"`
}

// ToldView is a body that adopts the practice with an older release.
type ToldView struct {
	Body    string `json:"body" maxLength:"200"`
	Release string `json:"release" maxLength:"14" doc:"That it has"`
}

func (o operations) outlook(ctx context.Context, in *form.IDPath) (*struct{ Body KitOutlookView }, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	report, err := release.NewService(o.service.deps).GetReport(ctx, s, id)
	if err != nil {
		return nil, err
	}
	found, err := o.service.GetOutlook(ctx, s, report)
	if err != nil {
		return nil, err
	}
	view := KitOutlookView{changesView(found.Changes), sight.Views(found.Sights), []ToldView{}}
	for i := range view.Sights {
		view.Sights[i].People = 0 // nobody was counted
	}
	for _, told := range found.Told {
		view.Told = append(view.Told, ToldView{o.service.deps.Bodies.Name(told.Tenant), told.Release})
	}
	return &struct{ Body KitOutlookView }{view}, nil
}
