package conduct_test

import (
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/testdb"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/conduct"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// Who works in two bodies reads the code in each, once; it is written down once, and nobody takes it back.
func TestTheCodeIsReadOnceInEachBody(t *testing.T) {
	t.Parallel()
	st := moduletest.NewStage(t, onboarding.Module())
	service := conduct.NewService(st.Deps)
	body := st.On(t, "pantelleria")
	one, colleague := st.Operator(t, body, "social_worker"), st.Operator(t, body, "social_worker")
	elsewhere := one
	elsewhere.Tenant = st.On(t, "marsala").ID
	if _, err := st.Owner.Exec(t.Context(), `insert into platform.memberships (id, tenant_id, account_id, role, display_name, valid_from)
		select gen_random_uuid(), $2, m.account_id, m.role, m.display_name, m.valid_from from platform.memberships m where m.tenant_id = $1 and m.account_id = $3`,
		body.ID, elsewhere.Tenant, one.Account); err != nil {
		t.Fatal(err)
	}
	led := func(s tenants.Scope, want bool) {
		t.Helper()
		path, err := service.Greet(t.Context(), s)
		if err != nil || (path != "") != want {
			t.Errorf("it leads to %q (%v), which should be something: %v", path, err, want)
		}
	}
	helper := one
	helper.Account, helper.Roles = uuid.New(), []string{policies.Support}
	led(helper, false)
	led(one, true)
	for range 2 {
		if err := service.Acknowledge(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
	led(one, false)
	led(elsewhere, true)
	led(colleague, true)
	var events int
	if err := st.Owner.QueryRow(t.Context(), `select count(*) from audit.events where action = 'conduct.read'`).Scan(&events); err != nil || events != 1 {
		t.Errorf("%d events, %v", events, err)
	}
	err := st.Deps.DB.InTx(t.Context(), one, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `delete from onboarding.conduct_readings`)
		return err
	})
	if err == nil {
		t.Error("a reading can be taken back")
	}
}
