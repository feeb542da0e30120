// Package support lets somebody who runs the platform see for some hours how a body is set up: a body grants it, asked or unasked, sees what
// is looked at, and ends it at once. It must not show a case, a person, a contact or a document to who comes by it, nor last beyond
// its hours.
package support

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/steward/body"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions of this package.
const (
	Ask   = "support:ask"
	Read  = "support:read"
	Grant = "support:grant"
)

// MaxHours is for how long support is granted at most.
const MaxHours = 8

// State is how an access stands.
type State string

// The states of an access; Over is one whose hours have passed.
const (
	Asked   State = "asked"
	Granted State = "granted"
	Refused State = "refused"
	Ended   State = "ended"
	Over    State = "over"
)

// Access is some hours of support at a body (it: accesso di assistenza).
type Access struct {
	ID       uuid.UUID
	Body     int32
	State    State
	Reason   string
	Hours    int
	Account  uuid.UUID // of who comes; uuid.Nil where the platform looks, or while nobody has taken it
	Mine     bool
	Name     string // of who comes; "" while nobody has taken it
	AskedAt  time.Time
	Granter  string // at the body; "" where the platform looks
	Answered time.Time
	Until    time.Time // zero for one that was never granted
	EndedAt  time.Time // before its hours; zero for none
	Doings   []Doing   // what was looked at
}

// stand is how the access stands at the instant.
func (a Access) stand(now time.Time) State {
	if a.State == Granted && !now.Before(a.Until) {
		return Over
	}
	return a.State
}

// Doing is something that who came did at the body.
type Doing struct {
	At     time.Time
	Action string
	Page   string // the route; "" for what is no page
}

// Service asks for support and grants it.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Find lists what the platform has asked of bodies and what they granted, the newest first.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]Access, error) {
	all, err := v.findAll(ctx, s)
	return standing(all), err
}

// FindOwn lists the accesses to the actor's body with what was done by each; who came by one sees that alone.
func (v *Service) FindOwn(ctx context.Context, s tenants.Scope) ([]Access, error) {
	all, err := v.findOwn(ctx, s)
	if err != nil {
		return nil, err
	}
	return standing(all), v.findDoings(ctx, s, all)
}

func standing(all []Access) []Access {
	for i := range all {
		all[i].State = all[i].stand(time.Now())
	}
	return all
}

// Wish is for what and for how long support is wanted.
type Wish struct {
	Reason string
	Hours  int
}

// check refuses a wish without a reason, or for too long. Errors: problem.Invalid at "motivo" or "ore".
func (w *Wish) check() error {
	reason, err := body.ReadReason(w.Reason)
	var wrong problem.Fields
	if err != nil {
		wrong = problem.Of(err).Fields
	}
	if w.Hours < 1 || w.Hours > MaxHours {
		wrong.Add("ore", "steward.support.error.hours", "max", MaxHours)
	}
	w.Reason = reason
	return wrong.Err()
}

// Ask asks a body for support and tells its audit. Errors: those of the wish; problem.Invalid at "ente"; problem.Conflict where the
// actor works at the body, or has asked already.
func (v *Service) Ask(ctx context.Context, s tenants.Scope, slug string, w Wish) (uuid.UUID, error) {
	var wrong problem.Fields
	if err := w.check(); err != nil {
		wrong = problem.Of(err).Fields
	}
	known, found := v.body(slug)
	if !found {
		wrong.Add("ente", "steward.support.error.body")
	}
	if err := wrong.Err(); err != nil {
		return uuid.Nil, err
	}
	id := uuid.Must(uuid.NewV7())
	event := audit.Event{Action: "support.ask", Object: id, Payload: map[string]any{"reason": w.Reason, "hours": w.Hours}}
	return id, v.tell(ctx, s, event, func(tx tenants.Tx, told, payload string) error {
		return ask(ctx, tx, known.ID, w, [2]string{told, payload})
	})
}

// body finds an open body by its address or, where only one is called so, by its name.
func (v *Service) body(words string) (tenants.Tenant, bool) {
	words = strings.Trim(strings.TrimSpace(words), "/")
	known, moved, err := v.deps.Bodies.BySlug(words)
	if err == nil && !moved && known.Kind != tenants.Platform && known.State.IsOpen() {
		return known, true
	}
	if words == "" {
		return known, false
	}
	named := slices.DeleteFunc(v.deps.Bodies.Find(words, 3), func(t tenants.Tenant) bool { return t.Kind == tenants.Platform || !t.State.IsOpen() })
	if len(named) == 1 {
		return named[0], true
	}
	exact := slices.IndexFunc(named, func(t tenants.Tenant) bool { return strings.EqualFold(t.Name, words) })
	if exact < 0 {
		return known, false
	}
	return named[exact], true
}

// Take makes an access that a body granted unasked the actor's own. Errors: problem.NotFound; problem.Conflict where there is none any more.
func (v *Service) Take(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.tell(ctx, s, audit.Event{Action: "support.take", Object: id}, func(tx tenants.Tx, told, payload string) error {
		return step(ctx, tx, takeSQL, id, told, payload)
	})
}

// Leave takes back what the actor asked, or ends it. Errors: problem.NotFound; problem.Conflict where there is nothing any more.
func (v *Service) Leave(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.tell(ctx, s, audit.Event{Action: "support.leave", Object: id}, func(tx tenants.Tx, told, payload string) error {
		return step(ctx, tx, leaveSQL, id, told, payload)
	})
}

// tell changes something of an access from the platform's side, and writes it into both chains.
func (v *Service) tell(ctx context.Context, s tenants.Scope, e audit.Event, change func(tx tenants.Tx, told, payload string) error) error {
	if e.Payload == nil {
		e.Payload = map[string]any{}
	}
	told, payload, err := body.Told(s, e)
	if err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := change(tx, told, payload); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, e)
	})
}

// Answer says yes or no to what was asked of the actor's body; the hours begin with the yes. Errors: problem.NotFound; problem.Conflict where
// nothing is asked any more.
func (v *Service) Answer(ctx context.Context, s tenants.Scope, id uuid.UUID, yes bool) error {
	action := "support.refuse"
	if yes {
		action = "support.grant"
	}
	return v.decide(ctx, s, audit.Event{Action: action, Object: id}, func(tx tenants.Tx) error {
		return step(ctx, tx, answerSQL, id, yes, s.Name)
	})
}

// Offer grants support unasked: whoever of the platform takes it first comes. The same id again changes nothing. Errors: those of the wish.
func (v *Service) Offer(ctx context.Context, s tenants.Scope, id uuid.UUID, w Wish) error {
	if err := w.check(); err != nil {
		return err
	}
	event := audit.Event{Action: "support.grant", Object: id, Payload: map[string]any{"reason": w.Reason, "hours": w.Hours}}
	return v.decide(ctx, s, event, func(tx tenants.Tx) error {
		return step(ctx, tx, grantSQL, id, w.Hours, w.Reason, s.Name)
	})
}

// End ends an access at once: who is signed in by it is so no more. Errors: problem.NotFound; problem.Conflict where it has ended.
func (v *Service) End(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.decide(ctx, s, audit.Event{Action: "support.end", Object: id}, func(tx tenants.Tx) error {
		return step(ctx, tx, endSQL, id)
	})
}

// decide changes something of an access from the body's side, and writes it down.
func (v *Service) decide(ctx context.Context, s tenants.Scope, e audit.Event, change func(tenants.Tx) error) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, e)
	})
}
