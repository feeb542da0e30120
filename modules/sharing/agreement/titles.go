package agreement

import (
	"context"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Titles gives the title of an agreement with another body where the two have more than one that was ever in force; with a
// single one, no list needs to name it.
func Titles(ctx context.Context, deps modules.Deps, scope tenants.Scope) (func(id uuid.UUID, other int32) string, error) {
	var all []policies.Agreement
	err := deps.DB.InTx(ctx, scope, func(tx tenants.Tx) (err error) {
		all, err = policies.NameAgreements(ctx, tx, scope, nil)
		return err
	})
	titles, between := map[uuid.UUID]string{}, map[int32]int{}
	for _, a := range all {
		titles[a.ID] = a.Title
		for _, party := range a.Parties {
			if a.InForce() {
				between[party.Tenant]++
			}
		}
	}
	return func(id uuid.UUID, other int32) string {
		if between[other] < 2 {
			return ""
		}
		return titles[id]
	}, err
}
