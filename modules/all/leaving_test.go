package all_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/onboarding/leaving"
	"staffetta/tenants"
)

// count is how many rows of a body a table has, or of all where it has no column for that.
func (th *theater) count(t *testing.T, table string, body int32) (n int) {
	t.Helper()
	if err := th.Owner.QueryRow(t.Context(), `select count(*) from `+table+` where tenant_id = $1`, body).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTheTrialsPeopleGo makes one row of every table for a body on trial: what is about people goes with its documents, everything
// else stays; a body that is live loses nothing.
func TestTheTrialsPeopleGo(t *testing.T) {
	t.Parallel()
	th := newTheater(t)
	docs := disk(t)
	sum, err := docs.Put(t.Context(), th.body.ID, []byte("relazione"))
	if err != nil {
		t.Fatal(err)
	}
	th.run(t, `update casefile.documents set sha256 = $1 where tenant_id = $2`, sum, th.body.ID)
	th.run(t, `update sharing.shares_details set case_id = null`)
	deps := modules.Deps{Platform: modules.Platform{Modules: all.Modules(), Folders: docs}}
	s := tenants.Scope{Tenant: th.body.ID, Account: th.account, Name: "Anna"}
	purge := func() error {
		return th.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
			_, err := leaving.PurgeTrial(t.Context(), deps, tx, s)
			return err
		})
	}
	if err := purge(); err == nil || th.count(t, "registry.persons", th.body.ID) == 0 {
		t.Errorf("a body that is live: %v", err)
	}
	th.run(t, `update platform.tenants set state = 'entering' where id = $1`, th.body.ID)
	if err := purge(); err != nil {
		t.Fatal(err)
	}
	people := map[string]bool{}
	for _, r := range records() {
		people[r.Table] = r.CaseColumn != "" || r.PersonColumn != "" || r.People
	}
	for _, one := range th.tables.tables(own) {
		n, gone := th.count(t, one.Name, th.body.ID), people[one.Name] || one.has("case_id") || one.has("person_id") || one.Name == "intake.addenda"
		if gone && n > 0 || !gone && n == 0 {
			t.Errorf("%s has %d rows left, and is about people: %v", one.Name, n, gone)
		}
	}
	if _, err := docs.Get(t.Context(), th.body.ID, sum); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a document of the trial is there: %v", err)
	}
	var said string
	err = th.Owner.QueryRow(t.Context(), `select payload::text from audit.events where tenant_id = $1 and action = 'body.purge'`, th.body.ID).Scan(&said)
	if err != nil || !strings.Contains(said, `"registry.persons": 1`) {
		t.Errorf("the audit says %s, %v", said, err)
	}
}
