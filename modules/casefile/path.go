package casefile

import (
	"context"
	"slices"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/step"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// FindPaths lists the workflows that a new case may follow: the program's own and
// the body's published ones about cases and procedures.
func (s *Service) FindPaths(ctx context.Context, scope tenants.Scope) ([]*access.Path, error) {
	own, err := access.OwnPath()
	if err != nil {
		return nil, err
	}
	paths := []*access.Path{own}
	items, err := s.items.Published(ctx, scope, "workflow")
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		path, err := access.NewPath(item)
		if err != nil {
			return nil, err
		}
		if path.Subject() != "contact" {
			paths = append(paths, path)
		}
	}
	return paths, nil
}

func (s *Service) chooseWorkflow(ctx context.Context, scope tenants.Scope, key string) (*access.Path, error) {
	paths, err := s.FindPaths(ctx, scope)
	if err != nil {
		return nil, err
	}
	for _, p := range paths {
		if p.Key == key {
			return p, nil
		}
	}
	var fields problem.Fields
	fields.Add("percorso", "web.field.choice")
	return nil, fields.Err()
}

// Step is one move of a case along its path (it: passaggio di stato).
type Step struct {
	From, To string
	Reason   string       // words beside what was given
	Given    []step.Given // to the fields of the step
	By       string
	At       time.Time
}

// Move is what somebody asks of the path of a case (it: richiesta di passaggio).
type Move struct {
	Step    string
	Reason  string              // words beside what the step asks for, or the only ones that it does
	Values  map[string][]string // fields of a page, named kit.AnswerPrefix + key of a field of the step
	Answers kit.Answers         // when there are no Values
	Version int                 // of the case as it was seen; 0 for whatever it is now
}

// mayMove tells whether the actor may take steps of an opened case: a change of state is an entry of the diary.
func (s *Service) mayMove(scope tenants.Scope, a *access.Access) bool {
	return s.deps.Policies.Allows(scope, a.Relation, "case", "work") && a.Scope.Writes(reasonSection) && a.Restricted.IsZero()
}

// Move takes a step of the path. Errors: problem.Conflict when somebody else moved
// the case meanwhile; problem.NotFound for a step that does not lead from the state
// or is not for the actor's roles; problem.Invalid at each field of the step (kit.AnswerField + key) that is missing or wrong; those of OpenToWrite.
func (s *Service) Move(ctx context.Context, scope tenants.Scope, ref string, m Move) error {
	a, err := s.OpenToWrite(ctx, scope, ref, "")
	if err != nil {
		return err
	}
	if !s.mayMove(scope, a) {
		return problem.New(problem.Forbidden, "casefile.error.read_only")
	}
	if m.Version != 0 && m.Version != a.Version {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	steps := a.States.Steps(a.State, scope.Roles)
	at := slices.IndexFunc(steps, func(t kit.WorkflowTransition) bool { return t.Key == m.Step })
	if at < 0 {
		return problem.Missing()
	}
	t := steps[at]
	asked, err := s.findAsked(ctx, a, []kit.WorkflowTransition{t})
	if err != nil {
		return err
	}
	kept, err := m.check(asked[t.Key])
	if err != nil {
		return err
	}
	return s.deps.DB.InTx(ctx, a.Scope, func(tx tenants.Tx) error {
		if err := updateState(ctx, tx, a, t, kept); err != nil {
			return err
		}
		return audit.Write(ctx, tx, scope, audit.Event{
			Action: "case.advance", Relation: string(a.Relation), Object: a.ID, Case: a.ID,
			Payload: map[string]any{"step": t.Key, "from": t.From, "to": t.To},
		})
	})
}
