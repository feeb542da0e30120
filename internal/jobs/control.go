package jobs

import (
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"staffetta/migrations"
	"staffetta/tenants"
)

// NewControl makes what steers the jobs that hosts work: it works none itself. Who calls it decides who may.
func NewControl(db *tenants.DB, log *slog.Logger) (*river.Client[pgx.Tx], error) {
	client, err := river.NewClient(riverpgxv5.New(db.Worker()), &river.Config{Schema: migrations.RiverSchema, Logger: quiet(log)})
	if err != nil {
		return nil, fmt.Errorf("make what steers jobs: %w", err)
	}
	return client, nil
}
