package assessment

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/tenants"
)

const ownDraftsSQL = `
	from assessment.assessments a join casefile.cases c on c.tenant_id = a.tenant_id and c.id = a.case_id
	where a.tenant_id = $1 and a.author_account = $2 and a.state = 'draft' and c.closed_at is null
		and ('body ' || a.section::text = any ($3::text[]) or exists (select 1 from casefile.assignments m
			where m.tenant_id = a.tenant_id and m.case_id = a.case_id and m.account_id = $2 and m.valid_to is null
				and m.part || ' ' || a.section::text = any ($3::text[])))`

func (s *Service) findOwnDrafts(ctx context.Context, scope tenants.Scope, held []string, q modules.DraftQuery) (modules.Drafts, error) {
	args, order := []any{scope.Tenant, scope.Account, held}, ` order by a.updated_at desc, a.id`
	if !q.Latest {
		args, order = append(args, q.Since, q.ID), ` and (a.created_at, a.id) > ($4::timestamptz, $5::uuid) order by a.created_at, a.id`
	}
	var found modules.Drafts
	var batch pgx.Batch
	batch.Queue(`select count(*)`+ownDraftsSQL, scope.Tenant, scope.Account, held).QueryRow(func(row pgx.Row) error { return row.Scan(&found.Total) })
	batch.Queue(`select a.id, a.title_it, a.title_en, a.case_id, c.number, a.created_at`+ownDraftsSQL+order+fmt.Sprintf(` limit %d`, q.Limit()), args...).
		Query(func(rows pgx.Rows) (err error) {
			found.List, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (modules.Draft, error) {
				var d modules.Draft
				return d, row.Scan(&d.ID, &d.Title.It, &d.Title.En, &d.Case, &d.Number, &d.Since)
			})
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return found, fmt.Errorf("find drafts of assessments: %w", err)
	}
	return found, nil
}

// carryAssessment lets a draft that has the Version go on in the version of its instrument that it holds now; when somebody was
// faster it is problem.Conflict.
func carryAssessment(ctx context.Context, tx tenants.Tx, a *Assessment) error {
	answers, err := json.Marshal(a.Answers)
	if err != nil {
		return fmt.Errorf("write answers: %w", err)
	}
	earlier, err := json.Marshal(a.Earlier)
	if err != nil {
		return fmt.Errorf("write what was answered to older versions: %w", err)
	}
	rows, err := tx.Query(ctx, `
		update assessment.assessments a set item_version_id = $5, title_it = $6, title_en = $7, score_min = $8, score_max = $9,
			answers = $10::text::jsonb, earlier = $11, done_on = $12, updated_at = app.now(), version = a.version + 1
		where a.tenant_id = $1 and a.case_id = $2 and a.id = $3 and a.version = $4 and a.state = 'draft'
		returning `+columns+withAnswers, a.Tenant, a.Case, a.ID, a.Version, a.Edition, a.Title.It, a.Title.En, a.Outcome.Min, a.Outcome.Max,
		string(answers), string(earlier), a.DoneOn)
	return a.stored(rows, err, "carry an assessment")
}
