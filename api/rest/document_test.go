package rest_test

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"staffetta/api/rest"
	"staffetta/modules"
	"staffetta/policies"
)

func TestDocumentIsValid(t *testing.T) {
	s := newStage(t, nil)
	for path, mediaType := range map[string]string{"/api/openapi.json": "application/openapi+json", "/api/openapi.yaml": "application/openapi+yaml"} {
		w := s.ask(t, asked{path: path})
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), mediaType) {
			t.Fatalf("%s: %d %v", path, w.Code, w.Header())
		}
		loader := openapi3.NewLoader()
		document, err := loader.LoadFromData(w.Body.Bytes())
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if err := document.Validate(context.Background()); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if document.OpenAPI != "3.1.0" || document.Info.License.Name != "EUPL-1.2" {
			t.Errorf("%s: %s, licence %v", path, document.OpenAPI, document.Info.License)
		}
		post := document.Paths.Find("/api/v1/{slug}/things").Post
		if post.Parameters.GetByInAndName("path", "slug") == nil || post.Responses.Value("429") == nil || len(*post.Security) != 2 {
			t.Errorf("%s: the operation is described incompletely: %+v", path, post)
		}
		if document.Paths.Find("/api/v1/platform/{id}").Get.Parameters.GetByInAndName("path", "slug") != nil {
			t.Errorf("%s: the platform's operation has a slug", path)
		}
	}
}

func TestDocumentIsTheSameEachTime(t *testing.T) {
	first, findings, err := rest.Document(manifest())
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) > 0 {
		t.Errorf("findings: %s", strings.Join(findings, "\n"))
	}
	second, _, err := rest.Document(manifest())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error(cmp.Diff(string(first), string(second)))
	}
}

// loose is described badly in every way that lint knows.
func loose(api huma.API) {
	type input struct {
		Token string `query:"token"`
		Extra string `header:"X-Extra" doc:"An extra." maxLength:"3"`
		Body  struct {
			Count int      `json:"count"`
			Names []string `json:"names"`
		}
	}
	type output struct{ Body []string }
	op := huma.Operation{OperationID: "patch-loose", Method: http.MethodPatch, Path: "/looseThings/{id}", Summary: "Loose", Description: "Loose."}
	huma.Register(api, op, func(context.Context, *input) (*output, error) { return nil, nil })
}

func TestLintFindsLooseDescriptions(t *testing.T) {
	list := []modules.Module{{ID: "loose"}}
	_, findings, err := rest.Document(list, map[modules.ID]modules.Parts{
		"loose": {Operations: []modules.Operation{{Permission: policies.Public, Register: loose}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"not in kebab-case", "not merge-patch+json", "parameter token is not described", "parameter token puts a credential", "a change takes token from the query",
		"header X-Extra begins with X-", "200 is not an object", "token: text without maxLength", "count: number without minimum",
		"names: list without maxItems", "names[]: text without maxLength",
		"path parameter id is not declared",
	} {
		if !slices.ContainsFunc(findings, func(f string) bool { return strings.Contains(f, want) }) {
			t.Errorf("lint misses %q:\n%s", want, strings.Join(findings, "\n"))
		}
	}
}

// twoOfOneName answers with two types that have one name in the document, of which the second is there under another name, too.
func twoOfOneName(api huma.API) {
	type number struct {
		Body struct {
			N int32 `json:"n" minimum:"0" maximum:"9"`
		}
	}
	operation := func(name string) huma.Operation {
		return huma.Operation{OperationID: name, Method: http.MethodGet, Path: "/" + name, Summary: "N", Description: "N."}
	}
	type text struct {
		Body struct {
			N string `json:"n" maxLength:"9"`
		}
	}
	huma.Register(api, operation("get-text"), func(context.Context, *struct{}) (*text, error) { return nil, nil })
	huma.Register(api, operation("get-number"), func(context.Context, *struct{}) (*number, error) { return nil, nil })
	{
		type number text
		huma.Register(api, operation("get-other"), func(context.Context, *struct{}) (*number, error) { return nil, nil })
	}
}

func TestNewRefusesUnsafeOperations(t *testing.T) {
	s := newStage(t, nil)
	huge := func(api huma.API) {
		op := huma.Operation{OperationID: "huge", Method: http.MethodPut, Path: "/huge", Summary: "H", Description: "H.", MaxBodyBytes: 26 << 20}
		huma.Register(api, op, func(context.Context, *fileInput) (*struct{}, error) { return nil, nil })
	}
	bare := func(api huma.API) {
		op := huma.Operation{OperationID: "bare", Method: http.MethodGet, Path: "/bare", Summary: "B"}
		huma.Register(api, op, func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	}
	for want, operation := range map[string]modules.Operation{
		`permission ""`:         {Register: plain("x", "/x")},
		`permission "thing:no"`: {Permission: "thing:no", Register: plain("x", "/x")},
		"lacks a description":   {Permission: "thing:read", Register: bare},
		"takes a body of":       {Permission: "thing:read", Register: huge},
		"duplicate operation":   {Permission: "thing:read", Register: plain("get-thing", "/x")},
		"registers nothing":     {Permission: "thing:read", Register: func(huma.API) {}},
		"is of two types":       {Permission: "thing:read", Register: twoOfOneName},
	} {
		config := s.config(t)
		parts := config.Parts["things"]
		parts.Operations = append(slices.Clone(parts.Operations), operation)
		config.Parts["things"] = parts
		if _, err := rest.New(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	config := s.config(t)
	config.Production, config.BaseURL = true, "http://staffetta.example"
	if _, err := rest.New(config); err == nil {
		t.Error("production without https was taken")
	}
	if _, err := rest.New(rest.Config{}); err == nil {
		t.Error("an empty configuration was taken")
	}
}

func TestRoutes(t *testing.T) {
	s := newStage(t, nil)
	routes := s.host.Routes()
	for _, want := range []rest.Route{
		{Method: "GET", Path: "/api/v1/status", Permission: "public"},
		{Method: "POST", Path: "/api/v1/{slug}/things", Permission: "thing:write", Module: "things"},
		{Method: "GET", Path: "/api/v1/platform/{id}", Permission: "signed_in", Module: "entries", Platform: true},
	} {
		if !slices.Contains(routes, want) {
			t.Errorf("%+v is missing among %+v", want, routes)
		}
	}
	if len(routes) != 11 {
		t.Errorf("%d routes, want 11: %+v", len(routes), routes)
	}
}

func TestViewer(t *testing.T) {
	s := newStage(t, func(c *rest.Config) { c.Asset = func(name string) string { return "/s/abc/" + name } })
	for lang, title := range map[string]string{"it": "Interfaccia per programmi (API)", "en": "Interface for programs (API)"} {
		for _, path := range []string{"/api", "/api/"} {
			w := s.ask(t, asked{path: path, lang: lang})
			page := w.Body.String()
			for _, want := range []string{
				`<html lang="` + lang + `">`, title, `<h3 id="create-thing"`, "POST /api/v1/{slug}/things", "thing:write",
				`href="/s/abc/ui.css"`, `href="#schema-Problem"`, `id="schema-Problem"`, "maxLength 8", "big, small",
			} {
				if !strings.Contains(page, want) {
					t.Errorf("%s in %s misses %q", path, lang, want)
				}
			}
			if strings.Contains(page, "«") || strings.Contains(page, "style=") || strings.Contains(page, "<script") {
				t.Errorf("%s in %s: a missing message or something the policy forbids", path, lang)
			}
			if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
				t.Errorf("policy %q", policy)
			}
		}
	}
}
