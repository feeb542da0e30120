package casefile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// headerColumns are the columns of CaseFile in the order of targets.
const headerColumns = `c.tenant_id, c.id, c.number, c.person_id, c.contact_id, c.state, c.state_label, c.workflow_version, c.area,
	c.opened_at, c.closed_at, c.version`

// guestColumns are what a guest sees of the header: neither what the case is about nor where it came from, and of its
// time the days alone.
const guestColumns = `c.tenant_id, c.id, c.number, c.person_id, null::uuid, c.state, c.state_label, null::uuid, '',
	(c.opened_at at time zone 'Europe/Rome')::date, (c.closed_at at time zone 'Europe/Rome')::date, c.version`

func (c *CaseFile) targets() []any {
	return []any{
		&c.Tenant, &c.ID, &c.Number, &c.Person, (*nullID)(&c.Contact), &c.State, &c.StateLabel, (*nullID)(&c.Workflow), &c.Area,
		&c.OpenedAt, (*nullTime)(&c.ClosedAt), &c.Version,
	}
}

// readOwn reads the header and what ties the actor to the case in one round trip.
func (s *Service) readOwn(ctx context.Context, scope tenants.Scope, id uuid.UUID, a *Access) (bonds, error) {
	var batch pgx.Batch
	var b bonds
	found := false
	batch.Queue(`select `+headerColumns+` from casefile.cases c where c.tenant_id = $1 and c.id = $2`, scope.Tenant, id).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, a.CaseFile.targets(), func() error { found = true; return nil })
			return err
		})
	batch.Queue(`select part from casefile.assignments where tenant_id = $1 and case_id = $2 and account_id = $3 and valid_to is null`,
		scope.Tenant, id, scope.Account).
		Query(func(rows pgx.Rows) (err error) {
			b.parts, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
	batch.Queue(`select reason from policies.case_openings
		where tenant_id = $1 and case_id = $2 and account_id = $3 and valid @> app.now() order by lower(valid) desc limit 1`,
		scope.Tenant, id, scope.Account).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&b.reason}, func() error { return nil })
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return b, fmt.Errorf("read the header of a case: %w", err)
	}
	if !found {
		return b, problem.Missing()
	}
	return b, nil
}

// Read runs a batch over the case's rows through the door that fits the relation,
// and returns once the reading is in the audit.
func (a *Access) Read(ctx context.Context, b *pgx.Batch) error {
	var err error
	if a.Foreign() {
		err = a.db.Guest(ctx, a.Scope, b)
	} else {
		err = a.db.Read(ctx, a.Scope, b)
	}
	return errors.Join(err, a.recorded())
}

// readForeign reads, as a guest, another body's case: its header and the grants, of which a guest sees the live ones.
func (s *Service) readForeign(ctx context.Context, scope tenants.Scope, id uuid.UUID, a *Access) error {
	var batch pgx.Batch
	found := false
	batch.Queue(`select g.share_id, g.agreement_id, g.section::text, upper(g.valid) from policies.case_grants g
		where g.grantee = $1 and g.tenant_id = $2 and g.case_id = $3 order by g.section`, scope.Tenant, a.Tenant, id).
		Query(func(rows pgx.Rows) (err error) {
			a.Grants, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Grant, error) {
				var g Grant
				return g, row.Scan(&g.Share, &g.Agreement, &g.Section, &g.Until)
			})
			return err
		})
	batch.Queue(`select `+guestColumns+` from casefile.cases c where c.tenant_id = $1 and c.id = $2`, a.Tenant, id).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, a.CaseFile.targets(), func() error { found = true; return nil })
			return err
		})
	if err := s.deps.DB.Guest(ctx, scope, &batch); err != nil {
		return fmt.Errorf("read the header of a shared case: %w", err)
	}
	if !found || len(a.Grants) == 0 {
		return problem.Missing()
	}
	return nil
}

// describe adds the person, as far as the sections show it, and the path.
func (s *Service) describe(ctx context.Context, a *Access) error {
	var batch pgx.Batch
	batch.Queue(`select coalesce(nullif(p.surname, ''), p.alias), p.name, p.tax_code, p.birth_date from registry.persons p
		where p.tenant_id = $1 and p.id = $2`, a.Tenant, a.CaseFile.Person).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&a.Person.Surname, &a.Person.Name, &a.Person.TaxCode, (*nullTime)(&a.Person.Born)},
				func() error { return nil })
			return err
		})
	if err := a.Read(ctx, &batch); err != nil {
		return fmt.Errorf("read the person of a case: %w", err)
	}
	path, err := s.path(ctx, a)
	a.States = path
	return err
}

// insertCase adds a case with why it is opened, unless the same form has made it already; created is false then.
func insertCase(ctx context.Context, tx tenants.Tx, scope tenants.Scope, c *CaseFile, summary string) (created bool, err error) {
	if submitted, err := lookForCase(ctx, tx, scope, c); err != nil || submitted {
		return false, err
	}
	if c.Number, err = nextNumber(ctx, tx, c.OpenedAt); err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `
		insert into casefile.cases (tenant_id, id, number, person_id, contact_id, state, state_label, workflow_version, area, opened_at, opened_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		scope.Tenant, c.ID, c.Number, c.Person, (*nullID)(&c.Contact), c.State, c.StateLabel, (*nullID)(&c.Workflow), c.Area, c.OpenedAt, scope.Account)
	if err != nil {
		return false, fmt.Errorf("create a case: %w", err)
	}
	if err := insertReason(ctx, tx, c.ID, c.ID, summary); err != nil {
		return false, err
	}
	if err := registry.LinkCase(ctx, tx, scope, c.ID, c.Person); err != nil {
		return false, err
	}
	return true, audit.Write(ctx, tx, scope, audit.Event{Action: "case.create", Relation: string(policies.Body), Object: c.ID, Case: c.ID})
}

// lookForCase finds what the same form opened before, one submit after the other. A case that
// somebody else opened, or for another person, is not shown by its id alone.
func lookForCase(ctx context.Context, tx tenants.Tx, scope tenants.Scope, c *CaseFile) (submitted bool, err error) {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended($1::uuid::text, $2))`, c.ID, int64(scope.Tenant)); err != nil {
		return false, fmt.Errorf("wait for the same form: %w", err)
	}
	var stored CaseFile
	var by uuid.UUID
	err = tx.QueryRow(ctx, `select `+headerColumns+`, c.opened_by from casefile.cases c where c.tenant_id = $1 and c.id = $2`, scope.Tenant, c.ID).
		Scan(append(stored.targets(), &by)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for the case: %w", err)
	}
	if by != scope.Account || stored.Person != c.Person {
		return false, problem.Missing()
	}
	*c = stored
	return true, nil
}

// nextNumber gives the next number of the body's year, as 2026/000012.
func nextNumber(ctx context.Context, tx tenants.Tx, at time.Time) (string, error) {
	var last int
	year := at.In(rome).Year()
	err := tx.QueryRow(ctx, `
		insert into casefile.counters (id, last) values ($1, 1)
		on conflict (tenant_id, id) do update set last = counters.last + 1 returning last`, year).Scan(&last)
	if err != nil {
		return "", fmt.Errorf("number a case: %w", err)
	}
	return fmt.Sprintf("%d/%06d", year, last), nil
}

func insertOpening(ctx context.Context, tx tenants.Tx, scope tenants.Scope, id uuid.UUID, reason string) error {
	opening, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an opening id: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into policies.case_openings (tenant_id, id, case_id, account_id, reason, valid)
		values ($1, $2, $3, $4, $5, tstzrange(app.now(), app.now() + $6::interval))`,
		scope.Tenant, opening, id, scope.Account, reason, openFor)
	if err != nil {
		return fmt.Errorf("open a case with a reason: %w", err)
	}
	return nil
}

var rome = loadRome()

func loadRome() *time.Location {
	location, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return time.FixedZone("CET", 3600) // a system without time zones
	}
	return location
}

// readOpened reads what the notice of an opening with a reason says: the number of the case and who opened it.
func readOpened(ctx context.Context, tx tenants.Tx, args OpenedArgs) (number, actor string, err error) {
	err = tx.QueryRow(ctx, `
		select c.number, coalesce((select k.display_name from platform.colleagues() k where k.account_id = $3 limit 1), '')
		from casefile.cases c where c.tenant_id = $1 and c.id = $2`, args.Tenant, args.Case, args.Account).Scan(&number, &actor)
	if err != nil {
		return "", "", fmt.Errorf("read the opened case: %w", err)
	}
	return number, actor, nil
}
