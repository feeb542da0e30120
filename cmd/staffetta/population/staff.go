package population

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"staffetta/tenants"
)

// held is how many open cases a worker holds.
const held = 50

// worker is somebody who works in the body.
type worker struct {
	person
	called     string // by colleagues
	role       string
	account    uuid.UUID
	membership uuid.UUID
}

func (w worker) fullName() string { return w.called }

// staff is who works in the body.
type staff struct {
	coordinator, desk, officer, admin worker
	workers                           []worker
}

// hire makes the staff for a number of cases.
func hire(c *crowd, cases int) staff {
	number := 0
	join := func(role string) worker {
		number++
		w := worker{person: c.between(25, 64, ""), role: role}
		w.called = w.person.fullName()
		at := epoch.AddDate(-3, 0, -1).Add(time.Duration(number) * time.Second)
		w.account, w.membership = c.seed.id("account", number, at), c.seed.id("membership", number, at)
		return w
	}
	s := staff{coordinator: join("coordinator"), desk: join("access_desk"), officer: join("admin_officer"), admin: join("tenant_admin")}
	open := cases - cases/len(courses)
	for range max(1, (open+held-1)/held) {
		s.workers = append(s.workers, join("social_worker"))
	}
	return s
}

func (s *staff) all() []*worker {
	all := []*worker{&s.coordinator, &s.desk, &s.officer, &s.admin}
	for i := range s.workers {
		all = append(all, &s.workers[i])
	}
	return all
}

// founded tells whether an earlier run has made the body, and finds the accounts that its staff has.
func (b *body) founded(ctx context.Context, tx tenants.Tx) (bool, error) {
	var id int32
	err := tx.QueryRow(ctx, `select coalesce(max(tenant_id), 0) from platform.memberships where id = $1`, b.coordinator.membership).Scan(&id)
	if err != nil || id == 0 {
		return false, err
	}
	b.id = id
	return true, nil
}

// found makes the body, live with the modules, and its staff.
func (b *body) found(ctx context.Context, tx tenants.Tx, t Target) error {
	m := b.municipality
	var err error
	b.id, err = tenants.CreateTenant(ctx, tx, tenants.Tenant{
		Slug: b.slug, IPA: m.IPA(), Name: "Comune di " + m.Name, Kind: tenants.Municipality, ISTAT: m.ISTAT, Belfiore: m.Belfiore,
	})
	if err != nil {
		return err
	}
	for _, module := range t.Modules {
		if err := tenants.SwitchModule(ctx, tx, b.id, module, true); err != nil {
			return err
		}
	}
	if err := b.admit(ctx, tx, t.Sealer); err != nil {
		return err
	}
	return tenants.ActivateTenant(ctx, tx, b.id)
}

// admit gives the staff accounts and roles. Who works for another body already keeps the account from there.
func (b *body) admit(ctx context.Context, tx tenants.Tx, sealer tenants.Sealer) error {
	accounts := newTable("", "id", "uuid", "cf_token", "bytea", "cf_sealed", "bytea")
	for _, w := range b.all() {
		sealed, err := sealer.Seal([]byte(w.code), []byte("account"))
		if err != nil {
			return fmt.Errorf("seal the fiscal code: %w", err)
		}
		accounts.add(w.account, sealer.Token(w.code), sealed)
	}
	_, err := tx.Exec(ctx, `insert into platform.accounts (id, cf_token, cf_sealed, created_at)
		select u.id, u.token, u.sealed, $4 from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as u (id, token, sealed) on conflict (cf_token) do nothing`,
		accounts.columns[0].values, accounts.columns[1].values, accounts.columns[2].values, epoch)
	if err != nil {
		return fmt.Errorf("create accounts: %w", err)
	}
	if err := b.recognise(ctx, tx, sealer); err != nil {
		return err
	}
	members := newTable("platform.memberships", "id", "uuid", "account_id", "uuid", "role", "text", "display_name", "text",
		"valid_from", "date", "created_at", "timestamptz")
	for _, w := range b.all() {
		members.add(w.membership, w.account, w.role, w.fullName(), day(epoch.AddDate(-3, 0, 0)), epoch)
	}
	return members.insert(ctx, tx, b.id)
}

// recognise takes the accounts of the staff's codes as the database has them.
func (b *body) recognise(ctx context.Context, tx tenants.Tx, sealer tenants.Sealer) error {
	var tokens []any
	byToken := map[string]*worker{}
	for _, w := range b.all() {
		token := sealer.Token(w.code)
		tokens = append(tokens, token)
		byToken[string(token)] = w
	}
	rows, err := tx.Query(ctx, `select id, cf_token from platform.accounts where cf_token = any ($1::bytea[])`, tokens)
	if err != nil {
		return fmt.Errorf("find accounts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id uuid.UUID
		var token []byte
		if err := rows.Scan(&id, &token); err != nil {
			return fmt.Errorf("find accounts: %w", err)
		}
		byToken[string(token)].account = id
	}
	return rows.Err()
}
