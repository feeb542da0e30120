package all_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"staffetta/modules/all"
	"staffetta/modules/kit"
)

// said are the keywords of which modules/kit/fit tells in words, and those that refuse nothing by themselves.
var said = []string{
	"type", "required", "additionalProperties", "enum", "pattern", "format", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems",
	"minimum", "maximum", "exclusiveMinimum", "oneOf", "items", "properties", "$ref", "$defs",
}

// refusing are the keywords of JSON Schema 2020-12 by which a content can be refused.
var refusing = []string{
	"type", "required", "additionalProperties", "enum", "const", "pattern", "format", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems",
	"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "oneOf", "anyOf", "allOf", "not", "if", "contains", "minProperties",
	"maxProperties", "propertyNames", "patternProperties", "dependentRequired", "prefixItems", "unevaluatedProperties", "unevaluatedItems",
}

// Whatever a schema refuses is said in words, and a form that is wanted with an example that has it.
func TestSchemasRefuseInWords(t *testing.T) {
	t.Parallel()
	schemas := map[string][]byte{"common": kit.CommonSchema()}
	for _, m := range all.Modules() {
		for _, kind := range m.Kinds {
			schemas[kind.ID] = kind.Schema
		}
	}
	for name, raw := range schemas {
		var node any
		if err := json.Unmarshal(raw, &node); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		walkSchema(t, name, node, true)
	}
}

// walkSchema looks at a schema and all inside it; below "properties" and "$defs" the names are not keywords.
func walkSchema(t *testing.T, at string, node any, keywords bool) {
	t.Helper()
	if list, ok := node.([]any); ok {
		for _, one := range list {
			walkSchema(t, at, one, true)
		}
	}
	object, ok := node.(map[string]any)
	if !ok {
		return
	}
	if pattern, ok := object["pattern"].(string); ok && keywords {
		examples, _ := object["examples"].([]any)
		if len(examples) == 0 {
			t.Errorf("%s: the form %s has no example", at, pattern)
		} else if text, _ := examples[0].(string); !regexp.MustCompile(pattern).MatchString(text) {
			t.Errorf("%s: the example %q has not the form %s", at, text, pattern)
		}
	}
	for name, inside := range object {
		if keywords && slices.Contains(refusing, name) && !slices.Contains(said, name) {
			t.Errorf("%s: nothing says in words what %q refuses", at, name)
		}
		walkSchema(t, at+"."+name, inside, !keywords || name != "properties" && name != "$defs")
	}
}
