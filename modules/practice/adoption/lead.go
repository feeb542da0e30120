package adoption

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/practice/leaving"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Led is an adoption as the body sees it that leads the project.
type Led struct {
	Adoption
	Verdict string    // as it was measured last; "" for never
	Used90  int       // items used in the last ninety days
	Of      int       // of those that are measured
	LastOn  time.Time // the first of its month; zero for never
	Late    int       // alarms that have stood for the term
}

// FindLed lists the adoptions that the scope's body leads, by practice, those with alarms first.
func (v *Service) FindLed(ctx context.Context, s tenants.Scope) ([]Led, error) {
	return v.findLed(ctx, s)
}

// Naming is which body leads an adoption from now on (it: indicazione del capofila).
type Naming struct {
	Lead      string // slug
	InsteadOf int32  // the lead that was seen; 0 for none
	Reason    string // why it changes; nothing where there was none
}

// NameLead names a live body as the lead of an adoption. Once both sides have named it, it sees the board, and writes nothing; the
// lead before sees it no longer, and what it prepared for others is called off. It tells whether the body leads now. It fails
// with problem.NotFound for who does not work on the adoption, with problem.Invalid for a body that cannot lead or without a reason for
// the change that is proposed, and with problem.Conflict where another one leads than was seen.
func (v *Service) NameLead(ctx context.Context, s tenants.Scope, id uuid.UUID, n Naming) (leads bool, err error) {
	a, err := v.GetAdoption(ctx, s, id)
	if err != nil {
		return false, err
	}
	if a.Side == Lead {
		return false, problem.Missing()
	}
	var wrong problem.Fields
	body, known := v.leadBySlug(strings.TrimSpace(n.Lead), a)
	if !known {
		wrong.Add("lead", "web.field.choice")
	}
	n.Reason = strings.TrimSpace(n.Reason)
	if n.InsteadOf != 0 && !a.Awaits(s, body.ID) {
		wrong.Require("reason", n.Reason)
	}
	wrong.MaxLength("reason", n.Reason, 300)
	if err := (leaving.Texts{About: id, Wrong: wrong, Of: map[string]any{"reason": n.Reason}}).Check(ctx, v.releases, s); err != nil {
		return false, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if leads, err = nameLead(ctx, tx, id, named{n, body.ID, s.Name}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.lead", Object: id, Payload: map[string]any{"body": body.ID, "instead_of": n.InsteadOf, "leads": leads}})
	})
	return leads, err
}

// Awaits tells whether the scope's body has still to name a lead that the other side has named.
func (a Adoption) Awaits(s tenants.Scope, lead int32) bool {
	return lead != 0 && a.Proposed.Lead == lead && a.Proposed.By != s.Tenant && a.Side != Lead
}

// Leads lists the bodies that could lead an adoption: all live ones but its two sides and the one that leads it.
func (v *Service) Leads(a Adoption) []tenants.Tenant {
	var list []tenants.Tenant
	for _, body := range v.deps.Bodies.Active() {
		if body.ID != a.Ceding && body.ID != a.Reusing && body.ID != a.Leading && body.Slug != tenants.PlatformSlug {
			list = append(list, body)
		}
	}
	return list
}

func (v *Service) leadBySlug(slug string, a Adoption) (tenants.Tenant, bool) {
	for _, body := range v.Leads(a) {
		if body.Slug == slug {
			return body, true
		}
	}
	return tenants.Tenant{}, false
}

// leadID is the body of a slug that somebody saw as a lead: 0 for none, and a number of no body for one that is not there.
func (v *Service) leadID(slug string) int32 {
	if slug == "" {
		return 0
	}
	body, _, err := v.deps.Bodies.BySlug(slug)
	if err != nil {
		return -1
	}
	return body.ID
}
