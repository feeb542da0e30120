package policies_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/policies"
	"staffetta/tenants"
)

// TestVectorsOfTheProgram asks the program's own rules all that they must answer.
func TestVectorsOfTheProgram(t *testing.T) {
	e := newEngine(t, testdb.New(t))
	vectors, err := policies.Vectors()
	if err != nil || len(vectors) < 500 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	for _, v := range e.Now().Failing(7, vectors) {
		t.Errorf("%+v fails", v)
	}
	about := map[string]bool{}
	for _, v := range vectors {
		about[v.Role] = true
		unknown := v.Object != "access_rule" && v.Object != "case" && !slices.Contains(policies.SectionIDs(), v.Object)
		if unknown || !slices.Contains(policies.Relations, v.Relation) {
			t.Errorf("%+v is about nothing", v)
		}
	}
	for _, role := range policies.Ruled() {
		if !about[role.ID] {
			t.Errorf("no vector is about %s", role.ID)
		}
	}
}

// TestVectorsOfTheFloorHoldWhateverABodySays tries every rule that the floor lets through against what always holds.
func TestVectorsOfTheFloorHoldWhateverABodySays(t *testing.T) {
	e := newEngine(t, testdb.New(t))
	vectors, err := policies.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	always := slices.DeleteFunc(slices.Clone(vectors), func(v policies.Vector) bool { return !v.Always })
	var allowed []policies.Rule
	for _, v := range vectors {
		for _, effect := range []string{policies.Allow, policies.Deny} {
			r := policies.Rule{Role: v.Role, Relation: v.Relation, Object: v.Object, Action: v.Action, Effect: effect}
			if e.CheckFloor(r) == nil && (effect == policies.Allow || r.Object == "access_rule") && !slices.Contains(allowed, r) {
				allowed = append(allowed, r)
			}
		}
	}
	if len(allowed) < 100 {
		t.Fatalf("only %d rules pass the floor", len(allowed))
	}
	for _, v := range e.With(7, allowed).Failing(7, always) {
		t.Errorf("the floor lets a body make %+v fail", v)
	}
}

// TestWhoConfiguresNeverComesToACase allows roles whatever the floor lets through: each role excludes configuring, or has
// nothing of cases whatever the body says.
func TestWhoConfiguresNeverComesToACase(t *testing.T) {
	e := newEngine(t, testdb.New(t))
	var rules []policies.Rule
	for _, role := range policies.Ruled() {
		for _, r := range caseRules() {
			r.Role, r.Effect = role.ID, policies.Allow
			if e.CheckFloor(r) == nil {
				rules = append(rules, r)
			}
		}
	}
	if len(rules) < 300 {
		t.Fatalf("only %d rules pass the floor", len(rules))
	}
	loosest, free := e.With(7, rules), 0
	for _, role := range policies.Ruled() {
		if e.Works(role.ID) {
			continue
		}
		free++
		for _, r := range caseRules() {
			if loosest.Allows(tenants.Scope{Tenant: 7, Roles: []string{role.ID}}, r.Relation, r.Object, r.Action) {
				t.Errorf("%s, which who configures may hold, comes to %s %s as %s", role.ID, r.Action, r.Object, r.Relation)
			}
		}
	}
	if free < 5 {
		t.Errorf("only %d roles can be held by who configures", free)
	}
	for role, want := range map[string]bool{"social_worker": true, "access_desk": true, "item:anything": true, "tenant_admin": false, "practice_owner": false} {
		if e.Works(role) != want {
			t.Errorf("%s works on cases: %v", role, !want)
		}
	}
}

// caseRules are all things done with people's cases in all relations, of no role.
func caseRules() []policies.Rule {
	var rules []policies.Rule
	for _, relation := range policies.Relations {
		for _, section := range policies.SectionIDs() {
			rules = append(rules, policies.Rule{Relation: relation, Object: section, Action: policies.Read}, policies.Rule{Relation: relation, Object: section, Action: policies.Write})
		}
		for _, action := range policies.CaseActions {
			rules = append(rules, policies.Rule{Relation: relation, Object: "case", Action: action})
		}
	}
	return append(rules, policies.Rule{Relation: policies.Body, Object: "case", Action: "read"})
}

func TestFloor(t *testing.T) {
	d := testdb.New(t)
	body := d.Body(t, "c_a001")
	e := newEngine(t, d)
	cases := []struct {
		rule policies.Rule
		want string // the message, or ""
	}{
		{policies.Rule{Role: "educator", Relation: policies.Assigned, Object: "health", Action: policies.Read, Effect: policies.Allow}, ""},
		{policies.Rule{Role: "educator", Relation: policies.Emergency, Object: "diary", Action: policies.Read, Effect: policies.Allow}, ""},
		{policies.Rule{Role: "access_desk", Relation: policies.Body, Object: "case", Action: "read", Effect: policies.Allow}, ""},
		{policies.Rule{Role: "social_worker", Relation: policies.Guest, Object: "health", Action: policies.Read, Effect: policies.Deny}, ""},
		{policies.Rule{Role: "tenant_admin", Relation: policies.Body, Object: "identity", Action: policies.Read, Effect: policies.Allow}, "onboarding.rights.error.configures"},
		{policies.Rule{Role: "tenant_admin", Relation: policies.Body, Object: "case", Action: "read", Effect: policies.Allow}, "onboarding.rights.error.configures"},
		{policies.Rule{Role: "dpo", Relation: policies.Assigned, Object: "case", Action: "open", Effect: policies.Allow}, "onboarding.rights.error.configures"},
		{policies.Rule{Role: "practice_owner", Relation: policies.Body, Object: "diary", Action: policies.Read, Effect: policies.Allow}, "onboarding.rights.error.caseless"},
		{policies.Rule{Role: "plan_office", Relation: policies.Assigned, Object: "case", Action: "open", Effect: policies.Allow}, "onboarding.rights.error.caseless"},
		{policies.Rule{Role: "lead_contact", Relation: policies.Body, Object: "case", Action: "read", Effect: policies.Allow}, "onboarding.rights.error.caseless"},
		{policies.Rule{Role: "district_contact", Relation: policies.Team, Object: "health", Action: policies.Write, Effect: policies.Deny}, ""},
		{policies.Rule{Role: "educator", Relation: policies.Guest, Object: "diary", Action: policies.Read, Effect: policies.Allow}, "onboarding.rights.error.guest"},
		{policies.Rule{Role: "coordinator", Relation: policies.Guest, Object: "case", Action: "open", Effect: policies.Allow}, "onboarding.rights.error.guest"},
		{policies.Rule{Role: "social_worker", Relation: policies.Emergency, Object: "diary", Action: policies.Write, Effect: policies.Allow}, "onboarding.rights.error.emergency"},
		{policies.Rule{Role: "social_worker", Relation: policies.Emergency, Object: "case", Action: "assign", Effect: policies.Allow}, "onboarding.rights.error.emergency"},
		{policies.Rule{Role: "tenant_admin", Relation: policies.Body, Object: "access_rule", Action: "write", Effect: policies.Deny}, "onboarding.rights.error.locked_out"},
		{policies.Rule{Role: "coordinator", Relation: policies.Body, Object: "access_rule", Action: "write", Effect: policies.Allow}, "onboarding.rights.error.rules"},
		{policies.Rule{Role: "platform_operator", Relation: policies.Body, Object: "diary", Action: policies.Read, Effect: policies.Deny}, "onboarding.rights.error.unknown"},
		{policies.Rule{Role: "newcomer", Relation: policies.Body, Object: "diary", Action: policies.Read, Effect: policies.Allow}, "onboarding.rights.error.unknown"},
		{policies.Rule{Role: "educator", Relation: "friend", Object: "diary", Action: policies.Read, Effect: policies.Allow}, "onboarding.rights.error.unknown"},
		{policies.Rule{Role: "educator", Relation: policies.Team, Object: "case", Action: "read", Effect: policies.Allow}, "onboarding.rights.error.unknown"},
		{policies.Rule{Role: "educator", Relation: policies.Body, Object: "secret", Action: "read", Effect: policies.Allow}, "onboarding.rights.error.unknown"},
		{policies.Rule{Role: "educator", Relation: policies.Body, Object: "diary", Action: "open", Effect: policies.Allow}, "onboarding.rights.error.unknown"},
		{policies.Rule{Role: "educator", Relation: policies.Body, Object: "diary", Action: policies.Read, Effect: "perhaps"}, "onboarding.rights.error.unknown"},
	}
	for _, c := range cases {
		got := ""
		if err := e.CheckFloor(c.rule); err != nil {
			got = problem.Of(err).Fields[0].Message.Key
		}
		if got != c.want {
			t.Errorf("%+v: %q, want %q", c.rule, got, c.want)
		}
	}
	// The database refuses the worst of them too, whoever writes.
	written := slices.Collect(func(yield func(policies.Rule) bool) {
		for _, c := range cases {
			if slices.Contains([]string{"onboarding.rights.error.configures", "onboarding.rights.error.guest", "onboarding.rights.error.emergency"}, c.want) && !yield(c.rule) {
				return
			}
		}
	})
	for _, role := range policies.Ruled() {
		for _, r := range caseRules() {
			if r.Role, r.Effect = role.ID, policies.Allow; !e.Works(role.ID) {
				written = append(written, r)
			}
		}
	}
	for _, r := range written {
		_, err := d.Owner.Exec(t.Context(), `insert into platform.policy_rules (tenant_id, role, relation, object, action, effect) values ($1, $2, $3, $4, $5, $6)`,
			body.ID, r.Role, r.Relation, r.Object, r.Action, r.Effect)
		if err == nil {
			t.Errorf("the database takes %+v", r)
		}
	}
}

// TestPastIsWhatWasDecided changes rules, the program itself and memberships at random, keeps what was decided after each
// change, and asks for it again when all is over.
func TestPastIsWhatWasDecided(t *testing.T) {
	d := testdb.New(t)
	serial := 0
	rapid.Check(t, func(r *rapid.T) {
		serial++
		h := newHistory(t, d, fmt.Sprintf("c_p%03d", serial))
		for range rapid.IntRange(1, 8).Draw(r, "changes") {
			h.change(t, r)
			h.keep(t)
		}
		h.compare(t, r)
	})
}

// asked are the decisions that are kept.
var asked = []struct {
	relation       policies.Relation
	object, action string
}{
	{policies.Assigned, "case", "open"},
	{policies.Assigned, "health", policies.Read},
	{policies.Body, "health", policies.Read},
	{policies.Body, "case", "read"},
	{policies.Team, "diary", policies.Write},
}

// history is a body with one account, and what was decided about it when.
type history struct {
	*testdb.Database
	engine  *policies.Engine
	body    tenants.Tenant
	account uuid.UUID
	at      []time.Time
	decided [][]bool
}

func newHistory(t *testing.T, d *testdb.Database, slug string) *history {
	body := d.Body(t, slug)
	return &history{Database: d, engine: newEngine(t, d), body: body, account: d.Operator(t, body, "access_desk").Account}
}

func (h *history) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := h.Owner.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// change does one of the things that alter what the account may.
func (h *history) change(t *testing.T, r *rapid.T) {
	role := rapid.SampledFrom([]string{"access_desk", "educator", "social_worker", "coordinator"}).Draw(r, "role")
	one := rapid.SampledFrom(asked).Draw(r, "subject")
	switch rapid.IntRange(0, 5).Draw(r, "what") {
	case 0, 1:
		effect := rapid.SampledFrom([]string{policies.Allow, policies.Deny}).Draw(r, "effect")
		h.exec(t, `insert into platform.policy_rules (tenant_id, role, relation, object, action, effect) values ($1, $2, $3, $4, $5, $6)
			on conflict (tenant_id, role, relation, object, action) do update set effect = excluded.effect`, h.body.ID, role, one.relation, one.object, one.action, effect)
	case 2:
		h.exec(t, `delete from platform.policy_rules where tenant_id = $1 and role = $2`, h.body.ID, role)
	case 3:
		h.exec(t, `insert into platform.memberships (id, tenant_id, account_id, role, display_name, valid_from) values (gen_random_uuid(), $1, $2, $3, 'Ada', current_date) on conflict do nothing`,
			h.body.ID, h.account, role)
	case 4:
		h.exec(t, `update platform.memberships set valid_to = current_date - 1, valid_from = current_date - 9 where tenant_id = $1 and account_id = $2 and role = $3`, h.body.ID, h.account, role)
	case 5: // another release of the program
		grants := []policies.RoleGrant{{Role: role, Permissions: []string{"case:read"}}, {Role: "tenant_admin", Permissions: []string{policies.ManageRules}}}
		engine, err := policies.NewEngine(t.Context(), h.DB, permissions, grants)
		if err != nil {
			t.Fatal(err)
		}
		h.engine = engine
	}
}

// keep writes down what is decided now.
func (h *history) keep(t *testing.T) {
	if err := h.engine.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := tenants.Scope{Tenant: h.body.ID}
	var at time.Time
	if err := h.Owner.QueryRow(t.Context(), `select clock_timestamp(), coalesce(array_agg(role), '{}') from platform.memberships
		where tenant_id = $1 and account_id = $2 and valid_to is null`, h.body.ID, h.account).Scan(&at, &s.Roles); err != nil {
		t.Fatal(err)
	}
	var decided []bool
	for _, one := range asked {
		decided = append(decided, h.engine.Allows(s, one.relation, one.object, one.action))
	}
	h.at, h.decided = append(h.at, at), append(h.decided, decided)
}

func (h *history) compare(t *testing.T, r *rapid.T) {
	past, err := h.engine.Past(t.Context(), h.body.ID, h.account, h.at[0], h.at[len(h.at)-1].Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range h.at {
		rules, s := past.Rules(at), past.Scope(h.account, at)
		for n, one := range asked {
			if got := rules.Allows(s, one.relation, one.object, one.action); got != h.decided[i][n] {
				r.Fatalf("after change %d, %+v: the past says %v, it was %v (roles %v)", i, one, got, h.decided[i][n], s.Roles)
			}
		}
	}
}

// TestAnotherEngineHearsOfAChange keeps a second instance's rules by what the database tells, within a second.
func TestAnotherEngineHearsOfAChange(t *testing.T) {
	d := testdb.New(t)
	body := d.Body(t, "c_a001")
	here, there := newEngine(t, d), newEngine(t, d)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ready, heard := make(chan struct{}), make(chan error, 9)
	go func() {
		_ = d.DB.Listen(ctx, []string{"staffetta_policies"}, func() { close(ready) }, func(string, string) { heard <- there.Reload(ctx) })
	}()
	<-ready
	began := time.Now()
	if _, err := d.Owner.Exec(ctx, `insert into platform.policy_rules (tenant_id, role, relation, object, action, effect)
		values ($1, 'social_worker', 'assigned', 'health', 'read', 'deny')`, body.ID); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-heard:
		if err != nil || time.Since(began) > time.Second {
			t.Errorf("heard after %v: %v", time.Since(began), err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the other engine never hears of it")
	}
	s := tenants.Scope{Tenant: body.ID, Roles: []string{"social_worker"}}
	if there.Allows(s, policies.Assigned, "health", policies.Read) {
		t.Error("the other engine decides by the rules of before")
	}
	if !here.Allows(s, policies.Assigned, "health", policies.Read) {
		t.Error("an engine that hears nothing has changed: the test shows nothing")
	}
}
