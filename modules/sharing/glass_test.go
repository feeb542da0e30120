package sharing_test

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/emergency"
	"staffetta/modules/sharing/offer"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// An emergency opens only what the same person asked for within the hour, and was answered: the database counts no other
// attempt.
func TestBreakGlassOpensWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	token := k.tokenOf(k.agreement.ID)
	unasked := map[string]any{"unasked": true}
	k.refuses("nobody asked", k.reader, token, "P0002", unasked)
	k.ask(k.decider, token)
	k.refuses("a colleague asked", k.reader, token, "P0002", unasked)
	k.exec(`insert into policies.known_asked (tenant_id, agreement_id, account_id, token, asked_at) values ($1, $2, $3, $4, app.now())`, k.owner.ID, k.agreement.ID, k.reader.Account, token)
	k.refuses("they asked as somebody of another body", k.reader, token, "P0002", unasked)
	k.ask(k.reader, make([]byte, 32))
	k.refuses("another token was asked for", k.reader, token, "P0002", unasked)
	k.ask(k.reader, token)
	k.setClock(time.Hour + time.Minute)
	k.refuses("it was asked for more than an hour ago", k.reader, token, "P0002", unasked)
	k.exec(`update policies.known_questions set asked = 60`)
	k.exec(`insert into policies.known_questions (tenant_id, agreement_id, account_id, hour, asked) values ($1, $2, $3, date_trunc('hour', app.now()), 60)
		on conflict (tenant_id, agreement_id, account_id, hour) do update set asked = 60`, k.receiver.ID, k.agreement.ID, k.reader.Account)
	k.ask(k.reader, token)
	k.refuses("too much was asked", k.reader, token, "P0002", unasked)
	k.exec(`delete from policies.known_questions`)
	k.ask(k.reader, token)
	if n := k.count(`select count(*) from policies.known_asked where tenant_id = $1`, k.receiver.ID); n != 1 {
		t.Errorf("%d tokens that were asked for are kept, want that of the last hour", n)
	}
	k.must(k.breakBySQL(k.reader, k.code, token, unasked))
}

// ask asks for a token as the app role.
func (k *known) ask(actor tenants.Scope, token []byte) {
	k.t.Helper()
	if _, _, _, err := k.question(actor, k.agreement.ID, token); err != nil {
		k.t.Fatal(err)
	}
}

// refuses wants that the database refuses to open the case to who calls the function, by the rule of the SQLSTATE.
func (k *known) refuses(why string, actor tenants.Scope, token []byte, code string, change map[string]any) {
	k.t.Helper()
	if err := k.breakBySQL(actor, k.code, token, change); sqlState(err) != code {
		k.t.Errorf("the case opens although %s, or by another rule than %s: %v", why, code, err)
	}
	if n := k.count(`select count(*) from policies.case_grants`); n != 0 {
		k.t.Fatalf("%s: %d grants", why, n)
	}
}

// Whom the owner shut out does not come back by themselves; a colleague can, who is told and reviewed as anybody.
func TestBreakGlassDoesNotOpenAgainWhatTheOwnerEnded(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*known, string){
		"reviewed": func(k *known, id string) {
			k.must(k.sharing.Emergencies.Review(context.Background(), k.head, uuid.MustParse(id), "unjustified", "Non era un'emergenza"))
		},
		"revoked": func(k *known, id string) {
			_, err := k.sharing.Shares.End(context.Background(), k.worker, uuid.MustParse(id), share.Revoke, sharing.Ending{Words: "Non serve più"})
			k.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newGlass(t)
			end(k, k.broken(k.reader))
			got := k.serve(k.reader, "POST", "/rete/emergenza/conferma", k.emergencyForm())
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "ha già chiuso un tuo accesso") {
				t.Errorf("it opens again: %d %q %v", got.status, got.redirect, got.err)
			}
			if got := k.reads(k.reader); got != nil {
				t.Errorf("who was shut out reads %v", got)
			}
			k.broken(k.decider)
		})
	}
}

// Who configures opens no case, in whatever other role, as long as they do.
func TestWhoConfiguresOpensNoCaseInAnEmergency(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	token := k.tokenOf(k.agreement.ID)
	for _, c := range []struct {
		role, from, to string
		opens          bool
	}{
		{"tenant_admin", "current_date", "null", false},
		{"dpo", "current_date - 30", "current_date", false},
		{"platform_operator", "current_date - 30", "null", false},
		{"platform_reviewer", "current_date - 30", "null", false},
		{"dpo", "current_date - 30", "current_date - 1", true},
		{"tenant_admin", "current_date + 1", "null", true},
		{"educator", "current_date", "null", true},
	} {
		k.exec(`insert into platform.memberships (id, tenant_id, account_id, role, display_name, valid_from, valid_to)
			values (gen_random_uuid(), $1, $2, $3, 'X', `+c.from+`, `+c.to+`)`, k.receiver.ID, k.reader.Account, c.role)
		want := map[bool]string{false: "42501"}[c.opens]
		if err := k.breakBySQL(k.reader, k.code, token, nil); (err == nil) != c.opens || sqlState(err) != want {
			t.Errorf("%s from %s to %s opens: not %t: %v", c.role, c.from, c.to, c.opens, err)
		}
		k.exec(`update platform.memberships set role = 'was_' || translate(md5(random()::text), '0123456789', 'ghijklmnop') where account_id = $1 and role = $2`, k.reader.Account, c.role)
	}
}

// Who asked too much is told so, and not that nobody follows the person.
func TestAnEmergencySaysThatTooMuchWasAsked(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	k.exec(`insert into policies.known_questions (tenant_id, agreement_id, account_id, hour, asked) values ($1, $2, $3, date_trunc('hour', app.now()), 60)`,
		k.receiver.ID, k.agreement.ID, k.reader.Account)
	got := k.serve(k.reader, "POST", "/rete/emergenza", k.emergencyForm())
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "Hai chiesto molte volte") {
		t.Errorf("the page says: %d %v\n%s", got.status, got.err, got.markup)
	}
}

// Nor longer than the agreement: one that ends within the hour ends the emergency too.
func TestAnEmergencyEndsWithItsAgreement(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	k.exec(`update policies.agreements set valid = tstzrange(lower(valid), date_trunc('second', now()) + interval '1 hour') where id = $1`, k.agreement.ID)
	k.must(k.breakBySQL(k.reader, k.code, k.tokenOf(k.agreement.ID), nil))
	if n := k.count(`select count(*) from policies.case_grants g join policies.agreements a on a.id = g.agreement_id where upper(g.valid) = upper(a.valid)`); n != 3 {
		t.Errorf("%d grants end with the agreement, want 3", n)
	}
}

// Who opens again after a review that found it right, or after three hours, is let in.
func TestBreakGlassOpensAgainWhatWasJustified(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	k.must(k.sharing.Emergencies.Review(t.Context(), k.head, uuid.MustParse(k.broken(k.reader)), "justified", "Era da fare"))
	k.setClock(4 * time.Hour)
	if got := k.serve(k.reader, "POST", "/rete/emergenza/conferma", k.emergencyForm()); got.redirect != "/cartelle/"+k.ref() {
		t.Errorf("again: %d %v", got.status, got.err)
	}
}

// Not even the owner makes an emergency longer.
func TestNothingMakesAnEmergencyLonger(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	id := k.broken(k.reader)
	longer := `select sharing.amend_share($1, 1, gen_random_uuid(), array['identity'], '{}', array[gen_random_uuid()], app.now() + interval '3 hours 1 minute', '{}', '', 'Serve ancora', 'X')`
	if code := k.runAs(k.worker, longer, id); code != "23514" {
		t.Errorf("an emergency of more than three hours: %q", code)
	}
	_, err := k.sharing.Offers.Amend(t.Context(), k.worker, k.file.ID.String(), uuid.MustParse(id), offer.Amendment{
		ID: newID(), Version: 1, Sections: []string{"identity", "diary"}, ExtraReason: "Serve il diario", Until: k.until, Reason: "Serve ancora",
	})
	k.wants(t, err, problem.NotFound, "")
	if got := k.serve(k.worker, "GET", "/condivisioni/"+id+"/modifica", nil); got.status != http.StatusNotFound {
		t.Errorf("the page to amend it: %d", got.status)
	}
	k.setClock(3*time.Hour + time.Second)
	if got := k.reads(k.reader); got != nil {
		t.Errorf("after three hours the case is open: %v", got)
	}
}

// A handover ends an emergency, and the body that takes the case does not open it anew.
func TestAnEmergencyDoesNotFollowACase(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	third := k.body("c_e974")
	taker := k.Operator(t, third, "coordinator")
	k.agree(taker, k.decider, func(p *policies.Proposal) {
		p.Asks.Known, p.Asks.BreakGlass, p.Purposes = true, true, append(p.Purposes, "emergency")
	})
	passing := k.agree(k.head, taker, func(p *policies.Proposal) { p.Purposes = append(p.Purposes, "handover") })
	k.broken(k.reader)
	k.agreement, k.receiver = passing, third
	h := k.passing()
	p, err := k.sharing.Handovers.GetPreview(t.Context(), taker, h.ID)
	k.must(err)
	if len(p.Shares) != 1 || p.Shares[0].Anew {
		t.Errorf("the preview says of the emergency: %+v", p.Shares)
	}
	if got := k.take(taker, "/passaggi/"+h.ID.String(), url.Values{"responsabile": {taker.Account.String()}}); got.status >= 400 {
		t.Fatalf("accept: %d %v\n%s", got.status, got.err, got.markup)
	}
	if n := k.count(`select count(*) from sharing.shares where owner_tenant = $1`, third.ID); n != 0 {
		t.Errorf("the taking body has %d shares that nobody of it opened", n)
	}
	if n := k.count(`select count(*) from policies.case_grants where valid @> app.now()`); n != 0 {
		t.Errorf("%d grants are left", n)
	}
}

// Who keeps below the limit of an hour meets that of a day, and is told of too.
func TestTooManyQuestionsOfADayAreTold(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	k.exec(`insert into policies.known_questions (tenant_id, agreement_id, account_id, hour, asked)
		select $1, $2, $3, date_trunc('hour', app.now()) - make_interval(hours => n), 50 from generate_series(1, 6) n`, k.receiver.ID, k.agreement.ID, k.reader.Account)
	k.exec(`insert into policies.known_questions (tenant_id, agreement_id, account_id, hour, asked) values ($1, $2, $3, app.now() - interval '9 days', 50)`,
		k.receiver.ID, k.agreement.ID, k.reader.Account)
	head := k.Operator(t, k.owner, "dpo")
	if found, err := k.sharing.Elsewhere.FindExcesses(t.Context(), head); err != nil || len(found) != 0 {
		t.Errorf("300 questions in a day: %v %v", found, err)
	}
	if rows, yes, _, err := k.question(k.reader, k.agreement.ID, k.tokenOf(k.agreement.ID)); err != nil || rows != 1 || yes != 0 {
		t.Errorf("the 301st question of a day is answered: %d rows, %d yes, %v", rows, yes, err)
	}
	found, err := k.sharing.Elsewhere.FindExcesses(t.Context(), head)
	if err != nil || len(found) != 1 || found[0].Body != k.receiver.ID {
		t.Errorf("301 questions in a day are told as %v, %v", found, err)
	}
	if n := k.count(`select count(*) from policies.known_questions where hour < app.now() - interval '8 days'`); n != 0 {
		t.Errorf("%d counts of last week are kept", n)
	}
}

// A token of a key that has turned opens nothing any more.
func TestAnEmergencyOpensByTheKeyInUse(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	old := k.tokenOf(k.agreement.ID)
	k.exec(`update policies.agreement_keys set made_at = made_at - interval '91 days'`)
	k.publish()
	k.setClock(25 * time.Hour)
	k.refuses("the key has turned", k.reader, old, "P0002", nil)
	if _, err := k.sharing.Emergencies.Open(t.Context(), k.reader, emergency.Request{ID: newID(), TaxCode: k.code, Reason: "Non apre la porta", Body: k.owner.ID}); err != nil {
		t.Errorf("with the key in use: %v", err)
	}
}

// What a form brings besides the code and the reason opens nothing that the question did not find.
func TestAnEmergencyOpensWhatItsFormNames(t *testing.T) {
	t.Parallel()
	k, ctx := newGlass(t), context.Background()
	open := func(actor tenants.Scope, r emergency.Request) (emergency.Opened, error) {
		r.TaxCode, r.Reason = cmp.Or(r.TaxCode, k.code), "Non apre la porta"
		return k.sharing.Emergencies.Open(ctx, actor, r)
	}
	_, err := open(k.reader, emergency.Request{ID: newID(), Body: k.body("c_e974").ID})
	k.wants(t, err, problem.Invalid, "codice")
	id := newID()
	_, err = open(k.reader, emergency.Request{ID: id, Body: k.owner.ID})
	k.must(err)
	_, err = open(k.decider, emergency.Request{ID: id, Body: k.owner.ID})
	k.wants(t, err, problem.Conflict, "")
	if n := k.count(`select count(*) from sharing.emergencies`); n != 1 {
		t.Errorf("%d emergencies, want 1", n)
	}
	offered, err := k.sharing.Offers.Offer(ctx, k.worker, k.file.ID.String(), k.offer())
	k.must(err)
	_, err = open(k.worker, emergency.Request{ID: offered.ID, Body: k.owner.ID})
	k.wants(t, err, problem.Invalid, "codice")

	// The question reads a code as it was first written; the case opens by the code that its body has.
	k.exec(`update registry.persons set tax_code = 'BNCRSO80A41H50MT' where id = $1`, k.file.Person)
	k.publish()
	k.wantAnswer("a code with a letter for a digit", true)
	_, err = open(k.reader, emergency.Request{ID: newID(), Body: k.owner.ID})
	k.wants(t, err, problem.Invalid, "codice")
	_, err = open(k.reader, emergency.Request{ID: newID(), Body: k.owner.ID, TaxCode: "BNCRSO80A41H50MT"})
	k.must(err)
}
