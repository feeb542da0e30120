package rights

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/policies"
	"staffetta/tenants"
)

// widensSQL is that the change c lets somebody read a section of case files, or open them, who did not: by a rule that allows or no
// longer forbids, whoever holds the role today or later, or by whom it was told that they gain.
const widensSQL = `(exists (select 1 from jsonb_array_elements(c.lines) l where (l ->> 'after' = 'allow' or l ->> 'before' = 'deny')
    and (l ->> 'action' = 'read' and l ->> 'object' = any ($2::text[]) or l ->> 'object' = 'case' and l ->> 'action' = 'open'))
  or exists (select 1 from jsonb_array_elements(c.sights) g where g ->> 'gained' = 'true' and g ->> 'section' <> '' and g ->> 'action' = 'read'))`

func insertReview(ctx context.Context, tx tenants.Tx, s tenants.Scope, change uuid.UUID) error {
	_, err := tx.Exec(ctx, `insert into onboarding.rule_reviews (tenant_id, change_id, account_id, account_name) values ($1, $2, $3, $4)
		on conflict do nothing`, s.Tenant, change, s.Account, s.Name)
	if err != nil {
		return fmt.Errorf("write down who looked at a change of the rules: %w", err)
	}
	return nil
}

// countUnreviewed counts the applied changes by which more is read that nobody has looked at.
func (v *Service) countUnreviewed(ctx context.Context, s tenants.Scope) (n int, err error) {
	var batch pgx.Batch
	batch.Queue(`select count(*) from policies.rule_changes c left join onboarding.rule_reviews r on (r.tenant_id, r.change_id) = (c.tenant_id, c.id)
		where c.tenant_id = $1 and c.state = 'applied' and r.change_id is null and `+widensSQL, s.Tenant, policies.SectionIDs()).
		QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return 0, fmt.Errorf("count the changes of the rules that nobody looked at: %w", err)
	}
	return n, nil
}
