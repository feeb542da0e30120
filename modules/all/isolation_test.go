package all_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/testdb"
	"staffetta/policies"
)

// SQLSTATEs of refusals.
const (
	denied  = "42501" // no right, or row security
	missing = "23502" // no body to put the row under
	doubled = "23505" // the row was let in, and is there already
)

// actor is a connection of a role with who acts; everything that a session can hold is set, so that only the body keeps it out.
type actor struct {
	role    string
	conn    *pgx.Conn
	tenant  *string // nil where nobody set a body
	account uuid.UUID
	blind   bool // opens no section
}

func (a actor) String() string {
	if a.tenant == nil {
		return a.role + " of no body"
	}
	return fmt.Sprintf("%s of body %q", a.role, *a.tenant)
}

// try runs one statement as the actor in a transaction that is rolled back, and returns the rows it saw or touched.
func (a actor) try(t *testing.T, sql string) (int64, string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	tx, err := a.conn.Begin(ctx)
	if err != nil {
		t.Fatalf("begin as %s: %v", a, err)
	}
	defer tx.Rollback(ctx)
	sections := strings.Join(policies.SectionIDs(), ",")
	if a.blind {
		sections = ""
	}
	_, err = tx.Exec(ctx, `select set_config('app.account', $1, true), set_config('app.sections', $2, true), set_config('app.writable', $2, true),
		set_config('app.purpose', 'operator', true), set_config('app.offices', '1,2', true)`, a.account.String(), sections)
	if err == nil && a.tenant != nil {
		_, err = tx.Exec(ctx, `select set_config('app.tenant', $1, true)`, *a.tenant)
	}
	if err != nil {
		t.Fatalf("become %s: %v", a, err)
	}
	tag, err := tx.Exec(ctx, sql)
	var refusal *pgconn.PgError
	switch {
	case errors.As(err, &refusal):
		return 0, refusal.Code
	case err != nil:
		t.Fatalf("%s: %s: %v", a, sql, err)
	}
	return tag.RowsAffected(), ""
}

// theater is a database with one row of body A in every table.
type theater struct {
	*testdb.Database
	*maker
	other string // another body, active and with an operator of its own
	conns map[string]*pgx.Conn
}

func newTheater(t *testing.T) *theater {
	t.Helper()
	d := testdb.Plain(t, lines()...)
	a, b, c := d.Body(t, "alfa"), d.Body(t, "beta"), d.Body(t, "gamma")
	th := &theater{Database: d, other: fmt.Sprint(b.ID), conns: map[string]*pgx.Conn{}}
	th.maker = &maker{owner: d.Owner, tables: readCatalogue(t, d.Owner), body: a, partner: c, account: d.Operator(t, a, "coordinator").Account}
	th.makeAll(t)
	for _, role := range []string{"app", "guest", "report", "platform", "worker", "auditor", "backup"} {
		th.conns[role] = connect(t, d, role)
	}
	return th
}

func (th *theater) as(role string, tenant *string) actor {
	return actor{role: role, conn: th.conns[role], tenant: tenant, account: th.account}
}

// strangers are all who must see nothing of body A: another body with the same account and every section, nobody, and the
// empty setting that a pooled connection is left with.
func (th *theater) strangers(roles ...string) []actor {
	empty := ""
	var list []actor
	for _, role := range roles {
		list = append(list, th.as(role, &th.other), th.as(role, nil), th.as(role, &empty))
	}
	return list
}

// copyOf is an insert of the very row of body A, without the columns that are left out.
func (th *theater) copyOf(one *table, without ...string) string {
	var names, values []string
	for _, c := range th.needed(one) {
		if !slices.Contains(without, c.Name) {
			names, values = append(names, c.Name), append(values, th.written[one.Name][c.Name])
		}
	}
	return fmt.Sprintf(`insert into %s (%s) values (%s)`, one.Name, strings.Join(names, ", "), strings.Join(values, ", "))
}

// may tells which column of a table, if any, a role may put to a use; "" where the right is on the whole table.
func (t *table) may(role, privilege string) (string, bool) {
	for _, r := range t.rights {
		if r.Role == "staffetta_"+role && r.Privilege == privilege {
			return r.Column, true
		}
	}
	return "", false
}

// touch is an update that changes nothing, of a column that the role may write.
func (t *table) touch(role string) string {
	name, _ := t.may(role, "UPDATE")
	if name == "" {
		for _, c := range t.columns {
			if !c.Generated {
				name = c.Name
			}
		}
	}
	return fmt.Sprintf(`update %s set %s = %s`, t.Name, name, name)
}

func TestRowsStayWithTheirBody(t *testing.T) {
	t.Parallel()
	th := newTheater(t)
	for _, one := range th.tables.tables(own, between, audited) {
		if th.rows[one.Name] == nil {
			continue
		}
		t.Run(one.Name, func(t *testing.T) {
			th.checkControl(t, one)
			for _, stranger := range th.strangers("app", "guest", "report") {
				th.checkStranger(t, one, stranger)
			}
			for _, role := range []string{"platform", "worker", "auditor"} {
				if role == "auditor" && one.family() == audited {
					continue
				}
				mine := fmt.Sprint(th.body.ID)
				for _, outsider := range append(th.strangers(role), th.as(role, &mine)) {
					if n, code := outsider.try(t, `select from `+one.Name); n != 0 || code != denied {
						t.Errorf("%s reads %d rows (%s); this family is not its own", outsider, n, code)
					}
				}
			}
		})
	}
}

// unread are rows that a role has a right to and does not reach.
var unread = map[string]string{
	"report platform.offices": "the role has no use of the schema platform, which holds accounts too",
	"report platform.domains": "as offices",
}

// sealedOff are tables of a body that not even the body reads, each with its reason.
var sealedOff = map[string]string{
	"policies.known_asked": "a token somebody asked for is a token: one function looks for the actor's own",
	"policies.case_tokens": "who reads tokens could compare them; functions look for one at a time",
}

// checkControl makes sure that the body itself sees, writes and cannot give away its row: otherwise the refusals prove nothing.
func (th *theater) checkControl(t *testing.T, one *table) {
	t.Helper()
	id := fmt.Sprint(th.body.ID)
	mine := th.as("app", &id)
	if sealedOff[one.Name] != "" {
		if n, code := mine.try(t, `select from `+one.Name); n != 0 || code != denied {
			t.Errorf("%s reads %d rows of what nobody reads (%s)", mine, n, code)
		}
		return
	}
	if n, code := mine.try(t, `select from `+one.Name); n < 1 {
		t.Errorf("%s does not see its own row (%s)", mine, code)
	}
	if _, writes := one.may("app", "INSERT"); writes {
		if _, code := mine.try(t, th.copyOf(one)); code != doubled && (code != "" || one.family() != audited) {
			t.Errorf("%s may insert, and its own row is met by %q", mine, code)
		}
	}
	if column, writes := one.may("app", "UPDATE"); writes {
		if n, code := mine.try(t, one.touch("app")); n != 1 {
			t.Errorf("%s may update, and touches %d of its rows (%s)", mine, n, code)
		}
		if one.family() == own && column == "" {
			if n, code := mine.try(t, fmt.Sprintf(`update %s set tenant_id = %s`, one.Name, th.other)); code != denied {
				t.Errorf("%s gives %d rows to another body (%s)", mine, n, code)
			}
		}
	}
	th.checkSections(t, one, mine)
	for _, role := range []string{"report", "backup"} {
		reader := th.as(role, &id)
		if _, reads := one.may(role, "SELECT"); !reads || unread[role+" "+one.Name] != "" {
			continue
		}
		if n, code := reader.try(t, `select from `+one.Name); n < 1 {
			t.Errorf("%s does not see the row (%s)", reader, code)
		}
	}
}

// checkSections keeps the rows of a sectioned table from who opens no section in the body itself.
func (th *theater) checkSections(t *testing.T, one *table, a actor) {
	t.Helper()
	if !one.sectioned() {
		return
	}
	a.blind = true
	if n, code := a.try(t, `select from `+one.Name); n != 0 {
		t.Errorf("%s without sections sees %d rows (%s)", a, n, code)
	}
	if n, code := a.try(t, one.touch("app")); n != 0 {
		t.Errorf("%s without sections updates %d rows (%s)", a, n, code)
	}
	if _, code := a.try(t, th.copyOf(one)); code != denied {
		t.Errorf("%s without sections inserts a row (%s)", a, code)
	}
}

func (th *theater) checkStranger(t *testing.T, one *table, a actor) {
	t.Helper()
	if n, code := a.try(t, `select from `+one.Name); n != 0 || code != "" && code != denied {
		t.Errorf("%s sees %d rows (%s)", a, n, code)
	}
	if n, code := a.try(t, one.touch(a.role)); n != 0 || code != "" && code != denied {
		t.Errorf("%s updates %d rows (%s)", a, n, code)
	}
	if n, code := a.try(t, `delete from `+one.Name); code != denied {
		t.Errorf("%s deletes %d rows (%s)", a, n, code)
	}
	if _, code := a.try(t, `truncate `+one.Name+` cascade`); code != denied {
		t.Errorf("%s empties the table (%s)", a, code)
	}
	if _, code := a.try(t, th.copyOf(one)); code != denied {
		t.Errorf("%s inserts a row of another body (%s)", a, code)
	}
	if a.tenant == nil || *a.tenant == "" {
		if _, code := a.try(t, th.copyOf(one, "tenant_id")); code != denied && code != missing {
			t.Errorf("%s inserts a row of no body (%s)", a, code)
		}
	}
}

// TestCommonsIsReadOnly lets everybody read what is published and nobody write it.
func TestCommonsIsReadOnly(t *testing.T) {
	t.Parallel()
	th := newTheater(t)
	for _, one := range th.tables.tables(commons) {
		if n, code := th.as("app", &th.other).try(t, `select from `+one.Name); n < 1 {
			t.Errorf("another body does not see %s (%s)", one.Name, code)
		}
		for _, stranger := range th.strangers("app", "guest", "report", "platform", "worker", "auditor") {
			for _, sql := range []string{th.copyOf(one), one.touch(stranger.role), `delete from ` + one.Name, `truncate ` + one.Name + ` cascade`} {
				if _, code := stranger.try(t, sql); code != denied {
					t.Errorf("%s: %s: %q", stranger, sql, code)
				}
			}
		}
	}
}

// TestPlatformTablesAreOutOfReach keeps the tables of bodies, accounts and sessions behind the Platform door.
func TestPlatformTablesAreOutOfReach(t *testing.T) {
	t.Parallel()
	th := newTheater(t)
	mine := fmt.Sprint(th.body.ID)
	for _, one := range th.tables.tables(platform, versions) {
		for _, role := range []string{"app", "guest", "report", "worker", "auditor"} {
			for _, a := range append(th.strangers(role), th.as(role, &mine)) {
				if n, code := a.try(t, `select from `+one.Name); code != denied {
					t.Errorf("%s reads %d rows of %s (%s)", a, n, one.Name, code)
				}
			}
		}
	}
	if n, code := th.as("platform", nil).try(t, `select from platform.tenants`); n < 3 {
		t.Errorf("the platform sees %d bodies (%s)", n, code)
	}
	if !slices.Contains(serving(), "staffetta_platform") {
		t.Error("the platform's role is not among those that serve")
	}
}

// TestJobsStayWithTheirBody holds River's queue to the body in the arguments.
func TestJobsStayWithTheirBody(t *testing.T) {
	t.Parallel()
	th := newTheater(t)
	insert := func(tenant string) string {
		return fmt.Sprintf(`insert into river.river_job (kind, args, queue, max_attempts, state)
			values ('alfa', '{"tenant_id": %s}', 'default', 3, 'available')`, tenant)
	}
	mine := fmt.Sprint(th.body.ID)
	for _, body := range []string{mine, "0"} {
		if _, err := th.Owner.Exec(t.Context(), insert(body)); err != nil {
			t.Fatal(err)
		}
	}
	for _, role := range []string{"app", "guest"} {
		if n, code := th.as(role, &mine).try(t, `select from river.river_job`); n != 1 {
			t.Errorf("%s sees %d of its own jobs (%s)", role, n, code)
		}
		for _, a := range th.strangers(role) {
			if n, code := a.try(t, `select from river.river_job`); n != 0 {
				t.Errorf("%s sees %d jobs (%s)", a, n, code)
			}
			if n, code := a.try(t, `update river.river_job set priority = 2`); n != 0 {
				t.Errorf("%s updates %d jobs (%s)", a, n, code)
			}
			for _, foreign := range []string{mine, "0"} {
				if _, code := a.try(t, insert(foreign)); code != denied {
					t.Errorf("%s enqueues a job of body %s (%s)", a, foreign, code)
				}
			}
		}
	}
	if n, _ := th.as("platform", nil).try(t, `select from river.river_job`); n != 1 {
		t.Errorf("the platform sees %d jobs, one is its own", n)
	}
	if n, _ := th.as("worker", nil).try(t, `select from river.river_job`); n != 2 {
		t.Errorf("the worker sees %d jobs of 2", n)
	}
}
