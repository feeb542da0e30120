package sharing_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// trio is an agreement proposed by the owner to the receiver and a third body.
func (u *union) trio(change func(*policies.Proposal)) policies.Agreement {
	u.t.Helper()
	return u.propose(u.head, u.decider, func(p *policies.Proposal) {
		p.Parties = append(p.Parties, u.third.Tenant)
		p.Edges = append(p.Edges, policies.Edge{From: u.third.Tenant, To: u.owner.ID})
		change(p)
	})
}

var signing = policies.Act{Number: "31/2026", Day: time.Now()}

func TestAgreementOfThreeIsActiveWithTheLastSignature(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	a := u.trio(func(p *policies.Proposal) {
		p.Writable = []string{"plan"}
		p.Roles = map[int32]string{u.owner.ID: policies.JointController, u.receiver.ID: policies.JointController, u.third.Tenant: policies.Processor}
	})
	var digests []string
	for i, actor := range []tenants.Scope{u.decider, u.third} {
		if a.State != policies.AgreementProposed {
			t.Fatalf("before signature %d it is %s", i+2, a.State)
		}
		var err error
		a, err = u.sharing.Agreements.SignAgreement(ctx, actor, a.ID, signing, u.seen(actor, a.ID, policies.AgreementActive))
		u.must(err)
	}
	if a.State != policies.AgreementActive || a.Version != 3 || !slices.Equal(a.Writable, []string{"plan"}) {
		t.Errorf("signed by all it is %+v", a)
	}
	for _, p := range a.Parties {
		want := map[int32]string{u.owner.ID: policies.JointController, u.receiver.ID: policies.JointController, u.third.Tenant: policies.Processor}[p.Tenant]
		if p.Role != want || p.Signatory == "" {
			t.Errorf("%d signed as %q by %q", p.Tenant, p.Role, p.Signatory)
		}
		digests = append(digests, p.Digest)
	}
	if slices.Sort(digests); digests[0] != digests[2] || len(digests[0]) != 64 {
		t.Errorf("the parties signed %v", digests)
	}
}

func TestRolesThatDoNotFitTogether(t *testing.T) {
	t.Parallel()
	u := newUnion(t)
	for name, roles := range map[string][3]string{
		"one joint controller":   {policies.JointController, policies.Controller, policies.Controller},
		"processors of nobody":   {policies.Processor, policies.Processor, policies.Processor},
		"a role that is none":    {"owner", policies.Controller, policies.Controller},
		"one joint, processors":  {policies.JointController, policies.Processor, policies.Processor},
		"joint with none beside": {policies.Processor, policies.JointController, policies.Processor},
	} {
		p := policies.Proposal{
			ID: newID(), Title: "Accordo", Parties: []int32{u.owner.ID, u.receiver.ID, u.third.Tenant}, Edges: []policies.Edge{{From: u.owner.ID, To: u.receiver.ID}},
			Purposes: []string{"advice"}, Sections: []string{"assessment"}, From: time.Now(), To: time.Now().AddDate(1, 0, 0), Act: signing,
			Roles: map[int32]string{u.owner.ID: roles[0], u.receiver.ID: roles[1], u.third.Tenant: roles[2]},
		}
		_, err := u.sharing.Agreements.ProposeAgreement(context.Background(), u.head, p)
		if !problem.Is(err, problem.Invalid) || problem.Of(err).Fields[0].Name != "ruoli" {
			t.Errorf("%s: %v", name, err)
		}
		p.Roles, p.Writable = nil, []string{"plan"}
		_, err = u.sharing.Agreements.ProposeAgreement(context.Background(), u.head, p)
		u.wants(t, err, problem.Invalid, "scrittura")
	}
}

func TestRefusalEndsAProposalWithItsReason(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	a := u.trio(func(*policies.Proposal) {})
	_, err := u.sharing.Agreements.RefuseAgreement(ctx, u.third, a.ID, "no")
	u.wants(t, err, problem.Invalid, "motivo")
	_, err = u.sharing.Agreements.RefuseAgreement(ctx, u.third, a.ID, strings.Repeat("a", 501))
	u.wants(t, err, problem.Invalid, "motivo")
	_, err = u.sharing.Agreements.RefuseAgreement(ctx, u.head, a.ID, "Ho già firmato")
	u.wants(t, err, problem.Conflict, "")
	_, err = u.sharing.Agreements.RefuseAgreement(ctx, u.stranger, a.ID, "Non ci riguarda")
	u.wants(t, err, problem.NotFound, "")
	_, err = u.sharing.Agreements.WithdrawAgreement(ctx, u.third, a.ID, "", u.seen(u.third, a.ID, policies.AgreementEnded))
	u.wants(t, err, problem.Conflict, "")
	a, err = u.sharing.Agreements.RefuseAgreement(ctx, u.third, a.ID, "Manca il parere del legale")
	u.must(err)
	if a.State != policies.AgreementEnded || !a.Refused() || a.EndedBy != u.third.Tenant || a.EndReason != "Manca il parere del legale" {
		t.Errorf("refused it is %+v", a)
	}
	_, err = u.sharing.Agreements.SignAgreement(ctx, u.decider, a.ID, signing, u.seen(u.decider, a.ID, policies.AgreementActive))
	u.wants(t, err, problem.Conflict, "")
	for _, body := range []tenants.Scope{u.head, u.decider, u.third} {
		if n := u.count(`select count(*) from audit.events where tenant_id = $1 and object_id = $2 and action = 'agreement.refuse'`, body.Tenant, a.ID); n != 1 {
			t.Errorf("the chain of %d has the refusal %d times", body.Tenant, n)
		}
	}
}

// What each state allows to who proposed, who has signed and who has not; the database keeps to the same.
func TestStatesAndStepsOfAnAgreement(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	states := map[string]func() policies.Agreement{
		"proposed": func() policies.Agreement { return u.trio(func(*policies.Proposal) {}) },
		"signed by one": func() policies.Agreement {
			return u.signed(u.trio(func(*policies.Proposal) {}), u.decider)
		},
		"active": func() policies.Agreement { return u.signed(u.trio(func(*policies.Proposal) {}), u.decider, u.third) },
		"suspended": func() policies.Agreement {
			signed := u.signed(u.trio(func(*policies.Proposal) {}), u.decider, u.third)
			a, err := u.sharing.Agreements.MoveAgreement(ctx, u.third, signed.ID, policies.AgreementSuspended, u.seen(u.third, signed.ID, policies.AgreementSuspended))
			u.must(err)
			return a
		},
		"ended": func() policies.Agreement {
			a, err := u.sharing.Agreements.WithdrawAgreement(ctx, u.head, u.trio(func(*policies.Proposal) {}).ID, "", modules.Consent{})
			u.must(err)
			return a
		},
	}
	steps := map[string]func(tenants.Scope, policies.Agreement) error{
		"sign": func(s tenants.Scope, a policies.Agreement) error {
			_, err := u.sharing.Agreements.SignAgreement(ctx, s, a.ID, signing, u.seen(s, a.ID, policies.AgreementActive))
			return err
		},
		"refuse": func(s tenants.Scope, a policies.Agreement) error {
			_, err := u.sharing.Agreements.RefuseAgreement(ctx, s, a.ID, "Non possiamo")
			return err
		},
		"suspend": func(s tenants.Scope, a policies.Agreement) error {
			_, err := u.sharing.Agreements.MoveAgreement(ctx, s, a.ID, policies.AgreementSuspended, u.seen(s, a.ID, policies.AgreementSuspended))
			return err
		},
		"resume": func(s tenants.Scope, a policies.Agreement) error {
			_, err := u.sharing.Agreements.MoveAgreement(ctx, s, a.ID, policies.AgreementActive, u.seen(s, a.ID, policies.AgreementActive))
			return err
		},
		"end": func(s tenants.Scope, a policies.Agreement) error {
			_, err := u.sharing.Agreements.WithdrawAgreement(ctx, s, a.ID, "", u.seen(s, a.ID, policies.AgreementEnded))
			return err
		},
	}
	sql := map[string]string{
		"sign": `select policies.sign_agreement($1, '1', current_date, 'X')`, "refuse": `select policies.end_agreement($1, 'Non possiamo')`,
		"suspend": `select policies.change_agreement($1, 'suspended')`, "resume": `select policies.change_agreement($1, 'active')`, "end": `select policies.end_agreement($1, '')`,
	}
	// who may: p the proposer, s the second party, t the third, which suspended
	allowed := map[string]string{
		"proposed sign": "st", "proposed refuse": "st", "proposed end": "p",
		"signed by one sign": "t", "signed by one refuse": "t", "signed by one end": "ps",
		"active suspend": "pst", "active end": "pst", "suspended resume": "t", "suspended end": "pst",
	}
	for state, make := range states {
		for step, take := range steps {
			for letter, actor := range map[string]tenants.Scope{"p": u.head, "s": u.decider, "t": u.third, "x": u.stranger} {
				want := strings.Contains(allowed[state+" "+step], letter)
				if err := take(actor, make()); (err == nil) != want {
					t.Errorf("%s, %s by %s: %v", state, step, letter, err)
				}
				if step == "refuse" { // to the database it is the same as to end it
					want = want || strings.Contains(allowed[state+" end"], letter)
				}
				a := make()
				var err error
				_ = u.DB.InTx(ctx, actor, func(tx tenants.Tx) error {
					_, err = tx.Exec(ctx, sql[step], a.ID)
					return errors.New("a step that no service takes is not kept")
				})
				if (err == nil) != want {
					t.Errorf("%s, %s by %s in the database: %v", state, step, letter, err)
				}
			}
		}
	}
}

func (u *union) signed(a policies.Agreement, actors ...tenants.Scope) policies.Agreement {
	u.t.Helper()
	for _, actor := range actors {
		var err error
		a, err = u.sharing.Agreements.SignAgreement(context.Background(), actor, a.ID, signing, u.seen(actor, a.ID, policies.AgreementActive))
		u.must(err)
	}
	return a
}

// Nobody signs for another, or changes what was signed; what was changed behind the walls is not signed.
func TestWhatIsSignedStays(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	a := u.trio(func(*policies.Proposal) {})
	for _, sql := range []string{
		`update policies.agreements_parties set accepted_at = now(), act_number = '1'`,
		`update policies.agreements_parties set data_role = 'processor'`,
		`update policies.agreements set sections = sections || '{violence}'`,
		`insert into policies.agreements_edges (agreement_id, from_tenant, to_tenant) select agreement_id, to_tenant, from_tenant from policies.agreements_edges`,
		`delete from policies.agreements_edges`,
		`insert into policies.agreements_parties (agreement_id, side) select id, 'party' from policies.agreements`,
		`update policies.agreements_states set state = 'active'`,
		`select policies.agreement_digest('` + a.ID.String() + `')`,
	} {
		for _, actor := range []tenants.Scope{u.head, u.decider} {
			err := u.DB.InTx(ctx, actor, func(tx tenants.Tx) error {
				_, err := tx.Exec(ctx, sql)
				return err
			})
			if err == nil {
				t.Errorf("a party may run %s", sql)
			}
		}
	}
	for _, change := range []string{
		`update policies.agreements set purposes = '{advice}' where id = $1`,
		`update policies.agreements_parties set data_role = 'processor' where agreement_id = $1 and side = 'party'`,
		`insert into policies.agreements_edges (agreement_id, from_tenant, to_tenant) select agreement_id, to_tenant, from_tenant from policies.agreements_edges where agreement_id = $1`,
	} {
		a := u.trio(func(*policies.Proposal) {})
		u.exec(change, a.ID)
		if _, err := u.sharing.Agreements.SignAgreement(ctx, u.decider, a.ID, signing, u.seen(u.decider, a.ID, policies.AgreementActive)); err == nil {
			t.Errorf("what the proposer did not sign was signed after %s", change)
		}
	}
}

func TestStatesOfAnAgreementAreDated(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	a := u.signed(u.trio(func(*policies.Proposal) {}), u.decider, u.third)
	_, err := u.sharing.Agreements.MoveAgreement(ctx, u.decider, a.ID, policies.AgreementSuspended, u.seen(u.decider, a.ID, policies.AgreementSuspended))
	u.must(err)
	if n := u.count(`select count(*) from policies.agreements_states where agreement_id = $1 and (step, state, changed_by) in
		((1, 'proposed', $2), (2, 'active', $3), (3, 'suspended', $4))`, a.ID, u.head.Tenant, u.third.Tenant, u.decider.Tenant); n != 3 {
		t.Errorf("%d of three changes are noted as they were", n)
	}
}
