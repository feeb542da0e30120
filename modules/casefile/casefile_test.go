package casefile_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestCreate(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	o := casefile.Opening{ID: newID(t), Person: st.rosa, Area: "anziani", Summary: "<b>Sola</b> 😀"}
	first, err := st.cases.Create(ctx, st.worker, o)
	must(t, err)
	want(t, "number", fmt.Sprintf("%d/000002", today().Year()), first.Number)
	o.Summary = "Altro"
	again, err := st.cases.Create(ctx, st.worker, o)
	must(t, err)
	want(t, "the second submit", first.Number, again.Number)
	want(t, "why it was opened", "<b>Sola</b> 😀", ask[string](t, st, `select body from casefile.reasons where id = $1`, o.ID))
	want(t, "cases", 2, ask[int](t, st, `select count(*) from casefile.cases`))
	want(t, "creations in the audit", 2, ask[int](t, st, `select count(*) from audit.events where action = 'case.create'`))

	// the id alone shows nothing to somebody else, nor for another person
	_, err = st.cases.Create(ctx, st.as(t, "coordinator"), o)
	wantKind(t, err, problem.NotFound)
	o.Person = st.person(t, st.worker, "Verdi", "Ugo")
	_, err = st.cases.Create(ctx, st.worker, o)
	wantKind(t, err, problem.NotFound)

	_, stranger := st.other(t, "mazara", "social_worker")
	_, err = st.cases.Create(ctx, stranger, casefile.Opening{ID: newID(t), Person: st.rosa})
	wantKind(t, err, problem.NotFound)
	_, err = st.cases.Create(ctx, st.worker, casefile.Opening{ID: newID(t), Area: "tutti"})
	wantField(t, err, "persona")
	wantField(t, err, "area")
	_, err = st.cases.Create(ctx, st.worker, casefile.Opening{ID: newID(t), Person: st.rosa, Workflow: "WF-99"})
	wantField(t, err, "percorso")
}

func TestManager(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	coordinator, educator, desk := st.as(t, "coordinator"), st.as(t, "educator"), st.as(t, "access_desk")
	_, stranger := st.other(t, "mazara", "social_worker")
	for name, manager := range map[string]uuid.UUID{"the desk": desk.Account, "another body's": stranger.Account, "nobody": newID(t)} {
		_, err := st.cases.Create(ctx, coordinator, casefile.Opening{ID: newID(t), Person: st.rosa, Manager: manager})
		if err == nil {
			t.Errorf("%s may hold a case", name)
		}
		wantField(t, err, "responsabile")
	}
	_, err := st.cases.Create(ctx, st.worker, casefile.Opening{ID: newID(t), Person: st.rosa, Manager: educator.Account})
	wantField(t, err, "responsabile") // only a coordinator assigns
	want(t, "cases", 1, ask[int](t, st, `select count(*) from casefile.cases`))
	c, err := st.cases.Create(ctx, coordinator, casefile.Opening{ID: newID(t), Person: st.rosa, Manager: educator.Account})
	must(t, err)
	a, err := st.cases.Open(ctx, educator, c.ID.String(), "")
	must(t, err)
	want(t, "relation", policies.Assigned, a.Relation)
	managers, err := st.cases.FindManagers(ctx, coordinator)
	must(t, err)
	want(t, "managers", 3, len(managers))
}

func TestNumbersHaveNoGapUnderConcurrency(t *testing.T) {
	st := newStage(t)
	same := newID(t)
	var wg sync.WaitGroup
	made := make(chan string, 30)
	for i := range 30 {
		wg.Go(func() {
			o := casefile.Opening{ID: uuid.Must(uuid.NewV7()), Person: st.rosa}
			if i%5 == 0 {
				o.ID = same // the same form, sent six times at once
			}
			if i%7 == 6 {
				o.Workflow = "WF-99" // refused
			}
			c, err := st.cases.Create(t.Context(), st.worker, o)
			if err == nil {
				made <- c.Number
			} else if o.Workflow == "" {
				t.Errorf("create: %v", err)
			}
		})
	}
	wg.Wait()
	close(made)
	distinct := map[string]bool{}
	for number := range made {
		distinct[number] = true
	}
	want(t, "numbers given", len(distinct), ask[int](t, st, `select count(*)::int - 1 from casefile.cases`))
	want(t, "the highest number", ask[int](t, st, `select count(*)::int from casefile.cases`), ask[int](t, st, `select max(right(number, 6)::int) from casefile.cases`))
	want(t, "the counter", ask[int](t, st, `select count(*)::int from casefile.cases`), ask[int](t, st, `select last from casefile.counters`))
}

func TestFind(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	colleague, coordinator := st.as(t, "social_worker"), st.as(t, "coordinator")
	for range 51 {
		st.open(t, colleague, st.rosa)
	}
	count := func(what string, wanted int, q casefile.Query, as tenants.Scope) []casefile.Line {
		t.Helper()
		lines, next, err := st.cases.Find(ctx, as, q)
		must(t, err)
		want(t, what, wanted, len(lines))
		want(t, what+": there is more", wanted == 50, !next.IsZero())
		return lines
	}
	mine := count("mine", 1, casefile.Query{}, st.worker)
	want(t, "name", "Bianco Rosa", mine[0].Surname+" "+mine[0].Name)
	want(t, "manager", st.worker.Name, mine[0].Manager)
	count("all is for the coordinator only", 1, casefile.Query{All: true}, st.worker)
	count("the coordinator's own", 0, casefile.Query{}, coordinator)
	count("all", 50, casefile.Query{All: true}, coordinator)
	count("the colleague's", 50, casefile.Query{}, colleague)

	seen := map[uuid.UUID]bool{}
	q := casefile.Query{All: true}
	for range 3 {
		lines, next, err := st.cases.Find(ctx, coordinator, q)
		must(t, err)
		for _, line := range lines {
			if seen[line.ID] {
				t.Fatal("a case is listed twice")
			}
			seen[line.ID] = true
		}
		if q.After = casefile.ParseCursor(next.String()); q.After.IsZero() {
			break
		}
	}
	want(t, "cases over the pages", 52, len(seen))

	must(t, st.cases.Move(ctx, st.worker, st.ref, casefile.Move{Step: "archivia", Reason: "Trasferita altrove"}))
	count("open ones", 0, casefile.Query{}, st.worker)
	count("closed ones too", 1, casefile.Query{Closed: true}, st.worker)
	_, stranger := st.other(t, "mazara", "coordinator")
	lines, _, err := st.cases.Find(ctx, stranger, casefile.Query{All: true, Closed: true})
	must(t, err)
	want(t, "another body's", 0, len(lines))
	listed := ask[int](t, st, `select count(*) from audit.events where $1 = any (cases) and tenant_id = $2`, st.ref, st.body.ID)
	if listed < 3 {
		t.Errorf("Rosa's case is in %d listed events", listed)
	}
}

func TestMove(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	educator, coordinator := st.as(t, "educator"), st.as(t, "coordinator")
	st.onTeam(t, educator)
	wantKind(t, st.cases.Move(ctx, educator, st.ref, casefile.Move{Step: "prendi_in_carico"}), problem.Forbidden)
	wantKind(t, st.cases.Move(ctx, st.worker, st.ref, casefile.Move{Step: "chiudi", Reason: "x"}), problem.NotFound)
	wantKind(t, st.cases.Move(ctx, st.as(t, "social_worker"), st.ref, casefile.Move{Step: "archivia", Reason: "x"}), problem.NotFound)
	wantField(t, st.cases.Move(ctx, st.worker, st.ref, casefile.Move{Step: "archivia", Reason: "  "}), "answers.reason")
	caused := st.events(t, func() {
		must(t, st.cases.Move(ctx, st.worker, st.ref, casefile.Move{Step: "prendi_in_carico", Version: 1}))
	})
	want(t, "events", map[string]int{"case.read": 1, "case.advance": 1}, caused)
	wantKind(t, st.cases.Move(ctx, coordinator, st.ref, casefile.Move{Step: "chiudi", Reason: "Fine", Version: 1}), problem.Conflict)
	must(t, st.cases.Move(ctx, coordinator, st.ref, casefile.Move{Step: "chiudi", Reason: " Obiettivi raggiunti ", Version: 2}))

	a := st.access(t, st.worker, "diary")
	want(t, "state", "Chiusa", a.StateLabel)
	if a.ClosedAt.IsZero() {
		t.Error("the case has no end")
	}
	o, err := st.cases.GetOverview(ctx, a)
	must(t, err)
	steps := o.Steps
	want(t, "steps", []string{"in_carico>chiuso Motivo: Obiettivi raggiunti", "aperto>in_carico"},
		[]string{steps[0].From + ">" + steps[0].To + " " + steps[0].Given[0].Line(ctx), steps[1].From + ">" + steps[1].To})
	for name, err := range map[string]error{
		"a note":     saved(st.cases.SaveNote(ctx, st.worker, st.ref, writing(t, "Tardi"), false)),
		"a document": filed(st.cases.AddDocument(ctx, st.worker, st.ref, upload(t, "Tardi"))),
		"a step":     st.cases.Move(ctx, st.worker, st.ref, casefile.Move{Step: "riprendi"}),
	} {
		if !problem.Is(err, problem.Conflict) {
			t.Errorf("%s after the end: %v", name, err)
		}
	}
}

func TestTwoMoveAtOnce(t *testing.T) {
	st := newStage(t)
	coordinator := st.as(t, "coordinator")
	answers := make(chan error, 2)
	go func() {
		answers <- st.cases.Move(t.Context(), st.worker, st.ref, casefile.Move{Step: "prendi_in_carico"})
	}()
	go func() {
		answers <- st.cases.Move(t.Context(), coordinator, st.ref, casefile.Move{Step: "archivia", Reason: "Doppione"})
	}()
	var won int
	for range 2 {
		err := <-answers
		if err == nil {
			won++
		} else if !problem.Is(err, problem.Conflict) && !problem.Is(err, problem.NotFound) {
			t.Errorf("the slower one gets %v", err)
		}
	}
	want(t, "winners", 1, won)
	want(t, "steps", 1, ask[int](t, st, `select count(*) from casefile.steps`))
}

func TestHouseholdIsASubjectOfTheCase(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	ugo, former := st.person(t, st.worker, "Verdi", "Ugo"), st.person(t, st.worker, "Neri", "Ada")
	household, err := st.persons.CreateHousehold(ctx, st.worker, registry.NewHousehold{ID: newID(t), Kind: "registry", Person: st.rosa, Joining: registry.Joining{Relation: "head"}})
	must(t, err)
	for _, person := range []uuid.UUID{ugo, former} {
		must(t, st.persons.AddMember(ctx, st.worker, registry.NewMember{ID: newID(t), Household: household, Person: person, Joining: registry.Joining{Relation: "child"}}))
	}
	st.exec(t, `update registry.members set valid_to = valid_from where person_id = $1`, former)
	c := st.open(t, st.worker, st.rosa)
	st.ref = c.ID.String()
	subjects := func(person uuid.UUID) string {
		return ask[string](t, st, `select coalesce(string_agg(section, ' ' order by section), '') from policies.case_subjects where case_id = $1 and person_id = $2`, st.ref, person)
	}
	want(t, "the person", "contacts household identity", subjects(st.rosa))
	want(t, "who lives with her", "household", subjects(ugo))
	want(t, "who left", "", subjects(former))

	body, guest := st.other(t, "mazara", "coordinator")
	st.share(t, body, "household")
	a, err := st.cases.Open(ctx, guest, "pantelleria~"+st.ref, "household")
	must(t, err)
	var members int
	var batch pgx.Batch
	batch.Queue(`select count(*) from registry.members m where m.tenant_id = $1 and m.household_id = $2`, st.body.ID, household).
		QueryRow(func(row pgx.Row) error { return row.Scan(&members) })
	must(t, a.Read(ctx, &batch))
	want(t, "members that the guest sees", 2, members)
}
