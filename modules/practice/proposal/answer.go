package proposal

import (
	"context"

	"github.com/google/uuid"

	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Trial is what accepting a proposal would do to the ceding body's item as it is now.
type Trial struct {
	Proposal Proposal
	Ours     kit.Source
	Result   kit.Source       // holds ours where a conflict is open
	Open     []merge.Conflict // the places that both bodies changed: Ours is the ceding body's, Theirs the proposal's
	Changes  []merge.Change   // of ours, by accepting
	Blocked  string           // message that says why it cannot be accepted now; "" where it can
	Effect   modules.Effect   // who gains and who loses by the result
}

// Acceptance is the ceding body's yes. Fields answer the places that both bodies changed.
type Acceptance struct {
	Seen   int // revision of the proposal
	Fields map[string]merge.Answer
	Note   string // to the other body
	// Consent is that who gains and who loses has been read, where somebody does.
	Consent modules.Consent
}

// Try finds what accepting a proposal with some answers would do. Only the ceding body may ask, others get problem.NotFound.
func (v *Service) Try(ctx context.Context, s tenants.Scope, id uuid.UUID, answers map[string]merge.Answer) (Trial, error) {
	p, err := v.ceding(ctx, s, id)
	if err != nil {
		return Trial{}, err
	}
	var t Trial
	var change modules.Contents
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if t, _, err = v.try(ctx, tx, s, p, answers); err != nil {
			return err
		}
		change, err = v.contents(ctx, tx, t)
		return err
	})
	if err != nil || t.Blocked != "" {
		return t, err
	}
	kind, _, _ := v.deps.Platform.Kinds.Get(p.Item.Kind)
	t.Effect, err = v.deps.Effect(ctx, s, kind, change)
	return t, err
}

// contents is how the ceding body's item changes.
func (v *Service) contents(ctx context.Context, tx tenants.Tx, t Trial) (modules.Contents, error) {
	c := modules.Contents{Key: t.Result.Key, Title: t.Result.Title.IT, Before: t.Ours.Content, After: t.Result.Content}
	kind, _, _ := v.deps.Platform.Kinds.Get(t.Result.Kind)
	return kit.AmongOthers(ctx, tx, kind, c)
}

// try locks the ceding body's item for the rest of the transaction.
func (v *Service) try(ctx context.Context, tx tenants.Tx, s tenants.Scope, p Proposal, answers map[string]merge.Answer) (Trial, kit.Item, error) {
	t := Trial{Proposal: p}
	present, err := v.items.Current(ctx, tx, s, []kit.Source{p.Item})
	if err != nil {
		return t, kit.Item{}, err
	}
	item, there := present[kit.Place(p.Item.Kind, p.Item.Key)]
	switch {
	case !there || item.State != kit.Published:
		t.Blocked = "practice.proposal.error.gone"
		return t, item, nil
	case item.Draft != nil:
		t.Blocked = "practice.proposal.error.drafted"
	}
	t.Ours = item.Source()
	if t.Result, t.Open, err = kit.Merge(v.lists(p.Item.Kind), p.Base, t.Ours, p.Item, answers); err != nil {
		return t, item, problem.New(problem.Invalid, "practice.error.answer", "key", p.Item.Key).Wrap(err)
	}
	t.Changes, err = kit.Differences(v.lists(p.Item.Kind), t.Ours, t.Result)
	return t, item, err
}

// Accept makes what is proposed a version of the ceding body's item, brought together with what that body changed meanwhile; the
// next kit with it names the credit. It fails with problem.Invalid where a conflict is not answered, the result breaks the rules
// of the kind or nobody has read who gains and who loses by it; with problem.Conflict where the proposal, or who gains and who
// loses, is another one by now, the item is not used any more, or a draft of it waits.
func (v *Service) Accept(ctx context.Context, s tenants.Scope, id uuid.UUID, a Acceptance) (Proposal, error) {
	p, err := v.ceding(ctx, s, id)
	if err != nil {
		return Proposal{}, err
	}
	if a.Note, err = v.answerText(ctx, s, p, a.Note, false); err != nil {
		return Proposal{}, err
	}
	kind, _, _ := v.deps.Platform.Kinds.Get(p.Item.Kind)
	w, err := v.deps.Weigh(ctx, s, kind)
	if err != nil {
		return Proposal{}, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		t, item, err := v.try(ctx, tx, s, p, a.Fields)
		if err != nil {
			return err
		}
		if err := t.refusal(); err != nil {
			return err
		}
		change, err := v.contents(ctx, tx, t)
		if err != nil {
			return err
		}
		told, err := w.Check(ctx, tx, change, a.Consent)
		if err != nil {
			return err
		}
		number, err := v.put(ctx, tx, s, putting{t, item, told})
		if err != nil {
			return err
		}
		if err := closeProposal(ctx, tx, id, closing{a.Seen, Accepted, s.Name, a.Note, number}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "proposal.accept", Object: id, Payload: map[string]any{
			"practice": p.Practice, "item": item.ID, "number": number, "conflicts": len(a.Fields),
		}})
	})
	if err != nil {
		return Proposal{}, w.Refused(ctx, p.Item.Key, err)
	}
	return v.Get(ctx, s, id)
}

// refusal says why a trial cannot become true.
func (t Trial) refusal() error {
	if t.Blocked != "" {
		return problem.New(problem.Conflict, t.Blocked)
	}
	var wrong problem.Fields
	for _, c := range t.Open {
		wrong.Add(c.Path, "practice.error.unanswered")
	}
	return wrong.Err()
}

// putting is what becomes of an item by a proposal, with who gains and who loses by it.
type putting struct {
	Trial
	item kit.Item
	told []modules.SightChange
}

// put writes the result and returns the number of the version that holds it.
func (v *Service) put(ctx context.Context, tx tenants.Tx, s tenants.Scope, t putting) (int, error) {
	item := t.item
	reason := []rune("Proposta di " + v.deps.Bodies.Name(t.Proposal.Reusing) + ": " + t.Proposal.Reason)
	change := kit.Change{
		Source: t.Result, Origin: item.Origin, Adaptation: item.Adaptation, Reason: string(reason[:min(len(reason), 500)]), Why: item.Reason, Changes: t.told,
	}
	if item.Origin.Practice != uuid.Nil {
		change.Adaptation, change.Why = kit.Adapted, change.Reason
	}
	written, err := v.items.Put(ctx, tx, s, []kit.Change{change})
	if err != nil {
		return 0, err
	}
	return written[0].Current.Number, nil
}

// Decline says no to a proposal, with a reason. It fails with problem.Invalid without one, and with problem.Conflict where the
// proposal is another one by now.
func (v *Service) Decline(ctx context.Context, s tenants.Scope, id uuid.UUID, seen int, reason string) (Proposal, error) {
	p, err := v.ceding(ctx, s, id)
	if err != nil {
		return Proposal{}, err
	}
	if reason, err = v.answerText(ctx, s, p, reason, true); err != nil {
		return Proposal{}, err
	}
	return v.step(ctx, s, id, "proposal.decline", func(tx tenants.Tx) error {
		return closeProposal(ctx, tx, id, closing{seen: seen, outcome: Declined, author: s.Name, words: reason})
	})
}

// ceding returns a proposal that the scope's body received.
func (v *Service) ceding(ctx context.Context, s tenants.Scope, id uuid.UUID) (Proposal, error) {
	p, err := v.Get(ctx, s, id)
	if err == nil && p.Side != adoption.Ceding {
		return Proposal{}, problem.Missing()
	}
	return p, err
}

// answerText sees that a proposal waits for an answer, and that its words may leave the body.
func (v *Service) answerText(ctx context.Context, s tenants.Scope, p Proposal, text string, required bool) (string, error) {
	text, err := said("text", text, 1000, required)
	switch {
	case err != nil:
		return "", err
	case !p.IsOpen():
		return "", problem.New(problem.Conflict, "practice.proposal.error.closed")
	case text == "":
		return "", nil
	}
	return text, v.clear(ctx, s, p.ID, map[string]any{"text": text})
}
