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
	Key             string // of the item
	Version         uuid.UUID
	Open            bool // somebody is still filling them in
	Question, Value string
	Records         int
}

// ItemName names an item among all kinds.
type ItemName struct{ Kind, Key string }

// Answers counts what open records of the scope's body hold that were made with items, as the modules that are on tell it.
func (u *Uses) Answers(ctx context.Context, tx tenants.Tx, s tenants.Scope, items []ItemName) (map[ItemName][]StoredAnswers, error) {
	all, keys := map[ItemName][]StoredAnswers{}, map[string][]string{}
	for _, item := range items {
		keys[item.Kind] = append(keys[item.Kind], item.Key)
	}
	if u == nil || len(items) == 0 {
		return all, nil
	}
	body, err := u.bodies.ByID(s.Tenant)
	if err != nil {
		return nil, err
	}
	for _, one := range u.asked {
		if keys[one.Kind] == nil || one.Answers == nil || !one.module.Essential && !body.Has(string(one.module.ID)) {
			continue
		}
		found, err := one.Answers(ctx, tx, keys[one.Kind])
		if err != nil {
			return nil, fmt.Errorf("count the answers to items of kind %s in module %s: %w", one.Kind, one.module.ID, err)
		}
		for _, stored := range found {
			item := ItemName{one.Kind, stored.Key}
			all[item] = append(all[item], stored)
		}
	}
	return all, nil
}
