package notice

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/tenants"
)

// insert writes one notice per account; telling the same again writes none.
func insert(ctx context.Context, tx tenants.Tx, m Message, accounts []uuid.UUID) error {
	ids := make([]uuid.UUID, len(accounts))
	for i, account := range accounts {
		ids[i] = uuid.NewSHA1(account, []byte(m.Topic+"|"+m.Key))
	}
	_, err := tx.Exec(ctx, `
		insert into casefile.notices (id, account_id, topic, path, actor_name, reference)
		select n.id, n.account, $3, $4, $5, $6 from unnest($1::uuid[], $2::uuid[]) n (id, account)
		on conflict do nothing`, ids, accounts, m.Topic, m.Path, m.Actor, m.Reference)
	if err != nil {
		return fmt.Errorf("write notices: %w", err)
	}
	return nil
}

// Find lists the actor's notices, newest first. Those that say the same of the same day one after the other are one.
func Find(ctx context.Context, db *tenants.DB, scope tenants.Scope) ([]Notice, error) {
	var batch pgx.Batch
	var notices []Notice
	batch.Queue(`
		select n.id, n.topic, n.path, n.actor_name, n.reference, n.at, n.seen_at is not null from casefile.notices n
		where n.tenant_id = $1 and n.account_id = $2 order by n.at desc limit 20`, scope.Tenant, scope.Account).
		Query(func(rows pgx.Rows) (err error) {
			notices, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Notice, error) {
				var n Notice
				return n, row.Scan(&n.ID, &n.Topic, &n.Path, &n.Actor, &n.Reference, &n.At, &n.Seen)
			})
			return err
		})
	if err := db.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find notices: %w", err)
	}
	return slices.CompactFunc(notices, Notice.repeats), nil
}

// SeePath marks the actor's notices that lead to a page as seen: who opens it knows.
func SeePath(ctx context.Context, db *tenants.DB, scope tenants.Scope, path string) error {
	var batch pgx.Batch
	waiting := false
	batch.Queue(`select exists (select 1 from casefile.notices where tenant_id = $1 and account_id = $2 and path = $3 and seen_at is null)`,
		scope.Tenant, scope.Account, path).QueryRow(func(row pgx.Row) error { return row.Scan(&waiting) })
	if err := db.Read(ctx, scope, &batch); err != nil || !waiting {
		return err
	}
	return db.InTx(ctx, scope, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `update casefile.notices set seen_at = app.now() where tenant_id = $1 and account_id = $2 and path = $3 and seen_at is null`,
			scope.Tenant, scope.Account, path)
		if err != nil {
			return fmt.Errorf("mark notices of a page as seen: %w", err)
		}
		return nil
	})
}

// See marks the actor's notices as seen.
func See(ctx context.Context, db *tenants.DB, scope tenants.Scope) error {
	return db.InTx(ctx, scope, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `update casefile.notices set seen_at = app.now() where tenant_id = $1 and account_id = $2 and seen_at is null`,
			scope.Tenant, scope.Account)
		if err != nil {
			return fmt.Errorf("mark notices as seen: %w", err)
		}
		return nil
	})
}

// countUnread counts the actor's unread notices, and says when the newest came. Those of a case count while the actor has a
// part in it, or opens every case.
func countUnread(ctx context.Context, db *tenants.DB, scope tenants.Scope, every bool) (n int, newest time.Time, err error) {
	var batch pgx.Batch
	var last *time.Time
	batch.Queue(`
		select count(*), max(n.at) from casefile.notices n
		where n.tenant_id = $1 and n.account_id = $2 and n.seen_at is null and n.at > app.now() - make_interval(secs => $4)
			and ($3 or n.path !~ '^/cartelle/' or exists (select 1 from casefile.assignments a
				where a.tenant_id = $1 and a.account_id = $2 and a.valid_to is null and a.case_id::text = split_part(n.path, '/', 3)))`,
		scope.Tenant, scope.Account, every, unread.Seconds()).QueryRow(func(row pgx.Row) error { return row.Scan(&n, &last) })
	if err := db.Read(ctx, scope, &batch); err != nil {
		return 0, time.Time{}, err
	}
	if last != nil {
		newest = *last
	}
	return n, newest, nil
}

// forget deletes the notices of the transaction's body that are older than their terms.
func forget(ctx context.Context, tx tenants.Tx) (forgotten int, err error) {
	err = tx.QueryRow(ctx, `select casefile.forget_notices()`).Scan(&forgotten)
	return forgotten, err
}

// findOld lists the bodies that have notices older than their terms, as the platform asks.
func findOld(ctx context.Context, deps modules.Deps) (found []int32, err error) {
	platform, _, err := deps.Bodies.BySlug(tenants.PlatformSlug)
	if err != nil {
		return nil, fmt.Errorf("the platform's body: %w", err)
	}
	var b pgx.Batch
	b.Queue(`select o from casefile.bodies_with_old_notices() o`).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, pgx.RowTo[int32])
		return err
	})
	if err := deps.DB.Read(ctx, tenants.Scope{Tenant: platform.ID}, &b); err != nil {
		return nil, fmt.Errorf("find the bodies with old notices: %w", err)
	}
	return found, nil
}
