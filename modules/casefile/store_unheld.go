package casefile

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// unheldDuties tell who assigns cases how many are open of which nobody who works at the body answers for.
func (s *Service) unheldDuties() []modules.DutySource {
	return []modules.DutySource{{Permission: "case:create", Find: func(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
		if !s.deps.Policies.Allows(scope, policies.Body, "case", "assign") {
			return nil, nil
		}
		n, err := s.countUnheld(ctx, s.deps.Policies.Confine(scope, policies.Body))
		if err != nil || n == 0 {
			return nil, err
		}
		return []modules.Duty{{Label: language.M("casefile.duty.unheld", "n", n), Path: "/cartelle?tutte=1&senza=1"}}, nil
	}}}
}

// unheldSQL is that nobody who works at the body answers for the case c.
const unheldSQL = `c.closed_at is null and not exists (select 1 from casefile.assignments a where a.tenant_id = c.tenant_id and a.case_id = c.id
	and a.valid_to is null and a.part = 'manager' and a.account_id in (select k.account_id from platform.colleagues() k))`

func (s *Service) countUnheld(ctx context.Context, scope tenants.Scope) (n int, err error) {
	var batch pgx.Batch
	batch.Queue(`select count(*) from casefile.cases c where c.tenant_id = $1 and `+unheldSQL, scope.Tenant).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return 0, fmt.Errorf("count the cases that nobody answers for: %w", err)
	}
	return n, nil
}
