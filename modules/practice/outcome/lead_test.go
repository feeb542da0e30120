package outcome_test

import (
	"slices"
	"strings"
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/tenants"
)

// Another body leads: it sees the board, its journal and the alarms that have stood for the term from that moment, and the one
// before sees nothing of them any more. What the one before prepared for others is called off.
func TestALeadThatChanges(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	before, ctx := st.led(), t.Context()
	adoptions := adoption.NewService(st.Deps)
	told := func(s tenants.Scope) []modules.Duty {
		t.Helper()
		duties, err := adoptions.Duties()[1].Find(ctx, s)
		st.must(err)
		return duties
	}
	next := st.On(t, "trapani", "practice")
	st.must(st.Deps.Bodies.Reload(ctx))
	after := st.Operator(t, next, "lead_contact")
	st.later(90)
	st.measure()
	st.later(121)
	st.measure()
	if len(told(before)) == 0 || len(told(after)) != 0 {
		t.Fatalf("before: the lead is told %v, another body %v", told(before), told(after))
	}
	st.campaigns(before)

	change := adoption.Naming{Lead: next.Slug, InsteadOf: before.Tenant, Reason: "Il distretto ha un nuovo capofila"}
	for name, c := range map[string]struct {
		s    tenants.Scope
		edit func(*adoption.Naming)
		want problem.Kind
	}{
		"the lead itself":   {before, func(*adoption.Naming) {}, problem.NotFound},
		"a stranger":        {after, func(*adoption.Naming) {}, problem.NotFound},
		"without a reason":  {st.giving, func(n *adoption.Naming) { n.Reason = " " }, problem.Invalid},
		"of nobody's":       {st.giving, func(n *adoption.Naming) { n.InsteadOf = 0 }, problem.Conflict},
		"of another lead's": {st.giving, func(n *adoption.Naming) { n.InsteadOf = st.giving.Tenant }, problem.Conflict},
		"to a side":         {st.giving, func(n *adoption.Naming) { n.Lead = st.taking.Slug }, problem.Invalid},
	} {
		wrong := change
		c.edit(&wrong)
		if _, err := adoptions.NameLead(ctx, c.s, st.adoption, wrong); problem.Of(err).Kind != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	st.name(st.giving, change, false)
	st.name(st.taking, adoption.Naming{Lead: next.Slug, InsteadOf: before.Tenant}, true)
	if _, err := adoptions.NameLead(ctx, st.giving, st.adoption, adoption.Naming{Lead: before.Slug, InsteadOf: before.Tenant, Reason: "Di nuovo"}); problem.Of(err).Kind != problem.Conflict {
		t.Errorf("who saw the lead before changes it: %v", err)
	}

	if led, err := adoptions.FindLed(ctx, before); err != nil || len(led) != 0 {
		t.Errorf("the lead before still leads %+v, %v", led, err)
	}
	if _, err := adoptions.GetAdoption(ctx, before, st.adoption); problem.Of(err).Kind != problem.NotFound {
		t.Errorf("the lead before still sees the board: %v", err)
	}
	if still := told(before); len(still) != 0 {
		t.Errorf("the lead before is still told of %v", still)
	}
	if led, err := adoptions.FindLed(ctx, after); err != nil || len(led) != 1 || led[0].Late == 0 {
		t.Errorf("the new lead leads %+v, %v", led, err)
	}
	if len(told(after)) == 0 {
		t.Error("the new lead is not told of what has stood for the term")
	}
	for name, s := range map[string]tenants.Scope{"the new lead": after, "the reusing body": st.taking} {
		a, err := adoptions.GetAdoption(ctx, s, st.adoption)
		st.must(err)
		if a.Leading != after.Tenant || !slices.ContainsFunc(a.Journal, func(e adoption.Entry) bool {
			return e.Event == "lead_changed" && e.Author == st.taking.Name && e.Note == next.Name
		}) || !slices.ContainsFunc(a.Journal, func(e adoption.Entry) bool {
			return e.Event == "lead_proposed" && e.Author == st.giving.Name && e.Note == next.Name+": "+change.Reason
		}) || !slices.ContainsFunc(a.Journal, func(e adoption.Entry) bool { return e.Event == "lead_named" }) {
			t.Errorf("%s: led by %d, journal %+v", name, a.Leading, a.Journal)
		}
	}
	var left int
	st.must(st.Owner.QueryRow(ctx, `select count(*) from practice.campaign_entries where leader = $1 and state <> 'cancelled'`, before.Tenant).Scan(&left))
	if left != 0 {
		t.Errorf("%d upgrades of the lead before are left", left)
	}
}

// Whom one side alone has named, twice too, does not lead: it sees nothing, and the other side is asked.
func TestALeadIsNamedByBothSides(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	body := st.On(t, "mazara", "practice")
	named, adoptions, ctx := st.Operator(t, body, "lead_contact"), adoption.NewService(st.Deps), t.Context()
	asks := func(s tenants.Scope) bool {
		t.Helper()
		duties, err := adoptions.FindDuties(ctx, s)
		st.must(err)
		return slices.ContainsFunc(duties, func(d modules.Duty) bool { return strings.HasSuffix(d.Path, "/capofila") })
	}
	for range 2 {
		st.name(st.giving, adoption.Naming{Lead: body.Slug}, false)
		if led, err := adoptions.FindLed(ctx, named); err != nil || len(led) != 0 {
			t.Errorf("it leads %+v, %v", led, err)
		}
		if _, err := adoptions.GetAdoption(ctx, named, st.adoption); problem.Of(err).Kind != problem.NotFound {
			t.Errorf("it sees the board: %v", err)
		}
		if !asks(st.taking) || asks(st.giving) {
			t.Error("another side is asked")
		}
	}
	other := st.On(t, "trapani", "practice")
	st.must(st.Deps.Bodies.Reload(ctx))
	st.name(st.taking, adoption.Naming{Lead: other.Slug}, false) // another one instead: now the first side is asked
	if asks(st.taking) || !asks(st.giving) {
		t.Error("who proposed another one is asked itself")
	}
	st.name(st.giving, adoption.Naming{Lead: other.Slug}, true)
	if a, err := adoptions.GetAdoption(ctx, st.taking, st.adoption); err != nil || a.Leading != other.ID || a.Proposed.Lead != 0 || asks(st.giving) {
		t.Errorf("%+v leads, %+v is proposed: %v", a.Leading, a.Proposed, err)
	}
}

// name names a lead, and wants it to lead or to wait.
func (st *stage) name(s tenants.Scope, n adoption.Naming, leads bool) {
	st.t.Helper()
	if got, err := adoption.NewService(st.Deps).NameLead(st.t.Context(), s, st.adoption, n); err != nil || got != leads {
		st.t.Fatalf("it leads: %v, %v", got, err)
	}
}

// campaigns has a lead prepare an upgrade of the adoption, written behind the walls.
func (st *stage) campaigns(lead tenants.Scope) {
	st.t.Helper()
	_, err := st.Owner.Exec(st.t.Context(), `with made as (insert into practice.campaigns (tenant_id, id, practice_id, kit_id, release)
			select $1, gen_random_uuid(), a.practice_id, a.kit_id, a.release from practice.adoptions a where a.id = $3 returning *)
		insert into practice.campaign_entries (tenant_id, adoption_id, campaign_id, leader, practice_id, kit_id, release, state)
			select $2, $3, m.id, $1, m.practice_id, m.kit_id, m.release, 'prepared' from made m`, lead.Tenant, st.taking.Tenant, st.adoption)
	st.must(err)
}
