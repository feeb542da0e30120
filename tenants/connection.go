package tenants

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	pgxuuid "github.com/vgarvardt/pgx-google-uuid/v5"

	"staffetta/internal/language"
)

// Prepare has a pool open its connections as the program needs them: a day of the database is a day in Italy, whatever the
// server's own zone, so that what somebody is given tonight holds from midnight on and not from one or two o'clock.
func Prepare(config *pgxpool.Config) {
	config.ConnConfig.RuntimeParams["timezone"] = language.Rome.String()
	config.AfterConnect = registerTypes
}

// registerTypes teaches a new connection to write and read ids as they are. Without it the driver takes each uuid.UUID for a
// value of database/sql, tries the text, fails and tries again (43 % of the CPU of a list).
func registerTypes(_ context.Context, conn *pgx.Conn) error {
	pgxuuid.Register(conn.TypeMap())
	return nil
}
