package all_test

import (
	"slices"
	"strings"
	"testing"

	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/policies"
)

// records are those of every module.
func records() []modules.Record {
	var list []modules.Record
	for _, m := range all.Modules() {
		list = append(list, m.Records...)
	}
	return list
}

// undeclared are tables of cases and persons that belong to no module's records.
var undeclared = exceptions{
	"policies.case_grants":   "what a share leaves: the sharing functions make, end and issue it anew",
	"policies.case_subjects": "which persons a case shows: it is made again from the records of persons and cases",
	"policies.case_openings": "openings with a reason are of the body that opened, and stay with its log",
	"policies.case_tokens":   "made of the cases that may be found, again and again, by each body for itself",
	"audit.events":           "the log stays with the body, and has a retention of its own",
}

// TestRecordsCoverTheTables holds the declarations to the database both ways: what works over records (handover, merge, export,
// purge) must not miss a table of cases or persons, nor name a column that is not there.
func TestRecordsCoverTheTables(t *testing.T) {
	t.Parallel()
	c := readCatalogue(t, testdb.Plain(t, lines()...).Owner)
	declared := map[string]modules.Record{}
	for _, r := range records() {
		declared[r.Table] = r
		checkRecord(t, c, r)
	}
	faults := map[string]string{}
	for _, one := range c.tables(own, between, platform, audited) {
		r, ok := declared[one.Name]
		switch {
		case !ok && (one.has("case_id") || one.has("person_id")):
			faults[one.Name] = "names cases or persons and is in no module's records"
		case ok && one.has("case_id") && r.CaseColumn == "":
			t.Errorf("the record %s does not say its case column", one.Name)
		case ok && one.has("person_id") && r.PersonColumn == "":
			t.Errorf("the record %s does not say its person column", one.Name)
		}
	}
	undeclared.judge(t, faults)
}

func checkRecord(t *testing.T, c catalogue, r modules.Record) {
	t.Helper()
	one, ok := c[r.Table]
	if !ok {
		t.Errorf("the record %s has no table", r.Table)
		return
	}
	section, inColumn := strings.CutPrefix(r.Section, "column:")
	for _, name := range []string{r.CaseColumn, r.PersonColumn, r.UsedItem} {
		if x, exists := one.column(name); name != "" && (!exists || x.Type != "uuid") {
			t.Errorf("the record %s names the column %s, which is no id of the table", r.Table, name)
		}
	}
	policy, _ := one.policy("own")
	switch {
	case inColumn:
		if x, exists := one.column(section); !exists || x.Type != "app.section" {
			t.Errorf("the record %s has its section in %s, which is no section of the table", r.Table, section)
		}
		if !strings.Contains(policy.Using, "("+section+")::text = ANY") {
			t.Errorf("the record %s has a section in %s, and the policy does not ask for it: %s", r.Table, section, policy.Using)
		}
	case r.Section != "":
		if !strings.Contains(policy.Using, "'"+r.Section+"'::text = ANY") && !strings.Contains(policy.Using, "('"+r.Section+"'::text)") {
			t.Errorf("the record %s is of the section %s, and the policy does not ask for it: %s", r.Table, r.Section, policy.Using)
		}
	case one.sectioned():
		t.Errorf("the record %s says no section, and the policy asks for one: %s", r.Table, policy.Using)
	}
}

// TestSectionsOfTheDatabase holds the one list of sections to the domain that the columns have.
func TestSectionsOfTheDatabase(t *testing.T) {
	t.Parallel()
	d := testdb.Plain(t, lines()...)
	type definition struct{ Text string }
	found := collect[definition](t, d.Owner, `select pg_get_constraintdef(oid) as text from pg_constraint where contypid = 'app.section'::regtype`)
	if len(found) != 1 {
		t.Fatalf("app.section has %d checks", len(found))
	}
	ids := policies.SectionIDs()
	for _, id := range ids {
		if !strings.Contains(found[0].Text, "'"+id+"'::") {
			t.Errorf("app.section does not hold %s", id)
		}
	}
	if n := strings.Count(found[0].Text, "'::"); n != len(slices.Compact(slices.Sorted(slices.Values(ids)))) {
		t.Errorf("app.section holds %d sections, policies.Sections %d", n, len(ids))
	}
}
