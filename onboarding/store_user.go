package onboarding

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

const usersSQL = `select u.id, u.name, u.roles, u.code_sealed from onboarding.users u
	where u.tenant_id = $1 and u.entry_id = $2 and u.removed_at is null order by u.created_at, u.id`

func scanUser(row pgx.CollectableRow) (User, error) {
	var u User
	return u, row.Scan(&u.ID, &u.Name, &u.Roles, &u.sealed)
}

func findUsers(ctx context.Context, tx tenants.Tx, s tenants.Scope, entry uuid.UUID) ([]User, error) {
	rows, err := tx.Query(ctx, usersSQL, s.Tenant, entry)
	if err != nil {
		return nil, fmt.Errorf("find the users of an entry: %w", err)
	}
	return pgx.CollectRows(rows, scanUser)
}

// userRow is a user as it is stored.
type userRow struct {
	NewUser
	entry         uuid.UUID
	sealed, token []byte
}

// insertUser tells whether the user is new; the same id again is not.
func insertUser(ctx context.Context, tx tenants.Tx, s tenants.Scope, u userRow) (bool, error) {
	var known, twice bool
	var count int
	err := tx.QueryRow(ctx, `
		select coalesce(bool_or(u.id = $3), false), coalesce(bool_or(u.code_token = $4), false), count(*) filter (where u.removed_at is null)
		from onboarding.users u where u.tenant_id = $1 and u.entry_id = $2`, s.Tenant, u.entry, u.ID, u.token).Scan(&known, &twice, &count)
	var faults problem.Fields
	switch {
	case err != nil:
		return false, fmt.Errorf("look for a user: %w", err)
	case known:
		return false, nil
	case twice:
		faults.Add("tax_code", "onboarding.user.twice")
	case count >= maxUsers:
		faults.Add("name", "onboarding.user.many", "max", maxUsers)
	}
	if err := faults.Err(); err != nil {
		return false, err
	}
	tag, err := tx.Exec(ctx, `insert into onboarding.users (tenant_id, id, entry_id, name, roles, code_sealed, code_token)
		values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, id) do nothing`,
		s.Tenant, u.ID, u.entry, u.Name, u.Roles, u.sealed, u.token)
	if err != nil {
		return false, fmt.Errorf("add a user: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return false, problem.Missing() // the id is a user of another entry
	}
	return true, nil
}

// removeUser tells whether the user was still there.
func removeUser(ctx context.Context, tx tenants.Tx, s tenants.Scope, entry, user uuid.UUID) (bool, error) {
	tag, err := tx.Exec(ctx, `update onboarding.users set removed_at = app.now(), code_sealed = null, code_token = null
		where tenant_id = $1 and entry_id = $2 and id = $3 and removed_at is null`, s.Tenant, entry, user)
	if err != nil {
		return false, fmt.Errorf("remove a user: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}

// ownCode returns the actor's own fiscal code, sealed as the account keeps it. The
// function that reads it knows no other account than that of the scope.
func (v *Service) ownCode(ctx context.Context, s tenants.Scope) (sealed []byte, err error) {
	var b pgx.Batch
	b.Queue(`select onboarding.own_code()`).QueryRow(func(row pgx.Row) error { return row.Scan(&sealed) })
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("read the actor's own account: %w", err)
	}
	if sealed == nil {
		return nil, problem.Missing()
	}
	return sealed, nil
}

func (v *Service) findPeople(ctx context.Context, s tenants.Scope, entry uuid.UUID) ([]Participant, error) {
	var b pgx.Batch
	var found []Participant
	b.Queue(`select p.account_id as account, p.name, p.created_at as since, p.starter from onboarding.people($1) p`, entry).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, pgx.RowToStructByName[Participant])
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find who works at an entry: %w", err)
	}
	return found, nil
}

// addPerson tells whether somebody new works at the entry.
func addPerson(ctx context.Context, tx tenants.Tx, entry, account uuid.UUID, name string) (added bool, err error) {
	if err := tx.QueryRow(ctx, `select onboarding.add_person($1, $2, $3)`, entry, account, name).Scan(&added); err != nil {
		return false, fmt.Errorf("add a person to an entry: %w", err)
	}
	return added, nil
}

// removePerson tells whether somebody still worked at the entry, or problem.NotFound if they never did.
func removePerson(ctx context.Context, tx tenants.Tx, entry, account uuid.UUID) (bool, error) {
	var removed *bool
	if err := tx.QueryRow(ctx, `select onboarding.remove_person($1, $2)`, entry, account).Scan(&removed); err != nil {
		return false, fmt.Errorf("remove a person from an entry: %w", err)
	}
	if removed == nil {
		return false, problem.Missing()
	}
	return *removed, nil
}

// presentBody is a body that a municipality already has.
type presentBody struct {
	id       int32
	belfiore string
	slug     string
	state    tenants.State
}

const bodiesSQL = `select t.id, t.belfiore, t.slug, t.state from platform.tenants t
	where t.belfiore = any ($1) and t.kind = 'municipality' and t.state <> 'closed'`

func scanBody(row pgx.CollectableRow) (presentBody, error) {
	var b presentBody
	return b, row.Scan(&b.id, &b.belfiore, &b.slug, &b.state)
}

func (v *Service) findBodies(ctx context.Context, codes []string) (found []presentBody, err error) {
	if len(codes) == 0 {
		return nil, nil
	}
	err = v.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, bodiesSQL, codes)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, scanBody)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find the bodies of municipalities: %w", err)
	}
	return found, nil
}

// bodyOf returns the body of a municipality, or ErrTaken when what is in the way is
// not its own.
func (v *Service) bodyOf(ctx context.Context, belfiore string) (int32, error) {
	found, err := v.findBodies(ctx, []string{belfiore})
	if err != nil {
		return 0, err
	}
	if len(found) == 0 {
		return 0, tenants.ErrTaken
	}
	return found[0].id, nil
}

// markEntry notes on a body which entry led to it, so that the entry finds it again
// after an end in between.
func markEntry(ctx context.Context, tx tenants.Tx, body int32, entry uuid.UUID) error {
	if entry == uuid.Nil {
		return nil
	}
	tag, err := tx.Exec(ctx, `update platform.modules set settings = settings || jsonb_build_object('entry', $3::text)
		where tenant_id = $1 and module = $2`, body, string(ID), entry.String())
	if err != nil {
		return fmt.Errorf("note the entry of body %d: %w", body, err)
	}
	if tag.RowsAffected() == 0 {
		return errors.New("note the entry of a body: the module of entries is not in the list of modules")
	}
	return nil
}

// findOwnBody returns the body that the entry led to before, or ErrTaken.
func findOwnBody(ctx context.Context, tx tenants.Tx, belfiore string, entry uuid.UUID) (int32, error) {
	var body int32
	err := tx.QueryRow(ctx, `select t.id from platform.tenants t
		join platform.modules m on m.tenant_id = t.id and m.module = $2 and m.settings ->> 'entry' = $3
		where t.belfiore = $1 and t.kind = 'municipality' and t.state <> 'closed'`, belfiore, string(ID), entry.String()).Scan(&body)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, tenants.ErrTaken
	}
	if err != nil {
		return 0, fmt.Errorf("find the body of an entry: %w", err)
	}
	return body, nil
}
