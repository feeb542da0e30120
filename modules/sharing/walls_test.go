package sharing_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/sharing"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// seenBy is all that a body's app role can read of shares, grants and its own log with an SQL query, as one text.
func (p *pair) seenBy(actor tenants.Scope) (text string) {
	p.t.Helper()
	var batch pgx.Batch
	batch.Queue(`select coalesce(string_agg(r.row::text, chr(10)), '') from (
		select to_jsonb(s) as row from sharing.shares s union all select to_jsonb(d) from sharing.shares_details d
		union all select to_jsonb(x) from sharing.shares_parties x union all select to_jsonb(g) from policies.case_grants g
		union all select to_jsonb(e) from audit.events e) r`).
		QueryRow(func(row pgx.Row) error { return row.Scan(&text) })
	p.must(p.DB.Read(context.Background(), p.deps.Policies.Confine(actor, policies.Body, policies.Guest), &batch))
	return text
}

// SQL itself, and not the projection alone, keeps from the receiver what the preview must not show.
func TestSQLHidesWhatThePreviewHides(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	o := p.offer()
	o.Reason, o.Sections, o.ExtraReason = "La signora Bianco ha chiesto aiuto", []string{"identity", "assessment", "plan"}, "Il progetto di Rosa"
	made, err := p.sharing.Offers.Offer(ctx, p.worker, p.file.ID.String(), o)
	p.must(err)
	secrets := []string{p.file.ID.String(), "Bianco", "Rosa"}
	holds := func(when string, actor tenants.Scope, want bool) {
		t.Helper()
		text := p.seenBy(actor)
		for _, secret := range secrets {
			if strings.Contains(text, secret) != want {
				t.Errorf("%s: the rows of body %d hold %q: %t", when, actor.Tenant, secret, !want)
			}
		}
		if !strings.Contains(text, made.ID.String()) {
			t.Errorf("%s: body %d does not see the share at all", when, actor.Tenant)
		}
	}
	_, err = p.sharing.Shares.Get(ctx, p.decider, made.ID)
	p.must(err)
	holds("offered", p.decider, false)
	holds("offered", p.worker, true)
	_, err = p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{Account: p.reader.Account})
	p.must(err)
	if n := p.countAs(p.reader, `select count(*) from sharing.shares_details where case_id = '`+p.file.ID.String()+`'`); n != 1 {
		t.Errorf("accepted: the addressee sees %d details, want 1", n)
	}
	if n := p.countAs(p.decider, `select count(*) from sharing.shares_details`); n != 0 {
		t.Errorf("accepted for one person: a colleague sees %d details", n)
	}
	_, err = p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementSuspended, p.seen(p.head, p.agreement.ID, policies.AgreementSuspended))
	p.must(err)
	if n := p.countAs(p.reader, `select count(*) from sharing.shares_details`); n != 0 {
		t.Errorf("suspended: the addressee sees %d details", n)
	}
	_, err = p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementActive, p.seen(p.head, p.agreement.ID, policies.AgreementActive))
	p.must(err)
	_, err = p.sharing.Shares.End(ctx, p.worker, made.ID, share.Revoke, sharing.Ending{Words: "Non serve più"})
	p.must(err)
	if n := p.countAs(p.reader, `select count(*) from sharing.shares_details`); n != 0 {
		t.Errorf("revoked: the addressee sees %d details", n)
	}
	holds("revoked", p.worker, true)
}

// countAs counts as the app role of the actor's body.
func (p *pair) countAs(actor tenants.Scope, sql string) (n int) {
	p.t.Helper()
	var batch pgx.Batch
	batch.Queue(sql).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	p.must(p.DB.Read(context.Background(), actor, &batch))
	return n
}

// runAs runs a statement as the app role of the actor's body and returns the SQLSTATE of its refusal.
func (p *pair) runAs(actor tenants.Scope, sql string, args ...any) string {
	p.t.Helper()
	err := p.DB.InTx(context.Background(), actor, func(tx tenants.Tx) error {
		_, err := tx.Exec(context.Background(), sql, args...)
		return err
	})
	code := sqlState(err)
	if err != nil && code == "" {
		p.t.Fatalf("%s: %v", sql, err)
	}
	return code
}

const (
	insertGrant = `insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, valid)
		values (app.tenant(), gen_random_uuid(), $1, $2, $3, $4, $5, tstzrange(app.now(), app.now() + interval '1 day'))`
	acceptBySQL = `select sharing.accept_share($1, array[gen_random_uuid(), gen_random_uuid()], null, null, 'X')`
)

// Grants follow the edges of agreements: the app role writes none by itself, and the step that makes them asks the
// agreement at that moment.
func TestGrantsFollowTheEdges(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	third := p.body("c_e974")
	for name, c := range map[string]struct {
		section string
		grantee int32
	}{
		"a body of no agreement": {"identity", third.ID}, "a section that the agreement has not": {"judicial", p.receiver.ID},
		"past the steps": {"identity", p.receiver.ID},
	} {
		if code := p.runAs(p.worker, insertGrant, newID(), p.agreement.ID, p.file.ID, c.section, c.grantee); code != "42501" {
			t.Errorf("%s: the owner's app role writes a grant (%q)", name, code)
		}
	}
	made := p.offered()
	for name, change := range map[string][2]string{
		"suspended":       {`update policies.agreements set state = 'suspended'`, `update policies.agreements set state = 'active'`},
		"ended":           {`update policies.agreements set state = 'ended'`, `update policies.agreements set state = 'active'`},
		"not yet in date": {`update policies.agreements set valid = tstzrange(now() + interval '1 day', upper(valid))`, `update policies.agreements set valid = tstzrange(now() - interval '1 day', upper(valid))`},
		"other direction": {
			`update policies.agreements_edges set from_tenant = to_tenant, to_tenant = from_tenant`,
			`update policies.agreements_edges set from_tenant = to_tenant, to_tenant = from_tenant`,
		},
		"without the section": {`update policies.agreements set sections = '{identity}'`, `update policies.agreements set sections = '{identity,assessment}'`},
	} {
		p.exec(change[0])
		if code := p.runAs(p.decider, acceptBySQL, made.ID); code != "23514" {
			t.Errorf("agreement %s: the step makes grants (%q)", name, code)
		}
		if n := p.count(`select count(*) from policies.case_grants`); n != 0 {
			t.Fatalf("agreement %s: %d grants", name, n)
		}
		p.exec(change[1])
	}
	if code := p.runAs(p.decider, acceptBySQL, made.ID); code != "" {
		t.Fatalf("under the agreement as it was: %q", code)
	}
	if n := p.count(`select count(*) from policies.case_grants`); n != 2 {
		t.Errorf("%d grants, want 2", n)
	}
	if code := p.runAs(p.worker, `update policies.case_grants set valid = tstzrange(lower(valid), 'infinity'), grantee = $1`, third.ID); code != "42501" {
		t.Errorf("the owner's app role changes its grants (%q)", code)
	}
	p.Excuse(t, "policies.case_grants", "sharing.shares")
}

// chains counts the events of an action by the body whose chain they stand in.
func (p *pair) chains(action string) map[int32]int {
	return map[int32]int{
		p.owner.ID:    p.count(`select count(*) from audit.events where tenant_id = $1 and action = $2`, p.owner.ID, action),
		p.receiver.ID: p.count(`select count(*) from audit.events where tenant_id = $1 and action = $2`, p.receiver.ID, action),
	}
}

// A step stands in the chains of both bodies with its change, or nowhere: here the transaction fails at its very end.
func TestBothChainsHaveAStepOrNeither(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	p.exec(`create function sharing.fail() returns trigger language plpgsql as $$ begin raise exception 'at the end'; end $$`)
	fails := func(table string) func() {
		p.exec(`create constraint trigger fail after insert or update on ` + table + ` deferrable initially deferred for each row execute function sharing.fail()`)
		return func() { p.exec(`drop trigger fail on ` + table) }
	}
	var made sharing.Share
	steps := []struct {
		action, table string
		take          func() error
	}{
		{"share.offer", "sharing.shares", func() (err error) {
			made, err = p.sharing.Offers.Offer(ctx, p.worker, p.file.ID.String(), p.offer())
			return err
		}},
		{"share.accept", "sharing.shares", func() error { return errOf(p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{})) }},
		{"share.revoke", "sharing.shares", func() error {
			return errOf(p.sharing.Shares.End(ctx, p.worker, made.ID, share.Revoke, sharing.Ending{Words: "Non serve più"}))
		}},
		{"agreement.suspend", "policies.agreements", func() error {
			return errOf(p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementSuspended, p.seen(p.head, p.agreement.ID, policies.AgreementSuspended)))
		}},
	}
	for _, step := range steps {
		mend := fails(step.table)
		if err := step.take(); err == nil {
			t.Fatalf("%s: the transaction did not fail", step.action)
		}
		if diff := cmp.Diff(map[int32]int{p.owner.ID: 0, p.receiver.ID: 0}, p.chains(step.action)); diff != "" {
			t.Errorf("%s failed and stands in chains (-want +got):\n%s", step.action, diff)
		}
		mend()
		p.must(step.take())
		if diff := cmp.Diff(map[int32]int{p.owner.ID: 1, p.receiver.ID: 1}, p.chains(step.action)); diff != "" {
			t.Errorf("%s in the chains (-want +got):\n%s", step.action, diff)
		}
	}
	if n := p.count(`select count(*) from (select id from audit.events where action like 'share.%' or action like 'agreement.suspend'
		group by id, action, actor_name, actor_tenant, account_id, at having count(*) = 2) e`); n != len(steps) {
		t.Errorf("%d events are the same in both chains, want %d", n, len(steps))
	}
}

// tell writes an event into the actor's own chain and asks for its copy in the chains of others.
func (p *pair) tell(actor tenants.Scope, e audit.Event, sql string) string {
	p.t.Helper()
	ctx := context.Background()
	err := p.DB.InTx(ctx, actor, func(tx tenants.Tx) error {
		told, err := audit.WriteTold(ctx, tx, actor, e)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sql, e.Object, told.ID, told.At)
		return err
	})
	code := sqlState(err)
	if err != nil && code == "" {
		p.t.Fatal(err)
	}
	return code
}

// Nobody writes into another body's chain but what it did itself, in this transaction, to what both are parties of.
func TestNobodyWritesIntoTheChainOfAnother(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.accepted()
	stranger := p.Operator(t, p.body("c_e974"), "coordinator")
	const tellShare, tellAgreement = `select sharing.tell_other($1, $2, $3)`, `select policies.tell_parties($1, $2, $3)`
	before := p.count(`select count(*) from audit.events`)
	for name, c := range map[string]struct {
		actor  tenants.Scope
		action string
		object uuid.UUID
		sql    string
	}{
		"a stranger of the share":     {stranger, "share.revoke", made.ID, tellShare},
		"a stranger of the agreement": {stranger, "agreement.end", p.agreement.ID, tellAgreement},
		"no share":                    {p.worker, "share.revoke", newID(), tellShare},
		"no agreement":                {p.worker, "agreement.end", newID(), tellAgreement},
		"another action":              {p.worker, "case.read", made.ID, tellShare},
	} {
		if code := p.tell(c.actor, audit.Event{Action: c.action, Object: c.object}, c.sql); code != "42501" {
			t.Errorf("%s: %q", name, code)
		}
	}
	var old audit.Told
	p.must(p.DB.InTx(ctx, p.worker, func(tx tenants.Tx) (err error) {
		old, err = audit.WriteTold(ctx, tx, p.worker, audit.Event{Action: "share.revoke", Object: made.ID})
		return err
	}))
	if code := p.runAs(p.worker, tellShare, made.ID, old.ID, old.At); code != "42501" {
		t.Errorf("an event of another transaction is told: %q", code)
	}
	if n := p.count(`select count(*) from audit.events`); n != before+1 {
		t.Errorf("%d events were written, want the one of the own chain", n-before)
	}
	smuggled := audit.Event{
		Action: "share.revoke", Object: made.ID, Sections: []string{"diary"}, Cases: []uuid.UUID{newID()}, Case: newID(),
		Payload: map[string]any{"text": "Segreto"},
	}
	if code := p.tell(p.worker, smuggled, tellShare); code != "" {
		t.Fatalf("the owner tells the receiver: %q", code)
	}
	if n := p.count(`select count(*) from audit.events where tenant_id = $1 and action = 'share.revoke' and actor_tenant = $2 and account_id = $3
		and payload = '{}' and payload_hash = sha256('{}') and coalesce(cases, '{}') = '{}' and case_id = $4 and sections = '{identity,assessment}'`,
		p.receiver.ID, p.owner.ID, p.worker.Account, p.file.ID); n != 1 {
		t.Errorf("%d events in the receiver's chain are what the share says, want 1", n)
	}
}

// What somebody has seen of a share is nobody else's: a colleague neither reads it nor sets it.
func TestSightsBelongToWhoSaw(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	share := p.offered()
	_, err := p.sharing.Shares.Accept(ctx, p.decider, share.ID, sharing.Addressee{Account: p.reader.Account})
	p.must(err)
	_, err = p.sharing.Shares.Get(ctx, p.decider, share.ID)
	p.must(err)
	if n := p.countAs(p.decider, `select count(*) from sharing.sights`); n != 1 {
		t.Fatalf("who saw the share has %d sights, want 1", n)
	}
	if n := p.countAs(p.reader, `select count(*) from sharing.sights`); n != 0 {
		t.Errorf("a colleague reads %d sights", n)
	}
	if code := p.runAs(p.reader, `insert into sharing.sights (account_id, share_id, version) values ($1, $2, 9)`, p.head.Account, share.ID); code != "42501" {
		t.Errorf("a colleague sets what somebody else has seen: SQLSTATE %q, want 42501", code)
	}
}
