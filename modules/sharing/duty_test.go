package sharing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// awaits is what the desk of an actor would show, in short: key, number, title, path and day.
func (p *pair) awaits(actor tenants.Scope, more ...modules.DutySource) []string {
	p.t.Helper()
	parts, err := sharing.Module().New(p.deps)
	p.must(err)
	duties := modules.NewDuties(p.deps.Bodies, p.deps.Policies)
	duties.Add(modules.Module{ID: "desk", Essential: true}, more)
	duties.Add(sharing.Module(), parts.Duties)
	found, err := duties.Find(context.Background(), actor)
	p.must(err)
	text, err := json.Marshal(found)
	p.must(err)
	for _, secret := range []string{"Bianco", "Rosa", p.file.ID.String(), p.file.Number} {
		if strings.Contains(string(text), secret) {
			p.t.Errorf("a duty tells %q: %s", secret, text)
		}
	}
	lines := make([]string, len(found))
	for i, d := range found {
		day := "never"
		if !d.Due.IsZero() {
			day = d.Due.Format(time.DateOnly)
		}
		lines[i] = fmt.Sprintf("%s %v %s %s %s", d.Label.Key, d.Label.Args["n"], d.Title, d.Path, day)
	}
	return lines
}

func TestDutiesOfAShare(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	p.until = language.Day(time.Now()).AddDate(0, 0, 5)
	day := p.until.Format(time.DateOnly)
	made := p.offered()
	path := "/condivisioni/" + made.ID.String()
	wants := func(when string, actor tenants.Scope, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, p.awaits(actor), cmp.Transformer("all", func(l []string) []string { return append([]string{}, l...) })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	wants("offered, who decides", p.decider, "sharing.duty.decide 1 "+p.owner.Name+" "+path+" "+day)
	wants("offered, who may not decide", p.reader)
	wants("offered, who offered", p.worker)
	signed := "sharing.duty.signed <nil> " + p.agreement.Title + " /rete/accordi/" + p.agreement.ID.String() + " never"
	wants("offered, the coordinator of the owner", p.head, signed)
	second := p.offered()
	wants("two offers", p.decider, "sharing.duty.decide 2  /rete/richieste "+day)
	_, err := p.sharing.Shares.End(ctx, p.worker, second.ID, share.Withdraw, sharing.Ending{})
	p.must(err)
	_, err = p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{Account: p.reader.Account})
	p.must(err)
	for _, actor := range []tenants.Scope{p.worker, p.reader} { // what is new in it is another test's
		_, err = p.sharing.Shares.Get(ctx, actor, made.ID)
		p.must(err)
	}
	wants("ending, who offered", p.worker, "sharing.duty.ending_sent 1 "+p.receiver.Name+" "+path+" "+day)
	wants("ending, a colleague without it", p.Operator(t, p.owner, "social_worker"))
	wants("ending, who oversees", p.head, "sharing.duty.ending_sent 1 "+p.receiver.Name+" "+path+" "+day, signed)
	wants("ending, for whom it is", p.reader, "sharing.duty.ending_received 1 "+p.owner.Name+" "+path+" "+day)
	wants("ending, for somebody else", p.Operator(t, p.receiver, "social_worker"))
	p.exec(`update sharing.shares set valid_to = valid_to + interval '3 days' where id = $1`, made.ID)
	wants("not yet", p.reader)
	p.exec(`update sharing.shares set valid_to = now() - interval '1 hour', answer_by = now() - interval '1 hour' where id = $1`, made.ID)
	wants("over", p.reader)
}

func TestDutiesOfAnAgreement(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	p.offered()
	made := p.propose(p.head, p.decider, func(n *policies.Proposal) { n.Title = "Accordo da firmare" })
	urgent := modules.DutySource{Permission: "agreement:read", Find: func(context.Context, tenants.Scope) ([]modules.Duty, error) {
		return []modules.Duty{{Label: language.M("urgent"), Path: "/", Due: time.Now()}}, nil
	}}
	denied := modules.DutySource{Permission: "agreement:burn", Find: func(context.Context, tenants.Scope) ([]modules.Duty, error) {
		t.Error("a source without the permission was asked")
		return nil, nil
	}}
	got := p.awaits(p.decider, urgent, denied)
	if len(got) != 3 || !strings.HasPrefix(got[0], "urgent") || !strings.HasPrefix(got[1], "sharing.duty.decide") ||
		got[2] != "sharing.duty.sign 1 Accordo da firmare /rete/accordi/"+made.ID.String()+" never" {
		t.Errorf("what is due first is not in front: %q", got)
	}
	if got := p.awaits(p.reader); len(got) != 0 {
		t.Errorf("who does not sign is asked to: %q", got)
	}
	p.must(p.DB.Platform(ctx, func(tx tenants.Tx) error { return tenants.SwitchModule(ctx, tx, p.receiver.ID, "sharing", false) }))
	p.must(p.deps.Bodies.Reload(ctx))
	if got := p.awaits(p.decider, urgent); len(got) != 1 {
		t.Errorf("a module that is off asks: %q", got)
	}
}
