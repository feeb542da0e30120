package conduct_test

import (
	"testing"

	"staffetta/internal/testdb"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/conduct"
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
	led := func(s tenants.Scope, want bool) {
		t.Helper()
		path, err := service.Greet(t.Context(), s)
		if err != nil || (path != "") != want {
			t.Errorf("it leads to %q (%v), which should be something: %v", path, err, want)
		}
	}
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
