package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/modules/steward/body"
	"staffetta/onboarding/entry"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// steward is somebody who runs the platform.
func (st *stage) steward(t *testing.T, surname string, roles ...string) (tenants.Scope, *visitor) {
	t.Helper()
	s := st.extra(t, tenants.PlatformSlug, surname, roles...)
	return s, st.signIn(t, s)
}

// entered brings a body live for one test.
func (st *stage) entered(t *testing.T, istat string) tenants.Tenant {
	t.Helper()
	entered, err := entry.Enter(t.Context(), st.deps, entry.Arrival{
		ISTAT: istat, Modules: st.moduleIDs(),
		Users: []entry.Person{{Name: "Zoe Quercia", TaxCode: newFake("Quercia", "Zoe", "1971-05-05", "F", "").Code, Roles: []string{"tenant_admin"}}},
	})
	must(t, err)
	found, _, err := st.deps.Bodies.BySlug(entered.Slug)
	must(t, err)
	return found
}

// TestStewardSeesBodies looks as who runs the platform at all bodies and at one, and finds nobody's name there.
func TestStewardSeesBodies(t *testing.T) {
	st := asked(t)
	s, v := st.steward(t, "Ginepro", "platform_operator")
	list := v.get(t, "/piattaforma/enti?nome=mar+SAL&stato=active")
	sheet := v.get(t, "/piattaforma/enti/"+marsala)
	if !strings.Contains(list.Body, "Comune di Marsala") || strings.Contains(list.Body, "Mazara") || !strings.Contains(sheet.Body, "Uso negli ultimi sei mesi") {
		t.Errorf("the list has not what was looked for, or the sheet says too little: %d, %d", list.Status, sheet.Status)
	}
	for _, p := range cast {
		if strings.Contains(list.Body+sheet.Body, p.Surname) {
			t.Errorf("who runs the platform reads the name %s", p.Surname)
		}
	}
	if home := v.get(t, "/"); !strings.Contains(home.Body, "Gestione della piattaforma") || !strings.Contains(home.Body, `href="/piattaforma/code"`) {
		t.Error("the first page does not lead to the work")
	}
	for _, path := range []string{"/piattaforma/enti/nessuno", "/piattaforma/enti/piattaforma"} {
		if answer := v.get(t, path); answer.Status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, answer.Status)
		}
	}
	newcomer := s
	newcomer.Purpose = tenants.Newcomer
	if answer := st.signIn(t, newcomer).get(t, "/piattaforma/enti"); answer.Status != http.StatusNotFound {
		t.Errorf("a newcomer gets %d", answer.Status)
	}
	// Whoever forgets the permission of a page meets the wall: the functions look for themselves.
	for name, who := range map[string]tenants.Scope{"as newcomer": newcomer, "an administrator": st.castScope(t, marsala, "Todaro"), "a reviewer": st.extra(t, tenants.PlatformSlug, "Mirto", "platform_reviewer")} {
		if err := body.NewService(st.deps).Suspend(t.Context(), who, mazara, body.Suspending{Reason: "Prova", Acknowledged: true}); err == nil {
			t.Errorf("%s suspends a body", name)
		}
	}
}

// TestSmallFiguresAreNotTold makes few people of a body work, and then as many as are told.
func TestSmallFiguresAreNotTold(t *testing.T) {
	st := asked(t)
	s, _ := st.steward(t, "Corbezzolo", "platform_operator")
	here := st.entered(t, "081002")
	works := func(n int) {
		for i := range n {
			one := st.extra(t, here.Slug, []string{"Bernardi", "Cattaneo", "Delfino", "Fumagalli", "Gargano"}[i], "access_desk")
			must(t, st.deps.Audit.Record(t.Context(), one, audit.Event{Action: "session.login"}))
		}
	}
	months := func() body.Month {
		sheet, err := body.NewService(st.deps).Get(t.Context(), s, here.Slug)
		must(t, err)
		return sheet.Months[0]
	}
	works(4)
	if m := months(); m.People != body.Few || m.Events != body.Few {
		t.Errorf("four people are told as %+v", m)
	}
	works(5)
	if m := months(); m.People != 5 || m.Events != 9 {
		t.Errorf("five people are told as %+v", m)
	}
}

// TestBodyIsSuspended keeps the people of a body out, those who are signed in, too, and lets them in again.
func TestBodyIsSuspended(t *testing.T) {
	st := asked(t)
	here := st.entered(t, "081003")
	_, v := st.steward(t, "Lentisco", "platform_operator")
	admin := st.extra(t, here.Slug, "Admin", "tenant_admin")
	inside, token := st.signIn(t, admin), st.token(t, admin)
	move := func(word, reason string) reply {
		return v.post(t, "/piattaforma/enti/"+here.Slug+"/"+word, url.Values{"motivo": {reason}, "visto": {"si"}})
	}
	statuses := func() [3]int {
		return [3]int{inside.get(t, "/"+here.Slug+"/console").Status, token.get(t, "/api/v1/"+here.Slug+"/opening").Status, st.guest().get(t, "/"+here.Slug+"/accedi").Status}
	}
	if got := statuses(); got != [3]int{200, 200, 200} {
		t.Fatalf("before: %v", got)
	}
	if answer := move("sospendi", " "); answer.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", answer.Status)
	}
	if answer := v.post(t, "/piattaforma/enti/"+here.Slug+"/sospendi", url.Values{"motivo": {"Accessi anomali"}}); answer.Status != http.StatusUnprocessableEntity || !strings.Contains(answer.Body, "Accessi anomali") {
		t.Errorf("without a tick: %d", answer.Status)
	}
	if answer := move("sospendi", "Accessi anomali"); answer.Status != http.StatusSeeOther {
		t.Fatalf("suspend: %d", answer.Status)
	}
	if got := statuses(); got != [3]int{403, 403, 403} {
		t.Errorf("suspended: %v", got)
	}
	if page := inside.get(t, "/"+here.Slug+"/console"); !strings.Contains(page.Body, "Servizio sospeso") {
		t.Error("the page does not say why")
	}
	if answer := move("sospendi", "Ancora"); answer.Status != http.StatusConflict {
		t.Errorf("suspended twice: %d", answer.Status)
	}
	if answer := move("riapri", "Chiarito"); answer.Status != http.StatusSeeOther {
		t.Errorf("resume: %d", answer.Status)
	}
	if got := statuses(); got != [3]int{200, 200, 200} {
		t.Errorf("afterwards: %v", got)
	}
	told := query[[]string](t, st, `select array_agg(t.kind || ' ' || e.action || ' ' || (e.payload ->> 'reason') order by t.kind, e.at) from audit.events e join platform.tenants t on t.id = e.tenant_id
		where e.action in ('body.suspend', 'body.resume') and (t.slug = $1 or e.payload ->> 'body' = $1)`, here.Slug)
	want := []string{
		"municipality body.suspend Accessi anomali", "municipality body.resume Chiarito", "platform body.suspend Accessi anomali", "platform body.resume Chiarito",
	}
	if !slices.Equal(told, want) {
		t.Errorf("the audit says %q", told)
	}
	if _, faults, err := audit.Verify(t.Context(), st.deps.DB); err != nil || len(faults) > 0 {
		t.Errorf("the chains do not hold: %v %v", faults, err)
	}
	st.wantCleanLog(t)
}

// failing leaves a job that failed in a queue that nobody works, and returns its number.
func (st *stage) failing(t *testing.T, state string) int64 {
	t.Helper()
	final := "null"
	if state == "discarded" {
		final = "now()"
	}
	query[string](t, st, `insert into river.river_queue (name, created_at, metadata, updated_at) values ('body99', now(), '{}', now() + interval '1 day')
		on conflict (name) do update set updated_at = excluded.updated_at returning name`)
	return query[int64](t, st, `insert into river.river_job (args, kind, max_attempts, attempt, queue, state, finalized_at, scheduled_at, errors)
		values (jsonb_build_object('tenant_id', (select id from platform.tenants where slug = $1), 'note', 'Marcatore Segreto'), 'prova.fallita', 3, 3, 'body99', $2, `+final+`, now() + interval '1 day',
			array['{"at": "2026-11-01T10:00:00Z", "attempt": 3, "error": "insert Marcatore Segreto: ERROR: duplicate key (SQLSTATE 23505)", "trace": ""}'::jsonb]) returning id`,
		marsala, state)
}

// TestStewardSteersJobs tries a job again, gives another up, and lets a queue wait; nothing tells what they are about.
func TestStewardSteersJobs(t *testing.T) {
	st := asked(t)
	s, v := st.steward(t, "Alaterno", "platform_operator")
	failed, waiting := st.failing(t, "discarded"), st.failing(t, "retryable")
	job := func(id int64) string { return fmt.Sprintf("/piattaforma/code/lavori/%d", id) }
	page := v.get(t, "/piattaforma/code").Body + v.get(t, job(failed)).Body + st.token(t, s).get(t, "/api/v1/platform/jobs").Body
	if !strings.Contains(page, "Errore della base dati (23505)") || !strings.Contains(page, "prova.fallita") || !strings.Contains(page, `"error_class":"database 23505"`) {
		t.Error("the failure is not told")
	}
	if strings.Contains(page, "Marcatore") || strings.Contains(page, "duplicate") {
		t.Error("what the job is about is told")
	}
	does := func(path, what, reason string) int {
		return v.post(t, path, url.Values{"azione": {what}, "motivo": {reason}}).Status
	}
	for _, c := range []struct {
		path, what, reason string
		want               int
	}{
		{job(failed), "retry", "", 422},
		{job(failed), "cancel", "Prova", 409},
		{job(failed), "retry", "Il disco è di nuovo libero", 303},
		{job(waiting), "cancel", "Non serve più", 303},
		{job(1 << 40), "retry", "Prova", 404},
		{"/piattaforma/code/altrove", "pause", "Prova", 404},
		{"/piattaforma/code/body99", "pause", "Manutenzione", 303},
	} {
		if got := does(c.path, c.what, c.reason); got != c.want {
			t.Errorf("%s %s answers %d, want %d", c.path, c.what, got, c.want)
		}
	}
	state := func(id int64) string {
		return query[string](t, st, `select state::text from river.river_job where id = $1`, id)
	}
	if state(failed) != "available" || state(waiting) != "cancelled" {
		t.Errorf("the jobs are %s and %s", state(failed), state(waiting))
	}
	paused := func() bool {
		return query[bool](t, st, `select paused_at is not null from river.river_queue where name = 'body99'`)
	}
	if !paused() || !strings.Contains(v.get(t, "/piattaforma/code/body99").Body, "Riavvia la coda") {
		t.Error("the queue is not paused")
	}
	if got := does("/piattaforma/code/body99", "resume", "Finita"); got != 303 || paused() {
		t.Errorf("the queue is not worked again: %d", got)
	}
	if n := query[int](t, st, `select count(*) from audit.events where action in ('job.retry', 'job.cancel', 'queue.pause', 'queue.resume') and account_id = $1`, s.Account); n != 4 {
		t.Errorf("%d events, want 4", n)
	}
	if answer := st.signIn(t, st.extra(t, tenants.PlatformSlug, "Mirtillo", "platform_reviewer")).get(t, "/piattaforma/code"); answer.Status != 404 {
		t.Errorf("a reviewer gets %d", answer.Status)
	}
	release := v.get(t, "/piattaforma/versioni")
	if !strings.Contains(release.Body, "onboarding") || !strings.Contains(release.Body, "Cartella sociale") {
		t.Errorf("the versions are not told: %d", release.Status)
	}
	st.wantCleanLog(t)
}

// stewarded is what who runs the platform looks at.
func (st *stage) stewarded(t *testing.T) map[string]string {
	t.Helper()
	job := fmt.Sprint(st.failing(t, "discarded"))
	access := uuid.Must(uuid.NewV7()).String()
	return map[string]string{
		"/piattaforma/enti/{body}": marsala, "/platform/bodies/{body}": marsala, "/piattaforma/code/lavori/{job}": job, "/platform/jobs/{job}": job,
		"/piattaforma/incidenti/{incident}": st.wrong(t), "/platform/incidents/{incident}": access, "/piattaforma/supporto/{access}": access, "/platform/support-requests/{access}": access, "/console/assistenza/{access}": access, "/support-accesses/{access}": access,
		"/piattaforma/code/{queue}": "body99", "/platform/job-queues/{queue}": "body99",
	}
}

// wrong is an incident that lasts, at a body of its own.
func (st *stage) wrong(t *testing.T) string {
	t.Helper()
	return query[string](t, st, `with a as (insert into platform.incidents (id, title, bodies, account_id)
			select gen_random_uuid(), 'Prova di lentezza', '{999999}', (select id from platform.accounts limit 1) returning id),
		n as (insert into platform.incident_notes (id, incident_id, text, account_id) select gen_random_uuid(), a.id, 'La cerchiamo', (select id from platform.accounts limit 1) from a)
		select id::text from a`)
}

// TestIncidentIsTold writes an incident that concerns one body: its operators read it above their pages, others do not, everybody on
// the public page, until it is closed.
func TestIncidentIsTold(t *testing.T) {
	st := asked(t)
	here := st.entered(t, "081004")
	s, v := st.steward(t, "Ranno", "platform_operator")
	inside, other := st.signIn(t, st.extra(t, here.Slug, "Dentro", "tenant_admin")), st.signIn(t, st.castScope(t, mazara, "Bono"))
	shows := func() [4]bool {
		has := func(v *visitor, path string) bool { return strings.Contains(v.get(t, path).Body, "Allegati lenti") }
		return [4]bool{has(inside, "/"+here.Slug+"/console"), has(inside, "/"+here.Slug+"/stato-del-servizio"), has(other, "/"+mazara+"/console"), has(st.guest(), "/piattaforma/stato")}
	}
	post := func(path string, form url.Values) int { return v.post(t, path, form).Status }
	for name, c := range map[string]struct{ title, bodies string }{"nameless": {"", here.Slug}, "unknown body": {"Allegati lenti", "c_nulla"}} {
		if got := post("/piattaforma/incidenti", url.Values{"titolo": {c.title}, "testo": {"Prova"}, "enti": {c.bodies}}); got != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, got)
		}
	}
	if got := post("/piattaforma/incidenti", url.Values{"titolo": {"Allegati lenti"}, "testo": {"Il disco è pieno"}, "enti": {here.Slug}}); got != http.StatusSeeOther {
		t.Fatalf("open: %d", got)
	}
	if got := shows(); got != [4]bool{true, true, false, true} {
		t.Errorf("while it lasts: %v", got)
	}
	id := query[string](t, st, `select id::text from platform.incidents where title = 'Allegati lenti'`)
	closing := url.Values{"testo": {"Il disco è più grande"}, "azione": {"chiudi"}}
	if got := [2]int{post("/piattaforma/incidenti/"+id, closing), post("/piattaforma/incidenti/"+id, closing)}; got != [2]int{303, 409} {
		t.Errorf("closing answers %v", got)
	}
	if got := shows(); got != [4]bool{false, true, false, true} {
		t.Errorf("afterwards: %v", got)
	}
	faults, err := audit.Check(t.Context(), st.deps.DB)
	words := fmt.Sprint(len(faults), " punti che non tornano")
	if len(faults) == 0 {
		words = "Torna: "
	}
	if err != nil || !strings.Contains(v.get(t, "/piattaforma/incidenti").Body, words) {
		t.Errorf("what the check of the audit found is not %q, %v", words, err)
	}
	if n := query[int](t, st, `select count(*) from audit.events where account_id = $1 and action in ('incident.open', 'incident.close')`, s.Account); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
	st.wantCleanLog(t)
}
