package agreement

import (
	"context"
	"time"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Effect is how many cases of one body another one sees more or fewer of, once an agreement is in another state.
type Effect struct {
	From, To int32
	modules.SightGroup
}

// FindEffects tells who gains and who loses sight of how many cases when the agreement comes into a state: suspended or
// ended, nobody sees anything under it; resumed, everybody sees again what the shares show that live.
func (s *Service) FindEffects(ctx context.Context, scope tenants.Scope, a policies.Agreement, target string) (effects []Effect, err error) {
	var shown []policies.Shown
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		shown, err = policies.FindShown(ctx, tx, a.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	after := a
	after.State = target
	now := time.Now()
	for _, edge := range edges(shown) {
		sights := s.sights(shown, edge)
		var before, then []modules.Sight
		if a.Live(now) {
			before = sights
		}
		if after.Live(now) {
			then = sights
		}
		for _, group := range modules.GroupSights(modules.CompareSights(before, then)) {
			effects = append(effects, Effect{From: edge.From, To: edge.To, SightGroup: group})
		}
	}
	return effects, nil
}

// edges are the directions in which something is shown.
func edges(shown []policies.Shown) []policies.Edge {
	var all []policies.Edge
	for _, one := range shown {
		if edge := (policies.Edge{From: one.From, To: one.To}); len(all) == 0 || all[len(all)-1] != edge {
			all = append(all, edge)
		}
	}
	return all
}

func (s *Service) sights(shown []policies.Shown, edge policies.Edge) []modules.Sight {
	var sights []modules.Sight
	for _, one := range shown {
		if one.From != edge.From || one.To != edge.To {
			continue
		}
		sight := modules.Sight{Who: s.deps.Bodies.Name(edge.To), Bond: policies.Guest, Section: one.Section, Action: policies.Read, Cases: one.Cases}
		sights = append(sights, sight)
		if sight.Action = policies.Write; one.Writes {
			sights = append(sights, sight)
		}
	}
	return sights
}
