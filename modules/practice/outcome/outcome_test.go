package outcome_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/guide"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/practice"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/outcome"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/modules/practice/use"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is Marsala, which has published the CID, and Pantelleria, which has applied it; every module is at work.
type stage struct {
	*moduletest.Stage
	t              *testing.T
	outcomes       *outcome.Service
	boards         *board.Service
	giving, taking tenants.Scope
	worker         tenants.Scope
	adoption       uuid.UUID
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{t: t, Stage: moduletest.NewStage(t, registry.Module(), kit.Module(), casefile.Module(), intake.Module(), assessment.Module(),
		guide.Module(), practice.Module(), sharing.Module())}
	giver, taker := st.On(t, "marsala"), st.On(t, "pantelleria")
	for _, body := range []tenants.Tenant{giver, taker} {
		for _, m := range st.List {
			st.SwitchOn(t, body.ID, m.ID)
		}
	}
	st.Measured(t)
	st.outcomes, st.boards = outcome.NewService(st.Deps), board.NewService(st.Deps)
	st.giving, st.taking = st.Operator(t, giver, "practice_owner"), st.Operator(t, taker, "practice_owner")
	st.worker = st.Operator(t, taker, "social_worker")
	st.adoption = st.adopt()
	return st
}

// adopt publishes the CID in the giving body, and applies it in the taking one.
func (st *stage) adopt() uuid.UUID {
	st.t.Helper()
	ctx := st.t.Context()
	source, err := release.CID()
	st.must(err)
	p, err := release.InstallSource(ctx, st.Deps, st.giving, source)
	st.must(err)
	items, err := kit.NewItems(st.Deps).Find(ctx, st.giving, "")
	st.must(err)
	composed := release.Composition{Kit: newID(), Practice: p.ID, Release: "1.0.0"}
	for _, item := range items {
		composed.Versions = append(composed.Versions, item.Current.ID)
	}
	releases := release.NewService(st.Deps)
	report, err := releases.Compose(ctx, st.giving, composed)
	st.must(err)
	_, err = releases.Publish(ctx, st.giving, report.Kit.ID)
	st.must(err)
	a, err := adoption.NewService(st.Deps).Start(ctx, st.taking, newID(), p.ID)
	st.must(err)
	upgrades := upgrade.NewService(st.Deps)
	plan, err := upgrades.Plan(ctx, st.taking, a.ID, uuid.Nil)
	st.must(err)
	_, err = upgrades.Apply(ctx, st.taking, a.ID, upgrade.Choice{Seen: plan.Digest(), Acknowledged: true})
	st.must(err)
	return a.ID
}

func (st *stage) must(err error) {
	st.t.Helper()
	if err != nil {
		st.t.Fatal(err)
	}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// later moves the one clock of the database.
func (st *stage) later(days int) {
	st.t.Helper()
	st.exec(fmt.Sprintf(`create or replace function app.now() returns timestamptz language sql stable parallel safe as
		$$ select statement_timestamp() + interval '%d days' $$`, days))
}

func (st *stage) exec(sql string, args ...any) {
	st.t.Helper()
	if _, err := st.Owner.Exec(st.t.Context(), sql, args...); err != nil {
		st.t.Fatalf("%s: %v", sql, err)
	}
}

func (st *stage) get(s tenants.Scope) outcome.Outcome {
	st.t.Helper()
	o, err := st.outcomes.Get(st.t.Context(), s, st.adoption)
	st.must(err)
	return o
}

// use is how much an item of the outcome is used.
func (st *stage) use(o outcome.Outcome, key string) use.Line {
	st.t.Helper()
	at := slices.IndexFunc(o.Lines, func(l use.Line) bool { return l.Key == key })
	if at < 0 {
		st.t.Fatalf("%s is not among the items", key)
	}
	return o.Lines[at]
}

// work does a little of everything: a contact, a case on the path of the kit with a step, and an assessment.
func (st *stage) work() {
	st.t.Helper()
	ctx := st.t.Context()
	person, err := registry.NewService(st.Deps).Create(ctx, st.worker, registry.NewPerson{
		ID: newID(), Details: registry.Details{Surname: "Bianco", Name: "Rosa", NoCodeReason: "unknown"},
	})
	st.must(err)
	_, err = intake.NewService(st.Deps).CreateContact(ctx, st.worker, intake.NewContact{ID: newID(), Details: intake.Details{
		Person: person.ID, Channel: "in_person", Interlocutor: "user", Reason: "spontaneous", Request: "Un aiuto in casa",
	}})
	st.must(err)
	cases := casefile.NewService(st.Deps)
	c, err := cases.Create(ctx, st.worker, casefile.Opening{ID: newID(), Person: person.ID, Area: "disabili", Workflow: "WF-02"})
	st.must(err)
	st.must(cases.Move(ctx, st.worker, c.ID.String(), casefile.Move{Step: "start", Answers: kit.Answers{
		"application": "Prot. 12", "applied_on": time.Now().Format(time.DateOnly), "officer": st.worker.Account.String(), "start_notice": "Prot. 13",
	}}))
	_, err = assessment.NewService(st.Deps).SaveDraft(ctx, st.worker, c.ID.String(), assessment.Filling{ID: newID(), Instrument: "AS-01", DoneOn: time.Now().AddDate(0, 0, -1)})
	st.must(err)
}

// What is measured is what was done, and it grows old.
func TestUseIsMeasuredFromTheWork(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	if o := st.get(st.taking); o.Verdict != outcome.Starting || o.Figures.Used90 != 0 || o.Figures.Measured == 0 {
		t.Fatalf("before any work: %s %+v", o.Verdict, o.Figures)
	}
	st.work()
	o := st.get(st.taking)
	if o.Verdict != outcome.Active {
		t.Errorf("after the work: %s", o.Verdict)
	}
	for key, want := range map[string]int{"WF-01": 1, "WF-02": 2, "AS-01": 1, "FO-01": 0, "SV-01": 1} {
		line := st.use(o, key)
		if line.Use.Days30 != want || line.Use.Days90 != want || line.Use.Days180 != want || line.Use.Records != want || line.Use.People != min(want, 1) || !line.Measured {
			t.Errorf("%s: %+v, want %d", key, line.Use, want)
		}
	}
	if through := st.use(o, "SV-01").Through; !cmp.Equal(through, []string{"FO-01", "WF-01"}) {
		t.Errorf("the service is measured by %v", through)
	}
	if through := st.use(o, "VO-01").Through; !cmp.Equal(through, []string{"WF-01"}) {
		t.Errorf("the vocabulary is measured by %v", through)
	}
	for _, key := range []string{"AA-01", "PO-01"} {
		if line := st.use(o, key); key == "AA-01" && line.Measured || key == "PO-01" && !line.Measured {
			t.Errorf("%s: measured %v", key, line.Measured)
		}
	}
	if got := st.get(st.taking).Figures; got.Records.N != 4 || got.People.N != 1 || got.Unused != 0 {
		t.Errorf("figures: %+v", got)
	}
	for days, want := range map[int][3]int{29: {1, 1, 1}, 31: {0, 1, 1}, 89: {0, 1, 1}, 91: {0, 0, 1}, 181: {0, 0, 0}} {
		st.later(days)
		u := st.use(st.get(st.taking), "AS-01").Use
		if got := [3]int{u.Days30, u.Days90, u.Days180}; got != want || u.Records != 1 || u.Last.IsZero() {
			t.Errorf("after %d days: %v, want %v; %+v", days, got, want, u)
		}
	}
}

func TestAPracticeFallsAsleepAndAwakes(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.later(89)
	if o := st.get(st.taking); o.Verdict != outcome.Starting || o.Figures.Unused != 0 {
		t.Errorf("on the 89th day: %s, %d unused", o.Verdict, o.Figures.Unused)
	}
	st.later(90)
	o := st.get(st.taking)
	if o.Verdict != outcome.Dormant || o.Figures.Unused != o.Figures.Measured || o.Figures.Measured == 0 {
		t.Errorf("on the 90th day: %s, %+v", o.Verdict, o.Figures)
	}
	st.must(st.outcomes.MeasureAll(t.Context(), st.taking))
	if state := st.text(`select state from practice.adoptions where id = $1`, st.adoption); state != "dormant" {
		t.Errorf("the adoption is %s", state)
	}
	st.later(0)
	st.work()
	st.later(80)
	if o := st.get(st.taking); o.Verdict != outcome.Active || st.use(o, "AS-01").IsDormant(o.Figures.At) || st.use(o, "AS-02").IsDormant(o.Figures.At) {
		t.Errorf("with work: %s", o.Verdict)
	}
	st.later(90)
	if o := st.get(st.taking); o.Verdict != outcome.Dormant || !st.use(o, "AS-01").IsDormant(o.Figures.At) {
		t.Errorf("ninety days after the work: %s", o.Verdict)
	}
}

func (st *stage) text(sql string, args ...any) (value string) {
	st.t.Helper()
	st.must(st.Owner.QueryRow(st.t.Context(), sql, args...).Scan(&value))
	return value
}

// The other parties read counts of items, and nothing of one to four people or records.
func TestOthersReadWhatIsPublishedWithSmallNumbersProtected(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.work()
	if o := st.get(st.giving); !o.Figures.At.IsZero() || len(o.Lines) != 0 {
		t.Fatalf("the ceding body reads what nobody has published: %+v", o.Figures)
	}
	st.must(st.outcomes.MeasureAll(t.Context(), st.taking))
	seen := st.get(st.giving)
	if seen.Verdict != outcome.Active || !seen.Figures.Records.Few || !seen.Figures.People.Few || seen.Figures.Records.N != 0 || len(seen.Lines) != 0 {
		t.Errorf("the ceding body reads %+v of %d lines", seen.Figures, len(seen.Lines))
	}
	if last := seen.Figures.LastOn; last.Day() != 1 || st.text(`select count(*)::text from practice.adoptions_uses where extract(day from last_on) <> 1`) != "0" {
		t.Errorf("the ceding body reads the day %s", last)
	}
	err := st.DB.InTx(t.Context(), st.taking, func(tx tenants.Tx) error {
		var fresh bool
		var told time.Time
		if err := tx.QueryRow(t.Context(), `select practice.publish_use($1, '{"verdict": "active", "items": 1, "measured": 1, "used30": 0, "used90": 0, "used180": 0, "unused": 0, "last_on": "2026-03-17"}')`,
			st.adoption).Scan(&fresh); err != nil {
			return err
		}
		if err := tx.QueryRow(t.Context(), `select last_on from practice.adoptions_uses where adoption_id = $1 order by month desc limit 1`, st.adoption).Scan(&told); err != nil {
			return err
		}
		if told.Format(time.DateOnly) != "2026-03-01" {
			t.Errorf("who calls the function tells %s", told)
		}
		return errors.New("undo")
	})
	if err == nil || err.Error() != "undo" {
		t.Errorf("published: %v", err)
	}
	if own := st.get(st.taking).Figures; own.Used90 != seen.Figures.Used90 || own.Measured != seen.Figures.Measured || own.Used90 == 0 {
		t.Errorf("own %+v, seen %+v", own, seen.Figures)
	}
	for range 2 {
		st.work()
	}
	st.must(st.outcomes.MeasureAll(t.Context(), st.taking))
	if seen := st.get(st.giving).Figures; seen.Records.N != 12 || seen.Records.Few || !seen.People.Few {
		t.Errorf("of twelve records the ceding body reads %+v", seen)
	}
	if n := st.text(`select count(*)::text from audit.events where action = 'adoption.measure'`); n != "2" {
		t.Errorf("%s events", n)
	}
	st.must(st.outcomes.MeasureAll(t.Context(), st.taking)) // nothing is news
	if n := st.text(`select count(*)::text from audit.events where action = 'adoption.measure'`); n != "2" {
		t.Errorf("measuring the same again leaves %s events", n)
	}
	stranger := st.Operator(t, st.On(t, "mazara", "practice"), "practice_owner")
	if _, err := st.outcomes.Get(t.Context(), stranger, st.adoption); problem.Of(err).Kind != problem.NotFound {
		t.Errorf("a stranger: %v", err)
	}
	err = st.DB.InTx(t.Context(), st.giving, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `select practice.publish_use($1, '{}')`, st.adoption)
		return err
	})
	if err == nil {
		t.Error("the ceding body publishes how the other is doing")
	}
}

// What the body states of itself once a year ends an adoption, after a day in which it can be taken back.
func TestTheYearlyReviewEndsAnAdoption(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.work()
	euro, people := 12000.0, 3
	review := board.Statement{ID: newID(), Kind: board.Review, Value: "ended", Day: time.Now(), Amount: &euro, People: &people}
	st.must(st.boards.State(t.Context(), st.taking, st.adoption, review))
	if o := st.get(st.taking); o.Verdict != outcome.Ended {
		t.Errorf("after the review: %s", o.Verdict)
	}
	st.must(st.outcomes.MeasureAll(t.Context(), st.taking))
	if state := st.text(`select state from practice.adoptions where id = $1`, st.adoption); state == "ended" {
		t.Error("the review ends the adoption at once")
	}
	st.must(st.boards.Withdraw(t.Context(), st.taking, st.adoption, review.ID))
	if o := st.get(st.giving); o.Verdict != outcome.Ended { // as it was published
		t.Errorf("the ceding body reads %s", o.Verdict)
	}
	if o := st.get(st.taking); o.Verdict != outcome.Active {
		t.Errorf("withdrawn: %s", o.Verdict)
	}
	review.ID = newID()
	st.must(st.boards.State(t.Context(), st.taking, st.adoption, review))
	st.later(2)
	st.must(st.outcomes.MeasureAll(t.Context(), st.taking))
	if state := st.text(`select state from practice.adoptions where id = $1`, st.adoption); state != "ended" {
		t.Errorf("two days after the review the adoption is %s", state)
	}
	if o := st.get(st.giving); o.Verdict != outcome.Ended {
		t.Errorf("the ceding body reads %s", o.Verdict)
	}
	st.must(st.outcomes.MeasureAll(t.Context(), st.taking)) // what has ended is not measured
}

// What came with a case of another body, or was written by one, is no use of the own items.
func TestTheWorkOfOthersIsNoUse(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.work()
	st.exec(`update assessment.assessments set author_tenant = $1`, st.giving.Tenant)
	if u := st.use(st.get(st.taking), "AS-01").Use; u.Records != 0 {
		t.Errorf("%+v", u)
	}
}

// Only bodies that have something to measure are asked to, and no body learns which those are.
func TestWhoHasNothingToMeasureIsNotAsked(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.must(st.outcomes.AskAll(t.Context()))
	if asked := st.text(`select string_agg(args ->> 'tenant_id', ',') from river.river_job where kind = 'practice.measure'`); asked != fmt.Sprint(st.taking.Tenant) {
		t.Errorf("asked %s, not %d alone", asked, st.taking.Tenant)
	}
	err := st.DB.InTx(t.Context(), st.taking, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `select practice.measurers()`)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "only the platform") {
		t.Errorf("a body that asks who measures: %v", err)
	}
}
