package sharing_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"staffetta/modules/sharing"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// The inbox shows what is due within seven days, sent and received, first what is due first.
func TestTheInboxShowsWhatIsDue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx := context.Background()
	late := s.offer()
	late.Until = time.Now().AddDate(0, 0, 20)
	late.AnswerBy = time.Now().AddDate(0, 0, 15)
	far, err := s.sharing.Offers.Offer(ctx, s.worker, s.file.ID.String(), late)
	s.must(err)
	soon := s.offer()
	soon.AnswerBy = time.Now().AddDate(0, 0, 6)
	six, err := s.sharing.Offers.Offer(ctx, s.worker, s.file.ID.String(), soon)
	s.must(err)
	soon = s.offer()
	soon.AnswerBy = time.Now().AddDate(0, 0, 2)
	two, err := s.sharing.Offers.Offer(ctx, s.worker, s.file.ID.String(), soon)
	s.must(err)
	for name, actor := range map[string]string{"received": "decider", "sent": "worker"} {
		scope := s.decider
		if actor == "worker" {
			scope = s.worker
		}
		found, next, err := s.sharing.Shares.Find(ctx, scope, share.Query{Due: true})
		if err != nil || !next.IsZero() || len(found) != 2 || found[0].ID != two.ID || found[1].ID != six.ID {
			t.Errorf("%s: due are %d, %v", name, len(found), err)
		}
	}
	markup := s.get(s.decider, "/rete/richieste?scadenza=1")
	if strings.Contains(markup, far.ID.String()) || !strings.Contains(markup, two.ID.String()) || !strings.Contains(markup, "/rete/riesami") {
		t.Error("the page does not show what is due, or leads not on to the reviews")
	}
	if found, _, err := s.sharing.Shares.Find(ctx, s.Operator(t, s.owner, "social_worker"), share.Query{Due: true}); err != nil || len(found) != 0 {
		t.Errorf("a colleague without part in them sees %d: %v", len(found), err)
	}
	if markup := s.get(s.decider, "/rete/riesami"); !strings.Contains(markup, "Nessun passaggio rifiutato") {
		t.Error("the empty page of reviews does not say so")
	}
}

// What is open comes first, by its term, and what is over after it; a receiver tells one offer from another by its preview.
func TestTheInboxShowsWhatIsOpenFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	offered := func(days int) string {
		t.Helper()
		o := s.offer()
		o.AnswerBy = time.Now().AddDate(0, 0, days)
		made, err := s.sharing.Offers.Offer(t.Context(), s.worker, s.file.ID.String(), o)
		s.must(err)
		return made.ID.String()
	}
	near, over, far := offered(2), offered(3), offered(6)
	s.exec(`update sharing.shares set state = 'withdrawn', version = version + 1, ended_tenant = owner_tenant, ended_by = offered_by, ended_name = 'X', ended_at = app.now() where id = $1`, over)
	for path, actor := range map[string]tenants.Scope{"/rete/richieste": s.decider, "/rete/richieste?inviate=1": s.worker} {
		markup := s.get(actor, path)
		at := []int{strings.Index(markup, near), strings.Index(markup, far), strings.Index(markup, over)}
		if at[0] < 0 || !slices.IsSorted(at) {
			t.Errorf("%s shows them at %v", path, at)
		}
	}
	if markup := s.get(s.decider, "/rete/richieste"); strings.Contains(markup, s.file.Number) || !strings.Contains(markup, "sola lettura), Persone con disabilità") {
		t.Error("a receiver does not tell the offers apart, or reads a number")
	}
	if markup := s.get(s.worker, "/rete/richieste?inviate=1"); !strings.Contains(markup, s.file.Number) {
		t.Error("the owner does not read the number of the case")
	}
	if markup := s.get(s.decider, "/rete/richieste?finite=1"); strings.Contains(markup, near) || !strings.Contains(markup, over) {
		t.Error("the part of what is over")
	}
	if markup := s.get(s.reader, "/rete/richieste"); !strings.Contains(markup, "decide il coordinatore: "+s.decider.Name) || strings.Contains(markup, "da decidere") {
		t.Error("who cannot decide is not told who does")
	}
	if markup := s.get(s.Operator(t, s.owner, "social_worker"), "/rete/richieste?scadenza=1"); !strings.Contains(markup, "Niente in scadenza") {
		t.Error("the page of what is due says nothing of its own when it is empty")
	}
}

// What somebody else did since the actor looked is marked in the lists, by a word, until the actor looks again.
func TestTheInboxMarksWhatIsNew(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	made, sent, received := s.accepted(), "/rete/richieste?inviate=1", "/rete/richieste"
	marked := func(what string, actor tenants.Scope, path string, want bool) {
		t.Helper()
		if markup := s.get(actor, path); strings.Contains(markup, ">Novità<") != want || !strings.Contains(markup, made.ID.String()) {
			t.Errorf("%s: the share is marked %t:\n%s", what, !want, markup)
		}
	}
	marked("somebody else accepted", s.worker, sent, true)
	marked("the actor accepted", s.decider, received, false)
	s.get(s.worker, "/condivisioni/"+made.ID.String())
	marked("the actor has looked", s.worker, sent, false)
	_, err := s.sharing.Shares.End(t.Context(), s.worker, made.ID, share.Revoke, sharing.Ending{Words: "Non serve più"})
	s.must(err)
	marked("revoked by somebody else", s.decider, received, true)
	marked("revoked by the actor", s.worker, sent, false)
}
