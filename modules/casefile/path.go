package casefile

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

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
	var version kit.Version
	var batch pgx.Batch
	kit.QueueVersion(&batch, a.Tenant, a.Workflow, &version)
	if err := s.deps.DB.Read(ctx, a.Scope, &batch); err != nil {
		return nil, fmt.Errorf("read the workflow of a case: %w", err)
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

// Advance takes a step of the path. Errors: problem.NotFound for a step that does
// not lead from the state or is not for the actor's roles; problem.Invalid without a
// needed reason; problem.Conflict when somebody else moved the case meanwhile.
func (s *Service) Advance(ctx context.Context, scope tenants.Scope, ref, step, reason string) error {
	a, err := s.OpenToWrite(ctx, scope, ref, "")
	if err != nil {
		return err
	}
	if !s.deps.Policies.Allows(scope, a.Relation, "case", "work") {
		return problem.New(problem.Forbidden, "casefile.error.read_only")
	}
	at := slices.IndexFunc(a.States.Steps(a.State, scope.Roles), func(t kit.WorkflowTransition) bool { return t.Key == step })
	if at < 0 {
		return problem.Missing()
	}
	t := a.States.Steps(a.State, scope.Roles)[at]
	reason = strings.TrimSpace(reason)
	var fields problem.Fields
	if NeedsReason(t) {
		fields.Require("motivo", reason)
	}
	fields.MaxLength("motivo", reason, 1000)
	if err := fields.Err(); err != nil {
		return err
	}
	return s.deps.DB.InTx(ctx, a.Scope, func(tx tenants.Tx) error {
		if err := updateState(ctx, tx, a, t, reason); err != nil {
			return err
		}
		return audit.Write(ctx, tx, scope, audit.Event{
			Action: "case.advance", Relation: string(a.Relation), Object: a.ID, Case: a.ID,
			Payload: map[string]any{"step": t.Key, "from": t.From, "to": t.To},
		})
	})
}

func updateState(ctx context.Context, tx tenants.Tx, a *Access, t kit.WorkflowTransition, reason string) error {
	tag, err := tx.Exec(ctx, `
		update casefile.cases set state = $4, state_label = $7, version = version + 1,
			closed_at = case when $5 then app.now() end, closing_reason = case when $5 then $6 end
		where tenant_id = $1 and id = $2 and version = $3`, a.Tenant, a.ID, a.Version, t.To, a.States.final(t.To), reason, a.States.Label(t.To).It)
	if err != nil {
		return fmt.Errorf("move a case: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make a step id: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into casefile.steps (tenant_id, id, case_id, transition, from_state, to_state, reason, account_id, account_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.Tenant, id, a.ID, t.Key, t.From, t.To, reason, a.Scope.Account, a.Scope.Name)
	if err != nil {
		return fmt.Errorf("write a step of a case: %w", err)
	}
	return nil
}
