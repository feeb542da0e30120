package emergency

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/modules"
	"staffetta/modules/sharing/elsewhere"
	"staffetta/modules/sharing/share"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

func breakGlass(ctx context.Context, tx tenants.Tx, o opening, told audit.Told) error {
	row, err := json.Marshal(map[string]any{
		"id": o.ID, "owner_tenant": o.Way.Body, "agreement_id": o.Agreement, "reason": strings.TrimSpace(o.Reason), "offered_name": o.name,
	})
	if err != nil {
		return fmt.Errorf("write an emergency: %w", err)
	}
	if _, err := tx.Exec(ctx, `select sharing.break_glass($1, $2, $3, $4, $5)`, string(row), o.code.String(), o.token, told.ID, told.At); err != nil {
		return fieldOf.Raised("open a case in an emergency", err)
	}
	return nil
}

// fieldOf says what became of the code that was typed, where the database refuses: what the agreement does not carry any more
// is as if nobody followed the person.
var fieldOf = share.FieldOf{
	"agreement": {"codice", "sharing.emergency.error.nobody"},
	"purpose":   {"codice", "sharing.emergency.error.nobody"},
	"sections":  {"codice", "sharing.emergency.error.nobody"},
	"ended":     {"codice", "sharing.emergency.error.ended"},
}

// findWays reads what each body shows in an emergency under its agreement. It is read for nobody too, so that both take as long.
func (s *Service) findWays(ctx context.Context, scope tenants.Scope, answers []elsewhere.Known) (ways []Way, err error) {
	agreements, bodies := make([]uuid.UUID, len(answers)), make([]int32, len(answers))
	for i, one := range answers {
		agreements[i], bodies[i] = one.Agreement, one.Body
	}
	var batch pgx.Batch
	batch.Queue(`select w.body, w.agreement, w.purpose, w.sections from sharing.emergency_ways($1, $2) w`, agreements, bodies).
		Query(func(rows pgx.Rows) (err error) {
			ways, err = pgx.CollectRows(rows, pgx.RowToStructByName[Way])
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find what bodies show in an emergency: %w", err)
	}
	return ways, nil
}

func review(ctx context.Context, tx tenants.Tx, j judgement) error {
	if _, err := tx.Exec(ctx, `select sharing.review_emergency($1, $2, $3, $4)`, j.share, j.verdict, j.words, j.actor); err != nil {
		return share.Raised("review an emergency", err)
	}
	return nil
}

// picks are the emergencies that a list may be narrowed to, in SQL over the body ($1) and the account ($2).
var picks = map[Pick]string{
	All:      "true",
	ToReview: "s.owner_tenant = $1 and e.verdict = ''",
	ToSee: `$1 in (s.owner_tenant, s.receiver_tenant) and s.offered_by <> $2
		and not exists (select 1 from sharing.sights v where v.tenant_id = $1 and v.account_id = $2 and v.share_id = s.id)`,
	Late: "s.owner_tenant = $1 and e.verdict = '' and e.review_by <= app.now()",
	Cut: `s.owner_tenant = $1 and e.verdict = '' and s.state = 'revoked' and s.ended_by <> $2
		and not exists (select 1 from sharing.sights v where v.tenant_id = $1 and v.account_id = $2 and v.share_id = s.id and v.version >= s.version)`,
	reviewed: `s.offered_by = $2 and s.receiver_tenant = $1 and e.verdict <> '' and e.reviewed_at > app.now() - interval '30 days'
		and not exists (select 1 from sharing.sights v where v.tenant_id = $1 and v.account_id = $2 and v.share_id = s.id and v.version >= s.version)`,
}

const fromSQL = ` from sharing.emergencies e join sharing.shares s on s.id = e.share_id where `

// find reads one emergency of the body, or with uuid.Nil the latest of those that are picked.
func (s *Service) find(ctx context.Context, scope tenants.Scope, pick Pick, id uuid.UUID) (found []Emergency, err error) {
	var batch pgx.Batch
	batch.Queue(`select s.id, s.owner_tenant, s.receiver_tenant, s.offered_name, s.offered_at, s.valid_to, s.ended_at, e.reason, e.review_by, e.verdict, e.words,
			e.reviewed_name, e.reviewed_at`+fromSQL+`$1 in (s.owner_tenant, s.receiver_tenant) and $2::uuid is not null
			and ($3::uuid = '00000000-0000-0000-0000-000000000000' or s.id = $3) and `+picks[pick]+`
		order by e.verdict <> '' or s.owner_tenant <> $1, s.offered_at desc, s.id limit 200`, scope.Tenant, scope.Account, id).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Emergency, error) {
				var e Emergency
				return e, row.Scan(&e.Share, &e.Owner, &e.Receiver, &e.By, &e.At, &e.Until, (*zeronull.Timestamptz)(&e.Ended), &e.Reason, &e.ReviewBy, &e.Verdict, &e.Words,
					&e.ReviewedBy, (*zeronull.Timestamptz)(&e.ReviewedAt))
			})
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find emergencies: %w", err)
	}
	return found, nil
}

const pileSQL = `select count(*), (array_agg(s.id order by s.offered_at, s.id))[1],
		(array_agg(case when s.owner_tenant = $1 then s.receiver_tenant else s.owner_tenant end order by s.offered_at, s.id))[1], min(e.review_by), max(s.offered_at)` +
	fromSQL + `$2::uuid is not null and `

// pileOf counts the emergencies that are picked.
func (s *Service) pileOf(ctx context.Context, scope tenants.Scope, pick Pick) (p modules.Pile, err error) {
	var batch pgx.Batch
	batch.Queue(pileSQL+picks[pick], scope.Tenant, scope.Account).QueryRow(s.shares.ScanPile(&p))
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return modules.Pile{}, fmt.Errorf("count emergencies: %w", err)
	}
	return p, nil
}

// findOpen are the emergencies in which the actor reads a case now.
func (s *Service) findOpen(ctx context.Context, scope tenants.Scope) (open []running, err error) {
	var batch pgx.Batch
	batch.Queue(`select s.id, s.owner_tenant, s.valid_to from sharing.shares s
		where s.receiver_tenant = $1 and s.receiver_account = $2 and s.kind = 'break_glass' and s.state = 'active' and s.valid_to > app.now()
		order by s.valid_to, s.id limit 20`, scope.Tenant, scope.Account).
		Query(func(rows pgx.Rows) (err error) {
			open, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (running, error) {
				var o running
				return o, row.Scan(&o.share, &o.owner, &o.until)
			})
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find the open emergencies: %w", err)
	}
	return open, nil
}
