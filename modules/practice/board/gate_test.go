package board_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
)

const ceding, reusing = 1, 2

// now is when the tests judge.
var now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// at is a board at a stage, of a kit with one of everything.
func at(stage int, statements ...board.Statement) board.Board {
	return board.Board{
		Adoption: adoption.Adoption{Stage: stage, Release: "1.0.0", Ceding: ceding, Reusing: reusing, Side: adoption.Reusing},
		Programme: board.Programme{
			Questions: []board.Question{{Place: "TE-01/owner", Blocking: true}, {Place: "TE-01/money"}},
			Courses:   []board.Course{{Key: "TR-01", Hours: 2}, {Key: "TR-08", Coaching: true}}, Indicators: []board.Indicator{{Key: "KP-01"}, {Key: "KP-02"}},
		},
		Standing: board.Standing{Items: 3}, Statements: statements,
	}
}

func needing(b board.Board) board.Board {
	b.Need = "Uno sportello per le famiglie"
	return b
}

func lacking(b board.Board) []string {
	var keys []string
	for _, c := range b.Gate(b.Adoption.Stage, now).Lacking() {
		keys = append(keys, c.Key)
	}
	return keys
}

func said(kind board.Kind, key, value string) board.Statement {
	return board.Statement{Kind: kind, Key: key, Value: value, Tenant: reusing}
}

func by(tenant int32, s board.Statement) board.Statement {
	s.Tenant = tenant
	return s
}

// gap is an answer that leaves something to do, with who does it until when.
func gap(key, owner string, due time.Time) board.Statement {
	s := said(board.Response, key, board.No)
	s.Owner, s.Day = owner, due
	return s
}

func TestWhatEachGateAsks(t *testing.T) {
	t.Parallel()
	measures := func(months string) []board.Statement {
		return []board.Statement{said(board.Measure, "KP-01", months), said(board.Measure, "KP-02", months)}
	}
	decided := func(st board.Standing, stage int, s ...board.Statement) board.Board {
		b := at(stage, s...)
		b.Standing = st
		return b
	}
	review := said(board.Review, "", "active")
	review.Day = now.AddDate(0, -11, 0)
	old := review
	old.Day = now.AddDate(-1, -1, 0)
	for name, c := range map[string]struct {
		board board.Board
		want  []string
	}{
		"no interest":              {at(1), []string{"interest"}},
		"interest":                 {at(1, said(board.Interest, "", "")), nil},
		"a published need":         {needing(at(1)), nil},
		"no answer":                {at(2), []string{"answered"}},
		"one answer":               {at(2, said(board.Response, "TE-01/owner", board.Yes)), []string{"answered"}},
		"a gap of nobody":          {at(2, said(board.Response, "TE-01/owner", board.Yes), said(board.Response, "TE-01/money", board.No)), []string{"gaps"}},
		"a gap without a day":      {at(2, said(board.Response, "TE-01/owner", board.Yes), gap("TE-01/money", "Ragioneria", time.Time{})), []string{"gaps"}},
		"answered":                 {at(2, said(board.Response, "TE-01/owner", board.Partly), gap("TE-01/money", "Ragioneria", now)), []string{"gaps"}},
		"answered with owners":     {at(2, gap("TE-01/owner", "Segreteria", now), gap("TE-01/money", "Ragioneria", now)), nil},
		"one act":                  {at(3, said(board.Act, "", "12"), said(board.Privacy, "", "none")), []string{"act_ceding", "privacy_ceding"}},
		"both acts":                {at(3, said(board.Act, "", "12"), by(ceding, said(board.Act, "", "3"))), []string{"privacy_ceding", "privacy_reusing"}},
		"not delivered":            {at(4), []string{"delivered"}},
		"another release":          {at(4, by(ceding, said(board.Delivery, "", "0.9.0"))), []string{"delivered"}},
		"delivered":                {at(4, by(ceding, said(board.Delivery, "", "1.0.0"))), nil},
		"applied":                  {decided(board.Standing{Items: 3, Adopted: 3}, 4), nil},
		"undecided":                {decided(board.Standing{Items: 3, Adopted: 1, Dropped: 1}, 5), []string{"decided"}},
		"unexplained":              {decided(board.Standing{Items: 3, Adopted: 1, Adapted: 1, Dropped: 1, Unexplained: 1}, 5), []string{"explained"}},
		"decided":                  {decided(board.Standing{Items: 3, Adopted: 1, Adapted: 1, Dropped: 1}, 5), nil},
		"nothing held":             {at(6), []string{"sessions", "visits"}},
		"a course held":            {at(6, said(board.Session, "TR-01", "")), []string{"visits"}},
		"held and visited":         {at(6, said(board.Session, "TR-01", ""), said(board.Visit, "", "")), nil},
		"courses dropped":          {decided(board.Standing{DroppedKeys: []string{"TR-01", "TR-08"}}, 6), nil},
		"not ready":                {at(7), []string{"unblocked", "baseline", "first_case"}},
		"blocked":                  {at(7, said(board.Response, "TE-01/owner", board.NotApplicable), said(board.Baseline, "KP-01", ""), said(board.Baseline, "KP-02", ""), said(board.FirstCase, "", "")), []string{"unblocked"}},
		"half a baseline":          {at(7, said(board.Response, "TE-01/owner", board.Yes), said(board.Baseline, "KP-01", "")), []string{"baseline", "first_case"}},
		"started":                  {at(7, said(board.Response, "TE-01/owner", board.Yes), said(board.Baseline, "KP-01", ""), said(board.Baseline, "KP-02", ""), said(board.FirstCase, "", "")), nil},
		"measured once":            {at(8, measures("6")...), []string{"months_12", "months_24"}},
		"measured thrice":          {at(8, slices.Concat(measures("6"), measures("12"), measures("24"))...), nil},
		"evolution asks nothing":   {at(9), nil},
		"checked more than a year": {at(10, old), []string{"reviewed_yearly"}},
		"checked":                  {at(10, old, review), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, lacking(c.board)); diff != "" {
				t.Errorf("lacking (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReachStopsAtTheFirstShutGate(t *testing.T) {
	t.Parallel()
	if got := at(1).Reach(now); got != 1 {
		t.Errorf("reach %d, want 1", got)
	}
	open := at(1, said(board.Interest, "", ""), gap("TE-01/owner", "Segreteria", now), gap("TE-01/money", "Ragioneria", now))
	if got := open.Reach(now); got != 3 {
		t.Errorf("reach %d, want 3", got)
	}
	open.Adoption.Stage = 9
	if got := open.Reach(now); got != adoption.LastStage {
		t.Errorf("reach %d, want the last", got)
	}
}
