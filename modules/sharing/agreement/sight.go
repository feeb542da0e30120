package agreement

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
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

// Step is what a step of an agreement would do, before it is taken.
type Step struct {
	Effects []Effect
	Mark    string // of all this, for the consent of who takes it
}

// GetStep tells what bringing the agreement into a state would do; signing brings it into force.
func (s *Service) GetStep(ctx context.Context, scope tenants.Scope, a policies.Agreement, target string) (step Step, err error) {
	if step.Effects, err = s.FindEffects(ctx, scope, a, target); err != nil {
		return Step{}, err
	}
	step.Mark, err = modules.MarkOf(struct {
		Agreement uuid.UUID
		Version   int
		Target    string
		Effects   []Effect
	}{a.ID, a.Version, target, step.Effects})
	return step, err
}

// checkStep wants consent to a step of an agreement that was in force; whether the step may be taken, policies says.
func (s *Service) checkStep(ctx context.Context, scope tenants.Scope, id uuid.UUID, target string, seen modules.Consent) error {
	a, err := s.GetAgreement(ctx, scope, id)
	if err != nil || !a.InForce() || !slices.Contains(a.Steps(scope.Tenant), target) {
		return err
	}
	var fields problem.Fields
	seen.Require(&fields)
	if err := fields.Err(); err != nil {
		return err
	}
	return s.checkMark(ctx, scope, a, target, seen)
}

// checkMark refuses a step of which something else was read.
func (s *Service) checkMark(ctx context.Context, scope tenants.Scope, a policies.Agreement, target string, seen modules.Consent) error {
	step, err := s.GetStep(ctx, scope, a, target)
	if err != nil {
		return err
	}
	return seen.Check(step.Mark)
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
