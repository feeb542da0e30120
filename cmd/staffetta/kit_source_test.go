package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"staffetta/cmd/staffetta/terminal"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/modules/practice/release"

	"staffetta/tenants"
)

const kitsDocument = "../../docs/KITS.md"

var exampleFile = regexp.MustCompile("(?s)`([A-Za-z0-9.-]+\\.json)`:\n\n```json\n(.*?)\n```")

// example is the folder that the document shows.
func example(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	found := exampleFile.FindAllSubmatch(content(t, kitsDocument), -1)
	if len(found) < 3 {
		t.Fatalf("the document shows %d files", len(found))
	}
	for _, m := range found {
		mustDo(t, os.WriteFile(filepath.Join(dir, string(m[1])), m[2], 0o600))
	}
	return dir
}

// What the document shows is built, every kind is in it, and what was built says where it goes on.
func TestTheExampleOfTheDocument(t *testing.T) {
	term, out := at(t, language.Italian)
	mustDo(t, terminal.Build{Dir: example(t), File: folder(t)("draft.kit"), Release: "1.0.0"}.Do(t.Context(), term))
	wantWords(t, out, "componenti 2", "staffetta kit draft", "staffetta kit export ASCOLTO", "staffetta kit verify", "staffetta kit install", "docs/KITS.md")
	kinds, err := modules.NewKinds(all.Modules())
	mustDo(t, err)
	text := content(t, kitsDocument)
	for _, kind := range kinds.All() {
		becomes := map[bool]string{true: "yes", false: "no"}[kind.Live]
		if !regexp.MustCompile("(?m)^\\| `" + kind.ID + "` \\|.*\\| " + becomes + " \\|$").Match(text) {
			t.Errorf("the document does not tell %s, or whether it becomes configuration", kind.ID)
		}
	}
}

// Every fault of sources is told with its file and its place, all at once.
func TestFaultsOfSourcesHaveTheirPlaces(t *testing.T) {
	term, _ := at(t, language.Italian)
	for name, test := range map[string]struct {
		files map[string]string // "" removes
		words []string
	}{
		"no description":  {map[string]string{"practice.json": ""}, []string{"practice.json: manca", "docs/KITS.md"}},
		"no items":        {map[string]string{"QU-01.json": "", "PR-01.json": ""}, []string{"nessun componente"}},
		"cut off":         {map[string]string{"QU-01.json": "{\n  \"kind\":"}, []string{"QU-01.json:2:10: il file finisce"}},
		"a comma lacks":   {map[string]string{"QU-01.json": "{\n  \"kind\": \"question\"\n  \"key\": 1}"}, []string{"QU-01.json:3:3: non è JSON"}},
		"another type":    {map[string]string{"QU-01.json": "{\"kind\": 7}"}, []string{"QU-01.json:1:", "«kind» non può essere"}},
		"unknown field":   {map[string]string{"QU-01.json": "{\n  \"titel\": {}}"}, []string{"QU-01.json:2:3: «titel»"}},
		"unknown part":    {map[string]string{"practice.json": "{\n\"registri\": {}}"}, []string{"practice.json:2:1: «registri»"}},
		"unknown in part": {map[string]string{"practice.json": `{"registry": {"areas": "x"}}`}, []string{"practice.json: «areas»"}},
		"no kind":         {map[string]string{"QU-01.json": `{"kind": "domanda", "key": "QU-01"}`}, []string{"QU-01.json: «domanda»", "question"}},
		"twice":           {map[string]string{"ZZ.json": "QU-01.json"}, []string{"ZZ.json: è di nuovo question/QU-01, che è già in QU-01.json"}},
		"content":         {map[string]string{"QU-01.json": `{"kind": "question", "key": "QU-01", "title": {"it": "x"}, "owner": "x", "licence": "x", "content": {}}`}, []string{"QU-01.json: Manca: question, answer, audience"}},
		"two files":       {map[string]string{"QU-01.json": "{", "PR-01.json": "{"}, []string{"QU-01.json:1:2", "PR-01.json:1:2"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := example(t)
			for file, text := range test.files {
				at := filepath.Join(dir, file)
				switch {
				case text == "":
					mustDo(t, os.Remove(at))
				case strings.HasSuffix(text, ".json"):
					mustDo(t, os.WriteFile(at, content(t, filepath.Join(dir, text)), 0o600))
				default:
					mustDo(t, os.WriteFile(at, []byte(text), 0o600))
				}
			}
			for _, words := range test.words {
				wantError(t, terminal.Build{Dir: dir, File: folder(t)("no.kit"), Release: "1.0.0"}.Do(t.Context(), term), words)
			}
		})
	}
	wantError(t, terminal.Build{Dir: example(t), File: folder(t)("no.kit"), Release: "uno"}.Do(t.Context(), term), "--release: Scrivi il numero come 1.0.0")
}

// A body gets what somebody wrote down as a draft practice, and what it has stays.
func TestSourcesBecomeADraftOfABody(t *testing.T) {
	here := alone(t)
	term, out := at(t, language.Italian)
	wantError(t, terminal.Draft{Dir: example(t), Body: "nessuno"}.Do(t.Context(), term, here.deps, tenants.Scope{}), "Non c'è un ente")
	for range 2 {
		mustDo(t, terminal.Draft{Dir: example(t), Body: marsala}.Do(t.Context(), term, here.deps, tenants.Scope{}))
		wantWords(t, out, "ASCOLTO in bozza, con 2 componenti: /"+marsala+"/pratiche/")
	}
	s, err := here.scopeOf(t.Context(), marsala, "practice_owner")
	mustDo(t, err)
	found, _, err := release.NewService(here.deps).Find(t.Context(), s, "")
	mustDo(t, err)
	if !slices.ContainsFunc(found, func(p release.Practice) bool { return p.Key == "ASCOLTO" && p.State == release.Draft }) {
		t.Errorf("the body has %d practices, and not that draft", len(found))
	}
}
