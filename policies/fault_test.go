package policies

import (
	"strings"
	"testing"

	"staffetta/tenants"
)

// What cannot be evaluated is allowed to nobody, and told once for each thing that it is about; what can be is decided as ever.
func TestWhatCannotBeDecidedIsRefusedAndToldOnce(t *testing.T) {
	t.Parallel()
	r := newRules([][]string{
		{"*", "dpo", string(Body), "letter", Read, "allow"},
		{"*", "dpo", string(Body), "parcel", Read, "allow"},
	})
	var told []string
	r.report = func(err error) { told = append(told, err.Error()) }
	broken, err := newEnforcer(r.lines[subject{Body, "letter", Read}])
	if err != nil {
		t.Fatal(err)
	}
	broken.GetModel()["m"]["m"].Value = "outOfOrder()"
	r.enforcers.Store(subject{Body, "letter", Read}, broken)
	s := tenants.Scope{Tenant: 1, Roles: []string{"dpo"}}
	for range 3 {
		if r.Allows(s, Body, "letter", Read) || !r.Allows(s, Body, "parcel", Read) {
			t.Error("a broken rule allows, or another one does not")
		}
	}
	other := tenants.Scope{Tenant: 2, Roles: []string{"coordinator"}}
	if r.Allows(other, Body, "letter", Read) {
		t.Error("a broken rule allows")
	}
	if len(told) != 1 || !strings.Contains(told[0], "letter") || !strings.Contains(told[0], "outOfOrder") {
		t.Errorf("told %q", told)
	}
}
