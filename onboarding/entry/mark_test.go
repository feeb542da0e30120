package entry_test

import (
	"slices"
	"testing"

	"staffetta/onboarding/entry"
)

// changes is an answer that the co-worker gives anew.
func (c *crew) changes(t *testing.T) {
	t.Helper()
	form := c.added.visit(t, c.at+"/referente", nil).want(t, 200)
	c.added.visit(t, c.at+"/referente", form.fill("position", "Dirigente", "email", "ada@comune.example", "phone", "0923 695011",
		"act_number", "DD 12/2026", "act_date-giorno", "15", "act_date-mese", "1", "act_date-anno", "2026", "pec", contact().PEC)).want(t, 303)
}

func TestOnlyWhatWasReadBecomesABody(t *testing.T) {
	c := newCrew(t)
	read := c.starter.visit(t, c.at+"/verifica", nil).want(t, 200, "Manda il codice a protocollo@pec.comune.pantelleria.tp.it")
	c.starter.visit(t, c.at+"/codice", read.fill()).want(t, 303)
	asked, code := c.starter.visit(t, c.at+"/verifica", nil).want(t, 200, "Codice inviato", "Manda un nuovo codice"), c.delivered(t, contact().PEC)
	c.changes(t)
	again := c.starter.visit(t, c.at+"/attiva", asked.fill("code", code)).want(t, 409, "L’ente non è stato creato", "è cambiato: Referente e poteri.", "Dirigente")
	if bodies := c.texts(t, `select slug from platform.tenants where belfiore = 'G315'`); len(bodies) != 0 {
		t.Fatalf("there is %v", bodies)
	}
	// now it was read, and the code stood for other answers
	c.starter.visit(t, c.at+"/attiva", again.fill("code", code)).want(t, 422, "Le risposte sono cambiate da quando il codice")
	// a page that carries nothing has shown nothing
	c.starter.visit(t, c.at+"/codice", again.fill("seen", "")).want(t, 409, "L’ente non è stato creato")
	c.starter.visit(t, c.at+"/codice", again.fill()).want(t, 303)
	asked = c.starter.visit(t, c.at+"/verifica", nil).want(t, 200)
	c.starter.visit(t, c.at+"/attiva", asked.fill("code", c.delivered(t, contact().PEC))).want(t, 303)
	if e := c.get(t, c.ada, c.entry); e.State != entry.Live {
		t.Errorf("the entry is %s", e.State)
	}
}

func TestTheAPITakesOnlyWhatWasRead(t *testing.T) {
	c := newCrew(t)
	mark := func() string {
		_, e := c.starter.call(t, "GET", c.call, "")
		text, _ := e["mark"].(string)
		return text
	}
	read := mark()
	c.changes(t)
	for _, path := range []string{"/codes", "/activation"} {
		if status, answer := c.starter.call(t, "POST", c.call+path, "{}", "If-Match", read); status != 409 {
			t.Fatalf("what was not read passes %s: %d, %v", path, status, answer)
		}
	}
	if status, answer := c.starter.call(t, "POST", c.call+"/codes", "", "If-Match", `"`+mark()+`"`); status != 200 || answer["code"].(map[string]any)["tries_left"] != 5.0 {
		t.Errorf("no code for what was read: %d, %v", status, answer)
	}
	code := `{"code":"` + c.delivered(t, contact().PEC) + `"}`
	if status, answer := c.starter.call(t, "POST", c.call+"/activation", code, "If-Match", `"`+mark()+`"`); status != 200 || answer["state"] != "live" {
		t.Errorf("what was read is not made: %d, %v", status, answer)
	}
}

func TestACutOffActivationIsResumedFromThePage(t *testing.T) {
	c := newCrew(t)
	code := c.code(t, c.ada, c.entry)
	check := c.starter.visit(t, c.at+"/verifica", nil).want(t, 200)
	c.exec(t, `alter table platform.memberships add constraint broken check (display_name <> 'Ada Valenza')`)
	c.starter.visit(t, c.at+"/attiva", check.fill("code", code)).want(t, 500)
	c.exec(t, `alter table platform.memberships drop constraint broken`)
	if e := c.get(t, c.ada, c.entry); e.State != entry.Activating {
		t.Fatalf("the entry is %s", e.State)
	}
	resume := c.starter.visit(t, c.at+"/verifica", nil).want(t, 200, "Concludi")
	c.starter.visit(t, c.at+"/attiva", resume.fill()).want(t, 303)
	// the page from before leads to the body, too
	c.starter.visit(t, c.at+"/attiva", check.fill()).want(t, 303)
}

func TestAMarkTellsWhichStepsChanged(t *testing.T) {
	st := newStage(t)
	ctx, s := t.Context(), st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	for _, c := range []struct {
		change func() error
		want   []entry.Step
	}{
		{func() error { return st.service.CorrectIPA(ctx, s, e.ID, e.BodyVersion, "c_pantel") }, []entry.Step{entry.BodyStep}},
		{func() error {
			other := contact()
			other.Phone = "0923 000000"
			return st.service.SaveContact(ctx, s, e.ID, e.ContactVersion, other)
		}, []entry.Step{entry.ContactStep}},
		{func() error { return nil }, nil},
	} {
		failOn(t, c.change())
		after := st.get(t, s, e.ID)
		if got := after.Mark().Since(e.Mark()); !slices.Equal(got, c.want) {
			t.Errorf("changed are %v, want %v", got, c.want)
		}
		e = after
	}
	if got := e.Mark().Since("x"); !slices.Equal(got, entry.Steps) {
		t.Errorf("since no mark, changed are %v", got)
	}
}
