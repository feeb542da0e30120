package sharing_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/elsewhere"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// The codes of the persons of these tests.
const (
	codeRosa = "BNCRSO80A41H501B"
	codeAda  = "NREDAA85B42H501Z"
)

// known is a pair whose agreement lets the receiver ask, with a case of a person with a fiscal code, and tokens written.
type known struct {
	*site
	code string
}

func newKnown(t *testing.T) *known {
	t.Helper()
	k := &known{site: newSite(t), code: codeRosa}
	_, err := k.sharing.Agreements.MoveAgreement(t.Context(), k.head, k.agreement.ID, policies.AgreementEnded, k.seen(k.head, k.agreement.ID, policies.AgreementEnded))
	k.must(err)
	k.agreement = k.agree(k.head, k.decider, func(p *policies.Proposal) { p.Asks.Known = true })
	k.file = k.openCoded(k.worker, k.code)
	k.publish()
	return k
}

// openCoded opens a case of a person with a fiscal code.
func (s *stage) openCoded(worker tenants.Scope, code string) casefile.CaseFile {
	s.t.Helper()
	file := s.openCase(worker, "Rosa", "Bianco")
	s.exec(`update registry.persons set code_kind = 'tax_code', no_code_reason = '', tax_code = $3 where tenant_id = $1 and id = $2`, worker.Tenant, file.Person, code)
	return file
}

// publish does the work of the job for the owner.
func (k *known) publish() {
	k.t.Helper()
	_, err := k.sharing.Elsewhere.Publish(context.Background(), tenants.Scope{Tenant: k.owner.ID, Name: "sistema"})
	k.must(err)
}

// answers are the bodies that are named to the actor.
func (k *known) answers(actor tenants.Scope, code string) []int32 {
	k.t.Helper()
	answer, err := k.sharing.Elsewhere.Ask(context.Background(), actor, elsewhere.Question{TaxCode: code})
	k.must(err)
	var bodies []int32
	for _, one := range answer.Bodies {
		bodies = append(bodies, one.Body)
	}
	return bodies
}

func (k *known) wantAnswer(what string, want bool) {
	k.t.Helper()
	if got := k.answers(k.reader, k.code); (len(got) == 1) != want || want && got[0] != k.owner.ID {
		k.t.Errorf("%s: the answer is %v, known elsewhere should be %t", what, got, want)
	}
}

// withRegistry serves the pages of the registry too, with what sharing has to say there.
func (k *known) withRegistry() {
	k.t.Helper()
	hints := modules.NewHints(k.deps.Bodies, k.deps.Policies, k.deps.Platform.Log)
	hints.Add(sharing.Module(), k.sharing.Elsewhere.Hints())
	k.deps.Platform.Hints = hints
	parts, err := registry.Module().New(k.deps)
	k.must(err)
	k.pages = append(k.pages, parts.Pages...)
	_, err = k.templates.ParseFS(registry.Module().Templates, "*.html")
	k.must(err)
}

// AT-10 of the sharing rules, its last sentence: a person known elsewhere never blocks intake and never shows a field of the
// other body.
func TestAT10KnownElsewhereNamesTheBodyAndNothingElse(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	k.withRegistry()
	desk := k.Operator(t, k.receiver, "access_desk")
	here, err := registry.NewService(k.deps).Create(t.Context(), desk, registry.NewPerson{ID: newID(), Details: registry.Details{
		TaxCode: codeRosa, Name: "Rosina", Surname: "Altrimenti",
	}})
	k.must(err)
	markup := k.get(desk, "/persone/"+here.ID.String())
	if form := k.get(k.reader, "/rete/accesso/nuova?noto=1&ente="+k.agreement.ID.String()+"~"+k.owner.Slug); !strings.Contains(form, "Risulta che Comune di c_g315 segue già la persona") || strings.Contains(form, "forse segue") {
		t.Error("the page where one asks says something else than the hint that leads there")
	}
	if !strings.Contains(markup, "Già seguita altrove: chiedi al Comune di c_g315") {
		t.Fatalf("the page does not say whom to ask:\n%s", markup)
	}
	for _, secret := range []string{k.file.Number, k.file.ID.String(), k.file.Person.String(), "Bianco", "Segreto del diario"} {
		if strings.Contains(markup, secret) {
			t.Errorf("the page shows %q of the other body", secret)
		}
	}
	if n := k.count(`select count(*) from audit.events where tenant_id = $1 and action = 'known.ask' and account_id = $2 and object_id = $3`, k.receiver.ID, desk.Account, k.agreement.ID); n != 1 {
		t.Errorf("%d questions in the chain of who asked, want 1", n)
	}
	if n := k.count(`select count(*) from audit.events where payload::text like '%' || $1 || '%'`, codeRosa); n != 0 {
		t.Error("a fiscal code stands in the audit")
	}

	k.exec(`create or replace function policies.known_elsewhere(agreement uuid, token bytea, event uuid, written timestamptz)
		returns table (body int, known boolean) language plpgsql security definer set search_path = '' as 'begin raise exception ''broken''; end'`)
	if markup = k.get(desk, "/persone/"+here.ID.String()); strings.Contains(markup, "altrove") || !strings.Contains(markup, "Altrimenti") {
		t.Errorf("when nobody answers, the page of the person is not as it was:\n%s", markup)
	}
	got := k.serve(desk, "POST", "/persone/nuova", url.Values{"id": {newID().String()}, "code_kind": {"none"}, "no_code_reason": {"unknown"}, "surname": {"Neri"}, "name": {"Ada"}})
	if got.status >= http.StatusInternalServerError {
		t.Errorf("when nobody answers, a person cannot be registered: %d %v", got.status, got.err)
	}
}

// Whoever must not be found is answered as nobody, at once: no job has to run for it.
func TestAT10ProtectedPersonsAreNotKnownElsewhere(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	ref := k.file.ID.String()
	k.wantAnswer("an open case", true)
	for _, kind := range []string{"sealed", "protected_minor", "violence", "judicial"} {
		mark := newID()
		k.protect(ref, mark, kind)
		k.wantAnswer(kind, false)
		k.publish()
		k.wantAnswer(kind+", after the job", false)
		k.must(k.cases.Release(t.Context(), k.worker, ref, mark, "Non serve più"))
		k.publish()
		k.wantAnswer("no longer "+kind, true)
	}
	// Another case of hers is protected, and closed.
	second, err := k.cases.Create(t.Context(), k.worker, casefile.Opening{ID: newID(), Person: k.file.Person})
	k.must(err)
	mark := newID()
	k.protect(second.ID.String(), mark, "violence")
	k.exec(`update casefile.cases set closed_at = now() where id = $1`, second.ID)
	k.publish()
	k.wantAnswer("another case of hers is protected", false)
	k.must(k.cases.Release(t.Context(), k.worker, second.ID.String(), mark, "Non serve più"))

	for what, change := range map[string][2]string{
		"an alias":          {`update registry.persons set alias = 'Stella' where id = $1`, `update registry.persons set alias = '' where id = $1`},
		"no name":           {`update registry.persons set surname = '' where id = $1`, `update registry.persons set surname = 'Bianco' where id = $1`},
		"another code":      {`update registry.persons set tax_code = '` + codeAda + `' where id = $1`, `update registry.persons set tax_code = '` + codeRosa + `' where id = $1`},
		"a provisional one": {`update registry.persons set code_kind = 'provisional' where id = $1`, `update registry.persons set code_kind = 'tax_code' where id = $1`},
		"a closed case":     {`update casefile.cases set closed_at = now() where person_id = $1`, `update casefile.cases set closed_at = null where person_id = $1`},
	} {
		k.exec(change[0], k.file.Person)
		k.wantAnswer(what, false)
		k.publish()
		k.wantAnswer(what+", after the job", false)
		k.exec(change[1], k.file.Person)
		k.publish()
		k.wantAnswer("not "+what, true)
	}
}

func (k *known) protect(ref string, mark uuid.UUID, kind string) {
	k.t.Helper()
	got := k.cases.Protect(context.Background(), k.worker, ref, casefile.Mark{ID: mark, Kind: kind, Reason: "Chi la cerca non deve trovarla"})
	k.must(got)
}

// question is one call of the function that answers, as the app role makes it; it tells how many rows came, how many said yes
// and how many said nothing.
func (k *known) question(actor tenants.Scope, agreement uuid.UUID, token []byte) (rows, yes, silent int, err error) {
	k.t.Helper()
	ctx := context.Background()
	err = k.DB.InTx(ctx, actor, func(tx tenants.Tx) error {
		told, err := audit.WriteTold(ctx, tx, actor, audit.Event{Action: "known.ask", Object: agreement})
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `select count(*), count(*) filter (where k.known), count(*) filter (where k.known is null)
			from policies.known_elsewhere($1, $2, $3, $4) k`, agreement, token, told.ID, told.At).Scan(&rows, &yes, &silent)
	})
	return rows, yes, silent, err
}

// tokenOf is a token as the database keeps it, looked at from behind the walls.
func (k *known) tokenOf(agreement uuid.UUID) (token []byte) {
	k.t.Helper()
	k.must(k.Owner.QueryRow(context.Background(), `select token from policies.case_tokens where agreement_id = $1 limit 1`, agreement).Scan(&token))
	return token
}

// Who holds the database's serving roles still learns nothing from the tokens, and little by asking.
func TestTokenAttacks(t *testing.T) {
	t.Parallel()
	k, ctx := newKnown(t), context.Background()
	token := k.tokenOf(k.agreement.ID)
	if rows, yes, _, err := k.question(k.reader, k.agreement.ID, token); err != nil || rows != 1 || yes != 1 {
		t.Fatalf("the right token: %d rows, %d yes, %v", rows, yes, err)
	}
	if rows, yes, _, err := k.question(k.reader, k.agreement.ID, bytes.Repeat([]byte{7}, 32)); err != nil || rows != 1 || yes != 0 {
		t.Errorf("a guess has another shape, or hits: %d rows, %d yes, %v", rows, yes, err)
	}
	k.protect(k.file.ID.String(), newID(), "violence")
	if rows, yes, _, err := k.question(k.reader, k.agreement.ID, token); err != nil || rows != 1 || yes != 0 {
		t.Errorf("a protected case has another shape, or is told: %d rows, %d yes, %v", rows, yes, err)
	}

	// The token of one agreement is nothing under another one between the same bodies.
	k.file = k.openCoded(k.worker, codeAda)
	other := k.agree(k.head, k.decider, func(p *policies.Proposal) { p.Asks.Known = true })
	k.publish()
	first, second := k.tokenOf(k.agreement.ID), k.tokenOf(other.ID)
	if bytes.Equal(first, second) {
		t.Error("two agreements make the same token")
	}
	if _, yes, _, err := k.question(k.reader, other.ID, first); err != nil || yes != 0 {
		t.Errorf("the token of another agreement is known: %v", err)
	}

	stranger := k.Operator(t, k.body("c_e974"), "social_worker")
	for what, c := range map[string]struct {
		actor     tenants.Scope
		agreement uuid.UUID
	}{
		"another body's agreement": {stranger, k.agreement.ID}, "no agreement": {k.reader, newID()},
	} {
		if _, _, _, err := k.question(c.actor, c.agreement, first); err == nil {
			t.Errorf("%s is answered", what)
		}
	}
	if rows, _, _, err := k.question(k.worker, k.agreement.ID, first); err != nil || rows != 0 {
		t.Errorf("against the direction of the agreement: %d rows, %v", rows, err)
	}
	if code := k.runAs(k.reader, `select policies.known_elsewhere($1, $2, $3, now())`, k.agreement.ID, first, newID()); code != "42501" {
		t.Errorf("a question that is not in the audit is answered (%q)", code)
	}
	for _, role := range []string{"app", "guest", "platform", "worker", "report", "auditor"} {
		conn := k.connect(role)
		for _, sql := range []string{`select count(*) from policies.case_tokens`, `delete from policies.case_tokens`, `insert into policies.case_tokens default values`} {
			if _, err := conn.Exec(ctx, sql); err == nil || !strings.Contains(err.Error(), "42501") {
				t.Errorf("the role %s, %s: %v", role, sql, err)
			}
		}
	}
	_, err := k.sharing.Agreements.MoveAgreement(ctx, k.head, k.agreement.ID, policies.AgreementSuspended, k.seen(k.head, k.agreement.ID, policies.AgreementSuspended))
	k.must(err)
	if _, _, _, err := k.question(k.reader, k.agreement.ID, first); err == nil {
		t.Error("a suspended agreement answers")
	}
}

// Enumeration is counted in the database, answered with silence, and told to all bodies of the agreement.
func TestTooManyQuestionsAreNotAnswered(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	for range 3 {
		k.wantAnswer("within the limit", true) // the same person is counted once
	}
	for i := range 59 {
		if got := k.answers(k.reader, somebody(i)); len(got) != 0 {
			t.Fatalf("somebody whom nobody follows: %v", got)
		}
	}
	answer, err := k.sharing.Elsewhere.Ask(t.Context(), k.reader, elsewhere.Question{TaxCode: somebody(59)})
	k.must(err)
	if !answer.Limited || len(answer.Bodies) != 0 {
		t.Errorf("the 61st person in an hour: %+v", answer)
	}
	if rows, _, silent, err := k.question(k.reader, k.agreement.ID, make([]byte, 32)); err != nil || rows != 1 || silent != 1 {
		t.Errorf("beyond the limit: %d rows, %d silent, %v", rows, silent, err)
	}
	k.wantAnswer("who was asked for within the hour", true)
	if got := k.answers(k.decider, k.code); len(got) != 1 {
		t.Error("a colleague pays for it")
	}
	if n := k.count(`select count(*) from audit.events where action = 'known.ask' and account_id = $1`, k.reader.Account); n != 65 {
		t.Errorf("%d questions are in the audit, want 65", n)
	}
	for who, body := range map[string]tenants.Tenant{"asking": k.receiver, "asked": k.owner} {
		dpo := k.Operator(t, body, "dpo")
		markup := k.get(dpo, "/rete/gia-noto")
		if !strings.Contains(markup, "62 domande") || strings.Contains(markup, k.reader.Name) != (who == "asking") {
			t.Errorf("the data protection officer of the %s body reads:\n%s", who, markup)
		}
	}
	k.setClock(time.Hour + time.Minute)
	k.wantAnswer("an hour later", true)
}

// somebody is a code of a person whom nobody follows, another one for every n.
func somebody(n int) string {
	return taxcode.Build("Nessuno", "Di Noi", time.Date(1950, 1, 1+n, 0, 0, 0, 0, time.UTC), "F", "G315")
}

// A new key counts a day after it was made, and no answer changes on the way.
func TestKeysOfAnAgreementTurn(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	old := k.tokenOf(k.agreement.ID)
	k.exec(`update policies.agreement_keys set made_at = made_at - interval '91 days'`)
	k.publish()
	if n := k.count(`select count(distinct token) from policies.case_tokens`); n != 2 {
		t.Fatalf("%d tokens while the key turns, want the old and the new one", n)
	}
	k.wantAnswer("while the key turns", true)
	k.setClock(25 * time.Hour)
	k.wantAnswer("with the new key", true)
	if _, yes, _, err := k.question(k.reader, k.agreement.ID, old); err != nil || yes != 0 {
		t.Errorf("the old token is still known: %v", err)
	}
	k.file = k.openCoded(k.worker, codeAda)
	k.publish()
	if n := k.count(`select count(*) from policies.case_tokens where token = $1`, old); n != 0 {
		t.Error("the old token is kept")
	}
	if n := k.count(`select count(*) from policies.agreement_keys k where encode(k.sealed, 'escape') like '%' || encode($1, 'escape') || '%'`, old); n != 0 {
		t.Error("the key shows")
	}
}

func TestQuestionsWantAFullCode(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	_, err := k.sharing.Elsewhere.Ask(t.Context(), k.reader, elsewhere.Question{TaxCode: "BNCRSO80"})
	k.wants(t, err, problem.Invalid, "codice")
	for _, code := range []string{"12345678903", "bnc rso80a41 h501b"} {
		if got := k.answers(k.reader, code); (len(got) == 1) != strings.HasPrefix(code, "bnc") {
			t.Errorf("%s: %v", code, got)
		}
	}
	// The same person where a letter stands for a digit (omocodia).
	k.exec(`update registry.persons set tax_code = 'BNCRSO80A41H50MT' where id = $1`, k.file.Person)
	k.publish()
	k.wantAnswer("a code with a letter for a digit", true)
}

// Under which agreements a question is asked, of whom, and what comes of two of them.
func TestQuestionsAreAskedUnderLiveAgreements(t *testing.T) {
	t.Parallel()
	k, ctx := newKnown(t), context.Background()
	asked := func(what string, bodies, ways int) {
		t.Helper()
		answer, err := k.sharing.Elsewhere.Ask(ctx, k.reader, elsewhere.Question{TaxCode: k.code, Person: k.file.Person})
		if err != nil || len(answer.Bodies) != bodies || len(answer.All) != ways {
			t.Errorf("%s: %+v, %v; want %d bodies by %d agreements", what, answer, err, bodies, ways)
		}
	}
	other := k.agree(k.head, k.decider, func(p *policies.Proposal) { p.Asks.Known = true })
	k.publish()
	asked("two agreements", 1, 2)
	if n := k.count(`select count(*) from audit.events where action = 'known.ask' and payload ->> 'person' = $1`, k.file.Person.String()); n != 2 {
		t.Errorf("%d questions say in the own chain about whom, want 2", n)
	}
	k.exec(`update policies.agreements set known_elsewhere = false where id = $1`, other.ID)
	asked("one of them does not allow it any more", 1, 1)
	_, err := k.sharing.Agreements.MoveAgreement(ctx, k.head, k.agreement.ID, policies.AgreementSuspended, k.seen(k.head, k.agreement.ID, policies.AgreementSuspended))
	k.must(err)
	asked("the other one is suspended", 0, 0)
	k.exec(`update policies.agreements set known_elsewhere = true where id = $1`, other.ID)
	asked("it is allowed again", 1, 1)
	k.exec(`update platform.tenants set state = 'suspended' where id = $1`, k.owner.ID)
	k.must(k.deps.Bodies.Reload(ctx))
	asked("the body is suspended", 0, 0)
	k.exec(`update platform.tenants set state = 'active' where id = $1`, k.owner.ID)
	k.must(k.deps.Bodies.Reload(ctx))

	// The key of one agreement opens for no other, whoever puts it there.
	k.exec(`update policies.agreement_keys a set sealed = b.sealed from policies.agreement_keys b where a.agreement_id = $1 and b.agreement_id = $2`, other.ID, k.agreement.ID)
	if answer, err := k.sharing.Elsewhere.Ask(ctx, k.reader, elsewhere.Question{TaxCode: k.code}); err == nil {
		t.Errorf("the key of another agreement is used: %+v", answer)
	}
}
