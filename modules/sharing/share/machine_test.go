package share_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/share"
)

// The machine of the sharing rules, whole: which side takes which step of which kind. The database holds the same edges, so that
// nothing but this table tells when the program loses one.
func TestWhoTakesAStep(t *testing.T) {
	t.Parallel()
	kinds := []string{share.Consultation, share.ServiceRequest, share.JointCare, share.BreakGlass, share.Handover}
	type sides struct{ Owner, Receiver bool }
	want := map[string]map[string]sides{}
	for _, kind := range kinds {
		want[kind] = map[string]sides{
			"refuse": {false, true}, "withdraw": {true, false}, "revoke": {true, false},
			"close": {kind != share.ServiceRequest, true}, // what came of a request is told by who was to act
		}
	}
	got := map[string]map[string]sides{}
	for _, kind := range kinds {
		got[kind] = map[string]sides{}
		for _, step := range share.Steps {
			got[kind][step.Key] = sides{step.Takes(kind, true), step.Takes(kind, false)}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("who takes a step (-want +got):\n%s", diff)
	}
}

// From where each step begins, the clock included, and where it leads.
func TestWhereAStepBegins(t *testing.T) {
	t.Parallel()
	now := time.Now()
	earlier, later := now.Add(-time.Minute), now.Add(time.Minute)
	stands := map[string]share.Share{
		"offered":   {State: share.Offered, AnswerBy: later, Until: later},
		"lapsed":    {State: share.Offered, AnswerBy: now, Until: later},
		"active":    {State: share.Active, AnswerBy: earlier, Until: later},
		"expired":   {State: share.Active, AnswerBy: earlier, Until: now},
		"refused":   {State: share.Refused, AnswerBy: later, Until: later},
		"withdrawn": {State: share.Withdrawn, AnswerBy: later, Until: later},
		"closed":    {State: share.Closed, AnswerBy: later, Until: later},
		"revoked":   {State: share.Revoked, AnswerBy: later, Until: later},
	}
	begins := map[string][]string{"refuse": {"offered"}, "withdraw": {"offered"}, "revoke": {"active"}, "close": {"active"}}
	leads := map[string]string{"refuse": "refused", "withdraw": "withdrawn", "revoke": "revoked", "close": "closed"}
	for _, step := range share.Steps {
		if step.To != leads[step.Key] {
			t.Errorf("%s leads to %s", step.Key, step.To)
		}
		for _, kind := range []string{share.Consultation, share.ServiceRequest, share.JointCare} {
			for state, s := range stands {
				s.Kind = kind
				want := cmp.Equal(begins[step.Key], []string{state}) || kind == share.ServiceRequest && step.Key == "close" && state == "expired"
				if got := step.Begins(s, now); got != want {
					t.Errorf("%s of a %s that is %s begins: %t, want %t", step.Key, kind, state, got, want)
				}
				for _, owner := range []bool{true, false} {
					seen := share.Seen{Share: s, Mine: owner}
					if got := step.Open(seen, now); got != (want && step.Takes(kind, owner)) {
						t.Errorf("%s of a %s that is %s is open to the owner (%t): %t", step.Key, kind, state, owner, got)
					}
				}
			}
		}
	}
}

// What somebody is told of a share that takes no step any more.
func TestWhatBecameOfAShare(t *testing.T) {
	t.Parallel()
	now := time.Now()
	day := time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC)
	for state, s := range map[string]share.Share{
		"lapsed":    {State: share.Offered, AnswerBy: day},
		"expired":   {State: share.Active, Until: day},
		"active":    {State: share.Active, Until: now.Add(time.Hour), Decided: share.Mark{At: day}},
		"refused":   {State: share.Refused, Decided: share.Mark{At: day}},
		"withdrawn": {State: share.Withdrawn, Ended: share.Mark{At: day}},
		"closed":    {State: share.Closed, Ended: share.Mark{At: day}},
		"revoked":   {State: share.Revoked, Ended: share.Mark{At: day}},
	} {
		err := share.Moved(s, now)
		if err.Kind != problem.Conflict || err.Message.Key != "sharing.error.already."+state {
			t.Errorf("%s: %v %q", state, err.Kind, err.Message.Key)
		}
		if diff := cmp.Diff("04/03/2026, 06:06", err.Message.Args["at"]); diff != "" {
			t.Errorf("%s, when (-want +got):\n%s", state, diff)
		}
	}
	if err := share.Moved(share.Share{State: share.Offered, AnswerBy: now.Add(time.Hour)}, now); err.Kind != problem.Conflict || err.Message.Key != "sharing.error.still_offered" {
		t.Errorf("still offered: %q", err.Message.Key)
	}
}
