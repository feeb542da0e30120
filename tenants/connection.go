package tenants

import (
	"context"

	"github.com/jackc/pgx/v5"
	pgxuuid "github.com/vgarvardt/pgx-google-uuid/v5"
)

// RegisterTypes teaches a new connection to write and read ids as they are; it is
// a pool's AfterConnect. Without it the driver takes each uuid.UUID for a value of
// database/sql, tries the text, fails and tries again (43 % of the CPU of a list).
func RegisterTypes(_ context.Context, conn *pgx.Conn) error {
	pgxuuid.Register(conn.TypeMap())
	return nil
}
