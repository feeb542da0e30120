package sharing_test

import (
	"context"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/network"
	"staffetta/policies"
	"staffetta/tenants"
)

// TestABodyOnTrialGivesNothing puts a body back on trial: it offers, proposes, signs, founds and joins nothing, and is told why. What it
// was offered before it can still refuse.
func TestABodyOnTrialGivesNothing(t *testing.T) {
	t.Parallel()
	u := newUnion(t)
	ctx := context.Background()
	asked := u.founded()
	open := u.propose(u.decider, u.head, func(p *policies.Proposal) { p.Title = "Altro accordo" })
	trial := func(body tenants.Tenant) {
		u.exec(`update platform.tenants set state = case when id = $1 then 'entering' else 'active' end`, body.ID)
		u.must(u.deps.Bodies.Reload(ctx))
	}
	seen := u.seen(u.head, open.ID, policies.AgreementActive)
	trial(u.owner)
	proposal := policies.Proposal{
		ID: newID(), Title: "Accordo di prova", Parties: []int32{u.head.Tenant, u.decider.Tenant}, Edges: []policies.Edge{{From: u.head.Tenant, To: u.decider.Tenant}},
		Purposes: []string{"advice"}, Sections: []string{"identity"}, From: time.Now(), To: time.Now().AddDate(1, 0, 0), Act: joining,
	}
	refusals := map[string]error{
		"propose": errOf(u.sharing.Agreements.ProposeAgreement(ctx, u.head, proposal)),
		"sign":    errOf(u.sharing.Agreements.SignAgreement(ctx, u.head, open.ID, joining, seen)),
		"offer":   errOf(u.sharing.Offers.Offer(ctx, u.worker, u.file.ID.String(), u.offer())),
		"found":   errOf(u.networks.Found(ctx, u.head, network.Founding{ID: newID(), Title: "Rete di prova", Members: []int32{u.head.Tenant, u.third.Tenant}, Act: joining})),
	}
	if _, err := u.sharing.Agreements.RefuseAgreement(ctx, u.head, open.ID, "Siamo ancora in prova"); err != nil {
		t.Errorf("it cannot refuse: %v", err)
	}
	trial(u.receiver)
	refusals["join"] = errOf(u.networks.Join(ctx, u.decider, asked.ID, joining))
	for what, err := range refusals {
		if !problem.Is(err, problem.Conflict) || problem.Of(err).Message.Key != "web.error.trial" {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, body := range u.deps.Bodies.Active() {
		if body.ID == u.receiver.ID {
			t.Error("others find it")
		}
	}
	if found := u.deps.Bodies.Find(u.receiver.Name, 20); len(found) > 0 {
		t.Errorf("a search finds %v", found)
	}
}
