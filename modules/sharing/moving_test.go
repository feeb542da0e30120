package sharing_test

import (
	"context"
	"maps"
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
	"staffetta/modules/sharing/handover"
	"staffetta/policies"
	"staffetta/tenants"
)

// removal is a site whose bodies have no agreement, with a case of somebody who moves house.
type removal struct {
	*site

	form string // the page by which it begins
}

func newRemoval(t *testing.T) *removal {
	t.Helper()
	s := newSite(t)
	_, err := s.sharing.Agreements.MoveAgreement(context.Background(), s.head, s.agreement.ID, policies.AgreementEnded, s.seen(s.head, s.agreement.ID, policies.AgreementEnded))
	s.must(err)
	return &removal{site: s, form: "/cartelle/" + s.file.ID.String() + "/cambio-residenza"}
}

func today(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }

// listed is the manifest that the page shows.
func (m *removal) listed(actor tenants.Scope, going ...string) answer {
	m.t.Helper()
	plan := url.Values{"azione": {"elenco"}, "ente": {m.receiver.Slug}, "giorno": {today(-3)}, "insieme": going}
	return m.serve(actor, "POST", m.form, carry(m.get(actor, m.form), plan))
}

func signature() url.Values {
	return url.Values{"azione": {"firma"}, "risposta": {today(10)}, "atto_numero": {"44/2026"}, "atto_data": {today(0)}}
}

// signs signs what a page lists, with the household of its hidden fields.
func (m *removal) signs(actor tenants.Scope, listed answer, more url.Values) answer {
	m.t.Helper()
	values := signature()
	maps.Copy(values, more)
	return m.serve(actor, "POST", m.form, carry(listed.markup, values))
}

// moved signs and offers, and returns the path of the handover.
func (m *removal) moved(going ...string) string {
	m.t.Helper()
	got := m.signs(m.head, m.listed(m.head, going...), nil)
	if !strings.HasPrefix(got.redirect, "/passaggi/") {
		m.t.Fatalf("sign: %d %v\n%s", got.status, got.err, got.markup)
	}
	return got.redirect
}

// accepts takes the case as the page asks for it.
func (m *removal) accepts(actor tenants.Scope, path string, more url.Values) answer {
	m.t.Helper()
	values := url.Values{"responsabile": {m.decider.Account.String()}, "atto_numero": {"9/2026"}, "atto_data": {today(0)}}
	maps.Copy(values, more)
	return m.take(actor, path, carry(m.get(m.decider, path), values))
}

func idOf(path string) string { return strings.TrimPrefix(path, "/passaggi/") }

// nothing tells that the case has not passed.
func (m *removal) nothing(what string) {
	m.t.Helper()
	if n := m.count(`select count(*) from casefile.cases where tenant_id = $1`, m.receiver.ID); n != 0 {
		m.t.Errorf("%s: the case passed", what)
	}
}

// alive counts the agreements for one handover alone that are not over.
func (m *removal) alive() int {
	return m.count(`select count(*) from policies.agreements where only_share is not null and state <> 'ended' and valid @> app.now()`)
}

// A person moves house to a municipality with which there is no agreement: both sign the manifest and one for this case alone, which
// ends with the handover.
func TestMovingHouseWithoutAnAgreement(t *testing.T) {
	t.Parallel()
	m := newRemoval(t)
	list := m.listed(m.head)
	for _, want := range []string{"Elenco di ciò che si trasferisce", "Diario", "se ne propone uno che vale solo per questo passaggio", "Manca il codice fiscale", "Firma e proponi"} {
		if !strings.Contains(list.markup, want) {
			t.Errorf("the manifest lacks %q: %d\n%s", want, list.status, list.markup)
		}
	}
	if got := m.signs(m.head, list, url.Values{"atto_numero": {""}}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "atto_numero-errore") {
		t.Errorf("signed without an act: %d %v", got.status, got.err)
	}
	if n := m.alive(); n != 0 {
		t.Fatalf("%d agreements stand before anybody signed", n)
	}
	path := m.moved()
	markup := m.get(m.decider, path)
	if !strings.Contains(markup, "Firma e accetta la cartella") || !strings.Contains(markup, "Cambio di residenza dal") {
		t.Errorf("the receiver is not asked for its signature:\n%s", markup)
	}
	if got := m.reads(m.decider); got != nil {
		t.Errorf("the receiver reads %v before it signs", got)
	}
	signed := m.get(m.decider, path+"/elenco")
	if strings.Contains(signed, "Segreto") || !strings.Contains(signed, "Non ancora") {
		t.Errorf("the signed manifest shows what it must not, or not who has yet to sign:\n%s", signed)
	}
	if got := m.accepts(m.decider, path, url.Values{"atto_numero": {""}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("taken without an act: %d %v", got.status, got.err)
	}
	m.nothing("without the receiver's act")
	if got := m.accepts(m.decider, path, nil); got.redirect != path {
		t.Fatalf("accept: %d %v\n%s", got.status, got.err, got.markup)
	}
	if n := m.count(`select count(*) from casefile.cases where tenant_id = $1 and closed_at is null`, m.receiver.ID); n != 1 {
		t.Error("the case is not at the receiver")
	}
	if n := m.alive(); n != 0 {
		t.Errorf("%d agreements outlive their handover", n)
	}
	agreement := uuid.MustParse(m.word(`select agreement_id::text from sharing.shares where id = $1`, idOf(path)))
	for _, body := range []int32{m.owner.ID, m.receiver.ID} {
		for _, action := range []string{"agreement.propose", "agreement.sign", "agreement.end"} {
			if n := m.count(`select count(*) from audit.events where tenant_id = $1 and action = $2 and object_id = $3`, body, action, agreement); n != 1 {
				t.Errorf("the chain of body %d has %s %d times", body, action, n)
			}
		}
	}
	if n := m.count(`select count(*) from policies.agreements_parties where agreement_id = $1 and accepted_at is not null`, agreement); n != 2 {
		t.Errorf("%d bodies signed, want 2", n)
	}
	if got := m.take(m.decider, path, url.Values{"responsabile": {m.decider.Account.String()}}); got.status != http.StatusConflict {
		t.Errorf("accepted twice: %d", got.status)
	}
	if signed = m.get(m.decider, path+"/elenco"); strings.Contains(signed, "Non ancora") {
		t.Error("the kept manifest does not tell who signed")
	}
	m.get(m.decider, "/rete/accordi/"+agreement.String())
}

// word reads one text as the owner of the database.
func (s *stage) word(sql string, args ...any) (text string) {
	s.t.Helper()
	s.must(s.Owner.QueryRow(context.Background(), sql, args...).Scan(&text))
	return text
}

// SQL itself wants both signatures: of the manifest, and of the agreement.
func TestMovingHouseWantsBothSignatures(t *testing.T) {
	t.Parallel()
	m := newRemoval(t)
	path := m.moved()
	const take = `select sharing.hand_over($1, null, '{}', 'B')`
	if code := m.runAs(m.decider, take, idOf(path)); code != "23514" {
		t.Errorf("taken without a signature under the agreement: %q", code)
	}
	agreement := uuid.MustParse(m.word(`select agreement_id::text from sharing.shares where id = $1`, idOf(path)))
	_, err := m.sharing.Agreements.SignAgreement(t.Context(), m.decider, agreement, policies.Act{Number: "1", Day: time.Now()}, m.seen(m.decider, agreement, policies.AgreementActive))
	m.must(err)
	if code := m.runAs(m.decider, take, idOf(path)); code != "55000" {
		t.Errorf("taken without a signature under the manifest: %q", code)
	}
	if code := m.runAs(m.decider, `select sharing.confirm_relocation($1, 'other', 'B')`, idOf(path)); code != "55000" {
		t.Errorf("signed what the giving body did not: %q", code)
	}
	if code := m.runAs(m.head, `select sharing.confirm_relocation($1, (select digest from sharing.relocations), 'A')`, idOf(path)); code != "42501" {
		t.Errorf("the giving body signs for the other one: %q", code)
	}
	m.nothing("without both signatures")
	if got := m.take(m.decider, path, url.Values{"responsabile": {m.decider.Account.String()}}); got.status != http.StatusConflict {
		t.Errorf("accepted as an ordinary handover, without reading the manifest: %d", got.status)
	}
	if got := m.accepts(m.decider, path, nil); got.redirect != path {
		t.Errorf("accept under an agreement that a colleague signed before: %d %v", got.status, got.err)
	}
}

// An agreement for one handover alone carries nothing else: no other case, no share, no ask, no row for a guest.
func TestASingleAgreementServesNothingElse(t *testing.T) {
	t.Parallel()
	m, ctx := newRemoval(t), context.Background()
	path := m.moved()
	agreement := uuid.MustParse(m.word(`select agreement_id::text from sharing.shares where id = $1`, idOf(path)))
	m.agreement.ID = agreement
	other := m.openCase(m.head, "Ugo", "Verdi")
	try := func(when string) {
		t.Helper()
		_, err := m.sharing.Handovers.Offer(ctx, m.head, other.ID.String(), handover.Offer{
			ID: newID(), Agreement: agreement, Receiver: m.receiver.ID, LegalBasis: "law", AnswerBy: time.Now().AddDate(0, 0, 5), Reason: "Un altro caso",
		})
		m.wants(t, err, problem.Invalid, "destinatario")
		_, err = m.sharing.Offers.Offer(ctx, m.worker, m.file.ID.String(), m.offer())
		m.wants(t, err, problem.Invalid, "destinatario")
		for _, sql := range []string{
			`select sharing.offer_handover(jsonb_build_object('id', gen_random_uuid(), 'receiver_tenant', $1::int, 'agreement_id', $2::uuid, 'purpose', 'handover', 'purpose_label', 'P',
				'legal_basis', 'law', 'sections', array['identity'], 'answer_by', now() + interval '1 day', 'preview', '{}'::jsonb, 'offered_name', 'A', 'case_id', $3::uuid, 'reason', 'Motivo', 'surname', 'V'))`,
			`select sharing.offer_share(jsonb_build_object('id', gen_random_uuid(), 'kind', 'consultation', 'receiver_tenant', $1::int, 'agreement_id', $2::uuid, 'purpose', 'handover', 'purpose_label', 'P',
				'legal_basis', 'law', 'sections', array['identity'], 'answer_by', now() + interval '1 hour', 'valid_to', now() + interval '2 hours', 'preview', '{}'::jsonb, 'offered_name', 'A', 'case_id', $3::uuid, 'reason', 'Motivo'))`,
		} {
			if code := m.runAs(m.head, sql, m.receiver.ID, agreement, other.ID); code != "23514" {
				t.Errorf("%s: SQL lets another case pass: %q", when, code)
			}
		}
		m.exec(`insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, valid)
			select $1, gen_random_uuid(), $2, $3, c, 'diary', $4, tstzrange(now(), now() + interval '1 hour') from unnest(array[$5, $6]::uuid[]) c`,
			m.owner.ID, idOf(path), agreement, m.receiver.ID, m.file.ID, other.ID)
		if n := m.guestRows(m.decider, `select count(*) from casefile.notes`); n != 0 {
			t.Errorf("%s: a guest reads %d notes under it", when, n)
		}
		for _, file := range []string{m.file.ID.String(), other.ID.String()} {
			if _, err := m.cases.Open(ctx, m.decider, m.owner.Slug+"~"+file, ""); !problem.Is(err, problem.NotFound) {
				t.Errorf("%s: the receiver opens %s: %v", when, file, err)
			}
		}
		m.exec(`delete from policies.case_grants`)
	}
	try("proposed")
	_, err := m.sharing.Agreements.SignAgreement(ctx, m.decider, agreement, policies.Act{Number: "1", Day: time.Now()}, m.seen(m.decider, agreement, policies.AgreementActive))
	m.must(err)
	try("signed by both")
	for _, target := range []string{policies.AgreementSuspended, policies.AgreementEnded} {
		if _, err := m.sharing.Agreements.MoveAgreement(ctx, m.head, agreement, target, m.seen(m.head, agreement, target)); !problem.Is(err, problem.Conflict) {
			t.Errorf("it takes a step of its own to %s: %v", target, err)
		}
	}
	m.Excuse(t, "policies.case_grants", "sharing.shares")
}

// The case changes after the giving body signed: nobody can accept until it has signed again what it has read.
func TestAChangedManifestIsSignedAgain(t *testing.T) {
	t.Parallel()
	m := newRemoval(t)
	stale := m.listed(m.head)
	m.note(m.worker, m.file, "diary", "public", true)
	if got := m.signs(m.head, stale, nil); got.status != http.StatusConflict || !strings.Contains(got.markup, "Rileggilo prima di firmare") {
		t.Errorf("signed a manifest that is no longer true: %d %v", got.status, got.err)
	}
	if n := m.alive(); n != 0 {
		t.Error("a refused signature leaves an agreement")
	}
	path := m.moved()
	before := m.get(m.decider, path)
	m.note(m.worker, m.file, "diary", "public", true)
	accept := carry(before, url.Values{"responsabile": {m.decider.Account.String()}, "atto_numero": {"9/2026"}, "atto_data": {today(0)}})
	if got := m.take(m.decider, path, accept); got.status != http.StatusConflict {
		t.Errorf("taken though the case changed: %d %v", got.status, got.err)
	}
	m.nothing("after a change")
	if n := m.count(`select count(*) from policies.agreements where only_share is not null and state = 'proposed'`); n != 1 {
		t.Error("a refused acceptance signed the agreement")
	}
	if markup := m.get(m.decider, path); strings.Contains(markup, "Firma e accetta") || !strings.Contains(markup, "cambiata dopo la firma") {
		t.Errorf("the receiver is asked to sign what is no longer so:\n%s", markup)
	}
	if got := m.serve(m.decider, "POST", path+"/elenco", url.Values{"elenco": {"x"}}); got.status != http.StatusForbidden {
		t.Errorf("the receiver signs for the giving body: %d", got.status)
	}
	again := m.get(m.head, path+"/elenco")
	if !strings.Contains(again, "Cambiato") || !strings.Contains(again, "Firma di nuovo l&#39;elenco") {
		t.Errorf("the giving body is not told what changed:\n%s", again)
	}
	m.note(m.worker, m.file, "diary", "public", true)
	if got := m.serve(m.head, "POST", path+"/elenco", carry(again, nil)); got.status != http.StatusConflict {
		t.Errorf("signed again what has changed again: %d", got.status)
	}
	if got := m.serve(m.head, "POST", path+"/elenco", carry(m.get(m.head, path+"/elenco"), nil)); got.redirect != path {
		t.Fatalf("sign again: %d %v", got.status, got.err)
	}
	if got := m.take(m.decider, path, accept); got.status != http.StatusConflict {
		t.Errorf("taken by the manifest of before: %d", got.status)
	}
	if n := m.count(`select count(*) from audit.events where action = 'share.manifest' and object_id = $1`, idOf(path)); n != 2 {
		t.Errorf("%d chains tell of the new signature, want 2", n)
	}
	m.note(m.worker, m.file, "diary", "public", false)
	if got := m.accepts(m.decider, path, nil); got.status != http.StatusConflict {
		t.Errorf("a draft of after the signature is left to nobody: %d %v", got.status, got.err)
	}
	if got := m.serve(m.head, "POST", path+"/elenco", carry(m.get(m.head, path+"/elenco"), nil)); got.redirect != path {
		t.Fatalf("sign for the third time: %d %v", got.status, got.err)
	}
	if got := m.accepts(m.decider, path, nil); got.redirect != path {
		t.Fatalf("accept: %d %v\n%s", got.status, got.err, got.markup)
	}
	if n := m.count(`select count(*) from casefile.notes where tenant_id = $1 and signed_at is not null`, m.receiver.ID); n != 4 {
		t.Errorf("%d notes went along, want 4", n)
	}
}

// Whoever may take the case but not sign agreements is told who can; once that colleague has signed, the case can be taken.
func TestWhoCannotSignIsToldWhoCan(t *testing.T) {
	t.Parallel()
	m := newRemoval(t)
	admin := m.Operator(t, m.receiver, "tenant_admin")
	clerk := m.Operator(t, m.owner, "tenant_admin")
	path := m.moved()
	m.forbidSigning()
	if markup := m.get(m.decider, path); !strings.Contains(markup, admin.Name) || strings.Contains(markup, "Firma e accetta") || strings.Contains(markup, clerk.Name) {
		t.Errorf("the receiver is not told who can sign:\n%s", markup)
	}
	form := url.Values{"responsabile": {m.decider.Account.String()}, "elenco": {m.word(`select digest from sharing.relocations`)}, "atto_numero": {"1"}, "atto_data": {today(0)}}
	if got := m.take(m.decider, path, form); got.status != http.StatusForbidden || !strings.Contains(m.say(got.err), admin.Name) {
		t.Errorf("signed by who may not: %d %v", got.status, got.err)
	}
	m.nothing("by who may not sign")
	if got := m.serve(admin, "GET", path, nil); got.status != http.StatusNotFound {
		t.Errorf("who signs agreements reads the handover: %d", got.status)
	}
	agreement := m.word(`select agreement_id::text from sharing.shares where id = $1`, idOf(path))
	at := "/rete/accordi/" + agreement
	if markup := m.get(admin, at); strings.Contains(markup, "Bianco") || !strings.Contains(markup, "Un solo passaggio") {
		t.Errorf("the agreement tells who the person is, or not what it serves:\n%s", markup)
	}
	if got := m.serve(admin, "POST", at+"/rifiuto", url.Values{"motivo": {"Non ci riguarda"}}); got.status != http.StatusConflict {
		t.Errorf("the agreement is refused apart from its handover: %d %v", got.status, got.err)
	}
	if got := m.serve(admin, "POST", at+"/firma", carry(m.get(admin, at), url.Values{"atto_numero": {"3/2026"}, "atto_data": {today(0)}, "visto": {"si"}})); got.status != http.StatusSeeOther {
		t.Fatalf("the admin signs: %d %v", got.status, got.err)
	}
	if got := m.accepts(m.decider, path, nil); got.redirect != path {
		t.Fatalf("accept: %d %v", got.status, got.err)
	}

	other := m.openCase(m.head, "Ugo", "Verdi")
	m.form = "/cartelle/" + other.ID.String() + "/cambio-residenza"
	list := m.listed(m.head)
	if !strings.Contains(list.markup, clerk.Name) || strings.Contains(list.markup, "Firma e proponi") {
		t.Errorf("the sender is not told who can sign:\n%s", list.markup)
	}
	if got := m.signs(m.head, list, nil); got.status != http.StatusForbidden {
		t.Errorf("offered by who may not sign: %d %v", got.status, got.err)
	}
}

// forbidSigning serves the pages by rules under which coordinators sign no agreements.
func (m *removal) forbidSigning() {
	m.t.Helper()
	var permissions []policies.Permission
	var grants []policies.RoleGrant
	for _, one := range list() {
		permissions = append(permissions, one.Permissions...)
		for _, g := range one.Grants {
			var kept []string
			for _, name := range g.Permissions {
				if g.Role != "coordinator" || name != "agreement:write" {
					kept = append(kept, name)
				}
			}
			grants = append(grants, policies.RoleGrant{Role: g.Role, Permissions: kept})
		}
	}
	engine, err := policies.NewEngine(m.t.Context(), m.DB, permissions, grants)
	m.must(err)
	m.deps.Policies = engine
	parts, err := sharing.Module().New(m.deps)
	m.must(err)
	m.pages = parts.Pages
}

// say is what a person reads of an error.
func (s *site) say(err error) string {
	if err == nil {
		return ""
	}
	return s.catalogue.Say("it", problem.Of(err).Message)
}

// Only those whom the giving body names go along; a protected case passes when it is known that it endangers nobody.
func TestMovingHouseOfAProtectedPerson(t *testing.T) {
	t.Parallel()
	m, ctx := newRemoval(t), context.Background()
	persons := registry.NewService(m.deps)
	household, err := persons.CreateHousehold(ctx, m.worker, registry.NewHousehold{ID: newID(), Kind: "registry", Person: m.file.Person, Joining: registry.Joining{Relation: "head", From: "2020-01-01"}})
	m.must(err)
	join := func(name string) string {
		person, err := persons.Create(ctx, m.worker, registry.NewPerson{ID: newID(), Details: registry.Details{NoCodeReason: "unknown", Name: name, Surname: "Bianco"}})
		m.must(err)
		m.must(persons.AddMember(ctx, m.worker, registry.NewMember{ID: newID(), Household: household, Person: person.ID, Joining: registry.Joining{Relation: "child", From: "2020-01-01"}}))
		return person.ID.String()
	}
	child, husband := join("Lia"), join("Ezio")
	m.must(m.cases.Protect(ctx, m.worker, m.file.ID.String(), casefile.Mark{ID: newID(), Kind: "violence", Reason: "Non va cercata"}))

	if got := m.listed(m.head, newID().String()); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a stranger goes along: %d", got.status)
	}
	list := m.listed(m.head, child)
	if !strings.Contains(list.markup, "Lia Bianco") || !strings.Contains(list.markup, "La cartella è protetta") {
		t.Errorf("the page tells neither who goes nor of the protection:\n%s", list.markup)
	}
	if got := m.signs(m.head, list, nil); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "protetta-1-errore") && !strings.Contains(got.markup, "non mette in pericolo") {
		t.Errorf("a protected case is offered without a word: %d %v", got.status, got.err)
	}
	got := m.signs(m.head, list, url.Values{"protetta": {"1"}})
	if !strings.HasPrefix(got.redirect, "/passaggi/") {
		t.Fatalf("sign: %d %v\n%s", got.status, got.err, got.markup)
	}
	if markup := m.get(m.decider, got.redirect+"/elenco"); strings.Contains(markup, "Lia") || strings.Contains(markup, "Ezio") || strings.Contains(markup, husband) || !strings.Contains(markup, "Passano: 2. Restano: 1.") {
		t.Errorf("the receiver reads who lives with the person before it signs:\n%s", markup)
	}
	if taken := m.accepts(m.decider, got.redirect, nil); taken.redirect != got.redirect {
		t.Fatalf("accept: %d %v\n%s", taken.status, taken.err, taken.markup)
	}
	if n := m.count(`select count(*) from registry.persons where tenant_id = $1 and id = any ($2)`, m.receiver.ID, []string{child, m.file.Person.String()}); n != 2 {
		t.Errorf("%d of the two who moved are there", n)
	}
	for _, sql := range []string{
		`select count(*) from registry.persons where tenant_id = $1 and id = $2`,
		`select count(*) from registry.members where tenant_id = $1 and person_id = $2`,
		`select count(*) from policies.case_subjects where tenant_id = $1 and person_id = $2`,
	} {
		if n := m.count(sql, m.receiver.ID, husband); n != 0 {
			t.Errorf("who stays went along: %s", sql)
		}
	}
	if n := m.count(`select count(*) from casefile.marks where tenant_id = $1 and ended_at is null`, m.receiver.ID); n != 1 {
		t.Error("the protection did not go along")
	}
}

// However the offer ends, no agreement for it stays alive; the wrong body and a third one do nothing.
func TestNoAgreementOutlivesItsHandover(t *testing.T) {
	t.Parallel()
	m := newRemoval(t)
	third := m.Operator(t, m.body("c_e974"), "coordinator")
	path := m.moved()
	if got := m.serve(m.head, "GET", m.form, nil); got.redirect != path {
		t.Errorf("a case that is offered begins again: %d %s", got.status, got.redirect)
	}
	if got := m.accepts(m.head, path, nil); got.status != http.StatusForbidden {
		t.Errorf("the giving body accepts: %d", got.status)
	}
	for _, request := range []struct{ method, path string }{{"GET", path + "/elenco"}, {"POST", path + "/elenco"}, {"POST", path + "/accetta"}, {"POST", m.form}} {
		if got := m.serve(third, request.method, request.path, url.Values{"elenco": {"x"}, "responsabile": {third.Account.String()}, "azione": {"elenco"}}); got.status != http.StatusNotFound {
			t.Errorf("a third body: %s %s: %d", request.method, request.path, got.status)
		}
	}
	if got := m.serve(m.worker, "GET", m.form, nil); got.status != http.StatusNotFound {
		t.Errorf("a social worker begins: %d", got.status)
	}
	if got := m.serve(m.decider, "POST", path+"/rifiuta", url.Values{"motivo": {"Non abita qui"}}); got.redirect != path {
		t.Fatalf("refuse: %d %v", got.status, got.err)
	}
	if n := m.alive(); n != 0 {
		t.Errorf("%d agreements outlive a refusal", n)
	}
	if got := m.serve(m.decider, "GET", path+"/elenco", nil); got.status != http.StatusNotFound {
		t.Errorf("who refused reads the manifest: %d", got.status)
	}
	if path = m.moved(); m.serve(m.head, "POST", path+"/ritira", url.Values{}).redirect != path || m.alive() != 0 {
		t.Errorf("%d agreements outlive a withdrawal", m.alive())
	}
	path = m.moved()
	m.setClock(24 * 12 * time.Hour)
	if n := m.alive(); n != 0 {
		t.Errorf("%d agreements outlive a lapsed offer", n)
	}
	if got := m.take(m.decider, path, url.Values{"responsabile": {m.decider.Account.String()}, "elenco": {m.word(`select digest from sharing.relocations where share_id = $1`, idOf(path))}, "atto_numero": {"1"}, "atto_data": {today(0)}}); got.status != http.StatusConflict {
		t.Errorf("taken after its day: %d %v", got.status, got.err)
	}
}

// The acceptance fails when a file cannot be copied: nothing passes, and nothing is signed.
func TestAHalfSignedAcceptanceLeavesNothing(t *testing.T) {
	t.Parallel()
	m := newRemoval(t)
	m.paper()
	path := m.moved()
	deps := m.deps
	deps.Platform.Files = broken{deps.Platform.Files}
	parts, err := sharing.Module().New(deps)
	m.must(err)
	pages := m.pages
	m.pages = parts.Pages
	if got := m.accepts(m.decider, path, nil); got.status < http.StatusInternalServerError {
		t.Errorf("taken without its files: %d", got.status)
	}
	m.nothing("without its files")
	if n := m.count(`select count(*) from policies.agreements where only_share is not null and state = 'proposed'`); n != 1 {
		t.Error("the agreement is signed, or ended")
	}
	if n := m.count(`select count(*) from sharing.relocations where confirmed <> ''`); n != 0 {
		t.Error("the manifest is signed")
	}
	m.pages = pages
	if got := m.accepts(m.decider, path, nil); got.redirect != path {
		t.Errorf("accept: %d %v", got.status, got.err)
	}
}

// Under an agreement that stands, no other one is made; a benefit is listed by declaration, and needs a new owner.
func TestMovingHouseUnderAnAgreement(t *testing.T) {
	t.Parallel()
	m := newRemoval(t)
	m.agree(m.head, m.decider, func(p *policies.Proposal) { p.Purposes = append(p.Purposes, "handover") })
	m.exec(`alter table casefile.documents add column holder uuid, add column holder_name text not null default ''`)
	m.exec(`call app.handover_obligation('note_draft_paid', 'casefile.documents', 't.case_id = $2', due => 't.created_at', owner_column => 'holder', owner_name => 'holder_name', benefit => true)`)
	list := m.listed(m.head)
	if strings.Contains(list.markup, "atto_numero") || !strings.Contains(list.markup, "Prestazioni in corso") {
		t.Errorf("an act is asked for, or no benefit listed:\n%s", list.markup)
	}
	path := m.moved()
	if n := m.alive(); n != 0 {
		t.Errorf("%d agreements were made beside the standing one", n)
	}
	if got := m.accepts(m.decider, path, nil); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a benefit is left to nobody: %d %v", got.status, got.err)
	}
	form := url.Values{}
	for id := range strings.FieldsSeq(m.word(`select string_agg(id::text, ' ') from casefile.documents where tenant_id = $1`, m.owner.ID)) {
		form.Set("impegno-"+id, m.decider.Account.String())
	}
	if got := m.accepts(m.decider, path, form); got.redirect != path {
		t.Errorf("accept: %d %v", got.status, got.err)
	}
}

// An address in another municipality is said on the page of the person and on that of the case; one click begins there.
func TestTheRegisterHintsAtAMove(t *testing.T) {
	t.Parallel()
	m, ctx := newRemoval(t), context.Background()
	m.exec(`update platform.tenants set belfiore = case id when $1 then 'G315' else 'F061' end where id in ($1, $2)`, m.owner.ID, m.receiver.ID)
	m.must(m.deps.Bodies.Reload(ctx))
	parts, err := sharing.Module().New(m.deps)
	m.must(err)
	m.pages = parts.Pages
	hints := modules.NewHints(m.deps.Bodies, m.deps.Policies, m.deps.Platform.Log)
	hints.Add(sharing.Module(), parts.Hints)
	said := func(actor tenants.Scope) []modules.Hint {
		return hints.FindOfCase(ctx, actor, modules.Hinted{Person: m.file.Person, TaxCode: "BNCRSO80A41G315X"})
	}
	persons := registry.NewService(m.deps)
	live := func(municipality string) {
		sheet, err := persons.GetSheet(ctx, m.worker, m.file.Person)
		m.must(err)
		m.must(persons.UpdateContacts(ctx, m.worker, registry.NewContacts{
			ID: newID(), Person: m.file.Person, Replaces: sheet.Current().ID, ContactDetails: registry.ContactDetails{Municipality: municipality, Mobile: "333 1234567"},
		}))
	}
	for place, want := range map[string]int{"Pantelleria": 0, "Torino": 0} {
		live(place)
		if got := said(m.head); len(got) != want {
			t.Errorf("somebody who lives in %s: %v", place, got)
		}
	}
	live("Mazara del Vallo")
	got := said(m.head)
	if len(got) != 1 || got[0].Path != m.form+"?origine=register" {
		t.Fatalf("the register hints at %v", got)
	}
	if none := said(m.worker); len(none) != 0 {
		t.Errorf("who passes no case is told to: %v", none)
	}
	markup := m.get(m.head, got[0].Path)
	if !strings.Contains(markup, `value="`+m.receiver.Slug+`" selected`) {
		t.Errorf("the municipality of the register is not proposed:\n%s", markup)
	}
	list := m.serve(m.head, "POST", m.form, carry(markup, url.Values{"azione": {"elenco"}, "ente": {m.receiver.Slug}, "giorno": {today(0)}}))
	if signed := m.signs(m.head, list, nil); signed.status != http.StatusSeeOther {
		t.Fatalf("sign: %d %v", signed.status, signed.err)
	}
	if begun := m.word(`select begun from sharing.relocations`); begun != "register" {
		t.Errorf("it began by %s", begun)
	}
	if none := said(m.head); len(none) != 0 {
		t.Errorf("what is offered already is hinted at: %v", none)
	}
}
