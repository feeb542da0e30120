package sharing_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing"
	"staffetta/policies"
	"staffetta/tenants"
)

// effects says what a step of the pair's agreement would do, as somebody sees it.
func (p *pair) effects(actor tenants.Scope, target string) []string {
	p.t.Helper()
	a, err := p.sharing.Agreements.GetAgreement(p.t.Context(), actor, p.agreement.ID)
	p.must(err)
	found, err := p.sharing.Agreements.FindEffects(p.t.Context(), actor, a, target)
	p.must(err)
	var lines []string
	for _, e := range found {
		sign := map[bool]string{true: "+", false: "-"}[e.Gained]
		lines = append(lines, fmt.Sprintf("%s %s of %s: %d %s", sign, p.deps.Bodies.Name(e.To), p.deps.Bodies.Name(e.From), e.Cases, strings.Join(e.Reads, ",")))
	}
	return lines
}

func TestWhoGainsAndWhoLosesByAnAgreement(t *testing.T) {
	site := newSite(t)
	p := site.pair
	same := func(what string, want, got []string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	same("without a share", nil, p.effects(p.head, policies.AgreementSuspended))
	p.offered()
	same("an offer shows nothing", nil, p.effects(p.head, policies.AgreementSuspended))
	share := p.accepted()
	sections := strings.Join(share.Sections, ",")
	lost := []string{"- " + p.receiver.Name + " of " + p.owner.Name + ": 1 " + sections}
	same("suspended", lost, p.effects(p.head, policies.AgreementSuspended))
	same("ended, as the receiver sees it", lost, p.effects(p.decider, policies.AgreementEnded))
	same("it stays", nil, p.effects(p.head, policies.AgreementActive))
	at := "/rete/accordi/" + p.agreement.ID.String() + "/stato/"
	if markup := site.get(p.head, at+"suspended"); !strings.Contains(markup, p.receiver.Name+" non vede più una cartella del "+p.owner.Name) {
		t.Errorf("the page says nothing of who loses:\n%s", markup)
	}
	p.exec(`update policies.agreements set state = 'suspended', suspended_by = $2 where id = $1`, p.agreement.ID, p.owner.ID)
	same("suspended already", nil, p.effects(p.head, policies.AgreementEnded))
	same("resumed", []string{"+" + lost[0][1:]}, p.effects(p.head, policies.AgreementActive))
	stranger := p.Operator(t, p.body("c_e974"), "coordinator")
	if err := p.DB.InTx(t.Context(), stranger, func(tx tenants.Tx) error {
		shown, err := policies.FindShown(t.Context(), tx, p.agreement.ID)
		if len(shown) != 0 {
			t.Errorf("a stranger counts %+v", shown)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

// Nobody suspends or ends what others see without having read who loses; what is read must be what then happens.
func TestAStepWantsConsentToWhoGainsAndWhoLoses(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p, ctx := site.pair, t.Context()
	before := p.seen(p.head, p.agreement.ID, policies.AgreementSuspended)
	p.accepted()
	seen := p.seen(p.head, p.agreement.ID, policies.AgreementSuspended)
	for name, c := range map[string]struct {
		consent modules.Consent
		kind    problem.Kind
	}{
		"nothing acknowledged":     {modules.Consent{Mark: seen.Mark}, problem.Invalid},
		"before the share":         {before, problem.Conflict},
		"what another step does":   {p.seen(p.head, p.agreement.ID, policies.AgreementActive), problem.Conflict},
		"acknowledged, not marked": {modules.Consent{Acknowledged: true}, problem.Conflict},
	} {
		_, err := p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementSuspended, c.consent)
		if !problem.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err = p.sharing.Agreements.WithdrawAgreement(ctx, p.head, p.agreement.ID, "", c.consent); err == nil {
			t.Errorf("%s: it ends", name)
		}
	}
	if len(p.reads(p.reader)) == 0 {
		t.Fatal("the agreement is suspended without consent")
	}
	at := "/rete/accordi/" + p.agreement.ID.String() + "/stato/suspended"
	page := site.get(p.head, at)
	for what, c := range map[string]struct {
		values url.Values
		status int
		text   string
	}{
		"without the tick": {url.Values{}, http.StatusUnprocessableEntity, "Conferma di aver letto"},
		"another mark":     {url.Values{"visto": {"si"}, "segno": {"x"}}, http.StatusConflict, "leggi di nuovo chi guadagna"},
	} {
		if got := site.serve(p.head, "POST", at, carry(page, c.values)); got.status != c.status || !strings.Contains(got.markup, c.text) {
			t.Errorf("%s: %d\n%s", what, got.status, got.markup)
		}
	}
	if got := site.serve(p.head, "POST", at, carry(page, url.Values{"visto": {"si"}})); got.redirect == "" || len(p.reads(p.reader)) != 0 {
		t.Errorf("acknowledged, it stays: %d %v", got.status, got.err)
	}
}

// TestReachOfEveryModule counts, for who sees no case, what the people of both bodies come to.
func TestReachOfEveryModule(t *testing.T) {
	p := newPair(t)
	p.accepted()
	p.openCase(p.worker, "Ugo", "Verdi")
	sights := modules.NewSights(p.deps.Bodies)
	for _, m := range []modules.Module{casefile.Module(), sharing.Module()} {
		parts, err := m.New(p.deps)
		p.must(err)
		m.Essential = true
		sights.Add(m, parts)
	}
	counted := func(body tenants.Tenant, of uuid.UUID) map[string]int {
		found, err := sights.Find(t.Context(), p.Operator(t, body, "tenant_admin"))
		p.must(err)
		all := map[string]int{}
		for _, r := range found {
			if r.Account == of {
				all[string(r.Relations[0])+" "+r.Section] += r.Cases
			}
		}
		return all
	}
	if diff := cmp.Diff(map[string]int{"assigned ": 2}, counted(p.owner, p.worker.Account)); diff != "" {
		t.Errorf("the worker (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"body ": 2}, counted(p.owner, uuid.Nil)); diff != "" {
		t.Errorf("everybody of the owner (-want +got):\n%s", diff)
	}
	want := map[string]int{"body ": 0}
	for _, section := range p.offer().Sections {
		want["guest "+section] = 1
	}
	got := counted(p.receiver, uuid.Nil)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("everybody of the receiver (-want +got):\n%s", diff)
	}
	// Addressed to one person, it is theirs alone.
	p.exec(`update policies.case_grants set grantee_account = $1`, p.reader.Account)
	if diff := cmp.Diff(map[string]int{"body ": 0}, counted(p.receiver, uuid.Nil)); diff != "" {
		t.Errorf("everybody, of what is addressed to one (-want +got):\n%s", diff)
	}
	delete(want, "body ")
	if diff := cmp.Diff(want, counted(p.receiver, p.reader.Account)); diff != "" {
		t.Errorf("the addressee (-want +got):\n%s", diff)
	}
	// What an explanation says of a share is its purpose.
	e := p.explained(t, sights)
	if len(e.Shares) != 1 || e.Shares[0].Purpose == "" || len(e.Agreements) != 1 || e.Agreements[0].Title == "" {
		t.Errorf("the explanation names %+v, %+v", e.Shares, e.Agreements)
	}
}

// explained asks why the reader of the receiver could read the first section of the share.
func (p *pair) explained(t *testing.T, sights *modules.Sights) casefile.Explanation {
	t.Helper()
	deps := p.deps
	deps.Platform.Sights = sights
	section := p.offer().Sections[0]
	_, err := p.cases.Open(t.Context(), p.reader, p.ref(), section)
	p.must(err)
	var at time.Time
	p.must(p.Owner.QueryRow(t.Context(), `select clock_timestamp()`).Scan(&at))
	e, err := casefile.NewService(deps).ExplainPast(t.Context(), p.worker, casefile.Question{
		Case: p.file.ID.String(), Account: p.reader.Account, Body: p.receiver.ID, Section: section, Action: policies.Read, From: at, To: at,
	})
	p.must(err)
	if !e.Answers[0].Allowed || e.Answers[0].Ground != "share" {
		t.Errorf("the answer is %+v", e.Answers)
	}
	return e
}
