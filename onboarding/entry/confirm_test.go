package entry_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/entry"
	"staffetta/onboarding/powers"
	"staffetta/onboarding/review"
	"staffetta/tenants"
)

// confirmed asks, as the body does before it goes live.
func (st *stage) confirmed(t *testing.T, body int32) (confirmed bool) {
	t.Helper()
	failOn(t, st.DB.InTx(t.Context(), tenants.Scope{Tenant: body}, func(tx tenants.Tx) (err error) {
		confirmed, err = powers.Confirmed(t.Context(), tx)
		return err
	}))
	return confirmed
}

func TestASecondPersonConfirmsThePowers(t *testing.T) {
	c := newCrew(t)
	ctx := t.Context()
	mark := func() entry.Mark { return c.get(t, c.ada, c.entry).Mark() }
	wantKind(t, c.service.Confirm(ctx, c.ada, c.entry, mark()), problem.Forbidden)
	wantKind(t, c.service.Confirm(ctx, c.carla, c.entry, mark()), problem.NotFound)
	if got := c.refusals(t); !slices.Equal(got, []string{"self", "foreign"}) {
		t.Errorf("the audit says %v", got)
	}
	for _, s := range []tenants.Scope{c.ada, c.carla} {
		err := c.DB.InTx(ctx, s, func(tx tenants.Tx) error { _, err := powers.Confirm(ctx, tx, c.entry, "X"); return err })
		if err == nil {
			t.Errorf("the database lets %s confirm", s.Name)
		}
		err = c.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			_, err := tx.Exec(ctx, `update onboarding.entries set confirmed_by = app.account(), confirmed_at = now() where id = $1`, c.entry)
			return err
		})
		if err == nil {
			t.Errorf("the database lets %s write a confirmation", s.Name)
		}
	}
	read := mark()
	failOn(t, c.service.Confirm(ctx, c.maria, c.entry, read))
	failOn(t, c.service.Confirm(ctx, c.maria, c.entry, read)) // the second submit of the form
	if e := c.get(t, c.ada, c.entry); e.ConfirmedBy != "Maria Errera" || e.ConfirmedAt.IsZero() {
		t.Errorf("confirmed by %q", e.ConfirmedBy)
	}
	other := contact()
	other.Position = "Dirigente"
	failOn(t, c.service.SaveContact(ctx, c.ada, c.entry, 1, other))
	if e := c.get(t, c.ada, c.entry); e.ConfirmedBy != "" {
		t.Errorf("a confirmation outlives what it stands for: %q", e.ConfirmedBy)
	}
	wantKind(t, c.service.Confirm(ctx, c.maria, c.entry, read), problem.Conflict) // what she read is not what stands there
	live, err := c.goLive(t, c.ada, c.entry)
	failOn(t, err)
	for _, check := range powers.Checks(powers.NewService(c.deps)) {
		if finding, err := check.Find(ctx, tenants.Scope{Tenant: live.Body}); err != nil || finding.State == modules.Met || !check.Required {
			t.Errorf("it can go live: %+v, %v", finding, err)
		}
	}
	if c.confirmed(t, live.Body) {
		t.Error("a body that nobody confirmed counts as confirmed")
	}
	failOn(t, c.service.Confirm(ctx, c.maria, c.entry, mark()))
	if !c.confirmed(t, live.Body) {
		t.Error("a confirmed body does not count as confirmed")
	}
	found, err := powers.NewService(c.deps).Get(ctx, tenants.Scope{Tenant: live.Body})
	if err != nil || !found.Met() || found.Entry != c.entry || found.By != "Maria Errera" {
		t.Errorf("the body is told %+v, %v", found, err)
	}
	if told := c.texts(t, `select actor_name from audit.events where action = 'entry.confirm'`); !slices.Equal(told, []string{"Maria Errera", "Maria Errera"}) {
		t.Errorf("the audit says %v", told)
	}
}

func TestABodyWithoutAnEntryNeedsNoConfirmation(t *testing.T) {
	st := newStage(t)
	body, err := entry.Enter(t.Context(), st.deps, entry.Arrival{
		ISTAT: marsala, Users: []entry.Person{{Name: "Maria Errera", TaxCode: marCode, Roles: []string{"tenant_admin"}}},
	})
	failOn(t, err)
	if !st.confirmed(t, body.ID) {
		t.Error("a body without an entry waits for a confirmation")
	}
}

func TestTheConfirmationOnThePages(t *testing.T) {
	c := newCrew(t)
	c.starter.visit(t, c.at, nil).want(t, 200, "Conferma di una seconda persona", c.at+"/conferma")
	c.starter.visit(t, c.at+"/conferma", nil).want(t, 200, "non conferma i propri poteri", "Aggiungi una persona dell’ente").lacks(t, "Confermo<")
	page := c.added.visit(t, c.at+"/conferma", nil).want(t, 200, "DD 12/2026", contact().PEC, "Confermo che Ada Valenza può agire per l’ente «Comune di Pantelleria»")
	c.starter.visit(t, c.at+"/conferma", page.fill()).want(t, 403, "non conferma i propri poteri")
	c.changes(t)
	page = c.added.visit(t, c.at+"/conferma", page.fill()).want(t, 409, "Le risposte sono cambiate", "Dirigente")
	c.added.visit(t, c.at+"/conferma", page.fill()).want(t, 303)
	c.added.visit(t, c.at+"/conferma", nil).want(t, 200, "Poteri confermati", "Confermato da Maria Errera il").lacks(t, "Confermo<")
	c.starter.visit(t, c.at, nil).want(t, 200, "Confermato da Maria Errera")
	stranger := newSite(t, c.stage, c.carla)
	stranger.visit(t, c.at+"/conferma", nil).want(t, 404)
	stranger.visit(t, c.at+"/conferma", page.fill()).want(t, 404)
}

// odd is an entry whose certified mail does not look like the body's own.
func (st *stage) odd(t *testing.T, s tenants.Scope) entry.Entry {
	t.Helper()
	e := st.filled(t, s, pantelleria)
	c := contact()
	c.PEC = "comune.pantelleria@legalmail.example"
	failOn(t, st.service.SaveContact(t.Context(), s, e.ID, 1, c))
	return st.get(t, s, e.ID)
}

// reviewer is somebody of the platform who looks at entries.
func (st *stage) reviewer(t *testing.T, name, taxCode string) tenants.Scope {
	t.Helper()
	s := st.newcomer(t, name, taxCode)
	s.Purpose, s.Roles = tenants.Operator, []string{"platform_reviewer"}
	failOn(t, st.DB.Platform(t.Context(), func(tx tenants.Tx) error {
		return tenants.CreateMembership(t.Context(), tx, s.Tenant, s.Account, tenants.Membership{Role: "platform_reviewer", Name: name})
	}))
	return s
}

func TestSomebodyOfThePlatformLooksFirst(t *testing.T) {
	st := newStage(t)
	ctx, ada, judge := t.Context(), st.newcomer(t, "Ada Valenza", adaCode), st.reviewer(t, "Maria Errera", marCode)
	reviews := review.NewService(st.deps)
	wantKind(t, st.service.AskReview(ctx, ada, st.filled(t, ada, mazara).ID, ""), problem.Conflict) // of what was not read
	plain := st.filled(t, ada, marsala)
	wantKind(t, st.service.AskReview(ctx, ada, plain.ID, plain.Mark()), problem.Conflict) // nobody has to look
	e := st.odd(t, ada)
	wantKind(t, st.service.SendCode(ctx, ada, e.ID, e.Mark()), problem.Forbidden)
	wantKind(t, reviews.Judge(ctx, judge, e.ID, review.Yes, "Va bene"), problem.NotFound) // it has not asked
	failOn(t, st.service.AskReview(ctx, ada, e.ID, e.Mark()))
	failOn(t, st.service.AskReview(ctx, ada, e.ID, e.Mark()))
	found, err := reviews.Find(ctx, judge)
	if err != nil || len(found) != 1 || found[0].PEC != e.Contact.PEC || found[0].Name != "Ada Valenza" || found[0].Verdict != "" {
		t.Fatalf("to look at are %+v, %v", found, err)
	}
	wantKind(t, st.service.SendCode(ctx, ada, e.ID, e.Mark()), problem.Forbidden) // it still waits
	wantField(t, reviews.Judge(ctx, judge, e.ID, "perhaps", " "), "reason", "web.field.required")
	failOn(t, reviews.Judge(ctx, judge, e.ID, review.No, "La PEC non è quella dell'indice"))
	if letter := st.letter(t, e.Contact.Email); !strings.Contains(letter, "ha detto no") || !strings.Contains(letter, "La PEC non è quella dell'indice") || !strings.Contains(letter, "/attivazione/"+e.ID.String()) {
		t.Errorf("who asked reads\n%s", letter)
	}
	wantKind(t, reviews.Judge(ctx, judge, e.ID, review.Yes, "Ripensandoci"), problem.Conflict)
	wantKind(t, st.service.AskReview(ctx, ada, e.ID, e.Mark()), problem.Conflict) // the same answers
	c := e.Contact
	c.PEC = "protocollo@comunepantelleria.example"
	failOn(t, st.service.SaveContact(ctx, ada, e.ID, e.ContactVersion, c))
	e = st.get(t, ada, e.ID)
	failOn(t, st.service.AskReview(ctx, ada, e.ID, e.Mark()))
	failOn(t, reviews.Judge(ctx, judge, e.ID, review.Yes, "Lo conferma il centralino"))
	if live, err := st.goLive(t, ada, e.ID); err != nil || live.State != entry.Live {
		t.Errorf("%s, %v", live.State, err)
	}
	if told := st.texts(t, `select actor_name || ' ' || (payload ->> 'verdict') from audit.events where action = 'entry.review' order by at`); !slices.Equal(told, []string{"Maria Errera no", "Maria Errera yes"}) {
		t.Errorf("the audit says %v", told)
	}
}

func TestOnlyReviewersWithoutAPartJudge(t *testing.T) {
	st := newStage(t)
	ctx, judge := t.Context(), st.reviewer(t, "Maria Errera", marCode)
	mine := judge
	mine.Purpose = tenants.Newcomer
	reviews := review.NewService(st.deps)
	own := st.odd(t, mine)
	failOn(t, st.service.AskReview(ctx, mine, own.ID, own.Mark()))
	wantKind(t, reviews.Judge(ctx, judge, own.ID, review.Yes, "È la mia"), problem.Forbidden)
	ada := st.newcomer(t, "Ada Valenza", adaCode)
	for _, s := range []tenants.Scope{ada, {Tenant: ada.Tenant, Account: ada.Account, Purpose: tenants.Operator}} {
		err := st.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			_, err := tx.Exec(ctx, `select onboarding.review_entry($1, 'yes', 'x', 'x')`, own.ID)
			return err
		})
		if err == nil {
			t.Error("somebody who reviews nothing judges")
		}
	}
	err := st.DB.InTx(ctx, mine, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `update onboarding.entries set review = 'yes', reviewed_at = now() where id = $1`, own.ID)
		return err
	})
	if err == nil {
		t.Error("who enters writes the verdict")
	}
	if e := st.get(t, mine, own.ID); e.Review != "asked" {
		t.Errorf("the entry is %q", e.Review)
	}
}

func TestTheReviewOnThePages(t *testing.T) {
	st := newStage(t)
	ada, judge := st.newcomer(t, "Ada Valenza", adaCode), st.reviewer(t, "Maria Errera", marCode)
	e := st.odd(t, ada)
	at, sheet := "/attivazione/"+e.ID.String(), "/piattaforma/ingressi/"+e.ID.String()
	si, reviewer := newSite(t, st, ada), newSite(t, st, judge)
	reviewer.visit(t, "/piattaforma/ingressi", nil).want(t, 200, "Nessun ingresso aspetta")
	reviewer.visit(t, sheet, nil).want(t, 404)
	check := si.visit(t, at+"/verifica", nil).want(t, 200, "Prima del codice serve una verifica", "Chiedi la verifica")
	check.lacks(t, "Manda il codice")
	si.visit(t, at+"/codice", check.fill()).want(t, 403)
	si.visit(t, at+"/esame", check.fill()).want(t, 303)
	si.visit(t, at+"/verifica", nil).want(t, 200, "La verifica è in corso").lacks(t, "Chiedi la verifica", "Manda il codice")
	reviewer.visit(t, "/piattaforma/ingressi", nil).want(t, 200, "Comune di Pantelleria", "Ada Valenza", "Aspetta")
	page := reviewer.visit(t, sheet, nil).want(t, 200, e.Contact.PEC, "DD 12/2026", "c_g315", "Esito")
	reviewer.visit(t, sheet, page.fill("verdict", "yes", "reason", "")).want(t, 422, `href="#reason"`, `value="yes" checked`)
	reviewer.visit(t, sheet, page.fill("verdict", "yes", "reason", "È quella dell’indice")).want(t, 303)
	reviewer.visit(t, sheet, page.fill("verdict", "no", "reason", "Tardi")).want(t, 409, "non aspetta più", "È quella dell’indice")
	si.visit(t, at+"/verifica", nil).want(t, 200, "Manda il codice a "+e.Contact.PEC)
	for _, stranger := range []*site{si, newSite(t, st, st.newcomer(t, "Carla Bonomo", otherOne))} {
		if a := stranger.visit(t, "/piattaforma/ingressi", nil); a.status == 200 {
			t.Error("a newcomer reads who waits")
		}
		if a := stranger.visit(t, sheet, page.fill("verdict", "yes", "reason", "x")); a.status == 200 || a.status == 409 {
			t.Errorf("a newcomer judges: %d", a.status)
		}
	}
}

func TestTheReviewAndTheConfirmationThroughTheAPI(t *testing.T) {
	c := newCrew(t)
	e := c.odd(t, c.ada)
	at, mark := "/entries/"+e.ID.String(), string(e.Mark())
	judge := newSite(t, c.stage, c.reviewer(t, "Livia Culoma", livCode))
	want := func(si *site, status int, method, path, body string, headers ...string) map[string]any {
		t.Helper()
		got, answer := si.call(t, method, path, body, headers...)
		if got != status {
			t.Fatalf("%s %s answers %d, want %d: %v", method, path, got, status, answer)
		}
		return answer
	}
	want(c.starter, 403, "POST", at+"/codes", "", "If-Match", mark)
	if got := want(c.starter, 200, "POST", at+"/review", "", "If-Match", mark); got["review"] != "asked" {
		t.Errorf("the entry is %v", got)
	}
	if items := want(judge, 200, "GET", "/entry-reviews", "")["items"].([]any); len(items) != 1 {
		t.Errorf("to look at are %v", items)
	}
	want(judge, 422, "POST", "/entry-reviews/"+e.ID.String(), `{"verdict":"yes","reason":""}`)
	if got := want(judge, 200, "POST", "/entry-reviews/"+e.ID.String(), `{"verdict":"yes","reason":"Va bene"}`); got["state"] != "yes" {
		t.Errorf("judged: %v", got)
	}
	want(judge, 404, "GET", "/entry-reviews/"+uuid.NewString(), "")
	want(c.starter, 200, "POST", at+"/codes", "", "If-Match", mark)
	want(c.starter, 403, "POST", at+"/confirmation", "", "If-Match", mark)
	seen := string(c.get(t, c.maria, c.entry).Mark())
	if got := want(c.added, 200, "POST", c.call+"/confirmation", "", "If-Match", seen); got["confirmed_by"] != "Maria Errera" {
		t.Errorf("confirmed: %v", got)
	}
}
