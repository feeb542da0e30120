package office

import (
	"context"
	"slices"
	"time"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Closing is what is needed to close an office (it: chiusura di una sede).
type Closing struct {
	LastDay   time.Time
	Successor int32 // 0 for none
	Seen      int   // the version of the office that the actor has read
}

// Burden is what stands at an office: who works there, and how many cases of other bodies are shown to it.
type Burden struct {
	People []Worker
	Shares int
}

// Worker is somebody who works at an office.
type Worker struct {
	Name, Role string
}

// Weigh tells what stands at an office. Error: problem.NotFound.
func (v *Service) Weigh(ctx context.Context, s tenants.Scope, id int32) (Burden, error) {
	if _, err := v.Get(ctx, s, id); err != nil {
		return Burden{}, err
	}
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "role.list"})
	b, err := v.weigh(ctx, s, id)
	if err != nil {
		return Burden{}, err
	}
	return b, wait()
}

// Close closes an office after its last day. Who works there goes on at the successor, or for the whole body; what is shown to the
// office is seen at the successor. Errors: problem.Invalid by field, also where cases of other bodies would be seen by nobody;
// problem.NotFound; problem.Conflict when it changed meanwhile or is closed.
func (v *Service) Close(ctx context.Context, s tenants.Scope, id int32, c Closing) error {
	o, err := v.Get(ctx, s, id)
	if err != nil {
		return err
	}
	burden, err := v.weigh(ctx, s, id)
	if err != nil {
		return err
	}
	if err := v.checkClosing(ctx, s, o, c, burden); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		moved, err := closeOffice(ctx, tx, id, c)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "office.close", Payload: map[string]any{
			"office": id, "last_day": c.LastDay.Format(time.DateOnly), "successor": c.Successor, "roles": moved, "shares": burden.Shares,
		}})
	})
}

func (v *Service) checkClosing(ctx context.Context, s tenants.Scope, o Office, c Closing, burden Burden) error {
	var wrong problem.Fields
	switch {
	case c.LastDay.IsZero():
		wrong.Add("al", "web.field.required")
	case c.LastDay.Before(language.Day(time.Now()).AddDate(0, 0, -1)):
		wrong.Add("al", "onboarding.office.error.past")
	case c.LastDay.Before(o.From.AddDate(0, 0, -1)):
		wrong.Add("al", "onboarding.office.error.before")
	}
	if c.Successor == 0 && burden.Shares > 0 {
		wrong.Add("successore", "onboarding.office.error.successor")
	}
	if c.Successor != 0 {
		open, err := v.FindOpen(ctx, s)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(open, func(other Office) bool { return other.ID == c.Successor && other.ID != o.ID && other.To.IsZero() }) {
			wrong.Add("successore", "web.field.choice")
		}
	}
	return wrong.Err()
}
