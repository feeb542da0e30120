package dossier

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/tenants"
)

// findTables reads of each declared table about people which of its rows go with a person, a case or an arrival at the desk: by a column
// or by a reference, as for disposals (onboarding.goes_with).
func findTables(ctx context.Context, tx tenants.Tx, list []modules.Module) ([]table, error) {
	rows, err := tx.Query(ctx, `select n.name, array(select a.attname::text from pg_attribute a where a.attrelid = n.name::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum),
			array(select format_type(a.atttypid, null) from pg_attribute a where a.attrelid = n.name::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum),
			coalesce(replace(onboarding.goes_with(n.name::regclass, 'registry.persons', 'person_id'), '$2', 'array[asked.p]'), 'false') || ' or ' ||
			coalesce(replace(onboarding.goes_with(n.name::regclass, 'casefile.cases', 'case_id'), '$2', 'mine.cases'), 'false') || ' or ' ||
			coalesce(replace(onboarding.goes_with(n.name::regclass, 'intake.contacts', null), '$2', 'mine.contacts'), 'false')
		from unnest($1::text[]) n (name)`, Tables(list))
	if err != nil {
		return nil, fmt.Errorf("read the tables about people: %w", err)
	}
	found := map[string]table{}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		var t table
		var name string
		var columns, kinds []string
		if err := row.Scan(&name, &columns, &kinds, &t.chosen); err != nil {
			return struct{}{}, err
		}
		t.tenant = "owner_tenant"
		for i, column := range columns {
			if column == "tenant_id" {
				t.tenant = column
			}
			if !hides(column, kinds[i]) {
				t.columns = append(t.columns, column)
			}
		}
		found[name] = t
		return struct{}{}, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the tables about people: %w", err)
	}
	var all []table
	for _, m := range list {
		for _, r := range m.Records {
			if people(r) {
				t := found[r.Table]
				t.Record, t.module = r, m
				all = append(all, t)
			}
		}
	}
	return all, nil
}

// find finds the rows of the table that are about a person or stand in a case of theirs, but for drafts.
func (t table) find(ctx context.Context, tx tenants.Tx, who Subject) ([]row, error) {
	rows, err := tx.Query(ctx, fmt.Sprintf(`with mine as (select array(select c.id from casefile.cases c where c.tenant_id = $1 and c.person_id = $2) as cases,
			array(select c.id from intake.contacts c where c.tenant_id = $1 and c.person_id = $2) as contacts),
		asked as (select $1::int as b, $2::uuid as p)
		select to_jsonb(x) from mine, asked, %s x where x.%s = asked.b and (%s) and ($3 = '' or to_jsonb(x) ->> 'state' <> $3) order by to_jsonb(x) ->> 'id'`,
		t.Table, pgx.Identifier{t.tenant}.Sanitize(), t.chosen), who.Body, who.Person, t.Draft)
	if err != nil {
		return nil, fmt.Errorf("find what %s has: %w", t.Table, err)
	}
	found, err := pgx.CollectRows(rows, func(one pgx.CollectableRow) (r row, err error) {
		var raw []byte
		if err := one.Scan(&raw); err != nil {
			return r, err
		}
		if err := json.Unmarshal(raw, &r.Values); err != nil {
			return r, err
		}
		r.Table, r.Part, r.Other = t.Table, t.part(r.Values), t.isOther(r.Values, who)
		return r, nil
	})
	if err != nil {
		return nil, fmt.Errorf("find what %s has: %w", t.Table, err)
	}
	return found, nil
}

// findReceivers names the bodies to which case files of the person were shown (GDPR art. 15(1)(c)).
func findReceivers(ctx context.Context, tx tenants.Tx, who Subject) ([]int32, error) {
	rows, err := tx.Query(ctx, `select distinct s.receiver_tenant from sharing.shares s join sharing.shares_details d on d.share_id = s.id
		join casefile.cases c on c.tenant_id = d.owner_tenant and c.id = d.case_id
		where s.owner_tenant = $1 and d.owner_tenant = $1 and c.person_id = $2 and s.state in ('active', 'closed', 'revoked') order by 1`, who.Body, who.Person)
	if err != nil {
		return nil, fmt.Errorf("find to whom case files were shown: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int32])
}
