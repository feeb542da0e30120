package sharing_test

import (
	"strings"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/ask"
	"staffetta/modules/sharing/elsewhere"
	"staffetta/modules/sharing/handover"
	"staffetta/policies"
	"staffetta/tenants"
)

// While an agreement is suspended no page offers its other body, and no function asks it anything.
func TestASuspendedAgreementNamesNobody(t *testing.T) {
	t.Parallel()
	k := &known{site: newSite(t), code: codeRosa}
	ctx := t.Context()
	_, err := k.sharing.Agreements.MoveAgreement(ctx, k.head, k.agreement.ID, policies.AgreementEnded, k.seen(k.head, k.agreement.ID, policies.AgreementEnded))
	k.must(err)
	k.agreement = k.agree(k.head, k.decider, func(p *policies.Proposal) {
		p.Asks.Known, p.Purposes = true, append(p.Purposes, "handover")
	})
	k.file = k.openCoded(k.worker, k.code)
	k.publish()
	k.namesPartners("while it is live", true)
	k.wantAnswer("while it is live", true)

	_, err = k.sharing.Agreements.MoveAgreement(ctx, k.head, k.agreement.ID, policies.AgreementSuspended, k.seen(k.head, k.agreement.ID, policies.AgreementSuspended))
	k.must(err)
	k.namesPartners("suspended", false)
	before := k.count(`select count(*) from audit.events where action = 'known.ask'`)
	k.wantAnswer("suspended", false)
	if after := k.count(`select count(*) from audit.events where action = 'known.ask'`); after != before {
		t.Errorf("under a suspended agreement %d questions were asked", after-before)
	}
	k.refusesPartner()
}

// namesPartners tells whether pages and services name the other body of the agreement, from either side.
func (k *known) namesPartners(what string, want bool) {
	k.t.Helper()
	ctx, ref := k.t.Context(), k.file.ID.String()
	for _, c := range []struct {
		actor tenants.Scope
		path  string
		named tenants.Tenant
	}{
		{k.worker, "/cartelle/" + ref + "/condividi", k.receiver},
		{k.head, "/cartelle/" + ref + "/passaggio", k.receiver},
		{k.reader, "/rete/accesso/nuova", k.owner},
	} {
		if got := strings.Contains(k.get(c.actor, c.path), c.named.Name); got != want {
			k.t.Errorf("%s: %s names %s: %t", what, c.path, c.named.Name, got)
		}
	}
	for who, find := range map[string]func() (int, error){
		"offers": func() (int, error) {
			found, err := k.sharing.Offers.FindPartners(ctx, k.worker)
			return len(found), err
		},
		"asks": func() (int, error) { found, err := k.sharing.Asks.FindPartners(ctx, k.reader); return len(found), err },
		"handover": func() (int, error) {
			f, err := k.sharing.Handovers.Prepare(ctx, k.head, ref)
			return len(f.Partners), err
		},
		"everybody": func() (int, error) {
			found, err := agreement.FindPartners(ctx, k.deps, k.head, func(agreement.Partner) bool { return true })
			return len(found), err
		},
	} {
		n, err := find()
		k.must(err)
		if n > 0 != want {
			k.t.Errorf("%s: %s finds %d partners", what, who, n)
		}
	}
}

// refusesPartner names the other body all the same.
func (k *known) refusesPartner() {
	k.t.Helper()
	ctx, ref := k.t.Context(), k.file.ID.String()
	_, err := k.sharing.Offers.Offer(ctx, k.worker, ref, k.offer())
	k.wants(k.t, err, problem.Invalid, "")
	_, err = k.sharing.Handovers.Offer(ctx, k.head, ref, handover.Offer{
		ID: newID(), Agreement: k.agreement.ID, Receiver: k.receiver.ID, LegalBasis: "law", AnswerBy: time.Now().AddDate(0, 0, 10), Reason: "Si è trasferita",
	})
	k.wants(k.t, err, problem.Invalid, "")
	_, err = k.sharing.Asks.Ask(ctx, k.reader, ask.Ask{
		ID: newID(), Agreement: k.agreement.ID, Asked: k.owner.ID, TaxCode: k.code, Purpose: "assessment", LegalBasis: "public_task",
		Sections: []string{"identity"}, Reason: "La seguiamo da oggi",
	})
	k.wants(k.t, err, problem.Invalid, "ente")
	_, err = k.sharing.Elsewhere.Ask(ctx, k.reader, elsewhere.Question{TaxCode: k.code})
	k.must(err)
	if n := k.count(`select count(*) from sharing.shares`) + k.count(`select count(*) from sharing.asks`); n != 0 {
		k.t.Errorf("%d shares and asks were made", n)
	}
}
