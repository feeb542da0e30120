package sharing_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
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

// newPassage is a site whose agreement lets the owner hand cases over too.
func newPassage(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	_, err := s.sharing.Agreements.MoveAgreement(context.Background(), s.head, s.agreement.ID, policies.AgreementEnded, s.seen(s.head, s.agreement.ID, policies.AgreementEnded))
	s.must(err)
	s.agreement = s.agree(s.head, s.decider, func(p *policies.Proposal) {
		p.Purposes = append(p.Purposes, "handover")
	})
	return s
}

func (s *site) answers() url.Values {
	return url.Values{
		"destinatario": {s.agreement.ID.String() + "~" + s.receiver.Slug}, "base": {"law"},
		"risposta": {time.Now().AddDate(0, 0, 10).Format(time.DateOnly)}, "motivo": {"Si è trasferita dalla figlia"},
	}
}

// offerThroughPages offers the case of the site and returns the path of the handover.
func (s *site) offerThroughPages() string {
	s.t.Helper()
	form := "/cartelle/" + s.file.ID.String() + "/passaggio"
	got := s.serve(s.head, "POST", form, carry(s.get(s.head, form), s.answers()))
	if !strings.HasPrefix(got.redirect, "/passaggi/") {
		s.t.Fatalf("offer: %d %v\n%s", got.status, got.err, got.markup)
	}
	return got.redirect
}

// passing is a handover that the service offers.
func (s *site) passing() handover.Handover {
	s.t.Helper()
	h, err := s.sharing.Handovers.Offer(context.Background(), s.head, s.file.ID.String(), handover.Offer{
		ID: newID(), Agreement: s.agreement.ID, Receiver: s.receiver.ID, LegalBasis: "law", AnswerBy: time.Now().AddDate(0, 0, 10), Reason: "Si è trasferita",
	})
	s.must(err)
	return h
}

// take accepts a handover by its page and, where that has nothing to say against it, by the page that confirms.
func (s *site) take(actor tenants.Scope, path string, form url.Values) answer {
	s.t.Helper()
	got := s.serve(actor, "POST", path+"/accetta", form)
	if got.status != http.StatusOK {
		return got
	}
	for _, words := range []string{"Prendere in carico la cartella?", "chiude la sua cartella", "La segue ", "Non si torna indietro"} {
		if !strings.Contains(got.markup, words) {
			s.t.Errorf("who takes a case over is not told %q:\n%s", words, got.markup)
		}
	}
	if n := s.count(`select count(*) from sharing.shares where id = $1 and state = 'offered'`, strings.TrimPrefix(path, "/passaggi/")); n != 1 {
		s.t.Error("the case has passed before it was confirmed")
	}
	return s.serve(actor, "POST", path+"/accetta", carry(got.markup, nil))
}

// AT-04 of the sharing rules: the receiver previews; on acceptance the case is handed over whole; the sender keeps a legal stub
// and its own notes; accepting twice is a conflict.
func TestAT04HandoverPassesTheWholeCase(t *testing.T) {
	t.Parallel()
	s, ctx := newPassage(t), context.Background()
	private := s.note(s.worker, s.file, "diary", "private", true)
	document := s.paper()
	share := s.accepted()
	path := s.offerThroughPages()
	if got := s.serve(s.head, "GET", "/cartelle/"+s.file.ID.String()+"/passaggio", nil); got.redirect != path {
		t.Errorf("a case that is offered is offered again: %d %s", got.status, got.redirect)
	}

	markup := s.get(s.decider, path)
	for _, want := range []string{"Rosa Bianco", "Si è trasferita dalla figlia", "Diario", "Documenti", "Finisce", "Accetta la cartella"} {
		if !strings.Contains(markup, want) {
			t.Errorf("who decides does not read %q", want)
		}
	}
	if markup := s.get(s.reader, path); strings.Contains(markup, "Bianco") || strings.Contains(markup, "dalla figlia") || strings.Contains(markup, "Diario") {
		t.Errorf("who does not decide reads who the person is:\n%s", markup)
	}
	if seen, err := s.sharing.Handovers.Get(ctx, s.reader, uuid.MustParse(strings.TrimPrefix(path, "/passaggi/"))); err != nil || seen.Person != (handover.Person{}) || seen.Reason != "" || seen.Number != "" {
		t.Errorf("who does not decide is told %+v: %v", seen, err)
	}
	if got := s.take(s.decider, path, url.Values{}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("taken without anybody to hold the case: %d", got.status)
	}
	if got := s.take(s.decider, path, url.Values{"responsabile": {s.worker.Account.String()}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("taken for somebody of the other body: %d", got.status)
	}
	accept := url.Values{"responsabile": {s.reader.Account.String()}}
	if got := s.take(s.decider, path, accept); got.redirect != path {
		t.Fatalf("accept: %d %v\n%s", got.status, got.err, got.markup)
	}
	if got := s.take(s.decider, path, accept); got.status != http.StatusConflict || !strings.Contains(got.markup, "già passata il") {
		t.Errorf("accepted twice: %d %v", got.status, got.err)
	}

	a, err := s.cases.Open(ctx, s.reader, s.file.ID.String(), "diary")
	s.must(err)
	if a.Relation != policies.Assigned || a.Origin != s.owner.ID || a.Person.FullName() != "Rosa Bianco" || !strings.HasSuffix(a.Number, "/000001") {
		t.Errorf("the case where it went is %+v", a.CaseFile)
	}
	notes, _, err := s.cases.FindNotes(ctx, a, casefile.Cursor{})
	s.must(err)
	if len(notes) != 1 || notes[0].AuthorTenant != s.owner.ID {
		t.Errorf("the diary that went along has %d notes", len(notes))
	}
	if _, content, err := s.cases.ReadDocument(ctx, s.reader, s.file.ID.String(), document); err != nil || string(content) != paper {
		t.Errorf("the document where it went: %v", err)
	}
	if n := s.count(`select count(*) from casefile.notes where tenant_id = $1 and id = $2`, s.receiver.ID, private); n != 0 {
		t.Error("a private note went along")
	}
	if got := s.reads(s.reader); got != nil {
		t.Errorf("the share of the case that passed still shows %v", got)
	}
	if n := s.count(`select count(*) from sharing.shares where id = $1 and state = 'closed'`, share.ID); n != 1 {
		t.Error("the share of the case that passed is not closed")
	}
	s.checkStub(t, path)
	for body, action := range map[int32]string{s.owner.ID: "share.accept", s.receiver.ID: "share.accept"} {
		if n := s.count(`select count(*) from audit.events where tenant_id = $1 and action = $2 and case_id = $3 and actor_tenant = $4`, body, action, s.file.ID, s.receiver.ID); n == 0 {
			t.Errorf("the chain of body %d does not tell who took the case", body)
		}
	}
}

// checkStub sees what stays with the body that handed the case over.
func (s *site) checkStub(t *testing.T, path string) {
	t.Helper()
	ctx := context.Background()
	if markup := s.get(s.head, path); !strings.Contains(markup, "La cartella è passata a un altro ente") || !strings.Contains(markup, "/000001") {
		t.Error("the giving body does not read where the case went")
	}
	old, err := s.cases.Open(ctx, s.worker, s.file.ID.String(), "diary")
	s.must(err)
	notes, _, err := s.cases.FindNotes(ctx, old, casefile.Cursor{})
	s.must(err)
	if old.StateLabel != "Chiuso: trasferito" || old.PassedTo != s.receiver.ID || len(notes) != 2 {
		t.Errorf("the stub is %+v with %d notes", old.CaseFile, len(notes))
	}
	_, err = s.cases.OpenToWrite(ctx, s.worker, s.file.ID.String(), "diary")
	s.wants(t, err, problem.Conflict, "")
	err = s.DB.InTx(ctx, old.Scope, func(tx tenants.Tx) error { // as who opened the case before it passed
		_, err := tx.Exec(ctx, `insert into casefile.reasons (id, case_id, body) values ($1, $2, 'Troppo tardi')`, newID(), s.file.ID)
		return err
	})
	s.wants(t, err, problem.Conflict, "")
	if got := s.serve(s.head, "GET", "/cartelle/"+s.file.ID.String()+"/passaggio", nil); got.redirect != path {
		t.Errorf("a case that passed does not lead to its handover: %d %s", got.status, got.redirect)
	}
}

const paper = "%PDF-1.4 prova"

// paper files a document with its content in the case of the site.
func (s *site) paper() uuid.UUID {
	s.t.Helper()
	sum, err := s.deps.Platform.Files.Put(context.Background(), s.owner.ID, []byte(paper))
	s.must(err)
	id := newID()
	s.exec(`insert into casefile.documents (tenant_id, id, case_id, section, title, file_name, media_type, size, sha256, author_tenant, author_account, author_name)
		values ($1, $2, $3, 'documents', 'Relazione', 'r.pdf', 'application/pdf', 14, $4, $1, $5, 'X')`, s.owner.ID, id, s.file.ID, sum, s.worker.Account)
	return id
}

// AT-04: what is open refuses a handover until somebody answers for it.
func TestAT04DraftsRefuseAHandover(t *testing.T) {
	t.Parallel()
	s := newPassage(t)
	s.note(s.worker, s.file, "diary", "public", false)
	form := "/cartelle/" + s.file.ID.String() + "/passaggio"
	markup := s.get(s.head, form)
	if !strings.Contains(markup, "Annotazione non firmata") {
		t.Errorf("the form does not tell of the draft:\n%s", markup)
	}
	if got := s.serve(s.head, "POST", form, carry(markup, s.answers())); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "le bozze restano qui") {
		t.Errorf("offered without a word about the draft: %d", got.status)
	}
	known := s.answers()
	known.Set("restano", "1")
	got := s.serve(s.head, "POST", form, carry(markup, known))
	if got.status != http.StatusSeeOther {
		t.Fatalf("offer: %d %v", got.status, got.err)
	}
	s.note(s.worker, s.file, "diary", "public", false)
	accept := url.Values{"responsabile": {s.decider.Account.String()}}
	if refused := s.take(s.decider, got.redirect, accept); refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.markup, "ha iniziato qualcosa dopo la proposta") {
		t.Errorf("a draft of after the offer is left to nobody: %d", refused.status)
	}
	s.exec(`update casefile.notes set signed_at = now() where signed_at is null and id = (select max(id::text)::uuid from casefile.notes where signed_at is null)`)
	if taken := s.take(s.decider, got.redirect, accept); taken.status != http.StatusSeeOther {
		t.Errorf("accept: %d %v", taken.status, taken.err)
	}
	if n := s.count(`select count(*) from casefile.notes where tenant_id = $1 and signed_at is null`, s.receiver.ID); n != 0 {
		t.Errorf("%d drafts went along", n)
	}
}

// AT-04: fifty who accept at once take it once, and the others are told.
func TestAT04FiftyAcceptOnce(t *testing.T) {
	t.Parallel()
	s := newPassage(t)
	h := s.passing()
	var wait sync.WaitGroup
	errs := make([]error, 50)
	for i := range errs {
		wait.Go(func() {
			_, errs[i] = s.sharing.Handovers.Accept(context.Background(), s.decider, h.ID, handover.Taking{})
		})
	}
	wait.Wait()
	taken, conflicts := 0, 0
	for _, err := range errs {
		switch {
		case err == nil:
			taken++
		case problem.Is(err, problem.Conflict):
			conflicts++
		default:
			t.Error(err)
		}
	}
	if taken != 1 || conflicts != 49 {
		t.Errorf("taken %d times, %d conflicts", taken, conflicts)
	}
}

// broken are files that cannot be kept.
type broken struct{ modules.Files }

func (broken) Put(context.Context, int32, []byte) (string, error) { return "", errors.New("disk full") }

// AT-04: when a file cannot be copied, nothing passes.
func TestAT04NothingPassesWithoutItsFiles(t *testing.T) {
	t.Parallel()
	s, ctx := newPassage(t), context.Background()
	s.paper()
	h := s.passing()
	deps := s.deps
	deps.Platform.Files = broken{deps.Platform.Files}
	if _, err := sharing.NewService(deps).Handovers.Accept(ctx, s.decider, h.ID, handover.Taking{}); err == nil {
		t.Fatal("the case passed without its files")
	}
	if n := s.count(`select count(*) from casefile.cases where tenant_id = $1`, s.receiver.ID); n != 0 {
		t.Error("the case is where its files are not")
	}
	_, err := s.sharing.Handovers.Accept(ctx, s.decider, h.ID, handover.Taking{})
	s.must(err)
}

// A live share with a third body goes on under an agreement of the body that takes over; without one it ends.
func TestSharesOfACaseFollowIt(t *testing.T) {
	t.Parallel()
	s, ctx := newPassage(t), context.Background()
	third := s.body("c_e974")
	far := s.Operator(t, third, "coordinator")
	own := s.agree(s.head, far, func(*policies.Proposal) {})
	offer := s.offer()
	offer.Agreement, offer.Receiver = own.ID, third.ID
	share, err := s.sharing.Offers.Offer(ctx, s.worker, s.file.ID.String(), offer)
	s.must(err)
	_, err = s.sharing.Shares.Accept(ctx, far, share.ID, sharing.Addressee{})
	s.must(err)
	s.agree(s.decider, far, func(*policies.Proposal) {})
	path := s.offerThroughPages()
	if markup := s.get(s.decider, path); !strings.Contains(markup, "Continua con il nuovo ente") {
		t.Errorf("the preview does not tell that the share goes on:\n%s", markup)
	}
	if got := s.take(s.decider, path, url.Values{"responsabile": {s.decider.Account.String()}}); got.redirect != path {
		t.Fatalf("accept: %d %v", got.status, got.err)
	}
	a, err := s.cases.Open(ctx, far, s.receiver.Slug+"~"+s.file.ID.String(), "")
	s.must(err)
	if got := a.Scope.Sections(); len(got) != 2 || got[0] != "identity" || got[1] != "assessment" {
		t.Errorf("the third body reads %v of the case where it went", got)
	}
	if _, err := s.cases.Open(ctx, far, s.ref(), ""); !problem.Is(err, problem.NotFound) {
		t.Errorf("the third body still reads the case where it was: %v", err)
	}
	if n := s.count(`select count(*) from audit.events where tenant_id in ($1, $2) and action = 'share.close' and object_id = $3`, s.owner.ID, third.ID, share.ID); n != 2 {
		t.Errorf("%d chains tell that the share ended, want 2", n)
	}
}

// Who is known already is joined, and keeps the data that the body has.
func TestAKnownPersonIsJoined(t *testing.T) {
	t.Parallel()
	s, ctx := newPassage(t), context.Background()
	known, err := registry.NewService(s.deps).Create(ctx, s.decider, registry.NewPerson{ID: newID(), Details: registry.Details{NoCodeReason: "unknown", Name: "Rosa", Surname: "Bianco"}})
	s.must(err)
	path := s.offerThroughPages()
	if markup := s.get(s.decider, path); !strings.Contains(markup, known.ID.String()) {
		t.Fatalf("the person that the body knows is not proposed:\n%s", markup)
	}
	form := carry(s.get(s.decider, path), url.Values{"responsabile": {s.decider.Account.String()}})
	for _, who := range []string{"", "altro", s.file.Person.String()} {
		form.Set("persona", who)
		if got := s.take(s.decider, path, form); got.status != http.StatusUnprocessableEntity {
			t.Errorf("taken for the person %q: %d %v", who, got.status, got.err)
		}
	}
	form.Set("persona", known.ID.String())
	if got := s.take(s.decider, path, form); got.redirect != path {
		t.Fatalf("accept: %d %v", got.status, got.err)
	}
	if n := s.count(`select count(*) from registry.persons where tenant_id = $1`, s.receiver.ID); n != 1 {
		t.Errorf("the body has %d persons, want the one that it knew", n)
	}
	if n := s.count(`select count(*) from policies.case_subjects where tenant_id = $1 and case_id = $2 and person_id = $3`, s.receiver.ID, s.file.ID, known.ID); n != 3 {
		t.Errorf("the person is seen through the case in %d sections, want 3", n)
	}
}

// AT-05 of the sharing rules: ids are looked up under the body and the case, and the sender does not accept its own offer.
func TestAT05HandoversOfOthers(t *testing.T) {
	t.Parallel()
	s := newPassage(t)
	consultation := s.offered()
	path := s.offerThroughPages()
	id := strings.TrimPrefix(path, "/passaggi/")
	third := s.Operator(t, s.body("c_e974"), "coordinator")
	accept := url.Values{"responsabile": {s.decider.Account.String()}, "motivo": {"Non ci riguarda"}}
	for _, c := range []struct {
		what         string
		actor        tenants.Scope
		method, path string
		status       int
	}{
		{"the sender accepts", s.head, "POST", path + "/accetta", http.StatusForbidden},
		{"the sender refuses", s.head, "POST", path + "/rifiuta", http.StatusForbidden},
		{"the receiver withdraws", s.decider, "POST", path + "/ritira", http.StatusForbidden},
		{"a social worker accepts", s.reader, "POST", path + "/accetta", http.StatusNotFound},
		{"a third body reads", third, "GET", path, http.StatusNotFound},
		{"a third body accepts", third, "POST", path + "/accetta", http.StatusNotFound},
		{"a third body refuses", third, "POST", path + "/rifiuta", http.StatusNotFound},
		{"a third body withdraws", third, "POST", path + "/ritira", http.StatusNotFound},
		{"no such handover", s.decider, "POST", "/passaggi/" + newID().String() + "/accetta", http.StatusNotFound},
		{"no id", s.decider, "POST", "/passaggi/uno/accetta", http.StatusNotFound},
		{"a consultation is taken over", s.decider, "POST", "/passaggi/" + consultation.ID.String() + "/accetta", http.StatusNotFound},
		{"a handover is accepted as a share", s.decider, "POST", "/condivisioni/" + id + "/accetta", http.StatusNotFound},
	} {
		if got := s.serve(c.actor, c.method, c.path, accept); got.status != c.status {
			t.Errorf("%s: %d, want %d (%v)", c.what, got.status, c.status, got.err)
		}
	}
	if n := s.count(`select count(*) from sharing.shares where id = $1 and state = 'offered'`, id); n != 1 {
		t.Fatal("somebody moved the handover")
	}
	if got := s.serve(s.decider, "GET", "/condivisioni/"+id, nil); got.redirect != path {
		t.Errorf("the page of shares does not lead to the handover: %d %s", got.status, got.redirect)
	}
	if got := s.serve(s.decider, "POST", path+"/rifiuta", url.Values{"motivo": {"no"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("refused without a reason: %d", got.status)
	}
	if got := s.serve(s.decider, "POST", path+"/rifiuta", accept); got.redirect != path {
		t.Fatalf("refuse: %d %v", got.status, got.err)
	}
	if markup := s.get(s.decider, path); strings.Contains(markup, "Bianco") {
		t.Error("who refused still reads who the person is")
	}
	if markup := s.get(s.head, path); !strings.Contains(markup, "Non ci riguarda") {
		t.Error("the sender does not read why it was refused")
	}
	again := s.offerThroughPages()
	if got := s.serve(s.head, "POST", again+"/ritira", url.Values{}); got.redirect != again {
		t.Fatalf("withdraw: %d %v", got.status, got.err)
	}
	if got := s.take(s.decider, again, accept); got.status != http.StatusConflict {
		t.Errorf("accepted after it was withdrawn: %d", got.status)
	}
}

// Who the person of a handover is stays with who reads identity, in SQL too.
func TestWhoseCasePassesIsIdentity(t *testing.T) {
	t.Parallel()
	s := newPassage(t)
	path := s.offerThroughPages()
	for who, c := range map[string]struct {
		body tenants.Tenant
		role string
		sees bool
	}{
		"the giving DPO": {s.owner, "dpo", false}, "the taking DPO": {s.receiver, "dpo", false}, "a taking educator": {s.receiver, "educator", false},
		"the taking coordinator": {s.receiver, "coordinator", true}, "the giving coordinator": {s.owner, "coordinator", true},
	} {
		actor := s.Operator(t, c.body, c.role)
		if n := s.countAs(s.deps.Policies.Confine(actor, policies.Body), `select count(*) from sharing.shares_handovers`); (n == 1) != c.sees {
			t.Errorf("%s reads %d rows past the program", who, n)
		}
		if got := s.serve(actor, "GET", path, nil); strings.Contains(got.markup, "Bianco") != c.sees {
			t.Errorf("%s reads who it is: %t (%d)", who, !c.sees, got.status)
		}
	}
}

// An offer lapses on its day, and a wrong one is refused by field.
func TestHandoverKeepsToItsFrame(t *testing.T) {
	t.Parallel()
	s := newPassage(t)
	form := "/cartelle/" + s.file.ID.String() + "/passaggio"
	markup := s.get(s.head, form)
	for field, wrong := range map[string]string{
		"destinatario": newID().String() + "~" + s.receiver.Slug, "base": "consent", "risposta": time.Now().AddDate(0, 0, -1).Format(time.DateOnly), "motivo": "no",
	} {
		values := s.answers()
		values.Set(field, wrong)
		got := s.serve(s.head, "POST", form, carry(markup, values))
		if got.status != http.StatusUnprocessableEntity || !regexp.MustCompile(`id="`+field+`[^"]*-errore"`).MatchString(got.markup) {
			t.Errorf("%s %q: %d", field, wrong, got.status)
		}
	}
	if got := s.serve(s.worker, "GET", form, nil); got.status != http.StatusNotFound {
		t.Errorf("a social worker offers a handover: %d", got.status)
	}
	path := s.offerThroughPages()
	s.setClock(24 * 12 * time.Hour)
	if got := s.take(s.decider, path, url.Values{"responsabile": {s.decider.Account.String()}}); got.status != http.StatusConflict {
		t.Errorf("taken after its day: %d", got.status)
	}
	if n := s.count(`select count(*) from casefile.cases where tenant_id = $1`, s.receiver.ID); n != 0 {
		t.Error("a lapsed handover passed the case")
	}
}

// A refused handover that the law asks for goes to the supervisor of the agreement, who learns nothing of the case.
func TestARefusedStatutoryHandoverIsReviewed(t *testing.T) {
	t.Parallel()
	s := newPassage(t)
	lead := s.Operator(t, s.body("c_e974"), "coordinator")
	s.exec(`insert into sharing.networks (id, title, state, lead_tenant) values (gen_random_uuid(), 'Rete', 'active', $1)`, lead.Tenant)
	s.exec(`update policies.agreements set network_id = (select id from sharing.networks) where id = $1`, s.agreement.ID)
	optional := s.answers()
	optional.Set("base", "public_task")
	form := "/cartelle/" + s.file.ID.String() + "/passaggio"
	refuse := url.Values{"motivo": {"La signora Bianco non abita qui"}}
	for _, values := range []url.Values{optional, s.answers()} {
		got := s.serve(s.head, "POST", form, carry(s.get(s.head, form), values))
		if ended := s.serve(s.decider, "POST", got.redirect+"/rifiuta", refuse); ended.redirect != got.redirect {
			t.Fatalf("refuse: %d %v", ended.status, ended.err)
		}
	}
	if n := s.count(`select count(*) from sharing.shares_reviews where supervisor = $1`, lead.Tenant); n != 1 {
		t.Fatalf("%d handovers are to be reviewed, want the one that the law asks for", n)
	}
	duties := s.awaits(lead)
	if len(duties) != 1 || !strings.Contains(duties[0], "/riesame") {
		t.Fatalf("the supervisor is asked for %v", duties)
	}
	path := regexp.MustCompile(`/passaggi/[0-9a-f-]+/riesame`).FindString(duties[0])
	if markup := s.get(lead, path); strings.Contains(markup, "Bianco") || strings.Contains(markup, s.file.Number) {
		t.Errorf("the supervisor reads who the person is:\n%s", markup)
	}
	if got := s.serve(lead, "GET", strings.TrimSuffix(path, "/riesame"), nil); got.status != http.StatusNotFound {
		t.Errorf("the supervisor reads the handover: %d", got.status)
	}
	decision := url.Values{"competente": {"taker"}, "motivo": {"Ha preso la residenza lì"}}
	for actor, want := range map[*tenants.Scope]int{&s.head: http.StatusForbidden, &s.decider: http.StatusForbidden, &s.reader: http.StatusNotFound} {
		if got := s.serve(*actor, "POST", path, decision); got.status != want {
			t.Errorf("%s decides: %d, want %d", actor.Name, got.status, want)
		}
	}
	if got := s.serve(lead, "POST", path, url.Values{"competente": {"nobody"}, "motivo": {"no"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("decided without a word: %d", got.status)
	}
	if got := s.serve(lead, "POST", path, decision); got.redirect != path {
		t.Fatalf("decide: %d %v", got.status, got.err)
	}
	if got := s.serve(lead, "POST", path, decision); got.status != http.StatusConflict {
		t.Errorf("decided twice: %d", got.status)
	}
	if len(s.awaits(lead)) != 0 {
		t.Error("a reviewed handover still awaits the supervisor")
	}
	for _, actor := range []tenants.Scope{s.head, s.decider} {
		if markup := s.get(actor, path); !strings.Contains(markup, "Ha preso la residenza lì") {
			t.Errorf("%s does not read the decision", actor.Name)
		}
		if n := s.count(`select count(*) from audit.events where tenant_id = $1 and action = 'share.review'`, actor.Tenant); n != 1 {
			t.Errorf("the chain of body %d has the review %d times", actor.Tenant, n)
		}
	}
}

// A case that comes back is protected as the body protected it that had it meanwhile.
func TestACaseComesBackAsItIsProtected(t *testing.T) {
	t.Parallel()
	s, ctx := newPassage(t), context.Background()
	back := s.agree(s.decider, s.head, func(p *policies.Proposal) { p.Purposes = append(p.Purposes, "handover") })
	mark := func(actor tenants.Scope, kind string) uuid.UUID {
		id := newID()
		s.must(s.cases.Protect(ctx, actor, s.file.ID.String(), casefile.Mark{ID: id, Kind: kind, Reason: "Chi la cerca"}))
		return id
	}
	stays, ends := mark(s.worker, "sealed"), mark(s.worker, "violence")
	_, err := s.sharing.Handovers.Accept(ctx, s.decider, s.passing().ID, handover.Taking{})
	s.must(err)
	s.must(s.cases.Release(ctx, s.decider, s.file.ID.String(), ends, "Non serve più"))
	begins := mark(s.decider, "violence")
	h, err := s.sharing.Handovers.Offer(ctx, s.decider, s.file.ID.String(), handover.Offer{
		ID: newID(), Agreement: back.ID, Receiver: s.owner.ID, LegalBasis: "law", AnswerBy: time.Now().AddDate(0, 0, 10), Reason: "È tornata",
	})
	s.must(err)
	_, err = s.sharing.Handovers.Accept(ctx, s.head, h.ID, handover.Taking{})
	s.must(err)
	for id, holds := range map[uuid.UUID]bool{stays: true, ends: false, begins: true} {
		if n := s.count(`select count(*) from casefile.marks where tenant_id = $1 and id = $2 and (ended_at is null) = $3`, s.owner.ID, id, holds); n != 1 {
			t.Errorf("the mark %s holds: not %t", id, holds)
		}
	}
}

// What the program says by itself, before the database would: the field of a far day, and whose step it is.
func TestAHandoverIsRefusedInWords(t *testing.T) {
	t.Parallel()
	s, ctx := newPassage(t), context.Background()
	_, err := s.sharing.Handovers.Offer(ctx, s.head, s.file.ID.String(), handover.Offer{
		ID: newID(), Agreement: s.agreement.ID, Receiver: s.receiver.ID, LegalBasis: "law", AnswerBy: time.Now().AddDate(0, 0, 92), Reason: "Si è trasferita",
	})
	s.wants(t, err, problem.Invalid, "risposta")
	h := s.passing()
	_, err = s.sharing.Handovers.Accept(ctx, s.head, h.ID, handover.Taking{})
	if s.wants(t, err, problem.Forbidden, ""); problem.Of(err).Message.Key != "sharing.error.own_offer" {
		t.Errorf("who offered and accepts is told %q", problem.Of(err).Message.Key)
	}
	_, err = s.sharing.Handovers.Withdraw(ctx, s.decider, h.ID)
	if s.wants(t, err, problem.Forbidden, ""); errors.Unwrap(problem.Of(err)) != nil {
		t.Errorf("it was the database that refused who receives and withdraws: %v", err)
	}
}
