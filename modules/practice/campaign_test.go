package practice_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/campaign"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// tour is a practice with two releases, and bodies that use the first.
type tour struct {
	*stage
	campaigns *campaign.Service
	practice  release.Practice
	adopters  map[string]adopter
}

// adopter is a body that uses the first release.
type adopter struct {
	tenants.Scope
	adoption adoption.Adoption
}

// newTour lets named bodies adopt release 1.0.0, and publishes 1.1.0 which changes QU-01.
func newTour(t *testing.T, names ...string) *tour {
	t.Helper()
	st := newStage(t)
	queue, err := jobs.NewQueue(nil)
	fatal(t, err)
	st.deps.Jobs = queue
	tr := &tour{stage: st, campaigns: campaign.NewService(st.deps), adopters: map[string]adopter{}}
	tr.practice = st.install(t, question("QU-01", "Uno"), question("QU-02", "Due"))
	st.publish(t, tr.practice, "1.0.0")
	for _, name := range names {
		tr.adopt(t, name)
	}
	st.edit(t, st.giving, question("QU-01", "Uno della 1.1.0"))
	st.publish(t, tr.practice, "1.1.0")
	return tr
}

// adopt founds a body that adopts what is published now.
func (tr *tour) adopt(t *testing.T, name string) {
	t.Helper()
	body := tr.Body(t, name)
	fatal(t, tr.DB.Platform(t.Context(), func(tx tenants.Tx) error {
		for _, m := range manifests() {
			if err := tenants.SwitchModule(t.Context(), tx, body.ID, string(m.ID), true); err != nil {
				return err
			}
		}
		return nil
	}))
	fatal(t, tr.deps.Bodies.Reload(t.Context()))
	a := adopter{Scope: tr.Operator(t, body, "practice_owner")}
	var err error
	a.adoption, err = tr.adoptions.Start(t.Context(), a.Scope, uuid.Must(uuid.NewV7()), tr.practice.ID)
	fatal(t, err)
	plan, err := tr.upgrades.Plan(t.Context(), a.Scope, a.adoption.ID, uuid.Nil)
	fatal(t, err)
	_, err = tr.upgrades.Apply(t.Context(), a.Scope, a.adoption.ID, upgrade.Choice{Seen: plan.Digest(), Acknowledged: true})
	fatal(t, err)
	tr.adopters[name] = a
}

// automatic lets a body have upgrades by themselves.
func (tr *tour) automatic(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		_, err := tr.campaigns.Choose(t.Context(), tr.adopters[name].Scope, tr.adopters[name].adoption.ID, true)
		fatal(t, err)
	}
}

// begin starts the campaign.
func (tr *tour) begin(t *testing.T) campaign.Campaign {
	t.Helper()
	c, err := tr.campaigns.Start(t.Context(), tr.giving, uuid.Must(uuid.NewV7()), tr.practice.ID)
	fatal(t, err)
	return c
}

// lead asks for what waits, as the job of the leading body does.
func (tr *tour) lead(t *testing.T, c campaign.Campaign) {
	t.Helper()
	_, err := tr.campaigns.Lead(t.Context(), tr.giving, c.ID)
	fatal(t, err)
}

// run prepares the upgrade of a body as its job does: with no role and no account.
func (tr *tour) run(ctx context.Context, c campaign.Campaign, name string) error {
	a := tr.adopters[name]
	return tr.campaigns.Prepare(ctx, tenants.Scope{Tenant: a.Tenant, Slug: a.Slug, Name: "sistema", Language: "it"},
		campaign.Preparation{Campaign: c.ID, Adoption: a.adoption.ID})
}

// newest is the kit that is published now.
func (tr *tour) newest(t *testing.T) (id uuid.UUID) {
	t.Helper()
	fatal(t, tr.Owner.QueryRow(t.Context(), `select o.kit_id from commons.offers o where o.practice_id = $1`, tr.practice.ID).Scan(&id))
	return id
}

// standing is how a body's upgrade stands, for the body.
func (tr *tour) standing(t *testing.T, name string) string {
	t.Helper()
	u, err := tr.campaigns.Upgrades(t.Context(), tr.adopters[name].Scope, tr.adopters[name].adoption.ID)
	fatal(t, err)
	if len(u.Entries) != 1 {
		return fmt.Sprint(len(u.Entries))
	}
	return strings.TrimSpace(string(u.Entries[0].State) + " " + u.Entries[0].Reason)
}

// answer is what QU-01 says at a body.
func (tr *tour) answer(t *testing.T, name string) string {
	t.Helper()
	v, err := tr.items.Get(t.Context(), tr.adopters[name].Scope, kit.KindQuestion, "QU-01")
	fatal(t, err)
	var content struct{ Answer kit.Text }
	fatal(t, json.Unmarshal(v.Content, &content))
	return content.Answer.IT
}

// spoil makes an item of a body unreadable, as a hand in the database would.
func (tr *tour) spoil(t *testing.T, name string) {
	t.Helper()
	_, err := tr.Owner.Exec(t.Context(), `update kit.item_versions set content = '{"answer', sha256 = encode(sha256('{"answer'), 'hex')
		where tenant_id = $1 and key = 'QU-01'`, tr.adopters[name].Tenant)
	fatal(t, err)
}

// counts is a campaign as who leads it sees it.
func (tr *tour) counts(t *testing.T, c campaign.Campaign) map[string]int {
	t.Helper()
	seen, err := tr.campaigns.Get(t.Context(), tr.giving, c.ID)
	fatal(t, err)
	all := map[string]int{}
	for _, one := range seen.Counts {
		all[strings.TrimSpace(string(one.State)+" "+one.Reason)] = one.Bodies
	}
	return all
}

func (tr *tour) wantCounts(t *testing.T, c campaign.Campaign, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, tr.counts(t, c)); diff != "" {
		t.Errorf("the campaign (-want +got):\n%s", diff)
	}
}

// Each body gets what it wants, and one that fails hurts nobody.
func TestACampaignLeavesEachBodyItsOwn(t *testing.T) {
	t.Parallel()
	tr := newTour(t, "a_auto", "b_manual", "c_adapted", "d_broken", "e_draft")
	tr.automatic(t, "a_auto", "c_adapted", "d_broken", "e_draft")
	tr.edit(t, tr.adopters["c_adapted"].Scope, question("QU-01", "La nostra risposta"))
	e := tr.adopters["e_draft"]
	item, err := tr.items.Item(t.Context(), e.Scope, kit.KindQuestion, "QU-01")
	fatal(t, err)
	_, err = tr.items.SaveDraft(t.Context(), e.Scope, kit.Edit{Source: question("QU-01", "Bozza"), Revision: item.Revision})
	fatal(t, err)
	tr.spoil(t, "d_broken")

	c := tr.begin(t)
	tr.wantCounts(t, c, map[string]int{"waiting": 5})
	tr.lead(t, c)
	for name := range tr.adopters {
		if err := tr.run(t.Context(), c, name); (err != nil) != (name == "d_broken") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"a_auto": "applied", "b_manual": "prepared", "c_adapted": "prepared conflicts", "d_broken": "failed unreadable", "e_draft": "prepared blocked",
	} {
		if got := tr.standing(t, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"a_auto": "Uno della 1.1.0", "b_manual": "Uno", "c_adapted": "La nostra risposta", "e_draft": "Uno"} {
		if got := tr.answer(t, name); got != want {
			t.Errorf("%s has %q, want %q", name, got, want)
		}
	}
	tr.wantCounts(t, c, map[string]int{"applied": 1, "prepared": 1, "prepared conflicts": 1, "failed unreadable": 1, "prepared blocked": 1})

	adapted := tr.adopters["c_adapted"]
	if asked := tr.conflictDuties(t, adapted.Scope); len(asked) != 1 || asked["/adozioni/"+adapted.adoption.ID.String()+"/prova?kit="+tr.newest(t).String()] != 1 {
		t.Errorf("the clash at c_adapted asks for %v", asked)
	}
	if twice, err := tr.campaigns.Duties()[0].Find(t.Context(), adapted.Scope); err != nil || len(twice) > 0 {
		t.Errorf("the upgrade that waits for answers is told twice: %+v %v", twice, err)
	}
	b := tr.adopters["b_manual"]
	duties, err := tr.campaigns.Duties()[0].Find(t.Context(), b.Scope)
	fatal(t, err)
	if len(duties) != 1 || duties[0].Path != "/adozioni/"+b.adoption.ID.String()+"/aggiornamenti" {
		t.Errorf("duties: %+v", duties)
	}
	_, err = tr.upgrades.Apply(t.Context(), b.Scope, b.adoption.ID, upgrade.Choice{})
	fatal(t, err)
	if duties, err = tr.campaigns.Duties()[0].Find(t.Context(), b.Scope); err != nil || len(duties) > 0 {
		t.Errorf("duties after applying: %+v %v", duties, err)
	}
	if got := tr.standing(t, "b_manual"); got != "applied" || tr.counts(t, c)["applied"] != 2 {
		t.Errorf("applied by hand: %q, %v", got, tr.counts(t, c))
	}
	if n := tr.count(t, `select count(*) from audit.events where action = 'upgrade.prepare'`); n != 5 {
		t.Errorf("%d events of what was prepared, want 5", n)
	}
}

// A campaign of another kit leaves what somebody has begun to answer as it is.
func TestACampaignKeepsAnswers(t *testing.T) {
	t.Parallel()
	tr := newTour(t, "a_one")
	one := tr.adopters["a_one"]
	tr.edit(t, one.Scope, question("QU-01", "La nostra risposta"))
	answered := upgrade.Choice{Kit: tr.newest(t), Decisions: map[string]upgrade.Decision{"question/QU-01": {Answer: upgrade.KeepOurs, Reason: "Da noi è così"}}}
	_, err := tr.upgrades.Keep(t.Context(), one.Scope, one.adoption.ID, answered)
	fatal(t, err)
	tr.edit(t, tr.giving, question("QU-01", "Uno della 1.2.0"))
	tr.publish(t, tr.practice, "1.2.0")
	tr.lead(t, tr.begin(t))
	fatal(t, tr.run(t.Context(), tr.begin(t), "a_one"))
	plan, err := tr.upgrades.Plan(t.Context(), one.Scope, one.adoption.ID, answered.Kit)
	fatal(t, err)
	if kept := plan.Kept["question/QU-01"]; kept.Reason != "Da noi è così" || kept.By != one.Name {
		t.Errorf("of the answer %+v is left", kept)
	}
	if got := tr.standing(t, "a_one"); got != "prepared conflicts" {
		t.Errorf("the campaign says %q", got)
	}
}

// What was prepared is nobody's but the body's; who leads reads counts, a stranger nothing.
func TestACampaignShowsCountsAlone(t *testing.T) {
	t.Parallel()
	tr := newTour(t, "a_one", "b_two")
	c := tr.begin(t)
	tr.lead(t, c)
	fatal(t, tr.run(t.Context(), c, "a_one"))
	one := tr.adopters["a_one"]
	for name, s := range map[string]tenants.Scope{"another adopter": tr.adopters["b_two"].Scope, "a stranger": tr.third} {
		_, err := tr.campaigns.Get(t.Context(), s, c.ID)
		wantKind(t, err, problem.NotFound)
		_, err = tr.campaigns.Steer(t.Context(), s, c.ID, campaign.Cancel)
		wantKind(t, err, problem.NotFound)
		_, err = tr.campaigns.Upgrades(t.Context(), s, one.adoption.ID)
		wantKind(t, err, problem.NotFound)
		_, err = tr.campaigns.Choose(t.Context(), s, one.adoption.ID, true)
		wantKind(t, err, problem.NotFound)
		_, err = tr.campaigns.Start(t.Context(), s, uuid.Must(uuid.NewV7()), tr.practice.ID)
		wantKind(t, err, problem.NotFound)
		if found, err := tr.campaigns.FindCandidates(t.Context(), s); err != nil || len(found) > 0 {
			t.Errorf("%s leads %v %v", name, found, err)
		}
		if err := tr.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
			var counts, waiting int
			if err := tx.QueryRow(t.Context(), `select count(*) from practice.campaign_counts($1)`, c.ID).Scan(&counts); err != nil {
				return err
			}
			if err := tx.QueryRow(t.Context(), `select count(*) from practice.campaign_waiting($1, '0')`, c.ID).Scan(&waiting); err != nil {
				return err
			}
			if counts+waiting > 0 {
				t.Errorf("%s counts %d and %d of a campaign of another body", name, counts, waiting)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
	fatal(t, tr.DB.InTx(t.Context(), tr.giving, func(tx tenants.Tx) error {
		var rows int
		if err := tx.QueryRow(t.Context(), `select count(*) from practice.campaign_entries`).Scan(&rows); err != nil {
			return err
		}
		if rows > 0 {
			t.Errorf("who leads reads %d rows of the adopters", rows)
		}
		return nil
	}))
	_, err := tr.campaigns.Upgrades(t.Context(), tr.giving, one.adoption.ID)
	wantKind(t, err, problem.NotFound) // the ceding side
}

// A campaign waits while it is paused, goes on when it is resumed, tries again what failed, and ends when it is cancelled.
func TestACampaignIsSteered(t *testing.T) {
	t.Parallel()
	tr := newTour(t, "a_one", "b_two", "c_three")
	tr.automatic(t, "a_one", "b_two", "c_three")
	tr.spoil(t, "c_three")
	c := tr.begin(t)
	if again := tr.begin(t); again.ID != c.ID {
		t.Errorf("a second campaign for the same kit: %s", again.ID)
	}
	tr.lead(t, c)
	steer := func(step campaign.Step) {
		t.Helper()
		_, err := tr.campaigns.Steer(t.Context(), tr.giving, c.ID, step)
		fatal(t, err)
	}
	refused := func(steps ...campaign.Step) {
		t.Helper()
		for _, step := range steps {
			_, err := tr.campaigns.Steer(t.Context(), tr.giving, c.ID, step)
			wantKind(t, err, problem.Conflict)
		}
	}
	steer(campaign.Pause)
	refused(campaign.Pause, campaign.Retry)
	fatal(t, tr.run(t.Context(), c, "a_one")) // its job comes too late
	tr.wantCounts(t, c, map[string]int{"paused": 3})
	if waits, err := tr.campaigns.Lead(t.Context(), tr.giving, c.ID); err != nil || waits {
		t.Errorf("a paused campaign is led on: %v %v", waits, err)
	}
	steer(campaign.Resume)
	refused(campaign.Resume)
	tr.lead(t, c)
	fatal(t, tr.run(t.Context(), c, "a_one"))
	fatal(t, tr.run(t.Context(), c, "a_one")) // twice changes nothing
	if err := tr.run(t.Context(), c, "c_three"); err == nil {
		t.Error("a body whose items are broken has no error")
	}
	tr.wantCounts(t, c, map[string]int{"applied": 1, "waiting": 1, "failed unreadable": 1})

	restored, err := question("QU-01", "Uno").Hash()
	fatal(t, err)
	canonical, err := kit.Canonical(question("QU-01", "Uno").Content)
	fatal(t, err)
	_, err = tr.Owner.Exec(t.Context(), `update kit.item_versions set content = $2, sha256 = $3 where tenant_id = $1 and key = 'QU-01'`,
		tr.adopters["c_three"].Tenant, string(canonical), restored)
	fatal(t, err)
	steer(campaign.Retry)
	tr.lead(t, c)
	fatal(t, tr.run(t.Context(), c, "c_three"))
	tr.wantCounts(t, c, map[string]int{"applied": 2, "waiting": 1})

	steer(campaign.Cancel)
	refused(campaign.Cancel, campaign.Pause, campaign.Resume, campaign.Retry)
	fatal(t, tr.run(t.Context(), c, "b_two"))
	tr.wantCounts(t, c, map[string]int{"applied": 2, "cancelled": 1})
	if got := tr.answer(t, "b_two"); got != "Uno" {
		t.Errorf("a cancelled campaign changed a body: %q", got)
	}
	tr.adopt(t, "d_new") // behind nothing: it has the newest
	if again := tr.begin(t); again.ID == c.ID {
		t.Error("a cancelled campaign was begun again")
	} else {
		tr.wantCounts(t, again, map[string]int{"waiting": 1})
	}
}

// An upgrade that ends the program is not tried for ever, and its attempts are counted before they are made.
func TestAnUpgradeThatEndsTheProgramIsGivenUp(t *testing.T) {
	t.Parallel()
	tr := newTour(t, "a_one", "b_two")
	tr.automatic(t, "a_one", "b_two")
	c := tr.begin(t)
	tr.lead(t, c)
	for range 3 { // what a killed process leaves: an attempt that was counted, and nothing else
		_, err := tr.Owner.Exec(t.Context(), `update practice.campaign_entries set attempts = attempts + 1, asked_at = now() - interval '1 hour'
			where tenant_id = $1`, tr.adopters["a_one"].Tenant)
		fatal(t, err)
	}
	before := tr.count(t, `select count(*) from river.river_job where kind = 'practice.prepare'`)
	_, err := tr.Owner.Exec(t.Context(), `delete from river.river_job where kind = 'practice.prepare'`)
	fatal(t, err)
	tr.lead(t, c) // asks again for what was lost, and not for what waits
	if again := tr.count(t, `select count(*) from river.river_job where kind = 'practice.prepare'`); before != 2 || again != 1 {
		t.Errorf("asked for %d, then for %d", before, again)
	}
	fatal(t, tr.run(t.Context(), c, "a_one"))
	fatal(t, tr.run(t.Context(), c, "b_two"))
	tr.wantCounts(t, c, map[string]int{"failed crashed": 1, "applied": 1})
}

// An upgrade that is cut off while it is written has changed nothing, and the next job does it whole.
func TestAnUpgradeThatIsCutOffIsDoneAgain(t *testing.T) {
	t.Parallel()
	tr := newTour(t, "a_one", "b_two")
	tr.automatic(t, "a_one", "b_two")
	c := tr.begin(t)
	tr.lead(t, c)
	lock, err := tr.Owner.Begin(t.Context())
	fatal(t, err)
	defer func() { _ = lock.Rollback(context.WithoutCancel(t.Context())) }() // nothing where it was given back
	_, err = lock.Exec(t.Context(), `lock table practice.application_items in share row exclusive mode`)
	fatal(t, err)
	ended := make(chan error, 1)
	ctx, cut := context.WithCancel(t.Context())
	defer cut()
	go func() { ended <- tr.run(ctx, c, "a_one") }()
	tr.until(t, "the upgrade at its last table", func() bool {
		return tr.count(t, `select count(*) from pg_locks l where not l.granted and l.relation = 'practice.application_items'::regclass
			and l.database = (select oid from pg_database where datname = current_database())`) > 0
	}, func() string { return "" })
	cut() // the connection ends in the middle, as that of a program that is killed
	if err := <-ended; err == nil {
		t.Error("an upgrade that was cut off ends well")
	}
	fatal(t, lock.Rollback(t.Context()))
	if got := tr.answer(t, "a_one"); got != "Uno" || tr.standing(t, "a_one") != "waiting" {
		t.Errorf("cut off: it has %q and is %s", got, tr.standing(t, "a_one"))
	}
	fatal(t, tr.run(t.Context(), c, "b_two")) // no lock is left
	tr.lead(t, c)
	fatal(t, tr.run(t.Context(), c, "a_one"))
	if got := tr.answer(t, "a_one"); got != "Uno della 1.1.0" {
		t.Errorf("done again: it has %q", got)
	}
	tr.wantCounts(t, c, map[string]int{"applied": 2})
}

// A role decides who sees what: that is never applied by itself.
func TestWhatChangesSightIsNotAutomatic(t *testing.T) {
	t.Parallel()
	tr := newTour(t, "a_one")
	tr.automatic(t, "a_one")
	tr.edit(t, tr.giving, source(kit.KindRole, "RU-01", map[string]any{
		"description": map[string]string{"it": "Chi segue le attività del centro"}, "assigned": map[string]any{"may": []string{"open"}, "reads": []string{"diary"}},
	}))
	tr.publish(t, tr.practice, "1.2.0")
	c := tr.begin(t)
	tr.lead(t, c)
	fatal(t, tr.run(t.Context(), c, "a_one"))
	tr.wantCounts(t, c, map[string]int{"prepared sight": 1})
	if got := tr.answer(t, "a_one"); got != "Uno" {
		t.Errorf("applied by itself: %q", got)
	}
	one := tr.adopters["a_one"]
	_, err := tr.upgrades.Apply(t.Context(), one.Scope, one.adoption.ID, upgrade.Choice{})
	fatal(t, err)
	tr.edit(t, tr.giving, source(kit.KindRole, "RU-01", map[string]any{
		"description": map[string]string{"it": "Chi accompagna le attività del centro"}, "assigned": map[string]any{"may": []string{"open"}, "reads": []string{"diary"}},
	}))
	tr.publish(t, tr.practice, "1.3.0")
	words := tr.begin(t)
	tr.lead(t, words)
	fatal(t, tr.run(t.Context(), words, "a_one"))
	tr.wantCounts(t, words, map[string]int{"applied": 1}) // other words of a role show nobody anything else
}

// Jobs do all of it: a job that panics leaves the others alone, and a campaign that nobody looks after goes on by itself.
func TestACampaignRunsAsJobs(t *testing.T) {
	t.Parallel()
	names := []string{"a_panic"}
	for i := range 12 {
		names = append(names, fmt.Sprintf("b_%02d", i))
	}
	tr := newTour(t, names...)
	tr.automatic(t, names...)
	list := manifests()
	for i := range list {
		for j := range list[i].Kinds {
			if list[i].Kinds[j].ID == kit.KindQuestion {
				list[i].Kinds[j].Impact = func(_ context.Context, _ tenants.Tx, tenant int32, _ string) (int, error) {
					if tenant == tr.adopters["a_panic"].Tenant {
						panic("a broken kind")
					}
					return 0, nil
				}
			}
		}
	}
	deps := tr.deps
	kinds, err := modules.NewKinds(list)
	fatal(t, err)
	deps.Platform.Kinds = kinds
	service := campaign.NewService(deps)
	host, err := jobs.New(jobs.Config{
		DB: tr.DB, Bodies: tr.deps.Bodies, Log: slog.New(slog.DiscardHandler), Workers: []func(*river.Workers){service.Work},
	})
	fatal(t, err)
	fatal(t, host.Start(t.Context()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		fatal(t, host.Stop(ctx))
	})
	c := tr.begin(t)
	tr.await(t, c, map[string]int{"applied": 12, "waiting": 1})
	for range 2 { // the minute between two looks passes
		tr.awaitAttempt(t, "a_panic")
		tr.lead(t, c)
	}
	tr.await(t, c, map[string]int{"applied": 12, "failed crashed": 1})
	for _, name := range names[1:] {
		if got := tr.answer(t, name); got != "Uno della 1.1.0" {
			t.Errorf("%s has %q", name, got)
		}
	}
}

// await waits until a campaign counts so.
func (tr *tour) await(t *testing.T, c campaign.Campaign, want map[string]int) {
	t.Helper()
	tr.until(t, fmt.Sprint(want), func() bool { return cmp.Equal(want, tr.counts(t, c)) }, func() string { return fmt.Sprint(tr.counts(t, c)) })
}

// awaitAttempt waits until the last job of a body's upgrade has ended and it may be asked for again.
func (tr *tour) awaitAttempt(t *testing.T, name string) {
	t.Helper()
	tr.until(t, name, func() bool {
		return tr.count(t, `select count(*) from practice.campaign_entries where tenant_id = $1 and asked_at is null`, tr.adopters[name].Tenant) == 1 &&
			tr.count(t, `select count(*) from river.river_job where kind = 'practice.prepare' and state = 'running'`) == 0
	}, func() string { return "" })
}

func (tr *tour) until(t *testing.T, what string, holds func() bool, found func() string) {
	t.Helper()
	tick, late := time.NewTicker(50*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%s does not come: %s", what, found())
		}
	}
}

// The way of a campaign on the pages, of both sides.
func TestACampaignOnPages(t *testing.T) {
	t.Parallel()
	tr := newTour(t, "a_one", "b_two")
	si := newSite(t, tr.stage)
	leader, one := si.as(t, tr.giving), si.as(t, tr.adopters["a_one"].Scope)
	leader.visit(t, "/adozioni", nil).want(t, 200, "/campagne")
	leader.visit(t, "/campagne", nil).want(t, 200, "Pratica di prova", "1.1.0", "/campagne/nuova?pratica="+tr.practice.ID.String())
	ask := leader.visit(t, "/campagne/nuova?pratica="+tr.practice.ID.String(), nil).want(t, 200, "per 2 enti", "decidono quando applicarlo")
	begun := leader.visit(t, "/campagne", ask.fill()).want(t, 303)
	c, err := tr.campaigns.Get(t.Context(), tr.giving, uuid.MustParse(strings.TrimPrefix(begun.to, "/campagne/")))
	fatal(t, err)
	leader.visit(t, begun.to, nil).want(t, 200, "In attesa", "Metti in pausa", "Annulla la campagna")
	leader.visit(t, begun.to+"/passo", url.Values{"step": {"jump"}}).want(t, 422)
	leader.visit(t, begun.to+"/passo", url.Values{"step": {"pause"}}).want(t, 303)
	leader.visit(t, begun.to+"/passo", url.Values{"step": {"pause"}}).want(t, 303)
	leader.visit(t, begun.to, nil).want(t, 200, "in pausa", "Riprendi")
	leader.visit(t, begun.to+"/passo", url.Values{"step": {"resume"}}).want(t, 303)
	at := "/adozioni/" + tr.adopters["a_one"].adoption.ID.String()
	choice := one.visit(t, at+"/aggiornamenti", nil).want(t, 200, "In preparazione", "Decide l&#39;ente ogni volta")
	one.visit(t, at+"/aggiornamenti", url.Values{"automatic": {"forse"}}).want(t, 422)
	one.visit(t, at+"/aggiornamenti", choice.fill("automatic", "yes")).want(t, 303)
	tr.lead(t, c)
	fatal(t, tr.run(t.Context(), c, "a_one"))
	fatal(t, tr.run(t.Context(), c, "b_two"))
	one.visit(t, at+"/aggiornamenti", nil).want(t, 200, "Applicato")
	two := si.as(t, tr.adopters["b_two"].Scope)
	two.lang = "en"
	two.visit(t, "/adozioni/"+tr.adopters["b_two"].adoption.ID.String()+"/aggiornamenti", nil).want(t, 200, "Look at the dry run", "/prova?kit="+c.Kit.String())
	leader.visit(t, begun.to, nil).want(t, 200, "Tutti gli aggiornamenti sono stati preparati")
	leader.visit(t, begun.to+"/annulla", nil).want(t, 200, "Ciò che un ente ha già applicato resta")
	leader.visit(t, begun.to+"/passo", url.Values{"step": {"cancel"}}).want(t, 303)
	leader.visit(t, begun.to, nil).want(t, 200, "Aggiornati", "annullata")
	two.visit(t, begun.to, nil).want(t, 404)
	leader.visit(t, at+"/aggiornamenti", nil).want(t, 404)
}

// The same through the API.
func TestACampaignThroughTheAPI(t *testing.T) {
	t.Parallel()
	tr := newTour(t, "a_one")
	parts, err := practice.Module().New(tr.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	leader := caller{t, api, tenants.WithScope(t.Context(), tr.giving)}
	one := caller{t, api, tenants.WithScope(t.Context(), tr.adopters["a_one"].Scope)}
	listed := leader.call("GET", "/upgrade-campaigns", 200)
	if first := listed["candidates"].([]any)[0].(map[string]any); first["adopters"] != 1.0 || first["release"] != "1.1.0" {
		t.Errorf("candidates: %v", listed)
	}
	id := uuid.Must(uuid.NewV7()).String()
	for range 2 {
		if c := leader.call("POST", "/upgrade-campaigns", 201, "Idempotency-Key: "+id, map[string]any{"practice": tr.practice.ID.String()}); c["id"] != id || c["bodies"] != 1.0 {
			t.Errorf("started: %v", c)
		}
	}
	at := "/adoptions/" + tr.adopters["a_one"].adoption.ID.String() + "/upgrades"
	if u := one.call("PUT", at, 200, map[string]any{"automatic": true}); u["automatic"] != true {
		t.Errorf("chosen: %v", u)
	}
	c, err := tr.campaigns.Get(t.Context(), tr.giving, uuid.MustParse(id))
	fatal(t, err)
	tr.lead(t, c)
	fatal(t, tr.run(t.Context(), c, "a_one"))
	if u := one.call("GET", at, 200)["prepared"].([]any)[0].(map[string]any); u["state"] != "applied" || u["changes"] != 1.0 {
		t.Errorf("prepared: %v", u)
	}
	if c := leader.call("GET", "/upgrade-campaigns/"+id, 200); c["done"] != true {
		t.Errorf("campaign: %v", c)
	}
	if c := leader.call("POST", "/upgrade-campaigns/"+id+"/steps", 200, map[string]any{"step": "pause"}); c["state"] != "paused" {
		t.Errorf("paused: %v", c)
	}
	if r := api.DoCtx(one.ctx, http.MethodGet, "/upgrade-campaigns/"+id); r.Code == http.StatusOK {
		t.Errorf("an adopter reads the campaign: %s", r.Body)
	}
}

// A body that went back is not counted among those that have the new kit.
func TestWhoGoesBackIsNotUpgraded(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	st.edit(t, st.giving, question("QU-01", "Uno e mezzo"))
	st.publish(t, p, "1.1.0")
	c := campaign.NewService(st.deps)
	begun := uuid.Must(uuid.NewV7())
	fatal(t, st.DB.InTx(t.Context(), st.giving, func(tx tenants.Tx) error { // as Start does, without jobs
		_, err := tx.Exec(t.Context(), `select practice.start_campaign($1, $2, 'prova')`, begun, p.ID)
		return err
	}))
	_, err = c.Choose(t.Context(), st.taking, a.ID, true)
	fatal(t, err)
	fatal(t, c.Prepare(t.Context(), st.taking, campaign.Preparation{Campaign: begun, Adoption: a.ID}))
	runs, err := st.upgrades.Runs(t.Context(), st.taking, a.ID)
	fatal(t, err)
	_, err = st.upgrades.Undo(t.Context(), st.taking, a.ID, upgrade.Back{Run: runs[0].ID})
	fatal(t, err)
	got, err := c.Get(t.Context(), st.giving, begun)
	fatal(t, err)
	st.Excuse(t, "practice.campaigns", "practice.campaign_entries")
	if got.Count(campaign.Applied) != 0 || got.Count(campaign.Returned) != 1 {
		t.Errorf("counts: %+v", got.Counts)
	}
}
