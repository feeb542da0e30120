package outcome_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"staffetta/internal/problem"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/outcome"
	"staffetta/modules/practice/trainee"
	"staffetta/tenants"
)

// told are the causes of the alarms that a body is told of, with how many.
func (st *stage) told(s tenants.Scope) map[string]int {
	st.t.Helper()
	causes := map[string]int{}
	for _, a := range st.get(s).Alarms {
		causes[a.Cause] = a.Count
	}
	return causes
}

func (st *stage) measure() {
	st.t.Helper()
	st.must(st.outcomes.MeasureAll(st.t.Context(), st.taking))
}

// led makes Mazara the lead body of the adoption.
func (st *stage) led() tenants.Scope {
	st.t.Helper()
	lead := st.On(st.t, "mazara", "practice")
	adoptions := adoption.NewService(st.Deps)
	for name, bad := range map[string]string{"a side": st.taking.Slug, "nobody": "boh", "the platform": tenants.PlatformSlug} {
		if _, err := adoptions.NameLead(st.t.Context(), st.taking, st.adoption, adoption.Naming{Lead: bad}); problem.Of(err).Kind != problem.Invalid {
			st.t.Errorf("%s leads: %v", name, err)
		}
	}
	st.name(st.taking, adoption.Naming{Lead: lead.Slug}, false)
	st.name(st.giving, adoption.Naming{Lead: lead.Slug}, true)
	s := st.Operator(st.t, lead, "lead_contact")
	if _, err := adoptions.NameLead(st.t.Context(), s, st.adoption, adoption.Naming{Lead: lead.Slug}); problem.Of(err).Kind != problem.NotFound {
		st.t.Errorf("the lead names a lead: %v", err)
	}
	if _, err := adoptions.NameLead(st.t.Context(), st.giving, st.adoption, adoption.Naming{Lead: lead.Slug}); problem.Of(err).Kind != problem.Invalid {
		st.t.Errorf("the same lead again: %v", err)
	}
	return s
}

// The reusing body is told at once, the lead body thirty days later, the ceding body never; what is mended is settled.
func TestAnAlarmGoesToTheReusingBodyFirst(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	lead := st.led()
	adoptions := adoption.NewService(st.Deps)
	if l, err := adoptions.FindLed(t.Context(), lead); err != nil || len(l) != 1 || l[0].Late != 0 || l[0].Reusing != st.taking.Tenant {
		t.Errorf("the lead body leads %+v, %v", l, err)
	}
	st.later(89)
	st.measure()
	if got := st.told(st.taking); len(got) != 0 {
		t.Errorf("on the 89th day: %v", got)
	}
	st.later(90)
	st.measure()
	unused := map[string]int{outcome.Unused: st.get(st.taking).Figures.Unused}
	for days, want := range map[int]map[string]int{90: {}, 119: {}} {
		st.later(days)
		st.measure()
		if got := st.told(lead); !cmp.Equal(got, want) {
			t.Errorf("on day %d the lead body is told of %v", days, got)
		}
	}
	if got := st.told(st.taking); !cmp.Equal(got, unused) || unused[outcome.Unused] == 0 {
		t.Errorf("the reusing body is told of %v, want %v", got, unused)
	}
	st.later(121)
	st.measure()
	if got := st.told(lead); !cmp.Equal(got, unused) {
		t.Errorf("after the term the lead body is told of %v", got)
	}
	if l, err := adoptions.FindLed(t.Context(), lead); err != nil || l[0].Late != 1 || l[0].Verdict != string(outcome.Dormant) {
		t.Errorf("the lead's page: %+v, %v", l, err)
	}
	if got := st.told(st.giving); len(got) != 0 {
		t.Errorf("the ceding body is told of %v", got)
	}
	if o := st.get(lead); len(o.Lines) != 0 || o.Verdict != outcome.Dormant {
		t.Errorf("the lead body reads %d lines, %s", len(o.Lines), o.Verdict)
	}
	if _, err := st.outcomes.Publish(t.Context(), lead, st.adoption); err != nil {
		t.Errorf("the lead measures: %v", err) // which measures nothing
	}
	// Everything used again: nothing threatens it any more, for nobody.
	st.exec(`update practice.adoption_items set decision = 'dropped' where kind not in ('assessment', 'workflow')`)
	st.work()
	st.exec(`update practice.adoption_items set decision = 'dropped' where key in ('AS-02', 'AS-03')`)
	st.exec(`update assessment.assessments set created_at = app.now()`)
	st.exec(`update casefile.steps set at = app.now()`)
	st.exec(`update intake.contacts set created_at = app.now()`)
	st.measure()
	if own, theirs := st.told(st.taking), st.told(lead); len(own)+len(theirs) != 0 {
		t.Errorf("still told of %v and %v", own, theirs)
	}
	st.later(240)
	st.measure()
	if got := st.told(lead); len(got) != 0 {
		t.Errorf("a new alarm is told to the lead at once: %v", got)
	}
}

// Who was trained and has left is an alarm, until somebody else takes the place.
func TestWhoWasTrainedAndLeftIsMissed(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	log := trainee.NewService(st.Deps)
	day := time.Now().AddDate(0, 0, -1)
	line := trainee.Trainee{ID: newID(), Course: "TR-01", Account: st.worker.Account, Day: day}
	for name, bad := range map[string]func(*trainee.Trainee){
		"no course": func(l *trainee.Trainee) { l.Course = "SV-01" }, "no colleague": func(l *trainee.Trainee) { l.Account = st.giving.Account },
		"no day": func(l *trainee.Trainee) { l.Day = time.Time{} }, "the future": func(l *trainee.Trainee) { l.Day = time.Now().AddDate(0, 0, 3) },
	} {
		wrong := line
		bad(&wrong)
		if err := log.Add(t.Context(), st.taking, st.adoption, wrong); problem.Of(err).Kind != problem.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 2 {
		st.must(log.Add(t.Context(), st.taking, st.adoption, line))
	}
	again := line
	again.ID = newID()
	st.must(log.Add(t.Context(), st.taking, st.adoption, again))
	if l, err := log.Get(t.Context(), st.taking, st.adoption); err != nil || len(l.Trainees) != 1 || l.Trainees[0].Left || l.Trainees[0].Name == "" {
		t.Fatalf("%+v, %v", l.Trainees, err)
	}
	if l, err := log.Get(t.Context(), st.giving, st.adoption); err != nil || len(l.Trainees) != 0 {
		t.Errorf("the ceding body reads %+v, %v", l.Trainees, err)
	}
	if _, err := log.Get(t.Context(), st.led(), st.adoption); problem.Of(err).Kind != problem.NotFound {
		t.Errorf("the lead body: %v", err)
	}
	st.measure()
	if got := st.told(st.taking); len(got) != 0 {
		t.Errorf("while they work here: %v", got)
	}
	st.exec(`update platform.memberships set valid_from = current_date - 9, valid_to = current_date - 2 where account_id = $1`, st.worker.Account)
	st.measure()
	if got := st.told(st.taking); !cmp.Equal(got, map[string]int{outcome.Left: 1}) {
		t.Errorf("after they left: %v", got)
	}
	st.must(log.Remove(t.Context(), st.taking, st.adoption, line.ID))
	if err := log.Remove(t.Context(), st.taking, st.adoption, line.ID); problem.Of(err).Kind != problem.NotFound {
		t.Errorf("removed twice: %v", err)
	}
	st.measure()
	if got := st.told(st.taking); len(got) != 0 {
		t.Errorf("after somebody took the place: %v", got)
	}
}

// What is due stands among the duties of the reusing body, each by its day.
func TestWhatIsDueIsADuty(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	adoptions := adoption.NewService(st.Deps)
	keys := func(s tenants.Scope) map[string]int {
		t.Helper()
		found, err := adoptions.FindDuties(t.Context(), s)
		st.must(err)
		counts := map[string]int{}
		for _, d := range found {
			n, _ := d.Label.Args["n"].(int)
			counts[d.Label.Key] = n
			if d.Path == "" || d.Title == "" {
				t.Errorf("a duty without path or title: %+v", d)
			}
		}
		return counts
	}
	if got := keys(st.taking); len(got) != 0 {
		t.Errorf("nothing is due, and there is %v", got)
	}
	now := time.Now()
	st.must(st.boards.Appoint(t.Context(), st.taking, st.adoption, board.Owner{Stage: 1, Name: "Anna Vella", Due: now.AddDate(0, 0, 10)}))
	st.must(st.boards.Appoint(t.Context(), st.taking, st.adoption, board.Owner{Stage: 2, Name: "Anna Vella", Due: now.AddDate(0, 0, 10)}))
	b, err := st.boards.Get(t.Context(), st.taking, st.adoption)
	st.must(err)
	st.must(st.boards.State(t.Context(), st.taking, st.adoption, board.Statement{
		ID: newID(), Kind: board.Response, Key: b.Programme.Questions[0].Place, Value: board.No, Owner: "Segreteria", Day: now.AddDate(0, 0, 13),
	}))
	want := map[string]int{"practice.duty.stage": 1, "practice.duty.gaps": 1}
	if got := keys(st.taking); !cmp.Equal(got, want) {
		t.Errorf("a stage and a gap: %v", got)
	}
	if got := keys(st.giving); !cmp.Equal(got, map[string]int{"practice.duty.gaps": 1}) {
		t.Errorf("the ceding body: %v", got)
	}
	// The first case was served five months and a week ago: the values of six months are due within thirty days.
	st.exec(`insert into practice.adoptions_statements (adoption_id, id, tenant_id, stage, kind, slot, day) values ($1, gen_random_uuid(), $2, 7, 'first_case', 'first_case', current_date - interval '5 months 7 days')`,
		st.adoption, st.taking.Tenant)
	six := 0
	for _, i := range b.Programme.Indicators {
		for _, m := range i.Rule.Months {
			if m == 6 {
				six++
			}
		}
	}
	if got := keys(st.taking)["practice.duty.measure"]; got != six || six == 0 || six == len(b.Programme.Indicators) {
		t.Errorf("%d values are due, want %d", got, six)
	}
	st.must(st.boards.State(t.Context(), st.taking, st.adoption, board.Statement{
		ID: newID(), Kind: board.Measure, Key: "KP-06", Value: "6", Day: now, Note: "Schede", Quantities: map[string]any{"places": 7.0},
	}))
	if got := keys(st.taking)["practice.duty.measure"]; got != six-1 {
		t.Errorf("after one of them %d are due", got)
	}
	st.measure()
	if got := st.told(st.taking); len(got) != 0 {
		t.Errorf("before the term: %v", got)
	}
	st.later(40)
	st.measure()
	if got := st.told(st.taking); len(got) != 0 {
		t.Errorf("within the month after the term: %v", got)
	}
	st.later(60)
	st.measure()
	if got := st.told(st.taking)[outcome.Unmeasured]; got != six-1 {
		t.Errorf("a month after the term %d values are missed", got)
	}
	if got := keys(st.giving)["practice.duty.measure"]; got != 0 {
		t.Error("the ceding body is to measure")
	}
	st.later(250)
	if got := keys(st.taking); got["practice.duty.review"] == 0 {
		t.Errorf("a year after the first case nobody is asked for the review: %v", got)
	}
}

// The value of an indicator is what its formula gives; one that points at few people is withheld.
func TestAValueIsComputedByTheFormula(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	state := func(key string, quantities map[string]any) error {
		amount := 99.0
		return st.boards.State(t.Context(), st.taking, st.adoption, board.Statement{
			ID: newID(), Kind: board.Baseline, Key: key, Day: time.Now().AddDate(0, 0, -3), Note: "Registro", Amount: &amount, Quantities: quantities,
		})
	}
	for name, quantities := range map[string]map[string]any{
		"none": nil, "one is missing": {"contacts": 12.0}, "negative": {"contacts": -1.0, "residents": 7000.0}, "a list": {"contacts": []float64{1}, "residents": 7000.0},
		"divided by nothing": {"contacts": 12.0, "residents": 0.0},
	} {
		if err := state("KP-01", quantities); problem.Of(err).Kind != problem.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	st.must(state("KP-01", map[string]any{"contacts": 12.0, "residents": 7000.0}))
	st.must(state("KP-02", map[string]any{"days": []float64{1, 2, 3, 30, 40}}))
	st.must(state("KP-04", map[string]any{"in_time": 2.0, "applications": 3.0}))
	values := map[string]any{}
	for _, s := range []tenants.Scope{st.taking, st.giving} {
		for _, v := range st.get(s).Values {
			if v.Before == nil {
				continue
			}
			if values[v.Indicator.Key] = nil; v.Before.Amount != nil {
				values[v.Indicator.Key] = *v.Before.Amount
			}
		}
		if diff := cmp.Diff(map[string]any{"KP-01": 1.7, "KP-02": 3.0, "KP-04": nil}, values, cmpopts.EquateApprox(0, 0.05)); diff != "" {
			t.Errorf("as %s reads them: %s", s.Slug, diff)
		}
		b, err := st.boards.Get(t.Context(), s, st.adoption)
		st.must(err)
		if got, want := len(b.Quantities), map[bool]int{true: 3}[s.Tenant == st.taking.Tenant]; got != want {
			t.Errorf("%s reads the quantities of %d values, want %d", s.Slug, got, want)
		}
	}
	if ceding := st.get(st.taking).Values[0]; ceding.Ceding == "" {
		t.Errorf("nothing stands beside %s of the ceding body", ceding.Indicator.Key)
	}
}
