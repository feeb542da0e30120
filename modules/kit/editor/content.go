// Package editor turns a content of a configuration item into the fields of a page and back, by the shape of its kind. It
// keeps whatever the fields can hold exactly as it is, and says when a content is not such. It must not know a kind, and it
// reads and writes no item.
package editor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"staffetta/modules/kit/shape"
)

// Root is the name of the whole content among the fields of a page; those of its parts begin with it.
const Root = "c"

// maxEntries bounds a list on a page.
const maxEntries = 500

// none marks a list that is there without entries; rule marks a condition that is written out.
const (
	none = "0"
	rule = "rule"
)

// Flatten writes a content as the fields of a page.
func Flatten(node *shape.Node, content []byte) (url.Values, error) {
	value, err := decode(content)
	if err != nil {
		return nil, err
	}
	out := url.Values{}
	flatten(node, value, Root, out)
	return out, nil
}

// Holds tells whether the fields of a page hold a content exactly: what comes back is what was there.
func Holds(node *shape.Node, content []byte) bool {
	values, err := Flatten(node, content)
	if err != nil {
		return false
	}
	back, err := Build(node, values)
	if err != nil {
		return false
	}
	there, err := decode(content)
	if err != nil {
		return false
	}
	again, err := decode(back)
	if err != nil {
		return false
	}
	first, _ := json.Marshal(there) // keys sorted in both
	second, _ := json.Marshal(again)
	return bytes.Equal(first, second)
}

// Build reads the fields of a page into a content. What is not filled in is not there; what cannot be read as what it
// should be stays text, so that the check of the kind tells it at its place.
func Build(node *shape.Node, values url.Values) ([]byte, error) {
	value, ok := build(node, values, Root)
	if !ok {
		value = map[string]any{}
	}
	return encode(value)
}

func decode(content []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(content))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return nil, fmt.Errorf("read a content: %w", err)
	}
	return value, nil
}

func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, fmt.Errorf("write a content: %w", err)
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// manner is how a list stands on a page.
type manner int

const (
	rows   manner = iota // an entry below the other, each with its fields
	marked               // what can be chosen, with a mark at what is
	lines                // a line of text for each entry
)

func mannerOf(list *shape.Node) manner {
	switch {
	case list.Entry.Type == shape.Choice || list.Entry.Def == itemKey || list.Entry.Of != "":
		return marked
	case list.Entry.Type == shape.Text || list.Entry.Type == shape.Number || list.Entry.Type == shape.Integer:
		return lines
	}
	return rows
}

// itemKey is the shared definition of a key of another item.
const itemKey = "itemKey"

func flatten(node *shape.Node, value any, name string, out url.Values) {
	switch node.Type {
	case shape.Object:
		object, _ := value.(map[string]any)
		for _, member := range node.Members {
			if inner, there := object[member.Name]; there {
				flatten(member, inner, name+"."+member.Name, out)
			}
		}
	case shape.List:
		entries, _ := value.([]any)
		flattenList(node, entries, name, out)
	case shape.Wording:
		object, _ := value.(map[string]any)
		for _, lang := range []string{"it", "en"} {
			if text, ok := object[lang].(string); ok {
				out.Set(name+"."+lang, text)
			}
		}
	case shape.Condition:
		out.Set(name, plain(value))
		if text, ok := value.(string); ok {
			out.Set(name, rule)
			out.Set(name+"."+rule, text)
		}
	default:
		out.Set(name, plain(value))
	}
}

func flattenList(node *shape.Node, entries []any, name string, out url.Values) {
	if len(entries) == 0 {
		out.Set(name+".n", none)
		return
	}
	switch mannerOf(node) {
	case marked:
		for _, entry := range entries {
			out.Add(name, plain(entry))
		}
	case lines:
		written := make([]string, len(entries))
		for i, entry := range entries {
			written[i] = plain(entry)
		}
		out.Set(name, strings.Join(written, "\n"))
	default:
		out.Set(name+".n", strconv.Itoa(len(entries)))
		for i, entry := range entries {
			flatten(node.Entry, entry, name+"."+strconv.Itoa(i), out)
		}
	}
}

// plain writes a value that is one field.
func plain(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	}
	return ""
}

// build reads one place; false where nothing is filled in.
func build(node *shape.Node, values url.Values, name string) (any, bool) {
	switch node.Type {
	case shape.Object:
		object := map[string]any{}
		for _, member := range node.Members {
			if inner, there := build(member, values, name+"."+member.Name); there {
				object[member.Name] = inner
			}
		}
		return object, len(object) > 0
	case shape.List:
		return buildList(node, values, name)
	case shape.Wording:
		object := map[string]any{}
		for _, lang := range []string{"it", "en"} {
			if text := typed(values, name+"."+lang); text != "" {
				object[lang] = text
			}
		}
		return object, len(object) > 0
	case shape.Condition:
		if values.Get(name) == rule {
			text := typed(values, name+"."+rule)
			return text, text != ""
		}
		return scalar(shape.Truth, typed(values, name))
	default:
		return scalar(node.Type, typed(values, name))
	}
}

// typed is a field as it was typed: lines end as in contents, and spaces alone are nothing.
func typed(values url.Values, name string) string {
	text := strings.ReplaceAll(values.Get(name), "\r\n", "\n")
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return text
}

func scalar(kind shape.Type, text string) (any, bool) {
	if text == "" {
		return nil, false
	}
	switch kind {
	case shape.Number, shape.Integer:
		number := strings.Replace(strings.TrimSpace(text), ",", ".", 1)
		if _, err := strconv.ParseFloat(number, 64); err == nil && json.Valid([]byte(number)) {
			return json.Number(number), true
		}
	case shape.Truth:
		if truth, err := strconv.ParseBool(text); err == nil {
			return truth, true
		}
	default: // a text as it is
	}
	return text, true
}

func buildList(node *shape.Node, values url.Values, name string) (any, bool) {
	entries := []any{}
	switch mannerOf(node) {
	case marked:
		for _, value := range values[name] {
			if value != "" && !(node.Unique && slices.Contains(entries, any(value))) {
				entries = append(entries, value)
			}
		}
	case lines:
		for line := range strings.SplitSeq(typed(values, name), "\n") {
			if value, ok := scalar(node.Entry.Type, line); ok && strings.TrimSpace(line) != "" {
				entries = append(entries, value)
			}
		}
	default:
		count, _ := strconv.Atoi(values.Get(name + ".n"))
		for i := range min(count, maxEntries) {
			entry, ok := build(node.Entry, values, name+"."+strconv.Itoa(i))
			if !ok {
				entry = map[string]any{} // somebody added it, and will fill it in
			}
			entries = append(entries, entry)
		}
		nameEntries(node.Entry, entries)
	}
	return entries, len(entries) > 0 || values.Get(name+".n") == none
}
