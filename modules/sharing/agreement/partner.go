package agreement

import (
	"context"
	"time"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Partner is another body that is active, under an agreement that is live.
type Partner struct {
	Agreement policies.Agreement
	Body      tenants.Tenant
	Roles     []string // that somebody holds there, where the actor's body may show it cases
}

// FindPartners lists with whom the actor's body has live agreements, once for each of them, as far as wanted.
func FindPartners(ctx context.Context, deps modules.Deps, scope tenants.Scope, wanted func(Partner) bool) ([]Partner, error) {
	var agreements []policies.Agreement
	var staffed map[int32][]string
	err := deps.DB.InTx(ctx, scope, func(tx tenants.Tx) (err error) {
		if agreements, err = policies.FindAgreements(ctx, tx, scope); err != nil {
			return err
		}
		staffed, err = findRolesOfPartners(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	var partners []Partner
	for _, a := range agreements {
		if !a.Live(time.Now()) {
			continue
		}
		for _, party := range a.Parties {
			body, err := deps.Bodies.ByID(party.Tenant)
			p := Partner{Agreement: a, Body: body, Roles: staffed[body.ID]}
			if err == nil && body.ID != scope.Tenant && body.State == tenants.Active && wanted(p) {
				partners = append(partners, p)
			}
		}
	}
	return partners, nil
}
