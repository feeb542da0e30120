package role

import (
	"context"
	"fmt"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Follow makes the roles of the body, and their rules, follow the items with the keys. Errors: problem.Forbidden for who may not
// change the rules of the body, problem.Conflict where an item goes out of use while somebody holds its role.
func Follow(ctx context.Context, deps modules.Deps, change modules.Following) error {
	for _, key := range change.Keys {
		stands, err := follows(ctx, change, key)
		if err != nil {
			return err
		}
		if !stands && !deps.Permits(change.Scope, policies.ManageRules) {
			return problem.New(problem.Forbidden, "sharing.error.role_rules", "key", key)
		}
		if err := follow(ctx, change, key, stands); err != nil {
			return err
		}
		if !stands {
			tenants.AfterCommit(change.Tx, deps.Policies.Reload)
		}
	}
	return nil
}

// follows tells whether the role of an item is already as the item says: its title and its rules.
func follows(ctx context.Context, change modules.Following, key string) (stands bool, err error) {
	if err := change.Tx.QueryRow(ctx, `select sharing.role_follows($1)`, key).Scan(&stands); err != nil {
		return false, fmt.Errorf("compare a role with its item: %w", err)
	}
	return stands, nil
}

// follow also notes the release of a kit that left the role as it is.
func follow(ctx context.Context, change modules.Following, key string, stands bool) error {
	var rules *int
	if err := change.Tx.QueryRow(ctx, `select sharing.follow_role($1)`, key).Scan(&rules); err != nil {
		return fmt.Errorf("follow a role: %w", err)
	}
	if rules == nil {
		return problem.New(problem.Conflict, "sharing.error.role_held", "key", key)
	}
	if stands {
		return nil
	}
	return audit.Write(ctx, change.Tx, change.Scope, audit.Event{Action: "role.follow", Payload: map[string]any{"role": policies.ItemRole(key), "rules": *rules}})
}

// Holders counts who holds the role of an item, today or from a later day on.
func Holders(ctx context.Context, tx tenants.Tx, _ int32, key string) (people int, err error) {
	err = tx.QueryRow(ctx, `select count(distinct h.account_id) from platform.held_roles() h where h.role = $1`, policies.ItemRole(key)).Scan(&people)
	if err != nil {
		return 0, fmt.Errorf("count who holds a role: %w", err)
	}
	return people, nil
}

// Release takes the role of an item back from all who hold it.
func Release(ctx context.Context, tx tenants.Tx, s tenants.Scope, key string) error {
	var people int
	if err := tx.QueryRow(ctx, `select sharing.release_role($1)`, key).Scan(&people); err != nil {
		return fmt.Errorf("take a role back: %w", err)
	}
	if people == 0 {
		return nil
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "role.release", Payload: map[string]any{"role": policies.ItemRole(key), "people": people}})
}
