package registry

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

func (sv *Service) findKnown(ctx context.Context, s tenants.Scope, names []NameKey) ([]NameKey, error) {
	surnames, given := make([]string, len(names)), make([]string, len(names))
	for i, n := range names {
		surnames[i], given[i] = n.Surname, n.Name
	}
	var b pgx.Batch
	var known []NameKey
	queueAll(&b, &known, `select c.surname, c.name from unnest($2::text[], $3::text[]) as c (surname, name)
		where exists (select 1 from registry.persons p
			where p.tenant_id = $1 and p.surname_key = c.surname collate "C" and p.name_key = c.name collate "C")
		order by c.surname, c.name`, s.Tenant, surnames, given)
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("compare names with the registry: %w", err)
	}
	return known, nil
}

func (sv *Service) findKnownAddresses(ctx context.Context, s tenants.Scope, addresses []string) ([]string, error) {
	var b pgx.Batch
	var known []string
	b.Queue(`with asked as (select a.address, registry.address_key(a.address) as key from unnest($2::text[]) as a (address))
		select a.address from asked a
		where a.key <> '' and a.key in (select registry.address_key(c.address) from registry.contacts c where c.tenant_id = $1 and c.address <> '')
		order by a.address`, s.Tenant, addresses).Query(func(rows pgx.Rows) (err error) {
		known, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("compare addresses with the registry: %w", err)
	}
	return known, nil
}
