package modules

import (
	"context"
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
}

// Compare lists who gains and who loses by an item, with how many people hold each role; without people, who would.
func (k Kind) Compare(c Contents, people map[string]int) ([]SightChange, error) {
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

// Effect is what becomes of who sees what when an item changes: somebody reads it before they change the item.
type Effect struct {
	Told    bool          // the item shows something else than before, to who holds its role today or later
	Changes []SightChange // for who is there today
	Mark    string        // of what is read
}

// Effect compares what an item shows with what it would show. Where the item is rules of the body, it is told person by person
// with their cases, to whoever may change the rules; to others who would gain and lose. It is a read event.
func (d Deps) Effect(ctx context.Context, s tenants.Scope, kind Kind, c Contents) (Effect, error) {
	e, err := d.effect(ctx, s, kind, c)
	if err != nil || !e.Told || kind.Rules == nil {
		return e, err
	}
	return e, d.Audit.Start(ctx, s, audit.Event{Action: "item.compare", Payload: map[string]any{"kind": kind.ID, "key": c.Key}})()
}

func (d Deps) effect(ctx context.Context, s tenants.Scope, kind Kind, c Contents) (e Effect, err error) {
	if e.Changes, err = kind.Compare(c, nil); err != nil || len(e.Changes) == 0 {
		return Effect{}, err
	}
	e.Told = true
	if kind.Rules != nil && d.Permits(s, policies.ManageRules) {
		var rules [2][]policies.Rule
		for i, content := range [][]byte{c.Before, c.After} {
			if rules[i], err = kind.rules(c.Key, content); err != nil {
				return Effect{}, err
			}
		}
		if e.Changes, err = d.compareOwn(ctx, s, rules[0], rules[1]); err != nil {
			return Effect{}, err
		}
	}
	e.Mark, err = MarkOf(struct {
		Kind     string
		Contents Contents
		Changes  []SightChange
	}{kind.ID, c, e.Changes})
	return e, err
}

// CheckEffect refuses to change an item until somebody has read its effect: problem.Invalid, and problem.Conflict where it is
// another one by now. Who may not change the rules of the body is refused for that when the rules follow, not here.
func (d Deps) CheckEffect(ctx context.Context, s tenants.Scope, kind Kind, c Contents, consent Consent) ([]SightChange, error) {
	if kind.Rules != nil && !d.Permits(s, policies.ManageRules) {
		return nil, nil
	}
	e, err := d.effect(ctx, s, kind, c)
	if err != nil || !e.Told {
		return nil, err
	}
	return e.Changes, consent.demand(e.Mark)
}

// rules are those that a content makes; none where the item is not in use.
func (k Kind) rules(key string, content []byte) ([]policies.Rule, error) {
	if content == nil {
		return nil, nil
	}
	return k.Rules(key, content)
}

// compareOwn lists who gains and who loses when rules of the body's own take the place of others of the same roles: by cases, and
// by what else they may do.
func (d Deps) compareOwn(ctx context.Context, s tenants.Scope, was, is []policies.Rule) ([]SightChange, error) {
	both := slices.Concat(was, is)
	now := d.Policies.Now()
	own := slices.DeleteFunc(now.Own(s.Tenant), func(r policies.Rule) bool {
		return slices.ContainsFunc(both, func(other policies.Rule) bool { return other.Role == r.Role })
	})
	then := d.Policies.With(s.Tenant, append(own, is...))
	viewers, err := d.viewers(ctx, s)
	if err != nil {
		return nil, err
	}
	changes, err := d.compareViewers(ctx, s, viewers, [2]*policies.Rules{now, then})
	for _, v := range viewers {
		changes = append(changes, v.compareMay(s, both, now, then)...)
	}
	return changes, err
}

// CompareRules counts who sees how many cases by the one rules and by the others.
func (d Deps) CompareRules(ctx context.Context, s tenants.Scope, now, then *policies.Rules) ([]SightChange, error) {
	viewers, err := d.viewers(ctx, s)
	if err != nil {
		return nil, err
	}
	return d.compareViewers(ctx, s, viewers, [2]*policies.Rules{now, then})
}

func (d Deps) compareViewers(ctx context.Context, s tenants.Scope, viewers []Viewer, rules [2]*policies.Rules) ([]SightChange, error) {
	reaches, err := d.Platform.Sights.Find(ctx, s)
	if err != nil {
		return nil, err
	}
	var sights [2][]Sight
	for i := range rules {
		for _, one := range viewers {
			sights[i] = append(sights[i], SightsOf(rules[i], s.Tenant, one, reaches)...)
		}
	}
	return CompareSights(sights[0], sights[1]), nil
}

// compareMay lists what a viewer may do besides seeing sections, of what rules are about, and did not, or no longer.
func (v Viewer) compareMay(s tenants.Scope, about []policies.Rule, now, then *policies.Rules) (changes []SightChange) {
	scope := tenants.Scope{Tenant: s.Tenant, Account: v.Account, Roles: v.Roles}
	var told []policies.Rule
	for _, r := range about {
		subject := policies.Rule{Relation: r.Relation, Object: r.Object, Action: r.Action}
		if slices.Contains(policies.SectionIDs(), r.Object) || slices.Contains(told, subject) {
			continue
		}
		told = append(told, subject)
		was, is := now.Allows(scope, r.Relation, r.Object, r.Action), then.Allows(scope, r.Relation, r.Object, r.Action)
		if was == is {
			continue
		}
		one := Sight{Account: v.Account, Who: v.Name, Action: r.Object + ":" + r.Action}
		if r.Object == "case" && slices.Contains(policies.CaseActions, r.Action) {
			one.Bond = r.Relation
		}
		changes = append(changes, SightChange{Sight: one, Gained: is})
	}
	return changes
}

// viewers lists the colleagues with their roles of today.
func (d Deps) viewers(ctx context.Context, s tenants.Scope) ([]Viewer, error) {
	var viewers []Viewer
	err := d.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		colleagues, err := tenants.FindColleagues(ctx, tx)
		for _, c := range colleagues {
			at := slices.IndexFunc(viewers, func(one Viewer) bool { return one.Account == c.Account })
			if at < 0 {
				at, viewers = len(viewers), append(viewers, Viewer{Account: c.Account, Name: c.Name})
			}
			if !slices.Contains(viewers[at].Roles, c.Role) {
				viewers[at].Roles = append(viewers[at].Roles, c.Role)
			}
		}
		return err
	})
	return viewers, err
}
