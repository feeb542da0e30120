package post

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/tenants"
)

const addressColumns = `a.account_id, a.address_sealed, case when a.pending_until > app.now() then a.pending_sealed end, a.rhythm, a.off, a.language, a.version,
	coalesce(t.failure, '')`

func (a *Address) scan(row pgx.Row, more ...any) error {
	return row.Scan(append([]any{&a.Account, &a.sealed, &a.pendingSealed, &a.Rhythm, &a.Off, &a.Language, &a.Version, &a.Failure}, more...)...)
}

func (s *Service) getAddress(ctx context.Context, scope tenants.Scope) (Address, error) {
	a := Address{Account: scope.Account, Rhythm: AtOnce}
	var batch pgx.Batch
	batch.Queue(`select `+addressColumns+` from post.addresses a left join post.told t on t.tenant_id = a.tenant_id and t.account_id = a.account_id
		where a.tenant_id = $1 and a.account_id = $2`, scope.Tenant, scope.Account).QueryRow(func(row pgx.Row) error {
		err := a.scan(row)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // nobody has set it yet
		}
		return err
	})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return Address{}, fmt.Errorf("get an address: %w", err)
	}
	return a, nil
}

// changeAddress writes a wish over the version that the actor saw.
func changeAddress(ctx context.Context, tx tenants.Tx, scope tenants.Scope, c change) error {
	if _, err := tx.Exec(ctx, `insert into post.addresses (account_id, version) values ($1, 0) on conflict do nothing`, scope.Account); err != nil {
		return fmt.Errorf("make an address: %w", err)
	}
	var asked int
	err := tx.QueryRow(ctx, `
		update post.addresses a set rhythm = $4, off = $11, language = $5, version = a.version + 1,
			address_sealed = case when $6 then null else a.address_sealed end, confirmed_at = case when $6 then null else a.confirmed_at end,
			pending_sealed = case when $10 then a.pending_sealed else $7 end, pending_hash = case when $10 then a.pending_hash else $8 end,
			pending_until = case when $10 then a.pending_until when $8::bytea is not null then app.now() + make_interval(days => $9) end,
			asked = case when $8::bytea is null then a.asked when a.asked_on = app.now()::date then a.asked + 1 else 1 end,
			asked_on = case when $8::bytea is null then a.asked_on else app.now()::date end
		where a.tenant_id = $1 and a.account_id = $2 and a.version = $3 returning a.asked`,
		scope.Tenant, scope.Account, c.version, c.rhythm, c.language, c.remove, c.pending, c.hash, linkDays, c.keep, c.off).Scan(&asked)
	if errors.Is(err, pgx.ErrNoRows) {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	if err != nil {
		return fmt.Errorf("change an address: %w", err)
	}
	if c.hash != nil && asked > linksPerDay {
		return problem.New(problem.TooMany, "post.error.links")
	}
	if _, err := tx.Exec(ctx, `update post.told set failure = '' where tenant_id = $1 and account_id = $2 and failure = $3`, scope.Tenant, scope.Account, failedPending); err != nil {
		return fmt.Errorf("forget that an address failed: %w", err)
	}
	return nil
}

// findPending is whose address a link confirms. Error: problem.NotFound.
func findPending(ctx context.Context, tx tenants.Tx, scope tenants.Scope, hash []byte) (account uuid.UUID, err error) {
	err = tx.QueryRow(ctx, `select a.account_id from post.addresses a where a.tenant_id = $1 and a.pending_hash = $2 and a.pending_until > app.now() for update`,
		scope.Tenant, hash).Scan(&account)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, problem.Missing()
	}
	if err != nil {
		return uuid.Nil, fmt.Errorf("find the address of a link: %w", err)
	}
	return account, nil
}

func confirmAddress(ctx context.Context, tx tenants.Tx, scope tenants.Scope, account uuid.UUID) error {
	_, err := tx.Exec(ctx, `update post.addresses set address_sealed = pending_sealed, confirmed_at = app.now(), version = version + 1,
		pending_sealed = null, pending_hash = null, pending_until = null where tenant_id = $1 and account_id = $2`, scope.Tenant, account)
	if err != nil {
		return fmt.Errorf("confirm an address: %w", err)
	}
	if _, err := tx.Exec(ctx, `update post.told set failure = '' where tenant_id = $1 and account_id = $2`, scope.Tenant, account); err != nil {
		return fmt.Errorf("forget that an address failed: %w", err)
	}
	return nil
}

// findConfirmed lists the addresses of a body that count, with whether their day's summary was made.
func findConfirmed(ctx context.Context, tx tenants.Tx, tenant int32) ([]listener, error) {
	rows, err := tx.Query(ctx, `select `+addressColumns+`, coalesce(t.daily_on = $2, false)
		from post.addresses a left join post.told t on t.tenant_id = a.tenant_id and t.account_id = a.account_id
		where a.tenant_id = $1 and a.address_sealed is not null order by a.account_id`, tenant, language.Day(time.Now()))
	if err != nil {
		return nil, fmt.Errorf("find addresses: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (listener, error) {
		var l listener
		return l, l.scan(row, &l.daily)
	})
}

// lockTold is what somebody has been told of, held until the end of the transaction.
func lockTold(ctx context.Context, tx tenants.Tx, scope tenants.Scope) (map[string]thing, error) {
	if _, err := tx.Exec(ctx, `insert into post.told (account_id) values ($1) on conflict do nothing`, scope.Account); err != nil {
		return nil, fmt.Errorf("begin to remember what was told: %w", err)
	}
	known := map[string]thing{}
	err := tx.QueryRow(ctx, `select t.things from post.told t where t.tenant_id = $1 and t.account_id = $2 for update`, scope.Tenant, scope.Account).Scan(&known)
	if err != nil {
		return nil, fmt.Errorf("read what was told: %w", err)
	}
	return known, nil
}

func setTold(ctx context.Context, tx tenants.Tx, scope tenants.Scope, known map[string]thing, moment bool) error {
	_, err := tx.Exec(ctx, `update post.told set things = $3, daily_on = case when $4 then $5 else daily_on end where tenant_id = $1 and account_id = $2`,
		scope.Tenant, scope.Account, known, moment, language.Day(time.Now()))
	if err != nil {
		return fmt.Errorf("remember what was told: %w", err)
	}
	return nil
}

// noteRefusal tells the account on its page which of its addresses does not take mail.
func (s *Service) noteRefusal(ctx context.Context, m Mail) error {
	failure := failedAddress
	if m.address != nil {
		failure = failedPending
	}
	return s.deps.DB.InTx(ctx, tenants.Scope{Tenant: m.Tenant, Name: "sistema"}, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `insert into post.told (account_id, failure) values ($1, $2)
			on conflict (tenant_id, account_id) do update set failure = excluded.failure`, m.Account, failure)
		if err != nil {
			return fmt.Errorf("note that an address refused: %w", err)
		}
		return nil
	})
}
