package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"staffetta/tenants"
)

const (
	cleaningEvery = time.Hour
	// sessionsKept is how long a session that is over can still be looked up.
	sessionsKept = 30 * 24 * time.Hour
	// mailsKept is how long it is known that a mail was sent, or was not.
	mailsKept = 90 * 24 * time.Hour
)

// CleaningArgs is the platform's job that deletes what nobody can use any more:
// sessions over for thirty days, logins that were never finished, token ids that
// cannot come back, forms whose person did not return, mails that ended and what they told of.
type CleaningArgs struct{ Owned }

// Kind meets river.JobArgs.
func (CleaningArgs) Kind() string { return "platform_cleaning" }

// InsertOpts lets one cleaning wait at a time.
func (CleaningArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: cleaningEvery}}
}

func cleaning() *river.PeriodicJob {
	return Every(cleaningEvery, CleaningArgs{})
}

type cleaner struct {
	river.WorkerDefaults[CleaningArgs]
	db *tenants.DB
}

// Work meets river.Worker.
func (c *cleaner) Work(ctx context.Context, _ *river.Job[CleaningArgs]) error {
	return clean(ctx, c.db, time.Now())
}

// clean deletes what is over at the instant.
func clean(ctx context.Context, db *tenants.DB, now time.Time) error {
	var batch pgx.Batch
	batch.Queue(`delete from platform.sessions where absolute_until < $1 or idle_until < $1 or ended_at < $1`, now.Add(-sessionsKept))
	batch.Queue(`delete from platform.login_flows where expires_at < $1`, now)
	batch.Queue(`delete from platform.seen_tokens where until < $1`, now)
	batch.Queue(`delete from platform.parked_forms where expires_at < $1`, now)
	batch.Queue(`delete from platform.mails where ended_at < $1`, now.Add(-mailsKept))
	batch.Queue(`delete from platform.mail_signals where told_at < $1`, now.Add(-time.Hour))
	err := db.Platform(ctx, func(tx tenants.Tx) error { return tx.SendBatch(ctx, &batch).Close() })
	if err != nil {
		return fmt.Errorf("clean the platform's tables: %w", err)
	}
	return nil
}
