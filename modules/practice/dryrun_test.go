package practice_test

import (
	"context"
	"encoding/csv"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/upgrade"
	"staffetta/policies"
	"staffetta/tenants"
)

// counting lets records made with questions be counted, as given by key.
func (st *stage) counting(t *testing.T, uses map[string]int) {
	t.Helper()
	list := manifests()
	for i := range list {
		for j := range list[i].Kinds {
			if list[i].Kinds[j].ID == kit.KindQuestion {
				list[i].Kinds[j].Impact = func(_ context.Context, _ tenants.Tx, _ int32, key string) (int, error) { return uses[key], nil }
			}
		}
	}
	kinds, err := modules.NewKinds(list)
	fatal(t, err)
	st.deps.Platform.Kinds = kinds
	st.upgrades = upgrade.NewService(st.deps)
}

// educator is a role that a kit brings, which reads and writes sections.
func educator(sections ...string) kit.Source {
	return source(kit.KindRole, "RU-01", map[string]any{
		"description": map[string]string{"it": "Chi segue le attività del centro"},
		"assigned":    map[string]any{"may": []string{"open"}, "reads": sections, "writes": sections},
	})
}

const formula = "=HYPERLINK(\"https://esempio.test\";\"qui\")"

// telling is an adoption before an upgrade with an item of each outcome, a title that a spreadsheet would run, and a role that
// shows something else than today.
func (st *stage) telling(t *testing.T) adoption.Adoption {
	t.Helper()
	st.Operator(t, st.taker, policies.ItemRole("RU-01"))
	p := st.install(t, question("QU-01", "Uno"), question("QU-02", "Due"), question("QU-03", "Tre"), question("QU-04", "Quattro"), educator("diary"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	st.edit(t, st.taking, question("QU-03", "Nostro"))
	hostile := question("QU-05", "Cinque")
	hostile.Title.IT = formula
	for _, item := range []kit.Source{question("QU-01", "Uno del kit"), question("QU-02", "Due del kit"), question("QU-03", "Del kit"), hostile, educator("identity")} {
		st.edit(t, st.giving, item)
	}
	st.publish(t, p, "1.1.0")
	return a
}

// The dry run says the same on the page, in the API and in the file: each item with its outcome and what it touches, who gains
// and who loses.
func TestTheDryRunIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.counting(t, map[string]int{"QU-01": 7, "QU-03": 1})
	a := st.telling(t)
	taker := newSite(t, st).as(t, st.taking)
	at := "/adozioni/" + a.ID.String() + "/prova"
	page := taker.visit(t, at, nil).want(t, 200, "Chi guadagna e chi perde")
	for _, text := range []string{"<summary>QU-01 Voce QU-01</summary>", "Risposta › in italiano", "Uno del kit", "Cinque", "A chi è rivolto"} {
		if !strings.Contains(page.main(), text) {
			t.Errorf("what changes is not told: %q", text)
		}
	}
	rows := rowsOf(t, taker.visit(t, at+"/file", nil).want(t, 200).body)
	parts, err := practice.Module().New(st.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	plan := caller{t, api, tenants.WithScope(t.Context(), st.taking)}.call("GET", "/adoptions/"+a.ID.String()+"/plan", 200)

	lines := plan["lines"].([]any)
	if len(lines) != 6 || plan["changed"] != 3.0 || plan["conflict"] != 1.0 || plan["same"] != 1.0 || plan["new"] != 1.0 {
		t.Fatalf("the plan has %d lines: %v", len(lines), plan)
	}
	for _, one := range lines {
		line := one.(map[string]any)
		want := []string{line["key"].(string), say(t, "practice.outcome."+line["outcome"].(string)), touched(t, line)}
		row := rows[slices.IndexFunc(rows, func(row []string) bool { return row[0] == want[0] })]
		if row[3] != want[1] || row[4] != want[2] {
			t.Errorf("the file says %q, the API %q", row, want)
		}
		part := partOf(page.main(), want[0])
		for _, text := range []string{row[2], want[2]} {
			if !strings.Contains(part, html.EscapeString(strings.TrimPrefix(text, "'"))) {
				t.Errorf("the page does not say %q of %s:\n%s", text, want[0], part)
			}
		}
		if line["outcome"] != "conflict" && !strings.Contains(part, ">"+want[1]+"<") {
			t.Errorf("the page does not say that %s is %s:\n%s", want[0], want[1], part)
		}
	}
	st.wantSameSights(t, plan["gains_and_losses"].([]any), rows, page)
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	if !slices.ContainsFunc(rows, func(row []string) bool { return row[2] == "'"+formula }) {
		t.Errorf("the title of QU-05 is not in the file: %q", rows)
	}
}

// wantSameSights compares who gains and who loses.
func (st *stage) wantSameSights(t *testing.T, effects []any, rows [][]string, page answer) {
	t.Helper()
	if len(effects) != 2 {
		t.Fatalf("the API tells %v", effects)
	}
	for _, one := range effects {
		effect := one.(map[string]any)
		if effect["people"] != 1.0 || effect["new"] != false {
			t.Errorf("the API tells %v", effect)
		}
		what := say(t, "practice.plan.loses")
		if effect["gained"] == true {
			what = say(t, "practice.plan.gains")
		}
		at := slices.IndexFunc(rows, func(row []string) bool { return row[0] == "RU-01" && row[2] == effect["who"] && row[3] == what })
		if at < 0 {
			t.Fatalf("the file does not tell of %v: %q", effect, rows)
		}
		for _, section := range append(effect["reads"].([]any), effect["writes"].([]any)...) {
			label := language.SayText(t.Context(), policies.SectionLabel(section.(string)))
			if !strings.Contains(rows[at][4], label) || !strings.Contains(page.main(), html.EscapeString(rows[at][4])) {
				t.Errorf("%s %s: the file says %q, and the page is\n%s", what, label, rows[at], page.main())
			}
		}
	}
}

func say(t *testing.T, key string, pairs ...any) string {
	t.Helper()
	words, err := language.NewCatalogue(practice.Module().Messages)
	fatal(t, err)
	return language.Say(language.WithLanguage(t.Context(), words, "it"), language.M(key, pairs...))
}

// touched is what the API tells of an item, in the words of the page: none is none, and what was not counted is not told.
func touched(t *testing.T, line map[string]any) string {
	t.Helper()
	var parts []string
	switch uses := int(line["uses"].(float64)); {
	case line["counted"] == true && uses == 0:
		parts = append(parts, say(t, "practice.outcome.never"))
	case line["counted"] == true:
		parts = append(parts, say(t, "practice.plan.uses", "n", uses))
	case uses != 0:
		t.Errorf("%v counts what was not counted", line)
	}
	if people := int(line["people"].(float64)); people > 0 {
		parts = append(parts, say(t, "practice.plan.workers", "n", people))
	}
	return strings.Join(parts, ". ")
}

// rowsOf reads a table of comma separated values, without its head.
func rowsOf(t *testing.T, file string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	fatal(t, err)
	return rows[1:]
}

// partOf is the row of a page, or its part about a conflict, that is about an item.
func partOf(main, key string) string {
	for _, around := range [][2]string{{"<tr>", "</tr>"}, {`id="conflitto-`, "</section>"}} {
		for _, chunk := range strings.Split(main, around[0])[1:] {
			part, _, _ := strings.Cut(chunk, around[1])
			if strings.Contains(part, ">"+key+"<") || strings.Contains(part, ">"+key+" ") {
				return part
			}
		}
	}
	return ""
}

// Who changes what people see has read who gains and who loses: on the page, and everywhere else.
func TestSightsAreAcknowledged(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a := st.telling(t)
	decided := map[string]upgrade.Decision{"question/QU-03": {Answer: upgrade.TakeKit}}
	before := st.state(t)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: decided})
	wantKind(t, err, problem.Invalid)
	if got := problem.Of(err).Fields; len(got) != 2 || got[0].Name != modules.ConsentField || got[1].Name != modules.MarkField {
		t.Errorf("without acknowledgement: %+v", got)
	}
	taker := newSite(t, st).as(t, st.taking)
	at := "/adozioni/" + a.ID.String()
	page := taker.visit(t, at+"/prova", nil).want(t, 200, `name="visto"`)
	answers := []string{"answer.question/QU-03", "kit"}
	page = taker.visit(t, at+"/applica", page.fill(answers...)).want(t, 422, `id="visto-errore"`)
	if st.state(t) != before {
		t.Error("something was changed without acknowledgement")
	}
	form := page.fill(append(answers, "visto", "si")...)
	taker.visit(t, at+"/applica", form).want(t, 303)
	if st.state(t) == before {
		t.Error("nothing was applied")
	}
	if after := st.plan(t, a); after.Seen() || after.Changes() != 0 {
		t.Errorf("applied, %s still shows a sight: %+v", strconv.Itoa(after.Changes()), after.Sights)
	}
}

// Through the API too a kit is applied, and answers are kept, by the dry run that was read, and by who has read who gains and loses.
func TestTheAPIAppliesWhatWasRead(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a := st.telling(t)
	api, ctx, at := st.operations(t), tenants.WithScope(t.Context(), st.taking), "/adoptions/"+a.ID.String()
	decisions := []any{map[string]any{"item": "question/QU-03", "answer": "kit"}}
	digest := func() any { return caller{t, api, ctx}.call("GET", at+"/plan", 200)["digest"] }
	before := st.state(t)
	for name, answer := range map[string]*httptest.ResponseRecorder{
		"another dry run":           api.PostCtx(ctx, at+"/apply", map[string]any{"decisions": decisions, "digest": "another one", "acknowledged": true}),
		"answers to another":        api.PutCtx(ctx, at+"/conflicts", map[string]any{"decisions": decisions, "digest": "another one"}),
		"who has read nothing":      api.PostCtx(ctx, at+"/apply", map[string]any{"digest": digest()}),
		"nobody's consent":          api.PostCtx(ctx, at+"/apply", map[string]any{"decisions": decisions, "digest": digest()}),
		"consent to whatever it is": api.PostCtx(ctx, at+"/apply", map[string]any{"decisions": decisions, "digest": "", "acknowledged": false}),
	} {
		if answer.Code == http.StatusOK || st.state(t) != before {
			t.Errorf("%s is applied: %d", name, answer.Code)
		}
	}
	newSite(t, st).as(t, st.taking).visit(t, "/adozioni/"+a.ID.String()+"/applica", url.Values{
		"letto": {"another one"}, "answer.question/QU-03": {"kit"}, "visto": {"si"},
	}).want(t, 409)
	run := caller{t, api, ctx}.call("POST", at+"/apply", 200, map[string]any{"decisions": decisions, "digest": digest(), "acknowledged": true})
	if run["changed"] != true || run["conflict"] != 1.0 || st.state(t) == before {
		t.Errorf("applied: %v", run)
	}
}
