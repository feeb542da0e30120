package outcome_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules/practice/board"
	"staffetta/modules/practice/outcome"
)

// lacks are the keys of what one waits for.
func lacks(o outcome.Outcome) (keys []string) {
	for _, lack := range o.Lacks() {
		keys = append(keys, lack.Key)
	}
	return keys
}

func (st *stage) wantAnswer(when string, want outcome.Answer, missing ...string) {
	st.t.Helper()
	o := st.get(st.taking)
	if got := o.Answer(); got != want || want == outcome.Early && !cmp.Equal(lacks(o), missing) {
		st.t.Errorf("%s: %s, lacking %v; want %s, lacking %v", when, got, lacks(o), want, missing)
	}
}

// Use alone is no answer: it wants the first term, and the values of then.
func TestAnAnswerWantsTimeUseAndValues(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.wantAnswer("applied", outcome.Early, "used", "first_case")
	st.work()
	st.wantAnswer("on the first day of work", outcome.Early, "first_case")
	day := time.Now().AddDate(0, 0, -1)
	keys := st.get(st.taking).Board.LackingBaseline()
	for _, key := range keys {
		st.exec(`insert into practice.adoptions_statements (adoption_id, id, tenant_id, stage, kind, slot, key, day) values ($1, $2, $3, 7, 'baseline', $4, $4, $5)`,
			st.adoption, newID(), st.taking.Tenant, key, day)
	}
	st.must(st.boards.State(t.Context(), st.taking, st.adoption, board.Statement{ID: newID(), Kind: board.FirstCase, Day: day}))
	st.wantAnswer("with the first case", outcome.Early, "term")
	if lack := st.get(st.taking).Lacks()[0]; lack.Day.Format(time.DateOnly) != day.AddDate(0, 6, 0).Format(time.DateOnly) {
		t.Errorf("the term ends on %s", lack.Day)
	}
	st.later(80) // what was done counts still
	st.exec(`update practice.adoptions_statements set day = day - interval '6 months' where kind in ('baseline', 'first_case')`)
	o := st.get(st.taking)
	if n := len(o.Board.LackingAt("6")); n == 0 || !cmp.Equal(o.Lacks(), []outcome.Lack{{Key: "values", N: n}}) {
		t.Errorf("after six months: %v", o.Lacks())
	}
	for _, key := range o.Board.LackingAt("6") {
		st.exec(`insert into practice.adoptions_statements (adoption_id, id, tenant_id, stage, kind, slot, key, value, day) values ($1, $2, $3, 8, 'measure', $4, $5, '6', $6)`,
			st.adoption, newID(), st.taking.Tenant, key+" 6", key, day)
	}
	st.wantAnswer("with its values", outcome.Yes)
	st.must(st.outcomes.MeasureAll(t.Context(), st.taking))
	if o := st.get(st.giving); o.Answer() != outcome.Yes {
		t.Errorf("the ceding body reads %s", o.Answer())
	}
	st.later(91)
	st.wantAnswer("when nobody works with it", outcome.Stopped)
}
