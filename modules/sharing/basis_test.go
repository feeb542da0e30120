package sharing_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// grantOverride lets the social workers of the owner offer without a legal basis.
func (p *pair) grantOverride() {
	p.t.Helper()
	p.exec(`insert into platform.policy_rules (tenant_id, role, relation, object, action, effect)
		values ($1, 'social_worker', 'body', 'share', 'override', 'allow')`, p.owner.ID)
	p.must(p.deps.Policies.Reload(context.Background()))
}

// AT-02: without a legal basis nothing is written; an override is a permission of its own, says why, and the data
// protection officer is told.
func TestAT02NoShareWithoutALegalBasis(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	offer := func(change func(*sharing.Offer)) error {
		o := p.offer()
		change(&o)
		return errOf(p.sharing.Offers.Offer(ctx, p.worker, p.file.ID.String(), o))
	}
	override := func(o *sharing.Offer) { o.LegalBasis, o.BasisReason = share.Override, "Base da chiarire con l'ASP" }
	p.wants(t, offer(func(o *sharing.Offer) { o.LegalBasis = "" }), problem.Invalid, "base")
	p.wants(t, offer(func(o *sharing.Offer) { o.LegalBasis = "because" }), problem.Invalid, "base")
	p.wants(t, offer(override), problem.Invalid, "base")
	if n := p.count(`select count(*) from sharing.shares`); n != 0 {
		t.Fatalf("%d shares were written", n)
	}
	p.grantOverride()
	p.wants(t, offer(func(o *sharing.Offer) { o.LegalBasis = share.Override }), problem.Invalid, "motivo_base")
	p.must(offer(override))
	dpo := p.Operator(t, p.owner, "dpo")
	told := func(actor tenants.Scope) bool {
		return strings.Contains(strings.Join(p.awaits(actor), "\n"), "sharing.duty.override")
	}
	if !told(dpo) || told(p.worker) || told(p.decider) {
		t.Error("the data protection officer is not told of the override, or others are")
	}
	found, _, err := p.sharing.Shares.Find(ctx, dpo, share.Query{Sent: true})
	p.must(err)
	seen, err := p.sharing.Shares.Get(ctx, dpo, found[0].ID)
	if err != nil || seen.BasisReason != "Base da chiarire con l'ASP" || seen.Reason != "" || told(dpo) {
		t.Errorf("the officer reads %q and %q, is told again: %v, %v", seen.BasisReason, seen.Reason, told(dpo), err)
	}
	if seen, err := p.sharing.Shares.Get(ctx, p.decider, found[0].ID); err != nil || seen.BasisReason != "" {
		t.Errorf("the receiver reads why there is no legal basis: %q %v", seen.BasisReason, err)
	}
}

// The database refuses what the service refuses.
func TestSQLWantsTheReasonOfAnOverride(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	made := p.offered()
	for _, sql := range []string{
		`update sharing.shares set legal_basis = 'none' where id = '` + made.ID.String() + `'`,
		`insert into sharing.shares_details (share_id, owner_tenant, reason, basis_reason) values ('` + newID().String() + `', 1, 'Prova', 'Prova')`,
	} {
		if said := p.runAs(p.worker, sql); said == "" {
			t.Errorf("%s passes", sql)
		}
	}
}

func TestThePageOffersAnOverrideToWhoMay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := "/cartelle/" + s.file.ID.String() + "/condividi"
	third := func() string {
		markup := s.get(s.worker, path)
		for _, values := range []url.Values{
			{"destinatario": {s.agreement.ID.String() + "~" + s.receiver.Slug}, "scopo": {"consultation~assessment"}}, {"sezioni": {"identity", "assessment"}},
		} {
			markup = s.walk(s.worker, path, carry(markup, values)).markup
		}
		return markup
	}
	if strings.Contains(third(), "motivo_base") {
		t.Error("an override is offered to who may not")
	}
	s.grantOverride()
	if markup := third(); !strings.Contains(markup, "motivo_base") || !strings.Contains(markup, `value="override"`) {
		t.Error("no override is offered to who may")
	}
}
