package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/policies"
	"staffetta/tenants"
)

// Columns are the columns of a CaseFile, of the table as c, in the order of its Targets.
const Columns = `c.tenant_id, c.id, c.number, c.person_id, c.contact_id, c.state, c.state_label, c.workflow_version, c.area,
	c.opened_at, c.closed_at, coalesce(c.origin_tenant, 0), coalesce(c.transferred_to, 0), c.version`

// guestColumns are what a guest sees of the header: neither what the case is about nor where it came from, and of its
// time the days alone.
const guestColumns = `c.tenant_id, c.id, c.number, c.person_id, null::uuid, c.state, c.state_label, null::uuid, '',
	(c.opened_at at time zone 'Europe/Rome')::date, (c.closed_at at time zone 'Europe/Rome')::date, 0, 0, c.version`

// Targets are where the Columns are read into.
func (c *CaseFile) Targets() []any {
	return []any{
		&c.Tenant, &c.ID, &c.Number, &c.Person, (*zeronull.UUID)(&c.Contact), &c.State, &c.StateLabel, (*zeronull.UUID)(&c.Workflow), &c.Area,
		&c.OpenedAt, (*nullTime)(&c.ClosedAt), &c.Origin, &c.PassedTo, &c.Version,
	}
}

// readOwn reads the header and what ties the actor to the case in one round trip.
func (c *Cases) readOwn(ctx context.Context, scope tenants.Scope, id uuid.UUID, a *Access) (Bonds, error) {
	var batch pgx.Batch
	var b Bonds
	found := false
	batch.Queue(`select `+Columns+` from casefile.cases c where c.tenant_id = $1 and c.id = $2`, scope.Tenant, id).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, a.CaseFile.Targets(), func() error { found = true; return nil })
			return err
		})
	batch.Queue(`select part from casefile.assignments where tenant_id = $1 and case_id = $2 and account_id = $3 and valid_to is null`,
		scope.Tenant, id, scope.Account).
		Query(func(rows pgx.Rows) (err error) {
			b.Parts, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
	batch.Queue(`select reason from policies.case_openings
		where tenant_id = $1 and case_id = $2 and account_id = $3 and valid @> app.now() order by lower(valid) desc limit 1`,
		scope.Tenant, id, scope.Account).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&b.Reason}, func() error { return nil })
			return err
		})
	queueRestricted(&batch, id, a)
	if err := c.deps.DB.Read(ctx, scope, &batch); err != nil {
		return b, fmt.Errorf("read the header of a case: %w", err)
	}
	if !found {
		return b, problem.Missing()
	}
	return b, nil
}

// queueRestricted reads since when the data of the person of a case is restricted.
func queueRestricted(b *pgx.Batch, id uuid.UUID, a *Access) {
	b.Queue(`select casefile.restricted_since($1)`, id).QueryRow(func(row pgx.Row) error {
		return row.Scan((*nullTime)(&a.Restricted))
	})
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

// subjectColumns are what a case shows of its person p, whom only the section identity shows.
const subjectColumns = `coalesce(nullif(p.surname, ''), p.alias, ''), coalesce(p.name, ''), coalesce(p.tax_code, ''), p.birth_date`

// targets are where the subjectColumns are read into.
func (p *Subject) targets() []any {
	return []any{&p.Surname, &p.Name, &p.TaxCode, (*nullTime)(&p.Born)}
}

// readForeign reads, as a guest, another body's case in one round trip: its header, its person and the grants, of which
// a guest sees the live ones.
func (c *Cases) readForeign(ctx context.Context, scope tenants.Scope, id uuid.UUID, a *Access) error {
	var batch pgx.Batch
	found := false
	batch.Queue(`select g.share_id, g.agreement_id, g.section::text, g.can_write, upper(g.valid) from policies.case_grants g
		where g.grantee = $1 and g.tenant_id = $2 and g.case_id = $3 order by g.section`, scope.Tenant, a.Tenant, id).
		Query(func(rows pgx.Rows) (err error) {
			a.Grants, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Grant, error) {
				var g Grant
				return g, row.Scan(&g.Share, &g.Agreement, &g.Section, &g.Write, &g.Until)
			})
			return err
		})
	batch.Queue(`select `+guestColumns+`, `+subjectColumns+` from casefile.cases c
		left join registry.persons p on p.tenant_id = c.tenant_id and p.id = c.person_id where c.tenant_id = $1 and c.id = $2`, a.Tenant, id).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, append(a.CaseFile.Targets(), a.Person.targets()...), func() error { found = true; return nil })
			return err
		})
	queueRestricted(&batch, id, a)
	if err := c.deps.DB.Guest(ctx, scope, &batch); err != nil {
		return fmt.Errorf("read a shared case: %w", err)
	}
	if !found || len(a.Grants) == 0 {
		return problem.Missing()
	}
	return nil
}

// wasShown tells whether the actor has read another body's case: it stands in the chain of the reader's own body.
func (c *Cases) wasShown(ctx context.Context, scope tenants.Scope, id uuid.UUID) (shown bool, err error) {
	var batch pgx.Batch
	batch.Queue(`select exists (select 1 from audit.events e
		where e.tenant_id = $1 and e.case_id = $2 and e.account_id = $3 and e.action = 'case.read' and e.relation = $4)`,
		scope.Tenant, id, scope.Account, string(policies.Guest)).QueryRow(func(row pgx.Row) error { return row.Scan(&shown) })
	if err := c.deps.DB.Read(ctx, scope, &batch); err != nil {
		return false, fmt.Errorf("find what was shown: %w", err)
	}
	return shown, nil
}

// readSubject adds the person of an own case, as far as the sections show it.
func (c *Cases) readSubject(ctx context.Context, a *Access) error {
	var batch pgx.Batch
	batch.Queue(`select `+subjectColumns+` from registry.persons p where p.tenant_id = $1 and p.id = $2`, a.Tenant, a.CaseFile.Person).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, a.Person.targets(), func() error { return nil })
			return err
		})
	if err := a.Read(ctx, &batch); err != nil {
		return fmt.Errorf("read the person of a case: %w", err)
	}
	return nil
}

// readWorkflow reads the pinned version of the path of an opened case.
func (c *Cases) readWorkflow(ctx context.Context, a *Access) (kit.Version, error) {
	var version kit.Version
	var batch pgx.Batch
	kit.QueueVersion(&batch, a.Tenant, a.Workflow, &version)
	if err := c.deps.DB.Read(ctx, a.Scope, &batch); err != nil {
		return kit.Version{}, fmt.Errorf("read the workflow of a case: %w", err)
	}
	return version, nil
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
