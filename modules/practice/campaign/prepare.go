package campaign

import (
	"context"
	"errors"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/upgrade"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// tries is how often an upgrade is tried that fails for a reason which may pass.
const tries = 3

// result is what preparing an upgrade came to.
type result struct {
	state              State
	reason             string
	changes, conflicts int
}

// Prepare tries an upgrade for the scope's body and, where the body wants that and nothing has to be decided, applies it. An
// upgrade that waits no more is left alone. What fails is noted, and returned for the log; it stays waiting while it may
// be tried again.
func (v *Service) Prepare(ctx context.Context, s tenants.Scope, e Preparation) (err error) {
	e, waits, err := v.begin(ctx, s, e)
	if err != nil || !waits {
		return err
	}
	if e.attempts > tries { // it ended without a word before
		return v.end(ctx, s, e, result{state: Failed, reason: Crashed})
	}
	defer func() {
		if fault := recover(); fault != nil {
			_ = v.fail(ctx, s, e, Crashed) // the fault is what has to be looked at
			panic(fault)
		}
	}()
	r, err := v.try(ctx, s, e)
	if err != nil {
		return errors.Join(err, v.fail(ctx, s, e, reasonOf(ctx, err)))
	}
	return v.end(ctx, s, e, r)
}

// try makes the dry run and applies it where it may.
func (v *Service) try(ctx context.Context, s tenants.Scope, e Preparation) (result, error) {
	found, err := v.Upgrades(ctx, s, e.Adoption)
	if err != nil {
		return result{}, err
	}
	if found.Adoption.State == "ended" {
		return result{state: Same, reason: Ended}, nil
	}
	plan, err := v.upgrades.Plan(ctx, s, e.Adoption, e.Kit)
	if err != nil {
		return result{}, err
	}
	r, err := judge(plan)
	if err != nil {
		return result{}, err
	}
	if r.reason == Conflicts { // each is a thing to do for the body
		_, err := v.upgrades.Keep(ctx, s, e.Adoption, upgrade.Choice{Kit: e.Kit, Unattended: true})
		return r, err
	}
	if r.state != Prepared || r.reason != "" || !found.Automatic {
		return r, nil
	}
	_, err = v.upgrades.Apply(ctx, s, e.Adoption, upgrade.Choice{Kit: e.Kit, Seen: plan.Digest()})
	if err == nil {
		r.state = Applied
	}
	return r, err
}

// judge says what a dry run leaves to do, and whether a person has to look at it.
func judge(p upgrade.Plan) (result, error) {
	told, err := p.Consent(nil)
	r := result{state: Prepared, changes: p.Changes(), conflicts: p.Count(upgrade.Conflict)}
	switch {
	case p.Refused():
		r.reason = Blocked
	case r.changes == 0:
		r.state = Same
	case r.conflicts > 0:
		r.reason = Conflicts
	case len(told.Sights)+len(told.Rules) > 0 || told.Leaves: // by new items too: nobody lets that happen unattended
		r.reason = Sight
	}
	return r, err
}

// fail notes why an upgrade failed; it waits to be tried again where that may help.
func (v *Service) fail(ctx context.Context, s tenants.Scope, e Preparation, reason string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // the job's time may be what is over
	defer cancel()
	if reason != Unreadable && e.attempts < tries {
		return v.again(ctx, s, e)
	}
	return v.end(ctx, s, e, result{state: Failed, reason: reason})
}

// reasonOf is the class of a failure.
func reasonOf(ctx context.Context, err error) string {
	switch {
	case ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded):
		return Slow
	case errors.Is(err, kit.ErrUnreadable), problem.Is(err, problem.Invalid):
		return Unreadable
	}
	return Broken
}

// begin counts an attempt before it is made, so that one which ends the program is counted too.
func (v *Service) begin(ctx context.Context, s tenants.Scope, e Preparation) (begun Preparation, waits bool, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		begun, waits, err = beginEntry(ctx, tx, e)
		return err
	})
	return begun, waits, err
}

// again lets the upgrade wait for another job.
func (v *Service) again(ctx context.Context, s tenants.Scope, e Preparation) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error { return askAgain(ctx, tx, e) })
}

// end notes the result, unless the campaign was paused or cancelled meanwhile.
func (v *Service) end(ctx context.Context, s tenants.Scope, e Preparation, r result) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		ended, err := endEntry(ctx, tx, e, r)
		if err != nil || !ended {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "upgrade.prepare", Object: e.Adoption, Payload: map[string]any{
			"campaign": e.Campaign, "kit": e.Kit, "state": r.state, "reason": r.reason, "changes": r.changes, "conflicts": r.conflicts,
		}})
	})
}
