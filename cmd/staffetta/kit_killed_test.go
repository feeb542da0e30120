package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules/kit"
	"staffetta/modules/practice/release"
	sheets "staffetta/modules/practice/sheet"
	"staffetta/tenants"
)

// given is a practice of Marsala that somebody of Mazara takes over, for the tests that kill the program meanwhile.
type given struct {
	st       *stage
	giving   tenants.Scope
	releases *release.Service
	items    *kit.Items
	practice uuid.UUID
	visitor  *visitor
	adoption string
}

const givenItems = 5

func give(t *testing.T) *given {
	t.Helper()
	tr := travel(t)
	g := &given{st: tr.st, giving: tr.st.castScope(t, marsala, "Ferrante"), releases: release.NewService(tr.st.deps), items: kit.NewItems(tr.st.deps)}
	g.giving.Roles = []string{"practice_owner"}
	source := release.Source{Practice: release.Practice{Key: "UCCISA", Title: language.Text{It: "Pratica di prova"}, Owner: "Comune", Licence: "CC-BY-4.0", Sheet: release.Sheet{
		Registry:        sheets.Registry{CedingBody: sheets.Body{Name: "Comune di prova"}},
		Characteristics: sheets.Characteristics{Problem: kit.Text{IT: "Un problema"}, Solution: kit.Text{IT: "Una soluzione"}},
		Transfer:        sheets.Transfer{How: []kit.Text{{IT: "Un passo"}}},
	}}}
	for n := range givenItems {
		source.Items = append(source.Items, g.question(n, "Prima"))
	}
	made, err := release.InstallSource(t.Context(), tr.st.deps, g.giving, source)
	must(t, err)
	g.practice = made.ID
	g.publish(t, "1.0.0")
	g.visitor = tr.st.token(t, tr.st.extra(t, mazara, "Uccisa", "practice_owner"))
	g.adoption = "/c_f061/adoptions/" + idIn(t, g.visitor.call(t, 201, "POST", "/c_f061/adoptions", object{"practice": g.practice}))
	return g
}

func (g *given) question(n int, answer string) kit.Source {
	return kit.Source{
		Kind: kit.KindQuestion, Key: fmt.Sprintf("UC-%02d", n), Title: kit.Text{IT: "Voce"}, Owner: "Comune", Licence: "CC-BY-4.0",
		Content: []byte(`{"question": {"it": "Che cosa serve?"}, "answer": {"it": "` + answer + `"}, "audience": "citizen"}`),
	}
}

// publish releases the items of the practice.
func (g *given) publish(t *testing.T, number string) {
	t.Helper()
	c := release.Composition{Kit: uuid.Must(uuid.NewV7()), Practice: g.practice, Release: number}
	for n := range givenItems {
		version, err := g.items.Get(t.Context(), g.giving, kit.KindQuestion, g.question(n, "").Key)
		must(t, err)
		c.Versions = append(c.Versions, version.ID)
	}
	_, err := g.releases.Compose(t.Context(), g.giving, c)
	must(t, err)
	_, err = g.releases.Publish(t.Context(), g.giving, c.Kit)
	must(t, err)
}

// change releases other contents of all items.
func (g *given) change(t *testing.T, number string) {
	t.Helper()
	for n := range givenItems {
		item, err := g.items.Item(t.Context(), g.giving, kit.KindQuestion, g.question(n, "").Key)
		must(t, err)
		item, err = g.items.SaveDraft(t.Context(), g.giving, kit.Edit{Source: g.question(n, "Seconda"), Revision: item.Revision})
		must(t, err)
		_, err = g.items.Publish(t.Context(), g.giving, kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "prova"})
		must(t, err)
	}
	g.publish(t, number)
}

// prints are fingerprints of what applying a kit writes.
func (g *given) prints(t *testing.T) map[string]string {
	t.Helper()
	prints := map[string]string{}
	for _, table := range []string{
		"kit.items", "kit.item_versions", "practice.applications", "practice.application_items", "practice.adoption_items", "practice.adoptions",
		"practice.adoptions_journal", "(select id from audit.events where action in ('adoption.apply', 'adoption.undo'))",
	} {
		prints[table] = query[string](t, g.st, `select coalesce(md5(string_agg(x::text, ';' order by x::text)), '') from `+table+` x`)
	}
	return prints
}

// trapped counts what is written into items and runs; the program stops at the write whose number stands in kit_trap.
func (g *given) trapped(t *testing.T) {
	t.Helper()
	g.st.exec(t, `
		create sequence public.kit_writes;
		create table public.kit_trap (at bigint not null);
		insert into public.kit_trap values (0);
		create function public.kit_waits() returns trigger language plpgsql security definer set search_path = '' as $$ begin
			if nextval('public.kit_writes') = (select f.at from public.kit_trap f) then
				perform pg_advisory_xact_lock(4712);
			end if;
			return null;
		end $$`)
	for _, table := range []string{"kit.items", "kit.item_versions", "practice.applications", "practice.application_items", "practice.adoption_items"} {
		g.st.exec(t, `create trigger kit_waits after insert or update on `+table+` for each row execute function public.kit_waits()`)
	}
	t.Cleanup(func() {
		_, err := g.st.owner.Exec(context.WithoutCancel(t.Context()), `drop function public.kit_waits() cascade; drop table public.kit_trap; drop sequence public.kit_writes`)
		must(t, err)
	})
}

// killedIn kills programs at the first write of a step and at others drawn by lot, and sees that nothing has changed.
func (g *given) killedIn(t *testing.T, what, path, body string) {
	t.Helper()
	before := g.prints(t)
	points := []int{1}
	for range 2 {
		points = append(points, 2+rand.IntN(givenItems*4-1)) // each item, its version, the decision and what the run made of it
	}
	for _, point := range points {
		g.st.exec(t, fmt.Sprintf(`alter sequence public.kit_writes restart; update public.kit_trap set at = %d`, point))
		c := g.st.beside(t)
		g.st.heldAt(t, c, trap{`select pg_advisory_xact_lock(4712)`, `locktype = 'advisory' and objid = 4712`, "kit.items"}, func() error {
			return g.visitor.at(c).dare(t, path, body)
		})
		if diff := cmp.Diff(before, g.prints(t)); diff != "" {
			t.Fatalf("%s, killed at write %d (-before +after):\n%s", what, point, diff)
		}
	}
	g.st.exec(t, `update public.kit_trap set at = 0`)
}

// inARace asks the same of many administrators at once: one does it, the others are told to read again.
func (g *given) inARace(t *testing.T, path, body string) (won object) {
	t.Helper()
	const many = 20
	answers := make([]reply, many)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = g.visitor.send(t, http.MethodPost, "/api/v1"+path, strings.NewReader(body), "Content-Type", "application/json")
		})
	}
	all.Wait()
	for _, answer := range answers {
		switch {
		case answer.Status == http.StatusOK && won == nil:
			must(t, json.Unmarshal([]byte(answer.Body), &won))
		case answer.Status != http.StatusConflict || !strings.Contains(answer.Body, "Nel frattempo qualcosa è cambiato: rileggi"):
			t.Errorf("one of %d answers %d: %s", many, answer.Status, answer.Body)
		}
	}
	if won == nil || won["changed"] != true {
		t.Fatalf("nobody won: %v", won)
	}
	return won
}

// A program that is killed while it applies, upgrades or goes back has changed nothing, wherever it was; the next one does
// it, and of many at once one does.
func TestADeadProgramAppliesNothing(t *testing.T) {
	g := give(t)
	g.trapped(t)
	digest := func(path string) string {
		return mustJSON(t, object{"digest": g.visitor.call(t, 200, "GET", path, nil)["digest"]})
	}
	g.killedIn(t, "applied", g.adoption+"/apply", `{}`)
	if run := g.inARace(t, g.adoption+"/apply", digest(g.adoption+"/plan")); run["new"] != float64(givenItems) {
		t.Errorf("applied: %v", run)
	}
	g.change(t, "2.0.0")
	g.killedIn(t, "upgraded", g.adoption+"/apply", `{}`)
	run := g.inARace(t, g.adoption+"/apply", digest(g.adoption+"/plan"))
	if run["updated"] != float64(givenItems) {
		t.Errorf("upgraded: %v", run)
	}
	back := g.adoption + "/applications/" + idIn(t, run) + "/undo"
	g.killedIn(t, "undone", back, `{}`)
	if done := g.inARace(t, back, digest(back)); done["restored"] != float64(givenItems) {
		t.Errorf("undone: %v", done)
	}
}
