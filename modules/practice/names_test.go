package practice_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

// compared counts the comparisons of names that the giver's audit has, and gives the last one's payload.
func (st *stage) compared(t *testing.T) (int, string) {
	t.Helper()
	var n int
	var last string
	fatal(t, st.Owner.QueryRow(t.Context(), `select count(*), coalesce((array_agg(payload::text order by at desc))[1], '')
		from audit.events where tenant_id = $1 and action = 'kit.names'`, st.giver.ID).Scan(&n, &last))
	return n, last
}

// probe is a text that asks about many names at once, as somebody would who wants to know who is registered.
func probe(names ...string) []kit.Source {
	items := make([]kit.Source, len(names))
	for i, name := range names {
		items[i] = question(fmt.Sprintf("QU-%02d", i+1), "Secondo "+name+".")
	}
	return items
}

// Who publishes and may not see persons learns of no name whether it is registered, neither on the page nor from the API.
func TestPublishersLearnOfNoNameWhoIsRegistered(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.giving, "Lo Bianco", "Rosa")
	p := st.install(t, probe("Rosa Lo Bianco", "Carla Neri")...)
	si := newSite(t, st)
	owner := si.as(t, st.giving)
	at := "/pratiche/" + p.ID.String() + "/pubblica"
	form := owner.visit(t, at, nil).want(t, 200).fill()
	check := owner.visit(t, at, form).want(t, 303)
	page := owner.visit(t, check.to, nil).want(t, 200, "I nomi di persona non sono stati controllati", "Rileggi i testi", "Pubblica il kit")
	for _, told := range []string{"anagrafica: QU", "Rosa", "Carla", "QU-01 answer"} {
		if strings.Contains(page.main(), told) {
			t.Errorf("the page tells %q:\n%s", told, page.main())
		}
	}
	if n, _ := st.compared(t); n != 0 {
		t.Errorf("the names were compared %d times", n)
	}
	// in SQL there is nobody to ask, either
	for _, sql := range []string{`select * from practice.registered_names(array['lobianco'], array['rosa'])`, `select 1/count(*) from registry.persons`} {
		err := st.DB.InTx(t.Context(), st.giving, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if err == nil {
			t.Errorf("who publishes may run %s", sql)
		}
	}
	_, err := registry.NewService(st.deps).KnownNames(t.Context(), st.giving, []registry.NameKey{{Surname: "lobianco", Name: "rosa"}})
	wantKind(t, err, problem.NotFound)
}

// Who may see persons is told in which texts names stand, and the audit has it without them; then nobody publishes past it.
func TestNamesAreComparedForWhoSeesPersons(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.giving, "Lo Bianco", "Rosa")
	st.register(t, st.giving, "Verdi", "Ugo")
	p := st.install(t, probe("Rosa Lo Bianco e Verdi Ugo", "Carla Neri")...)
	si := newSite(t, st)
	owner, worker := si.as(t, st.giving), si.as(t, st.Operator(t, st.giver, "practice_owner", "social_worker"))
	at := "/pratiche/" + p.ID.String() + "/pubblica"
	check := worker.visit(t, at, worker.visit(t, at, nil).want(t, 200).fill()).want(t, 303)
	found := worker.visit(t, check.to, nil).want(t, 200, "Nome presente in anagrafica: QU-01 answer.it", "non si può ancora pubblicare")
	for _, wrong := range []string{"non sono stati controllati", "QU-02 answer.it", "Rosa", "Bianco", "Verdi"} {
		if strings.Contains(found.main(), wrong) {
			t.Errorf("the page tells %q:\n%s", wrong, found.main())
		}
	}
	if strings.Count(found.main(), "<article>") != 1 {
		t.Errorf("the text is told more than once:\n%s", found.main())
	}
	n, payload := st.compared(t)
	var told map[string]any
	fatal(t, json.Unmarshal([]byte(payload), &told))
	if _, counted := told["names"].(float64); n != 1 || len(told) != 3 || told["places"] != 1.0 || !counted || strings.Contains(strings.ToLower(payload), "bianco") {
		t.Errorf("%d comparisons in the audit, the last %s", n, payload)
	}
	// checking again without the right to see persons neither compares nor makes the finding go away
	owner.visit(t, check.to+"/conferma", found.fill("x", "y")).want(t, 422, "QU-01 answer.it", "Contiene il nome di una persona")
	owner.visit(t, at, owner.visit(t, at, nil).want(t, 200).fill()).want(t, 303)
	owner.visit(t, check.to, nil).want(t, 200, "Nome presente in anagrafica: QU-01 answer.it", "I nomi di persona non sono stati controllati")
	if n, _ := st.compared(t); n != 1 {
		t.Errorf("%d comparisons", n)
	}
	owner.visit(t, check.to+"/motiva", owner.visit(t, check.to, nil).fill("reason", "è l'autrice del testo")).want(t, 303)
	owner.visit(t, check.to+"/conferma", found.fill("x", "y")).want(t, 303)
}

// A comparison without its event in the audit tells nothing and keeps nothing.
func TestNoNamesAreToldWithoutAnAudit(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.giving, "Lo Bianco", "Rosa")
	report := st.compose(t, st.install(t, probe("Rosa Lo Bianco")...), "1.0.0")
	_, err := st.Owner.Exec(t.Context(), `revoke insert on audit.events from staffetta_auditor`)
	fatal(t, err)
	worker := st.Operator(t, st.giver, "practice_owner", "social_worker")
	told, err := st.service.Check(t.Context(), worker, report.Kit.ID)
	wantKind(t, err, problem.Unavailable)
	kept, err := st.service.GetReport(t.Context(), st.giving, report.Kit.ID)
	fatal(t, err)
	if len(told.Kit.Findings)+len(kept.Kit.Findings) != 0 {
		t.Errorf("told %+v, kept %+v", told.Kit.Findings, kept.Kit.Findings)
	}
}

func TestTooManyNamesAreNotCompared(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := practice.CID()
	fatal(t, err)
	worker := st.Operator(t, st.giver, "practice_owner", "social_worker")
	p, err := practice.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	si := newSite(t, st)
	visitor := si.as(t, worker)
	at := "/pratiche/" + p.ID.String() + "/pubblica"
	check := visitor.visit(t, at, visitor.visit(t, at, nil).want(t, 200).fill()).want(t, 303)
	visitor.visit(t, check.to, nil).want(t, 200, "Non sono stati trovati dati personali", "Pubblica il kit")
	_, payload := st.compared(t)
	t.Logf("the CID kit: %s", payload)

	for part := range 5 { // 5 texts of 400 names
		var text strings.Builder
		for name := range 400 {
			fmt.Fprintf(&text, "N%c%s ", 'a'+part, letters(name))
		}
		st.edit(t, st.giving, question(fmt.Sprintf("QU-9%02d", part), text.String()))
	}
	form := visitor.visit(t, at, nil).want(t, 200).fill()
	items, err := st.items.Find(t.Context(), st.giving, "")
	fatal(t, err)
	for _, item := range items {
		form.Add("items", item.Current.ID.String())
	}
	visitor.visit(t, at, form).want(t, 422, "troppe parole con la maiuscola")
	if n, _ := st.compared(t); n != 1 {
		t.Errorf("%d comparisons", n)
	}
	_, err = registry.NewService(st.deps).KnownNames(t.Context(), worker, slices.Repeat([]registry.NameKey{{Surname: "a", Name: "b"}}, registry.MaxNames+1))
	wantKind(t, err, problem.TooLarge)
}

// letters writes a number in letters.
func letters(n int) string {
	return string([]rune{rune('a' + n/26%26), rune('a' + n%26), 'o'})
}
