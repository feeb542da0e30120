package upgrade

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/clash"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Answer is what a body decides in a conflict.
type Answer string

// The answers: tieni il nostro, prendi dal kit, unisci.
const (
	KeepOurs Answer = "ours"
	TakeKit  Answer = "kit"
	Unite    Answer = "merge"
)

// MaxReason is how many characters a reason may have.
const MaxReason = 500

// Decision is a body's answer to one conflict. Fields answer the places that both sides changed, for Unite alone.
type Decision struct {
	Answer Answer
	Reason string
	Fields map[string]merge.Answer
	By     string // of a kept one: who answered
}

// Choice is what somebody decides about applying a kit.
type Choice struct {
	Kit       uuid.UUID           // uuid.Nil for the newest
	Seen      string              // digest of the plan that was read; "" for whatever it is now, where nothing changes for people
	Decisions map[string]Decision // by kit.Place
	// Acknowledged is that who gains and who loses sight has been read, where somebody does.
	Acknowledged bool
	// Unattended is that no person asks: what somebody has answered of an upgrade, of this kit or another, is left as it is.
	Unattended bool
}

// Application is one run of applying a kit, or of undoing such a run.
type Application struct {
	ID      uuid.UUID
	Release string
	Counts  map[Outcome]int
	Changed bool // something was written
}

// Written is how many items the run made new or other.
func (a Application) Written() int {
	return a.Counts[New] + a.Counts[Changed] + a.Counts[Merged] + a.Counts[Conflict]
}

// Apply makes the items of a kit the body's own, all in one transaction, or changes nothing at all. Each conflict of the
// dry run needs a decision; without it the error is problem.Invalid with the places. Where something changes for people, so is
// what nobody says to have read (modules.Unread). A missing module or item, a newer
// program's content, a draft that waits and a plan that is another one by now are problem.Conflict. The same kit again changes nothing.
// The decisions of what is refused are kept as Keep does, so that nobody gives them twice: the plan is another one from then on.
func (v *Service) Apply(ctx context.Context, s tenants.Scope, of uuid.UUID, c Choice) (Application, error) {
	run, err := v.apply(ctx, s, of, c)
	if len(c.Decisions) == 0 || !problem.Is(err, problem.Invalid) && !problem.Is(err, problem.Conflict) {
		return run, err
	}
	if problem.Is(err, problem.Conflict) {
		c.Seen = "" // an answer names the conflict that it is for, whatever else has changed
	}
	return run, v.refuse(ctx, s, of, c, err)
}

// refuse keeps the decisions of a choice that is refused, and adds to the refusal why they cannot be kept.
func (v *Service) refuse(ctx context.Context, s tenants.Scope, of uuid.UUID, c Choice, refusal error) error {
	_, err := v.Keep(ctx, s, of, c)
	if unread, told := errors.AsType[*modules.Unread](refusal); told && err == nil {
		plan, err := v.Plan(ctx, s, of, c.Kit) // with the answers that are kept now
		if err != nil {
			return err
		}
		return plan.unread(unread.Err)
	}
	if err == nil {
		return refusal
	}
	if !problem.Is(err, problem.Invalid) {
		return err
	}
	both := *problem.Of(refusal)
	for _, field := range problem.Of(err).Fields {
		if !slices.ContainsFunc(both.Fields, func(f problem.Field) bool { return f.Name == field.Name }) {
			both.Fields = append(slices.Clip(both.Fields), field)
		}
	}
	return &both
}

func (v *Service) apply(ctx context.Context, s tenants.Scope, of uuid.UUID, c Choice) (Application, error) {
	a, err := v.reusing(ctx, s, of)
	if err != nil {
		return Application{}, err
	}
	theirs, err := v.catalogue.Contents(ctx, s, a.Practice, c.Kit)
	if err != nil {
		return Application{}, err
	}
	run := Application{Release: theirs.Release, Counts: map[Outcome]int{}}
	if run.ID, err = uuid.NewV7(); err != nil {
		return Application{}, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := lockBody(ctx, tx); err != nil {
			return err
		}
		t, err := v.compare(ctx, tx, s, a, theirs)
		if err != nil {
			return err
		}
		if c.Seen != "" && c.Seen != t.plan.Digest() {
			return t.plan.unread(problem.New(problem.Conflict, "practice.error.plan_changed"))
		}
		return v.applyPlan(ctx, tx, s, applying{trial: t, decisions: c.Decisions, seen: c.Seen, acknowledged: c.Acknowledged, run: &run})
	})
	return run, err
}

// applying is what one run works with.
type applying struct {
	trial
	decisions    map[string]Decision
	seen         string // digest of what was read
	acknowledged bool
	told         Consent // who gains and who loses by these decisions
	run          *Application
}

func (v *Service) applyPlan(ctx context.Context, tx tenants.Tx, s tenants.Scope, a applying) error {
	if a.plan.Refused() {
		return a.plan.refusal()
	}
	if err := a.waits(); err != nil {
		return err
	}
	if err := a.checkDecisions(); err != nil {
		return err
	}
	var err error
	if a.told, err = a.consents(); err != nil {
		return err
	}
	for _, line := range a.plan.Lines {
		a.run.Counts[line.Outcome]++
	}
	settlements, err := a.settle()
	if err != nil {
		return err
	}
	if _, err := clash.Close(ctx, tx, a.plan.Adoption.ID); err != nil || len(settlements) == 0 {
		return err
	}
	a.run.Changed = true
	if err := v.put(ctx, tx, s, settlements); err != nil {
		return err
	}
	if err := recordRun(ctx, tx, s, a, settlements); err != nil {
		return err
	}
	if err := moveAdoption(ctx, tx, a.plan, s.Name); err != nil {
		return err
	}
	if err := withhold(ctx, tx, a.plan.Adoption.ID, arriving(settlements)); err != nil {
		return err
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.apply", Object: a.plan.Adoption.ID, Payload: map[string]any{
		"application": a.run.ID, "kit": a.plan.Kit, "release": a.plan.Release, "new": a.run.Counts[New], "changed": a.run.Counts[Changed],
		"merged": a.run.Counts[Merged], "removed": a.run.Counts[Removed], "same": a.run.Counts[Same], "conflict": a.run.Counts[Conflict],
	}})
}

// put writes the items of the settlements and notes where each of them stands afterwards.
func (v *Service) put(ctx context.Context, tx tenants.Tx, s tenants.Scope, settlements []settled) error {
	var changes []kit.Change
	for _, one := range settlements {
		if one.untold {
			continue
		}
		changes = append(changes, one.change)
		if one.found.State == kit.Published && one.made.State != kit.Published {
			if err := v.release(ctx, tx, s, one.line.Kind, one.line.Key); err != nil {
				return err
			}
		}
	}
	placed, err := v.items.Put(ctx, tx, s, changes)
	if err != nil {
		return err
	}
	for i := range settlements {
		if one := &settlements[i]; !one.untold {
			one.made.Item, placed = placed[0].ID, placed[1:]
		}
	}
	return nil
}

// release takes an item that goes out of use away from who has it: somebody has read who loses.
func (v *Service) release(ctx context.Context, tx tenants.Tx, s tenants.Scope, kind, key string) error {
	declared, _, _ := v.deps.Platform.Kinds.Get(kind)
	if declared.Release == nil {
		return nil
	}
	return declared.Release(ctx, tx, s, key)
}

// missing names what the kit needs and the body, or this program, has not.
func (p Plan) missing() []string {
	names := append([]string{}, p.MissingKinds...)
	for _, id := range p.MissingModules {
		names = append(names, string(id))
	}
	for _, loose := range p.MissingItems {
		names = append(names, loose.Ref.Key)
	}
	return append(names, p.Unreadable...)
}

// refusal says why a kit cannot be applied at all.
func (p Plan) refusal() error {
	if missing := p.missing(); len(missing) > 0 {
		return problem.New(problem.Conflict, "practice.error.missing", "names", strings.Join(missing, ", "))
	}
	if misnamed := p.Misnamed(); len(misnamed) > 0 {
		return problem.New(problem.Conflict, "practice.error.misnamed", "names", keysOf(misnamed))
	}
	return problem.New(problem.Conflict, "practice.error.drafts", "names", keysOf(p.Drafts()))
}

// keysOf names lines.
func keysOf(lines []Line) string {
	keys := make([]string, len(lines))
	for i, line := range lines {
		keys[i] = line.Key
	}
	return strings.Join(keys, ", ")
}

// waits refuses to take from the kit, after all, what the body does not use while somebody is changing it.
func (a applying) waits() error {
	var waiting []Line
	for _, line := range a.plan.Lines {
		if line.Drafted && line.Outcome == Dropped && a.decisions[line.Place()].Answer == TakeKit {
			waiting = append(waiting, line)
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	return problem.New(problem.Conflict, "practice.error.drafts", "names", keysOf(waiting))
}

// checkDecisions sees that every conflict is answered, and that keeping ours has its reason.
func (a applying) checkDecisions() error {
	var wrong problem.Fields
	for _, line := range a.plan.Lines {
		switch d := a.decisions[line.Place()]; {
		case line.Outcome == Conflict:
			d.check(line, &wrong)
		case line.Outcome == Dropped && d.Answer == TakeKit && line.Misnamed:
			wrong.Add(line.Place(), "practice.error.misnamed_answer")
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return &problem.Error{Kind: problem.Invalid, Message: language.M("practice.error.conflicts"), Fields: wrong}
}

func (d Decision) check(line Line, wrong *problem.Fields) {
	place := line.Place()
	switch {
	case d.Answer != KeepOurs && d.Answer != TakeKit && (d.Answer != Unite || line.Gone):
		wrong.Add(place, "practice.error.unanswered")
	case d.Answer == TakeKit && line.Misnamed:
		wrong.Add(place, "practice.error.misnamed_answer")
	case d.Answer == Unite && line.Clashing:
		wrong.Add(place, "practice.error.clash")
	case d.Answer == KeepOurs && strings.TrimSpace(d.Reason) == "":
		wrong.Add(place, "practice.error.reason")
	case len([]rune(d.Reason)) > MaxReason:
		wrong.Add(place, "web.field.too_long", "max", MaxReason)
	}
	if d.Answer != Unite {
		return
	}
	for _, c := range line.Open {
		if _, answered := d.Fields[c.Path]; !answered {
			wrong.Add(place+"#"+c.Path, "practice.error.unanswered")
		}
	}
}
