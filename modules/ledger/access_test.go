package ledger_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/intake"
	"staffetta/modules/ledger"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// told is what a citizen sees, in short.
func (s *stage) told(found []ledger.OwnAccess) []string {
	lines := []string{}
	for _, a := range found {
		var acts []string
		for _, act := range a.Acts {
			acts = append(acts, act.Number)
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", a.Actor, s.deps.Bodies.Slug(a.Body), a.Relation, a.Agreement, strings.Join(acts, "+"))))
	}
	return lines
}

func TestCitizensSeeWhoOpenedTheirFile(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.share()
	s.read(s.worker)
	s.read(s.head)
	s.read(s.guest)
	_, err := registry.NewService(s.deps).Get(t.Context(), s.worker, s.person)
	s.must(err)
	lines := s.told(s.own(s.rosa))
	for _, want := range []string{
		s.worker.Name + " c_g315 assigned", s.worker.Name + " c_g315 body", s.head.Name + " c_g315 body",
		s.guest.Name + " c_f061 guest Accordo di rete 7/2026+12/2026",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("the citizen does not see %q in %q", want, lines)
		}
	}
	for who, citizen := range map[string]tenants.Scope{
		"somebody else":        s.citizen(s.owner, "VRDLCU80A01G315V"),
		"she, at another body": s.citizen(s.receiver, code),
	} {
		if lines := s.told(s.own(citizen)); len(lines) > 0 {
			t.Errorf("%s sees %v", who, lines)
		}
	}
	for _, operator := range []tenants.Scope{s.worker, s.dpo} {
		_, err := s.ledger.FindOwn(t.Context(), operator, time.Time{})
		s.wants(err, problem.NotFound)
	}
}

// SQL itself tells the own events to a citizen alone, and of the own code alone.
func TestSQLTellsOwnEventsToCitizensAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.read(s.worker)
	count := func(who tenants.Scope, sql string, args ...any) (n int) {
		var batch pgx.Batch
		batch.Queue(sql, args...).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
		s.must(s.DB.Read(t.Context(), who, &batch))
		return n
	}
	const events, codes = `select count(*) from ledger.own_events($1, 'infinity')`, `select count(ledger.own_code())`
	if n := count(s.rosa, events, code); n == 0 {
		t.Error("the citizen sees nothing")
	}
	if n := count(s.worker, events, code) + count(s.dpo, events, code) + count(s.citizen(s.receiver, code), events, code) + count(s.rosa, events, ""); n != 0 {
		t.Errorf("others see %d events", n)
	}
	if n := count(s.worker, codes); n != 0 {
		t.Error("an operator gets a fiscal code")
	}
}

// The name in a list, the arrival at the desk and the office of who looked are told; while an exemption lasts none of it is.
func TestCitizensSeeListsArrivalsAndOffices(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx := t.Context()
	desk := intake.NewService(s.deps)
	contact, err := desk.CreateContact(ctx, s.head, intake.NewContact{ID: newID(), Details: intake.Details{
		Person: s.person, Channel: "in_person", Interlocutor: "user", Reason: "spontaneous", Request: "Assistenza a casa",
	}, Closing: intake.Closing{Outcome: "information"}})
	s.must(err)
	_, err = desk.GetContact(ctx, s.worker, contact.ID)
	s.must(err)
	_, err = s.Owner.Exec(ctx, `insert into platform.offices (tenant_id, id, name) values ($1, 7, 'Ufficio anziani')`, s.owner.ID)
	s.must(err)
	_, err = s.Owner.Exec(ctx, `update platform.memberships set office_id = 7 where account_id = $1`, s.head.Account)
	s.must(err)
	s.read(s.head)
	s.share()
	other, _ := s.open(s.worker, taxcode.Build("Verdi", "Luca", time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), "M", "G315"))
	for _, who := range []tenants.Scope{s.worker, s.worker, s.head} {
		_, _, err := s.cases.Find(ctx, who, casefile.Query{All: true})
		s.must(err)
	}
	_, _, err = s.sharing.Shares.FindShared(ctx, s.guest, sharing.Place{})
	s.must(err)
	if other == s.person {
		t.Fatal("one person for two codes")
	}
	told := func(citizen tenants.Scope) (desk, office, lists []string) {
		own, err := s.ledger.FindOwn(ctx, citizen, time.Time{})
		s.must(err)
		for _, a := range own.Accesses {
			if a.Part == "desk" {
				desk = append(desk, fmt.Sprint(a.Actor, " ", a.Readings, " ", a.Changes))
			}
			if a.Offices != "" {
				office = append(office, a.Actor+" "+a.Offices)
			}
		}
		for _, l := range own.Listings {
			names := slices.Sorted(slices.Values(l.Names))
			lists = append(lists, fmt.Sprint(s.deps.Bodies.Slug(l.Body), " ", l.Lists, " ", len(names), " ", l.Day.Format(time.DateOnly)))
		}
		return desk, slices.Compact(slices.Sorted(slices.Values(office))), lists
	}
	arrivals, offices, lists := told(s.rosa)
	today := time.Now().In(language.Rome).Format(time.DateOnly)
	if want := []string{"c_f061 1 1 " + today, "c_g315 3 2 " + today}; !slices.Equal(slices.Sorted(slices.Values(lists)), want) {
		t.Errorf("the citizen stood in %q, want %q", lists, want)
	}
	if !slices.Contains(arrivals, s.head.Name+" 0 1") || !slices.Contains(arrivals, s.worker.Name+" 1 0") {
		t.Errorf("of the arrival the citizen sees %q", arrivals)
	}
	if want := []string{s.head.Name + " Ufficio anziani"}; !slices.Equal(offices, want) {
		t.Errorf("offices: %q, want %q", offices, want)
	}
	if a, o, l := told(s.citizen(s.receiver, code)); len(a)+len(o)+len(l) > 0 {
		t.Errorf("at another body she sees %q %q %q", a, o, l)
	}
	s.must(s.ledger.Record(ctx, s.worker, s.file.ID.String(), ledger.Recording{ID: newID(), Ground: "violence", Reason: "Decreto 12/2026", Until: time.Now().AddDate(0, 1, 0)}))
	if a, o, l := told(s.rosa); len(a)+len(o)+len(l) > 0 {
		t.Errorf("while the exemption lasts she sees %q %q %q", a, o, l)
	}
	var batch pgx.Batch
	for _, who := range []tenants.Scope{s.rosa, s.worker, s.citizen(s.receiver, code)} {
		batch = pgx.Batch{}
		batch.Queue(`select count(*) from ledger.own_lists($1, '-infinity', 'infinity')`, code).QueryRow(func(row pgx.Row) error {
			var n int
			err := row.Scan(&n)
			if n != 0 {
				t.Errorf("%s counts %d lists", who.Name, n)
			}
			return err
		})
		s.must(s.DB.Read(ctx, who, &batch))
	}
}

func TestAnExemptionLeavesNoTrace(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx := t.Context()
	s.read(s.worker)
	_, err := registry.NewService(s.deps).Get(ctx, s.worker, s.person)
	s.must(err)
	before := s.told(s.own(s.rosa))
	line := s.own(s.rosa)[0]
	ref := s.file.ID.String()
	n := ledger.Recording{ID: newID(), Ground: "violence", Reason: "Decreto 12/2026", Until: time.Now().AddDate(0, 1, 0)}
	for name, change := range map[string]func(*ledger.Recording){
		"no ground": func(n *ledger.Recording) { n.Ground = "" }, "another ground": func(n *ledger.Recording) { n.Ground = "convenience" },
		"no reason": func(n *ledger.Recording) { n.Reason = " " }, "no day": func(n *ledger.Recording) { n.Until = time.Time{} },
		"a day that is over": func(n *ledger.Recording) { n.Until = time.Now().AddDate(0, 0, -2) }, "for ever": func(n *ledger.Recording) { n.Until = time.Now().AddDate(3, 0, 0) },
	} {
		wrong := n
		change(&wrong)
		if err := s.ledger.Record(ctx, s.worker, ref, wrong); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.must(s.ledger.Record(ctx, s.worker, ref, n))
	s.must(s.ledger.Record(ctx, s.worker, ref, n)) // sent twice
	if found := s.told(s.own(s.rosa)); len(found) != 0 {
		t.Errorf("while the exemption lasts the citizen sees %v", found)
	}
	s.wants(s.ledger.Complain(ctx, s.rosa, ledger.Complaint{ID: newID(), Event: line.ID, Words: "Non la conosco"}), problem.NotFound)
	for _, sql := range []string{`select count(*) from ledger.exemptions`, `select count(*) from ledger.own_events($1, 'infinity')`} {
		var batch pgx.Batch
		args := []any{code}[:strings.Count(sql, "$")]
		batch.Queue(sql, args...).QueryRow(func(row pgx.Row) error {
			var n int
			err := row.Scan(&n)
			if n != 0 {
				t.Errorf("a citizen counts %d by %s", n, sql)
			}
			return err
		})
		s.must(s.DB.Read(ctx, s.rosa, &batch))
	}
	seen, err := s.ledger.FindExemptions(ctx, s.dpo)
	s.must(err)
	if len(seen) != 1 || seen[0].Number != s.file.Number || seen[0].Ground != "violence" || !seen[0].Lasts(time.Now()) {
		t.Errorf("the officer sees %+v", seen)
	}
	s.wants(s.ledger.End(ctx, s.worker, ref, newID()), problem.NotFound)
	s.must(s.ledger.End(ctx, s.worker, ref, n.ID))
	s.wants(s.ledger.End(ctx, s.worker, ref, n.ID), problem.Conflict)
	after := s.told(s.own(s.rosa))
	for _, one := range before {
		if !slices.Contains(after, one) {
			t.Errorf("after it has ended the citizen does not see %q", one)
		}
	}
}

// An exemption ends by the clock, without any job.
func TestAnExemptionEndsByItsDay(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.read(s.worker)
	s.must(s.ledger.Record(t.Context(), s.worker, s.file.ID.String(), ledger.Recording{ID: newID(), Ground: "judicial", Reason: "Ordinanza 3/2026", Until: time.Now().AddDate(0, 0, 3)}))
	if found := s.own(s.rosa); len(found) != 0 {
		t.Fatalf("the citizen sees %v", s.told(found))
	}
	_, err := s.Owner.Exec(context.Background(), `create or replace function app.now() returns timestamptz language sql stable parallel safe as 'select statement_timestamp() + interval ''5 days'''`)
	s.must(err)
	if found := s.own(s.rosa); len(found) == 0 {
		t.Error("after its last day the citizen sees nothing")
	}
}

func TestAColleagueDoesNotRecordAnExemption(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	other := s.Operator(t, s.owner, "social_worker")
	n := ledger.Recording{ID: newID(), Ground: "judicial", Reason: "Ordinanza 3/2026", Until: time.Now()}
	if err := s.ledger.Record(t.Context(), other, s.file.ID.String(), n); err == nil {
		t.Error("a colleague who does not work on the case records an exemption")
	}
	s.must(s.cases.OpenWithReason(t.Context(), other, s.file.ID.String(), "Sostituzione della collega"))
	s.wants(s.ledger.Record(t.Context(), other, s.file.ID.String(), n), problem.NotFound)
	s.wants(s.ledger.Record(t.Context(), s.guest, s.owner.Slug+"~"+s.file.ID.String(), n), problem.NotFound)
}

func TestAContestIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx := t.Context()
	s.read(s.head)
	line := s.own(s.rosa)[0]
	c := ledger.Complaint{ID: newID(), Event: line.ID, Words: "Non la conosco"}
	s.wants(s.ledger.Complain(ctx, s.rosa, ledger.Complaint{ID: newID(), Event: line.ID, Words: "no"}), problem.Invalid)
	s.wants(s.ledger.Complain(ctx, s.citizen(s.receiver, code), c), problem.NotFound)
	s.wants(s.ledger.Complain(ctx, s.citizen(s.owner, "VRDLCU80A01G315V"), c), problem.NotFound)
	s.wants(s.ledger.Complain(ctx, s.worker, c), problem.NotFound)
	s.must(s.ledger.Complain(ctx, s.rosa, c))
	s.must(s.ledger.Complain(ctx, s.rosa, ledger.Complaint{ID: newID(), Event: line.ID, Words: "Un’altra volta"}))
	found, err := s.ledger.FindContests(ctx, s.dpo)
	s.must(err)
	if len(found) != 1 || found[0].Words != c.Words || found[0].Line.Actor != line.Actor {
		t.Fatalf("the officer sees %+v", found)
	}
	if others, err := s.ledger.FindContests(ctx, s.Operator(t, s.receiver, "dpo")); err != nil || len(others) != 0 {
		t.Errorf("the officer of another body sees %v, %v", others, err)
	}
	a := ledger.Answer{Contest: c.ID, Finding: ledger.Justified, Words: "Coordina il servizio", Version: found[0].Version}
	wrong := a
	wrong.Finding = ""
	s.wants(s.ledger.AnswerContest(ctx, s.dpo, wrong), problem.Invalid)
	wrong = a
	wrong.Contest = newID()
	s.wants(s.ledger.AnswerContest(ctx, s.dpo, wrong), problem.NotFound)
	s.must(s.ledger.AnswerContest(ctx, s.dpo, a))
	s.wants(s.ledger.AnswerContest(ctx, s.dpo, a), problem.Conflict)
	mine, err := s.ledger.FindOwnContests(ctx, s.rosa)
	s.must(err)
	if len(mine) != 1 || mine[0].Answer != a.Words || mine[0].Finding != ledger.Justified {
		t.Errorf("the citizen reads %+v", mine)
	}
	if s.own(s.rosa)[0].Contest != c.ID {
		t.Error("the line does not say that it is contested")
	}
	var batch pgx.Batch
	batch.Queue(`select count(*) from ledger.contests`).QueryRow(func(row pgx.Row) error {
		var n int
		err := row.Scan(&n)
		if n != 0 {
			t.Errorf("another citizen counts %d contests", n)
		}
		return err
	})
	s.must(s.DB.Read(ctx, s.citizen(s.owner, "VRDLCU80A01G315V"), &batch))
}
