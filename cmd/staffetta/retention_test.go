package main

import "testing"

// disposed is a disposal of Pantelleria that an administrator proposed and nobody decided about, of one case.
func (st *stage) disposed(t *testing.T) string {
	t.Helper()
	s := st.castScope(t, pantelleria, "Rizzo")
	_, err := st.owner.Exec(t.Context(), `with one as (insert into onboarding.disposals (tenant_id, id, terms, proposed_by, proposed_name)
			select $1, gen_random_uuid(), '{"case": 10}', $2, $3 where not exists (select from onboarding.disposals where tenant_id = $1) returning id)
		insert into onboarding.disposal_items (tenant_id, disposal_id, id, kind, number, since)
			select c.tenant_id, one.id, c.id, 'case', c.number, c.opened_at from one, casefile.cases c where c.tenant_id = $1 limit 1`, s.Tenant, s.Account, s.Name)
	must(t, err)
	return query[string](t, st, `select id::text from onboarding.disposals where tenant_id = $1 limit 1`, s.Tenant)
}

// kept is a hold of Pantelleria on one of its cases.
func (st *stage) kept(t *testing.T) string {
	t.Helper()
	s := st.castScope(t, pantelleria, "Rizzo")
	_, err := st.owner.Exec(t.Context(), `insert into onboarding.holds (tenant_id, id, case_id, number, reason, held_by, held_name)
		select c.tenant_id, gen_random_uuid(), c.id, c.number, 'Causa pendente', $2, $3 from casefile.cases c
		where c.tenant_id = $1 and not exists (select from onboarding.holds where tenant_id = $1) limit 1`, s.Tenant, s.Account, s.Name)
	must(t, err)
	return query[string](t, st, `select id::text from onboarding.holds where tenant_id = $1 limit 1`, s.Tenant)
}
