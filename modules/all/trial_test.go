package all_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/tenants"
)

// guarded are the tables with a trigger that refuses a body on trial, and what gives something to others in each.
var guarded = map[string]string{
	"policies.agreements":         "",
	"policies.agreements_parties": `update policies.agreements_parties set accepted_at = now()`,
	"sharing.shares":              "",
	"sharing.asks":                "",
	"sharing.networks":            "",
	"sharing.networks_parties":    `update sharing.networks_parties set joined_at = now()`,
	"commons.practices":           "",
	"commons.kits":                "",
	"commons.needs":               `update commons.needs set state = 'published'`,
	"practice.proposals":          `update practice.proposals set state = 'sent', sent_at = now()`,
}

// TestATrialGivesNothing tries, for a body on trial and for a live one, what would give something to other bodies: only the live one
// is not told that it is on trial.
func TestATrialGivesNothing(t *testing.T) {
	t.Parallel()
	th := newTheater(t)
	var stand []string
	for _, one := range th.tables.tables(own, between, commons, platform) {
		var n int
		if err := th.Owner.QueryRow(t.Context(), `select count(*) from pg_trigger where tgrelid = $1::text::regclass and tgname like 'live_only%'`, one.Name).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			stand = append(stand, one.Name)
		}
	}
	for name := range guarded {
		if !slices.Contains(stand, name) {
			t.Errorf("%s lets a body on trial in", name)
		}
	}
	if len(stand) != len(guarded) {
		t.Errorf("triggers stand on %v", stand)
	}
	th.run(t, `update policies.agreements_parties set accepted_at = null`)
	th.run(t, `update sharing.networks_parties set joined_at = null`)
	th.run(t, `update practice.proposals set state = 'draft'`)
	for _, state := range []tenants.State{tenants.Entering, tenants.Active} {
		th.run(t, `update platform.tenants set state = $2 where id = $1`, th.body.ID, state)
		for name, sql := range guarded {
			if sql == "" {
				sql = th.copyOf(th.tables[name])
			}
			if refused := th.refused(t, sql); refused != (state == tenants.Entering) {
				t.Errorf("%s, %s: refused %v\n%s", state, name, refused, strings.TrimSpace(sql))
			}
		}
	}
}

// refused tells whether a statement of the body is refused because it is on trial; nothing of it stays.
func (th *theater) refused(t *testing.T, sql string) bool {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	tx, err := th.Owner.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, `select set_config('app.tenant', $1::int::text, true)`, th.body.ID); err != nil {
		t.Fatal(err)
	}
	_, err = tx.Exec(ctx, sql)
	refusal, ok := errors.AsType[*pgconn.PgError](err)
	return ok && refusal.Code == "SF423"
}
