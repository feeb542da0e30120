package sharing_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/offer"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
)

// amendment is a change that passes: the identity goes, the last day is nearer.
func (p *pair) amendment(s sharing.Share) offer.Amendment {
	return offer.Amendment{ID: newID(), Version: s.Version, Sections: []string{"assessment"}, Until: p.until.AddDate(0, 0, -5), Reason: "Il nome non serve più"}
}

// AT-11: widening or narrowing a live share amends it and keeps the difference.
func TestAT11AmendingALiveShare(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.accepted()
	narrowed, err := p.sharing.Offers.Amend(ctx, p.worker, p.file.ID.String(), made.ID, p.amendment(made))
	p.must(err)
	if got := p.reads(p.reader); !slices.Equal(got, []string{"assessment"}) {
		t.Errorf("after narrowing the receiver reads %v", got)
	}
	if n := p.guestRows(p.reader, `select count(*) from registry.persons`); n != 0 {
		t.Errorf("after narrowing the guest finds %d persons", n)
	}
	wide := p.amendment(narrowed)
	wide.Sections, wide.ExtraReason, wide.Until = []string{"identity", "assessment", "plan"}, "Il progetto è cambiato", p.until
	widened, err := p.sharing.Offers.Amend(ctx, p.worker, p.file.ID.String(), made.ID, wide)
	p.must(err)
	if got := p.reads(p.reader); !slices.Equal(got, []string{"identity", "assessment", "plan"}) {
		t.Errorf("after widening the receiver reads %v", got)
	}
	seen, err := p.sharing.Shares.Get(ctx, p.reader, made.ID)
	p.must(err)
	found, err := p.sharing.Shares.FindAmendments(ctx, p.reader, seen)
	if err != nil || len(found) != 2 || !slices.Equal(found[0].Added, []string{"identity", "plan"}) && !slices.Equal(found[0].Added, []string{"plan", "identity"}) || !slices.Equal(found[1].Removed, []string{"identity"}) {
		t.Errorf("the differences are %+v: %v", found, err)
	}
	if n := p.chains("share.amend"); n[p.owner.ID] != 2 || n[p.receiver.ID] != 2 {
		t.Errorf("amendments in the chains: %v", n)
	}
	p.setClock(time.Until(widened.Until) + time.Hour)
	if got := p.reads(p.reader); got != nil {
		t.Errorf("after the last day the receiver reads %v", got)
	}
}

func TestWhatIsNoAmendment(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	other := p.openCase(p.worker, "Ugo", "Verdi")
	made := p.accepted()
	ref := p.file.ID.String()
	amend := func(change func(*offer.Amendment)) error {
		a := p.amendment(made)
		change(&a)
		return errOf(p.sharing.Offers.Amend(ctx, p.worker, ref, made.ID, a))
	}
	for name, c := range map[string]struct {
		change func(*offer.Amendment)
		field  string
	}{
		"nothing changes":           {func(a *offer.Amendment) { a.Sections, a.Until = made.Sections, p.until }, "sezioni"},
		"no section":                {func(a *offer.Amendment) { a.Sections = nil }, "sezioni"},
		"a section of no agreement": {func(a *offer.Amendment) { a.Sections = []string{"judicial"} }, "sezioni"},
		"beyond without a reason":   {func(a *offer.Amendment) { a.Sections = []string{"assessment", "plan"} }, "motivo_sezioni"},
		"past":                      {func(a *offer.Amendment) { a.Until = time.Now().AddDate(0, 0, -2) }, "fino"},
		"longer than the purpose":   {func(a *offer.Amendment) { a.Until = time.Now().AddDate(1, 0, 0) }, "fino"},
		"no reason":                 {func(a *offer.Amendment) { a.Reason = " " }, "motivo"},
	} {
		t.Run(name, func(t *testing.T) { p.wants(t, amend(c.change), problem.Invalid, c.field) })
	}
	p.wants(t, amend(func(a *offer.Amendment) { a.Version++ }), problem.Conflict, "")
	p.wants(t, errOf(p.sharing.Offers.Amend(ctx, p.worker, other.ID.String(), made.ID, p.amendment(made))), problem.NotFound, "")
	p.wants(t, errOf(p.sharing.Offers.Amend(ctx, p.decider, p.ref(), made.ID, p.amendment(made))), problem.Forbidden, "")
	stranger := p.Operator(t, p.body("c_e974"), "coordinator", "social_worker")
	p.wants(t, errOf(p.sharing.Offers.Amend(ctx, stranger, ref, made.ID, p.amendment(made))), problem.NotFound, "")
	_, err := p.sharing.Shares.End(ctx, p.worker, made.ID, share.Revoke, sharing.Ending{Words: "Lavoro finito"})
	p.must(err)
	p.wants(t, amend(func(*offer.Amendment) {}), problem.Conflict, "")
	if n := p.count(`select count(*) from sharing.shares_amendments`); n != 0 {
		t.Errorf("%d amendments were written", n)
	}
}

// A suspended agreement carries no wider share either.
func TestNoAmendmentUnderASuspendedAgreement(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.accepted()
	_, err := p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementSuspended, p.seen(p.head, p.agreement.ID, policies.AgreementSuspended))
	p.must(err)
	p.wants(t, errOf(p.sharing.Offers.Amend(ctx, p.worker, p.file.ID.String(), made.ID, p.amendment(made))), problem.Invalid, "destinatario")
}

func TestAmendmentThroughThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	made := s.accepted()
	path := "/condivisioni/" + made.ID.String()
	if markup := s.get(s.worker, path); !strings.Contains(markup, path+"/modifica") {
		t.Error("the share does not offer to be amended")
	}
	if markup := s.get(s.reader, path); strings.Contains(markup, "/modifica") {
		t.Error("the receiver is offered to amend")
	}
	form := carry(s.get(s.worker, path+"/modifica"), url.Values{"azione": {"controlla"}, "sezioni": {"assessment"}, "fino": {s.until.Format(time.DateOnly)}, "motivo": {"Il nome non serve più"}})
	check := s.serve(s.worker, "POST", path+"/modifica", form)
	if !strings.Contains(check.markup, "Sezioni tolte") || s.count(`select count(*) from sharing.shares_amendments`) != 0 {
		t.Fatalf("the difference is not shown first: %d %v\n%s", check.status, check.err, check.markup)
	}
	back := s.serve(s.worker, "POST", path+"/modifica", carry(check.markup, url.Values{"azione": {"modifica"}}))
	if !strings.Contains(back.markup, "Il nome non serve più") {
		t.Error("going back loses what was typed")
	}
	confirmed := carry(check.markup, url.Values{"azione": {"conferma"}})
	if got := s.serve(s.worker, "POST", path+"/modifica", confirmed); got.redirect != path {
		t.Fatalf("confirm: %d %v", got.status, got.err)
	}
	if got := s.serve(s.worker, "POST", path+"/modifica", confirmed); got.status != http.StatusConflict && got.status != http.StatusUnprocessableEntity {
		t.Errorf("a second submit: %d", got.status)
	}
	if markup := s.get(s.reader, path); !strings.Contains(markup, "Il nome non serve più") || !strings.Contains(markup, "Dati anagrafici") {
		t.Error("the receiver does not read what was changed")
	}
	if n := s.count(`select count(*) from sharing.shares_amendments where share_id = $1`, made.ID); n != 1 {
		t.Errorf("%s amendments", strconv.Itoa(n))
	}
}
