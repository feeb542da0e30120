package retention

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const disposalColumns = `d.id, d.state, d.terms, d.note, d.proposed_by, d.proposed_name, d.proposed_at, d.decided_name, d.decided_at, d.words,
	d.authorisation, d.authorised_on, d.list_sum, d.gone, d.files, d.removed_at, d.version`

func scanDisposal(row pgx.CollectableRow) (d Disposal, err error) {
	return d, row.Scan(&d.ID, &d.State, &d.Terms, &d.Note, &d.ProposedBy, &d.ProposedName, &d.ProposedAt, &d.DecidedName, &d.DecidedAt, &d.Words,
		&d.Authorisation, &d.AuthorisedOn, &d.ListSum, &d.Gone, &d.Files, &d.RemovedAt, &d.Version)
}

func findDisposals(ctx context.Context, tx tenants.Tx) ([]Disposal, error) {
	rows, err := tx.Query(ctx, `select `+disposalColumns+` from onboarding.disposals d where d.tenant_id = app.tenant() order by d.proposed_at desc, d.id desc limit 100`)
	if err != nil {
		return nil, fmt.Errorf("find disposals: %w", err)
	}
	return pgx.CollectRows(rows, scanDisposal)
}

func getDisposal(ctx context.Context, tx tenants.Tx, id uuid.UUID) (Disposal, error) {
	return readDisposal(ctx, tx, id, "")
}

// lockProposed locks a disposal that nobody decided about. Errors: problem.NotFound, problem.Conflict.
func lockProposed(ctx context.Context, tx tenants.Tx, id uuid.UUID) (Disposal, error) {
	if d, err := getDisposal(ctx, tx, id); err != nil {
		return d, err
	}
	d, err := readDisposal(ctx, tx, id, ` and d.state = 'proposed' for update`)
	if problem.Is(err, problem.NotFound) {
		return d, decidedAlready(err)
	}
	return d, err
}

func decidedAlready(cause error) error {
	return problem.New(problem.Conflict, "onboarding.retention.error.decided").Wrap(cause)
}

func readDisposal(ctx context.Context, tx tenants.Tx, id uuid.UUID, also string) (Disposal, error) {
	rows, err := tx.Query(ctx, `select `+disposalColumns+` from onboarding.disposals d where d.tenant_id = app.tenant() and d.id = $1`+also, id)
	if err != nil {
		return Disposal{}, fmt.Errorf("get a disposal: %w", err)
	}
	d, err := pgx.CollectExactlyOneRow(rows, scanDisposal)
	if errors.Is(err, pgx.ErrNoRows) {
		return d, problem.Missing()
	}
	return d, err
}

// insertDisposal writes a proposal without its items and tells whether it was new.
func insertDisposal(ctx context.Context, tx tenants.Tx, s tenants.Scope, p Proposal, terms map[string]int) (bool, error) {
	done, err := tx.Exec(ctx, `insert into onboarding.disposals (id, terms, note, proposed_by, proposed_name) values ($1, $2, $3, $4, $5)
		on conflict (tenant_id, id) do nothing`, p.ID, terms, p.Note, s.Account, s.Name)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.ConstraintName == "disposals_tenant_id_idx" {
		return false, problem.New(problem.Conflict, "onboarding.retention.error.open").Wrap(err)
	}
	if err != nil {
		return false, fmt.Errorf("propose a disposal: %w", err)
	}
	return done.RowsAffected() == 1, nil
}

// insertItems puts what is over and nothing stops into a list, the oldest first, and returns how many there are.
func insertItems(ctx context.Context, tx tenants.Tx, id uuid.UUID, years map[string]int) (int64, error) {
	kinds, terms := listed(years)
	done, err := tx.Exec(ctx, fmt.Sprintf(`insert into onboarding.disposal_items (disposal_id, id, kind, number, since)
		select $1, d.id, d.kind, d.number, d.since from onboarding.disposable($2, $3) d where d.stopped = '' order by d.since, d.id limit %d`, maxItems), id, kinds, terms)
	if err != nil {
		return 0, fmt.Errorf("list what is over: %w", err)
	}
	return done.RowsAffected(), nil
}

func findItems(ctx context.Context, tx tenants.Tx, id uuid.UUID) ([]Item, error) {
	rows, err := tx.Query(ctx, `select i.id, i.kind, i.number, i.since, i.outcome from onboarding.disposal_items i
		where i.tenant_id = app.tenant() and i.disposal_id = $1 order by i.kind, i.number, i.id`, id)
	if err != nil {
		return nil, fmt.Errorf("find what a disposal lists: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (i Item, err error) {
		return i, row.Scan(&i.ID, &i.Kind, &i.Number, &i.Since, &i.Outcome)
	})
}

// findGone finds what a disposal removed: what it lists, and the contacts that went with their cases.
func findGone(ctx context.Context, tx tenants.Tx, id uuid.UUID) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, `select i.id from onboarding.disposal_items i where i.tenant_id = app.tenant() and i.disposal_id = $1 and i.outcome = 'gone'
		union all select unnest(d.along) from onboarding.disposals d where d.tenant_id = app.tenant() and d.id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("find what a disposal removed: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

// countItems counts a list by kind and outcome.
func countItems(ctx context.Context, tx tenants.Tx, id uuid.UUID) (map[string]map[string]int, error) {
	counts := map[string]map[string]int{}
	items, err := findItems(ctx, tx, id)
	for _, i := range items {
		if counts[i.Kind] == nil {
			counts[i.Kind] = map[string]int{}
		}
		counts[i.Kind][i.Outcome]++
	}
	return counts, err
}

func withdrawDisposal(ctx context.Context, tx tenants.Tx, id uuid.UUID) error {
	done, err := tx.Exec(ctx, `update onboarding.disposals set state = 'withdrawn', version = version + 1 where tenant_id = app.tenant() and id = $1 and state = 'proposed'`, id)
	if err != nil {
		return fmt.Errorf("take a disposal back: %w", err)
	}
	if done.RowsAffected() == 0 {
		return decidedAlready(nil)
	}
	return nil
}

// decideDisposal writes what was decided; two who decide at once do not both.
func decideDisposal(ctx context.Context, tx tenants.Tx, s tenants.Scope, d Disposal) error {
	done, err := tx.Exec(ctx, `update onboarding.disposals set state = $2, decided_by = $3, decided_name = $4, decided_at = app.now(), words = $5,
		authorisation = $6, authorised_on = $7, list_sum = $8, version = version + 1 where tenant_id = app.tenant() and id = $1 and state = 'proposed'`,
		d.ID, d.State, s.Account, s.Name, d.Words, d.Authorisation, d.AuthorisedOn, d.ListSum)
	if err != nil {
		return fmt.Errorf("decide about a disposal: %w", err)
	}
	if done.RowsAffected() == 0 {
		return decidedAlready(nil)
	}
	return nil
}

// dispose removes what was agreed to.
func dispose(ctx context.Context, tx tenants.Tx, id uuid.UUID, d declared) error {
	if _, err := tx.Exec(ctx, `select onboarding.dispose($1, $2, $3, $4)`, id, d.people, d.tables, d.columns); err != nil {
		return fmt.Errorf("remove what is over: %w", err)
	}
	return nil
}

// dropPayloads removes what the audit says about what is gone and returns of how many events; false while the chain does not hold yet
// what was removed.
func dropPayloads(ctx context.Context, tx tenants.Tx, id uuid.UUID) (dropped int64, told bool, err error) {
	var n *int64
	if err := tx.QueryRow(ctx, `select onboarding.drop_payloads($1)`, id).Scan(&n); err != nil {
		return 0, false, fmt.Errorf("remove what the audit says of what is gone: %w", err)
	}
	if n == nil {
		return 0, false, nil
	}
	return *n, true, nil
}

func endDisposal(ctx context.Context, tx tenants.Tx, id uuid.UUID) error {
	done, err := tx.Exec(ctx, `update onboarding.disposals set state = 'done', files = '{}', version = version + 1 where tenant_id = app.tenant() and id = $1 and state = 'removed'`, id)
	if err != nil {
		return fmt.Errorf("note that the documents of a disposal are gone: %w", err)
	}
	if done.RowsAffected() == 0 {
		return decidedAlready(nil)
	}
	return nil
}

// countProposed counts the disposals that wait for somebody else than who proposed them.
func countProposed(ctx context.Context, tx tenants.Tx, s tenants.Scope) (p modules.Pile, err error) {
	err = tx.QueryRow(ctx, `select count(*), (array_agg(x.id order by x.proposed_at, x.id))[1], max(x.proposed_at) from onboarding.disposals x
		where x.tenant_id = app.tenant() and x.state = 'proposed' and x.proposed_by <> $1`, s.Account).Scan(&p.Count, (*zeronull.UUID)(&p.First), (*zeronull.Timestamptz)(&p.Since))
	if err != nil {
		return p, fmt.Errorf("count the disposals that wait: %w", err)
	}
	return p, nil
}
