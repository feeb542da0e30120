package registry

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// The persons seen through a case stand in policies.case_subjects. A case's own person is the one whose identity is seen
// through it; whoever lives with that person now is seen with the section household. The rows are made when a case is
// opened and renewed by whatever changes a household, in the same transaction; a row that ended is kept, and hidden.

// cohabitants joins to i, a case's own person, whoever lives with that person now.
const cohabitants = ` registry.members mine join registry.members other
	on other.tenant_id = mine.tenant_id and other.household_id = mine.household_id and other.valid_to is null
	where mine.tenant_id = i.tenant_id and mine.person_id = i.person_id and mine.valid_to is null`

const joinSubjectsSQL = `
	insert into policies.case_subjects (tenant_id, case_id, person_id, section)
	select distinct i.tenant_id, i.case_id, lives.person_id, 'household'
	from policies.case_subjects i cross join lateral (select other.person_id from` + cohabitants + `) lives
	where i.tenant_id = $1 and i.section = 'identity' and i.person_id = any ($2)
	on conflict (tenant_id, case_id, person_id, section) do update set valid_to = null where case_subjects.valid_to is not null`

const endSubjectsSQL = `
	update policies.case_subjects s set valid_to = app.now()
	where s.tenant_id = $1 and s.section = 'household' and s.valid_to is null
		and s.case_id in (select c.case_id from policies.case_subjects c
			where c.tenant_id = $1 and c.section = 'identity' and c.person_id = any ($2))
		and not exists (select 1 from policies.case_subjects i
			where i.tenant_id = $1 and i.case_id = s.case_id and i.section = 'identity'
				and (i.person_id = s.person_id or exists (select 1 from` + cohabitants + ` and other.person_id = s.person_id)))`

// LinkCase says who is seen through a new case of a person: the person with identity, contacts and household, and
// whoever lives there now with the household. The scope has to read households.
func LinkCase(ctx context.Context, tx tenants.Tx, s tenants.Scope, caseID, person uuid.UUID) error {
	if err := lockSubjects(ctx, tx, s.Tenant, []uuid.UUID{person}); err != nil {
		return err
	}
	var b pgx.Batch
	b.Queue(`insert into policies.case_subjects (tenant_id, case_id, person_id, section)
		select $1, $2, $3, section from unnest(array['identity', 'contacts', 'household']) section on conflict do nothing`, s.Tenant, caseID, person)
	b.Queue(joinSubjectsSQL, s.Tenant, []uuid.UUID{person})
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("link a person to a case: %w", err)
	}
	return nil
}

// relinkHousehold renews who is seen through the cases of everybody who is or was in a household.
func relinkHousehold(ctx context.Context, tx tenants.Tx, tenant int32, household uuid.UUID) error {
	rows, err := tx.Query(ctx, `select distinct person_id from registry.members where tenant_id = $1 and household_id = $2`, tenant, household)
	if err != nil {
		return fmt.Errorf("find who belongs to a household: %w", err)
	}
	persons, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return fmt.Errorf("read who belongs to a household: %w", err)
	}
	if err := lockSubjects(ctx, tx, tenant, persons); err != nil {
		return err
	}
	var b pgx.Batch
	b.Queue(joinSubjectsSQL, tenant, persons)
	b.Queue(endSubjectsSQL, tenant, persons)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("renew who is seen through cases: %w", err)
	}
	return nil
}

// lockSubjects makes changes about the same persons wait for each other, in one order: a case that is opened while
// somebody joins the household would else miss the new member.
func lockSubjects(ctx context.Context, tx tenants.Tx, tenant int32, persons []uuid.UUID) error {
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended(p.id::text, $1))
		from (select distinct id from unnest($2::uuid[]) id order by id) p`, int64(tenant), persons)
	if err != nil {
		return fmt.Errorf("wait for changes about the same persons: %w", err)
	}
	return nil
}
