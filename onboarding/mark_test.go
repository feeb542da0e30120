package onboarding_test

import (
	"slices"
	"testing"

	"staffetta/modules"
	"staffetta/onboarding"
)

// joins is a new user of Maria's, as the co-worker sends it.
func (c *crew) joins(t *testing.T) {
	t.Helper()
	users := c.added.visit(t, c.at+"/utenti", nil).want(t, 200)
	c.added.visit(t, c.at+"/utenti", users.fill("name", "Maria Errera", "tax_code", marCode, "roles", "tenant_admin")).want(t, 303)
}

func TestOnlyWhatWasReadGoesLive(t *testing.T) {
	c := newCrew(t)
	read := c.starter.visit(t, c.at+"/verifica", nil).want(t, 200, "Livia Culoma").lacksPerson(t, "Maria Errera")
	c.joins(t)
	again := c.starter.visit(t, c.at+"/attiva", read.fill()).want(t, 409, "L’ente non è stato attivato", "è cambiato: Utenti e ruoli.", "Maria Errera", "Attiva l’ente")
	if bodies := c.texts(t, `select slug from platform.tenants where belfiore = 'G315'`); len(bodies) != 0 {
		t.Fatalf("live is %v", bodies)
	}
	if e := c.get(t, c.ada, c.entry); e.State != onboarding.Open {
		t.Errorf("the entry is %s", e.State)
	}
	// a page that carries nothing has shown nothing
	c.starter.visit(t, c.at+"/attiva", read.fill("seen", "")).want(t, 409, "L’ente non è stato attivato")
	// now it was read
	c.starter.visit(t, c.at+"/attiva", again.fill()).want(t, 303)
	want := []string{"Ada Valenza practice_owner", "Ada Valenza tenant_admin", "Livia Culoma social_worker", "Maria Errera tenant_admin"}
	if got := c.members(t, c.get(t, c.ada, c.entry).Body); !slices.Equal(got, want) {
		t.Errorf("members are %v", got)
	}
}

// lacksPerson is lacks, for a page that goes on.
func (a answer) lacksPerson(t *testing.T, name string) answer {
	t.Helper()
	a.lacks(t, name)
	return a
}

func TestTheAPITakesOnlyWhatWasRead(t *testing.T) {
	c := newCrew(t)
	mark := func() string {
		_, e := c.starter.call(t, "GET", c.call, "")
		text, _ := e["mark"].(string)
		return text
	}
	read := mark()
	c.joins(t)
	if status, answer := c.starter.call(t, "POST", c.call+"/activation", "", "If-Match", read); status != 409 {
		t.Fatalf("what was not read goes live: %d, %v", status, answer)
	}
	if status, answer := c.starter.call(t, "POST", c.call+"/activation", "", "If-Match", `"`+mark()+`"`); status != 200 || answer["state"] != "live" {
		t.Errorf("what was read does not go live: %d, %v", status, answer)
	}
}

func TestACutOffActivationIsResumedFromThePage(t *testing.T) {
	c := newCrew(t)
	check := c.starter.visit(t, c.at+"/verifica", nil).want(t, 200)
	c.exec(t, `alter table platform.memberships add constraint broken check (display_name <> 'Ada Valenza')`)
	c.starter.visit(t, c.at+"/attiva", check.fill()).want(t, 500)
	c.exec(t, `alter table platform.memberships drop constraint broken`)
	if e := c.get(t, c.ada, c.entry); e.State != onboarding.Activating {
		t.Fatalf("the entry is %s", e.State)
	}
	resume := c.starter.visit(t, c.at+"/verifica", nil).want(t, 200, "Concludi l’attivazione")
	c.starter.visit(t, c.at+"/attiva", resume.fill()).want(t, 303)
	// the page from before leads to the body, too
	c.starter.visit(t, c.at+"/attiva", check.fill()).want(t, 303)
}

func TestAMarkTellsWhichStepsChanged(t *testing.T) {
	st := newStage(t)
	ctx, s := t.Context(), st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	kit, _ := st.kit(t, "1.0.0")
	for _, c := range []struct {
		change func() error
		want   []onboarding.Step
	}{
		{func() error { return st.service.CorrectIPA(ctx, s, e.ID, e.BodyVersion, "c_pantel") }, []onboarding.Step{onboarding.BodyStep}},
		{func() error {
			other := contact()
			other.Phone = "0923 000000"
			return st.service.SaveContact(ctx, s, e.ID, e.ContactVersion, other)
		}, []onboarding.Step{onboarding.ContactStep}},
		{func() error {
			_, err := st.service.SaveChoice(ctx, s, e.ID, e.ChoiceVersion, onboarding.Choice{Modules: []modules.ID{"assessment"}, Kit: kit})
			return err
		}, []onboarding.Step{onboarding.ChoiceStep}},
		{func() error { return st.service.RemoveUser(ctx, s, e.ID, e.Users[1].ID) }, []onboarding.Step{onboarding.UsersStep}},
		{func() error { return nil }, nil},
	} {
		failOn(t, c.change())
		after := st.get(t, s, e.ID)
		if got := after.Mark().Since(e.Mark()); !slices.Equal(got, c.want) {
			t.Errorf("changed are %v, want %v", got, c.want)
		}
		e = after
	}
	if got := e.Mark().Since("x"); !slices.Equal(got, onboarding.Steps) {
		t.Errorf("since no mark, changed are %v", got)
	}
}
