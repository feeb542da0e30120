package rights

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Vector is what a body wants its rules to answer, whatever is changed in them.
type Vector struct {
	policies.Vector
	ID    uuid.UUID // uuid.Nil for those of the program
	By    string
	Since time.Time
	Holds bool // by the present rules
}

// maxVectors bounds the vectors of a body.
const maxVectors = 500

// FindVectors lists the vectors of the body, with what the present rules answer. Who comes for support does not read who added them.
func (v *Service) FindVectors(ctx context.Context, s tenants.Scope) ([]Vector, error) {
	found, err := v.findVectors(ctx, s)
	rules := v.deps.Policies.Now()
	for i := range found {
		found[i].Holds = len(rules.Failing(s.Tenant, []policies.Vector{found[i].Vector})) == 0
		if s.Has(policies.Support) {
			found[i].By = ""
		}
	}
	return found, err
}

// everyVector lists what a change is tried against: what always holds, and what the body wants.
func (v *Service) everyVector(ctx context.Context, s tenants.Scope) ([]policies.Vector, error) {
	vectors, err := policies.Vectors()
	if err != nil {
		return nil, err
	}
	vectors = slices.DeleteFunc(slices.Clone(vectors), func(one policies.Vector) bool { return !one.Always })
	own, err := v.findVectors(ctx, s)
	for _, one := range own {
		vectors = append(vectors, one.Vector)
	}
	return vectors, err
}

// AddVector writes down what the rules must answer; the same question again takes the place of the first. It may fail
// now: then no change is applied that does not mend it. Errors: problem.Invalid for a question about nothing.
func (v *Service) AddVector(ctx context.Context, s tenants.Scope, id uuid.UUID, one policies.Vector) error {
	rule := policies.Rule{Role: one.Role, Relation: one.Relation, Object: one.Object, Action: one.Action}
	if err := v.deps.Policies.CheckFloor(rule); err != nil {
		return err
	}
	found, err := v.findVectors(ctx, s)
	if err != nil {
		return err
	}
	if len(found) >= maxVectors {
		return problem.New(problem.Conflict, "onboarding.rights.error.many", "max", maxVectors)
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		written, err := insertVector(ctx, tx, s, id, one)
		if err != nil || !written {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "rule.require", Object: id, Payload: map[string]any{"rule": name(rule), "allowed": one.Allowed}})
	})
}

// RemoveVector takes a vector of the body back. Errors: problem.NotFound for one that is not there.
func (v *Service) RemoveVector(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := endVector(ctx, tx, s, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "rule.release", Object: id})
	})
}
