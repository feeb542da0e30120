package network

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

const networkSQL = `
	select n.id, n.title, n.state, n.lead_tenant, coalesce(n.next_lead_tenant, 0), coalesce(n.office_tenant, 0), n.version
	from sharing.networks n where ($1::uuid is null or n.id = $1) order by n.created_at desc, n.id`

const memberSQL = `
	select p.network_id, p.tenant_id, p.side = 'founder', p.act_number, p.act_date, p.joined_at
	from sharing.networks_parties p where p.left_at is null and ($1::uuid is null or p.network_id = $1) order by p.side, p.tenant_id`

// find lists the networks that row security shows; one of them, unless id is uuid.Nil.
func find(ctx context.Context, tx tenants.Tx, id uuid.UUID) ([]Network, error) {
	var found []Network
	at := map[uuid.UUID]int{}
	var batch pgx.Batch
	batch.Queue(networkSQL, zeronull.UUID(id)).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Network, error) {
			var n Network
			return n, row.Scan(&n.ID, &n.Title, &n.State, &n.Lead, &n.NextLead, &n.Office, &n.Version)
		})
		for i, n := range found {
			at[n.ID] = i
		}
		return err
	})
	batch.Queue(memberSQL, zeronull.UUID(id)).Query(func(rows pgx.Rows) error {
		var network uuid.UUID
		var m Member
		var day, joined *time.Time
		_, err := pgx.ForEachRow(rows, []any{&network, &m.Tenant, &m.Founder, &m.Act.Number, &day, &joined}, func() error {
			member := m
			if day != nil && joined != nil {
				member.Act.Day, member.JoinedAt = *day, *joined
			}
			if i, ok := at[network]; ok {
				found[i].Members = append(found[i].Members, member)
			}
			return nil
		})
		return err
	})
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return nil, fmt.Errorf("find networks: %w", err)
	}
	return found, nil
}

func get(ctx context.Context, tx tenants.Tx, id uuid.UUID) (Network, error) {
	if id == uuid.Nil {
		return Network{}, problem.Missing()
	}
	found, err := find(ctx, tx, id)
	if err != nil {
		return Network{}, err
	}
	if len(found) == 0 {
		return Network{}, problem.Missing()
	}
	return found[0], nil
}

func insert(ctx context.Context, tx tenants.Tx, f Founding) error {
	_, err := tx.Exec(ctx, `select sharing.found_network($1, $2, $3, nullif($4::int, 0), $5, $6)`,
		f.ID, f.Title, f.Members, f.Office, f.Act.Number, f.Act.Day)
	return moved("found a network", err)
}

func join(ctx context.Context, tx tenants.Tx, id uuid.UUID, act policies.Act) error {
	_, err := tx.Exec(ctx, `select sharing.join_network($1, $2, $3)`, id, act.Number, act.Day)
	return moved("join a network", err)
}

func invite(ctx context.Context, tx tenants.Tx, id uuid.UUID, members []int32) error {
	_, err := tx.Exec(ctx, `select sharing.invite_to_network($1, $2)`, id, members)
	return moved("invite to a network", err)
}

func leave(ctx context.Context, tx tenants.Tx, id uuid.UUID) error {
	_, err := tx.Exec(ctx, `select sharing.leave_network($1)`, id)
	return moved("leave a network", err)
}

func hand(ctx context.Context, tx tenants.Tx, id uuid.UUID, to int32) error {
	_, err := tx.Exec(ctx, `select sharing.hand_network($1, $2)`, id, to)
	return moved("hand over the lead of a network", err)
}

func take(ctx context.Context, tx tenants.Tx, id uuid.UUID) error {
	_, err := tx.Exec(ctx, `select sharing.take_network($1)`, id)
	return moved("take the lead of a network", err)
}

// tellMembers copies an event that the transaction wrote into its own chain into the chains of the other members.
func tellMembers(ctx context.Context, tx tenants.Tx, network uuid.UUID, e audit.Told) error {
	if _, err := tx.Exec(ctx, `select sharing.tell_members($1, $2, $3)`, network, e.ID, e.At); err != nil {
		return fmt.Errorf("tell the members of a network: %w", err)
	}
	return nil
}

// moved says that somebody else took a step meanwhile, or holds the id, when that is what happened.
func moved(doing string, err error) error {
	if err == nil {
		return nil
	}
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && (refused.Code == "P0002" || refused.Code == "23505") {
		return problem.New(problem.Conflict, "sharing.error.network_step").Wrap(err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
