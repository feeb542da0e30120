// Package team is who works on a case: its manager and its team, now and before. It must not decide who opens a case: the
// package access does.
package team

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/notice"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The parts that somebody may have in a case.
const (
	Manager    = "manager" // answers for the case; there is one at a time
	TeamMember = "team"
)

// Assignment is somebody's part in a case, from an instant to another (it: assegnazione).
type Assignment struct {
	ID      uuid.UUID
	Account uuid.UUID
	Name    string
	Part    string // Manager or TeamMember
	From    time.Time
	To      time.Time // zero while it lasts
	Reason  string
	By      string // who assigned it, "" where the case was opened with it
	EndedBy string
}

// Lasts tells whether the assignment has no end.
func (a Assignment) Lasts() bool { return a.To.IsZero() }

// Team holds the rules of assignments.
type Team struct {
	deps  modules.Deps
	cases *access.Cases
}

// New makes the teams of the cases.
func New(deps modules.Deps, cases *access.Cases) *Team { return &Team{deps: deps, cases: cases} }

// Assigning is what is needed to give somebody a part in a case.
type Assigning struct {
	Account uuid.UUID
	Reason  string
	Seen    uuid.UUID // the account that held the case when the form was shown; uuid.Nil for whoever holds it now
}

func (n *Assigning) check(field string) error {
	n.Reason = strings.TrimSpace(n.Reason)
	var fields problem.Fields
	if n.Account == uuid.Nil {
		fields.Add(field, "casefile.error.colleague")
	}
	fields.Require("motivo", n.Reason)
	fields.MaxLength("motivo", n.Reason, 500)
	return fields.Err()
}

// MayAssign tells whether the actor may give others the part in a case: who coordinates any part, the manager
// places in the team.
func (t *Team) MayAssign(scope tenants.Scope, a *access.Own, part string) bool {
	rules := t.deps.Policies
	return rules.Allows(scope, policies.Body, "case", "assign") || part == TeamMember && rules.Allows(scope, a.Relation, "case", "team")
}

// FindAssignments lists who has or had a part in a case: the present ones first, the manager before the team.
func (t *Team) FindAssignments(ctx context.Context, a *access.Own) ([]Assignment, error) {
	return findAssignments(ctx, a)
}

// Assign hands the case to another manager inside the body; the part of the former one ends.
// Who holds it already keeps it, and nothing is changed. Errors: problem.Invalid by field; problem.Conflict when another
// than the seen one holds the case by now, or it is closed; problem.Forbidden for who does not coordinate; those of OpenOwn.
func (t *Team) Assign(ctx context.Context, scope tenants.Scope, ref string, n Assigning) (changed bool, err error) {
	return t.assign(ctx, scope, ref, n, assigningStep{part: Manager, field: "responsabile", action: "case.assign", topic: "case.assigned"})
}

// AddToTeam puts somebody of the body on the team of the case. Who has a part in it already keeps that, and nothing is
// changed. Errors: problem.Invalid by field; problem.Conflict for a closed case; problem.Forbidden for who neither
// coordinates nor holds the case; those of OpenOwn.
func (t *Team) AddToTeam(ctx context.Context, scope tenants.Scope, ref string, n Assigning) (changed bool, err error) {
	return t.assign(ctx, scope, ref, n, assigningStep{part: TeamMember, field: "componente", action: "case.join", topic: "case.joined"})
}

// assigningStep is how an assignment differs by its part.
type assigningStep struct {
	part, field, action, topic string
}

func (t *Team) assign(ctx context.Context, scope tenants.Scope, ref string, n Assigning, how assigningStep) (changed bool, err error) {
	a, err := t.openToAssign(ctx, scope, ref, how.part)
	if err != nil {
		return false, err
	}
	if err := n.check(how.field); err != nil {
		return false, err
	}
	err = t.deps.DB.InTx(ctx, a.Scope, func(tx tenants.Tx) error {
		to, err := t.FindColleague(ctx, tx, scope, n.Account, how.field)
		if err != nil {
			return err
		}
		live, err := lockAssignments(ctx, tx, a)
		if err != nil {
			return err
		}
		ended, done, err := displaced(live, n, how.part)
		if err != nil || done {
			return err
		}
		if err := endAssignments(ctx, tx, a, ended); err != nil {
			return err
		}
		changed = true
		return begin(ctx, tx, a, Assignment{Account: to.Account, Name: to.Name, Part: how.part, Reason: n.Reason}, how)
	})
	return changed, err
}

// displaced finds which assignments the new one ends; done when the part is taken as asked already.
func displaced(live []Assignment, n Assigning, part string) (ended []uuid.UUID, done bool, err error) {
	for _, l := range live {
		switch {
		case l.Account == n.Account && (l.Part == part || l.Part == Manager):
			return nil, true, nil
		case part == Manager && l.Part == Manager && n.Seen != uuid.Nil && n.Seen != l.Account:
			return nil, false, problem.New(problem.Conflict, "casefile.error.manager_changed")
		case l.Account == n.Account, part == Manager && l.Part == Manager:
			ended = append(ended, l.ID)
		}
	}
	return ended, false, nil
}

// begin writes the new assignment, its event and what the assigned one is told.
func begin(ctx context.Context, tx tenants.Tx, a *access.Own, n Assignment, how assigningStep) (err error) {
	if n.ID, err = uuid.NewV7(); err != nil {
		return fmt.Errorf("make an assignment id: %w", err)
	}
	if err := insertAssignment(ctx, tx, a.Scope, a.ID, n); err != nil {
		return err
	}
	err = audit.Write(ctx, tx, a.Scope, audit.Event{
		Action: how.action, Relation: string(a.Relation), Object: n.ID, Case: a.ID, Payload: map[string]any{"account": n.Account, "reason": n.Reason},
	})
	if err != nil || n.Account == a.Scope.Account {
		return err
	}
	return notice.Tell(ctx, tx, assigned(a.Scope, a.CaseFile, n.ID, how.topic, n.Account))
}

// RemoveFromTeam ends a place in the team of the case; ending it again changes nothing. Errors: problem.NotFound when
// the case has no such place; problem.Conflict for a closed case; problem.Forbidden for who neither coordinates nor holds
// it; those of OpenOwn.
func (t *Team) RemoveFromTeam(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID) error {
	a, err := t.openToAssign(ctx, scope, ref, TeamMember)
	if err != nil {
		return err
	}
	return t.deps.DB.InTx(ctx, a.Scope, func(tx tenants.Tx) error {
		place, err := getAssignment(ctx, tx, a, id)
		if err != nil || !place.Lasts() {
			return err
		}
		if err := endAssignments(ctx, tx, a, []uuid.UUID{id}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, scope, audit.Event{
			Action: "case.leave", Relation: string(a.Relation), Object: id, Case: a.ID, Payload: map[string]any{"account": place.Account},
		})
	})
}

func (t *Team) openToAssign(ctx context.Context, scope tenants.Scope, ref, part string) (*access.Own, error) {
	a, err := t.cases.OpenOwn(ctx, scope, ref)
	if errors.Is(err, access.ErrReason) {
		return nil, problem.Missing().Wrap(err) // a reason opens to read only
	}
	if err != nil {
		return nil, err
	}
	if err := a.MayArrange(); err != nil {
		return nil, err
	}
	if !t.MayAssign(scope, a, part) {
		return nil, problem.New(problem.Forbidden, "casefile.error.assign")
	}
	return a, nil
}

// FindColleague finds somebody of the body with a role that works on cases; the field is at fault for anybody else.
func (t *Team) FindColleague(ctx context.Context, tx tenants.Tx, scope tenants.Scope, account uuid.UUID, field string) (tenants.Colleague, error) {
	colleagues, err := tenants.FindColleagues(ctx, tx)
	if err != nil {
		return tenants.Colleague{}, err
	}
	for _, c := range colleagues {
		if c.Account == account && t.holds(scope, c.Role) {
			return c, nil
		}
	}
	var fields problem.Fields
	fields.Add(field, "casefile.error.manager")
	return tenants.Colleague{}, fields.Err()
}

// Begin gives a new case its first manager and tells them, if it is somebody else who opened it.
func Begin(ctx context.Context, tx tenants.Tx, scope tenants.Scope, c *access.CaseFile, manager tenants.Colleague) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an assignment id: %w", err)
	}
	if err := insertAssignment(ctx, tx, scope, c.ID, Assignment{ID: id, Account: manager.Account, Name: manager.Name, Part: Manager}); err != nil {
		return err
	}
	if manager.Account == scope.Account {
		return nil
	}
	return notice.Tell(ctx, tx, assigned(scope, *c, id, "case.assigned", manager.Account))
}

// assigned is what somebody is told who gets a part in a case.
func assigned(scope tenants.Scope, c access.CaseFile, assignment uuid.UUID, topic string, account uuid.UUID) notice.Message {
	return notice.Message{
		Key: assignment.String(), Topic: topic, Path: "/cartelle/" + c.ID.String(), Actor: scope.Name, Reference: c.Number, Accounts: []uuid.UUID{account},
	}
}
