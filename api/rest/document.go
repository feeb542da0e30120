package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
)

const (
	hostTag     = "api"
	defaultBody = 1 << 20
	maxBody     = 25 << 20

	// documentAddress and documentVersion stand in the document that is kept as a
	// golden file, where no deployment is known.
	documentAddress = "https://staffetta.example"
	documentVersion = "0.0.0"
)

// Document describes the operations of modules as OpenAPI 3.1 in YAML, without a
// deployment: it is what the golden file holds. Findings name what keeps the
// description from the rules for public APIs, in order; none is expected.
func Document(list []modules.Module, parts map[modules.ID]modules.Parts) (yaml []byte, findings []string, err error) {
	h, err := describe(Config{Modules: list, Parts: parts, BaseURL: documentAddress, Version: documentVersion})
	if err != nil {
		return nil, nil, fmt.Errorf("describe the API: %w", err)
	}
	if yaml, err = h.api.OpenAPI().YAML(); err != nil {
		return nil, nil, fmt.Errorf("write the description of the API: %w", err)
	}
	return yaml, lint(h.api.OpenAPI()), nil
}

// document is the frame of the description. Nothing of huma's defaults is taken that
// would load from elsewhere or put more than the result into a response.
func (h *Host) document() huma.Config {
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: readJSON}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0", Info: h.info(),
			Servers: []*huma.Server{{URL: h.config.BaseURL, Description: "This deployment"}},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", h.schemaName),
				SecuritySchemes: securitySchemes(),
			},
		},
		Formats: map[string]huma.Format{"application/json": format, "json": format}, DefaultFormat: "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{transform},
	}
}

func (h *Host) info() *huma.Info {
	return &huma.Info{
		Title: "Staffetta", Version: h.config.Version,
		Description: "The social services of a body: the same rules as the pages, for programs. " +
			"Every path names the body by its slug; a token or a session counts for that body alone. " +
			"What is not there, is another body's or must not be seen answers 404 alike. " +
			"Problems follow RFC 9457, in Italian or English as Accept-Language wishes.",
		TermsOfService: h.config.BaseURL + "/piattaforma/note-legali",
		Contact:        &huma.Contact{Name: "Staffetta", URL: h.config.BaseURL + "/piattaforma/accessibilita"},
		License:        &huma.License{Name: "EUPL-1.2", Identifier: "EUPL-1.2"},
		Extensions: map[string]any{
			"x-summary": "Social services of Italian bodies", "x-api-id": "6f0b1d2c-6c1e-4c59-9b1c-3d0a5f3f8f57",
		},
	}
}

func securitySchemes() map[string]*huma.SecurityScheme {
	return map[string]*huma.SecurityScheme{
		"token": {
			Type: "http", Scheme: "bearer",
			Description: "A token that a person makes on their page: for one body, some of their roles, at most 90 days.",
		},
		"session": {
			Type: "apiKey", In: "cookie", Name: "__Host-s1-o",
			Description: "The session of a browser, for requests of our own pages only. The name holds the number of the body and the purpose.",
		},
	}
}

// schemaName keeps equal names of two modules apart, and refuses two types of one name: huma does so too, but where it has met the
// second one under another name it takes the first one for it without a word.
func (h *Host) schemaName(t reflect.Type, hint string) string {
	name := h.nameOf(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct { // lists stand where they are
		return name
	}
	if other, taken := h.schemas[name]; taken && other != t {
		panic(fmt.Sprintf("the schema %s is of two types, %s and %s", name, other, t)) // add makes it an error
	}
	h.schemas[name] = t
	return name
}

func (h *Host) nameOf(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	module := string(h.mounting) // types without a name stand inside those of the module
	if t.Name() != "" {
		module = moduleOf(t.PkgPath())
	}
	if module == "" || t == reflect.TypeFor[Problem]() || t == reflect.TypeFor[Fault]() {
		return name
	}
	return strings.ToUpper(module[:1]) + module[1:] + name
}

// moduleOf is the module in which a package stands, or the last part of the path of any other package.
func moduleOf(path string) string {
	if _, below, ok := strings.Cut(path, "/modules/"); ok {
		name, _, _ := strings.Cut(below, "/")
		return name
	}
	return path[strings.LastIndex(path, "/")+1:]
}

// complete adds to an operation what holds for all of them, and names what it lacks.
func (h *Host) complete(rt *route, op *huma.Operation) error {
	if len(op.Tags) == 0 {
		op.Tags = []string{string(rt.module)}
	}
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = defaultBody
	}
	op.Parameters = slices.Clone(op.Parameters)
	if !rt.Platform && rt.module != "" {
		op.Parameters = append(op.Parameters, slugParameter())
	}
	op.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	if rt.isPublic() {
		op.Security = nil
	}
	op.Extensions = maps.Clone(op.Extensions)
	if op.Extensions == nil {
		op.Extensions = map[string]any{}
	}
	op.Extensions["x-permission"] = rt.Permission
	h.addProblems(rt, op)
	return lacks(op)
}

func lacks(op *huma.Operation) error {
	var faults []error
	for what, missing := range map[string]bool{
		"an operation id": op.OperationID == "", "a summary": op.Summary == "", "a description": op.Description == "",
	} {
		if missing {
			faults = append(faults, fmt.Errorf("%s %s lacks %s", op.Method, op.Path, what))
		}
	}
	if op.MaxBodyBytes < 0 || op.MaxBodyBytes > maxBody {
		faults = append(faults, fmt.Errorf("%s %s takes a body of %d bytes, more than %d", op.Method, op.Path, op.MaxBodyBytes, maxBody))
	}
	return errors.Join(faults...)
}

func slugParameter() *huma.Param {
	least, most := 2, 63
	return &huma.Param{
		Name: "slug", In: "path", Required: true, Description: "The body, as its pages name it.", Example: "c_e974",
		Schema: &huma.Schema{Type: huma.TypeString, MinLength: &least, MaxLength: &most, Pattern: "^[a-z0-9][a-z0-9_-]{1,62}$"},
	}
}

// addProblems documents every problem that the operation can answer.
func (h *Host) addProblems(rt *route, op *huma.Operation) {
	codes := []int{http.StatusNotFound, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if !rt.isPublic() {
		codes = append(codes, http.StatusUnauthorized, http.StatusForbidden)
	}
	if op.RequestBody != nil {
		codes = append(codes, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	if op.Method != http.MethodGet {
		codes = append(codes, http.StatusConflict)
	}
	codes = append(codes, http.StatusUnprocessableEntity) // an unknown query parameter is one, too
	op.Responses = maps.Clone(op.Responses)
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	delete(op.Responses, "default")
	schema := h.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, code := range codes {
		op.Responses[strconv.Itoa(code)] = &huma.Response{
			Description: http.StatusText(code), Headers: headersOf(code),
			Content: map[string]*huma.MediaType{"application/problem+json": {Schema: schema}},
		}
	}
}

func headersOf(code int) map[string]*huma.Header {
	switch code {
	case http.StatusTooManyRequests:
		least, most := 1.0, 3600.0
		return map[string]*huma.Header{"Retry-After": {
			Description: "Seconds to wait.",
			Schema:      &huma.Schema{Type: huma.TypeInteger, Format: "int32", Minimum: &least, Maximum: &most},
		}}
	case http.StatusUnauthorized:
		most := 200
		return map[string]*huma.Header{"WWW-Authenticate": {
			Description: "How to authenticate (RFC 6750).", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &most},
		}}
	default:
		return nil
	}
}

// tidy describes the tags and bounds what its format bounds already.
func (h *Host) tidy() error {
	api := h.api.OpenAPI()
	api.Tags = []*huma.Tag{{Name: hostTag, Description: "The API itself"}}
	for _, m := range h.config.Modules {
		if len(h.config.Parts[m.ID].Operations) > 0 {
			api.Tags = append(api.Tags, &huma.Tag{Name: string(m.ID), Description: m.Title.In("en")})
		}
	}
	var faults []error
	each(api, func(path string, op *huma.Operation) {
		for _, tag := range op.Tags {
			if !slices.ContainsFunc(api.Tags, func(t *huma.Tag) bool { return t.Name == tag }) {
				faults = append(faults, fmt.Errorf("%s %s has the tag %q, which is no module with operations", op.Method, path, tag))
			}
		}
	})
	everySchema(api, func(_ string, s *huma.Schema) { bound(s) })
	return errors.Join(faults...)
}

var formatLengths = map[string]int{"uuid": 36, "date": 10, "date-time": 35, "time": 20, "email": 254, "uri": 2000}

func bound(s *huma.Schema) {
	most, known := formatLengths[s.Format]
	if s.Type != huma.TypeString || !known || s.MaxLength != nil {
		return
	}
	s.MaxLength = &most
	s.PrecomputeMessages()
}

// finishDocument keeps the description as it is served.
func (h *Host) finishDocument() (err error) {
	if h.json, err = json.Marshal(h.api.OpenAPI()); err != nil {
		return fmt.Errorf("write the description of the API: %w", err)
	}
	if h.yaml, err = h.api.OpenAPI().YAML(); err != nil {
		return fmt.Errorf("write the description of the API: %w", err)
	}
	if h.details, err = newViewer(h); err != nil {
		return err
	}
	serve := func(pattern, mediaType string, content []byte) {
		h.muxes.fixed.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", mediaType)
			_, _ = w.Write(content) // nobody is left to tell
		})
	}
	serve("GET /api/openapi.json", "application/openapi+json;version=3.1", h.json)
	serve("GET /api/openapi.yaml", "application/openapi+yaml;version=3.1", h.yaml)
	h.muxes.fixed.Handle("GET /api", h.details)
	h.muxes.fixed.Handle("GET /api/{$}", h.details)
	return nil
}
