package board

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/leaving"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Kind is what a statement is about.
type Kind string

// The kinds of statements. Their comments say which of the fields a kind uses beside note and link.
const (
	Interest  Kind = "interest"   // note: what for, and for whom
	Response  Kind = "answer"     // key: the question; value: an answer; owner and day for a gap
	Act       Kind = "act"        // value: its number; day
	Privacy   Kind = "privacy"    // value: the body's role in data protection
	Delivery  Kind = "delivery"   // value: the release
	Session   Kind = "session"    // key: the course; day; amount: hours; people
	Visit     Kind = "visit"      // day; amount: hours; people
	Baseline  Kind = "baseline"   // key: the indicator; quantities, which give the amount; day; note: from where
	FirstCase Kind = "first_case" // day
	Measure   Kind = "measure"    // key: the indicator; value: months after the start; quantities; day; note: from where
	Review    Kind = "review"     // value: active, dormant or ended; day; people; amount: euro
	Asset     Kind = "asset"      // key: course, equipment or licence; value: which; owner; day
	Document  Kind = "document"   // value: its number; day; note: title; of any stage
)

// stages says to which stage the statements of a kind belong.
var stages = map[Kind]int{
	Interest: 1, Response: 2, Act: 3, Privacy: 3, Delivery: 4, Session: 6, Visit: 6, Asset: 6, Baseline: 7, FirstCase: 7, Measure: 8, Review: 10,
	Document: -1,
}

// Answers to a question of the checklist.
const (
	Yes           = "yes"
	Partly        = "partly"
	No            = "no"
	NotApplicable = "not_applicable"
)

// Answers are all of them, in the order of the screen.
var Answers = []string{Yes, Partly, No, NotApplicable}

// choices are the values that a kind accepts.
var choices = map[Kind][]string{
	Response: Answers,
	Privacy:  {"controller", "joint_controller", "processor", "none"},
	Measure:  {"6", "12", "24"},
	Review:   {"active", "dormant", "ended"},
}

// sides says which body alone makes the statements of a kind; either may make the others.
var sides = map[Kind]adoption.Side{
	Interest: adoption.Reusing, Delivery: adoption.Ceding, Baseline: adoption.Reusing, FirstCase: adoption.Reusing, Measure: adoption.Reusing,
	Review: adoption.Reusing,
}

// assets are the keys of things that were bought or delivered.
var assets = []string{"course", "equipment", "licence"}

// Statement is what one side puts on the board so that a gate can be seen to hold (it: riscontro). A later one about the same
// replaces it. Days are days; Amount is hours, euro or the value of an indicator, as its kind says.
type Statement struct {
	ID     uuid.UUID
	Tenant int32
	Stage  int
	Kind   Kind
	Key    string
	Value  string
	Day    time.Time // zero for none
	Amount *float64
	People *int
	Owner  string
	Note   string
	Link   string
	Author string
	At     time.Time
	// Quantities are what the formula of the indicator needs: a number, or a list of them. The value is computed from them.
	Quantities map[string]any
}

// State puts statements of the scope's body on the board, all or none. It fails with problem.Invalid, whose fields are named
// by the statement's, those of an answer with its question too ("value.TE-01/owner"). The same id again changes nothing.
func (v *Service) State(ctx context.Context, s tenants.Scope, id uuid.UUID, statements ...Statement) error {
	b, err := v.Get(ctx, s, id)
	if err != nil {
		return err
	}
	if _, err := v.working(ctx, s, id); err != nil {
		return err
	}
	var wrong problem.Fields
	crosses := map[string]any{}
	for i := range statements {
		statements[i].Tenant, statements[i].Author = s.Tenant, s.Name
		statements[i].place()
		suffix := ""
		if statements[i].Kind == Response {
			suffix = "." + statements[i].Key
		}
		statements[i].check(b, &wrong, suffix)
		for field, text := range statements[i].words() {
			crosses[field+suffix] = text
		}
		leaving.CheckNamed(&wrong, "owner"+suffix, statements[i].Owner)
	}
	if err := (leaving.Texts{About: id, Wrong: wrong, Of: crosses}).Check(ctx, v.releases, s); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		for _, one := range statements {
			written, err := writeStatement(ctx, tx, id, one)
			if err != nil {
				return err
			}
			if !written { // the same id again
				continue
			}
			if err := writeQuantities(ctx, tx, id, one); err != nil {
				return err
			}
			if err := audit.Write(ctx, tx, s, audit.Event{Action: "adoption.state", Object: id, Payload: map[string]any{
				"statement": one.ID, "kind": one.Kind, "stage": one.Stage,
			}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Withdraw takes a statement of the scope's body back; problem.NotFound for any other.
func (v *Service) Withdraw(ctx context.Context, s tenants.Scope, id, statement uuid.UUID) error {
	if _, err := v.working(ctx, s, id); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := withdrawStatement(ctx, tx, id, statement); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.withdraw", Object: id, Payload: map[string]any{"statement": statement}})
	})
}

// Takes tells whether the reader of the board makes statements of a kind: who leads looks on.
func (b Board) Takes(kind Kind) bool { return b.Adoption.Side != adoption.Lead && b.sided(kind) }

func (b Board) sided(kind Kind) bool { return sides[kind] == "" || sides[kind] == b.Adoption.Side }

// place puts a statement into the stage of its kind, where its kind has one.
func (s *Statement) place() {
	if stage := stages[s.Kind]; stage >= 0 {
		s.Stage = stage
	}
}

// words are the texts that somebody wrote freely, by the names of their fields.
func (s Statement) words() map[string]any {
	words := map[string]any{"note": s.Note, "link": s.Link}
	if choices[s.Kind] == nil {
		words["value"] = s.Value
	}
	return words
}

func (s Statement) placed() bool { return s.Stage >= 0 && s.Stage <= adoption.LastStage }

// Propose fills in what a statement that somebody begins likely says: the day and the place in which the last indicator was
// found, since most are found together, and the hours that the kit gives to a course.
func (b Board) Propose(one Statement) Statement {
	switch one.Kind {
	case Baseline, Measure:
		if last, ok := b.find(one.Kind, func(s Statement) bool { return s.Value == one.Value }); ok {
			one.Day, one.Note = last.Day, last.Note
		}
	case Session:
		at := slices.IndexFunc(b.Programme.Courses, func(c Course) bool { return c.Key == one.Key })
		if at >= 0 && b.Programme.Courses[at].Hours > 0 {
			one.Amount = &b.Programme.Courses[at].Hours
		}
	default: // nothing is known before
	}
	return one
}

// slot names what a later statement replaces; "" for what stands side by side.
func (s Statement) slot() string {
	switch s.Kind {
	case Interest, FirstCase, Delivery:
		return string(s.Kind)
	case Response, Baseline:
		return s.Key
	case Measure:
		return s.Key + " " + s.Value
	case Act, Privacy:
		return strconv.Itoa(int(s.Tenant))
	default:
		return ""
	}
}

// check notes what is wrong with a statement on its board.
func (s *Statement) check(b Board, wrong *problem.Fields, suffix string) {
	s.Value, s.Note, s.Owner, s.Link = strings.TrimSpace(s.Value), strings.TrimSpace(s.Note), strings.TrimSpace(s.Owner), strings.TrimSpace(s.Link)
	if _, known := stages[s.Kind]; !known || !s.placed() {
		wrong.Add("kind"+suffix, "web.field.choice")
		return
	}
	if !b.sided(s.Kind) {
		wrong.Add("kind"+suffix, "practice.board.error.side")
	}
	wrong.MaxLength("value"+suffix, s.Value, 200)
	wrong.MaxLength("owner"+suffix, s.Owner, 120)
	wrong.MaxLength("note"+suffix, s.Note, 1000)
	wrong.MaxLength("link"+suffix, s.Link, 500)
	if s.Link != "" && !strings.HasPrefix(s.Link, "https://") {
		wrong.Add("link"+suffix, "practice.board.error.link")
	}
	if accepted := choices[s.Kind]; accepted != nil {
		wrong.Require("value"+suffix, s.Value)
		wrong.OneOf("value"+suffix, s.Value, accepted...)
	}
	s.checkKey(b, wrong, suffix)
	computed := s.compute(b, wrong, suffix)
	s.checkNumbers(wrong, suffix, computed)
	s.checkWords(b, wrong, suffix)
	s.checkStart(b, wrong, suffix)
}

// checkKey sees that a statement names something of the kit.
func (s Statement) checkKey(b Board, wrong *problem.Fields, suffix string) {
	var known bool
	switch s.Kind {
	case Response:
		known = slices.ContainsFunc(b.Programme.Questions, func(q Question) bool { return q.Place == s.Key })
	case Session:
		known = slices.ContainsFunc(b.Programme.Courses, func(c Course) bool { return c.Key == s.Key })
	case Baseline, Measure:
		known = slices.ContainsFunc(b.Programme.Indicators, func(i Indicator) bool { return i.Key == s.Key })
	case Asset:
		known = slices.Contains(assets, s.Key)
	default:
		known = s.Key == ""
	}
	if !known {
		wrong.Add("key"+suffix, "web.field.choice")
	}
}

// checkNumbers sees that the day, the number and the people that a kind wants are there and can be.
func (s Statement) checkNumbers(wrong *problem.Fields, suffix string, computed bool) {
	dated := slices.Contains([]Kind{Act, Session, Visit, Baseline, FirstCase, Measure, Review, Document}, s.Kind)
	if dated && s.Day.IsZero() {
		wrong.Add("day"+suffix, "web.field.required")
	} else if dated && (language.Day(s.Day).After(language.Day(time.Now())) || s.Day.Year() < 1990) {
		wrong.Add("day"+suffix, "practice.board.error.day")
	}
	counted := slices.Contains([]Kind{Session, Visit}, s.Kind)
	switch measured := counted || s.Kind == Baseline || s.Kind == Measure; {
	case computed:
	case measured && s.Amount == nil:
		wrong.Add("amount"+suffix, "web.field.required")
	case s.Amount != nil && (*s.Amount < 0 || *s.Amount > 1e9 || counted && (*s.Amount <= 0 || *s.Amount > 1000)):
		wrong.Add("amount"+suffix, "practice.board.error.amount")
	}
	switch {
	case counted && s.People == nil:
		wrong.Add("people"+suffix, "web.field.required")
	case s.People != nil && (*s.People < 0 || *s.People > 100_000 || counted && *s.People == 0):
		wrong.Add("people"+suffix, "practice.board.error.people")
	}
}

// checkWords sees that the texts that a kind wants are there.
func (s Statement) checkWords(b Board, wrong *problem.Fields, suffix string) {
	switch s.Kind {
	case Interest, Baseline, Measure, Document:
		wrong.Require("note"+suffix, s.Note)
	case Act, Asset:
		wrong.Require("value"+suffix, s.Value)
	case Delivery:
		if s.Value != b.Adoption.Release {
			wrong.Add("value"+suffix, "practice.board.error.release")
		}
	default: // its choices and numbers say it all
	}
	if s.Kind == Asset {
		wrong.Require("owner"+suffix, s.Owner)
	}
}

// checkStart keeps the values from which one starts before the first case: what is measured afterwards compares nothing.
func (s Statement) checkStart(b Board, wrong *problem.Fields, suffix string) {
	first, served := b.find(FirstCase, func(Statement) bool { return true })
	switch {
	case s.Kind == FirstCase && len(b.LackingBaseline()) > 0:
		wrong.Add("day"+suffix, "practice.board.error.baseline_first")
	case s.Kind == Baseline && served && s.Day.After(first.Day):
		wrong.Add("day"+suffix, "practice.board.error.after_first")
	}
}
