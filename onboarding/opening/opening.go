// Package opening is where a body goes live out of its trial, once what is required stands, and takes that back within a day. What is
// required, the modules say (modules.Check); it knows none of them.
package opening

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/leaving"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions of this package.
const (
	Read   = "console:read"
	Decide = "opening:decide"
)

// Service brings bodies live.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Opening is that a body went live, or took that back (it: pubblicazione dell'ente).
type Opening struct {
	ID     uuid.UUID
	Opens  bool
	Name   string // of who decided
	Reason string // why it was taken back
	At     time.Time
}

// Return is the time in which a body may take back that it went live.
const Return = 24 * time.Hour

// Outlook is how a body stands towards going live.
type Outlook struct {
	Trial   bool
	Stops   []modules.Standing // what keeps it from going live
	Advised []modules.Standing // what is worth doing before
	History []Opening          // the newest first
	People  map[string]int64   // how many invented people's rows go from which table when it goes live for the first time
	Mark    string             // of all this
}

// first tells whether the body never went live: what was tried until then is about invented people.
func (o Outlook) first() bool {
	return o.Trial && !slices.ContainsFunc(o.History, func(one Opening) bool { return one.Opens })
}

// Gone is how many rows about invented people go when the body goes live.
func (o Outlook) Gone() (n int64) {
	for _, one := range o.People {
		n += one
	}
	return n
}

// Ready tells whether the body can go live.
func (o Outlook) Ready() bool { return o.Trial && len(o.Stops) == 0 }

// Until is the instant until which the opening can be taken back; zero when it cannot.
func (o Outlook) Until(now time.Time) time.Time {
	if o.Trial || len(o.History) == 0 || !o.History[0].Opens || now.Sub(o.History[0].At) >= Return {
		return time.Time{}
	}
	return o.History[0].At.Add(Return)
}

// Get tells how the actor's body stands towards going live.
func (v *Service) Get(ctx context.Context, s tenants.Scope) (Outlook, error) {
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return Outlook{}, err
	}
	all, err := v.deps.Platform.Console.Find(ctx, s)
	if err != nil {
		return Outlook{}, err
	}
	o := Outlook{Trial: body.Trial()}
	if o.History, err = v.findOpenings(ctx, s); err != nil {
		return Outlook{}, err
	}
	if o.first() {
		err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			o.People, err = leaving.CountTrial(ctx, v.deps, tx)
			return err
		})
		if err != nil {
			return Outlook{}, err
		}
	}
	for _, one := range all {
		switch {
		case one.Stops() || one.State == modules.Wrong:
			o.Stops = append(o.Stops, one)
		case one.State == modules.Unmet:
			o.Advised = append(o.Advised, one)
		}
	}
	o.Mark, err = modules.MarkOf(o.said())
	return o, err
}

// said is what is read before the body goes live, for its mark.
func (o Outlook) said() any {
	var advised []string
	for _, one := range o.Advised {
		advised = append(advised, one.Title)
	}
	return struct {
		Trial   bool
		Stops   int
		Advised []string
		History int
		People  map[string]int64
	}{o.Trial, len(o.Stops), advised, len(o.History), o.People}
}

// Open brings the actor's body live, as they have read it; the same id again changes nothing. The first time, the invented people of
// the trial are removed. Errors: problem.Invalid without an
// acknowledgement; problem.Conflict when something is missing, something else was read, or the body is not on trial.
func (v *Service) Open(ctx context.Context, s tenants.Scope, id uuid.UUID, consent modules.Consent) error {
	o, err := v.Get(ctx, s)
	if err != nil {
		return err
	}
	if o.has(id) {
		return nil
	}
	var wrong problem.Fields
	consent.Require(&wrong)
	switch {
	case !o.Trial:
		return problem.New(problem.Conflict, "onboarding.opening.error.live")
	case !o.Ready():
		return problem.New(problem.Conflict, "onboarding.opening.error.missing", "n", len(o.Stops))
	case len(wrong) > 0:
		return wrong.Err()
	case consent.Check(o.Mark) != nil:
		return modules.Stale()
	}
	return v.move(ctx, s, audit.Event{Action: "body.open", Object: id}, func(tx tenants.Tx) error {
		if err := v.purge(ctx, tx, s, o); err != nil {
			return err
		}
		return openBody(ctx, tx, s, id)
	})
}

// purge removes the invented people before the body goes live for the first time, if they are as many as were read.
func (v *Service) purge(ctx context.Context, tx tenants.Tx, s tenants.Scope, o Outlook) error {
	if !o.first() {
		return nil
	}
	gone, err := leaving.PurgeTrial(ctx, v.deps, tx, s)
	if err == nil && !maps.Equal(gone, o.People) {
		return modules.Stale()
	}
	return err
}

// TakeBack puts the actor's body back on trial; the same id again changes nothing. What was written meanwhile stays. Errors:
// problem.Invalid without a reason; problem.Conflict later than a day after it went live.
func (v *Service) TakeBack(ctx context.Context, s tenants.Scope, id uuid.UUID, reason string) error {
	o, err := v.Get(ctx, s)
	if err != nil {
		return err
	}
	if o.has(id) {
		return nil
	}
	reason = strings.TrimSpace(reason)
	var wrong problem.Fields
	wrong.Reason("motivo", reason, maxReason)
	if err := wrong.Err(); err != nil {
		return err
	}
	if o.Until(time.Now()).IsZero() {
		return problem.New(problem.Conflict, "onboarding.opening.error.over")
	}
	event := audit.Event{Action: "body.take_back", Object: id, Payload: map[string]any{"reason": reason}}
	return v.move(ctx, s, event, func(tx tenants.Tx) error { return takeBack(ctx, tx, s, Opening{ID: id, Reason: reason}) })
}

// maxReason is how many characters a reason has at most.
const maxReason = 300

// move changes the state of the body, writes that down, and lets every instance know.
func (v *Service) move(ctx context.Context, s tenants.Scope, event audit.Event, change func(tenants.Tx) error) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		tenants.AfterCommit(tx, v.deps.Bodies.Reload)
		return audit.Write(ctx, tx, s, event)
	})
}

func (o Outlook) has(id uuid.UUID) bool {
	return slices.ContainsFunc(o.History, func(one Opening) bool { return one.ID == id })
}
