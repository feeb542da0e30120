package adoption

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Led is an adoption as the body sees it that leads the project.
type Led struct {
	Adoption
	Verdict string    // as it was measured last; "" for never
	Used90  int       // items used in the last ninety days
	Of      int       // of those that are measured
	LastOn  time.Time // zero for never
	Late    int       // alarms that have stood for the term
}

// FindLed lists the adoptions that the scope's body leads, by practice, those with alarms first.
func (v *Service) FindLed(ctx context.Context, s tenants.Scope) ([]Led, error) {
	return v.findLed(ctx, s)
}

// NameLead makes a live body the lead of an adoption: from then it sees the board, and writes nothing. It fails with
// problem.NotFound for who does not work on the adoption, with problem.Invalid for a body that cannot lead, and with
// problem.Conflict where another one does.
func (v *Service) NameLead(ctx context.Context, s tenants.Scope, id uuid.UUID, slug string) error {
	a, err := v.GetAdoption(ctx, s, id)
	if err != nil {
		return err
	}
	if a.Side == Lead {
		return problem.Missing()
	}
	var wrong problem.Fields
	body, known := v.leadBySlug(strings.TrimSpace(slug), a)
	if !known {
		wrong.Add("lead", "web.field.choice")
		return wrong.Err()
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := nameLead(ctx, tx, id, body.ID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.lead", Object: id, Payload: map[string]any{"body": body.ID}})
	})
}

// Leads lists the bodies that could lead an adoption: all live ones but its two sides.
func (v *Service) Leads(a Adoption) []tenants.Tenant {
	var list []tenants.Tenant
	for _, body := range v.deps.Bodies.Active() {
		if body.ID != a.Ceding && body.ID != a.Reusing && body.Slug != tenants.PlatformSlug {
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
