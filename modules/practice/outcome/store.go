package outcome

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// published is what an adoption was measured to be in a month.
type published struct {
	month   time.Time
	verdict Verdict
	figures Figures
}

// findPublished lists what was published of an adoption, newest first.
func (v *Service) findPublished(ctx context.Context, s tenants.Scope, id uuid.UUID) (found []published, err error) {
	var b pgx.Batch
	b.Queue(`select u.month, u.measured_at, u.verdict, u.items, u.measured, u.used30, u.used90, u.used180, u.unused, u.records90, u.people, u.last_on
		from practice.adoptions_uses u where u.adoption_id = $1 order by u.month desc limit 36`, id).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, scanPublished)
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find how an adoption was measured: %w", err)
	}
	return found, nil
}

func scanPublished(row pgx.CollectableRow) (published, error) {
	var p published
	var records, people *int
	f := &p.figures
	err := row.Scan(&p.month, &f.At, &p.verdict, &f.Items, &f.Measured, &f.Used30, &f.Used90, &f.Used180, &f.Unused, &records, &people,
		(*zeronull.Timestamp)(&f.LastOn))
	f.Records, f.People = numberOf(records), numberOf(people)
	return p, err
}

func numberOf(n *int) Number {
	if n == nil {
		return Number{Few: true}
	}
	return Number{N: *n}
}

// kept is the number as the database keeps it: none where it is too small.
func (n Number) kept() *int {
	if n.Few {
		return nil
	}
	return &n.N
}

// publish tells the other parties what was measured, with its event, if it is news.
func (v *Service) publish(ctx context.Context, s tenants.Scope, o Outcome) (fresh bool, err error) {
	f := o.Figures
	var last *string
	if !f.LastOn.IsZero() {
		month := time.Date(f.LastOn.Year(), f.LastOn.Month(), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) // a day may be that of a case
		last = &month
	}
	raw, err := json.Marshal(map[string]any{
		"verdict": o.Verdict, "items": f.Items, "measured": f.Measured, "used30": f.Used30, "used90": f.Used90, "used180": f.Used180,
		"unused": f.Unused, "records90": f.Records.kept(), "people": f.People.kept(), "last_on": last,
	})
	if err != nil {
		return false, fmt.Errorf("write how an adoption was measured: %w", err)
	}
	id := o.Board.Adoption.ID
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := tx.QueryRow(ctx, `select practice.publish_use($1, $2)`, id, raw).Scan(&fresh); err != nil {
			return refusal(err, "publish how an adoption was measured")
		}
		if !fresh {
			return nil
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.measure", Object: id, Payload: map[string]any{"verdict": o.Verdict}})
	})
	return fresh, err
}

// findMeasurable lists the adoptions of the own body that have something to measure, or of which it has said how they stand.
func (v *Service) findMeasurable(ctx context.Context, s tenants.Scope) (found []uuid.UUID, err error) {
	var b pgx.Batch
	b.Queue(`select a.id from practice.adoptions a join practice.adoptions_parties p on p.adoption_id = a.id and p.tenant_id = $1 and p.side = 'reusing'
		where a.state <> 'ended' and (exists (select from practice.applications r where r.tenant_id = $1 and r.adoption_id = a.id)
			or exists (select from practice.adoptions_statements s where s.adoption_id = a.id and s.kind = 'review' and s.replaced_at is null)) order by a.id`, s.Tenant).
		Query(func(rows pgx.Rows) error {
			found, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find the adoptions to measure: %w", err)
	}
	return found, nil
}

// findMeasurers lists the bodies that have something to measure, as the platform asks.
func (v *Service) findMeasurers(ctx context.Context) (found []int32, err error) {
	platform, _, err := v.deps.Bodies.BySlug(tenants.PlatformSlug)
	if err != nil {
		return nil, fmt.Errorf("the platform's body: %w", err)
	}
	var b pgx.Batch
	b.Queue(`select m from practice.measurers() m`).Query(func(rows pgx.Rows) error {
		found, err = pgx.CollectRows(rows, pgx.RowTo[int32])
		return err
	})
	if err := v.deps.DB.Read(ctx, tenants.Scope{Tenant: platform.ID}, &b); err != nil {
		return nil, fmt.Errorf("find the bodies to measure: %w", err)
	}
	return found, nil
}

// refusal turns what the functions of the database refuse into what a person is told.
func refusal(err error, doing string) error {
	if broken, ok := errors.AsType[*pgconn.PgError](err); ok && broken.Code == "P0002" {
		return problem.Missing().Wrap(err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
