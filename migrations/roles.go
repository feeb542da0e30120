package migrations

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
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
// CREATEROLE; without it the error carries the SQL for an administrator. It refuses
// a key that does not open what is sealed, and roles that serve another database.
// It returns the passwords by role name without prefix.
func Setup(ctx context.Context, ownerURL string, sealer Sealer) (map[string]string, error) {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return nil, fmt.Errorf("connect as the owner: %w", err)
	}
	defer conn.Close(ctx)
	if shared, err := sharedWith(ctx, conn); err != nil {
		return nil, err
	} else if len(shared) > 0 {
		return nil, errShared(shared)
	}
	if _, err := proveKey(ctx, conn, sealer); err != nil {
		return nil, err
	}
	if err := makeRoles(ctx, conn); err != nil {
		return nil, err
	}
	if err := Up(ctx, ownerURL, nil); err != nil {
		return nil, err
	}
	return passwords(ctx, conn, sealer)
}

// errShared says that new passwords would shut another deployment out.
func errShared(databases []string) error {
	return fmt.Errorf("the roles %s* serve the database %s of this cluster already, and have one password in the whole cluster: one deployment per cluster "+
		"(use another cluster, or drop that database)", rolePrefix, strings.Join(databases, ", "))
}

// sharedWith names the other databases of the cluster in which the serving roles have rights, when this one lacks a password.
func sharedWith(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	var kept []string
	begun, err := hasSecrets(ctx, conn)
	if begun {
		err = conn.QueryRow(ctx, `select coalesce(array_agg(role), '{}') from platform.role_secrets`).Scan(&kept)
	}
	if err != nil {
		return nil, fmt.Errorf("read which passwords are kept: %w", err)
	}
	var lacking []string
	for _, role := range Roles {
		if !slices.Contains(kept, role) {
			lacking = append(lacking, rolePrefix+role)
		}
	}
	rows, err := conn.Query(ctx, `select distinct d.datname::text from pg_shdepend s join pg_database d on d.oid = s.dbid join pg_roles r on r.oid = s.refobjid
		where s.refclassid = 'pg_authid'::regclass and r.rolname = any($1) and d.datname <> current_database() order by 1`, lacking)
	if err != nil {
		return nil, fmt.Errorf("look for other databases of the roles: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func hasSecrets(ctx context.Context, conn *pgx.Conn) (begun bool, err error) {
	err = conn.QueryRow(ctx, `select to_regclass('platform.role_secrets') is not null and to_regclass('platform.accounts') is not null`).Scan(&begun)
	if err != nil {
		return false, fmt.Errorf("look for the passwords: %w", err)
	}
	return begun, nil
}

var errOtherKey = errors.New("the master key does not open what this database keeps sealed")

// proveKey opens the passwords and one account, and returns the roles that have a password; nil before the first migration.
func proveKey(ctx context.Context, conn *pgx.Conn, sealer Sealer) ([]string, error) {
	if begun, err := hasSecrets(ctx, conn); err != nil || !begun {
		return nil, err
	}
	rows, err := conn.Query(ctx, `select 'role ' || role, sealed from platform.role_secrets
		union all (select 'account', cf_sealed from platform.accounts limit 1)`)
	if err != nil {
		return nil, fmt.Errorf("read what is sealed: %w", err)
	}
	roles := []string{}
	var what string
	var sealed []byte
	_, err = pgx.ForEachRow(rows, []any{&what, &sealed}, func() error {
		if _, err := sealer.Open(sealed, []byte(what)); err != nil {
			return errOtherKey
		}
		if role, ok := strings.CutPrefix(what, "role "); ok {
			roles = append(roles, role)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("try the master key: %w", err)
	}
	return roles, nil
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
			return askAdministrator(ctx, conn, fmt.Errorf("create role %s: %w", name, err))
		}
	}
	return nil
}

// askAdministrator adds to a refused change of roles what somebody with more rights runs first.
func askAdministrator(ctx context.Context, conn *pgx.Conn, refused error) error {
	remedy, err := administratorSQL(ctx, conn)
	if err != nil {
		return errors.Join(refused, err)
	}
	return fmt.Errorf("%w; an administrator runs, before staffetta migrate: %s", refused, remedy)
}

// administratorSQL makes the roles that are missing and lets the owner give passwords to all. From version 16 on that
// wants the admin option besides CREATEROLE, and nothing else of the membership: policies for a role must not bind the owner.
func administratorSQL(ctx context.Context, conn *pgx.Conn) (string, error) {
	var owner string
	var major int
	var present []string
	err := conn.QueryRow(ctx, `select current_user, current_setting('server_version_num')::int / 10000,
		(select coalesce(array_agg(rolname::text), '{}') from pg_roles)`).Scan(&owner, &major, &present)
	if err != nil {
		return "", fmt.Errorf("read the owner and the server's version: %w", err)
	}
	var b strings.Builder
	for _, role := range Roles {
		if !slices.Contains(present, rolePrefix+role) {
			fmt.Fprintf(&b, "create role %s%s login nosuperuser nobypassrls; ", rolePrefix, role)
		}
	}
	owner = pgx.Identifier{owner}.Sanitize()
	fmt.Fprintf(&b, "alter role %s createrole;", owner)
	if major >= 16 {
		fmt.Fprintf(&b, " grant %s%s to %s with admin true, inherit false, set false;", rolePrefix, strings.Join(Roles, ", "+rolePrefix), owner)
	}
	return b.String(), nil
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
				return nil, fmt.Errorf("open the password of role %s: %w", role, errOtherKey)
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
		return "", askAdministrator(ctx, conn, errors.Join(fmt.Errorf("set the password of role %s: %w", role, err), tx.Rollback(ctx)))
	}
	if _, err := tx.Exec(ctx, `insert into platform.role_secrets (role, sealed) values ($1, $2)`, role, sealed); err != nil {
		return "", fmt.Errorf("keep the password of role %s: %w", role, err)
	}
	return password, tx.Commit(ctx)
}
