package tenants_test

import (
	"testing"
	"time"

	"staffetta/internal/testdb"
	"staffetta/tenants"
)

// A membership begins and ends at midnight in Italy: half past eleven in Greenwich is the next day there.
func TestAMembershipGoesByTheDaysOfItaly(t *testing.T) {
	evening := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	for name, one := range map[string]struct {
		m    tenants.Membership
		want bool
	}{
		"from today":     {tenants.Membership{From: day(23)}, true},
		"from tomorrow":  {tenants.Membership{From: day(24)}, false},
		"to yesterday":   {tenants.Membership{From: day(1), To: day(22)}, false},
		"to today":       {tenants.Membership{From: day(1), To: day(23)}, true},
		"today, and out": {tenants.Membership{From: day(23), To: day(22)}, false},
	} {
		if one.m.Holds(evening) != one.want {
			t.Errorf("%s: %v", name, !one.want)
		}
	}
}

// Who comes to a body by an access for support does so while they run the platform, and not a day longer.
func TestSupportEndsWithWhoRunsThePlatform(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	body := d.Body(t, "c_a001")
	who := d.Operator(t, tenants.Tenant{ID: 1, Slug: tenants.PlatformSlug}, "platform_operator")
	admin := d.Operator(t, body, "tenant_admin")
	for _, step := range []struct {
		sql  string
		args []any
		want int
	}{
		{`insert into platform.support_accesses (id, tenant_id, state, reason, hours, account_id, name, answered_by, answered_name, answered_at, until)
			values (gen_random_uuid(), $1, 'granted', 'guasto', 2, $2, 'Sala', $3, 'Rizzo', app.now(), app.now() + interval '2 hours')`, []any{body.ID, who.Account, admin.Account}, 1},
		{`update platform.memberships set valid_from = current_date - 2, valid_to = current_date - 1 where account_id = $1`, []any{who.Account}, 0},
	} {
		if _, err := d.Owner.Exec(t.Context(), step.sql, step.args...); err != nil {
			t.Fatal(err)
		}
		err := d.DB.Platform(t.Context(), func(tx tenants.Tx) error {
			found, err := tenants.FindMemberships(t.Context(), tx, body.ID, who.Account)
			if len(found) != step.want {
				t.Errorf("they hold %+v, want %d", found, step.want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
