package component_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/api/web/component"
)

func pages() []page {
	refused := operatorShell("it")
	refused.Title, refused.HasErrors, refused.Flash, refused.UsesHTMX = "Nuova persona", true, nil, false
	signed := citizenShell("it")
	signed.UserName, signed.SignOut, signed.Demo = "Rosa Bianco", "/esci", true
	bare := component.Shell{Title: "Enti", Lang: "it", Audience: component.Operator, ShortcutsOff: true, Path: "/piattaforma/enti"}
	return []page{
		{"case-it", "case.html", operatorShell("it"), casePage()},
		{"case-en", "case.html", operatorShell("en"), casePage()},
		{"list", "list.html", operatorShell("it"), listPage()},
		{"form", "form.html", refused, formPage()},
		{"public-it", "public.html", citizenShell("it"), publicPage()},
		{"public-en", "public.html", citizenShell("en"), publicPage()},
		{"citizen-form", "form.html", signed, formPage()},
		{"confirm", "confirm.html", operatorShell("it"), confirmPage()},
		{"bare", "list.html", bare, listPage()},
	}
}

var (
	idPattern       = regexp.MustCompile(`\sid="([^"]+)"`)
	fragmentPattern = regexp.MustCompile(`href="#([^"]*)"`)
	referPattern    = regexp.MustCompile(`(?:aria-describedby|aria-labelledby|aria-controls|for)="([^"]+)"`)
	forbidden       = regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+="|<script>|ZgotmplZ|href="javascript`)
	keyPattern      = regexp.MustCompile(`\bt "([a-z.]+)"`)
)

func TestPagesAreWhole(t *testing.T) {
	for _, p := range pages() {
		t.Run(p.name, func(t *testing.T) {
			markup := render(t, p)
			savePage(t, p.name, markup)
			if found := forbidden.FindString(markup); found != "" {
				t.Errorf("the page carries %q, which the content policy forbids", found)
			}
			ids := map[string]int{}
			for _, match := range idPattern.FindAllStringSubmatch(markup, -1) {
				ids[match[1]]++
			}
			for id, count := range ids {
				if count > 1 {
					t.Errorf("id %s occurs %d times", id, count)
				}
			}
			for _, target := range references(markup) {
				if ids[target] == 0 {
					t.Errorf("the page refers to #%s, which it does not have", target)
				}
			}
			if count := strings.Count(markup, "<h1"); count != 1 {
				t.Errorf("the page has %d first headings, want one", count)
			}
		})
	}
}

func references(markup string) []string {
	var targets []string
	for _, match := range fragmentPattern.FindAllStringSubmatch(markup, -1) {
		targets = append(targets, match[1])
	}
	for _, match := range referPattern.FindAllStringSubmatch(markup, -1) {
		targets = append(targets, strings.Fields(match[1])...)
	}
	return targets
}

func TestPagesSayWhatTheyMust(t *testing.T) {
	rendered := map[string]string{}
	for _, p := range pages() {
		rendered[p.name] = render(t, p)
	}
	for _, want := range []struct{ page, text string }{
		{"form", "<title>Errore: Nuova persona - Comune di Pantelleria</title>"},
		{"form", `<a href="#nascita-giorno">La data di nascita è nel futuro</a>`},
		{"form", "Ci sono 3 dati da correggere"},
		{"form", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"form", `aria-describedby="codice-fiscale-aiuto codice-fiscale-errore"`},
		{"form", `<input type="hidden" name="sesso" value="F">`},
		{"form", `<option value="g315" selected>`},
		{"form", `<select class="form-control" id="sesso" disabled>`},
		{"form", `id="sola-2" name="sola" type="radio" value="no" checked required`},
		{"form", `name="nascita-mese" type="text" inputmode="numeric" maxlength="2" value="2" aria-invalid="true" required`},
		{"form", "Passo 2 di 4:"},
		{"confirm", "C’è un dato da correggere"},
		{"case-it", "Ambiente dimostrativo"},
		{"case-it", `href="/pantelleria/cartelle/7?da=elenco&amp;lang=en"`},
		{"case-it", "Non indicato"},
		{"case-it", `<time datetime="2026-05-12T10:42:00`},
		{"case-en", `<html lang="en">`},
		{"case-en", "Demonstration environment"},
		{"list", `aria-sort="ascending"`},
		{"list", `<a href="?dopo=6" rel="next">`},
		{"public-it", `data-element="personal-area-login"`},
		{"public-it", `<a href="https://form.agid.gov.it/view/esempio" data-element="accessibility-link">`},
		{"public-it", `<noscript><a class="menu-senza-script`},
		{"bare", `data-shortcuts="off"`},
	} {
		if !strings.Contains(rendered[want.page], want.text) {
			t.Errorf("page %s does not say %s", want.page, want.text)
		}
	}
	if strings.Contains(rendered["case-it"], `"locked"`) || strings.Contains(rendered["case-it"], `href="/pantelleria/d"`) {
		t.Error("a locked task is a link")
	}
	if strings.Contains(rendered["public-it"], "scorciatoie") {
		t.Error("the public page carries the keyboard shortcuts of operators")
	}
}

func TestEveryTemplateIsRendered(t *testing.T) {
	names := map[string]bool{}
	for _, match := range regexp.MustCompile(`\{\{-? ?template "([a-z-]+)"`).FindAllStringSubmatch(sources(t, "../templates/*.html", "testdata/*.html"), -1) {
		names[match[1]] = true
	}
	for _, match := range regexp.MustCompile(`\{\{define "([a-z-]+)"`).FindAllStringSubmatch(sources(t, "../templates/*.html"), -1) {
		if !names[match[1]] && match[1] != "layout" {
			t.Errorf("template %s is used by no page of this test", match[1])
		}
	}
}

func TestCataloguesMatchTemplates(t *testing.T) {
	used := map[string]bool{}
	for _, match := range keyPattern.FindAllStringSubmatch(sources(t, "../templates/*.html"), -1) {
		used[match[1]] = true
	}
	want := slices.Sorted(maps.Keys(used))
	for _, lang := range []string{"it", "en"} {
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(catalogue(t, lang)))); diff != "" {
			t.Errorf("catalogue %s differs from the keys that templates use (-used +written):\n%s", lang, diff)
		}
	}
}

func catalogue(t *testing.T, lang string) map[string]any {
	t.Helper()
	text, err := os.ReadFile("../messages/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string]any
	if err := json.Unmarshal(text, &messages); err != nil {
		t.Fatal(err)
	}
	return messages
}

func sources(t *testing.T, patterns ...string) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files match %s: %v", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

func TestLanguageURLKeepsTheQueryAndStaysHere(t *testing.T) {
	for path, want := range map[string]string{
		"/a/cartelle?ordina=nome&lang=it": "/a/cartelle?lang=en&ordina=nome",
		"/a":                              "/a?lang=en",
		"//elsewhere.example/x":           "/?lang=en",
		"https://elsewhere.example/":      "/?lang=en",
		"%zz":                             "/?lang=en",
	} {
		if got := (component.Shell{Path: path}).LanguageURL("en"); got != want {
			t.Errorf("LanguageURL of %s is %s, want %s", path, got, want)
		}
	}
}

func TestSummarizeTellsEqualMessagesApart(t *testing.T) {
	got := component.Summarize(
		component.Field{Name: "surname", Label: "Cognome", Error: "Manca questo dato"},
		component.Field{Name: "name", Label: "Nome", Error: "Manca questo dato"},
		component.Field{Name: "day", Label: "Giorno"},
		component.Field{Name: "mail", Label: "E-mail", Error: "Controlla l’indirizzo"},
	)
	var lines []string
	for _, e := range got.Errors {
		lines = append(lines, e.Message)
	}
	want := []string{"Cognome: Manca questo dato", "Nome: Manca questo dato", "Controlla l’indirizzo"}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("lines of the summary (-want +got)\n%s", diff)
	}
}
