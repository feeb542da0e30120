package sharing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"staffetta/modules/sharing/share"
)

// The inbox shows what is due within seven days, sent and received, first what is due first.
func TestTheInboxShowsWhatIsDue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx := context.Background()
	late := s.offer()
	late.Until = time.Now().AddDate(0, 0, 20)
	late.AnswerBy = time.Now().AddDate(0, 0, 15)
	far, err := s.sharing.Offer(ctx, s.worker, s.file.ID.String(), late)
	s.must(err)
	soon := s.offer()
	soon.AnswerBy = time.Now().AddDate(0, 0, 6)
	six, err := s.sharing.Offer(ctx, s.worker, s.file.ID.String(), soon)
	s.must(err)
	soon = s.offer()
	soon.AnswerBy = time.Now().AddDate(0, 0, 2)
	two, err := s.sharing.Offer(ctx, s.worker, s.file.ID.String(), soon)
	s.must(err)
	for name, actor := range map[string]string{"received": "decider", "sent": "worker"} {
		scope := s.decider
		if actor == "worker" {
			scope = s.worker
		}
		found, next, err := s.sharing.Find(ctx, scope, share.Query{Due: true})
		if err != nil || !next.IsZero() || len(found) != 2 || found[0].ID != two.ID || found[1].ID != six.ID {
			t.Errorf("%s: due are %d, %v", name, len(found), err)
		}
	}
	markup := s.get(s.decider, "/rete/richieste?scadenza=1")
	if strings.Contains(markup, far.ID.String()) || !strings.Contains(markup, two.ID.String()) || !strings.Contains(markup, "/rete/riesami") {
		t.Error("the page does not show what is due, or leads not on to the reviews")
	}
	if found, _, err := s.sharing.Find(ctx, s.Operator(t, s.owner, "social_worker"), share.Query{Due: true}); err != nil || len(found) != 0 {
		t.Errorf("a colleague without part in them sees %d: %v", len(found), err)
	}
	if markup := s.get(s.decider, "/rete/riesami"); !strings.Contains(markup, "Nessun passaggio rifiutato") {
		t.Error("the empty page of reviews does not say so")
	}
}
