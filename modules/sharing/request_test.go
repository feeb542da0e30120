package sharing_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// newRequestSite is a site whose agreement carries service requests too.
func newRequestSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	_, err := s.sharing.Agreements.MoveAgreement(context.Background(), s.head, s.agreement.ID, policies.AgreementEnded, s.seen(s.head, s.agreement.ID, policies.AgreementEnded))
	s.must(err)
	s.agreement = s.agree(s.head, s.decider, func(p *policies.Proposal) {
		p.Purposes, p.Sections = []string{"assessment", "service", "shared_care"}, []string{"identity", "contacts", "assessment", "interventions", "documents"}
		p.Writable = []string{"interventions", "documents"}
	})
	return s
}

// request is a service request that passes.
func (s *site) request() sharing.Offer {
	o := s.offer()
	o.Kind, o.Purpose, o.Sections, o.Reason = share.ServiceRequest, "service", []string{"identity", "contacts"}, "Visita a domicilio presso la zia"
	return o
}

func (s *site) requested() sharing.Share {
	s.t.Helper()
	made, err := s.sharing.Offers.Offer(context.Background(), s.worker, s.file.ID.String(), s.request())
	s.must(err)
	return made
}

// AT-01 of the sharing rules: the receiver of a service request reads the case and reports what came of it; the case
// stays the owner's.
func TestAT01ServiceRequestClosesTheLoop(t *testing.T) {
	t.Parallel()
	s := newRequestSite(t)
	path := "/condivisioni/" + s.requestThroughPages()
	if markup := s.get(s.decider, path); strings.Contains(markup, "presso la zia") || !strings.Contains(markup, "Richiesta di intervento") {
		t.Errorf("before it accepts, the receiver reads the words of the owner, or not what is asked of it:\n%s", markup)
	}
	if got := s.serve(s.decider, "POST", path+"/accetta", url.Values{"incaricato": {s.reader.Account.String()}}); got.redirect != path {
		t.Fatalf("accept: %d %v", got.status, got.err)
	}
	if markup := s.get(s.reader, path); !strings.Contains(markup, "presso la zia") {
		t.Error("who is to act does not read what is asked")
	}
	if got := s.reads(s.reader); len(got) != 2 || got[0] != "identity" || got[1] != "contacts" {
		t.Errorf("the receiver reads %v", got)
	}
	if got := s.serve(s.worker, "POST", path+"/chiudi", url.Values{"motivo": {"Fatto tutto"}, "esito": {"done"}}); got.status != http.StatusForbidden {
		t.Errorf("the owner reports the outcome of what another does: %d", got.status)
	}
	for _, missing := range []url.Values{{"motivo": {"Visita svolta"}}, {"esito": {"done"}}, {"motivo": {"Visita svolta"}, "esito": {"perfect"}}} {
		if got := s.serve(s.reader, "POST", path+"/chiudi", missing); got.status != http.StatusUnprocessableEntity {
			t.Errorf("closed with %v: %d", missing, got.status)
		}
	}
	if got := s.serve(s.reader, "POST", path+"/chiudi", url.Values{"motivo": {"Visita svolta, manca il bagno"}, "esito": {"partly"}}); got.redirect != path {
		t.Fatalf("report: %d %v", got.status, got.err)
	}
	markup := s.get(s.worker, path)
	for _, want := range []string{"Svolto in parte", "manca il bagno", "Tempo di risposta", "Tempo dell&#39;intervento"} {
		if !strings.Contains(markup, want) {
			t.Errorf("the owner does not read %q", want)
		}
	}
	if !strings.Contains(markup, "Esito dell&#39;intervento: Svolto in parte") {
		t.Errorf("the page does not begin with the outcome:\n%s", markup)
	}
	for _, list := range []string{"/rete/richieste?inviate=1", "/cartelle/" + s.file.ID.String() + "/condividi"} {
		if markup := s.get(s.worker, list); !strings.Contains(markup, "<small>Svolto in parte</small>") || !strings.Contains(markup, "<small>"+s.agreement.Title+"</small>") {
			t.Errorf("%s says neither what came of it nor which of two agreements it is under:\n%s", list, markup)
		}
	}
	one := newSite(t)
	one.offered()
	if markup := one.get(one.worker, "/rete/richieste?inviate=1"); strings.Contains(markup, one.agreement.Title) {
		t.Errorf("the only agreement is named:\n%s", markup)
	}
	if got := s.reads(s.reader); got != nil {
		t.Errorf("after the outcome the receiver reads %v", got)
	}
	if n := s.count(`select count(*) from casefile.cases where tenant_id = $1 and id = $2`, s.owner.ID, s.file.ID); n != 1 {
		t.Error("the case is not the owner's any more")
	}
}

// What is asked stands in the preview of a request, and may not say of whom.
func TestAPreviewSaysWhatIsAsked(t *testing.T) {
	t.Parallel()
	s := newRequestSite(t)
	ctx := context.Background()
	for _, asks := range []string{
		"Visita alla signora BIANCO", "Visita a Rosa", "Visita: " + codeRosa, "Telefonare allo 0815551234", "Vedi cartella " + s.file.Number, "rosa@example.org", strings.Repeat("a", 301),
	} {
		o := s.request()
		o.Asks = asks
		_, err := s.sharing.Offers.Offer(ctx, s.worker, s.file.ID.String(), o)
		s.wants(t, err, problem.Invalid, "richiesta")
	}
	form := "/cartelle/" + s.file.ID.String() + "/condividi"
	markup := s.get(s.worker, form)
	var last answer
	for _, values := range []url.Values{
		{"destinatario": {s.agreement.ID.String() + "~" + s.receiver.Slug}, "scopo": {"service_request~service"}},
		{"sezioni": {"identity", "contacts"}},
		{"base": {"law"}, "fino": {s.until.Format(time.DateOnly)}, "richiesta": {"Una visita a domicilio entro il 12 dicembre"}, "motivo": {"La signora Bianco vive dalla zia"}},
		{},
	} {
		last = s.walk(s.worker, form, carry(markup, values))
		markup = last.markup
	}
	if preview := s.get(s.decider, last.redirect); !strings.Contains(preview, "Una visita a domicilio entro il 12 dicembre") || strings.Contains(preview, "Bianco") {
		t.Errorf("before accepting the receiver reads\n%s", preview)
	}
	seen, err := s.sharing.Shares.Get(ctx, s.decider, uuid.MustParse(strings.TrimPrefix(last.redirect, "/condivisioni/")))
	s.must(err)
	if body := s.sharing.Shares.NewBody(seen); body.Asks != "Una visita a domicilio entro il 12 dicembre" {
		t.Errorf("by the API the receiver reads %q", body.Asks)
	}
}

// requestThroughPages asks for a service by the four steps and returns the id of the share.
func (s *site) requestThroughPages() string {
	s.t.Helper()
	form := "/cartelle/" + s.file.ID.String() + "/condividi"
	answers := []url.Values{
		{"destinatario": {s.agreement.ID.String() + "~" + s.receiver.Slug}, "scopo": {"service_request~service"}},
		{"sezioni": {"identity", "contacts"}},
		{"base": {"law"}, "fino": {s.until.Format(time.DateOnly)}, "risposta": {time.Now().AddDate(0, 0, 3).Format(time.DateOnly)}, "motivo": {"Visita a domicilio presso la zia"}},
		{},
	}
	markup := s.get(s.worker, form)
	for i, values := range answers {
		got := s.walk(s.worker, form, carry(markup, values))
		if got.redirect != "" {
			return strings.TrimPrefix(got.redirect, "/condivisioni/")
		}
		if got.status != http.StatusOK {
			s.t.Fatalf("step %d: %d %v\n%s", i+1, got.status, got.err, got.markup)
		}
		markup = got.markup
	}
	s.t.Fatal("the summary does not send")
	return ""
}

// The day to answer by ends an offer by the clock alone.
func TestAnOfferLapsesOnItsDay(t *testing.T) {
	t.Parallel()
	s := newRequestSite(t)
	ctx := context.Background()
	o := s.request()
	o.AnswerBy = time.Now().AddDate(0, 0, 1)
	made, err := s.sharing.Offers.Offer(ctx, s.worker, s.file.ID.String(), o)
	s.must(err)
	s.setClock(72 * time.Hour)
	_, err = s.sharing.Shares.Accept(ctx, s.decider, made.ID, sharing.Addressee{})
	s.wants(t, err, problem.Conflict, "")
	if n, err := s.sharing.Shares.Count(ctx, s.decider); err != nil || n.Waiting != 0 {
		t.Errorf("%d offers wait after the day to answer by: %v", n.Waiting, err)
	}
	if got := s.awaits(s.decider); len(got) != 0 {
		t.Errorf("the lapsed offer awaits somebody: %v", got)
	}
}

func TestTheDayToAnswerIsWithinTheShare(t *testing.T) {
	t.Parallel()
	s := newRequestSite(t)
	for name, day := range map[string]time.Time{"past": time.Now().AddDate(0, 0, -2), "late": s.until.AddDate(0, 0, 1)} {
		o := s.request()
		o.AnswerBy = day
		_, err := s.sharing.Offers.Offer(context.Background(), s.worker, s.file.ID.String(), o)
		t.Run(name, func(t *testing.T) { s.wants(t, err, problem.Invalid, "risposta") })
	}
	if n := s.count(`select count(*) from sharing.shares`); n != 0 {
		t.Errorf("%d shares were written", n)
	}
}

// A purpose of one kind carries no other.
func TestAPurposeKeepsItsKind(t *testing.T) {
	t.Parallel()
	s := newRequestSite(t)
	for _, kind := range []string{"", share.Consultation, "handover", "joint_care"} {
		o := s.request()
		o.Kind = kind
		_, err := s.sharing.Offers.Offer(context.Background(), s.worker, s.file.ID.String(), o)
		s.wants(t, err, problem.Invalid, "scopo")
	}
}

// AT-03: what ends a share of whatever kind ends the access, unless another live share with the same body remains.
func TestAT03AccessEndsUnlessAnotherShareRemains(t *testing.T) {
	t.Parallel()
	s := newRequestSite(t)
	ctx := context.Background()
	kinds := map[string]func() sharing.Offer{share.Consultation: s.offer, share.ServiceRequest: s.request, share.JointCare: s.care}
	open := func(kind string) sharing.Share {
		made, err := s.sharing.Offers.Offer(ctx, s.worker, s.file.ID.String(), kinds[kind]())
		s.must(err)
		made, err = s.sharing.Shares.Accept(ctx, s.decider, made.ID, sharing.Addressee{})
		s.must(err)
		return made
	}
	for _, kind := range share.Kinds {
		for _, other := range share.Kinds {
			for _, step := range []share.Step{share.Revoke, share.Close} {
				ended, kept := open(kind), open(other)
				actor := s.decider
				if step.Key == share.Revoke.Key {
					actor = s.worker
				}
				_, err := s.sharing.Shares.End(ctx, actor, ended.ID, step, sharing.Ending{Words: "Lavoro finito", Outcome: "done"})
				s.must(err)
				if got := s.reads(s.reader); len(got) != len(kept.Sections) {
					t.Errorf("%s a %s beside a %s: the receiver reads %v, want %v", step.Key, kind, other, got, kept.Sections)
				}
				_, err = s.sharing.Shares.End(ctx, s.worker, kept.ID, share.Revoke, sharing.Ending{Words: "Lavoro finito"})
				s.must(err)
				if got := s.reads(s.reader); got != nil {
					t.Errorf("%s a %s, then the last: the receiver reads %v", step.Key, kind, got)
				}
				_, err = s.sharing.Shares.End(ctx, actor, ended.ID, step, sharing.Ending{Words: "Lavoro finito", Outcome: "done"})
				s.wants(t, err, problem.Conflict, "")
			}
		}
	}
}

// What the other body did awaits who sent the share, until it is looked at.
func TestNewsOfTheOtherBodyAwaitsWhoSent(t *testing.T) {
	t.Parallel()
	s := newRequestSite(t)
	ctx := context.Background()
	made := s.requested()
	news := func(actor tenants.Scope) bool {
		return strings.Contains(strings.Join(s.awaits(actor), "\n"), "sharing.duty.news")
	}
	if news(s.worker) {
		t.Error("the own offer is news")
	}
	_, err := s.sharing.Shares.Accept(ctx, s.decider, made.ID, sharing.Addressee{Account: s.reader.Account})
	s.must(err)
	if !news(s.worker) || news(s.decider) {
		t.Error("the acceptance is no news for who offered, or is for who accepted")
	}
	if _, err := s.sharing.Shares.Get(ctx, s.worker, made.ID); err != nil || news(s.worker) {
		t.Errorf("news that was looked at is still there: %v", err)
	}
	if !news(s.reader) {
		t.Error("who is to act is not told")
	}
	if _, err := s.sharing.Shares.Get(ctx, s.reader, made.ID); err != nil || news(s.reader) {
		t.Errorf("news that was looked at is still there: %v", err)
	}
	_, err = s.sharing.Shares.End(ctx, s.worker, made.ID, share.Revoke, sharing.Ending{Words: "Non serve più"})
	s.must(err)
	if !news(s.reader) || news(s.worker) {
		t.Error("the revocation is no news for who was to act, or is for who revoked")
	}
}

// What the clock has ended moves no more; what came of a request can still be told.
func TestTheOutcomeIsToldAfterTheLastDay(t *testing.T) {
	t.Parallel()
	s := newRequestSite(t)
	ctx := context.Background()
	request, offer := s.requested(), s.offered()
	_, err := s.sharing.Shares.Accept(ctx, s.decider, request.ID, sharing.Addressee{})
	s.must(err)
	consultation := s.accepted()
	past := func(id string) {
		s.exec(`update sharing.shares set answer_by = now() - interval '2 days', valid_to = now() - interval '1 day' where id::text = $1`, id)
	}
	for _, made := range []sharing.Share{request, offer, consultation} {
		past(made.ID.String())
	}
	words := sharing.Ending{Words: "Troppo tardi", Outcome: "done"}
	for name, c := range map[string]struct {
		actor tenants.Scope
		id    sharing.Share
		step  share.Step
	}{
		"refuse a lapsed offer":          {s.decider, offer, share.Refuse},
		"withdraw a lapsed offer":        {s.worker, offer, share.Withdraw},
		"revoke an expired consultation": {s.worker, consultation, share.Revoke},
		"close an expired consultation":  {s.decider, consultation, share.Close},
		"revoke an expired request":      {s.worker, request, share.Revoke},
	} {
		_, err := s.sharing.Shares.End(ctx, c.actor, c.id.ID, c.step, words)
		if !problem.Is(err, problem.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if markup := s.get(s.decider, "/condivisioni/"+request.ID.String()); !strings.Contains(markup, "/chiudi") {
		t.Error("after the last day the page does not take the outcome")
	}
	if got, err := s.sharing.Shares.End(ctx, s.decider, request.ID, share.Close, words); err != nil || got.OutcomeKind != "done" {
		t.Errorf("the outcome after the last day: %v %v", got.OutcomeKind, err)
	}
}

// Who opened a case with a reason reads it, and does not act on its shares.
func TestReadingWithAReasonEndsNoShare(t *testing.T) {
	t.Parallel()
	s := newRequestSite(t)
	ctx := context.Background()
	made := s.accepted()
	other := s.Operator(t, s.owner, "social_worker")
	s.must(s.cases.OpenWithReason(ctx, other, s.file.ID.String(), "Sostituisco la collega"))
	_, err := s.sharing.Shares.End(ctx, other, made.ID, share.Revoke, sharing.Ending{Words: "Non serve più"})
	s.wants(t, err, problem.Forbidden, "")
	_, err = s.sharing.Shares.End(ctx, other, made.ID, share.Close, sharing.Ending{Words: "Non serve più"})
	s.wants(t, err, problem.Forbidden, "")
}

func TestADayToAnswerThatIsNone(t *testing.T) {
	t.Parallel()
	s := newRequestSite(t)
	path := "/cartelle/" + s.file.ID.String() + "/condividi"
	markup := s.get(s.worker, path)
	var last answer
	for _, values := range []url.Values{
		{"destinatario": {s.agreement.ID.String() + "~" + s.receiver.Slug}, "scopo": {"service_request~service"}},
		{"sezioni": {"identity"}},
		{"base": {"law"}, "fino": {s.until.Format(time.DateOnly)}, "risposta": {"31/02/2026"}, "motivo": {"Visita a domicilio"}},
	} {
		last = s.walk(s.worker, path, carry(markup, values))
		markup = last.markup
	}
	if last.status != http.StatusUnprocessableEntity || !strings.Contains(markup, `href="#risposta"`) {
		t.Errorf("a day that is none: %d", last.status)
	}
}

// News of a case goes to who works on it now, not to who left it.
func TestNewsFollowsTheCase(t *testing.T) {
	t.Parallel()
	s := newRequestSite(t)
	ctx := context.Background()
	made := s.requested()
	heir := s.Operator(t, s.owner, "social_worker")
	s.exec(`update casefile.assignments set valid_to = now() where tenant_id = $1 and case_id = $2`, s.owner.ID, s.file.ID)
	s.exec(`insert into casefile.assignments (tenant_id, id, case_id, account_id, account_name, part, assigned_by)
		values ($1, $2, $3, $4, $5, 'manager', $6)`, s.owner.ID, newID(), s.file.ID, heir.Account, heir.Name, s.head.Account)
	_, err := s.sharing.Shares.Accept(ctx, s.decider, made.ID, sharing.Addressee{})
	s.must(err)
	news := func(actor tenants.Scope) bool {
		return strings.Contains(strings.Join(s.awaits(actor), "\n"), "sharing.duty.news")
	}
	if news(s.worker) || !news(heir) {
		t.Errorf("news for who left the case: %v, for who has it: %v", news(s.worker), news(heir))
	}
}

// The summary of a case that is shared for a request leads to what is asked and to its outcome.
func TestASharedCaseLeadsToItsRequest(t *testing.T) {
	t.Parallel()
	s, ctx := newRequestSite(t).withCases(), context.Background()
	made := s.requested()
	_, err := s.sharing.Shares.Accept(ctx, s.decider, made.ID, sharing.Addressee{})
	s.must(err)
	read, err := s.sharing.Offers.Offer(ctx, s.worker, s.file.ID.String(), s.offer())
	s.must(err)
	_, err = s.sharing.Shares.Accept(ctx, s.decider, read.ID, sharing.Addressee{})
	s.must(err)
	markup, at, other := s.get(s.reader, "/cartelle/"+s.ref()), "/ente/condivisioni/"+made.ID.String(), "/ente/condivisioni/"+read.ID.String()
	for _, want := range []string{strings.ReplaceAll(made.PurposeLabel, "'", "&#39;"), `href="` + at + `">Che cosa si chiede`, `href="` + at + `/chiudi">Comunica l&#39;esito`, "Condivisa per: " + read.PurposeLabel, `href="` + other + `">Apri la condivisione`} {
		if !strings.Contains(markup, want) {
			t.Errorf("the case lacks %q:\n%s", want, markup)
		}
	}
	if strings.Contains(markup, other+"/chiudi") {
		t.Error("an outcome of what nobody asked for")
	}
}
