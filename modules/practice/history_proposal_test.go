package practice_test

import (
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/proposal"
	"staffetta/modules/practice/upgrade"
)

// follower is a body that takes over what the first giver gives and changes nothing of it.
type follower struct {
	adoption adoption.Adoption
	behind   bool // since the giver's last kit
}

// follow lets the body that changes nothing upgrade: nothing is asked, and it has what the kit holds.
func (h *history) follow() {
	if h.follower == nil || !h.follower.behind {
		return
	}
	h.follower.behind = false
	h.seen["followed"]++
	ctx := h.rt.Context()
	plan, err := h.upgrades.Plan(ctx, h.third, h.follower.adoption.ID, uuid.Nil)
	h.must(err)
	_, err = h.upgrades.Apply(ctx, h.third, h.follower.adoption.ID, upgrade.Choice{Seen: plan.Digest(), Acknowledged: true})
	h.must(err)
	for _, line := range plan.Lines {
		item, there := h.item(h.third, line.Place())
		switch {
		case line.Outcome == upgrade.Conflict || line.Outcome == upgrade.Merged || line.Outcome == upgrade.Dropped:
			h.rt.Fatalf("who changed nothing is asked about %s: %s", line.Place(), line.Outcome)
		case line.Gone && (!there || item.State != kit.Retired):
			h.rt.Fatalf("%s was given up, and is %s", line.Place(), item.State)
		case !line.Gone && !cmp.Equal(line.Theirs, item.Source()):
			h.rt.Fatalf("who changed nothing has not what the kit holds of %s:\n%s", line.Place(), cmp.Diff(line.Theirs, item.Source()))
		}
	}
}

// propose gives a change of the taker back to a giver, who accepts or declines it.
func (h *history) propose(g *giver) {
	ctx := h.rt.Context()
	candidates, err := h.proposals.FindCandidates(ctx, h.taking, g.adoption.ID)
	if h.must(err); len(candidates) == 0 && h.edit(h.taking) {
		candidates, err = h.proposals.FindCandidates(ctx, h.taking, g.adoption.ID)
		h.must(err)
	}
	if len(candidates) == 0 {
		return
	}
	one := candidates[rapid.IntRange(0, len(candidates)-1).Draw(h.rt, "candidate")]
	w := proposal.Writing{ID: uuid.Must(uuid.NewV7()), Adoption: g.adoption.ID, Kind: one.Base.Kind, Key: one.Base.Key, Reason: "Si capisce meglio"}
	for _, c := range one.Changes {
		if rapid.IntRange(0, 3).Draw(h.rt, "offered") > 0 {
			w.Places = append(w.Places, c.Path)
		}
	}
	p, err := h.proposals.Save(ctx, h.taking, w)
	if problem.Is(err, problem.Invalid) { // nothing was chosen, or what was does not stand alone
		return
	}
	h.must(err)
	if len(w.Places) == len(one.Changes) && !cmp.Equal(one.Ours, p.Item) {
		h.rt.Fatalf("all changes are not the item:\n%s", cmp.Diff(one.Ours, p.Item))
	}
	p, err = h.proposals.Send(ctx, h.taking, p.ID, p.Revision)
	h.must(err)
	if !h.accept(g, p) {
		_, err = h.proposals.Decline(ctx, g.scope, p.ID, p.Revision, "Da noi non serve")
		h.must(err)
		h.seen["declined"]++
		return
	}
	h.seen["accepted"]++
	h.credited(g, p, len(w.Places) == len(one.Changes))
}

// accept brings a proposal into the giver's item, with one answer to all that both changed, and holds it against both.
func (h *history) accept(g *giver, p proposal.Proposal) bool {
	ctx := h.rt.Context()
	trial, err := h.proposals.Try(ctx, g.scope, p.ID, nil)
	h.must(err)
	side := rapid.SampledFrom([]merge.Side{merge.Ours, merge.Theirs}).Draw(h.rt, "side")
	a := proposal.Acceptance{Seen: p.Revision, Fields: map[string]merge.Answer{}}
	for _, c := range trial.Open {
		a.Fields[c.Path] = merge.Answer{Side: side}
	}
	trial, err = h.proposals.Try(ctx, g.scope, p.ID, a.Fields)
	h.must(err)
	a.Consent = modules.Consent{Mark: trial.Effect.Mark, Acknowledged: true}
	place := kit.Place(p.Item.Kind, p.Item.Key)
	before, _ := h.item(g.scope, place)
	_, err = h.proposals.Accept(ctx, g.scope, p.ID, a)
	after, _ := h.item(g.scope, place)
	if trial.Blocked != "" || problem.Is(err, problem.Invalid) {
		if err == nil || !cmp.Equal(before, after) {
			h.rt.Fatalf("what cannot be accepted changed %s: %v", place, err)
		}
		return false
	}
	h.must(err)
	base, result := flat(h.rt, p.Base), flat(h.rt, after.Source())
	for who, is := range map[merge.Side]kit.Source{merge.Ours: before.Source(), merge.Theirs: p.Item} {
		if len(a.Fields) > 0 && who != side { // by the answers, nothing is open any more
			continue
		}
		if lost := lostTexts(base, flat(h.rt, is), result); len(lost) > 0 {
			h.rt.Fatalf("%s: of %s changes are lost by accepting: %v", place, who, lost)
		}
	}
	return true
}

// credited sees that the next kit holds what was accepted, that it names the credit, and that who proposed it is not asked.
func (h *history) credited(g *giver, p proposal.Proposal, whole bool) {
	ctx := h.rt.Context()
	h.publish(g)
	p, err := h.proposals.Get(ctx, h.taking, p.ID)
	if h.must(err); p.Credited == "" {
		h.rt.Fatalf("the kit after %s was accepted names nobody", kit.Place(p.Item.Kind, p.Item.Key))
	}
	plan, err := h.upgrades.Plan(ctx, h.taking, g.adoption.ID, uuid.Nil)
	h.must(err)
	at := slices.IndexFunc(plan.Lines, func(l upgrade.Line) bool { return l.Kind == p.Item.Kind && l.Key == p.Item.Key })
	if at < 0 || plan.Lines[at].Gone {
		h.rt.Fatalf("the kit after %s was accepted does not hold it", kit.Place(p.Item.Kind, p.Item.Key))
	}
	line := plan.Lines[at]
	if same := cmp.Equal(line.Theirs, p.Item); whole && same && line.Outcome != upgrade.Same {
		h.rt.Fatalf("what was proposed and accepted whole comes back as %s: %+v", line.Outcome, line.Open)
	}
}
