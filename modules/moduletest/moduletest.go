// Package moduletest checks that a module meets the contract of package modules, as
// one call in the module's own tests: texts in both languages, permissions that are
// declared and granted to roles that exist, templates and messages that find what
// they name, kinds that validate, records and migrations in their form. What needs
// a database is tested over all modules together in modules/all. It must not be
// imported by anything but tests, and must not know any module.
package moduletest

import (
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Run checks the manifest of a module and the parts that it makes. others are the
// modules whose permissions, messages or kinds it uses.
func Run(t *testing.T, m modules.Module, others ...modules.Module) {
	t.Helper()
	t.Run("manifest", func(t *testing.T) { checkManifest(t, m) })
	t.Run("permissions", func(t *testing.T) { checkPermissions(t, m, others) })
	t.Run("kinds", func(t *testing.T) { checkKinds(t, m) })
	t.Run("records", func(t *testing.T) { checkRecords(t, m) })
	t.Run("migrations", func(t *testing.T) { checkMigrations(t, m) })
	words := newWords(t, m, others)
	t.Run("messages", func(t *testing.T) { words.checkMessages(t, m) })
	t.Run("templates", func(t *testing.T) { words.checkTemplates(t, m) })
	t.Run("parts", func(t *testing.T) { checkParts(t, m, others, words) })
}

var idForm = regexp.MustCompile(`^[a-z]{3,20}$`)

func checkManifest(t *testing.T, m modules.Module) {
	if !idForm.MatchString(string(m.ID)) {
		t.Errorf("the id %q is not one word", m.ID)
	}
	checkText(t, "the title", m.Title)
	checkText(t, "what it says of itself", m.About)
	if slices.Contains(m.Requires, m.ID) {
		t.Error("the module requires itself")
	}
	if m.New == nil {
		t.Error("the module has no New")
	}
	if m.Messages == nil {
		t.Error("the module has no messages")
	}
}

func checkText(t *testing.T, what string, text language.Text) {
	t.Helper()
	if strings.TrimSpace(text.It) == "" || strings.TrimSpace(text.En) == "" {
		t.Errorf("%s is not in both languages: %+v", what, text)
	}
}

var nameForm = regexp.MustCompile(`^[a-z]+(_[a-z]+)*:[a-z]+(_[a-z]+)*$`)

func checkPermissions(t *testing.T, m modules.Module, others []modules.Module) {
	known := map[string]bool{}
	for _, other := range others {
		for _, p := range other.Permissions {
			known[p.Name()] = true
		}
	}
	for _, p := range m.Permissions {
		if known[p.Name()] {
			t.Errorf("the permission %s is declared twice", p.Name())
		}
		known[p.Name()] = true
		if !nameForm.MatchString(p.Name()) {
			t.Errorf("the permission %s is not object:verb", p.Name())
		}
		checkText(t, "the label of "+p.Name(), p.Label)
		if p.Assurance < 0 || p.Assurance > 3 {
			t.Errorf("the permission %s asks for level %d", p.Name(), p.Assurance)
		}
	}
	granted := map[string]bool{}
	for _, grant := range m.Grants {
		if !slices.ContainsFunc(policies.Roles, func(r policies.Role) bool { return r.ID == grant.Role }) {
			t.Errorf("a grant names the role %q, which does not exist", grant.Role)
		}
		for _, name := range grant.Permissions {
			if !known[name] {
				t.Errorf("the role %s is granted %s, which nobody declares", grant.Role, name)
			}
			if granted[grant.Role+" "+name] {
				t.Errorf("the role %s is granted %s twice", grant.Role, name)
			}
			granted[grant.Role+" "+name] = true
		}
	}
	for _, p := range m.Permissions {
		if !slices.ContainsFunc(policies.Roles, func(r policies.Role) bool { return granted[r.ID+" "+p.Name()] }) {
			t.Errorf("no role is granted %s", p.Name())
		}
	}
}

func checkKinds(t *testing.T, m modules.Module) {
	for _, kind := range m.Kinds {
		checkText(t, "the label of kind "+kind.ID, kind.Label)
		if kind.Validate == nil {
			t.Errorf("kind %s validates nothing", kind.ID)
			continue
		}
		for _, broken := range []string{"", "[", `"text"`, `{"unknown_member_of_the_kind": 1}`} {
			if kind.Validate([]byte(broken)) == nil {
				t.Errorf("kind %s accepts %q as content", kind.ID, broken)
			}
		}
		checkSchema(t, kind)
		if kind.Defaults != nil {
			checkSettings(t, kind)
		}
	}
}

// checkSettings wants defaults that are valid, and for each setting words and a default.
func checkSettings(t *testing.T, kind modules.Kind) {
	t.Helper()
	if err := kind.Validate(kind.Defaults); err != nil {
		t.Errorf("the defaults of %s are not valid: %v", kind.ID, err)
	}
	var schema struct {
		Properties map[string]struct {
			Label, Help language.Text
			Default     any
		}
	}
	if err := json.Unmarshal(kind.Schema, &schema); err != nil || len(schema.Properties) == 0 {
		t.Errorf("kind %s has no settings: %v", kind.ID, err)
	}
	for name, property := range schema.Properties {
		checkText(t, "the label of setting "+name, property.Label)
		checkText(t, "the help of setting "+name, property.Help)
		if property.Default == nil {
			t.Errorf("setting %s of %s has no default", name, kind.ID)
		}
	}
}

func checkSchema(t *testing.T, kind modules.Kind) {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(kind.Schema)))
	if err != nil {
		t.Errorf("the schema of kind %s is not JSON: %v", kind.ID, err)
		return
	}
	meta, err := jsonschema.NewCompiler().Compile("https://json-schema.org/draft/2020-12/schema")
	if err != nil {
		t.Fatalf("read the schema of schemas: %v", err)
	}
	if err := meta.Validate(document); err != nil {
		t.Errorf("the schema of kind %s is no JSON Schema 2020-12: %v", kind.ID, err)
	}
	if object, ok := document.(map[string]any); !ok || len(object) < 2 {
		t.Errorf("the schema of kind %s says nothing", kind.ID)
	}
}

func checkRecords(t *testing.T, m modules.Module) {
	declared := map[string]bool{}
	for _, r := range m.Records {
		if !strings.HasPrefix(r.Table, string(m.ID)+".") {
			t.Errorf("the record %s is not in the schema of the module", r.Table)
		}
		if declared[r.Table] {
			t.Errorf("the record %s is declared twice", r.Table)
		}
		declared[r.Table] = true
		if r.Handover != modules.Copy && r.Handover != modules.Stay && r.Handover != modules.Stub {
			t.Errorf("the record %s does not say what becomes of it at a handover: %q", r.Table, r.Handover)
		}
		if _, column := strings.CutPrefix(r.Section, "column:"); !column && r.Section != "" && !slices.Contains(policies.SectionIDs(), r.Section) {
			t.Errorf("the record %s names the section %q, which does not exist", r.Table, r.Section)
		}
	}
}

var migrationForm = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)

func checkMigrations(t *testing.T, m modules.Module) {
	if m.Migrations == nil {
		if len(m.Records) > 0 {
			t.Error("the module has records and no migrations")
		}
		return
	}
	entries, err := fs.ReadDir(m.Migrations, ".")
	if err != nil {
		t.Fatalf("read the migrations: %v", err)
	}
	for i, entry := range entries {
		form := migrationForm.FindStringSubmatch(entry.Name())
		if form == nil || strings.TrimLeft(form[1], "0") != itoa(i+1) {
			t.Errorf("the migration %s is not the number %d of its line", entry.Name(), i+1)
		}
		raw, err := fs.ReadFile(m.Migrations, entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(raw), "-- +goose Up\n") || strings.Contains(string(raw), "+goose Down") || strings.Contains(string(raw), "NO TRANSACTION") {
			t.Errorf("the migration %s does not go forward in one transaction", entry.Name())
		}
	}
}

func itoa(n int) string { raw, _ := json.Marshal(n); return string(raw) }

func checkParts(t *testing.T, m modules.Module, others []modules.Module, w *words) {
	list := append(slices.Clone(others), m)
	kinds, err := modules.NewKinds(list)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := m.New(modules.Deps{Platform: modules.Platform{Log: slog.New(slog.DiscardHandler), Kinds: kinds, Modules: list}})
	if err != nil {
		t.Fatalf("make the parts: %v", err)
	}
	alone := m
	alone.Requires = nil // their order is that of modules/all, which the program checks
	if err := modules.Verify(append(withoutRequirements(others), alone), map[modules.ID]modules.Parts{m.ID: parts}); err != nil {
		t.Error(err)
	}
	checkPages(t, parts.Pages, w)
	checkOperations(t, m, parts.Operations)
}

func withoutRequirements(list []modules.Module) []modules.Module {
	free := slices.Clone(list)
	for i := range free {
		free[i].Requires = nil
	}
	return free
}

var pathForm = regexp.MustCompile(`^(GET|POST) (/[a-z0-9-]+|/\{[a-z][A-Za-z]*(\.\.\.)?\})+$|^(GET|POST) /(\{\$\})?$`)

func checkPages(t *testing.T, pages []modules.Page, w *words) {
	patterns := map[string]bool{}
	for _, page := range pages {
		if patterns[page.Pattern] {
			t.Errorf("the page %q is there twice", page.Pattern)
		}
		patterns[page.Pattern] = true
		if !pathForm.MatchString(page.Pattern) {
			t.Errorf("the page %q has not the form of the house's paths", page.Pattern)
		}
		if page.Nav != nil {
			w.checkKey(t, "the navigation of "+page.Pattern, page.Nav.Label)
		}
		if page.Case != nil {
			w.checkKey(t, "the navigation of "+page.Pattern, page.Case.Label)
			for _, section := range page.Case.Sections {
				if !slices.Contains(policies.SectionIDs(), section) {
					t.Errorf("the page %q names the section %q", page.Pattern, section)
				}
			}
			if !strings.Contains(page.Pattern, "{") {
				t.Errorf("the page %q stands in the navigation of a case and names none", page.Pattern)
			}
		}
	}
}

var operationForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

func checkOperations(t *testing.T, m modules.Module, operations []modules.Operation) {
	config := huma.DefaultConfig("check", "1")
	config.CreateHooks = nil // links to schemas are the host's affair
	api := humago.New(http.NewServeMux(), config)
	for _, operation := range operations {
		operation.Register(api)
	}
	ids := map[string]bool{}
	for path, item := range api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			if ids[op.OperationID] || !operationForm.MatchString(op.OperationID) {
				t.Errorf("the operation %q of %s is doubled or not in kebab-case", op.OperationID, path)
			}
			ids[op.OperationID] = true
			if op.Summary == "" || op.Description == "" || len(op.Tags) == 0 {
				t.Errorf("the operation %s of module %s has no summary, description or tag", op.OperationID, m.ID)
			}
		}
	}
	if len(ids) != len(operations) {
		t.Errorf("%d operations are declared and %d are registered: each has its own permission", len(operations), len(ids))
	}
}
