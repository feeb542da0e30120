package farewell

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/policies/audit"
	"staffetta/tenants"
)

// findShares finds what is offered or live, and not over by the clock.
func findShares(ctx context.Context, tx tenants.Tx, s tenants.Scope) ([]bond, error) {
	rows, err := tx.Query(ctx, `
		select s.id, s.kind, d.case_id, s.owner_tenant = $1, s.state = 'offered', case when s.owner_tenant = $1 then s.receiver_tenant else s.owner_tenant end
		from sharing.shares s left join sharing.shares_details d on d.share_id = s.id
		where $1 in (s.owner_tenant, s.receiver_tenant)
			and (s.state = 'offered' and s.answer_by > app.now() or s.state = 'active' and s.valid_to > app.now()) order by s.id`, s.Tenant)
	if err != nil {
		return nil, fmt.Errorf("find the shares that end: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (b bond, err error) {
		var with int32
		err = row.Scan(&b.ID, &b.Kind, &b.Case, &b.Owner, &b.Offered, &with)
		b.With = []int32{with}
		return b, err
	})
}

func findAgreements(ctx context.Context, tx tenants.Tx, s tenants.Scope) ([]bond, error) {
	rows, err := tx.Query(ctx, `
		select a.id, a.title, false, array(select p.tenant_id from policies.agreements_parties p where p.agreement_id = a.id and p.tenant_id <> $1 order by 1)
		from policies.agreements a where a.state <> 'ended' order by a.id`, s.Tenant)
	if err != nil {
		return nil, fmt.Errorf("find the agreements that end: %w", err)
	}
	return pgx.CollectRows(rows, scanTitled)
}

func findNetworks(ctx context.Context, tx tenants.Tx, s tenants.Scope) ([]bond, error) {
	rows, err := tx.Query(ctx, `
		select n.id, n.title, n.lead_tenant = $1,
			array(select p.tenant_id from sharing.networks_parties p where p.network_id = n.id and p.tenant_id <> $1 and p.joined_at is not null and p.left_at is null order by 1)
		from sharing.networks n join sharing.networks_parties me on me.network_id = n.id and me.tenant_id = $1 and me.left_at is null
		where n.state <> 'ended' order by n.id`, s.Tenant)
	if err != nil {
		return nil, fmt.Errorf("find the networks to leave: %w", err)
	}
	return pgx.CollectRows(rows, scanTitled)
}

func scanTitled(row pgx.CollectableRow) (b bond, err error) {
	return b, row.Scan(&b.ID, &b.Title, &b.Lead, &b.With)
}

func endShare(b *pgx.Batch, s tenants.Scope, one bond) error {
	state, verb, outcome := one.target()
	told, err := audit.QueueTold(b, s, one.event(verb))
	if err != nil {
		return err
	}
	b.Queue(`select sharing.end_share($1, $2, $3, $4, $5)`, one.ID, state, reason, outcome, s.Name)
	b.Queue(`select sharing.tell_other($1, $2, $3)`, one.ID, told.ID, told.At)
	return nil
}

func endAgreement(b *pgx.Batch, s tenants.Scope, one bond) error {
	told, err := audit.QueueTold(b, s, audit.Event{Action: "agreement.end", Object: one.ID})
	if err != nil {
		return err
	}
	b.Queue(`select policies.end_agreement($1, $2)`, one.ID, reason)
	b.Queue(`select policies.tell_parties($1, $2, $3)`, one.ID, told.ID, told.At)
	return nil
}

func leaveNetwork(b *pgx.Batch, s tenants.Scope, one bond) error {
	told, err := audit.QueueTold(b, s, audit.Event{Action: "network.leave", Object: one.ID})
	if err != nil {
		return err
	}
	b.Queue(`select sharing.part_from_network($1)`, one.ID)
	b.Queue(`select sharing.tell_members($1, $2, $3)`, one.ID, told.ID, told.At)
	return nil
}

// part ends the asks and empties what the shares of the body showed beforehand.
func part(ctx context.Context, tx tenants.Tx) error {
	if _, err := tx.Exec(ctx, `select sharing.part()`); err != nil {
		return fmt.Errorf("take leave of the others: %w", err)
	}
	return nil
}

// end queues, for each bond, its event, its end and the words to the others, and sends them at once.
func end(ctx context.Context, tx tenants.Tx, s tenants.Scope, list []bond, queue func(*pgx.Batch, tenants.Scope, bond) error) error {
	var batch pgx.Batch
	for _, one := range list {
		if err := queue(&batch, s, one); err != nil {
			return err
		}
	}
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return fmt.Errorf("end what the body has with others: %w", err)
	}
	return nil
}
