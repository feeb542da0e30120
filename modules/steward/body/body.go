// Package body shows who runs the platform which bodies there are and how they stand, and suspends one where it must. It must not
// show a case, nor a person of a body besides the contact of its entry, nor a count below five.
package body

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions of this package.
const (
	Read    = "body:read"
	Suspend = "body:suspend"
)

// Service shows bodies and suspends them.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Line is a body in the list of all.
type Line struct {
	tenants.Tenant

	CreatedAt   time.Time
	ActivatedAt time.Time // zero for one that was never live
	LastOn      time.Time // day on which somebody there last did something; zero for more than ninety days ago
}

// Search is which bodies are looked for.
type Search struct {
	Words string
	State tenants.State // "" for all
	After int32         // the last body of the page before
}

// States are those that a search may ask for.
var States = []tenants.State{tenants.Entering, tenants.Active, tenants.Suspended, tenants.Closed}

// pageSize is how many bodies a page shows.
const pageSize = 50

// Find lists bodies by name, and the last one of the page if there are more.
func (v *Service) Find(ctx context.Context, s tenants.Scope, search Search) (lines []Line, next int32, err error) {
	lines, err = v.findLines(ctx, s, strings.Fields(strings.ToLower(search.Words)), search)
	if err != nil {
		return nil, 0, err
	}
	if len(lines) > pageSize {
		lines = lines[:pageSize]
		next = lines[pageSize-1].ID
	}
	for i, line := range lines {
		known, err := v.deps.Bodies.ByID(line.ID)
		if err != nil {
			return nil, 0, fmt.Errorf("look at body %d: %w", line.ID, err)
		}
		lines[i].Tenant = known
	}
	return lines, next, nil
}

// Month is how much a body worked with the program in a month; a figure is Few for one to four.
type Month struct {
	First  time.Time
	People int
	Events int
}

// Few stands for a count that is too small to be told.
const Few = -1

// Entry is how a body came in: who is its contact, and who confirmed it.
type Entry struct {
	Contact, Position, Email string
	Confirmed                string    // the colleague who confirmed the powers; "" for nobody
	Reviewed                 string    // who of the platform looked at it; "" for nobody
	At                       time.Time // when it was made
}

// Suspension is a time in which nobody could enter a body (it: sospensione dell'ente).
type Suspension struct {
	At          time.Time
	Reason      string
	Name        string // of who decided
	EndedAt     time.Time
	EndedReason string
	EndedName   string
}

// Sheet is all that who runs the platform sees of a body.
type Sheet struct {
	tenants.Tenant

	Entry       *Entry // nil for one that was made without
	Months      []Month
	Suspensions []Suspension // the newest first
	Domain      *Domain      // nil for none
	Stops       int          // required parts of the configuration that do not stand
	Advised     int
}

// Get returns how a body stands, and writes down that it was looked at. Error: problem.NotFound.
func (v *Service) Get(ctx context.Context, s tenants.Scope, slug string) (Sheet, error) {
	known, err := v.known(slug)
	if err != nil {
		return Sheet{}, err
	}
	sheet := Sheet{Tenant: known}
	if err := v.fill(ctx, s, &sheet); err != nil {
		return Sheet{}, err
	}
	standing, err := v.deps.Platform.Console.Find(ctx, tenants.Scope{Tenant: known.ID, Slug: known.Slug, Name: "sistema", Purpose: tenants.Operator})
	if err != nil {
		return Sheet{}, err
	}
	for _, one := range standing {
		switch {
		case one.Stops() || one.State == modules.Wrong:
			sheet.Stops++
		case one.State == modules.Unmet:
			sheet.Advised++
		}
	}
	return sheet, v.deps.Audit.Record(ctx, s, audit.Event{Action: "body.read", Payload: map[string]any{"body": known.Slug}})
}

// known is the body with the slug; the platform is none of those that it looks after.
func (v *Service) known(slug string) (tenants.Tenant, error) {
	known, moved, err := v.deps.Bodies.BySlug(slug)
	if err != nil || moved || known.Kind == tenants.Platform {
		return tenants.Tenant{}, problem.Missing()
	}
	return known, nil
}

const maxReason = 1000

// Suspend keeps everybody out of a body until Resume: who is signed in there, too. Both stand in the audit of the body and of the
// platform. Errors: problem.Invalid at "motivo", and at modules.ConsentField where nobody says that they know what it does;
// problem.NotFound; problem.Conflict for a body that is not open.
func (v *Service) Suspend(ctx context.Context, s tenants.Scope, slug string, o Suspending) error {
	if err := o.check(); err != nil {
		return err
	}
	return v.move(ctx, s, slug, step{action: "body.suspend", reason: o.Reason})
}

// Suspending is with what somebody suspends a body: why, and that they know that nobody enters from then on.
type Suspending struct {
	Reason       string
	Acknowledged bool
}

func (o Suspending) check() error {
	var wrong problem.Fields
	wrong.Reason("motivo", strings.TrimSpace(o.Reason), maxReason)
	if !o.Acknowledged {
		wrong.Add(modules.ConsentField, "steward.body.suspend_unread")
	}
	return wrong.Err()
}

// Resume lets the people of a body in again. Errors: as Suspend.
func (v *Service) Resume(ctx context.Context, s tenants.Scope, slug, reason string) error {
	return v.move(ctx, s, slug, step{action: "body.resume", reason: reason})
}

// step is what is decided about a body.
type step struct {
	action, reason string
	body           int32
	event, payload string // as the chain of the body takes them
}

func (v *Service) move(ctx context.Context, s tenants.Scope, slug string, d step) error {
	reason, err := ReadReason(d.reason)
	if err != nil {
		return err
	}
	known, err := v.known(slug)
	if err != nil {
		return err
	}
	d.reason, d.body = reason, known.ID
	id := uuid.Must(uuid.NewV7())
	told := audit.Event{Action: d.action, Object: id, Payload: map[string]any{"reason": reason}}
	if d.event, d.payload, err = Told(s, told); err != nil {
		return err
	}
	told.Payload = map[string]any{"reason": reason, "body": known.Slug}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := moveBody(ctx, tx, d); err != nil {
			return err
		}
		tenants.AfterCommit(tx, v.deps.Bodies.Reload)
		return audit.Write(ctx, tx, s, told)
	})
}

// ReadReason is why something is done, or problem.Invalid at "motivo".
func ReadReason(text string) (string, error) {
	text = strings.TrimSpace(text)
	var wrong problem.Fields
	wrong.Reason("motivo", text, maxReason)
	return text, wrong.Err()
}

// Told is an event as platform.tell_body puts it into the chain of another body, with its payload.
func Told(s tenants.Scope, e audit.Event) (event, payload string, err error) {
	head, err := json.Marshal(map[string]any{"action": e.Action, "object": e.Object, "actor": s.Name, "assurance": s.Assurance, "request": s.RequestID})
	if err != nil {
		return "", "", fmt.Errorf("write an event for a body: %w", err)
	}
	body, err := json.Marshal(e.Payload)
	if err != nil {
		return "", "", fmt.Errorf("write an event for a body: %w", err)
	}
	return string(head), string(body), nil
}
