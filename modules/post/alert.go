package post

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

const (
	// gather is for how long a mail waits for more of the same.
	gather = 2 * time.Minute
	// soon is how many days ahead a term is told.
	soon = 3
)

// thing is what awaits somebody under one heading, as far as it is remembered: no text, no name.
type thing struct {
	N     int       `json:"n"`
	Since time.Time `json:"since,omitzero"`
	Paths []string  `json:"paths,omitempty"`
	Due   string    `json:"due,omitempty"`  // the first term
	Told  string    `json:"told,omitempty"` // the term that was told
	Of    []string  `json:"of,omitempty"`   // the topics by which it begins

	urgent bool
}

// beyond tells whether there is more than was known: something newer where the instant is known, else more, or something else.
func (t thing) beyond(known thing) bool {
	if !t.Since.IsZero() {
		return t.Since.After(known.Since)
	}
	other := slices.ContainsFunc(t.Paths, func(path string) bool { return !slices.Contains(known.Paths, path) })
	return t.N > known.N || t.N == known.N && other
}

// things gathers duties by what they ask.
func things(all []modules.Awaiting) map[string]thing {
	found := map[string]thing{}
	for _, one := range all {
		t := found[one.Label.Key]
		n, counted := one.Label.Args["n"].(int)
		if !counted {
			n = 1
		}
		t.N, t.Paths, t.urgent, t.Of = t.N+n, append(t.Paths, one.Path), t.urgent || one.Urgent, one.Topics
		if one.Since.After(t.Since) {
			t.Since = one.Since
		}
		if due := one.Due.In(language.Rome).Format(time.DateOnly); !one.Due.IsZero() && (t.Due == "" || due < t.Due) {
			t.Due = due
		}
		found[one.Label.Key] = t
	}
	return found
}

// verdict is whether somebody is told, and what they have been told of then.
type verdict struct {
	urgent, tell bool
	known        map[string]thing
}

// judge decides what of the things is news to who has an address. At the moment of the day, everything that waits for it is told,
// and each term once. What somebody left out is known to them as told.
func judge(a Address, now, known map[string]thing, day string) verdict {
	v := verdict{known: map[string]thing{}}
	for key, t := range now {
		rhythm := a.Rhythm
		if slices.Contains(a.Off, key) {
			rhythm = Never
		}
		old, was := known[key]
		t.Told = old.Told
		news := !was || t.beyond(old)
		switch {
		case news && t.urgent:
			v.urgent = true
		case news && (rhythm == AtOnce || rhythm == Daily && day != ""):
			v.tell = true
		case news && rhythm == Daily:
			if was {
				v.known[key] = old
			}
			continue // until the moment of the day
		}
		if day != "" && rhythm != Never && t.Due != "" && t.Due <= day && t.Told != t.Due {
			v.tell, t.Told = true, t.Due
		}
		v.known[key] = t
	}
	return v
}

// listener is somebody of a body who has an address.
type listener struct {
	Address
	scope tenants.Scope
	daily bool // terms and summaries were told today
}

// Occasion is why somebody is told now: the moment of the day, at which everything is asked and terms are told too, or something
// that happened, by its topics; without topics it may be anything.
type Occasion struct {
	Moment bool
	Topics []string
}

// asks are the topics that the duties are asked for; none for all duties.
func (o Occasion) asks() []string {
	if o.Moment || slices.Contains(o.Topics, "") {
		return nil
	}
	return o.Topics
}

// keep adds to what is remembered what was not asked for now.
func (o Occasion) keep(remembered, known map[string]thing) {
	asks := o.asks()
	for key, t := range known {
		if len(asks) > 0 && !modules.Concerns(t.Of, asks) {
			if _, now := remembered[key]; !now {
				remembered[key] = t
			}
		}
	}
}

// Tell queues a mail for each colleague of the body to whom something is new; a body that is not live tells nobody anything.
func (s *Service) Tell(ctx context.Context, tenant int32, o Occasion) error {
	body, err := s.deps.Bodies.ByID(tenant)
	if errors.Is(err, tenants.ErrUnknown) || err == nil && body.State != tenants.Active {
		return nil
	}
	if err != nil {
		return err
	}
	listeners, err := s.findListeners(ctx, body)
	if err != nil {
		return err
	}
	var faults []error
	for _, l := range listeners {
		if o.Moment && l.daily {
			continue
		}
		if err := s.tell(ctx, l, o); err != nil {
			faults = append(faults, fmt.Errorf("tell an account of body %d: %w", tenant, err))
		}
	}
	return errors.Join(faults...)
}

// tell asks as the person what awaits them: what they may no longer see awaits nobody.
func (s *Service) tell(ctx context.Context, l listener, o Occasion) error {
	all, err := s.deps.Platform.Duties.FindAll(ctx, l.scope, o.asks()...)
	if err != nil {
		return err
	}
	day := ""
	if o.Moment {
		day = time.Now().In(language.Rome).AddDate(0, 0, soon).Format(time.DateOnly)
	}
	return s.deps.DB.InTx(ctx, tenants.Scope{Tenant: l.scope.Tenant, Name: "sistema"}, func(tx tenants.Tx) error {
		known, err := lockTold(ctx, tx, l.scope)
		if err != nil {
			return err
		}
		v := judge(l.Address, things(all), known, day)
		o.keep(v.known, known)
		if err := setTold(ctx, tx, l.scope, v.known, o.Moment); err != nil {
			return err
		}
		if !v.urgent && (!v.tell || l.Failure == failedAddress) {
			return nil
		}
		m := modules.Mail{Account: l.scope.Account, Template: awaits, Language: l.Language, Wait: gather}
		if o.Moment {
			m.Template = daily
		}
		if v.urgent {
			m.Template, m.Wait = awaits, 0
		}
		return s.post.Queue(ctx, tx, m)
	})
}

// findListeners are the colleagues of a body, as of now, who have confirmed an address.
func (s *Service) findListeners(ctx context.Context, body tenants.Tenant) ([]listener, error) {
	var found []listener
	err := s.deps.DB.InTx(ctx, tenants.Scope{Tenant: body.ID, Name: "sistema"}, func(tx tenants.Tx) error {
		colleagues, err := tenants.FindColleagues(ctx, tx)
		if err != nil {
			return err
		}
		if found, err = findConfirmed(ctx, tx, body.ID); err != nil {
			return err
		}
		for i := range found {
			found[i].scope = colleague(body, found[i].Address, colleagues)
		}
		return nil
	})
	return slices.DeleteFunc(found, func(l listener) bool { return len(l.scope.Roles) == 0 }), err
}

// colleague is who somebody is at the body now; without a role they are nobody there any more.
func colleague(body tenants.Tenant, a Address, colleagues []tenants.Colleague) tenants.Scope {
	scope := tenants.Scope{Tenant: body.ID, Slug: body.Slug, Account: a.Account, Purpose: tenants.Operator, Language: a.Language}
	for _, c := range colleagues {
		if c.Account != a.Account {
			continue
		}
		scope.Name = c.Name
		if !slices.Contains(scope.Roles, c.Role) {
			scope.Roles = append(scope.Roles, c.Role)
		}
		for _, office := range (tenants.Membership{OfficeID: c.OfficeID, Closed: c.Closed}).Offices() {
			if !slices.Contains(scope.Offices, office) {
				scope.Offices = append(scope.Offices, office)
			}
		}
	}
	return scope
}
