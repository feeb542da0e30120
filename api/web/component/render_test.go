package component_test

import (
	"bytes"
	"encoding/json"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"staffetta/api/web/component"
)

// page is one saved page of the test: a content template of testdata inside a layout.
type page struct {
	name    string
	content string
	shell   component.Shell
	data    any
}

// newTemplates parses the shared templates and the sample contents with the functions the host offers.
func newTemplates(t *testing.T, lang string) *template.Template {
	t.Helper()
	templates := template.New("").Option("missingkey=error").Funcs(functions(t, lang))
	for _, pattern := range []string{"../templates/*.html", "testdata/*.html"} {
		if _, err := templates.ParseGlob(pattern); err != nil {
			t.Fatalf("parse %s: %v", pattern, err)
		}
	}
	return templates
}

func functions(t *testing.T, lang string) template.FuncMap {
	t.Helper()
	return template.FuncMap{
		"t":     translator(t, lang),
		"lang":  func() string { return lang },
		"asset": func(name string) string { return "/s/test/" + name },
		"icon": func(name string) template.HTML {
			return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="/s/test/sprites.svg#` + name + `"></use></svg>`)
		},
		"url": func(path string) string {
			if strings.HasPrefix(path, "/") {
				return "/pantelleria" + path
			}
			return path
		},
		"date":     func(day time.Time) string { return day.Format("02/01/2006") },
		"datetime": func(at time.Time) string { return at.Format("02/01/2006, 15:04") },
	}
}

// translator reads the catalogue as the host does; arguments are pairs of name and value, and Count chooses the plural.
func translator(t *testing.T, lang string) func(string, ...any) (string, error) {
	t.Helper()
	bundle := i18n.NewBundle(language.Italian)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	if _, err := bundle.LoadMessageFile("../messages/" + lang + ".json"); err != nil {
		t.Fatalf("load messages: %v", err)
	}
	localizer := i18n.NewLocalizer(bundle, lang)
	return func(key string, pairs ...any) (string, error) {
		values := map[string]any{}
		for i := 0; i+1 < len(pairs); i += 2 {
			values[pairs[i].(string)] = pairs[i+1]
		}
		return localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: values, PluralCount: values["Count"]})
	}
}

func render(t *testing.T, p page) string {
	t.Helper()
	templates := newTemplates(t, p.shell.Lang)
	var content, whole bytes.Buffer
	if err := templates.ExecuteTemplate(&content, p.content, p.data); err != nil {
		t.Fatalf("render %s: %v", p.content, err)
	}
	p.shell.Main = template.HTML(content.String())
	if err := templates.ExecuteTemplate(&whole, "layout", p.shell); err != nil {
		t.Fatalf("render layout of %s: %v", p.name, err)
	}
	return whole.String()
}

// savePage writes the page for html-validate and the browser when STAFFETTA_SAVE_PAGES names a folder.
func savePage(t *testing.T, name, markup string) {
	t.Helper()
	folder := os.Getenv("STAFFETTA_SAVE_PAGES")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".html"), []byte(markup), 0o644); err != nil {
		t.Fatal(err)
	}
}
