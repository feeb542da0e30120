package casefile

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// CountReach counts the cases of the body that each colleague holds, has part in, and could come to.
func (s *Service) CountReach(ctx context.Context, scope tenants.Scope) ([]modules.Reach, error) {
	everybody := []policies.Relation{policies.Body, policies.Emergency}
	relations := map[string][]policies.Relation{
		"manager": append([]policies.Relation{policies.Assigned}, everybody...), "team": append([]policies.Relation{policies.Team}, everybody...),
	}
	var batch pgx.Batch
	var reaches []modules.Reach
	batch.Queue(`select account_id, part, count(*) from casefile.assignments where tenant_id = $1 and valid_to is null group by account_id, part`, scope.Tenant).
		Query(func(rows pgx.Rows) error {
			var account uuid.UUID
			var part string
			var cases int
			_, err := pgx.ForEachRow(rows, []any{&account, &part, &cases}, func() error {
				reaches = append(reaches, modules.Reach{Account: account, Relations: relations[part], Cases: cases})
				return nil
			})
			return err
		})
	all := modules.Reach{Relations: everybody}
	batch.Queue(`select count(*) from casefile.cases where tenant_id = $1`, scope.Tenant).QueryRow(func(row pgx.Row) error { return row.Scan(&all.Cases) })
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("count the cases of colleagues: %w", err)
	}
	return append(reaches, all), nil
}
