package main

import (
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
)

// setting is a setting as the schema of its module tells it.
type setting struct {
	Type             string
	Label            language.Text
	Minimum, Maximum *int
	MaxLength        int
	Enum             []any
	Default          any
}

// wrong is a value that the setting does not take, and another is one that it takes and is not its default.
func (s setting) wrong() any {
	switch {
	case s.Maximum != nil:
		return *s.Maximum + 1
	case s.MaxLength > 0:
		return strings.Repeat("x", s.MaxLength+1)
	default:
		return []string{"of another type"}
	}
}

func (s setting) another() any {
	switch {
	case len(s.Enum) > 1:
		return s.Enum[(slices.Index(s.Enum, s.Default)+1)%len(s.Enum)]
	case s.Type == "integer" && s.Default == float64(*s.Minimum):
		return float64(*s.Maximum)
	case s.Type == "integer":
		return float64(*s.Minimum)
	case s.Type == "boolean":
		return s.Default != true
	default:
		return "Chiedi allo sportello"
	}
}

// unset are the modules in which there is nothing to set, with the reason.
var unset = map[modules.ID]string{
	"registry": "persons are kept as the law says", "kit": "it holds the settings of the others", "casefile": "paths are workflows, and the hours of an opening are the law's",
	"assessment": "instruments are items", "practice": "what concerns another body is the same for all", "ledger": "terms are the law's", "post": "each person chooses for themselves",
	"onboarding": "it is where bodies are set up", "steward": "it is where the platform is run",
}

// Every module of the list with settings: schema, form, validation, draft, publication, and the way back.
func TestSettingsOfEveryModule(t *testing.T) {
	t.Parallel()
	st := wanted(t, kindSite)
	admin := st.castScope(t, mazara, "Bono")
	r := &runner{visitor: st.token(t, admin), slug: mazara}
	page := st.signIn(t, admin)
	list := html.UnescapeString(page.get(t, "/"+mazara+"/console/moduli").Body)
	for _, m := range st.deps.Platform.Modules {
		at := slices.IndexFunc(m.Kinds, func(k modules.Kind) bool { return k.Defaults != nil })
		if (at < 0) != (unset[m.ID] != "") {
			t.Errorf("%s has settings: %v; there is nothing to set: %q", m.ID, at >= 0, unset[m.ID])
		}
		if at < 0 {
			continue
		}
		t.Run(string(m.ID), func(t *testing.T) {
			kind := m.Kinds[at]
			if !strings.Contains(list, `href="/`+mazara+"/kit/"+kind.ID+"/"+kit.SettingsKey+`"`) {
				t.Error("the list of modules does not lead to its settings")
			}
			var schema struct{ Properties map[string]setting }
			if err := json.Unmarshal(kind.Schema, &schema); err != nil {
				t.Fatal(err)
			}
			r.settings(t, page, kind.ID, schema.Properties)
		})
	}
	st.wantAudited(t)
}

// settings walks the settings of one module: each is a field, what does not fit is refused, what fits is published and restored.
func (r *runner) settings(t *testing.T, page *visitor, kind string, all map[string]setting) {
	t.Helper()
	form := html.UnescapeString(page.get(t, r.sheet(kind)+"/modifica").Body)
	sheet := html.UnescapeString(page.get(t, r.sheet(kind)).Body)
	defaults, changed := object{}, object{}
	for name, s := range all {
		if !strings.Contains(form, s.Label.It) {
			t.Errorf("the form does not ask %q", s.Label.It)
		}
		if !strings.Contains(sheet, s.Label.It) {
			t.Errorf("what holds without a change does not say %q", s.Label.It)
		}
		changed[name] = s.another()
		if s.Default != "" { // nobody writes an empty text
			defaults[name] = s.Default
		}
	}
	at := r.at(kind, kit.SettingsKey)
	r.wantSettings(t, kind, defaults)
	for name, s := range all {
		refused := maps.Clone(defaults)
		refused[name] = s.wrong()
		r.call(t, http.StatusUnprocessableEntity, "POST", at+"/publish", object{"reason": "Prova"}, "If-Match", revision(r.drafted(t, kind, refused)))
		r.wantSettings(t, kind, defaults)
	}
	for _, content := range []object{defaults, changed} {
		draft := r.drafted(t, kind, content)
		if sheet := html.UnescapeString(page.get(t, r.sheet(kind)).Body); !strings.Contains(sheet, r.sheet(kind)+"/pubblica") {
			t.Error("its page does not say that there is a draft")
		}
		r.publish(t, kind, kit.SettingsKey, draft)
		r.wantSettings(t, kind, content)
	}
	item := r.call(t, http.StatusOK, "GET", at, nil)
	r.publish(t, kind, kit.SettingsKey, r.call(t, http.StatusOK, "POST", at+"/restore", object{"number": 1}, "If-Match", revision(item)))
	r.wantSettings(t, kind, defaults)
	r.publish(t, kind, kit.SettingsKey, r.drafted(t, kind, changed))
	item = r.call(t, http.StatusOK, "GET", at, nil)
	r.publish(t, kind, kit.SettingsKey, r.call(t, http.StatusOK, "POST", at+"/restore", object{"number": 0}, "If-Match", revision(item)))
	r.wantSettings(t, kind, defaults)
}

// sheet is the page of the settings of a module.
func (r *runner) sheet(kind string) string {
	return "/" + r.slug + "/kit/" + kind + "/" + kit.SettingsKey
}

// drafted keeps settings as a draft and returns the item.
func (r *runner) drafted(t *testing.T, kind string, content object) object {
	t.Helper()
	item := r.call(t, http.StatusOK, "GET", r.at(kind, kit.SettingsKey), nil)
	return r.call(t, http.StatusOK, "PUT", r.at(kind, kit.SettingsKey)+"/draft", object{
		"title": item["title"], "owner": item["owner"], "licence": item["licence"], "content": content,
	}, "If-Match", revision(item))
}

func (r *runner) wantSettings(t *testing.T, kind string, want object) {
	t.Helper()
	if diff := gocmp.Diff(want, r.content(t, kind, kit.SettingsKey)); diff != "" {
		t.Errorf("in use (-want +got)\n%s", diff)
	}
}
