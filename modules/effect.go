package modules

import (
	"context"
	"errors"
	"maps"
	"slices"

	"staffetta/internal/language"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Contents are those of an item before and after a change, either of which may be missing: what is not in use shows nothing.
type Contents struct {
	Key           string
	Title         string // how the item is called: who holds its role is known by it
	Before, After []byte
	Others        map[string][]byte // in use besides, by key, where items of the kind count together
}

// Compare lists who gains and who loses by an item, with how many people hold each role, and from when on; without people, who would.
func (k Kind) Compare(c Contents, people People) ([]SightChange, error) {
	if k.ShowsTogether != nil {
		return k.CompareUse(c.with(c.Before), c.with(c.After))
	}
	if k.Shows == nil {
		return nil, nil
	}
	var shown [2][]Shown
	for i, content := range [][]byte{c.Before, c.After} {
		if content == nil {
			continue
		}
		var err error
		if shown[i], err = k.Shows(c.Key, content); err != nil {
			return nil, err
		}
		for j := range shown[i] {
			if shown[i][j].Role != "" && c.Title != "" {
				shown[i][j].Who = language.Text{It: c.Title, En: c.Title}
			}
		}
	}
	return CompareShown(shown[0], shown[1], people), nil
}

// with are the contents in use, by key, where the item has one of its contents.
func (c Contents) with(content []byte) map[string][]byte {
	all := map[string][]byte{}
	maps.Copy(all, c.Others)
	delete(all, c.Key)
	if content != nil {
		all[c.Key] = content
	}
	return all
}

// CompareUse lists who gains and who loses when other items are in use, of a kind whose items count together: contents by key.
func (k Kind) CompareUse(before, after map[string][]byte) ([]SightChange, error) {
	var shown [2][]Shown
	for i, contents := range []map[string][]byte{before, after} {
		ordered := make([][]byte, 0, len(contents))
		for _, key := range slices.Sorted(maps.Keys(contents)) {
			ordered = append(ordered, contents[key])
		}
		var err error
		if shown[i], err = k.ShowsTogether(ordered); err != nil {
			return nil, err
		}
	}
	for i, one := range shown[0] { // of a purpose that ends it is enough to read what is no longer seen for it
		if !slices.ContainsFunc(shown[1], func(other Shown) bool { return other.Purpose == one.Purpose }) {
			shown[0][i].May = nil
		}
	}
	return CompareShown(shown[0], shown[1], nil), nil
}

// Effect is what becomes of who sees what when an item changes: somebody reads it before they change the item.
type Effect struct {
	Told    bool          // the item shows something else than before, to who holds its role today or later
	Changes []SightChange // for who is there today
	Mark    string        // of what is read
}

// Weighing compares what items of a kind show and would show, inside a transaction: with the rules and the people of that moment,
// who wait for its end. To how many cases people come is counted before it.
type Weighing struct {
	deps     Deps
	scope    tenants.Scope
	kind     Kind
	byPerson bool // the item is rules of the body, and the actor may change those
	reaches  []Reach
}

// Weigh prepares to compare.
func (d Deps) Weigh(ctx context.Context, s tenants.Scope, kind Kind) (w Weighing, err error) {
	w = Weighing{deps: d, scope: s, kind: kind, byPerson: kind.Rules != nil && d.Permits(s, policies.ManageRules)}
	if w.byPerson {
		w.reaches, err = d.Platform.Sights.Find(ctx, s)
	}
	return w, err
}

// Effect compares what an item shows with what it would show. Where the item is rules of the body, it is told person by person
// with their cases, to whoever may change the rules; to others who would gain and lose. It is a read event.
func (d Deps) Effect(ctx context.Context, s tenants.Scope, kind Kind, c Contents) (e Effect, err error) {
	w, err := d.Weigh(ctx, s, kind)
	if err != nil {
		return Effect{}, err
	}
	err = d.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		e, err = w.effect(ctx, tx, c)
		return err
	})
	if err != nil || !e.Told || kind.Rules == nil {
		return e, err
	}
	return e, w.note(ctx, c.Key)
}

// Check refuses to change an item until somebody has read its effect: Unread, which is problem.Invalid, and problem.Conflict
// where it is another one by now. Who may not change the rules of the body is refused for that when the rules follow, not here.
func (w Weighing) Check(ctx context.Context, tx tenants.Tx, c Contents, consent Consent) ([]SightChange, error) {
	if w.kind.Rules != nil && !w.byPerson {
		return nil, nil
	}
	e, err := w.effect(ctx, tx, c)
	if err != nil || !e.Told {
		return nil, err
	}
	if err := consent.demand(e.Mark); err != nil {
		return nil, &Unread{Digest: e.Mark, Effects: EffectBodies(e.Changes), Err: err}
	}
	return e.Changes, nil
}

// Refused notes, of an error after the transaction, that it tells somebody who gains and who loses.
func (w Weighing) Refused(ctx context.Context, key string, err error) error {
	if _, told := errors.AsType[*Unread](err); !told || w.kind.Rules == nil {
		return err
	}
	if failed := w.note(ctx, key); failed != nil {
		return failed
	}
	return err
}

func (w Weighing) note(ctx context.Context, key string) error {
	return w.deps.Audit.Start(ctx, w.scope, audit.Event{Action: "item.compare", Payload: map[string]any{"kind": w.kind.ID, "key": key}})()
}

func (w Weighing) effect(ctx context.Context, tx tenants.Tx, c Contents) (e Effect, err error) {
	if e.Changes, err = w.kind.Compare(c, nil); err != nil || len(e.Changes) == 0 {
		return Effect{}, err
	}
	e.Told = true
	if w.byPerson {
		if e.Changes, err = w.compareOwn(ctx, tx, c); err != nil {
			return Effect{}, err
		}
	}
	e.Mark, err = MarkOf(struct {
		Kind     string
		Contents Contents
		Changes  []SightChange
	}{w.kind.ID, c, e.Changes})
	return e, err
}

// rules are those that a content makes; none where the item is not in use.
func (k Kind) rules(key string, content []byte) ([]policies.Rule, error) {
	if content == nil {
		return nil, nil
	}
	return k.Rules(key, content)
}

// compareOwn lists who gains and who loses when rules of the body's own take the place of others of the same roles.
func (w Weighing) compareOwn(ctx context.Context, tx tenants.Tx, c Contents) ([]SightChange, error) {
	was, err := w.kind.rules(c.Key, c.Before)
	if err != nil {
		return nil, err
	}
	is, err := w.kind.rules(c.Key, c.After)
	if err != nil {
		return nil, err
	}
	held, err := policies.HoldRules(ctx, tx)
	if err != nil {
		return nil, err
	}
	both := slices.Concat(was, is)
	kept := slices.DeleteFunc(slices.Clone(held), func(r policies.Rule) bool {
		return slices.ContainsFunc(both, func(other policies.Rule) bool { return other.Role == r.Role })
	})
	engine, tenant := w.deps.Policies, w.scope.Tenant
	return Comparison{Now: engine.With(tenant, held), Then: engine.With(tenant, append(kept, is...)), Reaches: w.reaches}.Find(ctx, tx, w.scope)
}
