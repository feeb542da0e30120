package all_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/modules/all"
	"staffetta/modules/moduletest"
	"staffetta/onboarding/member"
	"staffetta/policies"
	"staffetta/tenants"
)

// TestTheDatabaseKeepsRolesApart writes every pair of roles for one person past the program: refused are those that the program
// says nobody may hold together, while both last, whichever comes first, by a new row and by one that is prolonged.
func TestTheDatabaseKeepsRolesApart(t *testing.T) {
	t.Parallel()
	st := moduletest.NewStage(t, all.Modules()...)
	body := st.On(t, "pantelleria")
	roles := []string{"item:custode"}
	for _, r := range policies.Roles {
		if r.ID != policies.Support && r.ID != "newcomer" { // which no membership gives
			roles = append(roles, r.ID)
		}
	}
	act := func(sql string, args ...any) error { // as where somebody gives a role
		return pgx.BeginFunc(t.Context(), st.Owner, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), `select set_config('app.account', $1, true)`, uuid.NewString()); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), sql, args...)
			return err
		})
	}
	write := func(who tenants.Scope, role string, from int) (uuid.UUID, error) {
		id := uuid.New()
		return id, act(`insert into platform.memberships (id, tenant_id, account_id, role, display_name, valid_from)
			values ($1, $2, $3, $4, 'A', current_date + $5::int)`, id, body.ID, who.Account, role, from)
	}
	refused := func(err error) bool {
		refusal, ok := errors.AsType[*pgconn.PgError](err)
		return ok && refusal.ConstraintName == "two_people"
	}
	pairs := 0
	for _, one := range roles {
		for _, other := range roles {
			if one == other {
				continue
			}
			excluded := member.Exclude(st.Deps.Policies.Works, one, other)
			both, after := st.Operator(t, body, one), st.Operator(t, body, one)
			if _, err := write(both, other, 5); refused(err) != excluded || err != nil && !excluded {
				t.Errorf("%s with %s: %v", one, other, err)
			}
			if !excluded {
				continue
			}
			pairs++
			if _, err := st.Owner.Exec(t.Context(), `update platform.memberships set valid_to = current_date + 5 where account_id = $1`, after.Account); err != nil {
				t.Fatal(err)
			}
			later, err := write(after, other, 6)
			if err != nil {
				t.Errorf("%s after %s has ended: %v", other, one, err)
			}
			if err := act(`update platform.memberships set valid_from = current_date where id = $1`, later); !refused(err) {
				t.Errorf("%s moved onto %s: %v", other, one, err)
			}
			// A pair that stood before this rule can be given an end, and no later one.
			if _, err := st.Owner.Exec(t.Context(), `update platform.memberships set valid_from = current_date, valid_to = current_date + 5 where account_id = $1`, after.Account); err != nil {
				t.Fatal(err)
			}
			if err := act(`update platform.memberships set valid_to = current_date + 1 where id = $1`, later); err != nil {
				t.Errorf("%s beside %s is not given an end: %v", other, one, err)
			}
			if err := act(`update platform.memberships set valid_to = current_date + 4 where id = $1`, later); !refused(err) {
				t.Errorf("%s beside %s lasts longer: %v", other, one, err)
			}
		}
	}
	if pairs < 20 {
		t.Errorf("only %d pairs exclude each other", pairs)
	}
}
