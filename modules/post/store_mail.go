package post

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

const mailColumns = `m.id, m.tenant_id, m.account_id, m.template, m.language, m.state, m.reason, m.attempts, m.created_at, m.due_at, m.ended_at,
	m.values_sealed, m.address_sealed`

func scanMail(row pgx.CollectableRow) (Mail, error) {
	var m Mail
	var ended *time.Time
	err := row.Scan(&m.ID, &m.Tenant, &m.Account, &m.Template, &m.Language, &m.State, &m.Reason, &m.Attempts, &m.CreatedAt, &m.DueAt, &ended, &m.values, &m.address)
	if ended != nil {
		m.EndedAt = *ended
	}
	return m, err
}

// queue writes a mail of the transaction's body.
func queue(ctx context.Context, tx tenants.Tx, m Mail, wait time.Duration) error {
	_, err := tx.Exec(ctx, `select platform.queue_mail($1, $2, $3, $4, $5, $6, make_interval(secs => $7))`,
		m.ID, m.Account, m.Template, m.Language, m.values, m.address, wait.Seconds())
	if err != nil {
		return fmt.Errorf("queue a mail: %w", err)
	}
	return nil
}

// signal says that something happened at a body.
type signal struct {
	Occasion

	tenant int32
	ids    []int64
}

func (s *Service) findSignals(ctx context.Context) (found []signal, err error) {
	err = s.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, `select g.tenant_id, array_agg(g.id), bool_or(g.daily), array_agg(distinct g.topic) from platform.mail_signals g
			where g.told_at is null group by g.tenant_id order by min(g.id) limit 200`)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (signal, error) {
			var one signal
			return one, row.Scan(&one.tenant, &one.ids, &one.Moment, &one.Topics)
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find what happened: %w", err)
	}
	return found, nil
}

// closeSignals marks those that were read: what came meanwhile stays.
func (s *Service) closeSignals(ctx context.Context, ids []int64) error {
	return s.platform(ctx, "mark what was told", `update platform.mail_signals set told_at = app.now() where id = any ($1)`, ids)
}

// signalDaily says to every live body that the moment of the day has come.
func (s *Service) signalDaily(ctx context.Context) error {
	return s.platform(ctx, "begin the day", `insert into platform.mail_signals (tenant_id, daily)
		select t.id, true from platform.tenants t where t.state = 'active' and t.kind <> 'platform'
			and not exists (select 1 from platform.mail_signals g where g.tenant_id = t.id and g.daily and g.told_at is null)`)
}

// claim takes the mail that is due first and marks that it is being sent, for ten minutes. One at a time: a server that hangs
// uses up no attempt of a mail that was not tried.
func (s *Service) claim(ctx context.Context) (claimed Mail, due bool, err error) {
	err = s.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, `update platform.mails m set state = 'sending', attempts = m.attempts + 1, due_at = app.now() + interval '10 minutes'
			where m.id = (select d.id from platform.mails d where d.state in ('queued', 'sending') and d.due_at <= app.now()
				order by d.due_at limit 1 for update skip locked) returning `+mailColumns)
		if err != nil {
			return err
		}
		claimed, err = pgx.CollectExactlyOneRow(rows, scanMail)
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Mail{}, false, nil
	}
	if err != nil {
		return Mail{}, false, fmt.Errorf("claim a mail: %w", err)
	}
	return claimed, true, nil
}

// settle writes what became of a mail that was claimed with these attempts, and of no other.
func (s *Service) settle(ctx context.Context, m Mail, o outcome) error {
	return s.platform(ctx, "settle a mail", `update platform.mails set state = $3, reason = $4,
		due_at = case when $3 = 'queued' then app.now() + make_interval(secs => $5) else due_at end,
		ended_at = case when $3 = 'queued' then null else app.now() end
		where id = $1 and state = 'sending' and attempts = $2`, m.ID, m.Attempts, o.state, o.reason, o.again.Seconds())
}

// Clean gives up what waits too long, and empties what filled in mails that ended. The platform's cleaning forgets the rest.
func (s *Service) Clean(ctx context.Context) error {
	for _, sql := range []struct {
		text string
		term time.Duration
	}{
		{`update platform.mails set state = 'failed', reason = 'expired', ended_at = app.now() where state in ('queued', 'sending') and created_at < app.now() - make_interval(secs => $1)`, waitsAtMost},
		{`update platform.mails set values_sealed = null, address_sealed = null
			where ended_at < app.now() - make_interval(secs => $1) and (values_sealed is not null or address_sealed is not null)`, textsKept},
	} {
		if err := s.platform(ctx, "clean the outbox", sql.text, sql.term.Seconds()); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) platform(ctx context.Context, what, sql string, args ...any) error {
	err := s.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// listMails lists the newest mails of all bodies.
func (s *Service) listMails(ctx context.Context) (found []Mail, err error) {
	err = s.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, `select `+mailColumns+` from platform.mails m order by m.created_at desc, m.id desc limit 50`)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, scanMail)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list mails: %w", err)
	}
	return found, nil
}

// tenantOf is the body that a mail belongs to. Error: problem.NotFound.
func (s *Service) tenantOf(ctx context.Context, id uuid.UUID) (tenant int32, err error) {
	err = s.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		return tx.QueryRow(ctx, `select m.tenant_id from platform.mails m where m.id = $1`, id).Scan(&tenant)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, problem.Missing()
	}
	if err != nil {
		return 0, fmt.Errorf("find the body of a mail: %w", err)
	}
	return tenant, nil
}
