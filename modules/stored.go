package modules

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"staffetta/tenants"
)

// StoredAnswers counts records of a body that were made with one version of an item: of all of them where it names no question,
// else of the open ones that answered it, with the value where it is one to choose from. No text that somebody wrote is in it.
type StoredAnswers struct {
	Version         uuid.UUID
	Open            bool // somebody is still filling them in
	Question, Value string
	Records         int
}

// ItemName names an item among all kinds.
type ItemName struct{ Kind, Key string }

// Answers counts what open records of the scope's body hold that were made with an item, as the modules that are on tell it.
func (u *Uses) Answers(ctx context.Context, tx tenants.Tx, s tenants.Scope, item ItemName) ([]StoredAnswers, error) {
	if u == nil {
		return nil, nil
	}
	body, err := u.bodies.ByID(s.Tenant)
	if err != nil {
		return nil, err
	}
	var all []StoredAnswers
	for _, one := range u.asked {
		if one.Kind != item.Kind || one.Answers == nil || !one.module.Essential && !body.Has(string(one.module.ID)) {
			continue
		}
		found, err := one.Answers(ctx, tx, item.Key)
		if err != nil {
			return nil, fmt.Errorf("count the answers to %s in module %s: %w", item.Key, one.module.ID, err)
		}
		all = append(all, found...)
	}
	return all, nil
}
