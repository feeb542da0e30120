package policies_test

import (
	"context"
	"slices"
	"testing"

	"staffetta/internal/testdb"
	"staffetta/policies"
	"staffetta/tenants"
)

// permissions are what the rules of the tests are about, besides cases and sections.
var permissions = []policies.Permission{{Object: "case", Verb: "read"}, {Object: "access_rule", Verb: "read"}, {Object: "access_rule", Verb: "write"}}

func newEngine(t testing.TB, d *testdb.Database) *policies.Engine {
	t.Helper()
	e, err := policies.NewEngine(context.Background(), d.DB, permissions, []policies.RoleGrant{
		{Role: "social_worker", Permissions: []string{"case:read"}},
		{Role: "tenant_admin", Permissions: []string{"access_rule:read", policies.ManageRules}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestBaseRules(t *testing.T) {
	e := newEngine(t, testdb.New(t))
	cases := []struct {
		role     string
		relation policies.Relation
		section  string
		action   string
		want     bool
	}{
		{"social_worker", policies.Assigned, "diary", policies.Write, true},
		{"social_worker", policies.Body, "diary", policies.Read, false},
		{"social_worker", policies.Emergency, "diary", policies.Read, true},
		{"social_worker", policies.Emergency, "diary", policies.Write, false},
		{"social_worker", policies.Guest, "diary", policies.Write, true},
		{"social_worker", policies.Guest, "identity", policies.Write, false},
		{"social_worker", policies.Guest, "judicial", policies.Write, false},
		{"access_desk", policies.Body, "intake", policies.Write, true},
		{"access_desk", policies.Assigned, "diary", policies.Read, false},
		{"admin_officer", policies.Body, "interventions", policies.Read, true},
		{"admin_officer", policies.Body, "diary", policies.Read, false},
		{"admin_officer", policies.Assigned, "health", policies.Read, false},
		{"coordinator", policies.Body, "judicial", policies.Read, true},
		{"tenant_admin", policies.Body, "identity", policies.Read, false},
		{"dpo", policies.Assigned, "identity", policies.Read, false},
		{"practice_owner", policies.Body, "identity", policies.Read, false},
		{"nobody", policies.Assigned, "identity", policies.Read, false},
	}
	for _, c := range cases {
		s := tenants.Scope{Tenant: 7, Roles: []string{c.role}}
		if got := e.Allows(s, c.relation, c.section, c.action); got != c.want {
			t.Errorf("%s, %s, %s, %s: got %v, want %v", c.role, c.relation, c.section, c.action, got, c.want)
		}
	}
}

func TestOverrideOfABodyDeniesThereOnly(t *testing.T) {
	d := testdb.New(t)
	a, b := d.Body(t, "c_a001"), d.Body(t, "c_b001")
	e := newEngine(t, d)
	worker := func(body tenants.Tenant) tenants.Scope {
		return tenants.Scope{Tenant: body.ID, Roles: []string{"social_worker", "coordinator"}}
	}
	if !e.Allows(worker(a), policies.Assigned, "health", policies.Read) {
		t.Fatal("the base rules do not allow what the override is to deny")
	}
	_, err := d.Owner.Exec(t.Context(), `insert into platform.policy_rules (tenant_id, role, relation, object, action, effect)
		values ($1, 'social_worker', 'assigned', 'health', 'read', 'deny')`, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time from memory
		if !e.Allows(worker(b), policies.Assigned, "health", policies.Read) {
			t.Error("the override of a body reaches another body")
		}
		if e.Allows(worker(a), policies.Assigned, "health", policies.Read) {
			t.Error("a deny does not win over the allow of another role")
		}
	}
}

func TestConfineAndNarrow(t *testing.T) {
	e := newEngine(t, testdb.New(t))
	s := e.Confine(tenants.Scope{Tenant: 7, Roles: []string{"access_desk"}}, policies.Body)
	if got, want := s.Sections(), []string{"identity", "contacts", "intake"}; !slices.Equal(got, want) {
		t.Errorf("sections %v, want %v", got, want)
	}
	n := s.Within([]string{"intake", "contacts", "diary"}, []string{"contacts", "identity", "diary"})
	if !slices.Equal(n.Sections(), []string{"contacts", "intake"}) || n.Writes("intake") || !n.Writes("contacts") || n.Writes("identity") || n.Writes("diary") {
		t.Errorf("narrowed to %v", n)
	}
	if none := e.Confine(s); len(none.Sections()) != 0 {
		t.Errorf("without a relation there are sections: %v", none.Sections())
	}
}

func TestExplainNamesTheRule(t *testing.T) {
	e := newEngine(t, testdb.New(t))
	r, err := e.Explain(tenants.Scope{Tenant: 7, Roles: []string{"educator", "social_worker"}}, policies.Assigned, "icf", policies.Read)
	if err != nil || !r.Allowed || len(r.Rule) != 6 || r.Rule[1] != "social_worker" {
		t.Errorf("Explain = %+v, %v", r, err)
	}
}

func TestGrantsOfTheUnknownAreRefused(t *testing.T) {
	d := testdb.New(t)
	for _, grant := range []policies.RoleGrant{
		{Role: "king", Permissions: []string{"case:read"}}, {Role: "social_worker", Permissions: []string{"case:burn"}},
	} {
		_, err := policies.NewEngine(t.Context(), d.DB, []policies.Permission{{Object: "case", Verb: "read"}}, []policies.RoleGrant{grant})
		if err == nil {
			t.Errorf("grant %+v is accepted", grant)
		}
	}
}

func BenchmarkDecision(b *testing.B) {
	e := newEngine(b, testdb.New(b))
	s := tenants.Scope{Tenant: 7, Roles: []string{"social_worker"}}
	for b.Loop() {
		e.Allows(s, policies.Assigned, "diary", policies.Read)
	}
}

func TestAPermissionMayNotBeCalledLikeASection(t *testing.T) {
	for _, section := range policies.SectionIDs() {
		if policies.CheckGrants([]policies.Permission{{Object: section, Verb: "read"}}, nil) == nil {
			t.Errorf("a permission on %s is accepted: it would open the section in every case of the body", section)
		}
	}
}
