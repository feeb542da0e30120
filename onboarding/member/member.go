// Package member is where a body gives its people roles and takes them back: the roles of the program and those of its own
// (policies.BodyRole), from a day to another and at an office, and where it lets people in by their tax code. It must not tell
// whether somebody signs in elsewhere already; what a role may do, the rules say.
package member

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Read lets colleagues see who works at the body. The rules that hold there are another permission's.
const Read = "member:read"

// Service gives roles and takes them back.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Holding is that somebody holds a role of the body, today or from a later day on (it: incarico).
type Holding struct {
	ID      uuid.UUID
	Account uuid.UUID
	Role    string
	Name    string
	From    time.Time
	To      time.Time // the last day; zero for no end

	Office     int32 // 0 for the whole body
	OfficeName string
}

// Gift is a role to give.
type Gift struct {
	ID       uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Account  uuid.UUID
	Role     string
	Office   int32     // 0 for the whole body
	From, To time.Time // zero From is today, zero To has no end
}

// Find lists who holds which role, by name.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]Holding, error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "role.list"})
	found, err := v.findHoldings(ctx, s)
	if err != nil {
		return nil, err
	}
	return found, wait()
}

// pageSize is how many holdings a page of the API has.
const pageSize = 200

// FindPage lists who holds which role in the order of Find, after a cursor ("" for the beginning), with the cursor of what
// follows; "" on the last page.
func (v *Service) FindPage(ctx context.Context, s tenants.Scope, cursor string) (found []Holding, next string, err error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "role.list"})
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		found, err = findHeldAfter(ctx, tx, parseCursor(cursor), "limit "+strconv.Itoa(pageSize+1))
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		next = cursorOf(found[pageSize-1]).String()
	}
	return found, next, wait()
}

// Give gives a colleague a role, or somebody who was one. Errors: problem.Invalid by field, also for roles that exclude each other: who configures sees no
// case, which is written down; problem.NotFound for who does not work in the body, and for an office that it does not have;
// problem.Conflict where they hold the role then already.
func (v *Service) Give(ctx context.Context, s tenants.Scope, g Gift) error {
	var wrong problem.Fields
	t := v.CheckTerm(&wrong, s, Term{Roles: []string{g.Role}, Office: g.Office, From: g.From, To: g.To})
	if err := wrong.Err(); err != nil {
		return err
	}
	g.From, g.To = t.From, t.To
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := giveRole(ctx, tx, g); err != nil {
			return err
		}
		held, err := findHeld(ctx, tx)
		if err != nil {
			return err
		}
		if v.excluded(g.Account, held) {
			return incompatible()
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "role.give", Object: g.Account, Payload: map[string]any{
			"role": g.Role, "membership": g.ID, "office": g.Office, "from": g.From.Format(time.DateOnly), "to": lastDay(g.To),
		}})
	})
	return v.noteRefusal(ctx, s, g.Account, []string{g.Role}, err)
}

// lastDay is a last day in words of the audit, "" for no end.
func lastDay(to time.Time) string {
	if to.IsZero() {
		return ""
	}
	return to.Format(time.DateOnly)
}

// excluded tells whether somebody would hold roles that exclude each other, now or later.
func (v *Service) excluded(account uuid.UUID, held []Holding) bool {
	var roles []string
	for _, h := range held {
		if h.Account == account {
			roles = append(roles, h.Role)
		}
	}
	return v.Exclude(roles)
}

// label is what a role is called in the body.
func (v *Service) label(ctx context.Context, s tenants.Scope, role string) string {
	return strings.TrimSpace(language.SayText(ctx, v.deps.Policies.RoleLabel(s.Tenant, role)))
}
