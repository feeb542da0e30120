package sharing

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/sharing/template"
	"staffetta/policies"
	"staffetta/tenants"
)

// uses measures how much sharing templates are used, by the shares offered for their purposes, and roles, by who holds them.
func uses(deps modules.Deps) []modules.UseSource {
	u := useReader{deps, kit.NewItems(deps)}
	return []modules.UseSource{{Kind: kit.KindSharingTemplate, Find: u.findTemplates}, {Kind: kit.KindRole, Find: u.findRoles}}
}

type useReader struct {
	deps  modules.Deps
	items *kit.Items
}

// findTemplates adds up the shares for the purposes of each template.
func (u useReader) findTemplates(ctx context.Context, s tenants.Scope) ([]modules.Use, error) {
	versions, err := u.items.Published(ctx, s, kit.KindSharingTemplate)
	if err != nil {
		return nil, err
	}
	var purposes []modules.Use
	var b pgx.Batch
	b.Queue(`select u.purpose, u.days30, u.days90, u.days180, u.records, u.people, u.last from sharing.used_purposes() u`).Query(func(rows pgx.Rows) error {
		purposes, err = pgx.CollectRows(rows, pgx.RowToStructByPos[modules.Use])
		return err
	})
	if err := u.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("measure the use of sharing templates: %w", err)
	}
	var found []modules.Use
	for _, v := range versions {
		rules, err := template.Gather(v.Content)
		if err != nil {
			return nil, err
		}
		one := modules.Use{Key: v.Key}
		for _, p := range purposes {
			if _, has := rules.Get(p.Key, ""); has {
				one = one.Add(p)
			}
		}
		if one.Records > 0 {
			found = append(found, one)
		}
	}
	return found, nil
}

// findRoles counts who holds the role of each item. Who holds it uses it today.
func (u useReader) findRoles(ctx context.Context, s tenants.Scope) ([]modules.Use, error) {
	versions, err := u.items.Published(ctx, s, kit.KindRole)
	if err != nil {
		return nil, err
	}
	var colleagues []tenants.Colleague
	var now time.Time
	err = u.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if colleagues, err = tenants.FindColleagues(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `select app.now()`).Scan(&now)
	})
	if err != nil {
		return nil, fmt.Errorf("measure the use of roles: %w", err)
	}
	var found []modules.Use
	for _, v := range versions {
		if n := holders(colleagues, policies.ItemRole(v.Key)); n > 0 {
			found = append(found, modules.Use{Key: v.Key, Days30: n, Days90: n, Days180: n, Records: n, People: n, Last: now})
		}
	}
	return found, nil
}

// holders counts the accounts that hold a role.
func holders(colleagues []tenants.Colleague, role string) int {
	accounts := map[uuid.UUID]bool{}
	for _, c := range colleagues {
		if c.Role == role {
			accounts[c.Account] = true
		}
	}
	return len(accounts)
}
