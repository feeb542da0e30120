package practice_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice"
	"staffetta/modules/practice/finding"
	"staffetta/modules/practice/personal"
	"staffetta/modules/practice/release"
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

// general is what who may not see persons is told, of a whole kit.
const general = "In uno dei testi c&#39;è il nome o l&#39;indirizzo di una persona in anagrafica"

// The names are compared whoever publishes. Who may not see persons learns one thing of the whole kit, and nothing goes out.
func TestPublishersLearnOneThingOfTheWholeKit(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.giving, "Lo Bianco", "Rosa")
	st.register(t, st.giving, "Verdi", "Ugo")
	st.register(t, st.taking, "Neri", "Carla") // of another body
	p := st.install(t, probe("Rosa Lo Bianco e Verdi Ugo", "Carla Neri", "Ugo Verdi")...)
	si := newSite(t, st)
	at := "/pratiche/" + p.ID.String() + "/pubblica"
	for n, role := range []string{"practice_owner", "tenant_admin"} {
		publisher := si.as(t, st.Operator(t, st.giver, role))
		check := publisher.visit(t, at, publisher.visit(t, at, nil).want(t, 200).fill()).want(t, 303)
		page := publisher.visit(t, check.to, nil).want(t, 200, general, "Toglilo, oppure chiedi", "non si può ancora pubblicare")
		refused := publisher.visit(t, check.to+"/conferma", url.Values{"x": {"y"}}).want(t, 422, general)
		for _, told := range []string{"QU-01 answer", "QU-03 answer", "Rosa", "Verdi", "/motiva"} {
			if strings.Contains(page.main(), told) || strings.Contains(refused.main(), told) {
				t.Errorf("%s is told %q:\n%s", role, told, page.main())
			}
		}
		if strings.Count(page.main(), "<article>") != 1 {
			t.Errorf("%s is told more than one thing:\n%s", role, page.main())
		}
		publisher.visit(t, check.to+"/motiva", url.Values{"finding": {finding.Names}, "reason": {"perché sì"}}).want(t, 403)
		if made, payload := st.compared(t); made != 2*(n+1) || strings.Contains(strings.ToLower(payload), "bianco") {
			t.Errorf("%d comparisons in the audit, the last %s", made, payload)
		}
	}
	if n := st.count(t, `select count(*) from commons.kits`); n != 0 {
		t.Errorf("%d kits went out", n)
	}
	_, err := registry.NewService(st.deps).KnownNames(t.Context(), st.giving, []registry.NameKey{{Surname: "lobianco", Name: "rosa"}})
	wantKind(t, err, problem.NotFound)
}

// A name of the practice itself goes out with it, and is compared as well.
func TestTheNameOfAPracticeIsCompared(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.giving, "Lo Bianco", "Rosa")
	p := st.install(t, question("QU-01", "Nulla"))
	p.Title.It = "Il caso di Rosa Lo Bianco"
	p, err := st.releases.Update(t.Context(), st.giving, p)
	fatal(t, err)
	_, err = st.releases.Publish(t.Context(), st.giving, st.compose(t, p, "1.0.0").Kit.ID)
	wantKind(t, err, problem.Invalid)
}

// In SQL there is one answer for all names of the own body, for a bounded number of them.
func TestTheDatabaseGivesOneAnswer(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.giving, "Lo Bianco", "Rosa")
	ask := func(s tenants.Scope, surnames, names []string) (some bool, err error) {
		err = st.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
			return tx.QueryRow(t.Context(), `select practice.some_registered($1, $2)`, surnames, names).Scan(&some)
		})
		return some, err
	}
	for s, want := range map[*tenants.Scope]bool{&st.giving: true, &st.taking: false} {
		if some, err := ask(*s, []string{"neri", "lobianco"}, []string{"carla", "rosa"}); err != nil || some != want {
			t.Errorf("%s: %v, %v", s.Slug, some, err)
		}
	}
	if some, err := ask(st.giving, []string{"lobianco"}, []string{"ugo"}); err != nil || some {
		t.Errorf("another name: %v, %v", some, err)
	}
	many := slices.Repeat([]string{"a"}, registry.MaxNames+1)
	for _, wrong := range [][2][]string{{many, many}, {nil, nil}, {{"lobianco"}, {"rosa", "rosa"}}} {
		if _, err := ask(st.giving, wrong[0], wrong[1]); err == nil || !strings.Contains(err.Error(), "too many names") {
			t.Errorf("%d and %d names: %v", len(wrong[0]), len(wrong[1]), err)
		}
	}
	err := st.DB.InTx(t.Context(), st.giving, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `select 1/count(*) from registry.persons`)
		return err
	})
	if err == nil {
		t.Error("who publishes may count the persons")
	}
}

// Who may see persons is told in which texts names stand, and two of them clear each. What is cleared holds for the name in
// its place as long as the text stays: another text brings it back, and lets no other name pass.
func TestNamesAreClearedOneByOne(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.giving, "Lo Bianco", "Rosa")
	st.register(t, st.giving, "Verdi", "Ugo")
	p := st.install(t, probe("Rosa Lo Bianco", "Carla Neri")...)
	si := newSite(t, st)
	owner, worker := si.as(t, st.giving), si.as(t, st.Operator(t, st.giver, "practice_owner", "social_worker"))
	at := "/pratiche/" + p.ID.String() + "/pubblica"
	check := worker.visit(t, at, worker.visit(t, at, nil).want(t, 200).fill()).want(t, 303)
	found := worker.visit(t, check.to, nil).want(t, 200, "Nome presente in anagrafica: QU-01 Voce QU-01: Risposta › in italiano", "non si può ancora pubblicare")
	for _, wrong := range []string{"non sono stati controllati", "QU-02 answer.it", "Rosa", "Bianco"} {
		if strings.Contains(found.main(), wrong) {
			t.Errorf("the page tells %q:\n%s", wrong, found.main())
		}
	}
	place := found.fill().Get("finding")
	again := func(v visitor, text string) answer {
		t.Helper()
		st.edit(t, st.giving, question("QU-01", text))
		v.visit(t, at, v.recompose(t, at)).want(t, 303)
		return v.visit(t, check.to, nil)
	}
	// neither other words nor checking without the right to see persons make it go away
	again(owner, "Secondo Rosa Lo Bianco. .").want(t, 200, general)
	owner.visit(t, check.to+"/conferma", url.Values{"x": {"y"}}).want(t, 422, general)
	owner.visit(t, check.to+"/motiva", url.Values{"finding": {place}, "reason": {"perché sì"}}).want(t, 404)
	colleague := si.as(t, st.Operator(t, st.giver, "practice_owner", "social_worker"))
	clearing := func() {
		t.Helper()
		worker.visit(t, check.to+"/motiva", url.Values{"finding": {place}, "reason": {"è l'autrice del testo"}}).want(t, 303)
		owner.visit(t, check.to, nil).want(t, 200, general)
		owner.visit(t, check.to+"/motivazione", url.Values{"finding": {place}, "read": {"è l'autrice del testo"}}).want(t, 404)
		colleague.visit(t, check.to+"/motivazione", url.Values{"finding": {place}, "read": {"è l'autrice del testo"}}).want(t, 303)
	}
	clearing()
	cleared := again(owner, "Secondo Rosa Lo Bianco. .").want(t, 200, "Pubblica il kit")
	if strings.Contains(cleared.main(), "autrice") || strings.Contains(cleared.main(), "<article>") {
		t.Errorf("who may not see persons is told that a name may stand:\n%s", cleared.main())
	}
	// other words, another name beside the one that is cleared, and the same one elsewhere, are others
	again(owner, "Ha scritto Rosa Lo Bianco queste altre parole").want(t, 200, general, "non si può ancora pubblicare")
	again(owner, "Hanno scritto Rosa Lo Bianco e Ugo Verdi").want(t, 200, general, "non si può ancora pubblicare")
	again(worker, "Ha scritto Rosa Lo Bianco").want(t, 200, "Nome presente in anagrafica: QU-01 Voce QU-01: Risposta › in italiano")
	clearing()
	st.edit(t, st.giving, question("QU-02", "Secondo Rosa Lo Bianco"))
	owner.visit(t, at, owner.recompose(t, at)).want(t, 303)
	owner.visit(t, check.to+"/conferma", url.Values{"x": {"y"}}).want(t, 422, general)
	worker.visit(t, at, worker.recompose(t, at)).want(t, 303)
	worker.visit(t, check.to, nil).want(t, 200, "Nome presente in anagrafica: QU-02 Voce QU-02: Risposta › in italiano", "autrice")
	st.edit(t, st.giving, question("QU-02", "Nulla"))
	owner.visit(t, at, owner.recompose(t, at)).want(t, 303)
	owner.visit(t, check.to+"/conferma", url.Values{"x": {"y"}}).want(t, 303)
}

// recompose chooses for the draft all items as they are now.
func (v visitor) recompose(t *testing.T, at string) url.Values {
	t.Helper()
	form := v.visit(t, at, nil).want(t, 200).fill()
	form.Del("items")
	items, err := v.items.Find(t.Context(), v.giving, "")
	fatal(t, err)
	for _, item := range items {
		form.Add("items", item.Current.ID.String())
	}
	return form
}

// What the API tells who may not see persons is what the page tells; who sees them gets the places.
func TestNamesThroughTheAPI(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.giving, "Lo Bianco", "Rosa")
	p := st.install(t, probe("Rosa Lo Bianco")...)
	worker := st.Operator(t, st.giver, "practice_owner", "social_worker")
	id := st.compose(t, p, "1.0.0").Kit.ID
	_, err := st.releases.Check(t.Context(), worker, id)
	fatal(t, err)
	parts, err := practice.Module().New(st.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	for rule, s := range map[string]tenants.Scope{finding.Names: st.giving, personal.Name: worker} {
		got := caller{t, api, tenants.WithScope(t.Context(), s)}.call("GET", "/kits/"+id.String(), 200)
		findings := got["findings"].([]any)
		one := findings[0].(map[string]any)
		if len(findings) != 1 || one["rule"] != rule || (one["place"] == "") != (rule == finding.Names) || got["clear"] != false {
			t.Errorf("%s: %v", rule, got["findings"])
		}
	}
	wantKind(t, st.releases.Justify(t.Context(), st.giving, id, finding.Names, "perché sì"), problem.Forbidden)
	_, err = st.releases.Publish(t.Context(), st.giving, id)
	wantKind(t, err, problem.Invalid)
}

// An account compares names thirty times an hour, whether it checks or publishes; others are not kept from it.
func TestComparisonsAreLimited(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, probe("Rosa Lo Bianco")...)
	si := newSite(t, st)
	owner := si.as(t, st.giving)
	at := "/pratiche/" + p.ID.String() + "/pubblica"
	form := owner.visit(t, at, nil).want(t, 200).fill()
	var check answer
	for range 30 {
		check = owner.visit(t, at, form).want(t, 303)
	}
	owner.visit(t, at, form).want(t, 429, "troppi controlli in un&#39;ora")
	owner.visit(t, check.to+"/conferma", url.Values{"x": {"y"}}).want(t, 429)
	if n, _ := st.compared(t); n != 30 {
		t.Errorf("%d comparisons", n)
	}
	si.as(t, st.Operator(t, st.giver, "practice_owner")).visit(t, check.to+"/conferma", url.Values{"x": {"y"}}).want(t, 303)
}

// A comparison without its event in the audit tells nothing and keeps nothing.
func TestNoNamesAreToldWithoutAnAudit(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.giving, "Lo Bianco", "Rosa")
	report := st.compose(t, st.install(t, probe("Rosa Lo Bianco")...), "1.0.0")
	_, err := st.Owner.Exec(t.Context(), `revoke insert on audit.events from staffetta_app`)
	fatal(t, err)
	worker := st.Operator(t, st.giver, "practice_owner", "social_worker")
	told, err := st.releases.Check(t.Context(), worker, report.Kit.ID)
	wantKind(t, err, problem.Internal)
	kept, err := st.releases.GetReport(t.Context(), st.giving, report.Kit.ID)
	fatal(t, err)
	if len(told.Kit.Findings) != 0 || kept.Kit.Revision != report.Kit.Revision {
		t.Errorf("told %+v, kept %+v", told.Kit.Findings, kept.Kit.Findings)
	}
}

func TestTooManyNamesAreNotCompared(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := release.CID()
	fatal(t, err)
	worker := st.Operator(t, st.giver, "practice_owner", "social_worker")
	p, err := release.InstallSource(t.Context(), st.deps, st.giving, cid)
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
