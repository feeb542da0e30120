package enrolment

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// findPresent reads which bodies are there that have something in common with those of a list.
func findPresent(ctx context.Context, tx tenants.Tx, bodies []Body) (present, error) {
	found := newPresent()
	var places, slugs, pecs, codes []string
	for _, b := range bodies {
		places, slugs = append(places, b.Belfiore), append(slugs, b.Slug)
		pecs, codes = append(pecs, strings.ToLower(b.PEC)), append(codes, b.TaxCode)
	}
	rows, err := tx.Query(ctx, `
		select t.name, case when t.kind = 'municipality' and t.state <> 'closed' then coalesce(t.belfiore, '') else '' end,
			array(select x from unnest(array[t.slug, t.ipa] || array(select s.slug from platform.slugs s where s.tenant_id = t.id)) x where x is not null),
			case when t.state <> 'closed' then lower(coalesce(t.pec, '')) else '' end, case when t.state <> 'closed' then coalesce(t.tax_code, '') else '' end
		from platform.tenants t
		where t.belfiore = any ($1) or t.slug = any ($2) or t.ipa = any ($2) or lower(t.pec) = any ($3) or t.tax_code = any ($4)
			or t.id in (select s.tenant_id from platform.slugs s where s.slug = any ($2))`, places, slugs, pecs, codes)
	if err != nil {
		return found, fmt.Errorf("find bodies that are there: %w", err)
	}
	var name, place, pec, code string
	var addresses []string
	_, err = pgx.ForEachRow(rows, []any{&name, &place, &addresses, &pec, &code}, func() error {
		found.belfiore[place] = true
		for _, one := range addresses {
			found.slugs[one] = name
		}
		found.pecs[pec], found.codes[code] = name, name
		return nil
	})
	return found, err
}

// insertBodies makes bodies and returns them with their ids. One that somebody else has made meanwhile is not among them.
func insertBodies(ctx context.Context, tx tenants.Tx, bodies []Body) ([]Body, error) {
	columns := make([][]string, 7)
	at := make(map[string]int, len(bodies))
	for i, b := range bodies {
		at[b.Slug] = i
		for c, text := range []string{b.Slug, b.Name, string(b.State), b.ISTAT, b.Belfiore, b.TaxCode, b.PEC} {
			columns[c] = append(columns[c], text)
		}
	}
	// A plan that was made while the tables were small would walk all of them for each reference to a body.
	if _, err := tx.Exec(ctx, `discard plans`); err != nil {
		return nil, fmt.Errorf("forget plans: %w", err)
	}
	rows, err := tx.Query(ctx, `
		insert into platform.tenants (slug, ipa, name, kind, state, istat, belfiore, tax_code, pec, activated_at)
		select u.slug, u.slug, u.name, 'municipality', u.state, u.istat, u.belfiore, nullif(u.tax_code, ''), nullif(u.pec, ''),
			case when u.state = 'active' then app.now() end
		from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
			as u (slug, name, state, istat, belfiore, tax_code, pec)
		on conflict do nothing returning id, slug`,
		columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], columns[6])
	if err != nil {
		return nil, fmt.Errorf("make bodies: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Body, error) {
		var id int32
		var slug string
		err := row.Scan(&id, &slug)
		b := bodies[at[slug]]
		b.ID = id
		return b, err
	})
}

// switchOn turns modules on in new bodies.
func switchOn(ctx context.Context, tx tenants.Tx, made []Body, on []string) error {
	ids := make([]int32, len(made))
	for i, b := range made {
		ids[i] = b.ID
	}
	_, err := tx.Exec(ctx, `insert into platform.modules (tenant_id, module, active)
		select b.id, m.id, true from unnest($1::int[]) b (id) cross join unnest($2::text[]) m (id)`, ids, on)
	if err != nil {
		return fmt.Errorf("turn on the modules of new bodies: %w", err)
	}
	return nil
}

// insertPeople gives people accounts, where they have none, and their roles in new bodies from today on. It tells how many roles
// were given.
func insertPeople(ctx context.Context, tx tenants.Tx, sealer tenants.Sealer, made []Body) (int, error) {
	var p peopleColumns
	for _, b := range made {
		for _, person := range b.People {
			if err := p.add(sealer, b.ID, person); err != nil {
				return 0, err
			}
		}
	}
	if len(p.ids) == 0 {
		return 0, nil
	}
	// In the order of the tokens, so that two who write the same accounts wait for each other in the same order.
	_, err := tx.Exec(ctx, `insert into platform.accounts (id, cf_token, cf_sealed)
		select distinct on (u.token) u.id, u.token, u.sealed from unnest($1::uuid[], $2::bytea[], $3::bytea[]) u (id, token, sealed)
		order by u.token on conflict (cf_token) do nothing`, p.accounts, p.tokens, p.sealed)
	if err != nil {
		return 0, fmt.Errorf("create accounts: %w", err)
	}
	tag, err := tx.Exec(ctx, `insert into platform.memberships (id, tenant_id, account_id, role, display_name, valid_from)
		select u.id, u.tenant, a.id, u.role, u.name, app.now()::date
		from unnest($1::uuid[], $2::int[], $3::bytea[], $4::text[], $5::text[]) u (id, tenant, token, role, name)
		join platform.accounts a on a.cf_token = u.token on conflict do nothing`, p.ids, p.bodies, p.tokens, p.roles, p.names)
	if err != nil {
		return 0, fmt.Errorf("give people their roles: %w", err)
	}
	return int(tag.RowsAffected()), nil
}

// peopleColumns are memberships to be made, by column.
type peopleColumns struct {
	ids, accounts  []uuid.UUID
	bodies         []int32
	tokens, sealed [][]byte
	roles, names   []string
}

func (p *peopleColumns) add(sealer tenants.Sealer, body int32, person Person) error {
	sealed, err := sealer.Seal([]byte(person.TaxCode), []byte("account"))
	if err != nil {
		return fmt.Errorf("seal a fiscal code: %w", err)
	}
	membership, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an id: %w", err)
	}
	account, err := uuid.NewRandom() // it does not tell when somebody was made known
	if err != nil {
		return fmt.Errorf("make an id: %w", err)
	}
	p.ids, p.accounts, p.bodies = append(p.ids, membership), append(p.accounts, account), append(p.bodies, body)
	p.tokens, p.sealed = append(p.tokens, sealer.Token(person.TaxCode)), append(p.sealed, sealed)
	p.roles, p.names = append(p.roles, person.Role), append(p.names, person.Name)
	return nil
}

// tellMade writes into the chain of each body that the transaction has made that it was made.
func tellMade(ctx context.Context, tx tenants.Tx, s tenants.Scope, bodies int) error {
	events, err := newIDs(bodies)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `select platform.tell_made($1, $2, $3)`, events, s.Name, s.RequestID); err != nil {
		return fmt.Errorf("tell new bodies of their beginning: %w", err)
	}
	return nil
}

func newIDs(n int) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, n)
	for i := range ids {
		var err error
		if ids[i], err = uuid.NewV7(); err != nil {
			return nil, fmt.Errorf("make an id: %w", err)
		}
	}
	return ids, nil
}
