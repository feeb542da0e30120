package proposal

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Candidate is an item that the body changed since it took it from the kit.
type Candidate struct {
	Kit     uuid.UUID // against which it was decided
	Base    kit.Source
	Ours    kit.Source
	Changes []merge.Change
	Open    uuid.UUID // the proposal about it that is not answered; uuid.Nil for none
}

// Writing is a draft as somebody writes it.
type Writing struct {
	ID       uuid.UUID
	Adoption uuid.UUID
	Kind     string
	Key      string
	Places   []string // of the changes to propose
	Reason   string
	Evidence string
	Link     string
	Revision int // of the row that its author saw, 0 for a new draft
}

// FindCandidates lists the items of an adoption that the body uses otherwise than the kit had them. Only the reusing body
// may ask, others get problem.NotFound.
func (v *Service) FindCandidates(ctx context.Context, s tenants.Scope, of uuid.UUID) ([]Candidate, error) {
	if err := v.adopting(ctx, s, of); err != nil {
		return nil, err
	}
	var found []Candidate
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		all, err := findTaken(ctx, tx, of, "", "")
		for _, one := range all {
			if one.Changes, err = kit.Differences(v.lists(one.Base.Kind), one.Base, one.Ours); err != nil {
				return err
			}
			if len(one.Changes) > 0 {
				found = append(found, one)
			}
		}
		return err
	})
	return found, err
}

// GetCandidate returns one item of an adoption with what the body changed; problem.NotFound where it changed nothing.
func (v *Service) GetCandidate(ctx context.Context, s tenants.Scope, of uuid.UUID, kind, key string) (Candidate, error) {
	if err := v.adopting(ctx, s, of); err != nil {
		return Candidate{}, err
	}
	var one Candidate
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		one, err = v.candidate(ctx, tx, of, kind, key)
		return err
	})
	return one, err
}

func (v *Service) candidate(ctx context.Context, tx tenants.Tx, of uuid.UUID, kind, key string) (Candidate, error) {
	found, err := findTaken(ctx, tx, of, kind, key)
	if err != nil {
		return Candidate{}, err
	}
	if kind == "" || len(found) != 1 {
		return Candidate{}, problem.Missing()
	}
	one := found[0]
	if one.Changes, err = kit.Differences(v.lists(kind), one.Base, one.Ours); err == nil && len(one.Changes) == 0 {
		err = problem.Missing()
	}
	return one, err
}

// adopting tells whether an adoption of the scope's body has a ceding body that can be told something.
func (v *Service) adopting(ctx context.Context, s tenants.Scope, of uuid.UUID) error {
	a, err := v.adoptions.GetAdoption(ctx, s, of)
	switch {
	case err != nil:
		return err
	case a.Side != adoption.Reusing:
		return problem.Missing()
	case a.State == "ended":
		return problem.New(problem.Conflict, "practice.board.error.ended")
	case a.Ceding == 0:
		return problem.New(problem.Conflict, "practice.proposal.error.elsewhere")
	}
	return nil
}

// Save keeps a draft: the chosen changes of the item as it is now, on what the kit held. It fails with problem.Invalid where
// nothing is chosen, what is left would break the rules of the kind or refer to what the kit has not; with
// problem.NotFound for an item that the body did not change; with problem.Conflict for a draft that is another one by now, or
// where another proposal about the item is open. The same new draft again returns the one that is there.
func (v *Service) Save(ctx context.Context, s tenants.Scope, w Writing) (Proposal, error) {
	if w.Revision > 0 {
		p, err := v.reusing(ctx, s, w.ID)
		if err != nil {
			return Proposal{}, err
		}
		w.Adoption, w.Kind, w.Key = p.Adoption, p.Item.Kind, p.Item.Key
	}
	if err := v.adopting(ctx, s, w.Adoption); err != nil {
		return Proposal{}, err
	}
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		one, err := v.candidate(ctx, tx, w.Adoption, w.Kind, w.Key)
		if err != nil {
			return err
		}
		item, err := v.compose(ctx, tx, one, &w)
		if err != nil {
			return err
		}
		revision, err := writeProposal(ctx, tx, w, basis{one.Kit, item, s.Name})
		if err != nil || revision == 0 {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "proposal.write", Object: w.ID, Payload: map[string]any{
			"adoption": w.Adoption, "kind": w.Kind, "key": w.Key, "places": len(w.Places), "revision": revision,
		}})
	})
	if err != nil {
		return Proposal{}, err
	}
	return v.Get(ctx, s, w.ID)
}

// compose is the item with the chosen changes, or what is wrong with the draft.
func (v *Service) compose(ctx context.Context, tx tenants.Tx, one Candidate, w *Writing) (kit.Source, error) {
	wrong := w.check()
	item, _, err := kit.Take(v.lists(one.Base.Kind), one.Base, one.Ours, func(path string) bool { return slices.Contains(w.Places, path) })
	if err != nil {
		return kit.Source{}, err
	}
	left, err := kit.Differences(v.lists(one.Base.Kind), one.Base, item)
	if err != nil {
		return kit.Source{}, err
	}
	var broken *problem.Error
	switch faults := v.items.Check(item.Kind, item.Content); {
	case len(left) == 0:
		wrong.Add("places", "practice.proposal.error.nothing")
	case errors.As(faults, &broken) && len(broken.Fields) > 0:
		wrong.Add("places", "practice.proposal.error.broken", "place", broken.Fields[0].Name)
	case faults != nil:
		return kit.Source{}, faults
	}
	items, err := kitItems(ctx, tx, one.Kit)
	if err != nil {
		return kit.Source{}, err
	}
	for _, key := range v.loose(items, item) {
		wrong.Add("places", "practice.proposal.error.refers", "key", key)
	}
	return item, wrong.Err()
}

// check notes what is wrong with the texts of a draft.
func (w *Writing) check() problem.Fields {
	var wrong problem.Fields
	w.Reason, w.Evidence, w.Link = strings.TrimSpace(w.Reason), strings.TrimSpace(w.Evidence), strings.TrimSpace(w.Link)
	wrong.Require("reason", w.Reason)
	wrong.MaxLength("reason", w.Reason, 500)
	wrong.MaxLength("evidence", w.Evidence, 2000)
	wrong.MaxLength("link", w.Link, 500)
	if w.Link != "" && !strings.HasPrefix(w.Link, "https://") {
		wrong.Add("link", "practice.board.error.link")
	}
	return wrong
}

// loose are the keys to which the item would refer and which the kit has not.
func (v *Service) loose(items []kit.Source, item kit.Source) (keys []string) {
	for i, one := range items {
		if one.Kind == item.Kind && one.Key == item.Key {
			items[i] = item
		}
	}
	for _, ref := range kit.Unanswered(v.deps.Platform.Kinds, items) {
		if ref.Kind == item.Kind && ref.Key == item.Key {
			keys = append(keys, ref.Ref.Key)
		}
	}
	return keys
}
