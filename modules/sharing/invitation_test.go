package sharing_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/network"
)

// The lead asks further bodies; each joins for itself, and who has left may be asked again.
func TestLeadInvitesFurtherBodies(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	n := u.joined()
	_, err := u.networks.Invite(ctx, u.decider, n.ID, []int32{u.stranger.Tenant})
	u.wants(t, err, problem.Conflict, "")
	_, err = u.networks.Invite(ctx, u.stranger, n.ID, []int32{u.stranger.Tenant})
	u.wants(t, err, problem.NotFound, "")
	for name, members := range map[string][]int32{"nobody": {}, "no such body": {-1}, "a body twice": {u.stranger.Tenant, u.stranger.Tenant}} {
		if _, err := u.networks.Invite(ctx, u.head, n.ID, members); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 2 { // the same form again
		n, err = u.networks.Invite(ctx, u.head, n.ID, []int32{u.stranger.Tenant})
		u.must(err)
		if n.State != network.Active || !n.Awaits(u.stranger.Tenant) || len(n.Members) != 4 {
			t.Errorf("with an invitation open it is %+v", n)
		}
	}
	if told := u.told(u.stranger, n); len(told) != 1 || told[0] != "invite" {
		t.Errorf("the invited body was told %v", told)
	}
	_, err = u.networks.Join(ctx, u.stranger, n.ID, joining)
	u.must(err)
	u.must(u.networks.Leave(ctx, u.stranger, n.ID))
	n, err = u.networks.Invite(ctx, u.head, n.ID, []int32{u.stranger.Tenant})
	u.must(err)
	if n.Has(u.stranger.Tenant) || !n.Awaits(u.stranger.Tenant) {
		t.Errorf("asked again, it is %+v", n)
	}
}

func TestInvitationThroughThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	u := &union{pair: s.pair, networks: network.NewService(s.deps), third: s.Operator(t, s.body("c_e974"), "coordinator"), stranger: s.Operator(t, s.body("c_a176"), "coordinator")}
	at := "/rete/reti/" + u.joined().ID.String()
	if markup := s.get(s.head, at); !strings.Contains(markup, at+"/inviti") {
		t.Error("the lead does not find how to invite")
	}
	if markup := s.get(s.decider, at); strings.Contains(markup, at+"/inviti") {
		t.Error("a member is offered to invite")
	}
	if got := s.serve(s.decider, "GET", at+"/inviti", nil); got.status != http.StatusNotFound {
		t.Errorf("a member invites: %d", got.status)
	}
	markup := s.get(s.head, at+"/inviti")
	if !strings.Contains(markup, `value="c_a176"`) || strings.Contains(markup, `value="c_f061"`) {
		t.Errorf("the form offers\n%s", markup)
	}
	if got := s.serve(s.head, "POST", at+"/inviti", url.Values{}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, `href="#enti-1"`) {
		t.Errorf("nobody chosen: %d", got.status)
	}
	if got := s.serve(s.head, "POST", at+"/inviti", url.Values{"azione": {"cerca"}, "cerca": {"a176"}, "enti": {"c_a176"}}); got.status != http.StatusOK || !strings.Contains(got.markup, `value="c_a176" checked`) {
		t.Errorf("the search loses what was chosen: %d", got.status)
	}
	if got := s.serve(s.head, "POST", at+"/inviti", url.Values{"azione": {"cerca"}, "cerca": {"nessuno si chiama così"}}); !strings.Contains(got.markup, "Nessun altro ente attivo") {
		t.Error("a search without a result says nothing")
	}
	if got := s.serve(s.head, "POST", at+"/inviti", url.Values{"enti": {"c_a176"}}); got.redirect != at {
		t.Fatalf("invite: %d %v", got.status, got.err)
	}
	if markup := s.get(u.stranger, at); !strings.Contains(markup, "Aderisci") {
		t.Error("the invited body is not asked")
	}
}
