package rest

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/language"
)

//go:embed templates/*.html
var templates embed.FS

// viewerPolicy lets the page load our style sheets and fonts, and nothing run.
const viewerPolicy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// viewer shows the description of the API to people, rendered once for each language.
type viewer struct {
	pages map[string][]byte
}

type viewerPage struct {
	Lang, Title, Version, Description string
	StyleSheet                        string
	Tags                              []viewedTag
	Schemas                           []viewedSchema
}

type viewedTag struct {
	ID, Name, Description string
	Operations            []viewedOperation
}

type viewedOperation struct {
	ID, Method, Path, Summary, Description, Permission string
	Parameters                                         []viewedField
	Bodies                                             []viewedBody
	Responses                                          []viewedBody
}

// viewedBody is what is sent or answered.
type viewedBody struct {
	Status, Description, MediaType string
	Type                           viewedType
}

type viewedSchema struct {
	ID, Name string
	Fields   []viewedField
}

type viewedField struct {
	Name, Where, Description, Bounds string
	Required                         bool
	Type                             viewedType
}

// viewedType is a type by name, or a link to a schema of the page.
type viewedType struct{ Text, Anchor, Name string }

func newViewer(h *Host) (*viewer, error) {
	v := &viewer{pages: map[string][]byte{}}
	for _, lang := range []string{language.Italian, language.English} {
		say := func(key string, pairs ...any) string { return h.own.Say(lang, language.M(key, pairs...)) }
		tpl, err := template.New("viewer.html").Funcs(template.FuncMap{"t": say}).ParseFS(templates, "templates/viewer.html")
		if err != nil {
			return nil, fmt.Errorf("read the API viewer: %w", err)
		}
		var out bytes.Buffer
		if err := tpl.Execute(&out, h.viewerPage(lang)); err != nil {
			return nil, fmt.Errorf("render the API viewer: %w", err)
		}
		v.pages[lang] = out.Bytes()
	}
	return v, nil
}

// ServeHTTP meets http.Handler.
func (v *viewer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", viewerPolicy)
	_, _ = w.Write(v.pages[languageOf(r)]) // nobody is left to tell
}

func (h *Host) viewerPage(lang string) viewerPage {
	api := h.api.OpenAPI()
	page := viewerPage{Lang: lang, Title: api.Info.Title, Version: api.Info.Version, Description: api.Info.Description}
	if h.config.Asset != nil {
		page.StyleSheet = h.config.Asset("ui.css")
	}
	for _, tag := range api.Tags {
		viewed := viewedTag{ID: "tag-" + tag.Name, Name: tag.Name, Description: tag.Description}
		each(api, func(path string, op *huma.Operation) {
			if op.Tags[0] == tag.Name {
				viewed.Operations = append(viewed.Operations, viewOperation(path, op))
			}
		})
		page.Tags = append(page.Tags, viewed)
	}
	for name, schema := range api.Components.Schemas.Map() {
		page.Schemas = append(page.Schemas, viewedSchema{ID: "schema-" + name, Name: name, Fields: viewFields(schema)})
	}
	sort.Slice(page.Schemas, func(i, j int) bool { return page.Schemas[i].Name < page.Schemas[j].Name })
	return page
}

func viewOperation(path string, op *huma.Operation) viewedOperation {
	permission, _ := op.Extensions["x-permission"].(string)
	v := viewedOperation{
		ID: op.OperationID, Method: op.Method, Path: path, Summary: op.Summary, Description: op.Description, Permission: permission,
	}
	for _, p := range op.Parameters {
		v.Parameters = append(v.Parameters, viewedField{
			Name: p.Name, Where: p.In, Description: p.Description, Required: p.Required, Type: typeOf(p.Schema), Bounds: bounds(p.Schema),
		})
	}
	if op.RequestBody != nil {
		v.Bodies = viewContent("", "", op.RequestBody.Content)
	}
	codes := make([]string, 0, len(op.Responses))
	for code := range op.Responses {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	for _, code := range codes {
		v.Responses = append(v.Responses, viewContent(code, op.Responses[code].Description, op.Responses[code].Content)...)
	}
	return v
}

func viewContent(status, description string, content map[string]*huma.MediaType) []viewedBody {
	if len(content) == 0 {
		return []viewedBody{{Status: status, Description: description}}
	}
	var list []viewedBody
	for mediaType, media := range content {
		list = append(list, viewedBody{Status: status, Description: description, MediaType: mediaType, Type: typeOf(media.Schema)})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].MediaType < list[j].MediaType })
	return list
}

func viewFields(s *huma.Schema) []viewedField {
	var fields []viewedField
	for name, property := range s.Properties {
		required := false
		for _, r := range s.Required {
			required = required || r == name
		}
		fields = append(fields, viewedField{
			Name: name, Description: property.Description, Required: required, Type: typeOf(property), Bounds: bounds(property),
		})
	}
	sort.Slice(fields, func(i, j int) bool { return fields[i].Name < fields[j].Name })
	return fields
}

func typeOf(s *huma.Schema) viewedType {
	switch {
	case s == nil:
		return viewedType{Text: "any"}
	case s.Ref != "":
		name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		return viewedType{Anchor: "#schema-" + name, Name: name}
	case s.Type == huma.TypeArray:
		item := typeOf(s.Items)
		item.Text = strings.TrimSpace("list of " + item.Text)
		return item
	case s.Format != "":
		return viewedType{Text: s.Type + " (" + s.Format + ")"}
	default:
		return viewedType{Text: s.Type}
	}
}

// bounds says in short what a value may be.
func bounds(s *huma.Schema) string {
	if s == nil {
		return ""
	}
	var parts []string
	count := func(name string, n *int) {
		if n != nil {
			parts = append(parts, name+" "+strconv.Itoa(*n))
		}
	}
	number := func(sign string, n *float64) {
		if n != nil {
			parts = append(parts, sign+" "+strconv.FormatFloat(*n, 'f', -1, 64))
		}
	}
	number("≥", s.Minimum)
	number(">", s.ExclusiveMinimum)
	number("≤", s.Maximum)
	number("<", s.ExclusiveMaximum)
	count("minLength", s.MinLength)
	count("maxLength", s.MaxLength)
	count("minItems", s.MinItems)
	count("maxItems", s.MaxItems)
	if s.Pattern != "" {
		parts = append(parts, s.Pattern)
	}
	for _, value := range s.Enum {
		parts = append(parts, fmt.Sprint(value))
	}
	return strings.Join(parts, ", ")
}
