package upgrade

import (
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
)

// settled is what a run decides for one item: how it and the decision about it stood, and how they stand afterwards.
type settled struct {
	line   Line
	change kit.Change
	untold bool // the item itself is not written, the decision about it is
	found  standing
	made   standing
}

// settle decides what has to be written, in the order of the kit, and notes who was told to gain and to lose by it.
func (a applying) settle() ([]settled, error) {
	var out []settled
	for _, line := range a.plan.Lines {
		decision := a.decisions[line.Place()]
		if !a.writes(line, decision) {
			continue
		}
		one, err := a.settleLine(line, decision)
		if err != nil {
			return nil, err
		}
		one.change.Changes = a.told.of(line.Place())
		out = append(out, one)
	}
	return out, nil
}

// writes tells whether a run writes an item, or the decision about it.
func (a applying) writes(line Line, d Decision) bool {
	return line.writes() || line.Joins || line.Outcome == Dropped && d.Answer == TakeKit
}

func (a applying) settleLine(line Line, d Decision) (settled, error) {
	one := settled{line: line, found: a.standing(line.Place())}
	return one, a.decide(&one, d)
}

// decide says what becomes of one item.
func (a applying) decide(one *settled, d Decision) error {
	line := one.line
	one.change = kit.Change{Source: line.Theirs, Adaptation: kit.Adopted, Origin: a.origin(line), Reason: a.reason()}
	switch {
	case line.Gone && d.Answer == KeepOurs: // it goes on as the body's own
		one.change = kit.Change{Source: line.Ours, Keep: true, Adaptation: kit.Local}
	case line.Gone:
		one.change = kit.Change{Source: line.Ours, State: kit.Retired, Adaptation: kit.Dropped, Origin: a.ours[line.Place()].Origin, Reason: a.reason()}
	case line.Joins:
		one.change.Keep, one.change.Reason = true, ""
		if line.Adapted {
			one.change.Adaptation, one.change.Reason = kit.Adapted, a.ours[line.Place()].Reason
		}
	case line.Outcome == Conflict && d.Answer == KeepOurs:
		one.change.Keep, one.change.Adaptation, one.change.Reason = true, kit.Adapted, strings.TrimSpace(d.Reason)
		if a.ours[line.Place()].State == kit.Retired {
			one.change.Adaptation = kit.Dropped
		}
	case line.Outcome == Conflict && d.Answer == Unite, line.Outcome == Merged:
		if err := a.unite(one, d); err != nil {
			return err
		}
	}
	one.note(a)
	return nil
}

// unite takes what both sides changed, and the answers where they changed the same.
func (a applying) unite(one *settled, d Decision) error {
	line := one.line
	declared, _, _ := a.kinds.Get(line.Kind)
	result, open, err := kit.Merge(declared.Lists, line.Base, line.Ours, line.Theirs, d.Fields)
	if err != nil {
		return problem.New(problem.Invalid, "practice.error.answer", "key", line.Key).Wrap(err)
	}
	if len(open) > 0 {
		return problem.New(problem.Invalid, "practice.error.unanswered")
	}
	if fault := declared.Validate(result.Content); fault != nil {
		return refused(line, "practice.error.clash", fault)
	}
	if fault := entitle(a.kinds, line.Kind, one.found, result.Title); fault != nil {
		return refused(line, "practice.error.misnamed_answer", fault)
	}
	same, err := kit.Equal(result, line.Theirs)
	one.change.Source = result
	if !same {
		one.change.Adaptation, one.change.Why = kit.Adapted, strings.TrimSpace(d.Reason)
		if one.change.Why == "" {
			one.change.Why = a.ours[line.Place()].Reason
		}
	}
	return err
}

// refused says why what was answered cannot be: it does not hold together, though each side's change is right alone, or has a
// title that it may not have.
func refused(line Line, why string, fault error) error {
	var wrong problem.Fields
	wrong.Add(line.Place(), why)
	return &problem.Error{Kind: problem.Invalid, Message: language.M("practice.error.conflicts"), Fields: wrong, Err: fault}
}

// note says how the item and the decision about it stand after the run.
func (one *settled) note(a applying) {
	present := a.ours[one.line.Place()]
	one.made = standing{
		Item: present.ID, State: kit.Published, Source: one.change.Source, Adaptation: one.change.Adaptation, Reason: one.change.Why,
		Origin: one.change.Origin, Decision: string(one.change.Adaptation), Kit: a.plan.Kit, Why: one.change.Why,
	}
	if one.change.Keep {
		one.made.State, one.made.Source = present.State, present.Source()
		one.made.Reason, one.made.Why = one.change.Reason, one.change.Reason
	}
	if one.line.Gone {
		one.made.Decision, one.made.Kit = left, a.taken[one.line.Place()].kit
		if !one.change.Keep {
			one.made.State = kit.Retired
		}
	}
	// An item that another practice brought stays that practice's; only the decision is kept.
	if one.change.Keep && present.Origin.Practice != uuid.Nil && present.Origin.Practice != a.plan.Adoption.Practice {
		one.untold = true
		one.made.Adaptation, one.made.Reason, one.made.Origin = present.Adaptation, present.Reason, present.Origin
	}
}

func (a applying) origin(line Line) kit.Origin {
	return kit.Origin{Practice: a.plan.Adoption.Practice, Kit: a.plan.Kit, Version: a.plan.Release, Key: line.Key, Base: line.Theirs.Content}
}

// reason is why an item gets a version from the kit, as its history tells it.
func (a applying) reason() string {
	title := []rune(a.plan.Adoption.Title.It)
	return "Kit " + string(title[:min(len(title), 300)]) + " " + a.plan.Release
}
