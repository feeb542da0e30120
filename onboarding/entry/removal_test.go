package entry_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/onboarding/entry"
	"staffetta/tenants"
)

// crew is a filled entry of Ada's at which Maria works, too; Carla has one of her own.
type crew struct {
	*stage
	entry             uuid.UUID
	at, call          string // the entry among the pages, and in the API
	ada, maria, carla tenants.Scope
	starter, added    *site
}

func newCrew(t *testing.T) *crew {
	t.Helper()
	st := newStage(t)
	c := &crew{stage: st, ada: st.newcomer(t, "Ada Valenza", adaCode), maria: st.newcomer(t, "Maria Errera", marCode), carla: st.newcomer(t, "Carla Bonomo", otherOne)}
	c.entry = st.filled(t, c.ada, pantelleria).ID
	st.filled(t, c.carla, mazara)
	c.let(t)
	c.at, c.call = "/attivazione/"+c.entry.String(), "/entries/"+c.entry.String()
	c.starter, c.added = newSite(t, st, c.ada), newSite(t, st, c.maria)
	return c
}

// let lets Maria in.
func (c *crew) let(t *testing.T) {
	t.Helper()
	failOn(t, c.service.AddPerson(t.Context(), c.ada, c.entry, entry.NewParticipant{Name: "Maria Errera", TaxCode: marCode}))
}

func (c *crew) removal(who tenants.Scope) string {
	return c.at + "/persone/" + who.Account.String() + "/rimuovi"
}

// told are the removals in the entry's audit: who did what to whom.
func (c *crew) told(t *testing.T) []string {
	t.Helper()
	return c.texts(t, `select actor_name || ' ' || action || ' ' || (payload ->> 'account') from audit.events
		where object_id = $1 and action in ('entry.remove_person', 'entry.leave') order by at`, c.entry)
}

// wantGone wants every page and operation of the entry to be none that exists for Maria.
func (c *crew) wantGone(t *testing.T) {
	t.Helper()
	for _, path := range []string{"", "/ente", "/referente", "/verifica", "/fatto", "/persone", "/persone/" + c.maria.Account.String() + "/rimuovi"} {
		c.added.visit(t, c.at+path, nil).want(t, 404)
	}
	for _, path := range []string{"/ente", "/ente/ipa", "/referente", "/codice", "/attiva", "/persone", "/persone/" + c.ada.Account.String() + "/rimuovi"} {
		c.added.visit(t, c.at+path, url.Values{}).want(t, 404)
	}
	for _, call := range [][3]string{
		{"GET", "", ""},
		{"GET", "/people", ""},
		{"POST", "/people", `{"name":"Carla Bonomo","tax_code":"` + otherOne + `"}`},
		{"DELETE", "/people/" + c.maria.Account.String(), ""},
		{"DELETE", "/people/" + c.ada.Account.String(), ""},
		{"POST", "/activation", "{}"},
		{"POST", "/codes", ""},
	} {
		if status, answer := c.added.call(t, call[0], c.call+call[1], call[2], "If-Match", "any"); status != 404 {
			t.Errorf("%s %s answers %d to who was removed: %v", call[0], call[1], status, answer)
		}
	}
	if mine, err := c.service.Find(t.Context(), c.maria); err != nil || len(mine) != 0 {
		t.Errorf("who was removed finds %d entries, %v", len(mine), err)
	}
}

// lacks wants none of the texts on the page.
func (a answer) lacks(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("the page has %q", text)
		}
	}
}

func TestTheStarterRemovesSomebody(t *testing.T) {
	c := newCrew(t)
	list := c.starter.visit(t, c.at+"/persone", nil).want(t, 200, "Maria Errera", `href="`+c.removal(c.maria)+`"`, "Aggiungi la persona")
	list.lacks(t, c.removal(c.ada))
	c.added.visit(t, c.at, nil).want(t, 200)
	confirm := c.starter.visit(t, c.removal(c.maria), nil).want(t, 200, "Togliere Maria Errera dall’attivazione?", "Da subito non vede più", "Comune di Pantelleria", `href="`+c.at+`/persone"`)
	c.added.visit(t, c.at, nil).want(t, 200) // asking removes nobody
	for range 2 {                            // the second submit of the form, too
		if a := c.starter.visit(t, c.removal(c.maria), confirm.fill()).want(t, 303); a.to != c.at+"/persone" {
			t.Errorf("the removal leads to %s", a.to)
		}
	}
	c.wantGone(t)
	c.starter.visit(t, c.at+"/persone", nil).want(t, 200, "Persona tolta").lacks(t, "Maria Errera")
	c.starter.visit(t, c.removal(c.maria), nil).want(t, 404)
	if told := c.told(t); !slices.Equal(told, []string{"Ada Valenza entry.remove_person " + c.maria.Account.String()}) {
		t.Errorf("the audit says %v", told)
	}
	c.let(t) // and back again, with what was there
	c.added.visit(t, c.at, nil).want(t, 200, "Ada Valenza, Maria Errera")
}

func TestSomebodyLeaves(t *testing.T) {
	c := newCrew(t)
	c.added.visit(t, c.at+"/persone", nil).want(t, 200, `href="`+c.removal(c.maria)+`"`, "Lascia l’attivazione")
	confirm := c.added.visit(t, c.removal(c.maria), nil).want(t, 200, "Lasciare l’attivazione?", "Da subito non vedi più")
	if a := c.added.visit(t, c.removal(c.maria), confirm.fill()).want(t, 303); a.to != "/attivazione/mie" {
		t.Errorf("leaving leads to %s", a.to)
	}
	c.added.visit(t, "/attivazione/mie", nil).want(t, 200, "Hai lasciato l’attivazione", "Nessuna attivazione")
	c.wantGone(t)
	if told := c.told(t); !slices.Equal(told, []string{"Maria Errera entry.leave " + c.maria.Account.String()}) {
		t.Errorf("the audit says %v", told)
	}
}

func TestWhoWasAddedDecidesNothing(t *testing.T) {
	c := newCrew(t)
	third := c.newcomer(t, "Livia Culoma", livCode)
	failOn(t, c.service.AddPerson(t.Context(), c.ada, c.entry, entry.NewParticipant{Name: "Livia Culoma", TaxCode: livCode}))
	const people, live = "Solo chi ha iniziato l’attivazione può aggiungere o togliere persone", "Solo chi ha iniziato l’attivazione può chiedere il codice"

	// the pages say so and offer nothing that would be refused
	c.added.visit(t, c.at, nil).want(t, 200, "Solo chi ha iniziato l’attivazione (Ada Valenza) può", "Rileggi le risposte").lacks(t, "Aggiungi o togli", "Rileggi tutto e dimostra")
	c.added.visit(t, c.at+"/persone", nil).want(t, 200, "Solo chi ha iniziato l’attivazione (Ada Valenza) può").
		lacks(t, c.removal(c.ada), c.removal(third), "Aggiungi la persona", `name="tax_code"`)
	c.added.visit(t, c.at+"/verifica", nil).want(t, 200, live).lacks(t, c.at+"/attiva", c.at+"/codice", "Che cosa succede")
	c.starter.visit(t, c.at+"/verifica", nil).want(t, 200, `action="`+c.at+`/codice"`, "Manda il codice").lacks(t, live)

	// and each is refused
	c.added.visit(t, c.at+"/attiva", url.Values{}).want(t, 403, live)
	c.added.visit(t, c.at+"/codice", url.Values{}).want(t, 403, live)
	c.added.visit(t, c.at+"/persone", url.Values{"name": {"Carla Bonomo"}, "tax_code": {otherOne}}).want(t, 403, people)
	c.added.visit(t, c.at+"/persone", url.Values{}).want(t, 403, people)
	for _, other := range []tenants.Scope{c.ada, third, c.carla} {
		c.added.visit(t, c.removal(other), nil).want(t, 403, people)
		c.added.visit(t, c.removal(other), url.Values{}).want(t, 403, people)
	}
	c.starter.visit(t, c.removal(c.ada), nil).want(t, 403, "Chi ha iniziato l’attivazione non si può togliere")
	c.starter.visit(t, c.removal(c.ada), url.Values{}).want(t, 403, "Chi ha iniziato l’attivazione non si può togliere")
	for _, call := range [][3]string{
		{"POST", "/activation", "{}"},
		{"POST", "/codes", ""},
		{"POST", "/people", `{"name":"Carla Bonomo","tax_code":"` + otherOne + `"}`},
		{"DELETE", "/people/" + third.Account.String(), ""},
		{"DELETE", "/people/" + c.ada.Account.String(), ""},
	} {
		if status, answer := c.added.call(t, call[0], c.call+call[1], call[2], "If-Match", "any"); status != 403 || !strings.Contains(answer["detail"].(string), "Solo chi ha iniziato") {
			t.Errorf("%s %s answers %d to who was added: %v", call[0], call[1], status, answer)
		}
	}
	if e := c.get(t, c.ada, c.entry); e.State != entry.Open {
		t.Errorf("the entry is %s", e.State)
	}
	found, err := c.service.FindPeople(t.Context(), c.ada, c.entry)
	failOn(t, err)
	if len(found) != 3 || !found[0].Starter || found[0].Account != c.ada.Account || found[1].Starter || found[2].Starter {
		t.Errorf("at the entry work %+v", found)
	}
	if told := c.told(t); len(told) != 0 {
		t.Errorf("the audit says %v", told)
	}
	// the steps stay theirs
	other := contact()
	other.Phone = "0923 000000"
	failOn(t, c.service.SaveContact(t.Context(), c.maria, c.entry, 1, other))
}

func TestSomebodyOfAnotherEntryIsNotFound(t *testing.T) {
	c := newCrew(t)
	for _, id := range []string{c.carla.Account.String(), newID(t).String(), "x"} {
		c.starter.visit(t, c.at+"/persone/"+id+"/rimuovi", nil).want(t, 404)
		c.starter.visit(t, c.at+"/persone/"+id+"/rimuovi", url.Values{}).want(t, 404)
	}
	stranger := newSite(t, c.stage, c.carla)
	for _, who := range []tenants.Scope{c.ada, c.maria, c.carla} {
		stranger.visit(t, c.removal(who), nil).want(t, 404)
		stranger.visit(t, c.removal(who), url.Values{}).want(t, 404)
		if status, _ := stranger.call(t, "DELETE", c.call+"/people/"+who.Account.String(), ""); status != 404 {
			t.Errorf("a stranger removes: %d", status)
		}
	}
	stranger.visit(t, c.at+"/attiva", url.Values{}).want(t, 404)
	if status, _ := c.starter.call(t, "DELETE", c.call+"/people/"+c.carla.Account.String(), ""); status != 404 {
		t.Errorf("somebody of another entry is removed: %d", status)
	}
	if mine, err := c.service.Find(t.Context(), c.carla); err != nil || len(mine) != 1 {
		t.Errorf("the other has %d entries, %v", len(mine), err)
	}
}

func TestRemovalThroughTheAPI(t *testing.T) {
	c := newCrew(t)
	people := func() []any {
		t.Helper()
		status, answer := c.starter.call(t, "GET", c.call+"/people", "")
		if status != 200 {
			t.Fatalf("the people: %d %v", status, answer)
		}
		return answer["items"].([]any)
	}
	first, second := people()[0].(map[string]any), people()[1].(map[string]any)
	if first["starter"] != true || first["self"] != true || second["starter"] != false || second["self"] != false {
		t.Errorf("the people are %v, %v", first, second)
	}
	for range 2 {
		if status, answer := c.starter.call(t, "DELETE", c.call+"/people/"+second["id"].(string), ""); status != 204 {
			t.Fatalf("the removal answers %d: %v", status, answer)
		}
	}
	c.wantGone(t)
	if left := people(); len(left) != 1 {
		t.Errorf("at the entry work %v", left)
	}
	c.let(t)
	if status, e := c.added.call(t, "GET", c.call, ""); status != 200 || e["starter"] != false {
		t.Errorf("who was let in again gets %d: %v", status, e)
	}
	if status, answer := c.added.call(t, "DELETE", c.call+"/people/"+c.maria.Account.String(), ""); status != 204 {
		t.Errorf("leaving answers %d: %v", status, answer)
	}
	c.wantGone(t)
	if told := c.told(t); len(told) != 2 {
		t.Errorf("the audit says %v", told)
	}
}

func TestPeopleAreRemovedFromALiveEntry(t *testing.T) {
	c := newCrew(t)
	_, err := c.goLive(t, c.ada, c.entry)
	failOn(t, err)
	c.added.visit(t, c.at+"/fatto", nil).want(t, 200, `href="`+c.at+`/persone"`)
	c.added.visit(t, c.at+"/persone", nil).want(t, 200, "Lascia l’attivazione").lacks(t, "Tu puoi compilare")
	c.starter.visit(t, c.at+"/persone", nil).want(t, 200, "Togli", "Aggiungi la persona") // who confirms the powers can still be missing
	if status, _ := c.added.call(t, "POST", c.call+"/activation", "{}", "If-Match", "any"); status != 403 {
		t.Errorf("who was added brings live again: %d", status)
	}
	confirm := c.starter.visit(t, c.removal(c.maria), nil).want(t, 200)
	c.starter.visit(t, c.removal(c.maria), confirm.fill()).want(t, 303)
	c.wantGone(t)
}

func TestTheDatabaseKnowsWhoMayRemove(t *testing.T) {
	c := newCrew(t)
	call := func(s tenants.Scope, sql string, person uuid.UUID) error {
		return c.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), sql, c.entry, person)
			return err
		})
	}
	const remove, add = `select onboarding.remove_person($1, $2)`, `select onboarding.add_person($1, $2, 'X')`
	for doing, err := range map[string]error{
		"who was added removes":           call(c.maria, remove, c.ada.Account),
		"a stranger removes":              call(c.carla, remove, c.maria.Account),
		"a stranger removes themselves":   call(c.carla, remove, c.carla.Account),
		"who was added lets somebody in":  call(c.maria, add, c.carla.Account),
		"who was added writes themselves": call(c.maria, `update onboarding.entry_people set starter = true where entry_id = $1 and account_id = $2`, c.maria.Account),
	} {
		if err == nil {
			t.Errorf("%s", doing)
		}
	}
	failOn(t, call(c.ada, remove, c.ada.Account)) // changes nothing
	c.get(t, c.ada, c.entry)
	failOn(t, call(c.maria, remove, c.maria.Account))
	if err := call(c.maria, remove, c.maria.Account); err == nil {
		t.Error("who left removes themselves again")
	}
	wantKind(t, c.service.RemovePerson(t.Context(), c.maria, c.entry, c.maria.Account), problem.NotFound)
	c.Excuse(t, "onboarding.entry_people")
}

func TestARemovalHoldsWhoIsWaiting(t *testing.T) {
	c := newCrew(t)
	ctx := t.Context()
	removing, err := c.Owner.Begin(ctx)
	failOn(t, err)
	defer func() { _ = removing.Rollback(context.WithoutCancel(ctx)) }() // after the commit it does nothing
	_, err = removing.Exec(ctx, `select from onboarding.entries where id = $1 for update`, c.entry)
	failOn(t, err)
	_, err = removing.Exec(ctx, `update onboarding.entry_people set removed_at = now() where entry_id = $1 and account_id = $2`, c.entry, c.maria.Account)
	failOn(t, err)
	late := make(chan error, 2)
	go func() {
		late <- c.service.ChooseMunicipality(ctx, c.maria, c.entry, 1, marsala)
	}()
	go func() { late <- c.service.RemovePerson(ctx, c.maria, c.entry, c.maria.Account) }()
	waiting := `select l.pid::text from pg_locks l join pg_stat_activity a on a.pid = l.pid where a.datname = current_database() and not l.granted`
	for end := time.Now().Add(time.Minute); len(c.texts(t, waiting)) < 2; {
		if time.Now().After(end) {
			t.Fatal("nobody waits for the entry")
		}
	}
	failOn(t, removing.Commit(ctx))
	for range 2 {
		wantKind(t, <-late, problem.NotFound)
	}
}
