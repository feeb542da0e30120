package practice_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/personal"
	"staffetta/modules/practice/release"
)

// Who answers for an item and its licence go out with it: they are read like its texts.
func TestPersonalDataInTheTermsOfAnItem(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	one, two := question("QU-01", "Nulla"), question("QU-02", "Altro")
	one.Owner, two.Licence = "Rosa Lo Bianco", "CC BY, chiedere al 347 1234567"
	st.register(t, st.giving, "Lo Bianco", "Rosa")
	st.giving = st.Operator(t, st.giver, "practice_owner", "social_worker")
	report := st.compose(t, st.install(t, one, two), "1.0.0")
	var found []string
	for _, f := range report.Kit.Findings {
		found = append(found, f.Rule+" "+f.Place())
	}
	if want := []string{personal.Name + " QU-01 owner", personal.Phone + " QU-02 licence"}; !slices.Equal(found, want) {
		t.Fatalf("found %q, want %q", found, want)
	}
	_, err := st.releases.Publish(t.Context(), st.giving, report.Kit.ID)
	wantKind(t, err, problem.Invalid)
	if n := st.count(t, `select count(*) from commons.kit_items`); n != 0 {
		t.Errorf("%d items went out", n)
	}
}

// What somebody changes after the checks and before the kit is out does not go out unread.
func TestWhatChangesAfterTheChecksIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*testing.T, *stage, release.Practice, release.Kit) string{
		"the items chosen": func(t *testing.T, st *stage, p release.Practice, k release.Kit) string {
			_, err := st.releases.Compose(t.Context(), st.giving, release.Composition{Kit: k.ID, Practice: p.ID, Release: k.Release, Versions: k.Versions[:1]})
			fatal(t, err)
			return ""
		},
		"the owner of an item": func(*testing.T, *stage, release.Practice, release.Kit) string {
			return `update kit.items set owner = 'tel. 347 1234567'`
		},
		"the title of the practice": func(*testing.T, *stage, release.Practice, release.Kit) string {
			return `update practice.practices set version = version + 1, title_it = 'tel. 347 1234567'`
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newStage(t)
			p := st.install(t, question("QU-01", "Nulla"), question("QU-02", "Altro"))
			report := st.compose(t, p, "1.0.0")
			gate, err := st.Owner.Begin(t.Context())
			fatal(t, err)
			defer func() { _ = gate.Rollback(context.WithoutCancel(t.Context())) }()
			var holder int
			fatal(t, gate.QueryRow(t.Context(), `select pg_backend_pid() from practice.practices for update`).Scan(&holder))
			published := make(chan error, 1)
			go func() {
				_, err := st.releases.Publish(t.Context(), st.giving, report.Kit.ID)
				published <- err
			}()
			st.waits(t, holder, published)
			if sql := change(t, st, p, report.Kit); sql != "" {
				_, err = gate.Exec(t.Context(), sql)
				fatal(t, err)
			}
			fatal(t, gate.Commit(t.Context()))
			wantMessage(t, <-published, problem.Conflict, "practice.error.kit_changed")
			if n := st.count(t, `select count(*) from commons.kits`); n != 0 {
				t.Errorf("%d kits went out", n)
			}
		})
	}
}

// A kit that cannot go out is not shown as one that can.
func TestFaultsAreShownBeforeThePublication(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, act("AA-01", "AA-02"), act("AA-02", "AA-01"))
	report := st.compose(t, p, "1.0.0")
	if report.Clear() || len(report.Faults) != 1 || report.Faults[0].Rule != "cycle" {
		t.Errorf("clear %v, faults %+v", report.Clear(), report.Faults)
	}
	at := "/pratiche/" + p.ID.String() + "/pubblica/" + report.Kit.ID.String()
	newSite(t, st).as(t, st.giving).visit(t, at, nil).want(t, 200, "Componenti da correggere", "si contengono a vicenda", "non si può ancora pubblicare")
}

// Whoever mends an item after a finding finds it chosen, in its new version, and is told so.
func TestAMendedItemStaysChosen(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "chiama il 347 1234567"), question("QU-02", "Altro"), question("QU-03", "Poi"), question("QU-04", "Mai"))
	giver := newSite(t, st).as(t, st.giving)
	compose := "/pratiche/" + p.ID.String() + "/pubblica"
	form := giver.visit(t, compose, nil).want(t, 200).fill()
	never, err := st.items.Get(t.Context(), st.giving, kit.KindQuestion, "QU-04")
	fatal(t, err)
	form["items"] = slices.DeleteFunc(form["items"], func(id string) bool { return id == never.ID.String() })
	giver.visit(t, compose, form).want(t, 303)
	st.edit(t, st.giving, question("QU-01", "chiama l'ufficio"))
	st.edit(t, st.giving, question("QU-04", "Forse"))
	st.retire(t, st.giving, "QU-03")
	again := giver.visit(t, compose, nil).want(t, 200, "Hanno una versione più recente, che è già scelta: QU-01.", "Non sono più in uso e non entrano nel kit: QU-03.")
	form = again.fill()
	var want []string
	for _, key := range []string{"QU-01", "QU-02"} {
		item, err := st.items.Get(t.Context(), st.giving, kit.KindQuestion, key)
		fatal(t, err)
		want = append(want, item.ID.String())
	}
	if !slices.Equal(slices.Sorted(slices.Values(form["items"])), slices.Sorted(slices.Values(want))) {
		t.Fatalf("chosen %q, want %q", form["items"], want)
	}
	check := giver.visit(t, compose, form).want(t, 303)
	giver.visit(t, check.to+"/conferma", giver.visit(t, check.to, nil).want(t, 200).fill()).want(t, 303)
	if page := giver.visit(t, compose, nil).want(t, 200); strings.Contains(page.main(), "Nel frattempo") {
		t.Errorf("an alert without a draft:\n%s", page.main())
	}
	st.publishes(t, "QU-01", "QU-02")
}

// publishes compares the keys of what is out.
func (st *stage) publishes(t *testing.T, keys ...string) {
	t.Helper()
	var out []string
	fatal(t, st.Owner.QueryRow(t.Context(), `select array_agg(key order by key) from commons.kit_items`).Scan(&out))
	if !slices.Equal(out, keys) {
		t.Errorf("out are %q, want %q", out, keys)
	}
}

// waits until something waits for what another transaction holds.
func (st *stage) waits(t *testing.T, holder int, done <-chan error) {
	t.Helper()
	for st.count(t, `select count(*) from pg_locks l where not l.granted and $1 = any (pg_blocking_pids(l.pid))`, holder) == 0 {
		select {
		case err := <-done:
			t.Fatalf("it did not wait: %v", err)
		default:
		}
	}
}
