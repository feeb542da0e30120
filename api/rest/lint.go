package rest

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// each calls visit for every operation, by path and method.
func each(api *huma.OpenAPI, visit func(path string, op *huma.Operation)) {
	paths := make([]string, 0, len(api.Paths))
	for path := range api.Paths {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	for _, path := range paths {
		item := api.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete, item.Head} {
			if op != nil {
				visit(path, op)
			}
		}
	}
}

// everySchema calls visit for every schema that the document holds, with where it stands.
func everySchema(api *huma.OpenAPI, visit func(where string, s *huma.Schema)) {
	named := api.Components.Schemas.Map()
	names := make([]string, 0, len(named))
	for name := range named {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		walk(name, named[name], visit)
	}
	each(api, func(path string, op *huma.Operation) {
		where := op.Method + " " + path
		for _, p := range op.Parameters {
			walk(where+" "+p.Name, p.Schema, visit)
		}
		if op.RequestBody != nil {
			for _, media := range op.RequestBody.Content {
				walk(where+" body", media.Schema, visit)
			}
		}
		for code, response := range op.Responses {
			for _, media := range response.Content {
				walk(where+" "+code, media.Schema, visit)
			}
			for name, header := range response.Headers {
				walk(where+" "+code+" "+name, header.Schema, visit)
			}
		}
	})
}

func walk(where string, s *huma.Schema, visit func(string, *huma.Schema)) {
	if s == nil || s.Ref != "" {
		return
	}
	visit(where, s)
	for name, property := range s.Properties {
		walk(where+"."+name, property, visit)
	}
	walk(where+"[]", s.Items, visit)
	if values, ok := s.AdditionalProperties.(*huma.Schema); ok {
		walk(where+".*", values, visit)
	}
	for _, several := range [][]*huma.Schema{s.OneOf, s.AnyOf, s.AllOf} {
		for _, one := range several {
			walk(where, one, visit)
		}
	}
}

// lint holds the description against the Italian guidelines for public APIs.
func lint(api *huma.OpenAPI) []string {
	var found []string
	add := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	each(api, func(path string, op *huma.Operation) { lintOperation(path, op, add) })
	everySchema(api, func(where string, s *huma.Schema) { lintSchema(where, s, add) })
	for _, server := range api.Servers {
		if !strings.HasPrefix(server.URL, "https://") || server.Description == "" {
			add("server %s is not https or not described", server.URL)
		}
	}
	if api.Paths[prefix+"/status"] == nil {
		add("there is no status path")
	}
	sort.Strings(found)
	return slices.Compact(found)
}

var (
	kebab        = regexp.MustCompile(`^(/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z]+([A-Z][a-z]+)*\}))+$`)
	placeholders = regexp.MustCompile(`\{([^}]+)\}`)
	credential   = regexp.MustCompile(`(?i)(token|secret|password|api_?key|authorization)`)
)

func lintOperation(path string, op *huma.Operation, add func(string, ...any)) {
	where := op.Method + " " + path
	if !kebab.MatchString(path) {
		add("%s: the path is not in kebab-case", where)
	}
	if op.Method == http.MethodGet && op.RequestBody != nil {
		add("%s: a GET with a body", where)
	}
	if op.RequestBody != nil && op.Method == http.MethodPatch && op.RequestBody.Content["application/merge-patch+json"] == nil {
		add("%s: a PATCH that is not merge-patch+json", where)
	}
	for _, p := range op.Parameters {
		lintParameter(where, p, add)
	}
	for _, placeholder := range placeholders.FindAllStringSubmatch(path, -1) {
		if !slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In == "path" && p.Name == placeholder[1] }) {
			add("%s: path parameter %s is not declared", where, placeholder[1])
		}
	}
	lintResponses(where, op, add)
}

func lintParameter(where string, p *huma.Param, add func(string, ...any)) {
	if p.Description == "" {
		add("%s: parameter %s is not described", where, p.Name)
	}
	if strings.HasPrefix(strings.ToLower(p.Name), "x-") {
		add("%s: header %s begins with X-", where, p.Name)
	}
	if p.In == "query" && credential.MatchString(p.Name) {
		add("%s: parameter %s puts a credential into the query", where, p.Name)
	}
	if p.In == "query" && !strings.HasPrefix(where, http.MethodGet+" ") { // who keeps logs of requests keeps their addresses
		add("%s: a change takes %s from the query", where, p.Name)
	}
}

func lintResponses(where string, op *huma.Operation, add func(string, ...any)) {
	for code, response := range op.Responses {
		if (code[0] == '4' || code[0] == '5') && response.Content["application/problem+json"] == nil {
			add("%s: %s is not problem+json", where, code)
		}
		if json := response.Content["application/json"]; json != nil && json.Schema != nil && json.Schema.Ref == "" && json.Schema.Type != huma.TypeObject {
			add("%s: %s is not an object", where, code)
		}
	}
	if limited := op.Responses["429"]; limited == nil || limited.Headers["Retry-After"] == nil {
		add("%s: no 429 with Retry-After", where)
	}
}

func lintSchema(where string, s *huma.Schema, add func(string, ...any)) {
	switch s.Type {
	case huma.TypeString:
		if s.MaxLength == nil && len(s.Enum) == 0 && s.ContentEncoding == "" && s.Format != "binary" {
			add("%s: text without maxLength, enum or format", where)
		}
	case huma.TypeInteger, huma.TypeNumber:
		if s.Format == "" {
			add("%s: number without format", where)
		}
		if (s.Minimum == nil && s.ExclusiveMinimum == nil) || (s.Maximum == nil && s.ExclusiveMaximum == nil) {
			add("%s: number without minimum and maximum", where)
		}
	case huma.TypeArray:
		if s.MaxItems == nil {
			add("%s: list without maxItems", where)
		}
	}
}
