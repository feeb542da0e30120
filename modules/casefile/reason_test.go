package casefile_test

import (
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/migrations"
	"staffetta/modules/casefile"
	"staffetta/modules/casefile/visit"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/tenants"
)

// officer is an administrative officer of a body that lets them open, create and work on its cases: of the sections
// they read identity, contacts and interventions.
func (st *stage) officer(t *testing.T) tenants.Scope {
	t.Helper()
	for _, rule := range []string{"case:open", "case:work", "case:read", "case:write", "case:create"} {
		object, action, _ := strings.Cut(rule, ":")
		st.exec(t, `insert into platform.policy_rules (tenant_id, role, relation, object, action, effect) values ($1, 'admin_officer', 'body', $2, $3, 'allow')`,
			st.body.ID, object, action)
	}
	must(t, st.deps.Policies.Reload(t.Context()))
	return st.as(t, "admin_officer")
}

// paused takes Rosa's case in charge and suspends it, with a reason.
func (st *stage) paused(t *testing.T, reason string) {
	t.Helper()
	for _, m := range []casefile.Move{{Step: "prendi_in_carico"}, {Step: "sospendi", Reason: reason}} {
		must(t, st.cases.Move(t.Context(), st.worker, st.ref, m))
	}
}

func TestReasonsAreForWhoReadsTheDiary(t *testing.T) {
	st := newStage(t)
	st.paused(t, "Ricovero in clinica")
	educator, officer := st.as(t, "educator"), st.officer(t)
	st.onTeam(t, educator)
	body, guest := st.other(t, "mazara", "coordinator")
	st.share(t, body, "identity", "diary")
	si, at := newSite(t, st), "/cartelle/"+st.ref
	for _, s := range []tenants.Scope{st.worker, educator} {
		si.visitor(t, s).get(t, at).want(t, 200, "Motivo dell'apertura", "Richiesta della figlia", "Presa in carico → Sospesa", "Ricovero in clinica")
	}
	si.visitor(t, officer).get(t, at).want(t, 200, "Rosa Bianco", "Presa in carico → Sospesa", st.worker.Name).
		lacks(t, "Motivo dell'apertura", "Richiesta", "Ricovero", `name="passaggio"`)
	si.visitor(t, guest).get(t, "/cartelle/pantelleria~"+st.ref).want(t, 200, "Rosa Bianco").lacks(t, "Richiesta", "Ricovero")
}

// reasons counts those that a query of the body's own role finds, with the sections of a relation.
func (st *stage) reasons(t *testing.T, s tenants.Scope, relation policies.Relation) (n int) {
	t.Helper()
	var batch pgx.Batch
	batch.Queue(`select count(*) from casefile.reasons`).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	must(t, st.DB.Read(t.Context(), st.deps.Policies.Confine(s, relation), &batch))
	return n
}

func TestSQLHidesReasons(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	st.paused(t, "Ricovero")
	officer := st.officer(t)
	want(t, "the worker's", 2, st.reasons(t, st.worker, policies.Assigned))
	want(t, "the educator's", 2, st.reasons(t, st.as(t, "educator"), policies.Team))
	want(t, "the UVM member's", 0, st.reasons(t, st.as(t, "uvm_member"), policies.Assigned))
	want(t, "the officer's", 0, st.reasons(t, officer, policies.Body))
	body, guest := st.other(t, "mazara", "coordinator")
	st.share(t, body, "identity", "diary")
	want(t, "another body's", 0, st.reasons(t, guest, policies.Body))
	a, err := st.cases.Open(ctx, guest, "pantelleria~"+st.ref, "diary")
	must(t, err)
	var batch pgx.Batch
	batch.Queue(`select count(*) from casefile.reasons`)
	if err := st.DB.Guest(ctx, a.Scope, &batch); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("a guest asks for the reasons: %v", err)
	}
	for what, c := range map[string]struct {
		as    tenants.Scope
		sql   string
		fault string
	}{
		"the officer writes one": {st.deps.Policies.Confine(officer, policies.Body), `insert into casefile.reasons (id, case_id, body) values (gen_random_uuid(), '` + st.ref + `', 'x')`, "row-level security"},
		"the worker changes one": {st.deps.Policies.Confine(st.worker, policies.Assigned), `update casefile.reasons set body = 'x'`, "permission denied"},
	} {
		err := st.DB.InTx(ctx, c.as, func(tx tenants.Tx) error { _, err := tx.Exec(ctx, c.sql); return err })
		if err == nil || !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestWhoDoesNotWriteTheDiaryWritesNoReasons(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	officer := st.officer(t)
	wantKind(t, st.cases.Move(ctx, officer, st.ref, casefile.Move{Step: "archivia", Reason: "Doppione"}), problem.Forbidden)
	_, err := st.cases.Create(ctx, officer, casefile.Opening{ID: newID(t), Person: st.rosa, Summary: "x"})
	wantField(t, err, "sintesi")
	si, form := newSite(t, st), "/cartelle/nuova?persona="+st.rosa.String()
	si.visitor(t, st.worker).get(t, form).want(t, 200, `name="sintesi"`)
	si.visitor(t, officer).get(t, form).want(t, 200, "Rosa Bianco").lacks(t, `name="sintesi"`)
}

// TestReasonsMoveToTheirTable migrates a case of the time when its words stood on it and on its steps.
func TestReasonsMoveToTheirTable(t *testing.T) {
	before := fstest.MapFS{}
	files := casefile.Module().Migrations
	names, err := fs.Glob(files, "*.sql")
	must(t, err)
	for _, name := range names {
		if name < "0006" {
			text, err := fs.ReadFile(files, name)
			must(t, err)
			before[name] = &fstest.MapFile{Data: text}
		}
	}
	lines := []migrations.Line{{ID: "registry", FS: registry.Module().Migrations}, {ID: "kit", FS: kit.Module().Migrations}, {ID: "casefile", FS: before}}
	st := &stage{Stage: &moduletest.Stage{Database: testdb.New(t, lines...)}}
	st.body = st.Body(t, "pantelleria")
	silent, file, step, again := newID(t), newID(t), newID(t), newID(t)
	for id, summary := range map[uuid.UUID]string{silent: "", file: "Richiesta della figlia"} {
		st.exec(t, `insert into casefile.cases (tenant_id, id, number, person_id, state, state_label, summary, opened_at, opened_by) values ($1, $2, ($2::uuid)::text, $2, 'x', 'X', $3, now(), $2)`,
			st.body.ID, id, summary)
	}
	for id, reason := range map[uuid.UUID]string{step: "Ricovero", again: ""} {
		st.exec(t, `insert into casefile.steps (tenant_id, id, case_id, transition, from_state, to_state, reason, account_id, account_name) values ($1, $2, $3, 'x', 'a', 'b', $4, $2, '')`,
			st.body.ID, id, file, reason)
	}
	lines[2].FS = files
	must(t, migrations.Up(t.Context(), st.OwnerURL, lines))
	want(t, "reasons", fmt.Sprintf("%[1]s %[1]s Richiesta della figlia, %[2]s %[1]s Ricovero", file, step),
		ask[string](t, st, `select string_agg(id || ' ' || case_id || ' ' || body, ', ' order by body) from casefile.reasons`))
	want(t, "columns left", 0, ask[int](t, st, `select count(*) from information_schema.columns
		where table_schema = 'casefile' and table_name in ('cases', 'steps') and column_name in ('summary', 'reason', 'closing_reason')`))
}

func TestViewingsFollowTheSectionsOfWhoAsks(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	educator, officer := st.as(t, "educator"), st.officer(t)
	educator.Name, officer.Name = "Ada Colli", "Bruno Melis"
	st.onTeam(t, educator)
	must(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, writing(t, "Riservata"), true)))
	st.saw(t, educator, time.Date(2026, time.July, 1, 9, 0, 0, 0, rome), 2, "identity", "diary", "plan", "health")
	st.saw(t, educator, time.Date(2026, time.July, 1, 10, 0, 0, 0, rome), 1, "health")
	listed := func(s tenants.Scope) (lines []string) {
		found, _, err := st.cases.FindViewings(ctx, st.own(t, s), casefile.Cursor{})
		must(t, err)
		for _, v := range found[1:] { // the first is the opening for this list
			if v.Actor != officer.Name {
				lines = append(lines, fmt.Sprintf("%s %s %v", v.Action, strings.Join(v.Sections, "+"), v.Others))
			}
		}
		return lines
	}
	opened := []string{"case.read diary false", "case.create  false", "case.read health false", "case.read identity+diary+plan+health false", "case.read identity+diary+plan+health false"}
	want(t, "the worker's list", append([]string{"note.sign diary false"}, opened...), listed(st.worker))
	want(t, "the officer's list", []string{
		"case.read  false", "case.change  true", "case.read  true", "case.create  false", "case.read  true", "case.read identity true", "case.read identity true",
	}, listed(officer))
	daily := func(s tenants.Scope) (lines []string) {
		found, _, err := st.cases.FindVisits(ctx, st.own(t, s), time.Date(2026, time.July, 2, 0, 0, 0, 0, time.UTC))
		must(t, err)
		for _, v := range found {
			lines = append(lines, fmt.Sprintf("%s %d", v.Section, v.Readings))
		}
		return lines
	}
	want(t, "the worker's days", []string{"identity 2", "plan 2", "diary 2", "health 3"}, daily(st.worker))
	want(t, "the educator's days", []string{"identity 2", "plan 2", "diary 2", "* 3"}, daily(educator))
	want(t, "the officer's days", []string{"identity 2", "* 3"}, daily(officer))

	si, at := newSite(t, st), "/cartelle/"+st.ref+"/accessi"
	named := []string{"Diario", "Progetto", "Sanitario", "Ha firmato"}
	v := si.visitor(t, officer)
	for _, path := range []string{at, at + "/elenco"} {
		v.get(t, path).want(t, 200, "Altre parti della cartella", "Dati anagrafici", st.worker.Name).lacks(t, named[1:]...) // the diary stands in the navigation: it holds the officer's sheets too
		si.visitor(t, st.worker).get(t, path).want(t, 200, named[:3]...).lacks(t, "Altre parti della cartella")
	}
	v.get(t, at+"/elenco").want(t, 200, "Ha modificato la cartella", "Dati anagrafici, Altre parti della cartella")
	others := 0
	for _, line := range call[list[visit.ViewingBody]](t, st.client(t, officer), "GET /case-files/"+st.ref+"/viewings", 200).Items {
		if line.Others {
			others++
		}
		if len(line.Sections) > 0 {
			want(t, "sections of the API", []string{"identity"}, line.Sections)
		}
	}
	want(t, "lines of the API with other sections", 5, others)
}

func TestGuestsSeeNeitherWhoOpenedNorWhoWorks(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	body, guest := st.other(t, "mazara", "coordinator")
	st.share(t, body, policies.SectionIDs()...)
	ref := "pantelleria~" + st.ref
	_, err := st.cases.Open(ctx, guest, ref, "diary") // the grant is live
	must(t, err)
	caused := st.events(t, func() {
		_, err := st.cases.OpenOwn(ctx, guest, ref)
		wantKind(t, err, problem.NotFound)
		wantKind(t, assigned(st.cases.Assign(ctx, guest, ref, to(guest, "x"))), problem.NotFound)
		wantKind(t, assigned(st.cases.AddToTeam(ctx, guest, ref, to(guest, "x"))), problem.NotFound)
		wantKind(t, st.cases.RemoveFromTeam(ctx, guest, ref, newID(t)), problem.NotFound)
	})
	want(t, "readings of what was not shown", map[string]int{}, caused)
	v, at := newSite(t, st).visitor(t, guest), "/cartelle/"+ref
	v.get(t, at).want(t, 200, "Rosa Bianco").lacks(t, st.worker.Name, at+"/equipe", at+"/accessi")
	for _, path := range []string{"/accessi", "/accessi/elenco", "/equipe", "/responsabile"} {
		v.get(t, at+path).want(t, 404)
	}
	for _, path := range []string{"/equipe", "/equipe/togli", "/responsabile"} {
		v.post(t, at+path, url.Values{"componente": {guest.Account.String()}, "responsabile": {guest.Account.String()}, "motivo": {"x"}}).want(t, 404)
	}
	api, path := st.client(t, guest), "/case-files/"+ref
	for _, what := range []string{"/viewings", "/assignments"} {
		refused(t, api, "GET "+path+what, problem.NotFound)
	}
	refused(t, api, "POST "+path+"/assignments", problem.NotFound, map[string]any{"part": "team", "account_id": guest.Account, "reason": "x"})
	refused(t, api, "POST "+path+"/assignments/"+newID(t).String()+"/end", problem.NotFound)
}
