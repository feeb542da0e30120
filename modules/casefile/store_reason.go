package casefile

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/step"
	"staffetta/tenants"
)

// reasonSection is where the words stand by which a case was opened or took a step.
const reasonSection = "diary"

// insertReason keeps what was said when a case took a step or, under its own id, was opened; no words leave nothing.
func insertReason(ctx context.Context, tx tenants.Tx, file, id uuid.UUID, kept said) error {
	if kept.body == "" && len(kept.given) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `insert into casefile.reasons (id, case_id, body, given) values ($1, $2, $3, $4)`, id, file, kept.body, append([]step.Given{}, kept.given...))
	if err != nil {
		return fmt.Errorf("keep the reason of a case: %w", err)
	}
	return nil
}

// queueSummary adds the reading of why a case was opened; nothing comes to who does not read the section.
func queueSummary(b *pgx.Batch, a *access.Access, into *string) {
	b.Queue(`select r.body from casefile.reasons r where r.tenant_id = $1 and r.case_id = $2 and r.id = $2`, a.Tenant, a.ID).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{into}, func() error { return nil })
			return err
		})
}

// queueSteps adds the reading of how the case moved along its path, newest first; the reasons come as queueSummary's.
func queueSteps(b *pgx.Batch, a *access.Access, into *[]Step) {
	b.Queue(`select t.from_state, t.to_state, coalesce(r.body, ''), coalesce(r.given, '[]'), t.account_name, t.at
		from casefile.steps t left join casefile.reasons r on r.tenant_id = t.tenant_id and r.id = t.id
		where t.tenant_id = $1 and t.case_id = $2 order by t.at desc limit 100`, a.Tenant, a.ID).
		Query(func(rows pgx.Rows) (err error) {
			*into, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Step, error) {
				var t Step
				return t, row.Scan(&t.From, &t.To, &t.Reason, &t.Given, &t.By, &t.At)
			})
			return err
		})
}

// findSteps reads how a case of the own body moved along its path, newest first.
func findSteps(ctx context.Context, a *access.Access) ([]Step, error) {
	var steps []Step
	if a.Foreign() {
		return steps, nil
	}
	var batch pgx.Batch
	queueSteps(&batch, a, &steps)
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("read the steps of a case: %w", err)
	}
	return steps, nil
}
