package casefile_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/casefile/notice"
	"staffetta/tenants"
)

// The desk shows what awaits the actor before all else, and says so where nothing does.
func TestDutiesOnTheDesk(t *testing.T) {
	st := newStage(t)
	duties := modules.NewDuties(st.deps.Bodies, st.deps.Policies)
	st.deps.Platform.Duties = duties
	rome, err := time.LoadLocation("Europe/Rome")
	must(t, err)
	day := func(days int) time.Time { return time.Now().In(rome).AddDate(0, 0, days) }
	duties.Add(modules.Module{ID: "casefile"}, []modules.DutySource{{
		Permission: "case:write",
		Find: func(context.Context, tenants.Scope) ([]modules.Duty, error) {
			return []modules.Duty{
				{Label: language.M("casefile.nav.why"), Title: "Comune <di> prova", Path: "/cartelle/x"},
				{Label: language.M("casefile.nav.diary"), Path: "/diario", Due: day(3)},
				{Label: language.M("casefile.nav.documents"), Path: "/documenti", Due: day(-2)},
				{Label: language.M("casefile.nav.summary"), Path: "/oggi", Due: day(0)},
			}, nil
		},
	}})
	si := newSite(t, st)
	page := si.visitor(t, st.worker).get(t, "/scrivania").want(t, 200,
		"Da fare", `href="/pantelleria/cartelle/x"`, "Comune <di> prova",
		"Scaduto il "+day(-2).Format("02/01/2006"), "Entro oggi", "Entro il "+day(3).Format("02/01/2006"), "Le mie cartelle")
	from := 0
	for _, text := range []string{"Da fare", "/documenti", "/oggi", "/diario", "/cartelle/x", "Le mie cartelle", "Avvisi"} {
		at := strings.Index(page.main()[from:], text)
		if at < 0 {
			t.Fatalf("%q does not come in its place:\n%s", text, page.main())
		}
		from += at
	}
	page.lacks(t, "Niente da fare ora")
	si.visitor(t, st.as(t, "access_desk")).get(t, "/scrivania").want(t, 200, "Da fare", "Niente da fare ora").lacks(t, `href="/pantelleria/oggi"`)
}

// Notices are forgotten after their terms, body by body, and no sooner.
func TestOldNoticesAreForgotten(t *testing.T) {
	st := newStage(t)
	other, _ := st.other(t, "mazara", "social_worker")
	write := func(body int32, key, at, seen string) {
		st.exec(t, `insert into casefile.notices (tenant_id, id, account_id, topic, path, reference, at, seen_at)
			values ($1, gen_random_uuid(), $2, 'case.assigned', '/scrivania', $3, now() - `+at+`, now() - `+seen+`)`, body, st.worker.Account, key)
	}
	for key, c := range map[string][2]string{
		"read lately": {"interval '23 months'", "interval '364 days'"}, "unread for less than two years": {"interval '23 months'", "null::interval"},
		"read a year ago": {"interval '13 months'", "interval '367 days'"}, "unread for two years": {"2 * " + "interval '367 days'", "null::interval"},
		"read lately, two years old": {"interval '25 months'", "interval '1 day'"},
	} {
		write(st.body.ID, key, c[0], c[1])
	}
	write(other.ID, "of another body", "interval '3 years'", "interval '3 years'")
	st.exec(t, `update platform.tenants set state = 'suspended' where id = $1`, other.ID)
	must(t, st.deps.Bodies.Reload(t.Context()))
	must(t, notice.Forget(t.Context(), st.deps))
	want(t, "kept", "of another body, read lately, unread for less than two years", ask[string](t, st, `select string_agg(reference, ', ' order by reference) from casefile.notices`))
	want(t, "in the audit", 1, ask[int](t, st, `select count(*) from audit.events where action = 'notice.forget' and payload ->> 'count' = '3'`))
	must(t, notice.Forget(t.Context(), st.deps))
	want(t, "in the audit, with nothing to forget", 1, ask[int](t, st, `select count(*) from audit.events where action = 'notice.forget'`))
}

// Who assigns cases is told of the open ones that nobody who works at the body answers for, and finds them in a list.
func TestCasesThatNobodyAnswersFor(t *testing.T) {
	st := newStage(t)
	coordinator := st.as(t, "coordinator")
	parts, err := casefile.Module().New(st.deps)
	must(t, err)
	unheld := parts.Duties[len(parts.Duties)-1]
	told := func(what string, n int) {
		t.Helper()
		found, err := unheld.Find(t.Context(), coordinator)
		must(t, err)
		lines, _, err := st.cases.Find(t.Context(), coordinator, casefile.Query{All: true, Unheld: true})
		must(t, err)
		want(t, what, [2]int{n, n}, [2]int{len(found), len(lines)})
	}
	told("the worker works here", 0)
	st.exec(t, `update platform.memberships set valid_to = valid_from - 1 where account_id = $1`, st.worker.Account)
	told("the worker has left", 1)
	found, err := unheld.Find(t.Context(), st.worker)
	must(t, err)
	want(t, "who assigns nothing", 0, len(found))
	st.exec(t, `update casefile.cases set closed_at = now()`)
	told("the case is closed", 0)
}
