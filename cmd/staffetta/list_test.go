package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestLongListsHaveACursor reads the document of the API: a list that may be long is read in pages.
func TestLongListsHaveACursor(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../api/rest/openapi.golden.yaml")
	if err != nil {
		t.Fatal(err)
	}
	document, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	lists := 0
	for path, item := range document.Paths.Map() {
		list := listed(item.Get)
		if list == nil {
			continue
		}
		lists++
		path = strings.TrimPrefix(path, "/api/v1/{slug}")
		_, known := bounded[path]
		long := (list.MaxItems == nil || *list.MaxItems > 1000) && !paged(item.Get)
		if long != known {
			t.Errorf("%s: long without a cursor: %t; among those that something else bounds: %t", path, long, known)
		}
	}
	if lists < 50 {
		t.Errorf("%d lists were found", lists)
	}
}

// bounded are the lists that are long and have no cursor, with what bounds them.
var bounded = map[string]string{
	"/access-rules": "roles by what can be read and done",
	"/adoptions/{id}/applications/{run}/undo": "items of a kit",
	"/adoptions/{id}/proposable-items":        "items of a kit",
	"/adoptions/{id}/trainees":                "the trained people of one body",
	"/agreements/{agreement}/effects":         "parties of an agreement by sections",
	"/case-workers":                           "who works on cases in one body; a form offers all of them",
	"/items":                                  "items of a body",
	"/kits/{id}":                              "items of a kit",
	"/offers/{id}/changes":                    "items of a kit",
	"/practices/{id}/uptake":                  "items of a kit",
	"/services":                               "services of a body",
}

// listed is the list that an operation gives; nil for none.
func listed(o *openapi3.Operation) *openapi3.Schema {
	if o == nil || o.Responses.Value("200") == nil {
		return nil
	}
	for _, media := range o.Responses.Value("200").Value.Content {
		if media.Schema == nil {
			continue
		}
		if items := media.Schema.Value.Properties["items"]; items != nil && items.Value.Items != nil {
			return items.Value
		}
	}
	return nil
}

func paged(o *openapi3.Operation) bool {
	return slices.ContainsFunc(o.Parameters, func(p *openapi3.ParameterRef) bool {
		return p.Value.In == "query" && slices.Contains([]string{"after", "before", "cursor"}, p.Value.Name)
	})
}
