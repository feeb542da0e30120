package all_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/modules/moduletest"
	"staffetta/tenants"
)

// asking is the program with all that modules ask of people.
type asking struct {
	*moduletest.Stage
	sources []modules.DutySource
	duties  *modules.Duties
	body    tenants.Tenant
}

func newAsking(t *testing.T) *asking {
	t.Helper()
	a := &asking{Stage: moduletest.NewStage(t, all.Modules()...)}
	a.duties = modules.NewDuties(a.Deps.Bodies, a.Deps.Policies)
	for _, m := range all.Modules() {
		parts, err := m.New(a.Deps)
		if err != nil {
			t.Fatal(err)
		}
		a.duties.Add(m, parts.Duties)
		a.sources = append(a.sources, parts.Duties...)
	}
	a.body = a.On(t, "pantelleria")
	return a
}

// second is an administrator who decides what an officer decides too, so that only who proposed something makes the difference.
func (a *asking) second(t *testing.T) tenants.Scope {
	t.Helper()
	s := a.Operator(t, a.body, "tenant_admin")
	s.Roles = append(s.Roles, "dpo")
	return s
}

// wantDuty compares what of a kind awaits somebody, by its path.
func (a *asking) wantDuty(t *testing.T, what string, s tenants.Scope, key string, paths ...string) {
	t.Helper()
	found, err := a.duties.Find(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range found {
		if d.Label.Key == key {
			got = append(got, d.Path)
		}
	}
	if diff := cmp.Diff(paths, got); diff != "" {
		t.Errorf("%s, %s awaits (-want +got):\n%s", what, key, diff)
	}
}

// asked is something that somebody asks for and somebody else decides.
type asked struct {
	name, topic, key, path string
	begin, end             string // SQL: the body, the id and who asks are $1, $2 and $3
	then                   string // SQL that begins what awaits, after it was written
}

var askedOfTwo = []asked{
	{
		"an export", "onboarding.exports", "onboarding.export.duty", "/console/esportazione/{id}",
		`insert into onboarding.exports (tenant_id, id, receiver, recipient, reason, asked_by, asked_name) values ($1, $2, 'Ente', 'age1qyqszqgpqyqszqgpqyqszqgp', 'gestore', $3, 'Rizzo')`,
		`update onboarding.exports set state = 'withdrawn' where tenant_id = $1 and id = $2 and asked_by = $3`, "",
	},
	{
		"a leaving", "onboarding.leavings", "onboarding.leaving.duty", "/console/uscita",
		`insert into onboarding.leavings (tenant_id, id, reason, waiver, asked_by, asked_name) values ($1, $2, 'gestore', 'nulla', $3, 'Rizzo')`,
		`update onboarding.leavings set state = 'withdrawn' where tenant_id = $1 and id = $2 and asked_by = $3`, "",
	},
	{
		"a disposal", "onboarding.disposals", "onboarding.retention.duty", "/console/conservazione/scarti/{id}",
		`insert into onboarding.disposals (tenant_id, id, terms, proposed_by, proposed_name) values ($1, $2, '{"case": 10}', $3, 'Rizzo')`,
		`update onboarding.disposals set state = 'withdrawn' where tenant_id = $1 and id = $2 and proposed_by = $3`, "",
	},
	{
		"a privacy document", "onboarding.privacy_versions", "onboarding.privacy.duty", "/console/privacy",
		`insert into onboarding.privacy_versions (tenant_id, id, document, content, sha256, proposed_by, proposed_name)
			values ($1, $2, 'register', '{}', encode(sha256('{}'), 'hex'), $3, 'Rizzo')`,
		`update onboarding.privacy_versions set state = 'withdrawn', decided_at = app.now() where tenant_id = $1 and id = $2 and proposed_by = $3`, "",
	},
	{
		"an invitation", "onboarding.invitations", "onboarding.invite.duty", "/console/persone/inviti",
		`insert into onboarding.invitations (tenant_id, id, name, roles, valid_from, expires_at, invited_by, invited_name, claimed_by)
			values ($1, $2, 'Rosa', '{educator}', app.now()::date, app.now() + interval '7 days', $3, 'Rizzo', $3)`,
		`update onboarding.invitations set state = 'withdrawn', ended_at = app.now() where tenant_id = $1 and id = $2 and claimed_by = $3`,
		`update onboarding.invitations set state = 'claimed', claimed_at = app.now() where tenant_id = $1 and id = $2 and claimed_by = $3`,
	},
}

func (a *asking) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := a.Owner.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// TestWhoDecidesSecondIsAsked has somebody ask for each thing that two people decide: it awaits who else may decide, at the moment
// when it begins, and not who asked, who may decide about others; once it is decided it awaits nobody.
func TestWhoDecidesSecondIsAsked(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	for _, one := range askedOfTwo {
		t.Run(one.name, func(t *testing.T) {
			first, second := a.second(t), a.second(t)
			id := uuid.NewString()
			a.exec(t, `delete from platform.mail_signals`)
			a.exec(t, one.begin, a.body.ID, id, first.Account)
			if one.then != "" {
				a.exec(t, one.then, a.body.ID, id, first.Account)
			}
			a.wantDuty(t, "who else decides", second, one.key, strings.ReplaceAll(one.path, "{id}", id))
			a.wantDuty(t, "who asked", first, one.key)
			worker := a.Operator(t, a.body, "social_worker")
			a.wantDuty(t, "who decides nothing", worker, one.key)
			var noted []string
			if err := a.Owner.QueryRow(t.Context(), `select array_agg(distinct s.topic) from platform.mail_signals s where s.tenant_id = $1`, a.body.ID).Scan(&noted); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(noted, []string{one.topic}) {
				t.Errorf("noted to be told are %v", noted)
			}
			a.exec(t, one.end, a.body.ID, id, first.Account)
			a.wantDuty(t, "once it is over", second, one.key)
		})
	}
}

// TestSupportThatIsAskedAwaitsTheBody: who runs the platform asks, and an administrator of the body decides.
func TestSupportThatIsAskedAwaitsTheBody(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	admin, dpo := a.Operator(t, a.body, "tenant_admin"), a.Operator(t, a.body, "dpo")
	steward := a.Operator(t, a.On(t, "altrove"), "tenant_admin")
	a.exec(t, `insert into platform.support_accesses (id, tenant_id, state, reason, hours, account_id, name) values (gen_random_uuid(), $1, 'asked', 'guasto', 2, $2, 'Sala')`,
		a.body.ID, steward.Account)
	a.wantDuty(t, "an administrator", admin, "steward.support.duty", "/console/assistenza")
	a.wantDuty(t, "who grants nothing", dpo, "steward.support.duty")
	a.exec(t, `update platform.support_accesses set state = 'refused', answered_by = $1, answered_name = 'Rizzo', answered_at = app.now()`, admin.Account)
	a.wantDuty(t, "once it is answered", admin, "steward.support.duty")
}

// TestTheSecondPersonOfAnEntryIsAsked: whoever was added to the entry of a live body has it on the desk, whatever their role, until
// somebody has confirmed it; who began it and everybody else has not.
func TestTheSecondPersonOfAnEntryIsAsked(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	first, second, third := a.Operator(t, a.body, "tenant_admin"), a.Operator(t, a.body, "social_worker"), a.Operator(t, a.body, "dpo")
	entry := uuid.NewString()
	a.exec(t, `insert into onboarding.entries (tenant_id, id, contact_name, state, belfiore, body_id) values (1, $1, 'Ada', 'live', 'G315', $2)`, entry, a.body.ID)
	a.exec(t, `insert into onboarding.entry_people (tenant_id, entry_id, account_id, name, starter) values (1, $1, $2, 'Ada', true)`, entry, first.Account)
	a.wantDuty(t, "before they are added", second, "onboarding.powers.duty")
	a.exec(t, `delete from platform.mail_signals`)
	a.exec(t, `insert into onboarding.entry_people (tenant_id, entry_id, account_id, name) values (1, $1, $2, 'Davide')`, entry, second.Account)
	a.wantDuty(t, "who was added", second, "onboarding.powers.duty", "/console/poteri")
	a.wantDuty(t, "who began it", first, "onboarding.powers.duty")
	a.wantDuty(t, "somebody else", third, "onboarding.powers.duty")
	var noted int
	if err := a.Owner.QueryRow(t.Context(), `select count(*) from platform.mail_signals s where s.tenant_id = $1 and s.topic = 'onboarding.entry_people'`, a.body.ID).Scan(&noted); err != nil || noted != 1 {
		t.Errorf("noted %d times, %v", noted, err)
	}
	a.exec(t, `update onboarding.entries set confirmed_by = $2, confirmed_name = 'Davide', confirmed_at = app.now() where id = $1`, entry, second.Account)
	a.wantDuty(t, "once it is confirmed", second, "onboarding.powers.duty")
}

// undecided are the tables with what somebody decides that awaits nobody at a desk.
var undecided = map[string]string{
	"sharing.relocations": "it is confirmed with the answer to the share that it belongs to, which is a duty by sharing.shares",
	"onboarding.entries":  "who confirms it is asked by onboarding.entry_people once there is a body; who reviews it has them on the first page at the platform",
}

// TestWhatSomebodyElseDecidesIsADuty finds by the catalogue what one person begins and another one decides: each of these tables begins a
// duty, as does whatever somebody has to agree to.
func TestWhatSomebodyElseDecidesIsADuty(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	rows, err := a.Owner.Query(t.Context(), `select c.table_schema || '.' || c.table_name from information_schema.columns c
		where c.column_name in ('agreed_by', 'answered_by', 'claimed_by', 'confirmed_by', 'decided_by', 'reviewed_by') and c.udt_name = 'uuid' group by 1 order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	topics := a.duties.Topics()
	for _, table := range tables {
		if _, excepted := undecided[table]; excepted == slices.Contains(topics, table) {
			t.Errorf("%s is decided by somebody, and no duty begins by it, or one does and it is excepted", table)
		}
	}
	if len(tables) < 8 {
		t.Errorf("only %v are decided by somebody", tables)
	}
	for _, m := range all.Modules() {
		for _, p := range m.Permissions {
			if p.Verb == "agree" && !slices.ContainsFunc(a.sources, func(s modules.DutySource) bool { return s.Permission == p.Name() }) {
				t.Errorf("who holds %s is asked nothing", p.Name())
			}
		}
	}
}

// TestTopicsAreWhatIsNoted: every topic of a duty is one that is noted when it happens, and every one that is noted concerns a duty.
func TestTopicsAreWhatIsNoted(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	rows, err := a.Owner.Query(t.Context(), `select distinct t.tgrelid::regclass::text from pg_trigger t
		where t.tgfoid in ('platform.signal'::regproc, 'post.signal'::regproc, 'post.signal_adoption'::regproc, 'onboarding.signal_powers'::regproc) order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	noted, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(noted, a.duties.Topics()); diff != "" {
		t.Errorf("noted, and what duties begin by:\n%s", diff)
	}
}
