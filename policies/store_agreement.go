package policies

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

const agreementSQL = `
	select a.id, a.title, a.state, a.purposes, a.sections, a.writable, coalesce(lower(a.valid), timestamptz '0001-01-01 00:00:00+00'), coalesce(upper(a.valid), timestamptz '9999-01-01 00:00:00+00'),
		coalesce(a.suspended_by, 0), coalesce(a.ended_by, 0), a.end_reason, coalesce(a.renews, '00000000-0000-0000-0000-000000000000'), a.known_elsewhere, a.break_glass,
		coalesce(a.only_share, '00000000-0000-0000-0000-000000000000'), a.version
	from policies.agreements a where ($1::uuid[] is null or a.id = any ($1)) order by a.created_at desc, a.id`

// FindAgreements lists the agreements of the actor's body, newest first.
func FindAgreements(ctx context.Context, tx tenants.Tx, _ tenants.Scope) ([]Agreement, error) {
	return findAgreements(ctx, tx, nil, true)
}

// NameAgreements returns the agreements of the actor's body that have the ids, all without ids, and leaves their edges out: for
// who only names them with their acts.
func NameAgreements(ctx context.Context, tx tenants.Tx, _ tenants.Scope, ids []uuid.UUID) ([]Agreement, error) {
	return findAgreements(ctx, tx, ids, false)
}

// GetAgreement returns an agreement of the actor's body; problem.NotFound where the body is no party.
func GetAgreement(ctx context.Context, tx tenants.Tx, _ tenants.Scope, id uuid.UUID) (Agreement, error) {
	found, err := findAgreements(ctx, tx, []uuid.UUID{id}, true)
	if err != nil {
		return Agreement{}, err
	}
	if len(found) == 0 {
		return Agreement{}, problem.Missing()
	}
	return found[0], nil
}

// findAgreements finds those that have the ids; all without ids.
func findAgreements(ctx context.Context, tx tenants.Tx, ids []uuid.UUID, edges bool) ([]Agreement, error) {
	var found []Agreement
	at := map[uuid.UUID]int{}
	var batch pgx.Batch
	batch.Queue(agreementSQL, ids).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Agreement, error) {
			var a Agreement
			return a, row.Scan(&a.ID, &a.Title, &a.State, &a.Purposes, &a.Sections, &a.Writable, &a.From, &a.To, &a.SuspendedBy, &a.EndedBy, &a.EndReason, &a.Renews, &a.Asks.Known, &a.Asks.BreakGlass, &a.Only, &a.Version)
		})
		for i, a := range found {
			at[a.ID] = i
		}
		return err
	})
	var agreement uuid.UUID
	var p Party
	var day, accepted *time.Time
	batch.Queue(`select p.agreement_id, p.tenant_id, p.side = 'proposer', p.data_role, p.act_number, p.act_date, p.accepted_at, p.signatory, p.signed_digest from policies.agreements_parties p
		where $1::uuid[] is null or p.agreement_id = any ($1) order by p.side desc, p.tenant_id`, ids).Query(func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&agreement, &p.Tenant, &p.Proposer, &p.Role, &p.Act.Number, &day, &accepted, &p.Signatory, &p.Digest}, func() error {
			party := p
			party.Act.Day, party.AcceptedAt = orZero(day), orZero(accepted)
			if i, ok := at[agreement]; ok {
				found[i].Parties = append(found[i].Parties, party)
			}
			return nil
		})
		return err
	})
	if edges {
		var e Edge
		batch.Queue(`select e.agreement_id, e.from_tenant, e.to_tenant from policies.agreements_edges e
			where $1::uuid[] is null or e.agreement_id = any ($1) order by e.from_tenant, e.to_tenant`, ids).Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&agreement, &e.From, &e.To}, func() error {
				if i, ok := at[agreement]; ok {
					found[i].Edges = append(found[i].Edges, e)
				}
				return nil
			})
			return err
		})
	}
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return nil, fmt.Errorf("find agreements: %w", err)
	}
	return found, nil
}

func orZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}

// proposal is an agreement as the database takes it.
type proposal struct {
	ID        uuid.UUID       `json:"id"`
	Title     string          `json:"title"`
	Purposes  []string        `json:"purposes"`
	Sections  []string        `json:"sections"`
	Writable  []string        `json:"writable"`
	From      time.Time       `json:"valid_from"`
	To        time.Time       `json:"valid_to"`
	ActNumber string          `json:"act_number"`
	ActDay    string          `json:"act_date"`
	Signatory string          `json:"signatory"`
	Renews    *uuid.UUID      `json:"renews,omitempty"`
	Only      *uuid.UUID      `json:"only_share,omitempty"`
	Known     bool            `json:"known_elsewhere"`
	Emergency bool            `json:"break_glass"`
	Parties   []proposedParty `json:"parties"`
	Edges     []proposedEdge  `json:"edges"`
}

type proposedParty struct {
	Tenant int32  `json:"tenant"`
	Role   string `json:"role"`
}

type proposedEdge struct {
	From int32 `json:"from"`
	To   int32 `json:"to"`
}

func insertAgreement(ctx context.Context, tx tenants.Tx, s tenants.Scope, p Proposal) error {
	written := proposal{
		ID: p.ID, Title: p.Title, Purposes: p.Purposes, Sections: p.Sections, Writable: append([]string{}, p.Writable...), From: p.From, To: p.To,
		ActNumber: p.Act.Number, ActDay: p.Act.Day.Format(time.DateOnly), Signatory: s.Name,
		Known: p.Asks.Known, Emergency: p.Asks.BreakGlass,
	}
	if p.Renews != uuid.Nil {
		written.Renews = &p.Renews
	}
	if p.Only != uuid.Nil {
		written.Only = &p.Only
	}
	for _, party := range p.Parties {
		written.Parties = append(written.Parties, proposedParty{party, p.RoleOf(party)})
	}
	for _, e := range p.Edges {
		written.Edges = append(written.Edges, proposedEdge(e))
	}
	_, err := tx.Exec(ctx, `select policies.propose_agreement($1)`, written)
	if code(err) == "23505" { // the id is taken by an agreement of others
		return problem.New(problem.Conflict, "web.error.conflict").Wrap(err)
	}
	if err != nil {
		return fmt.Errorf("propose an agreement: %w", err)
	}
	return nil
}

func signAgreement(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, act Act) error {
	if _, err := tx.Exec(ctx, `select policies.sign_agreement($1, $2, $3, $4)`, id, act.Number, act.Day, s.Name); err != nil {
		return moved("sign an agreement", err)
	}
	return nil
}

func changeAgreement(ctx context.Context, tx tenants.Tx, id uuid.UUID, target string) error {
	if _, err := tx.Exec(ctx, `select policies.change_agreement($1, $2)`, id, target); err != nil {
		return moved("change an agreement", err)
	}
	return nil
}

func endAgreement(ctx context.Context, tx tenants.Tx, id uuid.UUID, reason string) error {
	if _, err := tx.Exec(ctx, `select policies.end_agreement($1, $2)`, id, reason); err != nil {
		return moved("end an agreement", err)
	}
	return nil
}

// moved says that somebody else took a step meanwhile, when that is what happened.
func moved(doing string, err error) error {
	if code(err) == "P0002" {
		return problem.New(problem.Conflict, "web.error.conflict").Wrap(err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func code(err error) string {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refused.Code
	}
	return ""
}
