package main

import "testing"

// spare is a colleague at Pantelleria with two roles of which one may be taken back.
func (st *stage) spare(t *testing.T) (account, held string) {
	t.Helper()
	s := st.extra(t, pantelleria, "Incarico", "plan_office", "district_contact")
	return s.Account.String(), query[string](t, st, `select id::text from platform.memberships where account_id = $1 and role = 'plan_office' and valid_to is null`, s.Account)
}
