package rights_test

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/rights"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// manifests are the console's and one with permissions to have rules about; cases are counted by reaches.
func manifests() []modules.Module {
	return []modules.Module{
		{ID: "registry", Essential: true, Migrations: os.DirFS("../../modules/registry/migrations")},
		{ID: "kit", Essential: true, Migrations: os.DirFS("../../modules/kit/migrations")},
		{ID: "practice", Essential: true, Migrations: os.DirFS("../../modules/practice/migrations")},
		{
			ID: "casefile", Essential: true,
			Permissions: []policies.Permission{
				{Object: "case", Verb: "read", Label: language.Text{It: "Leggere le cartelle", En: "Read case files"}},
				{Object: "case", Verb: "create", Label: language.Text{It: "Aprire una cartella", En: "Open a case file"}},
			},
			Grants: []policies.RoleGrant{{Role: "social_worker", Permissions: []string{"case:read", "case:create"}}, {Role: "educator", Permissions: []string{"case:read"}}},
		},
		onboarding.Module(),
	}
}

// stage is a body with an administrator and an educator who holds four of its ten cases.
type stage struct {
	*moduletest.Stage
	deps                    modules.Deps
	service                 *rights.Service
	body                    tenants.Tenant
	admin, educator, worker tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t, manifests()...)}
	st.deps, st.body = st.Deps, st.On(t, "pantelleria")
	st.admin, st.educator, st.worker = st.Operator(t, st.body, "tenant_admin"), st.Operator(t, st.body, "educator"), st.Operator(t, st.body, "social_worker")
	everybody := []policies.Relation{policies.Body, policies.Emergency}
	st.deps.Platform.Sights.Add(modules.Module{Essential: true}, modules.Parts{Reach: func(context.Context, tenants.Scope) ([]modules.Reach, error) {
		return []modules.Reach{
			{Account: st.educator.Account, Relations: append([]policies.Relation{policies.Assigned}, everybody...), Cases: 4}, {Relations: everybody, Cases: 10},
		}, nil
	}})
	st.service = rights.NewService(st.deps)
	return st
}

var (
	health  = policies.Rule{Role: "educator", Relation: policies.Assigned, Object: "health", Action: policies.Read, Effect: policies.Allow}
	noDiary = policies.Rule{Role: "educator", Relation: policies.Assigned, Object: "diary", Action: policies.Read, Effect: policies.Deny}
	noWrite = policies.Rule{Role: "educator", Relation: policies.Assigned, Object: "diary", Action: policies.Write, Effect: policies.Deny}
)

// drafted saves lines as the draft and reads what they would do.
func (st *stage) drafted(t *testing.T, lines ...policies.Rule) rights.Preview {
	t.Helper()
	draft, err := st.service.GetDraft(t.Context(), st.admin)
	failOn(t, err)
	failOn(t, st.service.SaveDraft(t.Context(), st.admin, draft.Version, lines))
	p, err := st.service.GetPreview(t.Context(), st.admin)
	failOn(t, err)
	return p
}

func (st *stage) apply(t *testing.T, p rights.Preview) error {
	t.Helper()
	_, err := st.service.Apply(t.Context(), st.admin, rights.Consent{Consent: modules.Consent{Mark: p.Mark, Acknowledged: true}, Reason: "Nuovo protocollo"})
	return err
}

func (st *stage) reads(section string) bool {
	return st.deps.Policies.Allows(st.educator, policies.Assigned, section, policies.Read)
}

func TestAChangeHoldsOnceItIsApplied(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	p := st.drafted(t, health, noDiary, noWrite)
	if st.reads("health") || !st.reads("diary") {
		t.Fatal("a draft holds before it is applied")
	}
	var gains []string
	for _, c := range p.Changes {
		gains = append(gains, map[bool]string{true: "+", false: "-"}[c.Gained]+c.Section+" "+c.Action)
		if c.Account != st.educator.Account || c.Cases != 4 || c.Bond != policies.Assigned {
			t.Errorf("%+v", c)
		}
	}
	if diff := cmp.Diff([]string{"+health read", "-diary read", "-diary write"}, gains); diff != "" {
		t.Errorf("who gains and who loses (-want +got):\n%s", diff)
	}
	for what, c := range map[string]rights.Consent{
		"motivo": {Consent: modules.Consent{Mark: p.Mark, Acknowledged: true}, Reason: "  no "}, "visto": {Consent: modules.Consent{Mark: p.Mark}, Reason: "Nuovo protocollo"},
	} {
		_, err := st.service.Apply(ctx, st.admin, c)
		if !problem.Is(err, problem.Invalid) || problem.Of(err).Fields[0].Name != what {
			t.Errorf("without %s: %v", what, err)
		}
	}
	_, err := st.service.Apply(ctx, st.admin, rights.Consent{Consent: modules.Consent{Mark: "x", Acknowledged: true}, Reason: "Nuovo protocollo"})
	wantKind(t, err, problem.Conflict)
	failOn(t, st.apply(t, p))
	if !st.reads("health") || st.reads("diary") {
		t.Error("what is applied does not hold")
	}
	wantKind(t, st.apply(t, p), problem.NotFound) // a second submit

	// history and the way back
	changes, err := st.service.FindChanges(ctx, st.admin)
	failOn(t, err)
	if len(changes) != 1 || changes[0].Number != 1 || changes[0].By != st.admin.Name || changes[0].Reason != "Nuovo protocollo" || len(changes[0].Lines) != 3 || len(changes[0].Changes) != 3 {
		t.Fatalf("the history is %+v", changes)
	}
	failOn(t, st.service.Undo(ctx, st.admin, changes[0].ID))
	wantKind(t, st.service.Undo(ctx, st.admin, changes[0].ID), problem.Conflict) // there is a draft
	back, err := st.service.GetPreview(ctx, st.admin)
	failOn(t, err)
	failOn(t, st.apply(t, back))
	if st.reads("health") || !st.reads("diary") || len(st.deps.Policies.Now().Own(st.body.ID)) != 0 {
		t.Error("the way back does not lead back")
	}
	wantKind(t, st.service.Undo(ctx, st.admin, changes[0].ID), problem.Conflict) // nothing is left to undo
	wantKind(t, st.service.Undo(ctx, st.admin, uuid.New()), problem.NotFound)
	var actions []string
	rows, err := st.Owner.Query(ctx, `select action from audit.events where tenant_id = $1 and action like 'rule.%' and action <> 'rule.compare' order by at`, st.body.ID)
	failOn(t, err)
	for rows.Next() {
		var action string
		failOn(t, rows.Scan(&action))
		actions = append(actions, action)
	}
	if diff := cmp.Diff([]string{"rule.draft", "rule.apply", "rule.draft", "rule.apply"}, actions); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
}

// A change that opens or shuts no case is told too: what the registry and the desk show of everybody, and what people may do.
func TestAChangeWithoutCasesIsTold(t *testing.T) {
	st := newStage(t)
	for _, rule := range []policies.Rule{
		{Role: "educator", Relation: policies.Body, Object: "identity", Action: policies.Read, Effect: policies.Allow},
		{Role: "educator", Relation: policies.Body, Object: "access_rule", Action: "read", Effect: policies.Allow},
	} {
		p := st.drafted(t, rule)
		if len(p.Changes) != 1 || p.Changes[0].Account != st.educator.Account || !p.Changes[0].Gained {
			t.Errorf("by %+v gain and lose: %+v", rule, p.Changes)
		}
	}
}

func TestAFailingVectorRefusesAChange(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	vector := policies.Vector{Role: "educator", Relation: policies.Assigned, Object: "health", Action: policies.Read}
	failOn(t, st.service.AddVector(ctx, st.admin, uuid.New(), vector))
	failOn(t, st.service.AddVector(ctx, st.admin, uuid.New(), vector)) // again
	found, err := st.service.FindVectors(ctx, st.admin)
	failOn(t, err)
	if len(found) != 1 || !found[0].Holds {
		t.Fatalf("vectors: %+v", found)
	}
	p := st.drafted(t, health)
	if diff := cmp.Diff([]policies.Vector{vector}, p.Failing); diff != "" {
		t.Errorf("failing (-want +got):\n%s", diff)
	}
	err = st.apply(t, p)
	if !problem.Is(err, problem.Conflict) || problem.Of(err).Message.Key != "onboarding.rights.error.vector" || st.reads("health") {
		t.Errorf("a change that fails a vector: %v", err)
	}
	failOn(t, st.service.RemoveVector(ctx, st.admin, found[0].ID))
	wantKind(t, st.service.RemoveVector(ctx, st.admin, found[0].ID), problem.NotFound)
	p, err = st.service.GetPreview(ctx, st.admin)
	failOn(t, err)
	failOn(t, st.apply(t, p))

	// One that fails already is taken, and refuses every change that does not mend it.
	failOn(t, st.service.AddVector(ctx, st.admin, uuid.New(), vector))
	if p = st.drafted(t, noDiary, noWrite); len(p.Failing) != 1 {
		t.Errorf("failing: %+v", p.Failing)
	}
	none := health
	none.Effect = ""
	if p = st.drafted(t, none); len(p.Failing) != 0 {
		t.Errorf("failing although it is mended: %+v", p.Failing)
	}
	failOn(t, st.apply(t, p))
}

// A change by which more of case files is read waits for the data protection officer, whoever holds the role; one that takes away does not.
func TestWhatWidensReadingIsLookedAt(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	dpo := st.Operator(t, st.body, "dpo")
	duties := func() int {
		found, err := rights.Duties(st.service)[0].Find(ctx, dpo)
		failOn(t, err)
		return len(found)
	}
	failOn(t, st.apply(t, st.drafted(t, noDiary, noWrite)))
	changes, err := st.service.FindChanges(ctx, dpo)
	failOn(t, err)
	if duties() != 0 || changes[0].Widens {
		t.Error("what takes away is to be looked at")
	}
	wantKind(t, st.service.Review(ctx, dpo, changes[0].ID), problem.NotFound)
	nobodys := policies.Rule{Role: "psychologist", Relation: policies.Team, Object: "health", Action: policies.Read, Effect: policies.Allow} // nobody holds it yet
	for i, rule := range []policies.Rule{health, nobodys} {
		failOn(t, st.apply(t, st.drafted(t, rule)))
		if duties() != 1 {
			t.Errorf("%d: nobody is told", i)
		}
		if changes, err = st.service.FindChanges(ctx, dpo); err != nil || !changes[0].Widens || changes[0].ReviewedBy != "" {
			t.Errorf("%d: %+v, %v", i, changes[0], err)
		}
		wantKind(t, st.service.Review(ctx, st.admin, changes[0].ID), problem.Conflict)
		for what, as := range map[string][2]tenants.Scope{"by who applied it": {st.admin, st.admin}, "in the name of somebody else": {st.admin, dpo}} {
			if err := st.DB.InTx(ctx, as[0], func(tx tenants.Tx) error {
				_, err := tx.Exec(ctx, `insert into onboarding.rule_reviews (change_id, account_id, account_name) values ($1, $2, 'Prova')`, changes[0].ID, as[1].Account)
				return err
			}); err == nil {
				t.Errorf("%d: the database takes a look %s", i, what)
			}
		}
		failOn(t, st.service.Review(ctx, dpo, changes[0].ID))
		failOn(t, st.service.Review(ctx, dpo, changes[0].ID))
		if changes, err = st.service.FindChanges(ctx, dpo); err != nil || changes[0].ReviewedBy != dpo.Name || duties() != 0 {
			t.Errorf("%d, looked at: %+v, %v", i, changes[0], err)
		}
	}
	var told int
	failOn(t, st.Owner.QueryRow(ctx, `select count(*) from audit.events where tenant_id = $1 and action = 'rule.review'`, st.body.ID).Scan(&told))
	if told != 2 {
		t.Errorf("%d events", told)
	}
}

// TestTheFloor tries to save what no body's rule may say.
func TestTheFloor(t *testing.T) {
	st := newStage(t)
	for key, r := range map[string]policies.Rule{
		"onboarding.rights.error.configures": {Role: "tenant_admin", Relation: policies.Body, Object: "case", Action: "read", Effect: policies.Allow},
		"onboarding.rights.error.guest":      {Role: "educator", Relation: policies.Guest, Object: "diary", Action: policies.Read, Effect: policies.Allow},
		"onboarding.rights.error.write_only": {Role: "educator", Relation: policies.Assigned, Object: "diary", Action: policies.Read, Effect: policies.Deny},
		"onboarding.rights.error.unknown":    {Role: "educator", Relation: policies.Body, Object: "moon", Action: policies.Read, Effect: policies.Allow},
	} {
		err := st.service.SaveDraft(t.Context(), st.admin, 0, []policies.Rule{r})
		if !problem.Is(err, problem.Invalid) || problem.Of(err).Fields[0].Message.Key != key {
			t.Errorf("%+v: %v, want %s", r, err, key)
		}
	}
	// Nobody writes around the service: not a rule, not an applied change, not another body's.
	ctx := t.Context()
	for _, sql := range []string{
		`insert into platform.policy_rules (tenant_id, role, relation, object, action, effect) values ($1, 'educator', 'body', 'diary', 'read', 'allow')`,
		`insert into policies.rule_changes (tenant_id, id, state, number, lines, account_id, account_name) values ($1, gen_random_uuid(), 'applied', 9, '[]', gen_random_uuid(), 'x')`,
	} {
		if err := st.deps.DB.InTx(ctx, st.admin, func(tx tenants.Tx) error { _, err := tx.Exec(ctx, sql, st.body.ID); return err }); err == nil {
			t.Errorf("%s succeeds", sql)
		}
	}
	p := st.drafted(t, health)
	other := st.Operator(t, st.Body(t, "mazara"), "tenant_admin")
	err := st.deps.DB.InTx(ctx, other, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `select policies.apply_rules($1, $2, 0, 'x')`, p.ID, p.Version)
		return err
	})
	if err == nil {
		t.Error("another body applies the draft")
	}
}

func TestDraftsAreNotOverwritten(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	first := st.drafted(t, health)
	wantKind(t, st.service.SaveDraft(ctx, st.admin, 0, []policies.Rule{noDiary, noWrite}), problem.Conflict)
	second := st.drafted(t, noDiary, noWrite)
	if len(second.Lines) != 2 || second.Mark == first.Mark {
		t.Errorf("the second draft is %+v", second)
	}
	wantKind(t, st.apply(t, first), problem.Conflict) // it is not what was read
	wantKind(t, st.service.Discard(ctx, st.admin, first.Version), problem.Conflict)
	failOn(t, st.service.Discard(ctx, st.admin, second.Version))
	_, err := st.service.GetPreview(ctx, st.admin)
	wantKind(t, err, problem.NotFound)
	failOn(t, st.service.SaveDraft(ctx, st.admin, 0, []policies.Rule{{Role: "educator", Relation: policies.Assigned, Object: "diary", Action: policies.Read}}))
	if draft, err := st.service.GetDraft(ctx, st.admin); err != nil || draft.ID != uuid.Nil {
		t.Errorf("a draft that changes nothing is kept: %+v, %v", draft, err)
	}
}

func TestOneOfManyApplies(t *testing.T) {
	st := newStage(t)
	p := st.drafted(t, health)
	errs := make([]error, 12)
	var together sync.WaitGroup
	for i := range errs {
		together.Go(func() {
			_, errs[i] = st.service.Apply(t.Context(), st.admin, rights.Consent{Consent: modules.Consent{Mark: p.Mark, Acknowledged: true}, Reason: "Nuovo protocollo"})
		})
	}
	together.Wait()
	done := slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return err != nil })
	if len(done) != 1 {
		t.Errorf("%d of 12 applied: %v", len(done), errs)
	}
}

func failOn(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind problem.Kind) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Errorf("error is %v, want kind %v", err, kind)
	}
}
