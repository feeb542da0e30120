package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // Europe/Rome on every machine

	xlanguage "golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"staffetta/internal/language"
)

//go:embed templates
var templates embed.FS

// renderer holds the templates of the host and of all modules. They are parsed and
// escaped once for each set; the functions of a set answer for the page that holds it.
type renderer struct {
	free chan *set
}

// set is a copy of all templates whose functions speak for one page at a time.
type set struct {
	all  *template.Template
	page speech
}

// speech is what the functions of templates need of a request.
type speech struct {
	lang   string
	prefix string
	kept   string // language that links carry along; "" where a cookie keeps it
}

func newRenderer(a *assets, config Config) (*renderer, error) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return nil, fmt.Errorf("load the time zone: %w", err)
	}
	functions := func(s *set) template.FuncMap { return s.functions(a, config.Catalogue, rome) }
	master := template.New("").Option("missingkey=error").Funcs(functions(&set{}))
	if err := parse(master, "web", templates); err != nil {
		return nil, err
	}
	for _, m := range config.Modules {
		if m.Templates == nil {
			continue
		}
		if err := parse(master, string(m.ID), m.Templates); err != nil {
			return nil, err
		}
	}
	// Rendering is work of the processor alone: more sets than processors would only wait.
	n := runtime.GOMAXPROCS(0) + 1
	v := &renderer{free: make(chan *set, n)}
	for range n {
		s := &set{}
		if s.all, err = master.Clone(); err != nil {
			return nil, fmt.Errorf("copy the templates: %w", err)
		}
		s.all.Funcs(functions(s))
		v.free <- s
	}
	return v, nil
}

// parse adds the templates of one owner and refuses a name that somebody else has.
func parse(master *template.Template, owner string, files fs.FS) error {
	taken := map[string]bool{}
	for _, t := range master.Templates() {
		taken[t.Name()] = true
	}
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("read template %s of %s: %w", name, owner, err)
		}
		alone, err := template.New("").Funcs(names(master)).Parse(string(text))
		if err != nil {
			return fmt.Errorf("parse template %s of %s: %w", name, owner, err)
		}
		for _, t := range alone.Templates() {
			if t.Name() == "" {
				continue // the text around the definitions
			}
			if taken[t.Name()] {
				return fmt.Errorf("template %s of %s defines %q, which another one has", name, owner, t.Name())
			}
			taken[t.Name()] = true
		}
		if _, err := master.New("file " + owner + "/" + name).Parse(string(text)); err != nil {
			return fmt.Errorf("parse template %s of %s: %w", name, owner, err)
		}
		return nil
	})
}

// names declares the functions for a template that is only looked at.
func names(*template.Template) template.FuncMap {
	return (&set{}).functions(&assets{}, nil, time.UTC)
}

// render executes a template into memory.
func (v *renderer) render(name string, data any, page speech) (template.HTML, error) {
	s := <-v.free
	defer func() { v.free <- s }()
	s.page = page
	var out bytes.Buffer
	if err := s.all.ExecuteTemplate(&out, name, data); err != nil {
		return "", fmt.Errorf("render %s: %w", name, err)
	}
	return template.HTML(out.String()), nil //nolint:gosec // html/template has escaped it
}

func (s *set) functions(a *assets, c *language.Catalogue, rome *time.Location) template.FuncMap {
	return template.FuncMap{
		"t":     func(key string, pairs ...any) string { return c.Say(s.page.lang, language.M(key, plural(pairs)...)) },
		"say":   func(m language.Message) string { return c.Say(s.page.lang, m) },
		"in":    func(t language.Text) string { return t.In(s.page.lang) },
		"lang":  func() string { return s.page.lang },
		"url":   func(p string) string { return carry(join(s.page.prefix, p), s.page.kept) },
		"kept":  func() string { return s.page.kept },
		"asset": func(name string) string { return a.URL(name) },
		"icon": func(name string) template.HTML {
			return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="` + //nolint:gosec // escaped below
				template.HTMLEscapeString(a.URL("sprites.svg")+"#"+name) + `"></use></svg>`)
		},
		"date":     func(day time.Time) string { return day.Format("02/01/2006") },
		"datetime": func(at time.Time) string { return at.In(rome).Format("02/01/2006, 15:04") },
		"number":   func(value any) string { return formatNumber(s.page.lang, value) },
	}
}

// plural lets Count choose the form too, as the shared templates call it.
func plural(pairs []any) []any {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == "Count" {
			return append(slices.Clip(pairs), "n", pairs[i+1])
		}
	}
	return pairs
}

// join puts the site's prefix before a path and leaves other addresses as they are.
func join(prefix, p string) string {
	if strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "//") {
		return prefix + p
	}
	return p
}

var printers = map[string]*message.Printer{
	language.Italian: message.NewPrinter(xlanguage.Italian),
	language.English: message.NewPrinter(xlanguage.BritishEnglish),
}

func formatNumber(lang string, value any) string {
	printer, ok := printers[lang]
	if !ok {
		printer = printers[language.Italian]
	}
	return printer.Sprint(number.Decimal(value))
}
