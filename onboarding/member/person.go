package member

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Person is somebody who works at the body, or did.
type Person struct {
	Account uuid.UUID
	Name    string
	Held    []Holding // none for who has no role any more
	Last    time.Time // the last day of who has no role any more
}

// GetPerson returns somebody who works at the body or did. Error: problem.NotFound.
func (v *Service) GetPerson(ctx context.Context, s tenants.Scope, account uuid.UUID) (p Person, err error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "role.list", Object: account})
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		p, err = getPerson(ctx, tx, account)
		return err
	})
	if err != nil {
		return Person{}, err
	}
	return p, wait()
}

// FindFormer lists who worked at the body and has no role there any more, by name.
func (v *Service) FindFormer(ctx context.Context, s tenants.Scope) (found []Person, err error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "role.list"})
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		found, err = findFormer(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, wait()
}

// Load is what somebody has in hand, in numbers alone: who gives roles sees no case.
type Load struct {
	Cases  int // that they answer for
	Team   int // to whose team they belong
	Drafts int
}

// Weigh counts what somebody has in hand, as the modules count it.
func (v *Service) Weigh(ctx context.Context, s tenants.Scope, p Person) (l Load, err error) {
	reaches, err := v.deps.Platform.Sights.Find(ctx, s)
	if err != nil {
		return l, err
	}
	for _, r := range reaches {
		switch {
		case r.Account != p.Account || r.Section != "":
		case slices.Contains(r.Relations, policies.Assigned):
			l.Cases += r.Cases
		case slices.Contains(r.Relations, policies.Team):
			l.Team += r.Cases
		}
	}
	theirs := tenants.Scope{Tenant: s.Tenant, Slug: s.Slug, Account: p.Account, Name: p.Name, Purpose: tenants.Operator}
	today := language.Day(time.Now())
	for _, h := range p.Held {
		if h.holds(today) && !slices.Contains(theirs.Roles, h.Role) {
			theirs.Roles = append(theirs.Roles, h.Role)
		}
	}
	drafts, err := v.deps.Platform.Duties.FindDrafts(ctx, theirs, modules.DraftQuery{Latest: true})
	l.Drafts = drafts.Total
	return l, err
}
