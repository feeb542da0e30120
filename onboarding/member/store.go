package member

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

func (v *Service) findHoldings(ctx context.Context, s tenants.Scope) (found []Holding, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		found, err = findHeld(ctx, tx)
		return err
	})
	return found, err
}

func findHeld(ctx context.Context, tx tenants.Tx) ([]Holding, error) {
	return findHeldAfter(ctx, tx, start, "")
}

const heldSQL = `select h.id, h.account_id, h.role, h.display_name, h.valid_from, h.valid_to, coalesce(h.office_id, 0), coalesce(o.name, '')
	from platform.held_roles() h left join platform.offices o on o.tenant_id = app.tenant() and o.id = h.office_id`

// findHeldAfter finds who holds which role after a place among them, as many as a limit says.
func findHeldAfter(ctx context.Context, tx tenants.Tx, after cursor, limit string) ([]Holding, error) {
	rows, err := tx.Query(ctx, heldSQL+` where (h.display_name, h.account_id, h.valid_from, h.role, h.id) > ($1, $2, $3::text::date, $4, $5)
		order by h.display_name, h.account_id, h.valid_from, h.role, h.id `+limit, after.Name, after.Account, after.From, after.Role, after.ID)
	if err != nil {
		return nil, fmt.Errorf("find who holds which role: %w", err)
	}
	return pgx.CollectRows(rows, scanHolding)
}

func scanHolding(row pgx.CollectableRow) (h Holding, err error) {
	var to *time.Time
	err = row.Scan(&h.ID, &h.Account, &h.Role, &h.Name, &h.From, &to, &h.Office, &h.OfficeName)
	if to != nil {
		h.To = *to
	}
	return h, err
}

// getPerson reads the roles that somebody holds and the last day of who has none any more, problem.NotFound for who never worked here.
func getPerson(ctx context.Context, tx tenants.Tx, account uuid.UUID) (p Person, err error) {
	var b pgx.Batch
	b.Queue(heldSQL+` where h.account_id = $1 order by h.valid_from, h.role, h.id`, account).Query(func(rows pgx.Rows) error {
		p.Held, err = pgx.CollectRows(rows, scanHolding)
		return err
	})
	former := false
	b.Queue(`select f.display_name, f.last_day from platform.former_colleagues() f where f.account_id = $1`, account).Query(func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&p.Name, &p.Last}, func() error { former = true; return nil })
		return err
	})
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return p, fmt.Errorf("find who works or worked here: %w", err)
	}
	switch p.Account = account; {
	case len(p.Held) > 0:
		p.Name = p.Held[0].Name
	case !former:
		return p, problem.Missing()
	}
	return p, nil
}

// giveRole writes the role; problem.Conflict where it is held then already.
func giveRole(ctx context.Context, tx tenants.Tx, g Gift) error {
	var given bool
	err := tx.QueryRow(ctx, `select platform.give_role($1, $2, $3, nullif($4::int, 0), $5::text::date, nullif($6::text, '')::date)`,
		g.ID, g.Account, g.Role, g.Office, g.From.Format(time.DateOnly), lastDay(g.To)).Scan(&given)
	if err != nil {
		return missing("give a role", err)
	}
	if !given {
		return problem.New(problem.Conflict, "onboarding.member.error.held")
	}
	return nil
}

// endRole takes a role back and tells how it was held: to yesterday, or, where that was on no day, to the day before the first.
func endRole(ctx context.Context, tx tenants.Tx, membership uuid.UUID) (h Holding, err error) {
	err = tx.QueryRow(ctx, `select h.id, platform.end_role(h.id), h.role, h.valid_from, greatest(h.valid_from, app.now()::date) - 1
		from platform.held_roles() h where h.id = $1`, membership).Scan(&h.ID, &h.Account, &h.Role, &h.From, &h.To)
	if errors.Is(err, pgx.ErrNoRows) {
		return h, problem.Missing()
	}
	if err != nil {
		return h, missing("take a role back", err)
	}
	return h, nil
}

// boundRole gives a role another last day and tells how it is held then.
func (e Ending) boundRole(ctx context.Context, tx tenants.Tx, membership uuid.UUID) (h Holding, err error) {
	err = tx.QueryRow(ctx, `select h.id, platform.bound_role(h.id, $2::text::date), h.role, h.valid_from, $2::text::date from platform.held_roles() h where h.id = $1`,
		membership, lastDay(e.Last)).Scan(&h.ID, &h.Account, &h.Role, &h.From, &h.To)
	if errors.Is(err, pgx.ErrNoRows) {
		return h, problem.Missing()
	}
	if err != nil {
		return h, missing("give a role another last day", err)
	}
	return h, nil
}

func findFormer(ctx context.Context, tx tenants.Tx) ([]Person, error) {
	rows, err := tx.Query(ctx, `select f.account_id, f.display_name, f.last_day from platform.former_colleagues() f order by f.display_name, f.account_id`)
	if err != nil {
		return nil, fmt.Errorf("find who worked here: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Person, err error) { return p, row.Scan(&p.Account, &p.Name, &p.Last) })
}

// missing turns what the database says of nobody there, of days, and of the last administrator, into what people are told.
func missing(doing string, err error) error {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch refused.Code {
		case "P0002":
			return problem.Missing().Wrap(err)
		case "SF409":
			return problem.New(problem.Conflict, "onboarding.member.error.last").Wrap(err)
		case "22023":
			var wrong problem.Fields
			wrong.Add("al", "onboarding.member.error.order")
			return wrong.Err()
		case "23P01":
			return problem.New(problem.Conflict, "onboarding.member.error.held").Wrap(err)
		}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
