package population_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"staffetta/cmd/staffetta/population"
	"staffetta/internal/testdb"
	"staffetta/migrations"
	"staffetta/modules/all"
	"staffetta/policies"
	"staffetta/tenants"
	"staffetta/tenants/register"
	"staffetta/tenants/taxcode"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var small = population.Plan{Tenants: 2, Cases: 30, Seed: 7}

// database is an empty one with every module.
func database(t *testing.T) *testdb.Database {
	t.Helper()
	var lines []migrations.Line
	for _, m := range all.Modules() {
		if m.Migrations != nil {
			lines = append(lines, migrations.Line{ID: string(m.ID), FS: m.Migrations})
		}
	}
	return testdb.Plain(t, lines...)
}

func fill(t *testing.T, d *testdb.Database, p population.Plan) population.Report {
	t.Helper()
	var modules []string
	for _, m := range all.Modules() {
		modules = append(modules, string(m.ID))
	}
	report, err := population.Fill(t.Context(), population.Target{DB: d.DB, Sealer: d.Key, Modules: modules}, p)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// rows reads a column of text as the owner, behind the walls.
func rows(t *testing.T, d *testdb.Database, sql string, args ...any) []string {
	t.Helper()
	result, err := d.Owner.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	texts, err := pgx.CollectRows(result, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return texts
}

func count(t *testing.T, d *testdb.Database, sql string, args ...any) (n int) {
	t.Helper()
	if err := d.Owner.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// filledTables are those that a population writes, with the columns that tell the time or the key of the installation.
var filledTables = map[string]string{
	"platform.tenants": "{created_at,activated_at}", "platform.accounts": "{cf_token,cf_sealed}", "platform.memberships": "{}",
	"platform.modules": "{}", "registry.persons": "{}", "registry.contacts": "{}", "registry.households": "{}", "registry.members": "{}",
	"intake.contacts": "{}", "casefile.cases": "{}", "casefile.counters": "{}", "casefile.assignments": "{}", "casefile.steps": "{}", "casefile.reasons": "{}",
	"casefile.notes": "{}", "policies.case_subjects": "{}", "assessment.assessments": "{}", "kit.items": "{}", "kit.item_versions": "{}",
	"policies.agreements": "{created_at}", "policies.agreements_parties": "{accepted_at}", "policies.agreements_edges": "{}", "policies.agreements_states": "{changed_at}",
	"policies.case_grants": "{created_at,valid}", "sharing.shares": "{offered_at,decided_at,moved_at}", "sharing.shares_parties": "{}",
	"sharing.shares_details": "{}",
}

func digests(t *testing.T, d *testdb.Database) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for table, without := range filledTables {
		sums[table] = rows(t, d, `select count(*) || ' ' || coalesce(md5(string_agg(r.row, '|' order by r.row)), '')
			from (select (to_jsonb(t) - $1::text[])::text as row from `+table+` t) r`, without)[0]
	}
	return sums
}

func TestTheSameSeedMakesTheSameRows(t *testing.T) {
	first, second, other := database(t), database(t), database(t)
	fill(t, first, small)
	fill(t, second, small)
	fill(t, other, population.Plan{Tenants: 2, Cases: 30, Seed: 8})
	sums := digests(t, first)
	if diff := cmp.Diff(sums, digests(t, second)); diff != "" {
		t.Errorf("two databases differ:\n%s", diff)
	}
	for table, sum := range sums {
		if strings.HasPrefix(sum, "0 ") {
			t.Errorf("%s is empty", table)
		}
	}
	for _, table := range []string{"registry.persons", "casefile.cases", "casefile.notes", "policies.case_grants"} {
		if digests(t, other)[table] == sums[table] {
			t.Errorf("another seed made the same %s", table)
		}
	}
}

func TestFilledBodiesAreLeftAlone(t *testing.T) {
	d := database(t)
	taken := register.All()[0]
	for _, m := range register.All() {
		if m.Population > taken.Population {
			taken = m
		}
	}
	d.Body(t, taken.IPA()) // the largest municipality is here for other reasons
	report := fill(t, d, small)
	if report.Filled != 2 || report.Skipped != 0 || report.Pairs != 2 {
		t.Errorf("first run: %+v", report)
	}
	before := digests(t, d)
	report = fill(t, d, small)
	if report.Filled != 0 || report.Skipped != 2 || report.Pairs != 0 {
		t.Errorf("second run: %+v", report)
	}
	if diff := cmp.Diff(before, digests(t, d)); diff != "" {
		t.Errorf("the second run changed rows:\n%s", diff)
	}
	if n := count(t, d, `select count(*) from casefile.cases c join platform.tenants t on t.id = c.tenant_id where t.slug = $1`, taken.IPA()); n != 0 {
		t.Errorf("%d cases were made in a body that is here for other reasons", n)
	}
	report = fill(t, d, population.Plan{Tenants: 3, Cases: 30, Seed: small.Seed})
	if report.Filled != 1 || report.Skipped != 2 {
		t.Errorf("a larger run: %+v", report)
	}
}

func TestACircleShowsCasesToEachOther(t *testing.T) {
	d := database(t)
	plan := population.Plan{Tenants: 3, Cases: 12, Circle: 3, Shares: 30, Seed: small.Seed}
	if report := fill(t, d, plan); report.Shares != 30 {
		t.Errorf("first run: %+v", report)
	}
	if report := fill(t, d, plan); report.Shares != 0 {
		t.Errorf("second run: %+v", report)
	}
	pairs := rows(t, d, `select concat(count(*), ' ', bool_and(s.state = 'active'), ' ', count(distinct d.case_id)) from sharing.shares s
		join sharing.shares_details d on d.share_id = s.id join policies.agreements a on a.id = s.agreement_id
		where a.title = 'Rete di 3 Comuni' group by s.owner_tenant, s.receiver_tenant`)
	if diff := cmp.Diff([]string{"5 t 5", "5 t 5", "5 t 5", "5 t 5", "5 t 5", "5 t 5"}, pairs); diff != "" {
		t.Errorf("shares of each pair:\n%s", diff)
	}
	if _, err := population.Fill(t.Context(), population.Target{DB: d.DB, Sealer: d.Key}, population.Plan{Tenants: 1, Cases: 1, Circle: 2}); err == nil {
		t.Error("a circle larger than the population is made")
	}
}

func TestEverybodyHasAValidCode(t *testing.T) {
	d := database(t)
	fill(t, d, small)
	people := rows(t, d, `select concat_ws('|', tax_code, surname, name, birth_date, sex, birthplace_code) from registry.persons`)
	if len(people) < 60 {
		t.Fatalf("only %d persons", len(people))
	}
	for _, p := range people {
		part := strings.Split(p, "|")
		born, err := time.Parse(time.DateOnly, part[3])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := taxcode.Parse(part[0]); err != nil {
			t.Errorf("%s: %v", p, err)
		}
		if want := taxcode.Build(part[1], part[2], born, part[4], part[5]); want != part[0] {
			t.Errorf("%s: the data make %s", p, want)
		}
		if _, err := register.PlaceAt(part[5], born); err != nil {
			t.Errorf("%s: %v", p, err)
		}
	}
	if n := count(t, d, `select count(*) from (select 1 from registry.persons group by tenant_id, tax_code having count(*) > 1) x`); n > 0 {
		t.Errorf("%d codes occur twice in a body", n)
	}
}

// wrong are queries that count what must not be there.
var wrong = map[string]string{
	"a case without its person's sections": `select count(*) from casefile.cases c where (select count(*) from policies.case_subjects s
		where s.tenant_id = c.tenant_id and s.case_id = c.id and s.person_id = c.person_id) <> 3`,
	"a case without a manager": `select count(*) from casefile.cases c where not exists (select 1 from casefile.assignments a
		where a.tenant_id = c.tenant_id and a.case_id = c.id and a.part = 'manager' and a.valid_to is not distinct from c.closed_at)`,
	"a case without its arrival": `select count(*) from casefile.cases c where not exists (select 1 from intake.contacts i
		where i.tenant_id = c.tenant_id and i.id = c.contact_id and i.case_id = c.id and i.person_id = c.person_id)`,
	"a case whose path does not end in its state": `select count(*) from casefile.cases c where c.state <> coalesce((select s.to_state from casefile.steps s
		where s.tenant_id = c.tenant_id and s.case_id = c.id order by s.at desc limit 1), 'aperto')`,
	"an assignment to somebody without a membership": `select count(*) from casefile.assignments a where not exists (select 1 from platform.memberships m
		where m.tenant_id = a.tenant_id and m.account_id = a.account_id and m.role = 'social_worker')`,
	"a counter that is not the last number": `select count(*) from casefile.counters k where k.last <> (select max(substr(c.number, 6)::int)
		from casefile.cases c where c.tenant_id = k.tenant_id and c.number like k.id || '/%')`,
	"numbers without a counter": `select count(*) from casefile.cases c where not exists (select 1 from casefile.counters k
		where k.tenant_id = c.tenant_id and c.number like k.id || '/%')`,
	"a household without a head": `select count(*) from registry.households h where not exists (select 1 from registry.members m
		where m.tenant_id = h.tenant_id and m.household_id = h.id and m.relation = 'head')`,
	"a child that heads a household": `select count(*) from registry.members m join registry.persons p on p.tenant_id = m.tenant_id and p.id = m.person_id
		where m.relation = 'head' and p.birth_date > date '2026-09-30' - interval '18 years'`,
	"a case without why it was opened": `select count(*) from casefile.cases c where not exists (select 1 from casefile.reasons r
		where r.tenant_id = c.tenant_id and r.case_id = c.id and r.id = c.id)`,
	"a closing without a reason": `select count(*) from casefile.steps s where s.to_state in ('sospeso', 'chiuso') and not exists (select 1 from casefile.reasons r
		where r.tenant_id = s.tenant_id and r.case_id = s.case_id and r.id = s.id)`,
	"a case closed at another instant than its last step": `select count(*) from casefile.cases c where c.closed_at is distinct from (select s.at from casefile.steps s
		where s.tenant_id = c.tenant_id and s.case_id = c.id and s.to_state = 'chiuso')`,
	"an arrival after its case": `select count(*) from casefile.cases c join intake.contacts i on i.tenant_id = c.tenant_id and i.case_id = c.id where i.at >= c.opened_at`,
	"a note outside the time of its case": `select count(*) from casefile.notes n join casefile.cases c on c.tenant_id = n.tenant_id and c.id = n.case_id
		where n.created_at not between c.opened_at and coalesce(c.closed_at, 'infinity')`,
	"a child hardly younger than its parent": `select count(*) from registry.members m join registry.persons p on p.tenant_id = m.tenant_id and p.id = m.person_id
		join registry.members h on h.tenant_id = m.tenant_id and h.household_id = m.household_id and h.relation = 'head'
		join registry.persons q on q.tenant_id = h.tenant_id and q.id = h.person_id
		where m.relation = 'child' and p.birth_date < q.birth_date + interval '18 years'`,
	"an unsigned note": `select count(*) from casefile.notes where signed_at is null or author_tenant <> tenant_id`,
	"something after the last day": `select (select count(*) from casefile.cases where coalesce(closed_at, opened_at) > timestamptz '2026-10-01')
		+ (select count(*) from casefile.notes where signed_at > timestamptz '2026-10-01')
		+ (select count(*) from assessment.assessments where finalised_at > timestamptz '2026-10-01')`,
	"a score beside its band":       `select count(*) from assessment.assessments where score is null or band is null or answers = '{}'`,
	"an identifier of another kind": `select count(*) from casefile.cases where substr(id::text, 15, 1) <> '7' or substr(id::text, 20, 1) not in ('8', '9', 'a', 'b')`,
}

func TestThePopulationHoldsTogether(t *testing.T) {
	d := database(t)
	fill(t, d, population.Plan{Tenants: 2, Cases: 120, Seed: 3})
	for what, sql := range wrong {
		if n := count(t, d, sql); n != 0 {
			t.Errorf("%s: %d", what, n)
		}
	}
	loads := rows(t, d, `select string_agg(n::text, ' ' order by n) from (select tenant_id, count(*) as n from casefile.assignments
		where valid_to is null group by tenant_id, account_id) x group by tenant_id`)
	if diff := cmp.Diff([]string{"36 36 36", "36 36 36"}, loads); diff != "" {
		t.Errorf("open cases of each worker (-want +got):\n%s", diff)
	}
	if n := count(t, d, `select count(distinct score) from assessment.assessments`); n < 4 {
		t.Errorf("only %d different scores", n)
	}
}

// scopeOf is a social worker of a body as rules and walls see one.
func scopeOf(t *testing.T, d *testdb.Database, slug string) tenants.Scope {
	t.Helper()
	s := tenants.Scope{Slug: slug, Roles: []string{"social_worker"}, Purpose: tenants.Operator, Assurance: 2}
	err := d.Owner.QueryRow(t.Context(), `select t.id, m.account_id, m.display_name from platform.tenants t join platform.memberships m on m.tenant_id = t.id
		where t.slug = $1 and m.role = 'social_worker' order by m.id limit 1`, slug).Scan(&s.Tenant, &s.Account, &s.Name)
	if err != nil {
		t.Fatalf("find a social worker of %s: %v", slug, err)
	}
	engine, err := policies.NewEngine(t.Context(), d.DB, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return engine.Confine(s, policies.Guest)
}

// seen is what the guest's door shows a scope.
func seen(t *testing.T, d *testdb.Database, s tenants.Scope) map[string]int {
	t.Helper()
	counts := map[string]int{}
	var b pgx.Batch
	for what, sql := range map[string]string{
		"cases": `select count(*) from casefile.cases`, "persons": `select count(*) from registry.persons`,
		"contacts": `select count(*) from registry.contacts`, "notes": `select count(*) from casefile.notes`,
		"own": `select count(*) from casefile.cases where tenant_id = app.tenant()`,
	} {
		b.Queue(sql).QueryRow(func(row pgx.Row) error {
			var n int
			err := row.Scan(&n)
			counts[what] = n
			return err
		})
	}
	if err := d.DB.Guest(context.WithoutCancel(t.Context()), s, &b); err != nil {
		t.Fatal(err)
	}
	return counts
}

func TestSharesAreVisibleToTheGuestAlone(t *testing.T) {
	d := database(t)
	fill(t, d, population.Plan{Tenants: 3, Cases: 60, Seed: 5})
	slugs := rows(t, d, `select slug from platform.tenants where kind = 'municipality' order by id`)
	want := map[string]int{"cases": 50, "persons": 50, "contacts": 0, "notes": 0, "own": 0}
	for _, slug := range slugs {
		if diff := cmp.Diff(want, seen(t, d, scopeOf(t, d, slug))); diff != "" {
			t.Errorf("%s sees through the guest's door (-want +got):\n%s", slug, diff)
		}
	}
	if _, err := d.Owner.Exec(t.Context(), `update policies.agreements set state = 'suspended'`); err != nil {
		t.Fatal(err)
	}
	if n := seen(t, d, scopeOf(t, d, slugs[0]))["cases"]; n != 0 {
		t.Errorf("%d cases are seen under a suspended agreement", n)
	}
}

func TestImpossiblePlansAreRefused(t *testing.T) {
	d := database(t)
	for _, p := range []population.Plan{{Tenants: 0, Cases: 1}, {Tenants: 1, Cases: 0}} {
		if _, err := population.Fill(t.Context(), population.Target{DB: d.DB, Sealer: d.Key}, p); err == nil {
			t.Errorf("%+v was carried out", p)
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := population.Fill(stopped, population.Target{DB: d.DB, Sealer: d.Key}, small); !errors.Is(err, context.Canceled) {
		t.Errorf("a run that was stopped: %v", err)
	}
}
