package shape

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"staffetta/internal/merge"
)

// listKeys are the members that tell the entries of a list apart, in the order in which they are looked for.
var listKeys = []string{"key", "value"}

// ListsOf says how the entries of the lists in contents of a schema are told apart when they are merged: by a member that
// every entry must have, or by themselves where they are plain values. Other lists, as texts in an order, are one value.
// The schema may refer to the shared definitions. An unreadable schema has no lists.
func ListsOf(schema, common []byte) merge.Lists {
	root, shared := schemaNode{}, schemaNode{}
	if json.Unmarshal(schema, &root) != nil || json.Unmarshal(common, &shared) != nil {
		return nil
	}
	found := merge.Lists{}
	walker{root: root, shared: shared, found: found}.walk(root, "", 0)
	return found
}

type schemaNode map[string]any

type walker struct {
	root, shared schemaNode
	found        merge.Lists
}

func (w walker) walk(node schemaNode, at string, depth int) {
	if depth > maxNesting {
		return
	}
	node = w.resolve(node)
	for _, name := range slices.Sorted(maps.Keys(node.child("properties"))) {
		w.walk(node.child("properties").child(name), strings.TrimPrefix(at+"."+name, "."), depth+1)
	}
	for _, word := range []string{"allOf", "anyOf", "oneOf"} {
		alternatives, _ := node[word].([]any)
		for _, one := range alternatives {
			inner, _ := one.(map[string]any)
			w.walk(inner, at, depth+1)
		}
	}
	if entries := w.resolve(node.child("items")); len(entries) > 0 {
		if key := keyOf(entries); key != "" {
			w.found[at+"[]"] = key
		}
		w.walk(entries, at+"[]", depth+1)
	}
}

// keyOf is how entries of a list are told apart, "" if they are not.
func keyOf(entries schemaNode) string {
	required, _ := entries["required"].([]any)
	for _, key := range listKeys {
		if slices.Contains(required, any(key)) {
			return key
		}
	}
	kind, _ := entries["type"].(string)
	if entries["enum"] != nil || slices.Contains([]string{"string", "integer", "number"}, kind) {
		return merge.Itself
	}
	return ""
}

func (n schemaNode) child(name string) schemaNode {
	inner, _ := n[name].(map[string]any)
	return inner
}

// resolve follows references within the schema and to the shared definitions.
func (w walker) resolve(node schemaNode) schemaNode {
	for range maxNesting {
		ref, ok := node["$ref"].(string)
		if !ok {
			return node
		}
		document, name, _ := strings.Cut(ref, "#/$defs/")
		from := w.root
		if document != "" {
			from = w.shared
		}
		node = from.child("$defs").child(name)
	}
	return nil
}
