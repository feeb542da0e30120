package practice_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// everything is a fingerprint of each table of items and of practices, and of the events that tell of a kit.
func (st *stage) everything(t *testing.T) map[string]string {
	t.Helper()
	rows, err := st.Owner.Query(t.Context(), `select schemaname || '.' || tablename from pg_tables where schemaname in ('kit', 'practice', 'commons')`)
	fatal(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	fatal(t, err)
	prints := map[string]string{}
	names = append(names, `(select action, object_id, payload from audit.events where action like 'adoption.%')`)
	for _, name := range names {
		var print string
		fatal(t, st.Owner.QueryRow(t.Context(), fmt.Sprintf(`select coalesce(md5(string_agg(t::text, ';' order by t::text)), '') from %s t`, name)).Scan(&print))
		prints[name] = print
	}
	return prints
}

// wantUntouched sees that nothing is other than it was, and that nobody holds anything on to it.
func (st *stage) wantUntouched(t *testing.T, when string, before map[string]string) {
	t.Helper()
	if diff := cmp.Diff(before, st.everything(t)); diff != "" {
		t.Fatalf("%s, something is left behind (-before +after):\n%s", when, diff)
	}
	held := st.count(t, `select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid where a.datname = current_database() and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
		and (l.locktype = 'advisory' or l.relation in (select c.oid from pg_class c where c.relnamespace in ('kit'::regnamespace, 'practice'::regnamespace)))`)
	if held > 0 {
		t.Fatalf("%s, %d locks are left", when, held)
	}
}

// countWrites lets the database count what is written into a body's items and its adoptions, and fail at one of the writes.
func (st *stage) countWrites(t *testing.T) {
	t.Helper()
	_, err := st.Owner.Exec(t.Context(), `
		create sequence public.writes;
		create table public.failing (at bigint not null);
		insert into public.failing values (0);
		create function public.counts() returns trigger language plpgsql security definer set search_path = '' as $$ begin
			if nextval('public.writes') = (select f.at from public.failing f) then
				raise exception 'planted' using errcode = 'XX001';
			end if;
			return null;
		end $$;
		create trigger counts after insert on audit.events for each row when (new.action like 'adoption.%') execute function public.counts()`)
	fatal(t, err)
	for _, table := range []string{
		"kit.items", "kit.item_versions", "practice.applications", "practice.application_items", "practice.adoption_items", "practice.adoptions", "practice.adoptions_journal",
		"practice.conflicts",
	} {
		_, err := st.Owner.Exec(t.Context(), `create trigger counts after insert or update on `+table+` for each row execute function public.counts()`)
		fatal(t, err)
	}
}

// brokenAtEach lets a step fail after each of its writes in turn, until it comes through, and returns how many it makes.
func (st *stage) brokenAtEach(t *testing.T, what string, step func() error) int {
	t.Helper()
	before := st.everything(t)
	for at := 1; ; at++ {
		_, err := st.Owner.Exec(t.Context(), `alter sequence public.writes restart`)
		fatal(t, err)
		_, err = st.Owner.Exec(t.Context(), `update public.failing set at = $1`, at)
		fatal(t, err)
		var refusal *pgconn.PgError
		switch err := step(); {
		case err == nil:
			_, err = st.Owner.Exec(t.Context(), `update public.failing set at = 0`)
			fatal(t, err)
			return at - 1
		case !errors.As(err, &refusal) || refusal.Code != "XX001":
			t.Fatalf("%s, broken at write %d: %v", what, at, err)
		}
		st.wantUntouched(t, fmt.Sprintf("%s, broken at write %d", what, at), before)
	}
}

// upgradable is an adoption that has applied 1.0.0, before a 2.0.0 with an item of every outcome; not yet applied when
// apply does that.
func (st *stage) upgradable(t *testing.T, apply func(adoption.Adoption)) (adoption.Adoption, upgrade.Choice) {
	t.Helper()
	p := st.install(t, question("QU-01", "Uno"), question("QU-02", "Due"), question("QU-03", "Tre"), question("QU-04", "Quattro"), question("QU-05", "Cinque"),
		question("QU-06", "Sei"), question("QU-07", "Sette"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	apply(a)
	titled := question("QU-02", "Due")
	titled.Title.IT = "Il nostro titolo"
	st.edit(t, st.taking, titled)
	for _, key := range []string{"QU-03", "QU-04", "QU-06"} {
		st.edit(t, st.taking, question(key, "Nostro"))
	}
	for _, key := range []string{"QU-01", "QU-02", "QU-03", "QU-04", "QU-08"} {
		st.edit(t, st.giving, question(key, "Del kit"))
	}
	st.retire(t, st.giving, "QU-05")
	st.retire(t, st.giving, "QU-06")
	st.publish(t, p, "2.0.0")
	st.wantOutcomes(t, a, map[string]upgrade.Outcome{
		"QU-01": upgrade.Changed, "QU-02": upgrade.Merged, "QU-03": upgrade.Conflict, "QU-04": upgrade.Conflict, "QU-05": upgrade.Removed,
		"QU-06": upgrade.Conflict, "QU-07": upgrade.Same, "QU-08": upgrade.New,
	})
	plan, err := st.upgrades.Plan(t.Context(), st.taking, a.ID, uuid.Nil)
	fatal(t, err)
	return a, upgrade.Choice{Seen: plan.Digest(), Decisions: map[string]upgrade.Decision{
		"question/QU-03": {Answer: upgrade.KeepOurs, Reason: "da noi è diverso"}, "question/QU-04": {Answer: upgrade.TakeKit}, "question/QU-06": {Answer: upgrade.TakeKit},
	}}
}

// Applying, upgrading and going back fail after any single write with nothing changed and nothing held, and come through
// the next time.
func TestWhatFailsAfterAnyItemChangesNothing(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.countWrites(t)
	writes := map[string]int{}
	a, choice := st.upgradable(t, func(a adoption.Adoption) {
		writes["apply"] = st.brokenAtEach(t, "applied", func() error {
			_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
			return err
		})
	})
	before := st.state(t)
	var run upgrade.Application
	writes["upgrade"] = st.brokenAtEach(t, "upgraded", func() (err error) {
		run, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, choice)
		return err
	})
	writes["undo"] = st.brokenAtEach(t, "undone", func() error {
		_, err := st.upgrades.Undo(t.Context(), st.taking, a.ID, upgrade.Back{Run: run.ID})
		return err
	})
	t.Logf("writes: %v", writes)
	// of each item: itself, its version where the content is other, the decision and what the run made of it
	if writes["apply"] < 7*4 || writes["upgrade"] < 7*3 || writes["undo"] < 7*3 {
		t.Errorf("too few writes to break: %v", writes)
	}
	if before == st.state(t) {
		t.Error("nothing was written at all")
	}
}

// Of many who apply the same dry run at once one does, and the others are told that it is another one by now; so it is
// with going back. Who asks for whatever it is then changes nothing more.
func TestOfManyAtOnceOneWins(t *testing.T) {
	t.Parallel()
	const many = 20
	st := newStage(t)
	a, choice := st.upgradable(t, func(a adoption.Adoption) {
		_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
		fatal(t, err)
	})
	administrators := make([]tenants.Scope, many)
	for i := range administrators {
		administrators[i] = st.Operator(t, st.taker, "tenant_admin")
	}
	race := func(key string, step func(s tenants.Scope) (upgrade.Application, error)) (won upgrade.Application) {
		t.Helper()
		runs, errs := make([]upgrade.Application, many), make([]error, many)
		var all sync.WaitGroup
		for i, s := range administrators {
			all.Go(func() { runs[i], errs[i] = step(s) })
		}
		all.Wait()
		wins := 0
		for i, err := range errs {
			switch {
			case err == nil && runs[i].Changed:
				wins, won = wins+1, runs[i]
			case key == "" && err != nil, key != "" && (!problem.Is(err, problem.Conflict) || problem.Of(err).Message.Key != key):
				t.Errorf("one of the others is told %v", err)
			}
		}
		if wins != 1 {
			t.Errorf("%d of %d won", wins, many)
		}
		return won
	}
	run := race("practice.error.plan_changed", func(s tenants.Scope) (upgrade.Application, error) {
		return st.upgrades.Apply(t.Context(), s, a.ID, choice)
	})
	u, err := st.upgrades.PlanUndo(t.Context(), st.taking, a.ID, run.ID)
	fatal(t, err)
	race("practice.error.undo_changed", func(s tenants.Scope) (upgrade.Application, error) {
		return st.upgrades.Undo(t.Context(), s, a.ID, upgrade.Back{Run: run.ID, Seen: u.Digest()})
	})
	race("", func(s tenants.Scope) (upgrade.Application, error) {
		return st.upgrades.Apply(t.Context(), s, a.ID, upgrade.Choice{Decisions: choice.Decisions})
	})
	race("", func(s tenants.Scope) (upgrade.Application, error) {
		return st.upgrades.Undo(t.Context(), s, a.ID, upgrade.Back{Run: run.ID})
	})
	if n := st.count(t, `select count(*) from practice.applications where tenant_id = $1`, st.taker.ID); n != 5 {
		t.Errorf("%d runs are remembered", n)
	}
	if n := st.count(t, `select count(*) from audit.events where tenant_id = $1 and action in ('adoption.apply', 'adoption.undo')`, st.taker.ID); n != 5 {
		t.Errorf("%d events tell of them", n)
	}
}
