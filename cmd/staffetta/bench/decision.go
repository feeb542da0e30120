package bench

import (
	"context"
	"testing"

	"staffetta/modules/all"
	"staffetta/policies"
	"staffetta/tenants"
)

// decisions measures how long a decision of the rules takes, remembered and not.
func (st *stage) decisions(ctx context.Context, r *Report) error {
	var permissions []policies.Permission
	var grants []policies.RoleGrant
	for _, m := range all.Modules() {
		permissions, grants = append(permissions, m.Permissions...), append(grants, m.Grants...)
	}
	engine, err := policies.NewEngine(ctx, st.db, permissions, grants)
	if err != nil {
		return err
	}
	s := tenants.Scope{Tenant: st.workers[0].tenant, Account: st.workers[0].account, Roles: []string{"social_worker"}, Purpose: tenants.Operator, Assurance: 2}
	r.Remembered = testing.Benchmark(func(b *testing.B) {
		for range b.N {
			if allowed, _ := engine.Permits(s, "case:read"); !allowed {
				b.Fatal("a social worker may not read cases")
			}
		}
	})
	r.Fresh = testing.Benchmark(func(b *testing.B) {
		for range b.N {
			if reason, err := engine.Explain(s, policies.Assigned, "diary", policies.Read); err != nil || !reason.Allowed {
				b.Fatal("a social worker may not read the diary of an assigned case")
			}
		}
	})
	r.Confined = testing.Benchmark(func(b *testing.B) {
		for range b.N {
			if !engine.Confine(s, policies.Assigned).Reads("diary") {
				b.Fatal("a social worker may not read the diary of an assigned case")
			}
		}
	})
	return nil
}
