package adoption

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Decision is a body's answer to one conflict.
type Decision struct {
	Answer Answer
	Reason string
}

// Application is one run of applying a kit.
type Application struct {
	ID      uuid.UUID
	Release string
	Counts  map[Outcome]int
	Changed bool // something was written
}

// Apply makes the items of the adoption's kit the body's own, all in one transaction, or changes nothing at all. Each
// conflict of the dry run needs a decision, by kit.Place; without it the error is problem.Invalid with the places. A
// missing module is problem.Conflict. The same kit again changes nothing.
func (v *Service) Apply(ctx context.Context, s tenants.Scope, adoption uuid.UUID, decisions map[string]Decision) (Application, error) {
	a, err := v.reusing(ctx, s, adoption)
	if err != nil {
		return Application{}, err
	}
	theirs, err := v.catalogue.Verified(ctx, s, a.Practice)
	if err != nil {
		return Application{}, err
	}
	run := Application{Release: theirs.Newest.Release, Counts: map[Outcome]int{}}
	if run.ID, err = uuid.NewV7(); err != nil {
		return Application{}, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := lockBody(ctx, tx); err != nil {
			return err
		}
		plan, ours, err := v.compare(ctx, tx, s, a, theirs)
		if err != nil {
			return err
		}
		return v.applyPlan(ctx, tx, s, applying{plan: plan, decisions: decisions, ours: ours, run: &run})
	})
	return run, err
}

// applying is what one run works with.
type applying struct {
	plan      Plan
	decisions map[string]Decision
	ours      map[string]kit.Item
	run       *Application
}

// settled is what a run decides for one item of the kit.
type settled struct {
	line     Line
	change   kit.Change
	untold   bool // the item itself is not written, its decision is
	decision kit.Adaptation
	placed   kit.Placed
}

func (v *Service) applyPlan(ctx context.Context, tx tenants.Tx, s tenants.Scope, a applying) error {
	if a.plan.Refused() {
		return a.plan.refusal()
	}
	if err := a.checkDecisions(); err != nil {
		return err
	}
	for _, line := range a.plan.Lines {
		a.run.Counts[line.Outcome]++
	}
	settlements := a.settle()
	if len(settlements) == 0 {
		return nil
	}
	a.run.Changed = true
	if err := v.put(ctx, tx, s, settlements); err != nil {
		return err
	}
	if err := recordRun(ctx, tx, s, a, settlements); err != nil {
		return err
	}
	if err := moveAdoption(ctx, tx, a, s.Name); err != nil {
		return err
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.apply", Object: a.plan.Adoption.ID, Payload: map[string]any{
		"application": a.run.ID, "kit": a.plan.Kit, "release": a.plan.Release,
		"new": a.run.Counts[New], "changed": a.run.Counts[Changed], "same": a.run.Counts[Same], "conflict": a.run.Counts[Conflict],
	}})
}

// put writes the items of the settlements and notes where each of them stands afterwards.
func (v *Service) put(ctx context.Context, tx tenants.Tx, s tenants.Scope, settlements []settled) error {
	var changes []kit.Change
	for _, one := range settlements {
		if !one.untold {
			changes = append(changes, one.change)
		}
	}
	placed, err := v.items.Put(ctx, tx, s, changes)
	if err != nil {
		return err
	}
	for i := range settlements {
		if !settlements[i].untold {
			settlements[i].placed, placed = placed[0], placed[1:]
		}
	}
	return nil
}

// refusal says which modules or kinds are missing.
func (p Plan) refusal() error {
	missing := append([]string{}, p.MissingKinds...)
	for _, id := range p.MissingModules {
		missing = append(missing, string(id))
	}
	return problem.New(problem.Conflict, "practice.error.missing", "names", strings.Join(missing, ", "))
}

// checkDecisions sees that every conflict is answered, and that keeping ours has its reason.
func (a applying) checkDecisions() error {
	var wrong problem.Fields
	for _, line := range a.plan.Lines {
		place := kit.Place(line.Theirs.Kind, line.Theirs.Key)
		if line.Outcome != Conflict {
			continue
		}
		decision := a.decisions[place]
		switch {
		case decision.Answer != KeepOurs && decision.Answer != TakeKit:
			wrong.Add(place, "practice.error.unanswered")
		case decision.Answer == KeepOurs && strings.TrimSpace(decision.Reason) == "":
			wrong.Add(place, "practice.error.reason")
		case len([]rune(decision.Reason)) > 500:
			wrong.Add(place, "web.field.too_long", "max", 500)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return &problem.Error{Kind: problem.Invalid, Message: language.M("practice.error.conflicts"), Fields: wrong}
}

// settle decides what has to be written, in the order of the kit.
func (a applying) settle() []settled {
	var out []settled
	for _, line := range a.plan.Lines {
		if line.Outcome == Same && !line.Joins {
			continue
		}
		place := kit.Place(line.Theirs.Kind, line.Theirs.Key)
		present := a.ours[place]
		one := settled{line: line, decision: kit.Adopted, change: kit.Change{
			Source: line.Theirs, Reason: a.reason(), Keep: line.Joins,
			Origin: kit.Origin{
				Practice: a.plan.Adoption.Practice, Kit: a.plan.Kit, Version: a.plan.Release, Key: line.Theirs.Key, Base: line.Theirs.Content,
			},
		}}
		if line.Outcome == Conflict && a.decisions[place].Answer == KeepOurs {
			one.change.Keep, one.decision = true, kit.Adapted
			if present.State == kit.Retired {
				one.decision = kit.Dropped
			}
			one.change.Reason = strings.TrimSpace(a.decisions[place].Reason)
		} else if line.Joins {
			one.change.Reason = ""
		}
		one.change.Adaptation = one.decision
		// An item that another practice brought stays that practice's; only the decision is kept.
		one.untold = one.change.Keep && present.Origin.Practice != uuid.Nil && present.Origin.Practice != a.plan.Adoption.Practice
		one.placed = kit.Placed{Kind: line.Theirs.Kind, Key: line.Theirs.Key, Item: present.ID, Before: present.Current.ID, After: present.Current.ID}
		out = append(out, one)
	}
	return out
}

// reason is why an item gets a version from the kit, as its history tells it.
func (a applying) reason() string {
	title := []rune(a.plan.Adoption.Title.It)
	return "Kit " + string(title[:min(len(title), 300)]) + " " + a.plan.Release
}

// Changes is how many items applying the plan would write or has to ask about.
func (p Plan) Changes() int {
	count := 0
	for _, line := range p.Lines {
		if line.Outcome != Same || line.Joins {
			count++
		}
	}
	return count
}
