package sharing_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"staffetta/policies"
	"staffetta/tenants"
)

// A suspension shuts out at the next query, also who is in the middle of a transaction.
func TestASuspensionEndsWhatARunningGuestReads(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	p.accepted()
	read := func(tx tenants.Tx) (n int) {
		t.Helper()
		p.must(tx.QueryRow(ctx, `select count(*) from casefile.cases where tenant_id = $1 and id = $2`, p.owner.ID, p.file.ID).Scan(&n))
		return n
	}
	p.must(p.DB.GuestTx(ctx, p.deps.Policies.Confine(p.reader, policies.Guest), func(tx tenants.Tx) error {
		if n := read(tx); n != 1 {
			t.Errorf("before: %d cases", n)
		}
		_, err := p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementSuspended, p.seen(p.head, p.agreement.ID, policies.AgreementSuspended))
		p.must(err)
		if n := read(tx); n != 0 {
			t.Errorf("suspended: %d cases", n)
		}
		return nil
	}))
}

// What is live follows the agreement, and no two changes at a time leave something of neither.
func TestWhatIsLiveFollowsTheAgreementWhoeverChangesIt(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	third := p.body("c_e974")
	// wrong counts the bodies that are live and should not be, or should and are not.
	const wrong = `select count(*) from policies.live_agreements l full join (
			select p.tenant_id, a.id, a.valid from policies.agreements a join policies.agreements_parties p on p.agreement_id = a.id
			where a.state = 'active' and a.only_share is null) x
		on (x.tenant_id, x.id, x.valid) = (l.tenant_id, l.agreement_id, l.valid) where l.agreement_id is null or x.id is null`
	right := func(when string) {
		t.Helper()
		if n := p.count(wrong); n != 0 {
			t.Errorf("%s: %d bodies are live wrongly", when, n)
		}
	}
	join := func(body int32) {
		p.exec(`insert into policies.agreements_parties (agreement_id, tenant_id, side) values ($1, $2, 'party')`, p.agreement.ID, body)
	}
	leave := `delete from policies.agreements_parties where agreement_id = $1 and tenant_id = ` + strconv.Itoa(int(third.ID))
	join(third.ID)
	right("a third party")
	fourth := p.body("c_c286")
	p.exec(`update policies.agreements_parties set tenant_id = $2 where agreement_id = $1 and tenant_id = $3`, p.agreement.ID, fourth.ID, third.ID)
	right("another party in its place")
	p.exec(`update policies.agreements_parties set tenant_id = $2 where agreement_id = $1 and tenant_id = $3`, p.agreement.ID, third.ID, fourth.ID)
	for _, c := range []struct{ name, first, then string }{
		{"a party leaves while it is suspended", leave, `update policies.agreements set state = 'suspended' where id = $1`},
		{"a party leaves while it is taken up again", `update policies.agreements set state = 'active' where id = $1`, leave},
	} {
		if p.count(`select count(*) from policies.agreements_parties where agreement_id = $1 and tenant_id = $2`, p.agreement.ID, third.ID) == 0 {
			join(third.ID)
		}
		tx, err := p.Owner.Begin(ctx)
		p.must(err)
		_, err = tx.Exec(ctx, c.first, p.agreement.ID)
		p.must(err)
		over := make(chan error, 1)
		go func() { _, err := p.Owner.Exec(ctx, c.then, p.agreement.ID); over <- err }()
		p.waitsOrEnds(over)
		p.must(tx.Commit(ctx))
		p.must(<-over)
		right(c.name)
	}
}

// waitsOrEnds returns when somebody waits for a lock, or when it is over, whose outcome stays in the channel.
func (s *stage) waitsOrEnds(over chan error) {
	s.t.Helper()
	end := time.After(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-over:
			over <- err
			return
		case <-end:
			s.t.Fatal("nobody waits")
		case <-tick.C:
			if s.count(`select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid where a.datname = current_database() and not l.granted`) > 0 {
				return
			}
		}
	}
}

// Whom an offered handover is about is read under an agreement that is in force, and by nobody else after it.
func TestAnOfferedHandoverShowsNobodyUnderASuspendedAgreement(t *testing.T) {
	t.Parallel()
	s := newPassage(t)
	path := s.offerThroughPages()
	shown := func(when string, want bool) {
		t.Helper()
		got := s.serve(s.decider, "GET", path, nil)
		if strings.Contains(got.markup, "Bianco") != want || strings.Contains(got.markup, "Si è trasferita") != want {
			t.Errorf("%s: the page says who it is: %v", when, !want)
		}
		rows := s.countAs(s.deps.Policies.Confine(s.decider, policies.Body), `select count(*) from sharing.shares_handovers`)
		code := s.runAs(s.decider, `select sharing.preview_handover($1)`, idOf(path))
		if (rows == 1) != want || (code == "") != want {
			t.Errorf("%s: %d rows, preview %q", when, rows, code)
		}
	}
	shown("in force", true)
	s.move(s.head, policies.AgreementSuspended)
	shown("suspended", false)
	if !strings.Contains(s.get(s.head, path), "Bianco") {
		t.Error("suspended: the giving body does not read whom it offers")
	}
	s.move(s.head, policies.AgreementActive)
	shown("taken up again", true)
	s.exec(`update policies.agreements set valid = tstzrange(lower(valid), now()) where id = $1`, s.agreement.ID)
	shown("over by the clock", false)
}
