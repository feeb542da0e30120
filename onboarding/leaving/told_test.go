package leaving_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/leaving"
)

// worked lets the jobs of leavings be worked until the one job of them is in none of the states, and returns in which it is.
func (st *stage) worked(t *testing.T, until ...string) (state string) {
	t.Helper()
	host, err := jobs.New(jobs.Config{DB: st.DB, Bodies: st.Deps.Bodies, Workers: []func(*river.Workers){st.service.Work}})
	fatal(t, err)
	fatal(t, host.Start(t.Context()))
	defer func() { fatal(t, host.Stop(context.WithoutCancel(t.Context()))) }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		state = st.job(t)
		if slices.Contains(until, state) {
			return state
		}
		select {
		case <-ctx.Done():
			t.Fatalf("after a minute the job is %s", state)
		case <-tick.C:
		}
	}
}

// job is the state of the one job of leavings.
func (st *stage) job(t *testing.T) (state string) {
	t.Helper()
	fatal(t, st.Owner.QueryRow(t.Context(), `select j.state from river.river_job j where j.kind = 'onboarding.leave'`).Scan(&state))
	return state
}

// Who has the job tried before the day makes it wait for the day again; when the body is to stay after all, it finds nothing to do.
func TestTheJobKeepsItsDay(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	id := st.ask(t)
	fatal(t, st.service.Agree(t.Context(), st.dpo, id, st.read(t)))
	var job int64
	var due, then time.Time
	day := func() (at time.Time) {
		t.Helper()
		fatal(t, st.Owner.QueryRow(t.Context(), `select j.id, j.scheduled_at from river.river_job j where j.kind = 'onboarding.leave'`).Scan(&job, &at))
		return at
	}
	due = day()
	_, err := st.Deps.Platform.Work.JobRetry(t.Context(), job)
	fatal(t, err)
	if state := st.worked(t, "scheduled", "completed", "discarded", "retryable"); state != "scheduled" {
		t.Fatalf("tried early, the job is %s", state)
	}
	if then = day(); then.Sub(due).Abs() > time.Minute {
		t.Errorf("the job waits for %v, not for %v", then, due)
	}
	fatal(t, st.service.Stop(t.Context(), st.admin, id, "Restiamo"))
	_, err = st.Deps.Platform.Work.JobRetry(t.Context(), job)
	fatal(t, err)
	if state := st.worked(t, "scheduled", "completed", "discarded", "retryable"); state != "completed" {
		t.Errorf("after the body stays the job is %s", state)
	}
}

// Everybody at the body hears that it leaves, the console says so, and who handles the agreements of another body hears that they end.
func TestThatABodyLeavesIsTold(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	agreement := uuid.New()
	st.exec(t, `insert into policies.agreements (id, title, state, purposes, sections, valid) values ($1, 'Accordo di prova', 'active', '{consultation}', '{identity}', tstzrange(now(), null))`, agreement)
	st.exec(t, `insert into policies.agreements_parties (agreement_id, tenant_id, side) values ($1, $2, 'proposer'), ($1, $3, 'party')`, agreement, st.body.ID, st.abroad.Tenant)
	partner := leaving.Duties(st.service)[1]
	words, err := language.NewCatalogue(os.DirFS("../messages"))
	fatal(t, err)
	ctx := language.WithLanguage(t.Context(), words, "it")
	told := func(what string, notices int, partnerReads string, check modules.CheckState) {
		t.Helper()
		if got := st.service.Notices(ctx, st.body.ID); len(got) != notices || notices > 0 && !strings.Contains(got[0].Text, "lascia la piattaforma il ") {
			t.Errorf("%s: the pages say %v", what, got)
		}
		if got := st.service.Notices(ctx, st.abroad.Tenant); len(got) != 0 {
			t.Errorf("%s: the pages of another body say %v", what, got)
		}
		found, err := partner.Find(ctx, st.abroad)
		if err != nil || (len(found) == 1) != (partnerReads != "") || len(found) > 0 && !strings.Contains(language.Say(ctx, found[0].Label), st.body.Name+" "+partnerReads) {
			t.Errorf("%s: the partner has to do %v, %v", what, found, err)
		}
		if own, err := partner.Find(ctx, st.admin); err != nil || len(own) != 0 {
			t.Errorf("%s: the body itself has to do %v, %v", what, own, err)
		}
		finding, err := leaving.Checks(st.service)[0].Find(ctx, st.admin)
		if err != nil || finding.State != check {
			t.Errorf("%s: the console says %v, %v", what, finding, err)
		}
	}
	signals := func() (n int) {
		t.Helper()
		fatal(t, st.Owner.QueryRow(ctx, `select count(*) from platform.mail_signals s where s.tenant_id = $1 and s.topic = 'onboarding.leavings'`, st.abroad.Tenant).Scan(&n))
		return n
	}
	told("nothing", 0, "", modules.Met)
	id := st.ask(t)
	told("asked", 0, "", modules.Unmet)
	if n := signals(); n != 0 {
		t.Errorf("a question of another body was noted %d times", n)
	}
	fatal(t, st.service.Agree(t.Context(), st.dpo, id, st.read(t)))
	told("agreed", 1, "lascia", modules.Wrong)
	if n := signals(); n != 1 {
		t.Errorf("what was decided was noted %d times", n)
	}
	st.exec(t, `update policies.agreements set state = 'proposed' where id = $1`, agreement)
	told("agreed, with a proposal that the body has not signed", 1, "", modules.Wrong)
	st.exec(t, `update policies.agreements_parties set accepted_at = now() where agreement_id = $1 and tenant_id = $2`, agreement, st.body.ID)
	told("agreed, with a proposal that it has signed", 1, "lascia", modules.Wrong)
	fatal(t, st.service.Stop(t.Context(), st.admin, id, "Restiamo insieme"))
	told("stopped", 0, "resta", modules.Met)
	if n := signals(); n != 2 {
		t.Errorf("after the body stays the partner was told %d times", n)
	}
	st.exec(t, `update onboarding.leavings set stopped_at = stopped_at - interval '8 days'`)
	told("stopped a week ago", 0, "", modules.Met)
	o, err := st.service.Get(t.Context(), st.admin)
	fatal(t, err)
	if l := o.History[0]; l.StoppedName != st.admin.Name || l.StopReason != "Restiamo insieme" || l.StoppedAt == nil {
		t.Errorf("the history says %+v", l)
	}
}
