package audit_test

import (
	"bytes"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/testdb"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// TestPayloadsOfADisposalMayBeMissing lacks payloads of what a disposal names, before it: that is no fault, in the database and in an export.
// Of anything else, later, or without the disposal's own words it is one, and the daily check notes it.
func TestPayloadsOfADisposalMayBeMissing(t *testing.T) {
	d := testdb.New(t)
	s := d.Operator(t, d.Body(t, "c_a001"), "social_worker")
	gone, also, stays := uuid.New(), uuid.New(), uuid.New()
	write := func(events ...audit.Event) {
		t.Helper()
		for _, e := range events {
			if err := d.DB.InTx(t.Context(), s, func(tx tenants.Tx) error { return audit.Write(t.Context(), tx, s, e) }); err != nil {
				t.Fatal(err)
			}
		}
		sealed(t, d)
	}
	words := map[string]any{"reason": "un motivo"}
	write(audit.Event{Action: "case.read", Case: gone, Payload: words}, audit.Event{Action: "person.read", Object: also, Payload: words},
		audit.Event{Action: "case.list", Cases: []uuid.UUID{gone, also}, Payload: words})
	exec(t, d, `update audit.events set payload = null`)
	wantFaults(t, d, "missing payload", "missing payload", "missing payload")
	if faults, err := audit.Check(t.Context(), d.DB); err != nil || len(faults) != 3 {
		t.Errorf("the check finds %v, %v", faults, err)
	}
	if n := ask[int](t, d, `select s.faults * 10 + s.checked from audit.sealed s where s.checked_at is not null`); n != 33 {
		t.Errorf("the check notes %d", n)
	}
	write(audit.Event{Action: audit.DisposalAction, Object: uuid.New(), Payload: map[string]any{audit.SubjectsKey: []uuid.UUID{gone, also}}})
	wantFaults(t, d)
	var export bytes.Buffer
	if err := audit.Export(t.Context(), d.DB, s.Tenant, &export); err != nil {
		t.Fatal(err)
	}
	if n, faults, err := audit.VerifyExport(&export, nil); n != 4 || len(faults) > 0 || err != nil {
		t.Errorf("the export has %d events, %v, %v", n, faults, err)
	}
	harm(t, d, "the disposal's own words", `update audit.events set payload = null`)
	harm(t, d, "another disposal", `update audit.events set payload = '{"subjects": []}' where action = 'disposal.remove'`)
	write(audit.Event{Action: "case.read", Case: gone, Payload: words})
	harm(t, d, "what was written later", `update audit.events set payload = null where action = 'case.read'`)
	write(audit.Event{Action: "case.list", Cases: []uuid.UUID{gone, stays}, Payload: words},
		audit.Event{Action: audit.DisposalAction, Object: uuid.New(), Payload: map[string]any{audit.SubjectsKey: []uuid.UUID{gone}}})
	harm(t, d, "a list that shows something else, too", `update audit.events set payload = null where action = 'case.list'`)
}
