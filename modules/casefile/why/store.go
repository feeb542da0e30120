package why

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/policies"
	"staffetta/tenants"
)

// findFacts reads what tied the account, or its body, to the case from an instant to another.
// Inside the body it is what tied any of the accounts whose memberships were read.
func (w *Why) findFacts(ctx context.Context, s tenants.Scope, id uuid.UUID, q Question, past *policies.Past) (*facts, error) {
	f := &facts{foreign: q.Body != s.Tenant, past: past}
	var batch pgx.Batch
	batch.Queue(`select number, opened_at, closed_at from casefile.cases where tenant_id = $1 and id = $2`, s.Tenant, id).Query(func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&f.number, &f.opened, (*zeronull.Timestamptz)(&f.closed)}, func() error { return nil })
		return err
	})
	if f.foreign {
		f.queueShared(&batch, s, id, q)
	} else {
		f.queueOwn(&batch, s, id)
	}
	if err := w.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find what tied somebody to a case: %w", err)
	}
	if f.number == "" {
		return nil, problem.Missing()
	}
	return f, nil
}

func (f *facts) queueOwn(b *pgx.Batch, s tenants.Scope, id uuid.UUID) {
	args := []any{s.Tenant, id, f.past.Accounts()}
	b.Queue(`select account_id, part, valid_from, valid_to from casefile.assignments where tenant_id = $1 and case_id = $2 and account_id = any($3) order by valid_from`, args...).
		Query(func(rows pgx.Rows) (err error) { f.assignments, err = pgx.CollectRows(rows, scanHeld); return err })
	b.Queue(`select account_id, reason, lower(valid), upper(valid) from policies.case_openings where tenant_id = $1 and case_id = $2 and account_id = any($3) order by lower(valid)`, args...).
		Query(func(rows pgx.Rows) (err error) { f.openings, err = pgx.CollectRows(rows, scanHeld); return err })
}

func scanHeld(row pgx.CollectableRow) (held, error) {
	var h held
	return h, row.Scan(&h.account, &h.what, &h.from, (*zeronull.Timestamptz)(&h.to))
}

// queueShared reads the grants to a body that were ever made, with their agreements: a grant that ended keeps its time.
func (f *facts) queueShared(b *pgx.Batch, s tenants.Scope, id uuid.UUID, q Question) {
	args := []any{s.Tenant, id, q.Body}
	b.Queue(`select g.share_id, g.agreement_id, g.section::text, lower(g.valid), upper(g.valid), g.grantee_account, coalesce(g.grantee_office, 0), g.can_write,
			lower(a.valid), upper(a.valid)
		from policies.case_grants g join policies.agreements a on a.id = g.agreement_id
		where g.tenant_id = $1 and g.case_id = $2 and g.grantee = $3 and not isempty(g.valid) order by lower(g.valid), g.id`, args...).
		Query(func(rows pgx.Rows) (err error) {
			f.grants, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (grant, error) {
				var g grant
				return g, row.Scan(&g.share, &g.agreement, &g.section, &g.from, (*zeronull.Timestamptz)(&g.to), (*zeronull.UUID)(&g.account), &g.office, &g.write,
					(*zeronull.Timestamptz)(&g.validFrom), (*zeronull.Timestamptz)(&g.validTo))
			})
			return err
		})
	b.Queue(`select t.agreement_id, t.state, t.changed_at from policies.agreements_states t
		where t.agreement_id in (select g.agreement_id from policies.case_grants g where g.tenant_id = $1 and g.case_id = $2 and g.grantee = $3)
		order by t.agreement_id, t.step`, args...).
		Query(func(rows pgx.Rows) (err error) {
			f.states, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (state, error) {
				var one state
				return one, row.Scan(&one.agreement, &one.name, &one.since)
			})
			return err
		})
	b.Queue(`select exists (select 1 from audit.events e where e.tenant_id = $1 and e.case_id = $2 and e.actor_tenant = $3 and e.account_id = $4)`, append(args, q.Account)...).
		QueryRow(func(row pgx.Row) error { return row.Scan(&f.acted) })
}

func (w *Why) findNumber(ctx context.Context, s tenants.Scope, id uuid.UUID) (number string, err error) {
	var batch pgx.Batch
	batch.Queue(`select number from casefile.cases where tenant_id = $1 and id = $2`, s.Tenant, id).
		QueryRow(func(row pgx.Row) error { return row.Scan(&number) })
	err = w.deps.DB.Read(ctx, s, &batch)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", problem.Missing()
	}
	if err != nil {
		return "", fmt.Errorf("find the number of a case: %w", err)
	}
	return number, nil
}

// Candidate is somebody, an own office, or a body, whom one may ask about.
type Candidate struct {
	Account uuid.UUID // uuid.Nil for an office, and for whoever has the role
	Body    int32
	Office  int32 // of the own body; 0 for the whole body
	Name    string
}

// findCandidates lists the own body with its offices, who acted on the case, the colleagues, and the bodies to which it was
// ever shared.
func (w *Why) findCandidates(ctx context.Context, s tenants.Scope, id uuid.UUID) ([]Candidate, error) {
	var batch pgx.Batch
	var found []Candidate
	batch.Queue(`select account_id, body, office, max(name) from (
			select null::uuid as account_id, $1::int as body, 0 as office, '' as name
			union all select null, $1, o.id, o.name from platform.offices o where o.tenant_id = $1
			union all select e.account_id, e.actor_tenant, 0, e.actor_name from audit.events e where e.tenant_id = $1 and e.case_id = $2 and e.account_id is not null
			union all select k.account_id, $1, 0, k.display_name from platform.colleagues() k
			union all select null, g.grantee, 0, '' from policies.case_grants g where g.tenant_id = $1 and g.case_id = $2) x
		group by account_id, body, office order by body <> $1, body, account_id is not null, office > 0, 4 limit 500`, s.Tenant, id).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Candidate, error) {
			var c Candidate
			return c, row.Scan((*zeronull.UUID)(&c.Account), &c.Body, &c.Office, &c.Name)
		})
		return err
	})
	if err := w.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find whom to ask about: %w", err)
	}
	return found, nil
}
