package sharing_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/emergency"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// newGlass is a pair whose agreement names emergencies.
func newGlass(t *testing.T) *known {
	t.Helper()
	k := newKnown(t)
	_, err := k.sharing.Agreements.MoveAgreement(t.Context(), k.head, k.agreement.ID, policies.AgreementEnded, k.seen(k.head, k.agreement.ID, policies.AgreementEnded))
	k.must(err)
	k.agreement = k.agree(k.head, k.decider, func(p *policies.Proposal) {
		p.Asks.Known, p.Purposes = true, append(p.Purposes, "emergency")
	})
	k.publish()
	return k
}

// emergencyForm is what somebody types who opens a case in an emergency.
func (k *known) emergencyForm() url.Values {
	return url.Values{"id": {newID().String()}, "codice": {k.code}, "motivo": {"Non apre la porta da ieri"}, "ente": {k.owner.Slug}}
}

// broken opens the case through the pages, and returns the id of the share.
func (k *known) broken(actor tenants.Scope) string {
	k.t.Helper()
	markup := k.get(actor, "/rete/emergenza")
	values := carry(markup, k.emergencyForm())
	values.Del("ente")
	asked := k.serve(actor, "POST", "/rete/emergenza", values)
	if asked.status != http.StatusOK || !strings.Contains(asked.markup, "Vedi: Dati anagrafici, Nucleo e rete, Recapiti.") || !strings.Contains(asked.markup, "per tre ore") {
		k.t.Fatalf("the page that says what happens: %d %v\n%s", asked.status, asked.err, asked.markup)
	}
	if got := k.reads(actor); got != nil {
		k.t.Fatalf("before it is confirmed the case opens: %v", got)
	}
	form := carry(asked.markup, nil)
	got := k.serve(actor, "POST", "/rete/emergenza/conferma", form)
	if got.redirect != "/cartelle/"+k.ref() {
		k.t.Fatalf("confirmed: %d %q %v", got.status, got.redirect, got.err)
	}
	if again := k.serve(actor, "POST", "/rete/emergenza/conferma", form); again.redirect != got.redirect {
		k.t.Errorf("sent twice: %d %v", again.status, again.err)
	}
	return form.Get("id")
}

// AT-07 of the sharing rules.
func TestAT07BreakGlassOpensForThreeHoursAndIsReviewed(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	id := k.broken(k.reader)
	if diff := cmp.Diff([]string{"identity", "household", "contacts"}, k.reads(k.reader)); diff != "" {
		t.Errorf("the least set of sections (-want +got):\n%s", diff)
	}
	if got := k.reads(k.decider); got != nil {
		t.Errorf("a colleague of who opened reads %v", got)
	}
	a, err := k.cases.Open(t.Context(), k.reader, k.ref(), "identity")
	k.must(err)
	if bar := a.Bar(k.cases, ""); !strings.Contains(bar.Until, ":") {
		t.Errorf("the bar does not say until when: %q", bar.Until)
	}
	if _, err := k.cases.OpenToWrite(t.Context(), k.reader, k.ref(), "contacts"); !problem.Is(err, problem.Forbidden) {
		t.Errorf("in an emergency one may write: %v", err)
	}
	if n := k.count(`select count(*) from casefile.cases where tenant_id = $1 and id = $2`, k.owner.ID, k.file.ID); n != 1 {
		t.Error("the case is not the owner's any more")
	}
	if n := k.count(`select count(distinct tenant_id) from audit.events where action = 'share.break' and object_id = $1`, id); n != 2 {
		t.Errorf("the opening is in %d chains, want both", n)
	}
	k.toldOfEmergency(id)

	k.setClock(2*time.Hour + 59*time.Minute)
	if got := k.reads(k.reader); len(got) != 3 {
		t.Errorf("after not quite three hours: %v", got)
	}
	k.setClock(3*time.Hour + time.Second)
	if got := k.reads(k.reader); got != nil {
		t.Errorf("after three hours the case is open: %v", got)
	}
	if n := k.guestRows(k.reader, `select count(*) from registry.persons`); n != 0 {
		t.Errorf("after three hours the guest's door shows %d persons", n)
	}
	k.reviewed(id, "justified")
}

// toldOfEmergency wants that those who have to know it do, on the page where their day begins and on the page of the emergency.
func (k *known) toldOfEmergency(id string) {
	k.t.Helper()
	path := "/rete/emergenze/" + id
	for who, c := range map[string]struct {
		body tenants.Tenant
		role string
	}{
		"the owner's coordinator": {k.owner, "coordinator"}, "the owner's DPO": {k.owner, "dpo"},
		"the opener's coordinator": {k.receiver, "coordinator"}, "the opener's DPO": {k.receiver, "dpo"},
	} {
		actor := k.Operator(k.t, c.body, c.role)
		if got := k.paths(actor); !slices.Contains(got, path) {
			k.t.Errorf("%s is not told: %v", who, got)
		}
		if markup := k.get(actor, path); !strings.Contains(markup, k.reader.Name) || !strings.Contains(markup, "Non apre la porta") {
			k.t.Errorf("%s does not read the reason, or not who\n%s", who, markup)
		}
	}
}

// paths are where the duties of an actor lead.
func (k *known) paths(actor tenants.Scope) (paths []string) {
	k.t.Helper()
	for _, source := range k.sharing.Emergencies.Duties() {
		if allowed, _ := k.deps.Policies.Permits(actor, source.Permission); !allowed {
			continue
		}
		duties, err := source.Find(context.Background(), actor)
		k.must(err)
		for _, d := range duties {
			paths = append(paths, d.Path)
		}
	}
	return paths
}

// reviewed reviews an emergency through the pages.
func (k *known) reviewed(id, verdict string) {
	k.t.Helper()
	path := "/rete/emergenze/" + id
	form := url.Values{"esito": {verdict}, "motivo": {"Abbiamo sentito il collega"}}
	if got := k.serve(k.decider, "POST", path, form); got.status != http.StatusForbidden {
		k.t.Errorf("who opened reviews: %d %v", got.status, got.err)
	}
	if got := k.serve(k.worker, "POST", path, form); got.status != http.StatusNotFound {
		k.t.Errorf("a worker reviews: %d %v", got.status, got.err)
	}
	for what, wrong := range map[string]url.Values{
		"a verdict": {"esito": {"maybe"}, "motivo": form["motivo"]}, "words": {"esito": {verdict}, "motivo": {" Ok "}}, "an end": {"esito": {verdict}, "motivo": {strings.Repeat("a", 1001)}},
	} {
		if got := k.serve(k.head, "POST", path, wrong); got.status != http.StatusUnprocessableEntity {
			k.t.Errorf("a review without %s: %d %v", what, got.status, got.err)
		}
	}
	if got := k.serve(k.head, "POST", path, form); got.redirect != path {
		k.t.Fatalf("review: %d %v", got.status, got.err)
	}
	if got := k.serve(k.head, "POST", path, form); got.status != http.StatusConflict {
		k.t.Errorf("a second review: %d", got.status)
	}
	if n := k.count(`select count(distinct tenant_id) from audit.events where action = 'share.judge' and object_id = $1`, id); n != 2 {
		k.t.Errorf("the review is in %d chains, want both", n)
	}
	if markup := k.get(k.decider, path); !strings.Contains(markup, "Abbiamo sentito il collega") {
		k.t.Error("the other body does not read the review")
	}
	if markup := k.get(k.reader, path); !strings.Contains(markup, "Abbiamo sentito il collega") || strings.Contains(markup, "Che cosa è stato letto") {
		k.t.Errorf("who opened the case does not read the review, or more than it:\n%s", markup)
	}
	if got := k.serve(k.Operator(k.t, k.receiver, "social_worker"), "GET", path, nil); got.status != http.StatusNotFound {
		k.t.Errorf("a colleague reads the review: %d", got.status)
	}
}

// What ends within hours by its nature is no news to anybody's desk.
func TestAnEmergencyIsNotToldAsAShareThatEnds(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	id := k.broken(k.reader)
	for _, actor := range []tenants.Scope{k.reader, k.decider, k.head, k.worker} {
		if got := strings.Join(k.awaits(actor), "\n"); strings.Contains(got, "sharing.duty.ending") {
			t.Errorf("%s: %s", actor.Name, got)
		}
	}
	var until string
	k.must(k.Owner.QueryRow(t.Context(), `select to_char(valid_to at time zone 'Europe/Rome', 'DD/MM/YYYY HH24:MI') from sharing.shares where id = $1`, id).Scan(&until))
	for _, want := range []string{"/rete/emergenze/" + id, until} {
		if markup := k.get(k.reader, "/condivisioni/"+id); !strings.Contains(markup, want) {
			t.Errorf("the page of the share lacks %q", want)
		}
	}
}

func TestAT07WhatWasNotJustifiedEndsAtOnce(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	id := k.broken(k.reader)
	path := "/rete/emergenze/" + id
	if got := k.paths(k.reader); !slices.Equal(got, []string{"/condivisioni/" + id}) {
		t.Errorf("the desk of who opened, while the case is open: %v", got)
	}
	if markup := k.get(k.head, path); !strings.Contains(markup, "finisce subito") || strings.Contains(markup, "è finito") {
		t.Errorf("the form does not say what the verdict does:\n%s", markup)
	}
	k.reviewed(id, "unjustified")
	if got := k.reads(k.reader); got != nil {
		t.Errorf("after the review the case is open: %v", got)
	}
	for _, actor := range []tenants.Scope{k.head, k.decider, k.reader} {
		if markup := k.get(actor, path); !strings.Contains(markup, "è finito") || !strings.Contains(markup, "Non apre la porta") {
			t.Errorf("%s does not read when it ended, or why it was opened:\n%s", actor.Name, markup)
		}
	}
}

// Who opened a case is told that the owner has judged, until the words are read.
func TestWhoOpenedIsToldOfTheReview(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	id := k.broken(k.reader)
	path := "/rete/emergenze/" + id
	k.get(k.reader, path)
	if got := k.serve(k.head, "POST", path, url.Values{"esito": {"justified"}, "motivo": {"Abbiamo sentito il collega"}}); got.redirect != path {
		t.Fatalf("review: %d %v", got.status, got.err)
	}
	if got := k.paths(k.reader); !slices.Contains(got, path) {
		t.Errorf("who opened is not told: %v", got)
	}
	k.get(k.reader, path)
	if got := k.paths(k.reader); slices.Contains(got, path) {
		t.Errorf("read, and told again: %v", got)
	}
}

// What waits for different things is counted and listed apart.
func TestEmergenciesAreListedByWhatTheyAwait(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	id := k.broken(k.reader)
	coordinator := k.Operator(t, k.owner, "coordinator")
	shown := func(pick string) bool {
		t.Helper()
		return strings.Contains(k.get(coordinator, "/rete/emergenze?da="+pick), id)
	}
	if !shown("valutare") || !shown("controllare") || shown("ritardo") {
		t.Error("before anybody has looked")
	}
	k.get(coordinator, "/rete/emergenze/"+id)
	if !shown("valutare") || shown("controllare") {
		t.Error("looked at, and not reviewed")
	}
	if got := k.serve(coordinator, "GET", "/rete/emergenze?da=altro", nil); got.status != http.StatusNotFound {
		t.Errorf("a list that is none: %d", got.status)
	}
}

func TestAT07LateReviewsEscalate(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	id := k.broken(k.reader)
	dpo := k.Operator(t, k.owner, "dpo")
	k.get(dpo, "/rete/emergenze/"+id)
	if got := k.paths(dpo); len(got) != 0 {
		t.Errorf("seen, and not late: %v", got)
	}
	k.setClock(5*24*time.Hour + time.Minute)
	if got := k.paths(dpo); !slices.Contains(got, "/rete/emergenze/"+id) {
		t.Errorf("late, and the data protection officer is told %v", got)
	}
}

// Whoever it is about, who may not be found or need not be is answered alike, and nothing opens.
func TestAT07BreakGlassRefusals(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	refused := func(what string, form url.Values) {
		t.Helper()
		for _, path := range []string{"/rete/emergenza", "/rete/emergenza/conferma"} {
			got := k.serve(k.reader, "POST", path, form)
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "Nessun ente con cui") {
				t.Errorf("%s, %s: %d %v", what, path, got.status, got.err)
			}
		}
		if n := k.count(`select count(*) from sharing.shares`) + k.count(`select count(*) from policies.case_grants`); n != 0 {
			t.Fatalf("%s: %d rows are left", what, n)
		}
	}
	other := k.emergencyForm()
	other.Set("codice", codeAda)
	refused("nobody follows her", other)
	mark := newID()
	k.protect(k.file.ID.String(), mark, "violence")
	refused("a protected case", k.emergencyForm())
	k.must(k.cases.Release(t.Context(), k.worker, k.file.ID.String(), mark, "Non serve più"))
	k.publish()
	k.exec(`update policies.agreements set break_glass = false where id = $1`, k.agreement.ID)
	refused("an agreement that names no emergency", k.emergencyForm())
	k.exec(`update policies.agreements set break_glass = true where id = $1`, k.agreement.ID)
	k.exec(`update policies.agreements set purposes = '{advice}' where id = $1`, k.agreement.ID)
	refused("an agreement without the purpose", k.emergencyForm())
	k.exec(`update policies.agreements set purposes = '{emergency}', sections = '{diary,judicial}' where id = $1`, k.agreement.ID)
	refused("an agreement without a section that it needs", k.emergencyForm())
	for field, form := range map[string]url.Values{"motivo": {"motivo": {"Eh"}}, "codice": {"codice": {"BNCRSO80"}}} {
		values := k.emergencyForm()
		values[field] = form[field]
		if got := k.serve(k.reader, "POST", "/rete/emergenza", values); got.status != http.StatusUnprocessableEntity {
			t.Errorf("a form without %s: %d", field, got.status)
		}
	}
	for _, role := range []string{"tenant_admin", "dpo"} {
		both := k.Operator(t, k.receiver, "social_worker", role)
		if got := k.serve(both, "POST", "/rete/emergenza", k.emergencyForm()); got.status != http.StatusForbidden {
			t.Errorf("a social worker who is %s too: %d", role, got.status)
		}
		if _, err := k.sharing.Emergencies.Open(t.Context(), both, emergency.Request{ID: newID(), TaxCode: k.code, Reason: "Non apre la porta", Body: k.owner.ID}); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by the service, %s: %v", role, err)
		}
	}
}

const openBySQL = `select sharing.break_glass($1, $2, $3, $4, $5)`

// opening is an emergency as the function takes it.
func (k *known) opening(id uuid.UUID) map[string]any {
	return map[string]any{
		"id": id, "owner_tenant": k.owner.ID, "agreement_id": k.agreement.ID, "purpose": "emergency", "purpose_label": "Emergenza",
		"sections": []string{"identity"}, "reason": "Non apre la porta", "offered_name": "X", "preview": map[string]any{}, "valid_to": "2099-01-01",
	}
}

// breakBySQL calls the function as the app role does, past the program's rules.
func (k *known) breakBySQL(actor tenants.Scope, code string, token []byte, change map[string]any) error {
	k.t.Helper()
	ctx, id := context.Background(), newID()
	if change["unasked"] == nil {
		_, _, _, _ = k.question(actor, k.agreement.ID, token) // an emergency opens what was asked for; who may not ask may still try
	}
	row := k.opening(id)
	maps.Copy(row, change)
	return k.DB.InTx(ctx, actor, func(tx tenants.Tx) error {
		told, err := audit.WriteTold(ctx, tx, actor, audit.Event{Action: "share.break", Object: id, Share: id})
		if err != nil {
			return err
		}
		if change["event"] != nil {
			told.ID = newID()
		}
		_, err = tx.Exec(ctx, openBySQL, row, code, token, told.ID, told.At)
		return err
	})
}

// The database holds the same rules as the program.
func TestBreakGlassAtTheWalls(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	token := k.tokenOf(k.agreement.ID)
	admin, stranger := k.Operator(t, k.receiver, "social_worker", "tenant_admin"), k.Operator(t, k.body("c_e974"), "social_worker")
	for what, c := range map[string]struct {
		actor  tenants.Scope
		code   string
		token  []byte
		change map[string]any
		want   string // SQLSTATE
	}{
		"an administrator":              {admin, k.code, token, nil, "42501"},
		"a body of no agreement":        {stranger, k.code, token, nil, "23514"},
		"against the direction":         {k.worker, k.code, token, map[string]any{"owner_tenant": k.receiver.ID}, "23514"},
		"another code":                  {k.reader, codeAda, token, nil, "P0002"},
		"another token":                 {k.reader, k.code, make([]byte, 32), nil, "P0002"},
		"another agreement":             {k.reader, k.code, token, map[string]any{"agreement_id": newID()}, "23514"},
		"an event of no transaction":    {k.reader, k.code, token, map[string]any{"event": true}, "42501"},
		"an owner who is the opener":    {k.reader, k.code, token, map[string]any{"owner_tenant": k.receiver.ID}, "23514"},
		"a reason that says too little": {k.reader, k.code, token, map[string]any{"reason": "Eh"}, "23514"},
	} {
		if err := k.breakBySQL(c.actor, c.code, c.token, c.change); sqlState(err) != c.want {
			t.Errorf("%s opens the case, or is refused by another rule than %s: %v", what, c.want, err)
		}
		if n := k.count(`select count(*) from policies.case_grants`); n != 0 {
			t.Fatalf("%s: %d grants", what, n)
		}
	}
	k.exec(`update policies.agreements set break_glass = false where id = $1`, k.agreement.ID)
	k.refuses("the agreement names no emergency", k.reader, token, "23514", nil)
	k.exec(`update policies.agreements set break_glass = true where id = $1`, k.agreement.ID)
	k.must(k.breakBySQL(k.reader, k.code, token, nil))
	if n := k.count(`select count(*) from policies.case_grants where upper(valid) - lower(valid) = interval '3 hours' and grantee_account = $1 and not can_write`, k.reader.Account); n != 3 {
		t.Errorf("%d grants for three hours and one account, want 3: the caller chooses the time", n)
	}
	if code := k.runAs(k.reader, `select sharing.review_emergency(s.id, 'justified', 'Va bene così', 'X') from sharing.shares s`); code != "42501" {
		t.Errorf("who opened reviews (%q)", code)
	}
	if code := k.runAs(k.reader, `insert into sharing.emergencies (share_id, owner_tenant, review_by) values ($1, $2, now())`, newID(), k.owner.ID); code != "42501" {
		t.Errorf("an emergency is written past the function (%q)", code)
	}
}

// What is not in the audit does not open.
func TestBreakGlassIsNotOpenedWithoutItsAudit(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	k.exec(`create function public.full() returns trigger language plpgsql as $$ begin
		if new.action = 'share.break' and new.tenant_id <> new.actor_tenant then raise exception 'full' using errcode = 'disk_full'; end if; return new; end $$`)
	k.exec(`create trigger full_disk before insert on audit.events for each row execute function public.full()`)
	if got := k.serve(k.reader, "POST", "/rete/emergenza/conferma", k.emergencyForm()); got.redirect != "" {
		t.Error("the case opens although the owner's chain cannot have it")
	}
	if n := k.count(`select count(*) from sharing.shares`) + k.count(`select count(*) from policies.case_grants`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}
