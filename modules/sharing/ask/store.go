package ask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/share"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

func openAsk(ctx context.Context, tx tenants.Tx, a Ask, told audit.Told) error {
	row, err := json.Marshal(map[string]any{
		"id": a.ID, "asked_tenant": a.Asked, "agreement_id": a.Agreement, "tax_code": a.TaxCode, "purpose": a.Purpose, "legal_basis": a.LegalBasis,
		"sections": a.Sections, "reason": a.Reason, "answer_by": a.AnswerBy, "asked_name": a.By,
	})
	if err != nil {
		return fmt.Errorf("write an ask: %w", err)
	}
	if _, err := tx.Exec(ctx, `select sharing.open_ask($1, $2, $3)`, string(row), told.ID, told.At); err != nil {
		return refused(err)
	}
	return nil
}

// refused tells that too much was asked, by a problem.TooMany, from what else the database refuses.
func refused(err error) error {
	if raised, ok := errors.AsType[*pgconn.PgError](err); ok && raised.Code == limitExceeded {
		return problem.New(problem.TooMany, "sharing.ask.error.limited").Wrap(err)
	}
	return share.Raised("ask for access", err)
}

const limitExceeded = "54000" // program_limit_exceeded

func noteExcess(ctx context.Context, tx tenants.Tx, agreement uuid.UUID, told audit.Told) error {
	if _, err := tx.Exec(ctx, `select sharing.note_excess($1, $2, $3)`, agreement, told.ID, told.At); err != nil {
		return share.Raised("note that too much was asked", err)
	}
	return nil
}

func endAsk(ctx context.Context, tx tenants.Tx, e ending, told audit.Told) error {
	if _, err := tx.Exec(ctx, `select sharing.end_ask($1, $2, $3, $4, $5, $6)`, e.id, e.target, e.words, e.actor, told.ID, told.At); err != nil {
		return share.Raised("end an ask", err)
	}
	return nil
}

// find reads one ask of the body, or with uuid.Nil the latest; row security hides the person where the scope reads no identity:
// a duty, which is no audited reading, asks without sections.
func (s *Service) find(ctx context.Context, scope tenants.Scope, id uuid.UUID) (found []Ask, err error) {
	var batch pgx.Batch
	batch.Queue(`select a.id, a.state, a.asker_tenant, a.asked_tenant, a.agreement_id, coalesce(n.tax_code, ''), a.purpose, a.legal_basis, a.sections, coalesce(n.reason, ''),
			a.answer_by, a.asked_name, a.asked_at, a.share_id, a.asked_by, a.ended_at
		from sharing.asks a left join sharing.asks_persons n on n.ask_id = a.id where $1 in (a.asker_tenant, a.asked_tenant) and ($2::uuid = '00000000-0000-0000-0000-000000000000' or a.id = $2)
		order by a.state <> 'open', a.asked_at desc, a.id limit 200`, scope.Tenant, id).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Ask, error) {
				var a Ask
				return a, row.Scan(&a.ID, &a.State, &a.Asker, &a.Asked, &a.Agreement, &a.TaxCode, &a.Purpose, &a.LegalBasis, &a.Sections, &a.Reason,
					&a.AnswerBy, &a.By, &a.At, (*zeronull.UUID)(&a.Share), &a.Account, (*zeronull.Timestamptz)(&a.Ended))
			})
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find asks: %w", err)
	}
	return found, nil
}

// findSeen lists the shares that the actor has looked at since somebody decided about them.
func (s *Service) findSeen(ctx context.Context, scope tenants.Scope) (seen []uuid.UUID, err error) {
	var batch pgx.Batch
	batch.Queue(`select v.share_id from sharing.sights v where v.tenant_id = $1 and v.account_id = $2`, scope.Tenant, scope.Account).
		Query(func(rows pgx.Rows) (err error) {
			seen, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find the answers that were seen: %w", err)
	}
	return seen, nil
}
