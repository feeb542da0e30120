package entry_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/entry"
	"staffetta/tenants"
)

// members lists who holds which role in a body.
func (st *stage) members(t *testing.T, body int32) []string {
	t.Helper()
	return st.texts(t, `select display_name || ' ' || role from platform.memberships where tenant_id = $1 order by 1`, body)
}

func (st *stage) switched(t *testing.T, body int32) []string {
	t.Helper()
	return st.texts(t, `select module from platform.modules where tenant_id = $1 and active order by 1`, body)
}

func TestABodyIsMade(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	live, err := st.goLive(t, s, e.ID)
	failOn(t, err)
	if live.State != entry.Live || live.Body == 0 {
		t.Fatalf("the entry is %+v", live)
	}
	body, _, err := st.deps.Bodies.BySlug("c_g315") // known at once
	failOn(t, err)
	want := tenants.Tenant{
		ID: live.Body, Slug: "c_g315", IPA: "c_g315", Name: "Comune di Pantelleria", Kind: tenants.Municipality, State: tenants.Entering,
		ISTAT: "081014", Belfiore: "G315", PEC: "protocollo@pec.comune.pantelleria.tp.it", Switched: map[string]bool{},
	}
	for _, m := range manifests() {
		want.Switched[string(m.ID)] = true
	}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Ada Valenza tenant_admin"}, st.members(t, body.ID)); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	// the account of the login is the account of the administrator
	if account := st.texts(t, `select distinct account_id::text from platform.memberships where role = 'tenant_admin' and tenant_id = $1`, body.ID); !slices.Equal(account, []string{s.Account.String()}) {
		t.Errorf("the administrator's account is %v, want %s", account, s.Account)
	}
	again, err := st.goLive(t, s, e.ID)
	failOn(t, err)
	if again.Body != live.Body {
		t.Errorf("the second submit leads to body %d", again.Body)
	}
	if events := st.texts(t, `select payload ->> 'body' from audit.events where action = 'entry.activate'`); len(events) != 1 {
		t.Errorf("activations in the audit: %v", events)
	}
	wantKind(t, st.service.SaveContact(ctx, s, e.ID, 1, entry.Contact{}), problem.Conflict)
	wantKind(t, st.service.ChooseMunicipality(ctx, s, e.ID, 1, mazara), problem.Conflict)
}

func TestNothingIsMadeHalf(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	failOn(t, st.service.ChooseMunicipality(ctx, s, e.ID, 0, pantelleria))
	for _, err := range []error{
		st.service.SendCode(ctx, s, e.ID, st.get(t, s, e.ID).Mark()), second(st.service.Activate(ctx, s, e.ID, st.get(t, s, e.ID).Mark(), "x")),
	} {
		wantKind(t, err, problem.Conflict)
		if got := problem.Of(err).Message.Key; got != "onboarding.error.incomplete" {
			t.Errorf("message %s", got)
		}
	}
	failOn(t, st.service.SaveContact(ctx, s, e.ID, 0, contact()))

	// the last thing of the transaction fails: nothing of it stays
	st.exec(t, `alter table platform.memberships add constraint broken check (display_name <> 'Ada Valenza')`)
	if _, err = st.goLive(t, s, e.ID); err == nil {
		t.Fatal("a broken transaction succeeds")
	}
	if left := st.texts(t, `select slug from platform.tenants where belfiore is not null`); len(left) != 0 {
		t.Errorf("bodies are left: %v", left)
	}
	if got := st.get(t, s, e.ID); got.State != entry.Activating {
		t.Errorf("the entry is %s", got.State)
	}
	wantKind(t, st.service.SaveContact(ctx, s, e.ID, 1, contact()), problem.Conflict) // it is going live
	st.exec(t, `alter table platform.memberships drop constraint broken`)
	live, err := st.goLive(t, s, e.ID)
	if err != nil || live.State != entry.Live {
		t.Errorf("%s, %v", live.State, err)
	}
}

func TestAnEntryIsResumedAfterTheBodyWasMade(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	live, err := st.goLive(t, s, e.ID)
	failOn(t, err)
	// as if the program had died before the entry was told
	st.exec(t, `update onboarding.entries set state = 'activating', body_id = null where id = $1`, e.ID)
	before := st.members(t, live.Body)
	again, err := entry.NewService(st.deps).Activate(t.Context(), s, e.ID, e.Mark(), "")
	failOn(t, err)
	if again.State != entry.Live || again.Body != live.Body {
		t.Errorf("resumed: %s, body %d, want %d", again.State, again.Body, live.Body)
	}
	if diff := cmp.Diff(before, st.members(t, live.Body)); diff != "" {
		t.Errorf("members changed:\n%s", diff)
	}
}

func TestOneOfTwoEntriesWins(t *testing.T) {
	st := newStage(t)
	ada, carla := st.newcomer(t, "Ada Valenza", adaCode), st.newcomer(t, "Carla Bonomo", otherOne)
	for _, istat := range []string{pantelleria, mazara, marsala, petrosino} {
		entries := []entry.Entry{st.filled(t, ada, istat), st.filled(t, carla, istat)}
		scopes := []tenants.Scope{ada, carla}
		codes := []string{st.code(t, ada, entries[0].ID), st.code(t, carla, entries[1].ID)}
		errs := make([]error, 2)
		var together sync.WaitGroup
		for i := range entries {
			together.Go(func() {
				_, errs[i] = st.service.Activate(t.Context(), scopes[i], entries[i].ID, entries[i].Mark(), codes[i])
			})
		}
		together.Wait()
		winner := slices.Index(errs, nil)
		if winner < 0 || errs[1-winner] == nil {
			t.Fatalf("%s: errors are %v, want exactly one", istat, errs)
		}
		lost := errs[1-winner]
		if p := problem.Of(lost); p.Kind != problem.Conflict || p.Message.Key != "onboarding.error.taken" {
			t.Errorf("%s: the other is told %v", istat, lost)
		}
		if got := st.get(t, scopes[1-winner], entries[1-winner].ID); got.State != entry.Open {
			t.Errorf("%s: the entry of the other is %s", istat, got.State)
		}
		belfiore := entries[0].Belfiore
		if bodies := st.texts(t, `select state from platform.tenants where belfiore = $1`, belfiore); !slices.Equal(bodies, []string{"entering"}) {
			t.Errorf("%s: bodies are %v", istat, bodies)
		}
	}
}

func TestTwoSubmitsOfOneEntry(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	bodies, errs, code := make([]int32, 4), make([]error, 4), st.code(t, s, e.ID)
	var together sync.WaitGroup
	for i := range bodies {
		together.Go(func() {
			live, err := st.service.Activate(t.Context(), s, e.ID, e.Mark(), code)
			bodies[i], errs[i] = live.Body, err
		})
	}
	together.Wait()
	for i := range bodies {
		if errs[i] != nil || bodies[i] != bodies[0] || bodies[i] == 0 {
			t.Errorf("submit %d: body %d, %v", i, bodies[i], errs[i])
		}
	}
	if events := st.texts(t, `select 'one' from audit.events where action = 'entry.activate'`); len(events) != 1 {
		t.Errorf("activations in the audit: %v", events)
	}
}

func TestEnterWithoutTheWizard(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	arrival := entry.Arrival{
		ISTAT: marsala, TaxCode: "00139550818", PEC: "protocollo@pec.comune.marsala.tp.it", Modules: []modules.ID{"assessment", "practice"},
		Users: []entry.Person{
			{Name: "Maria Errera", TaxCode: strings.ToLower(marCode), Roles: []string{"tenant_admin"}},
			{Name: "Livia Culoma", TaxCode: livCode, Roles: []string{"coordinator", "practice_owner"}},
		},
	}
	body, err := entry.Enter(ctx, st.deps, arrival)
	failOn(t, err)
	if body.Slug != "c_e974" || body.State != tenants.Active || body.TaxCode != arrival.TaxCode || body.PEC != arrival.PEC {
		t.Errorf("the body is %+v", body)
	}
	if diff := cmp.Diff([]string{"assessment", "casefile", "kit", "onboarding", "practice", "registry"}, st.switched(t, body.ID)); diff != "" {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Livia Culoma coordinator", "Livia Culoma practice_owner", "Maria Errera tenant_admin"}, st.members(t, body.ID)); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	again, err := entry.Enter(ctx, st.deps, arrival)
	if err != nil || again.ID != body.ID {
		t.Errorf("again: %d, %v", again.ID, err)
	}
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, mazara)
	live, err := st.goLive(t, s, e.ID)
	failOn(t, err)
	arrival.ISTAT = mazara
	entered, err := entry.Enter(ctx, st.deps, arrival)
	if err != nil || entered.ID != live.Body || entered.State != tenants.Entering || len(st.members(t, live.Body)) != 1 {
		t.Errorf("a body of the wizard: %d, %v", entered.ID, err)
	}
	for name, change := range map[string]func(*entry.Arrival){
		"no municipality":  func(a *entry.Arrival) { a.ISTAT = "000000" },
		"unknown module":   func(a *entry.Arrival) { a.Modules = []modules.ID{"casino"} },
		"no administrator": func(a *entry.Arrival) { a.Users = a.Users[1:] },
		"bad code": func(a *entry.Arrival) {
			a.Users = []entry.Person{{Name: "X", TaxCode: wrongCheck(marCode), Roles: []string{"tenant_admin"}}}
		},
	} {
		wrong := arrival
		wrong.ISTAT = petrosino
		change(&wrong)
		if _, err := entry.Enter(ctx, st.deps, wrong); err == nil {
			t.Errorf("%s: it enters", name)
		}
	}
	if left := st.texts(t, `select slug from platform.tenants where belfiore = 'M281'`); len(left) != 0 {
		t.Errorf("a refused arrival leaves %v", left)
	}
}
