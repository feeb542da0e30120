package migrations

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Roles are the login roles that serve, besides the owner; none is a superuser
// and none passes row-level security.
var Roles = []string{"app", "guest", "platform", "worker", "report", "auditor", "backup"}

// rolePrefix keeps the roles apart from others of the same server.
const rolePrefix = "staffetta_"

// Sealer encrypts what the database must not keep in the clear.
type Sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// Setup makes the serving roles that are missing, gives each a random password
// and keeps it sealed in the database. It must run as the owner, which needs
// CREATEROLE; without it the error carries the SQL for an administrator.
// It returns the passwords by role name without prefix.
func Setup(ctx context.Context, ownerURL string, sealer Sealer) (map[string]string, error) {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return nil, fmt.Errorf("connect as the owner: %w", err)
	}
	defer conn.Close(ctx)
	if err := makeRoles(ctx, conn); err != nil {
		return nil, err
	}
	if err := Up(ctx, ownerURL, nil); err != nil {
		return nil, err
	}
	return passwords(ctx, conn, sealer)
}

// makeRoles creates what is missing under a lock of the whole server's roles.
func makeRoles(ctx context.Context, conn *pgx.Conn) error {
	for _, role := range Roles {
		name := rolePrefix + role
		var exists bool
		if err := conn.QueryRow(ctx, `select exists (select from pg_roles where rolname = $1)`, name).Scan(&exists); err != nil {
			return fmt.Errorf("look for role %s: %w", name, err)
		}
		if exists {
			continue
		}
		if _, err := conn.Exec(ctx, `create role `+name+` login nosuperuser nobypassrls`); err != nil {
			return fmt.Errorf("create role %s (an administrator can run: %s): %w", name, AdministratorSQL(), err)
		}
	}
	return nil
}

// AdministratorSQL is what an administrator runs where the owner may not create roles.
func AdministratorSQL() string {
	var b strings.Builder
	for _, role := range Roles {
		fmt.Fprintf(&b, "create role %s%s login nosuperuser nobypassrls; ", rolePrefix, role)
	}
	return strings.TrimSpace(b.String())
}

// passwords opens the stored passwords and makes those that are missing.
func passwords(ctx context.Context, conn *pgx.Conn, sealer Sealer) (map[string]string, error) {
	known := make(map[string]string, len(Roles))
	for _, role := range Roles {
		var sealed []byte
		err := conn.QueryRow(ctx, `select sealed from platform.role_secrets where role = $1`, role).Scan(&sealed)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			if known[role], err = newPassword(ctx, conn, sealer, role); err != nil {
				return nil, err
			}
		case err != nil:
			return nil, fmt.Errorf("read the password of role %s: %w", role, err)
		default:
			plain, err := sealer.Open(sealed, []byte("role "+role))
			if err != nil {
				return nil, fmt.Errorf("open the password of role %s: is this the key it was sealed with? %w", role, err)
			}
			known[role] = string(plain)
		}
	}
	return known, nil
}

func newPassword(ctx context.Context, conn *pgx.Conn, sealer Sealer, role string) (string, error) {
	password := rand.Text() + rand.Text()
	sealed, err := sealer.Seal([]byte(password), []byte("role "+role))
	if err != nil {
		return "", fmt.Errorf("seal the password of role %s: %w", role, err)
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return "", fmt.Errorf("begin for role %s: %w", role, err)
	}
	defer tx.Rollback(ctx)
	// A password cannot be a parameter of ALTER ROLE; rand.Text has letters and digits only.
	if _, err := tx.Exec(ctx, fmt.Sprintf(`alter role %s%s login password '%s'`, rolePrefix, role, password)); err != nil {
		return "", fmt.Errorf("set the password of role %s: %w", role, err)
	}
	if _, err := tx.Exec(ctx, `insert into platform.role_secrets (role, sealed) values ($1, $2)`, role, sealed); err != nil {
		return "", fmt.Errorf("keep the password of role %s: %w", role, err)
	}
	return password, tx.Commit(ctx)
}
