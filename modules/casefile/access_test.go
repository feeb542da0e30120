package casefile_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/notice"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestRelations(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	team, educator, psychologist := st.as(t, "social_worker"), st.as(t, "educator"), st.as(t, "psychologist")
	st.onTeam(t, team)
	st.onTeam(t, psychologist)
	head := st.as(t, "coordinator")
	held, err := st.cases.Create(ctx, head, casefile.Opening{ID: newID(t), Person: st.rosa, Manager: educator.Account})
	must(t, err)
	for name, c := range map[string]struct {
		as       tenants.Scope
		ref      string
		relation policies.Relation
		health   bool
		writes   bool // the diary
	}{
		"manager":           {st.worker, st.ref, policies.Assigned, true, true},
		"team":              {team, st.ref, policies.Team, true, true},
		"coordinator":       {head, st.ref, policies.Body, true, true},
		"educator":          {educator, held.ID.String(), policies.Assigned, false, true},
		"psychologist team": {psychologist, st.ref, policies.Team, false, false},
	} {
		a, err := st.cases.Open(ctx, c.as, c.ref, "")
		must(t, err)
		want(t, name+": relation", c.relation, a.Relation)
		want(t, name+": name", "Rosa Bianco", a.Person.FullName())
		_, err = st.cases.Open(ctx, c.as, c.ref, "health")
		want(t, name+": health", c.health, err == nil)
		_, err = st.cases.OpenToWrite(ctx, c.as, c.ref, "diary")
		want(t, name+": writes the diary", c.writes, err == nil)
	}
	_, stranger := st.other(t, "mazara", "social_worker")
	for name, s := range map[string]tenants.Scope{
		"desk": st.as(t, "access_desk"), "officer": st.as(t, "admin_officer"), "administrator": st.as(t, "tenant_admin"), "dpo": st.as(t, "dpo"),
		"educator outside": st.as(t, "educator"), "stranger": stranger,
	} {
		for _, ref := range []string{st.ref, "pantelleria~" + st.ref} {
			if _, err := st.cases.Open(ctx, s, ref, ""); !problem.Is(err, problem.NotFound) {
				t.Errorf("%s opens %s: %v", name, ref, err)
			}
			if err := st.cases.OpenWithReason(ctx, s, ref, "Devo vedere"); !problem.Is(err, problem.NotFound) {
				t.Errorf("%s opens %s with a reason: %v", name, ref, err)
			}
		}
	}
	for _, ref := range []string{"", "x", newID(t).String(), "nessuno~" + st.ref, "pantelleria~" + st.ref, "{" + st.ref + "}", "urn:uuid:" + st.ref, strings.ToUpper(st.ref), st.ref + "~"} {
		if _, err := st.cases.Open(ctx, st.worker, ref, ""); !problem.Is(err, problem.NotFound) {
			t.Errorf("%q opens: %v", ref, err)
		}
	}
	st.exec(t, `update casefile.assignments set valid_to = now() where account_id = $1`, educator.Account)
	_, err = st.cases.Open(ctx, educator, held.ID.String(), "")
	wantKind(t, err, problem.NotFound)
}

func TestOpenWithReason(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	colleague := st.as(t, "social_worker")
	opens := func(what string, wanted bool) {
		t.Helper()
		a, err := st.cases.Open(ctx, colleague, st.ref, "diary")
		if want(t, what, wanted, err == nil); wanted && err == nil {
			want(t, "relation and reason", "emergency Urgenza in ospedale", string(a.Relation)+" "+a.Reason)
		}
		if !wanted && !errors.Is(err, casefile.ErrReason) {
			t.Errorf("%s: %v", what, err)
		}
	}
	opens("without a reason", false)
	for _, reason := range []string{"", "    ", " ora ", "1234"} {
		wantField(t, st.cases.OpenWithReason(ctx, colleague, st.ref, reason), "motivo")
	}
	opens("after refused reasons", false)
	caused := st.events(t, func() { must(t, st.cases.OpenWithReason(ctx, colleague, st.ref, " Urgenza in ospedale ")) })
	want(t, "events", map[string]int{"case.open": 1}, caused)
	opens("with a reason", true)
	must(t, st.cases.OpenWithReason(ctx, colleague, st.ref, "Ancora una volta"))
	want(t, "openings", 1, ask[int](t, st, `select count(*) from policies.case_openings`))
	for name, err := range map[string]error{
		"a note": saved(st.cases.SaveNote(ctx, colleague, st.ref, writing(t, "x"), false)), "a step": st.cases.Move(ctx, colleague, st.ref, casefile.Move{Step: "archivia", Reason: "x"}),
		"a document": filed(st.cases.AddDocument(ctx, colleague, st.ref, upload(t, "x"))),
	} {
		if !problem.Is(err, problem.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	st.later(t, "179 minutes")
	opens("a minute before the end", true)
	st.later(t, "181 minutes")
	opens("after three hours", false)
	wantKind(t, saved(st.cases.SaveNote(ctx, colleague, st.ref, writing(t, "x"), false)), problem.NotFound)

	// the coordinators, and nobody else, are told by the job
	coordinator := st.as(t, "coordinator", "social_worker")
	st.work(t, 1)
	notices, err := notice.Find(ctx, st.DB, coordinator)
	must(t, err)
	if len(notices) != 1 {
		t.Fatalf("notices: %v", notices)
	}
	n := notices[0]
	want(t, "notice", []string{"case.opened", "/cartelle/" + st.ref + "/accessi", colleague.Name}, []string{n.Topic, n.Path, n.Actor})
	mine, err := notice.Find(ctx, st.DB, colleague)
	must(t, err)
	want(t, "the colleague's own notices", 0, len(mine))
	must(t, notice.See(ctx, st.DB, colleague))
	want(t, "seen by others", 0, ask[int](t, st, `select count(*) from casefile.notices where seen_at is not null`))
	must(t, notice.See(ctx, st.DB, coordinator))
	want(t, "seen", 1, ask[int](t, st, `select count(*) from casefile.notices where seen_at is not null`))

	// the same job again tells nobody twice
	st.exec(t, `update river.river_job set state = 'available', finalized_at = null, attempt = 0 where kind = 'casefile.opened'`)
	st.work(t, 1)
	want(t, "notices", 1, ask[int](t, st, `select count(*) from casefile.notices`))
}

// work runs the host of jobs until n jobs of the module are done.
func (st *stage) work(t *testing.T, n int) {
	t.Helper()
	parts, err := casefile.Module().New(st.deps)
	must(t, err)
	done := make(chan struct{}, n)
	host, err := jobs.New(jobs.Config{DB: st.DB, Bodies: st.deps.Bodies, Workers: []func(*river.Workers){parts.Workers}, Log: nil})
	must(t, err)
	must(t, host.Start(t.Context()))
	go func() {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for range tick.C {
			var finished int
			err := st.Owner.QueryRow(context.WithoutCancel(t.Context()), `select count(*) from river.river_job where kind = 'casefile.opened' and state = 'completed'`).Scan(&finished)
			if err != nil || finished >= n {
				close(done)
				return
			}
		}
	}()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Error("the job is not done in half a minute")
	}
	must(t, host.Stop(context.WithoutCancel(t.Context())))
}

func TestGuest(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	body, guest := st.other(t, "mazara", "coordinator")
	ref := "pantelleria~" + st.ref
	identity, school := st.share(t, body, "identity", "contacts"), st.share(t, body, "school")
	open := func(section string) error { _, err := st.cases.Open(ctx, guest, ref, section); return err }
	a, err := st.cases.Open(ctx, guest, ref, "identity")
	must(t, err)
	want(t, "relation", policies.Guest, a.Relation)
	want(t, "sections", []string{"identity", "contacts", "school"}, a.Scope.Sections())
	want(t, "name", "Rosa Bianco", a.Person.FullName())
	want(t, "bar", "Comune di pantelleria", a.Bar(st.cases, "").Foreign)
	want(t, "the day alone", today(), a.OpenedAt.UTC())
	must(t, open("school"))
	wantKind(t, open("diary"), problem.NotFound)
	_, err = st.cases.Open(ctx, guest, st.ref, "") // the owner's slug is part of the name
	wantKind(t, err, problem.NotFound)
	for _, tenant := range []int32{st.body.ID, body.ID} {
		want(t, "shares in the chain", []uuid.UUID{identity, school}, []uuid.UUID{
			ask[uuid.UUID](t, st, `select share_id from audit.events where tenant_id = $1 and sections = '{identity}' and action = 'case.read' and relation = 'guest'`, tenant),
			ask[uuid.UUID](t, st, `select share_id from audit.events where tenant_id = $1 and sections = '{school}' and action = 'case.read' and relation = 'guest'`, tenant),
		})
	}
	for _, role := range []string{"educator", "access_desk", "tenant_admin"} {
		if _, err := st.cases.Open(ctx, st.Operator(t, body, role), ref, ""); !problem.Is(err, problem.NotFound) {
			t.Errorf("the other body's %s opens: %v", role, err)
		}
	}
	_, err = st.cases.OpenToWrite(ctx, guest, ref, "identity")
	wantKind(t, err, problem.Forbidden)
	st.exec(t, `update policies.agreements set state = 'suspended'`)
	wantKind(t, open(""), problem.NotFound)
	st.exec(t, `update policies.agreements set state = 'active'`)
	must(t, open(""))
	st.later(t, "61 minutes") // the shares end after an hour
	wantKind(t, open(""), problem.NotFound)
}

// What one case shows of a person tells nobody whose another case is.
func TestAGuestLearnsFromNoOtherCaseWhoItIs(t *testing.T) {
	st := newStage(t)
	body, guest := st.other(t, "mazara", "coordinator")
	st.share(t, body, "identity", "household")
	st.ref = st.open(t, st.worker, st.rosa).ID.String()
	st.share(t, body, "school")
	a, err := st.cases.Open(t.Context(), guest, "pantelleria~"+st.ref, "school")
	must(t, err)
	want(t, "the person of a case that shows no identity", access.Subject{}, a.Person)
}

func TestExplain(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	body, guest := st.other(t, "mazara", "coordinator")
	share := st.share(t, body, "identity")
	educator, colleague := st.as(t, "educator"), st.as(t, "social_worker")
	st.onTeam(t, educator)
	must(t, st.cases.OpenWithReason(ctx, colleague, st.ref, "Sostituzione"))
	verdict := func(s tenants.Scope, ref, section string) access.Verdict {
		t.Helper()
		a, err := st.cases.Open(ctx, s, ref, "")
		must(t, err)
		verdicts, err := st.cases.Explain(ctx, s, a)
		must(t, err)
		want(t, "sections explained", len(policies.Sections), len(verdicts))
		at := slices.IndexFunc(verdicts, func(v access.Verdict) bool { return v.Section == section })
		v := verdicts[at]
		if v.Allowed != a.Scope.Reads(section) {
			t.Errorf("%s is explained as %v and read %v", section, v.Allowed, a.Scope.Reads(section))
		}
		v.Agreement, v.Until = uuid.Nil, time.Time{}
		return v
	}
	want(t, "own", access.Verdict{Section: "health", Allowed: true, Rule: "social_worker"}, verdict(st.worker, st.ref, "health"))
	want(t, "educator", access.Verdict{Section: "health"}, verdict(educator, st.ref, "health"))
	want(t, "with a reason", access.Verdict{Section: "health", Allowed: true, Rule: "social_worker"}, verdict(colleague, st.ref, "health"))
	want(t, "shared", access.Verdict{Section: "identity", Allowed: true, Rule: "coordinator", Share: share}, verdict(guest, "pantelleria~"+st.ref, "identity"))
	want(t, "not shared", access.Verdict{Section: "diary", Rule: "coordinator"}, verdict(guest, "pantelleria~"+st.ref, "diary"))
}

func TestViewings(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	body, guest := st.other(t, "mazara", "coordinator")
	share := st.share(t, body, "identity")
	colleague := st.as(t, "social_worker")
	must(t, st.cases.OpenWithReason(ctx, colleague, st.ref, "Sostituzione"))
	st.access(t, colleague, "diary")
	_, err := st.cases.Open(ctx, guest, "pantelleria~"+st.ref, "identity")
	must(t, err)
	viewings, next, err := st.cases.FindViewings(ctx, st.own(t, st.worker), casefile.Cursor{})
	must(t, err)
	want(t, "another page", true, next.IsZero())
	var got []string
	for _, v := range viewings {
		got = append(got, v.Action+" "+v.Actor+" "+v.Relation+" "+v.Reason)
		if v.Body == body.ID && (v.Share != share || !slices.Equal(v.Sections, []string{"identity"})) {
			t.Errorf("the guest's reading: %+v", v)
		}
		if time.Since(v.At) > time.Minute {
			t.Errorf("at %v", v.At)
		}
	}
	want(t, "viewings", []string{
		"case.read " + st.worker.Name + " assigned ", "case.read " + guest.Name + " guest ",
		"case.read " + colleague.Name + " emergency Sostituzione", "case.open " + colleague.Name + " emergency Sostituzione",
		"case.create " + st.worker.Name + " body ",
	}, got)
	for range 60 {
		st.access(t, st.worker, "")
	}
	first, next, err := st.cases.FindViewings(ctx, st.own(t, st.worker), casefile.Cursor{})
	must(t, err)
	rest, _, err := st.cases.FindViewings(ctx, st.own(t, st.worker), casefile.ParseCursor(next.String()))
	must(t, err)
	want(t, "over two pages", []int{50, 16}, []int{len(first), len(rest)})
}

func TestWithoutAuditNoContent(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	d, err := st.cases.AddDocument(ctx, st.worker, st.ref, upload(t, "Verbale"))
	must(t, err)
	note, err := st.cases.SaveNote(ctx, st.worker, st.ref, writing(t, "Nota"), true)
	must(t, err)
	before := st.access(t, st.worker, "diary")
	st.StopAudit()
	_, err = st.cases.Open(ctx, st.worker, st.ref, "")
	wantKind(t, err, problem.Unavailable)
	_, _, err = st.cases.ReadDocument(ctx, st.worker, st.ref, d.ID)
	wantKind(t, err, problem.Unavailable)
	_, err = st.cases.GetNote(ctx, before, note.ID)
	wantKind(t, err, problem.Unavailable)
	_, _, err = st.cases.Find(ctx, st.worker, casefile.Query{})
	wantKind(t, err, problem.Unavailable)
	wantKind(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, writing(t, "x"), true)), problem.Unavailable)
}
