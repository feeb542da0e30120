package practice_test

import (
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules/kit"
	"staffetta/modules/practice/release"
)

var (
	controls  = regexp.MustCompile(`(?s)<input[^>]*>|<textarea[^>]*>.*?</textarea>|<select[^>]*>.*?</select>`)
	options   = regexp.MustCompile(`<option[^>]*>`)
	attribute = regexp.MustCompile(`\s([a-z-]+)(?:="([^"]*)")?`)
)

// sent is what a browser sends of the first form of a page's main part when nothing is changed.
func sent(page answer) url.Values {
	_, form, _ := strings.Cut(page.main(), `class="componente"`)
	form, _, _ = strings.Cut(form, "</form>")
	values := url.Values{}
	for _, control := range controls.FindAllString(form, -1) {
		tag, rest, _ := strings.Cut(control, ">")
		has := attributes(tag)
		name, known := has["name"]
		if !known {
			continue
		}
		switch {
		case strings.HasPrefix(control, "<textarea"):
			text := strings.TrimPrefix(strings.TrimSuffix(rest, "</textarea>"), "\n")
			values.Add(name, strings.ReplaceAll(html.UnescapeString(text), "\n", "\r\n"))
		case strings.HasPrefix(control, "<select"):
			chosen := ""
			for _, option := range options.FindAllString(rest, -1) {
				if of := attributes(option); hasKey(of, "selected") {
					chosen = of["value"]
				}
			}
			values.Add(name, chosen)
		case has["type"] == "checkbox" || has["type"] == "radio":
			if hasKey(has, "checked") {
				values.Add(name, has["value"])
			}
		default:
			values.Add(name, has["value"])
		}
	}
	return values
}

func attributes(tag string) map[string]string {
	found := map[string]string{}
	for _, match := range attribute.FindAllStringSubmatch(tag, -1) {
		found[match[1]] = html.UnescapeString(match[2])
	}
	return found
}

func hasKey(of map[string]string, name string) bool { _, there := of[name]; return there }

// Every item of the CID kit opens in the editor; sent back as it is nothing changes, and with one change that alone does.
func TestTheEditorHoldsEveryItem(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := release.CID()
	fatal(t, err)
	_, err = release.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	owner := newSite(t, st).as(t, st.giving)
	for _, source := range cid.Items {
		path := "/kit/" + source.Kind + "/" + source.Key + "/modifica"
		before, err := st.items.Item(t.Context(), st.giving, source.Kind, source.Key)
		fatal(t, err)
		page := owner.visit(t, path, nil).want(t, 200, "Salva la bozza")
		form := sent(page)
		if back := owner.visit(t, path, form); back.status != 303 || back.to != path {
			t.Fatalf("%s sent as it is: %d %s", source.Key, back.status, back.main())
		}
		same, err := st.items.Item(t.Context(), st.giving, source.Kind, source.Key)
		fatal(t, err)
		if same.Draft != nil || same.Revision != before.Revision {
			t.Fatalf("%s is another one when sent as it is:\n%s", source.Key, cmp.Diff(readJSON(t, before.Current.Content), readJSON(t, same.Draft)))
		}
		changed := firstWording(form)
		form.Set(changed, "Cambiato qui")
		owner.visit(t, path, form).want(t, 303)
		after, err := st.items.Item(t.Context(), st.giving, source.Kind, source.Key)
		fatal(t, err)
		want := readJSON(t, before.Current.Content)
		put(want, strings.Split(changed, ".")[1:], "Cambiato qui")
		if diff := cmp.Diff(want, readJSON(t, after.Draft)); diff != "" {
			t.Errorf("%s after a change of %s (-want +got):\n%s", source.Key, changed, diff)
		}
		owner.visit(t, "/kit/"+source.Kind+"/"+source.Key+"/pubblica", nil).want(t, 200, "Cambiato qui", "Perché lo cambi")
		owner.visit(t, "/kit/"+source.Kind+"/"+source.Key+"/prova", nil).want(t, 200, "Come lo vede chi lo usa")
	}
}

// bare is the text of an element that is nothing but a code: of an item, of a list of the program, or of a role.
var bare = regexp.MustCompile(`>\s*((?:[A-Z]{2}-\d{2})|citizen|delegate|multiutenza|disabili|famiglia_minori|outcome|reason|sharing-template)\s*<`)

// What items and practices name is called by its title, on the pages of items and on the sheet of the practice.
func TestNoPageOfAPracticeShowsACodeAlone(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := release.CID()
	fatal(t, err)
	installed, err := release.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	owner := newSite(t, st).as(t, st.giving)
	paths := []string{"/pratiche/" + installed.ID.String()}
	for _, source := range cid.Items {
		paths = append(paths, "/kit/"+source.Kind+"/"+source.Key)
	}
	for _, path := range paths {
		page := owner.visit(t, path, nil).want(t, 200).main()
		_, content, _ := strings.Cut(page, "</nav>") // above it the way to the page
		for _, found := range bare.FindAllString(content, -1) {
			t.Errorf("%s shows %q", path, found)
		}
	}
	owner.visit(t, paths[0], nil).want(t, 200, "KP-01 Contatti ogni 1.000 residenti", "TE-01 ")
}

// The editor explains rules with examples from what the item itself asks; what is wrong is told at its place.
func TestTheEditorHelpsWithRules(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := release.CID()
	fatal(t, err)
	_, err = release.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	owner := newSite(t, st).as(t, st.giving)
	example := regexp.MustCompile(`<code>([^<]+)</code><br>([^<]+)`)
	for _, source := range cid.Items {
		page := owner.visit(t, "/kit/"+source.Kind+"/"+source.Key+"/modifica", nil).want(t, 200)
		ruled := slices.Contains([]string{kit.KindForm, kit.KindAssessment, kit.KindIndicator}, source.Kind)
		found := example.FindAllStringSubmatch(page.main(), -1)
		if want := map[bool]int{true: 3}[ruled]; len(found) != want || starts(page) != (source.Kind == kit.KindForm) {
			t.Errorf("%s has %d examples, want %d", source.Key, len(found), want)
		}
		for _, one := range found {
			if one[1] == one[2] {
				t.Errorf("%s: %s is in no words", source.Key, one[1])
			}
		}
	}
	path := "/kit/" + kit.KindForm + "/FO-01/modifica"
	page := owner.visit(t, path, nil).want(t, 200, "answers.channel == &#39;in_person&#39;", "«Come è arrivata la richiesta» è «Di persona»", "Che cosa lo sportello ha già scritto nell&#39;accesso")
	form := sent(page)
	for name := range form {
		if form.Get(name) == "answers.urgent == true" {
			form.Set(name, "answers.urgent = true")
		}
	}
	owner.visit(t, owner.visit(t, path, form).want(t, 303).to, nil).want(t, 200, "Riga 1, carattere 16: «è uguale a» si scrive con due segni, ==")
}

// starts tells whether questions of an item may start from a contact.
func starts(page answer) bool { return strings.Contains(page.main(), ">Parte da") }

// firstWording is the first Italian text of a form.
func firstWording(form url.Values) string {
	var names []string
	for name := range form {
		if strings.HasSuffix(name, ".it") && form.Get(name) != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names[0]
}

func readJSON(t *testing.T, raw []byte) any {
	t.Helper()
	if raw == nil {
		return nil
	}
	var value any
	fatal(t, json.Unmarshal(raw, &value))
	return value
}

// put changes a value at the end of steps.
func put(value any, steps []string, text string) {
	for _, step := range steps[:len(steps)-1] {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			value = v[number(step)]
		}
	}
	value.(map[string]any)[steps[len(steps)-1]] = text
}

func number(text string) (n int) {
	for _, r := range text {
		n = n*10 + int(r-'0')
	}
	return n
}

// Somebody writes a vocabulary from nothing, with the buttons of its list, sees what is wrong, publishes it, and goes back
// to the first version.
func TestAnItemIsWrittenOnThePage(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	owner := newSite(t, st).as(t, st.giving)
	owner.visit(t, "/kit/nuovo", nil).want(t, 200, "Vocabolari")
	owner.visit(t, "/kit/nuovo", url.Values{"tipo": {"poem"}, "codice": {"../x"}}).want(t, 422, "Usa da 1 a 64 lettere")
	path := "/kit/vocabulary/VO-01"
	made := owner.visit(t, "/kit/nuovo", url.Values{"tipo": {"vocabulary"}, "codice": {"VO-01"}, "titolo-it": {"Voci"}})
	if made.to != path+"/modifica" {
		t.Fatalf("made: %d %s", made.status, made.main())
	}
	owner.visit(t, "/kit/nuovo", url.Values{"tipo": {"vocabulary"}, "codice": {"VO-01"}, "titolo-it": {"Voci"}}).want(t, 422, "Questo codice")

	step := func(change func(form url.Values)) answer {
		form := sent(owner.visit(t, path+"/modifica", nil).want(t, 200))
		change(form)
		return owner.visit(t, path+"/modifica", form).want(t, 303)
	}
	press := func(asked string) { step(func(form url.Values) { form.Set("azione", asked) }) }
	press("add:c.values")
	if next := step(func(form url.Values) { form.Set("azione", "add:c.values") }); next.to != path+"/modifica?aperto=c.values.1#c-values-1" {
		t.Errorf("adding leads to %s", next.to)
	}
	back := step(func(form url.Values) { form.Set("c.values.0.label.it", "Più tardi"); form.Set("azione", "salva") })
	owner.visit(t, back.to, nil).want(t, 200, "Da correggere", "Scrivi qualcosa qui", "Ci sono")
	owner.visit(t, path+"/pubblica", nil).want(t, 200, "correggi le parti sbagliate")
	step(func(form url.Values) {
		form.Set("c.values.1.label.it", "Subito & <presto>")
		form.Set("c.description.it", "Quando serve")
	})
	press("up:c.values.1")
	st.wantValues(t, []string{"subito_presto", "piu_tardi"})
	publish := func(reason string) {
		form := url.Values{"versione": versionIn(owner.visit(t, path+"/pubblica", nil).want(t, 200)), "motivo": {reason}}
		owner.visit(t, path+"/pubblica", form).want(t, 303)
	}
	owner.visit(t, path+"/pubblica", url.Values{"versione": versionIn(owner.visit(t, path+"/pubblica", nil))}).want(t, 422)
	publish("Prima versione")
	press("remove:c.values.0")
	st.wantValues(t, []string{"piu_tardi"})
	publish("Una voce in meno")
	owner.visit(t, path, nil).want(t, 200, "Una voce in meno", "/versioni/1")
	old := owner.visit(t, path+"/versioni/1", nil).want(t, 200, "Subito &amp; &lt;presto&gt;", "Riprendi questa versione")
	owner.visit(t, path+"/versioni/1", url.Values{"versione": versionIn(old)}).want(t, 303)
	st.wantValues(t, []string{"subito_presto", "piu_tardi"})
	owner.visit(t, path+"/versioni/9", nil).want(t, 404)
	newSite(t, st).as(t, st.taking).visit(t, path+"/modifica", nil).want(t, 404)
}

// An item goes out of use on its page, with a reason, by whoever has read who works with it; and comes back as it was.
func TestAnItemIsRetiredOnThePage(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	sheet := question("QU-01", "Uno")
	sheet.Content = []byte(strings.Replace(string(sheet.Content), `{`, `{"services":["SV-01"],`, 1))
	cid, err := release.CID()
	fatal(t, err)
	at := slices.IndexFunc(cid.Items, func(one kit.Source) bool { return one.Key == "SV-01" })
	st.install(t, sheet, cid.Items[at])
	owner, path := newSite(t, st).as(t, st.giving), "/kit/service/SV-01"
	owner.visit(t, path, nil).want(t, 200, path+"/ritira")
	page := owner.visit(t, path+"/ritira", nil).want(t, 200, "Ritirare il componente?", "QU-01", "Quello che è già stato fatto", "Perché lo ritiri")
	owner.visit(t, path+"/ritira", url.Values{"versione": versionIn(page)}).want(t, 422, "Perché lo ritiri", "Ritirare il componente?")
	owner.visit(t, path+"/ritira", url.Values{"versione": {"0"}, "motivo": {"Non serve"}}).want(t, 409, "Non serve")
	owner.visit(t, path+"/ritira", url.Values{"versione": versionIn(page), "motivo": {"Non serve"}}).want(t, 303)
	gone := owner.visit(t, path, nil).want(t, 200, "Ritirato", "Rimetti in uso")
	if strings.Contains(gone.main(), path+"/ritira") {
		t.Error("what is retired can be retired again")
	}
	owner.visit(t, path+"/ritira", nil).want(t, 200, "già ritirato")
	back := owner.visit(t, path+"/versioni/1", url.Values{"versione": versionIn(gone)}).want(t, 303)
	form := url.Values{"versione": versionIn(owner.visit(t, back.to, nil).want(t, 200)), "motivo": {"Serve ancora"}}
	owner.visit(t, path+"/pubblica", form).want(t, 303)
	item, err := st.items.Item(t.Context(), st.giving, kit.KindService, "SV-01")
	fatal(t, err)
	if first, err := st.items.Version(t.Context(), st.giving, item.Current.ID); err != nil || item.State != kit.Published || string(first.Content) != string(item.Current.Content) || item.Current.Number != 2 {
		t.Errorf("it is not back as it was: %v %+v", err, item)
	}
	newSite(t, st).as(t, st.taking).visit(t, path+"/ritira", nil).want(t, 404)
}

// versionIn is the version that a page carries.
func versionIn(page answer) []string {
	match := regexp.MustCompile(`name="versione" value="(\d+)"`).FindStringSubmatch(page.body)
	return match[1:]
}

// wantValues compares the keys of the giver's vocabulary, as it is worked on.
func (st *stage) wantValues(t *testing.T, want []string) {
	t.Helper()
	item, err := st.items.Item(t.Context(), st.giving, kit.KindVocabulary, "VO-01")
	fatal(t, err)
	var content struct{ Values []struct{ Key string } }
	fatal(t, json.Unmarshal(item.Draft, &content))
	var got []string
	for _, value := range content.Values {
		got = append(got, value.Key)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s\n%s", diff, item.Draft)
	}
}

// A question that gets another internal name has it in the rules and the tests of its form too, in one act; so has a state of a
// workflow, and a measure of an indicator.
func TestARenamedEntryIsFollowed(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := release.CID()
	fatal(t, err)
	_, err = release.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	owner := newSite(t, st).as(t, st.giving)
	for _, one := range []struct{ kind, key, was, is, said string }{
		{kit.KindForm, "FO-01", "speaker", "who_speaks", "answers.who_speaks != 'user'"},
		{kit.KindAssessment, "AS-01", "walking", "walks", "points.walks == 15.0"},
		{kit.KindWorkflow, "WF-01", "listening", "hearing", `"to":"hearing"`},
		{kit.KindIndicator, "KP-03", "with_outcome", "concluded", "measures.concluded"},
		{kit.KindSharingTemplate, "PO-01", "advice", "opinion", `"given":{"kind":"consultation","purpose":"opinion"}`},
	} {
		path := "/kit/" + one.kind + "/" + one.key + "/modifica"
		form := sent(owner.visit(t, path, nil).want(t, 200))
		for name := range form {
			if strings.HasSuffix(name, ".key") && !strings.HasPrefix(name, "c.tests.") && form.Get(name) == one.was && form.Get(strings.TrimSuffix(name, ".key")+"~was") == one.was {
				form.Set(name, one.is)
			}
		}
		if done := owner.visit(t, path, form); done.status != 303 || done.to != path {
			t.Errorf("%s: %d to %s", one.key, done.status, done.to)
		}
		item, err := st.items.Item(t.Context(), st.giving, one.kind, one.key)
		fatal(t, err)
		if err := st.items.Check(one.kind, item.Draft); err != nil {
			t.Errorf("%s with a renamed entry: %v", one.key, err)
		}
		if draft := string(item.Draft); !strings.Contains(draft, one.said) || strings.Contains(draft, `"`+one.was+`"`) {
			t.Errorf("%s does not say %s everywhere: %s", one.key, one.said, draft)
		}
	}
}

func TestTwoWhoEditAreTold(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.install(t, question("QU-01", "Uno"))
	owner := newSite(t, st).as(t, st.giving)
	path := "/kit/question/QU-01/modifica"
	form := sent(owner.visit(t, path, nil))
	st.edit(t, st.giving, question("QU-01", "Di un altro"))
	form.Set("c.answer.it", "Il mio")
	owner.visit(t, path, form).want(t, 409, "Niente è stato sovrascritto", "Di un altro", "Il mio")
	item, err := st.items.Item(t.Context(), st.giving, kit.KindQuestion, "QU-01")
	fatal(t, err)
	if item.Draft != nil || !strings.Contains(string(item.Current.Content), "Di un altro") {
		t.Errorf("it was overwritten: %s", item.Draft)
	}
}
