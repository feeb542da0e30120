package invitation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const columns = `i.id, i.name, i.roles, coalesce(i.office_id, 0), i.valid_from, i.valid_to, i.address_sealed, i.code_token is not null,
	case when i.state = 'sent' and i.expires_at <= app.now() then 'expired'
		when i.state = 'sent' and i.invited_by not in (select c.account_id from platform.colleagues() c where c.role = 'tenant_admin') then 'lapsed'
		else i.state end, i.sends, i.sent_at, i.expires_at, i.invited_name, i.claimed_name`

func scanInvitation(row pgx.CollectableRow) (Invitation, error) {
	var i Invitation
	var to *time.Time
	err := row.Scan(&i.ID, &i.Name, &i.Roles, &i.Office, &i.From, &to, &i.address, &i.Bound, &i.State, &i.Sends, &i.SentAt, &i.Expires, &i.By, &i.Claimed)
	if to != nil {
		i.To = *to
	}
	return i, err
}

func (v *Service) findInvitations(ctx context.Context, s tenants.Scope) (found []Invitation, err error) {
	var batch pgx.Batch
	batch.Queue(`select `+columns+` from onboarding.invitations i where i.tenant_id = $1
		order by i.state <> 'claimed', i.ended_at is not null, i.sent_at desc, i.id limit 700`, s.Tenant).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanInvitation)
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find invitations: %w", err)
	}
	return found, nil
}

// getByLink is the invitation of a link. Error: problem.NotFound.
func (v *Service) getByLink(ctx context.Context, s tenants.Scope, hash []byte) (one Invitation, err error) {
	var batch pgx.Batch
	batch.Queue(`select `+columns+` from onboarding.invitations i where i.tenant_id = $1 and i.link_hash = $2`, s.Tenant, hash).Query(func(rows pgx.Rows) (err error) {
		one, err = pgx.CollectExactlyOneRow(rows, scanInvitation)
		return err
	})
	err = v.deps.DB.Read(ctx, s, &batch)
	if errors.Is(err, pgx.ErrNoRows) {
		return one, problem.Missing()
	}
	if err != nil {
		return one, fmt.Errorf("read the invitation of a link: %w", err)
	}
	return one, nil
}

// invitationRows are invitations as they are written.
type invitationRows struct {
	ids               []uuid.UUID
	names             []string
	roles             []string // of each, between commas
	offices           []int32
	firsts, lasts     []string
	sealed, addresses [][]byte
	codes, hashes     [][]byte
}

func (r *invitationRows) add(n Invitation, sealed, address, hash []byte) {
	last := ""
	if !n.To.IsZero() {
		last = n.To.Format(time.DateOnly)
	}
	r.ids, r.names, r.roles = append(r.ids, n.ID), append(r.names, n.Name), append(r.roles, strings.Join(n.Roles, ","))
	r.offices, r.firsts, r.lasts = append(r.offices, n.Office), append(r.firsts, n.From.Format(time.DateOnly)), append(r.lasts, last)
	r.sealed, r.addresses, r.hashes = append(r.sealed, sealed), append(r.addresses, address), append(r.hashes, hash)
}

// insertInvitations returns those that are new: neither the id nor an open invitation of the address was there.
func insertInvitations(ctx context.Context, tx tenants.Tx, s tenants.Scope, r invitationRows) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, `insert into onboarding.invitations (id, name, roles, office_id, valid_from, valid_to, address_sealed, address_token, code_token, link_hash,
			expires_at, invited_by, invited_name)
		select n.id, n.name, string_to_array(n.roles, ','), nullif(n.office, 0), n.first::date, nullif(n.last, '')::date, n.sealed, n.address, n.code, n.hash,
			app.now() + make_interval(days => $11), $12, $13
		from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::bytea[], $8::bytea[], $9::bytea[], $10::bytea[])
			n (id, name, roles, office, first, last, sealed, address, code, hash)
		on conflict do nothing returning id`,
		r.ids, r.names, r.roles, r.offices, r.firsts, r.lasts, r.sealed, r.addresses, r.codes, r.hashes, life, s.Account, s.Name)
	if err != nil {
		return nil, fmt.Errorf("write invitations: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

func isKnown(ctx context.Context, tx tenants.Tx, id uuid.UUID) (known bool, err error) {
	if err := tx.QueryRow(ctx, `select exists (select 1 from onboarding.invitations i where i.tenant_id = app.tenant() and i.id = $1)`, id).Scan(&known); err != nil {
		return false, fmt.Errorf("look for an invitation: %w", err)
	}
	return known, nil
}

// checkSends bounds the letters of a body in a day. Error: problem.TooMany.
func checkSends(ctx context.Context, tx tenants.Tx) error {
	var sends int
	err := tx.QueryRow(ctx, `select coalesce(sum(i.sends), 0) from onboarding.invitations i where i.tenant_id = app.tenant() and i.sent_at > app.now() - interval '1 day'`).Scan(&sends)
	if err != nil {
		return fmt.Errorf("count the letters of a day: %w", err)
	}
	if sends > sendsPerDay {
		return problem.New(problem.TooMany, "onboarding.invite.error.sends")
	}
	return nil
}

// resend gives an invitation that waits another link, and who sends it stands behind it. Errors: problem.NotFound; problem.TooMany.
func resend(ctx context.Context, tx tenants.Tx, id uuid.UUID, by string, hash []byte) (one Invitation, err error) {
	rows, err := tx.Query(ctx, `select `+columns+` from onboarding.invitations i where i.tenant_id = app.tenant() and i.id = $1 and i.state = 'sent' for update`, id)
	if err == nil {
		one, err = pgx.CollectExactlyOneRow(rows, scanInvitation)
	}
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return one, problem.Missing()
	case err != nil:
		return one, fmt.Errorf("read an invitation: %w", err)
	case one.Sends >= maxSends:
		return one, problem.New(problem.TooMany, "onboarding.invite.error.often", "max", maxSends)
	}
	one.Sends++
	_, err = tx.Exec(ctx, `update onboarding.invitations set link_hash = $2, sends = sends + 1, sent_at = app.now(), expires_at = app.now() + make_interval(days => $3),
			invited_name = $4
		where tenant_id = app.tenant() and id = $1`, id, hash, life, by)
	if err != nil {
		return one, fmt.Errorf("send an invitation again: %w", err)
	}
	return one, nil
}

// withdraw ends an invitation that waits. Error: problem.NotFound.
func withdraw(ctx context.Context, tx tenants.Tx, id uuid.UUID) error {
	tag, err := tx.Exec(ctx, `update onboarding.invitations set state = 'withdrawn', ended_at = app.now(), address_sealed = null, address_token = null, code_token = null
		where tenant_id = app.tenant() and id = $1 and ended_at is null`, id)
	if err != nil {
		return fmt.Errorf("withdraw an invitation: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.Missing()
	}
	return nil
}

func claim(ctx context.Context, tx tenants.Tx, hash []byte, called string) (outcome string, id uuid.UUID, err error) {
	var found *uuid.UUID
	err = tx.QueryRow(ctx, `select c.outcome, c.invitation from onboarding.claim_invitation($1, $2) c`, hash, called).Scan(&outcome, &found)
	if found != nil {
		id = *found
	}
	return outcome, id, over("follow a link", err)
}

// claimed is an invitation that waits to be confirmed, with its address. Error: problem.NotFound.
func claimed(ctx context.Context, tx tenants.Tx, id uuid.UUID) (one Invitation, err error) {
	rows, err := tx.Query(ctx, `select `+columns+` from onboarding.invitations i where i.tenant_id = app.tenant() and i.id = $1 and i.state = 'claimed'`, id)
	if err == nil {
		one, err = pgx.CollectExactlyOneRow(rows, scanInvitation)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return one, problem.Missing()
	}
	if err != nil {
		return one, fmt.Errorf("read an invitation that waits: %w", err)
	}
	return one, nil
}

// answer is whose account a claimed invitation is of. Error: problem.NotFound.
func answer(ctx context.Context, tx tenants.Tx, id uuid.UUID, yes bool) (uuid.UUID, error) {
	var account *uuid.UUID
	err := tx.QueryRow(ctx, `select onboarding.answer_invitation($1, $2)`, id, yes).Scan(&account)
	if err == nil && account == nil {
		return uuid.Nil, problem.Missing()
	}
	if err != nil {
		return uuid.Nil, over("answer an invitation", err)
	}
	return *account, nil
}

// over says of roles, offices and days that are gone that the invitation cannot be kept any more.
func over(doing string, err error) error {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && (refused.Code == "P0002" || refused.Code == "SF409") {
		return problem.New(problem.Conflict, "onboarding.invite.error.gone").Wrap(err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// countClaimed counts the invitations that wait for somebody else than who followed their link.
func countClaimed(ctx context.Context, tx tenants.Tx, s tenants.Scope) (p modules.Pile, err error) {
	err = tx.QueryRow(ctx, `select count(*), (array_agg(x.id order by x.claimed_at, x.id))[1], max(x.claimed_at) from onboarding.invitations x
		where x.tenant_id = app.tenant() and x.state = 'claimed' and x.claimed_by <> $1`, s.Account).Scan(&p.Count, (*zeronull.UUID)(&p.First), (*zeronull.Timestamptz)(&p.Since))
	if err != nil {
		return p, fmt.Errorf("count the invitations that wait: %w", err)
	}
	return p, nil
}
