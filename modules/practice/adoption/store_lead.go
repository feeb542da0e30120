package adoption

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// named is what the database takes of a naming.
type named struct {
	Naming
	lead   int32
	author string
}

// nameLead tells whether the body leads from now on, or waits for the other side.
func nameLead(ctx context.Context, tx tenants.Tx, id uuid.UUID, n named) (leads bool, err error) {
	err = tx.QueryRow(ctx, `select practice.name_lead($1, $2, $3, $4, $5)`, id, n.InsteadOf, n.lead, n.author, n.Reason).Scan(&leads)
	broken, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case err == nil:
		return leads, nil
	case ok && broken.Code == "P0002":
		return false, problem.Missing().Wrap(err)
	case ok && broken.ConstraintName == "led":
		return false, problem.New(problem.Conflict, "practice.lead.error.led").Wrap(err)
	case ok && broken.ConstraintName == "lead":
		var wrong problem.Fields
		wrong.Add("lead", "web.field.choice")
		return false, wrong.Err()
	}
	return false, fmt.Errorf("name the lead of an adoption: %w", err)
}

func (v *Service) findLed(ctx context.Context, s tenants.Scope) (found []Led, err error) {
	var b pgx.Batch
	b.Queue(`select `+adoptionColumns+`, coalesce(u.verdict, ''), coalesce(u.used90, 0), coalesce(u.measured, 0), u.last_on,
			(select count(*)::int from practice.adoptions_alarms x where x.adoption_id = a.id and x.settled_at is null and x.lead_since is not null) as late`+
		adoptionTables+` left join lateral (select n.verdict, n.used90, n.measured, n.last_on from practice.adoptions_uses n where n.adoption_id = a.id
			order by n.month desc limit 1) u on true
		where m.side = 'lead' order by k.title_it, late desc, a.created_at, a.id limit 500`, s.Tenant).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, scanLed)
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find the adoptions that a body leads: %w", err)
	}
	return found, nil
}

func scanLed(row pgx.CollectableRow) (Led, error) {
	var l Led
	err := row.Scan(append(l.columns(), &l.Verdict, &l.Used90, &l.Of, (*zeronull.Timestamp)(&l.LastOn), &l.Late)...)
	return l, err
}
