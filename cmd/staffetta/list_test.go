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
		// A list that tells of a next page, or may be longer than one, is read on: the most that it gives is no bound of what there is.
		long := (list.MaxItems == nil || *list.MaxItems > 100 || tellsOfMore(item.Get)) && !paged(item.Get)
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
	"/access-requests":                        "those that wait first, then the newest",
	"/access-rules":                           "roles by what can be read and done",
	"/configuration-checks":                   "what the modules of the program check",
	"/access-rules/changes":                   "the newest changes of one body's rules; the console goes no further back",
	"/access-rules/vectors":                   "what one body wants its rules to answer",
	"/adoptions/{id}/applications":            "kits applied and undone in one adoption",
	"/adoptions/{id}/applications/{run}/undo": "items of a kit",
	"/adoptions/{id}/proposable-items":        "items of a kit",
	"/adoptions/{id}/trainees":                "the trained people of one body",
	"/agreements":                             "agreements of one body",
	"/agreements/{agreement}/effects":         "parties of an agreement by sections",
	"/assessment-instruments":                 "items of a body",
	"/case-files/{case}/assignments":          "who has worked on one case",
	"/case-files/{case}/documents":            "documents of one case",
	"/case-files/{case}/protections":          "protections of one case",
	"/teams":                                  "teams of one body",
	"/case-workers":                           "who works on cases in one body; a form offers all of them",
	"/contests":                               "those that wait first, then the newest",
	"/data-readers":                           "the kinds of data, each with who of one body may read it",
	"/emergency-accesses":                     "those that wait first, then the newest",
	"/subject-requests":                       "those to answer first, then the newest",
	"/subject-requests/{request}":             "one request, with what was done about it",
	"/retention-holds":                        "those that last first, then the newest",
	"/disposals/{disposal}":                   "one list, whole, by whose digest somebody agrees to it",
	"/exemptions":                             "those that last first, then the newest",
	"/guide-services":                         "services of a body",
	"/handover-reviews":                       "those that wait first, then the newest",
	"/items":                                  "items of a body",
	"/invitations":                            "those that wait first, then the newest",
	"/kits/{id}":                              "items of a kit",
	"/led-adoptions":                          "adoptions that one body leads, on one page",
	"/networks":                               "networks of one body",
	"/offices":                                "offices of one body",
	"/offers/{id}/changes":                    "items of a kit",
	"/practices/{id}/uptake":                  "items of a kit",
	"/services":                               "services of a body",
	"/uncovered-roles":                        "roles of one body",
	"/upgrade-campaigns":                      "the newest releases that one body brought to others",
}

// tellsOfMore tells whether an operation's answer has a place for the cursor of a next page.
func tellsOfMore(o *openapi3.Operation) bool {
	for _, media := range o.Responses.Value("200").Value.Content {
		if media.Schema != nil && media.Schema.Value.Properties["next"] != nil {
			return true
		}
	}
	return false
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
