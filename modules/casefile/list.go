package casefile

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/modules/casefile/access"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Line is a case in a list (it: riga dell'elenco delle cartelle).
type Line struct {
	ID       uuid.UUID
	Number   string
	State    string // as the workflow calls it
	Area     string
	OpenedAt time.Time
	ClosedAt time.Time
	Surname  string
	Name     string
	Manager  string
}

// Query says which cases a list shows.
type Query struct {
	All    bool // every case of the body, for those who may open them all
	Closed bool // the closed ones too
	Unheld bool // the open ones alone that nobody who works at the body answers for
	After  access.Cursor
	Cases  []uuid.UUID // of these alone; nil for any
	Person uuid.UUID   // of this person alone, all that the actor may open, the closed ones too; uuid.Nil for everybody
}

// FindOfPerson lists the open cases that the body has about a person: that they
// are there and who holds them, nothing of what they say.
func (s *Service) FindOfPerson(ctx context.Context, scope tenants.Scope, person uuid.UUID) ([]Line, error) {
	lines, err := s.findOfPerson(ctx, scope, person)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	event := audit.Event{Action: "case.list", Relation: string(policies.Body), Object: person}
	for _, line := range lines {
		event.Cases = append(event.Cases, line.ID)
	}
	return lines, s.deps.Audit.Record(ctx, scope, event)
}

// Find lists the cases assigned to the actor or, for those who may, of the whole
// body, newest first. The names are those that the actor's relation shows. Which
// cases were listed is in the audit before Find returns.
func (s *Service) Find(ctx context.Context, scope tenants.Scope, q Query) ([]Line, access.Cursor, error) {
	relation, relations := policies.Assigned, []policies.Relation{policies.Assigned, policies.Team, policies.Body}
	if q.Person != uuid.Nil {
		q.All, q.Closed = true, true
	}
	if q.All && s.deps.Policies.Allows(scope, policies.Body, "case", "open") {
		relation, relations = policies.Body, []policies.Relation{policies.Body}
	}
	confined := s.deps.Policies.Confine(scope, relations...)
	lines, err := s.findLines(ctx, confined, q, relation)
	if err != nil {
		return nil, access.Cursor{}, err
	}
	var next access.Cursor
	if len(lines) > access.PageSize {
		lines = lines[:access.PageSize]
		next = access.Cursor{At: lines[access.PageSize-1].OpenedAt, ID: lines[access.PageSize-1].ID}
	}
	event := audit.Event{Action: "case.list", Relation: string(relation), Sections: []string{"identity"}}
	for _, line := range lines {
		event.Cases = append(event.Cases, line.ID)
	}
	return lines, next, s.deps.Audit.Record(ctx, scope, event)
}
