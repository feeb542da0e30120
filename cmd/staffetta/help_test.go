package main

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"staffetta/api/web/manual"
	"staffetta/internal/language"
)

// helpless are pages that say nothing of themselves, because nobody stays on them.
var helpless = []string{
	"/callback/{provider}", "/piattaforma/callback/{provider}", "/login/{provider}", "/piattaforma/login/{provider}", // lead on
	"/favicon.ico", "/licenze", "/robots.txt", "/stemma", // files
	"/piattaforma/dominio",                       // for programs
	"/piattaforma", "/piattaforma/avviso/{mail}", // lead on
}

// Every page has its short help, those of the menu and of the console one of their own, and every help is of a page.
func TestEveryPageHasItsHelp(t *testing.T) {
	t.Parallel()
	st := asked(t)
	m := manual.New(st.deps.Platform.Modules)
	var at []string
	for _, c := range everyRoute(st) {
		if c.api || c.method != http.MethodGet {
			continue
		}
		at = append(at, c.pattern)
		if _, found := m.Of(c.pattern); found == slices.Contains(helpless, c.pattern) {
			t.Errorf("%s has help: %v; nobody stays there: %v", c.pattern, found, !found)
		}
	}
	for _, parts := range st.parts {
		for _, page := range parts.Pages {
			_, path, _ := strings.Cut(page.Pattern, " ")
			if topic, _ := m.Of(path); page.Nav != nil && topic.At != path {
				t.Errorf("%s stands in a menu and has the help of %q", path, topic.At)
			}
		}
	}
	for _, chapter := range m.Chapters {
		for _, topic := range chapter.Topics {
			if !slices.Contains(at, topic.At) && topic.At != "/piattaforma/{$}" {
				t.Errorf("the help of %s is of no page", topic.At)
			}
			for _, lang := range []string{language.Italian, language.English} {
				if words := len(strings.Fields(topic.Text.In(lang))); words < 4 || words > 40 || topic.Title.In(lang) == "" {
					t.Errorf("%s: the help in %s has %d words", topic.At, lang, words)
				}
			}
		}
	}
}

// The manual has what its reader may open and nothing else.
func TestTheManualIsItsReadersOwn(t *testing.T) {
	t.Parallel()
	st := asked(t)
	m := manual.New(st.deps.Platform.Modules)
	desk, admin := st.castScope(t, mazara, "Giacalone"), st.castScope(t, mazara, "Bono")
	for name, test := range map[string]struct {
		page           string
		shown, missing []string
	}{
		"citizen":       {st.guest().get(t, "/"+mazara+"/aiuto").Body, []string{"/servizi", "/sedi"}, []string{"/cartelle", "/console", "/persone"}},
		"social worker": {st.signIn(t, desk).get(t, "/"+mazara+"/aiuto").Body, []string{"/cartelle", "/persone", "/servizi"}, []string{"/console/pubblicazione"}},
		"administrator": {st.signIn(t, admin).get(t, "/"+mazara+"/aiuto").Body, []string{"/console/pubblicazione", "/kit"}, []string{"/cartelle", "/persone"}},
		"visitor":       {st.guest().get(t, "/piattaforma/aiuto").Body, []string{"/buone-pratiche"}, []string{"/console", "/piattaforma/ingressi"}},
	} {
		for _, at := range slices.Concat(test.shown, test.missing) {
			topic, _ := m.Of(at)
			if strings.Contains(test.page, html.EscapeString(topic.Text.It)) != slices.Contains(test.shown, at) {
				t.Errorf("%s: the help of %s is in the manual: not %v", name, at, slices.Contains(test.shown, at))
			}
		}
	}
}

// A page of the menu greets an operator with its help once, and not at all where they want none.
func TestHintsComeOnceAndCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	st := asked(t)
	v := st.signIn(t, st.castScope(t, mazara, "Giacalone"))
	hints := ""
	open := func(path string) bool {
		t.Helper()
		answer := v.send(t, http.MethodGet, "/"+mazara+path, nil, "Cookie", hints)
		if kept := kept(answer); kept != "" {
			hints = kept
		}
		return strings.Contains(answer.Body, "Non mostrare più suggerimenti")
	}
	if !open("/cartelle") || open("/cartelle") || !open("/persone") || open("/persone/nuova") {
		t.Error("hints do not come once, on the pages of the menu")
	}
	set := func(value string) {
		t.Helper()
		form := url.Values{"suggerimenti": {value}, "pagina": {"/persone"}}
		answer := v.send(t, http.MethodPost, "/"+mazara+"/aiuto/suggerimenti", strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
		if answer.Status != http.StatusSeeOther || answer.to() != "/"+mazara+"/persone" {
			t.Errorf("it answers %d and leads to %s", answer.Status, answer.to())
		}
		hints = kept(answer)
	}
	set("no")
	if open("/sportello") || open("/scrivania") {
		t.Error("hints come though they are switched off")
	}
	set("si")
	if !open("/sportello") {
		t.Error("hints do not come back")
	}
	if answer := st.guest().get(t, "/"+mazara+"/servizi"); kept(answer) != "" || strings.Contains(answer.Body, "Non mostrare più") || !strings.Contains(answer.Body, "Aiuto su questa pagina") {
		t.Error("citizens are greeted, or find no help")
	}
}

// kept is the cookie of hints that an answer sets.
func kept(r reply) string {
	for _, line := range r.Header.Values("Set-Cookie") {
		if strings.HasPrefix(line, "__Host-aiuti=") {
			value, _, _ := strings.Cut(line, ";")
			return value
		}
	}
	return ""
}
