package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// memberColumns are a Member; the name is empty where the reader does not see the person.
const memberColumns = `m.id, m.household_id, m.person_id, coalesce(p.surname, '') as surname, coalesce(p.name, '') as name,
	coalesce(p.alias, '') as alias, coalesce(p.birth_date, date '0001-01-01') as birth_date, m.relation, m.valid_from,
	coalesce(m.valid_to, date '0001-01-01') as valid_to, m.version`

const memberJoin = ` from registry.members m left join registry.persons p on p.tenant_id = m.tenant_id and p.id = m.person_id`

// QueueHouseholds adds to a batch the reading of the households that a person lives in now, through whichever door
// the batch goes. The caller audits the reading.
func QueueHouseholds(b *pgx.Batch, tenant int32, person uuid.UUID, dst *[]Household) {
	b.Queue(`select h.id, h.kind, `+memberColumns+memberJoin+`
		join registry.households h on h.tenant_id = m.tenant_id and h.id = m.household_id
		where m.tenant_id = $1 and m.household_id in (
			select x.household_id from registry.members x where x.tenant_id = $1 and x.person_id = $2 and x.valid_to is null)
		order by h.id, m.valid_to nulls first, (m.relation = 'head') desc, m.valid_from, m.id`, tenant, person).
		Query(func(rows pgx.Rows) (err error) {
			*dst, err = collectHouseholds(rows)
			return err
		})
}

func collectHouseholds(rows pgx.Rows) ([]Household, error) {
	var households []Household
	var h Household
	var m Member
	into := []any{
		&h.ID, &h.Kind, &m.ID, &m.HouseholdID, &m.PersonID, &m.Surname, &m.Name, &m.Alias, &m.BirthDate, &m.Relation,
		&m.ValidFrom, &m.ValidTo, &m.Version,
	}
	_, err := pgx.ForEachRow(rows, into, func() error {
		if last := len(households) - 1; last < 0 || households[last].ID != h.ID {
			households = append(households, Household{ID: h.ID, Kind: h.Kind})
		}
		of := &households[len(households)-1]
		of.Members = append(of.Members, m)
		return nil
	})
	return households, err
}

// insertHousehold reports false when the household is there already.
func insertHousehold(ctx context.Context, tx tenants.Tx, s tenants.Scope, n NewHousehold) (bool, error) {
	tag, err := tx.Exec(ctx, `insert into registry.households (id, kind, created_by) values ($1, $2, $3) on conflict do nothing`,
		n.ID, n.Kind, account(s))
	if err != nil {
		return false, fmt.Errorf("insert a household: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// insertMember reports false when the membership is there already. A household that the body does not have is
// problem.NotFound, a second household of the kind or a second head a fault of a field.
func insertMember(ctx context.Context, tx tenants.Tx, s tenants.Scope, n NewMember, from time.Time) (bool, error) {
	kind, err := lockHousehold(ctx, tx, s.Tenant, n.Household)
	if err != nil {
		return false, err
	}
	tag, err := tx.Exec(ctx, `
		insert into registry.members (id, household_id, kind, person_id, relation, valid_from, created_by)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (tenant_id, id) do nothing`, n.ID, n.Household, kind, n.Person, n.Relation, from, account(s))
	var faults problem.Fields
	switch {
	case violates(err, "members_one_current"):
		faults.Add("person", "registry.member.elsewhere")
		return false, faults.Err()
	case violates(err, "members_one_head"):
		faults.Add("relation", "registry.member.second_head")
		return false, faults.Err()
	case err != nil:
		return false, fmt.Errorf("insert a member: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// violates tells whether an error is a violation of the unique index.
func violates(err error, index string) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code == "23505" && refused.ConstraintName == index
}

// lockHousehold returns the kind of a household of the body, and keeps it from changing.
func lockHousehold(ctx context.Context, tx tenants.Tx, tenant int32, id uuid.UUID) (kind string, err error) {
	err = tx.QueryRow(ctx, `select kind from registry.households where tenant_id = $1 and id = $2 for update`, tenant, id).Scan(&kind)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", problem.Missing()
	}
	if err != nil {
		return "", fmt.Errorf("get a household: %w", err)
	}
	return kind, nil
}

func (sv *Service) getMember(ctx context.Context, s tenants.Scope, id uuid.UUID) (Member, error) {
	var b pgx.Batch
	var m Member
	queueOne(&b, &m, `select `+memberColumns+memberJoin+` where m.tenant_id = $1 and m.id = $2`, s.Tenant, id)
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return Member{}, fmt.Errorf("get a member: %w", err)
	}
	if m.ID == uuid.Nil {
		return Member{}, problem.Missing()
	}
	return m, nil
}

func lockMember(ctx context.Context, tx tenants.Tx, tenant int32, id uuid.UUID) (Member, error) {
	return one[Member](ctx, tx, `select `+memberColumns+memberJoin+` where m.tenant_id = $1 and m.id = $2 for update of m`, tenant, id)
}

func endMember(ctx context.Context, tx tenants.Tx, tenant int32, id uuid.UUID, to time.Time) error {
	_, err := tx.Exec(ctx, `update registry.members set valid_to = $3, version = version + 1 where tenant_id = $1 and id = $2`, tenant, id, to)
	if err != nil {
		return fmt.Errorf("end a membership: %w", err)
	}
	return nil
}
