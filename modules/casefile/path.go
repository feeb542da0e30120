package casefile

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// ownWorkflow is the path of a case where the body has not adopted another.
//
//go:embed workflow.json
var ownWorkflow []byte

// Path is the workflow that a case follows (it: percorso della cartella): a pinned version of an item, or the
// program's own.
type Path struct {
	Version  uuid.UUID // uuid.Nil for the program's own
	Key      string
	Title    language.Text
	workflow *kit.Workflow
}

func (p *Path) start() string {
	state, _ := p.workflow.Initial()
	return state.Key
}

// Label is what people call a state.
func (p *Path) Label(state string) language.Text {
	for _, s := range p.workflow.States {
		if s.Key == state {
			return language.Text{It: s.Label.IT, En: s.Label.EN}
		}
	}
	return language.Text{It: state, En: state}
}

// final tells whether a state ends the case.
func (p *Path) final(state string) bool {
	return slices.ContainsFunc(p.workflow.States, func(s kit.WorkflowState) bool { return s.Key == state && s.Final })
}

// Steps lists what somebody with the roles may do from a state.
func (p *Path) Steps(state string, roles []string) []kit.WorkflowTransition {
	var open []kit.WorkflowTransition
	for _, t := range p.workflow.From(state) {
		if slices.ContainsFunc(t.Roles, func(r string) bool { return slices.Contains(roles, r) }) {
			open = append(open, t)
		}
	}
	return open
}

// NeedsReason tells whether a step asks for words.
func NeedsReason(t kit.WorkflowTransition) bool { return len(t.Requires) > 0 }

func ownPath() (*Path, error) {
	workflow, err := kit.ParseWorkflow(ownWorkflow)
	if err != nil {
		return nil, fmt.Errorf("read the program's own workflow: %w", err)
	}
	return &Path{Title: language.Text{It: "Percorso di base", En: "Basic path"}, workflow: workflow}, nil
}

// FindPaths lists the workflows that a new case may follow: the program's own and
// the body's published ones about cases and procedures.
func (s *Service) FindPaths(ctx context.Context, scope tenants.Scope) ([]*Path, error) {
	own, err := ownPath()
	if err != nil {
		return nil, err
	}
	paths := []*Path{own}
	items, err := s.items.Published(ctx, scope, "workflow")
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		workflow, err := kit.ParseWorkflow(item.Content)
		if err != nil {
			return nil, err
		}
		if workflow.Subject != "contact" {
			paths = append(paths, &Path{Version: item.ID, Key: item.Key, Title: item.Title, workflow: workflow})
		}
	}
	return paths, nil
}

func (s *Service) chooseWorkflow(ctx context.Context, scope tenants.Scope, key string) (*Path, error) {
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

// path reads the pinned workflow of an opened case. A guest sees no workflow
// beyond the name of the state.
func (s *Service) path(ctx context.Context, a *Access) (*Path, error) {
	if a.Workflow == uuid.Nil || a.Foreign() {
		return ownPath()
	}
	version, err := s.readWorkflow(ctx, a)
	if err != nil {
		return nil, err
	}
	workflow, err := kit.ParseWorkflow(version.Content)
	if err != nil {
		return nil, err
	}
	return &Path{Version: a.Workflow, workflow: workflow}, nil
}

// Step is one move of a case along its path (it: passaggio di stato).
type Step struct {
	From, To string
	Reason   string
	By       string
	At       time.Time
}

// Move is what somebody asks of the path of a case (it: richiesta di passaggio).
type Move struct {
	Step    string
	Reason  string
	Version int // of the case as it was seen; 0 for whatever it is now
}

// mayMove tells whether the actor may take steps of an opened case: a change of state is an entry of the diary.
func (s *Service) mayMove(scope tenants.Scope, a *Access) bool {
	return s.deps.Policies.Allows(scope, a.Relation, "case", "work") && a.Scope.Writes(reasonSection)
}

// Move takes a step of the path. Errors: problem.Conflict when somebody else moved
// the case meanwhile; problem.NotFound for a step that does not lead from the state
// or is not for the actor's roles; problem.Invalid without a needed reason; those of OpenToWrite.
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
	m.Reason = strings.TrimSpace(m.Reason)
	if err := m.check(t); err != nil {
		return err
	}
	return s.deps.DB.InTx(ctx, a.Scope, func(tx tenants.Tx) error {
		if err := updateState(ctx, tx, a, t, m.Reason); err != nil {
			return err
		}
		return audit.Write(ctx, tx, scope, audit.Event{
			Action: "case.advance", Relation: string(a.Relation), Object: a.ID, Case: a.ID,
			Payload: map[string]any{"step": t.Key, "from": t.From, "to": t.To},
		})
	})
}

func (m Move) check(t kit.WorkflowTransition) error {
	var fields problem.Fields
	if NeedsReason(t) {
		fields.Require("motivo", m.Reason)
	}
	fields.MaxLength("motivo", m.Reason, 1000)
	return fields.Err()
}
