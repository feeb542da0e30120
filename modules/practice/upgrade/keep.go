package upgrade

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/clash"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Keep makes the conflicts of a kit things to do, and keeps what has been answered so far; an answer may be incomplete. What is
// not answered now stays as it was. Nothing of the kit is applied. Errors: problem.Conflict for a plan that is another one by
// now; problem.Invalid for a reason that is too long.
func (v *Service) Keep(ctx context.Context, s tenants.Scope, of uuid.UUID, c Choice) (Plan, error) {
	a, err := v.reusing(ctx, s, of)
	if err != nil {
		return Plan{}, err
	}
	theirs, err := v.catalogue.Contents(ctx, s, a.Practice, c.Kit)
	if err != nil {
		return Plan{}, err
	}
	var t trial
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := lockBody(ctx, tx); err != nil {
			return err
		}
		if t, err = v.compare(ctx, tx, s, a, theirs); err != nil {
			return err
		}
		if c.Seen != "" && c.Seen != t.plan.Digest() {
			return problem.New(problem.Conflict, "practice.error.plan_changed")
		}
		if c.Unattended && t.plan.Answering {
			return nil
		}
		return keep(ctx, tx, s, &t.plan, c.Decisions)
	})
	return t.plan, err
}

func keep(ctx context.Context, tx tenants.Tx, s tenants.Scope, plan *Plan, given map[string]Decision) error {
	var wrong problem.Fields
	var all []clash.Conflict
	for _, line := range plan.Conflicts() {
		decision, told := given[line.Place()]
		if !told {
			decision = plan.Kept[line.Place()]
		} else {
			decision.By = s.Name
			plan.Kept[line.Place()] = decision
		}
		wrong.MaxLength(line.Place(), decision.Reason, MaxReason)
		all = append(all, decision.kept(line))
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if len(all) == 0 && !plan.Begun {
		return nil
	}
	plan.Begun = len(all) > 0
	if err := clash.Save(ctx, tx, plan.Adoption.ID, plan.Kit, all); err != nil {
		return err
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "upgrade.answer", Object: plan.Adoption.ID, Payload: map[string]any{
		"kit": plan.Kit, "release": plan.Release, "conflicts": len(all), "answered": plan.Answered(),
	}})
}

// GiveUp forgets what was answered of an upgrade that is not applied: nothing of it is left to do. It fails with
// problem.Conflict where none was begun.
func (v *Service) GiveUp(ctx context.Context, s tenants.Scope, of uuid.UUID) error {
	a, err := v.reusing(ctx, s, of)
	if err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		n, err := clash.Close(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return problem.New(problem.Conflict, "practice.error.not_begun")
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "upgrade.give_up", Object: a.ID, Payload: map[string]any{"conflicts": n}})
	})
}

// addKept notes what was answered of the conflicts as they stand now.
func addKept(ctx context.Context, tx tenants.Tx, plan *Plan) error {
	found, err := clash.Find(ctx, tx, plan.Adoption.ID)
	if err != nil {
		return err
	}
	plan.Begun, plan.Kept = len(found) > 0, map[string]Decision{}
	for _, c := range found {
		plan.Answering = plan.Answering || c.Author != ""
	}
	for _, line := range plan.Conflicts() {
		if c, known := found[line.Place()]; known && c.Sum == line.sum() && c.Author != "" {
			plan.Kept[line.Place()] = Decision{Answer: Answer(c.Answer), Reason: c.Reason, Fields: c.Fields, By: c.Author}
		}
	}
	return nil
}

// Conflicts are the items that somebody has to answer.
func (p Plan) Conflicts() (open []Line) {
	for _, line := range p.Lines {
		if line.Outcome == Conflict {
			open = append(open, line)
		}
	}
	return open
}

// Answered is how many conflicts have a complete answer that is kept.
func (p Plan) Answered() (answered int) {
	for _, line := range p.Conflicts() {
		if p.Kept[line.Place()].Complete(line) {
			answered++
		}
	}
	return answered
}

// Complete tells whether a decision settles a conflict.
func (d Decision) Complete(line Line) bool {
	var wrong problem.Fields
	d.check(line, &wrong)
	return len(wrong) == 0
}

// kept is a decision as it is written down.
func (d Decision) kept(line Line) clash.Conflict {
	c := clash.Conflict{Kind: line.Kind, Key: line.Key, Sum: line.sum(), Answered: d.Complete(line), Reason: d.Reason, Fields: d.Fields, Author: d.By}
	if slices.Contains([]Answer{KeepOurs, TakeKit, Unite}, d.Answer) {
		c.Answer = string(d.Answer)
	}
	return c
}

// sum tells a conflict apart from another about the same item: an answer holds for what was read.
func (l Line) sum() string {
	sum := sha256.New()
	fmt.Fprintln(sum, l.Place(), l.Gone, l.Local, l.Clashing)
	for _, side := range []kit.Source{l.Base, l.Ours, l.Theirs} {
		fmt.Fprintf(sum, "%q %q %q %q\n", side.Title, side.Owner, side.Licence, side.Content)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
