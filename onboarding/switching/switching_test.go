package switching_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/switching"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// manifests are the console's and three that a body can do without, of which one requires another.
func manifests() []modules.Module {
	named := func(id modules.ID, requires ...modules.ID) modules.Module {
		return modules.Module{
			ID: id, Title: language.Text{It: string(id), En: string(id)}, Requires: requires,
			Permissions: []policies.Permission{{Object: string(id), Verb: "read", Label: language.Text{It: "Leggere " + string(id), En: "Read " + string(id)}}},
			Grants:      []policies.RoleGrant{{Role: "social_worker", Permissions: []string{string(id) + ":read"}}},
		}
	}
	return []modules.Module{
		named("desk"), named("letters", "desk"), named("guide"),
		{ID: "ledger", Title: language.Text{It: "Registro", En: "Ledger"}, Essential: true, Requires: []modules.ID{"desk"}},
		onboarding.Module(),
	}
}

// stage is a body in which all modules are on, with an administrator and two social workers.
type stage struct {
	*moduletest.Stage
	service *switching.Service
	body    tenants.Tenant
	admin   tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t, manifests()...)}
	st.body = st.On(t, "pantelleria", "desk", "letters", "guide")
	st.admin = st.Operator(t, st.body, "tenant_admin")
	st.Operator(t, st.body, "social_worker")
	st.Operator(t, st.body, "social_worker")
	st.service = switching.NewService(st.Deps)
	return st
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (st *stage) on(t *testing.T, id modules.ID) bool {
	t.Helper()
	m, err := st.service.Get(st.admin, id)
	fatal(t, err)
	return m.On
}

// turn turns a module on or off, having read what that does.
func (st *stage) turn(t *testing.T, id modules.ID, on bool) error {
	t.Helper()
	c, err := st.service.Compare(t.Context(), st.admin, id, on)
	fatal(t, err)
	return st.service.Switch(t.Context(), st.admin, switching.Order{
		Module: id, On: on, Reason: "Prova", Consent: modules.Consent{Mark: c.Mark, Acknowledged: true},
	})
}

// What requires a module goes with it, and comes back with what it requires.
func TestModulesGoTogether(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	c, err := st.service.Compare(t.Context(), st.admin, "desk", false)
	fatal(t, err)
	var ids []modules.ID
	for _, m := range c.Modules {
		ids = append(ids, m.ID)
	}
	if diff := cmp.Diff([]modules.ID{"desk", "letters"}, ids); diff != "" {
		t.Error(diff)
	}
	for _, a := range c.Actions {
		if a.People != 2 {
			t.Errorf("%s is for %d people", a.Permission, a.People)
		}
	}
	fatal(t, st.turn(t, "desk", false))
	if st.on(t, "desk") || st.on(t, "letters") || !st.on(t, "guide") {
		t.Error("others are on and off")
	}
	fatal(t, st.turn(t, "letters", true))
	if !st.on(t, "desk") || !st.on(t, "letters") {
		t.Error("it came back without what it requires")
	}
	var told int
	fatal(t, st.Owner.QueryRow(t.Context(), `select count(*) from audit.events where tenant_id = $1 and action = 'module.switch'`, st.body.ID).Scan(&told))
	if told != 2 {
		t.Errorf("%d events", told)
	}
}

// Nobody turns off what they have not read, or what is another thing by now; nothing essential; nothing without a reason.
func TestWhoSwitchesHasRead(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	c, err := st.service.Compare(t.Context(), st.admin, "desk", false)
	fatal(t, err)
	read := modules.Consent{Mark: c.Mark, Acknowledged: true}
	for name, try := range map[string]struct {
		order switching.Order
		want  problem.Kind
	}{
		"unread":    {switching.Order{Module: "desk", Reason: "Prova", Consent: modules.Consent{Mark: c.Mark}}, problem.Invalid},
		"no reason": {switching.Order{Module: "desk", Consent: read}, problem.Invalid},
		"other":     {switching.Order{Module: "guide", Reason: "Prova", Consent: read}, problem.Conflict},
		"standing":  {switching.Order{Module: "desk", On: true, Reason: "Prova", Consent: read}, problem.Conflict},
		"essential": {switching.Order{Module: "ledger", Reason: "Prova", Consent: read}, problem.NotFound},
		"unknown":   {switching.Order{Module: "moon", Reason: "Prova", Consent: read}, problem.NotFound},
	} {
		if err := st.service.Switch(t.Context(), st.admin, try.order); !problem.Is(err, try.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	st.Operator(t, st.body, "social_worker")
	if err := st.service.Switch(t.Context(), st.admin, switching.Order{Module: "desk", Reason: "Prova", Consent: read}); !modules.IsStale(err) {
		t.Errorf("one more uses it: %v", err)
	}
	if !st.on(t, "desk") || !st.on(t, "guide") {
		t.Error("a refused decision turned something off")
	}
}

// Two administrators at once: whatever wins, no module is on without what it requires.
func TestTwoAdministratorsAtOnce(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	fatal(t, st.turn(t, "letters", false))
	off, err := st.service.Compare(t.Context(), st.admin, "desk", false)
	fatal(t, err)
	on, err := st.service.Compare(t.Context(), st.admin, "letters", true)
	fatal(t, err)
	done := make(chan error)
	for _, order := range []switching.Order{
		{Module: "desk", Reason: "Uno", Consent: modules.Consent{Mark: off.Mark, Acknowledged: true}},
		{Module: "letters", On: true, Reason: "Due", Consent: modules.Consent{Mark: on.Mark, Acknowledged: true}},
	} {
		go func() { done <- st.service.Switch(t.Context(), st.admin, order) }()
	}
	won := 0
	for _, err := range []error{<-done, <-done} {
		if err == nil {
			won++
		} else if !problem.Is(err, problem.Conflict) {
			t.Errorf("refused with %v", err)
		}
	}
	if won == 0 || st.on(t, "letters") && !st.on(t, "desk") {
		t.Errorf("%d won; letters %v, desk %v", won, st.on(t, "letters"), st.on(t, "desk"))
	}
}

// What a body turns off stays on for others.
func TestABodySwitchesForItselfAlone(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	other := st.On(t, "mazara", "guide")
	fatal(t, st.turn(t, "guide", false))
	if after, err := st.Deps.Bodies.ByID(other.ID); err != nil || !after.Has("guide") || st.on(t, "guide") {
		t.Errorf("%v, the other has it: %v", err, after.Has("guide"))
	}
}
