package bench

import (
	"context"
	"errors"
	"time"

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
	for _, measured := range []struct {
		into   *time.Duration
		decide func() bool
	}{
		{&r.Remembered, func() bool { allowed, _ := engine.Permits(s, "case:read"); return allowed }},
		{&r.Fresh, func() bool {
			reason, err := engine.Explain(s, policies.Assigned, "diary", policies.Read)
			return err == nil && reason.Allowed
		}},
		{&r.Confined, func() bool { return engine.Confine(s, policies.Assigned).Reads("diary") }},
	} {
		if *measured.into, err = once(measured.decide); err != nil {
			return err
		}
	}
	return nil
}

// once is how long a decision takes: the mean over at least a second. (testing.Benchmark waits for ever inside a benchmark.)
func once(decide func() bool) (time.Duration, error) {
	for n := 1; ; n *= 2 {
		begun := time.Now()
		for range n {
			if !decide() {
				return 0, errors.New("a social worker may not read the diary of an assigned case")
			}
		}
		if took := time.Since(begun); took >= time.Second {
			return took / time.Duration(n), nil
		}
	}
}
