package editor

import (
	"reflect"
	"slices"
	"strings"

	"staffetta/modules/kit/shape"
)

// Change is a place where two contents differ, in words. Nothing was, or is, there where a side is empty.
type Change struct {
	Place   string
	Was, Is string
}

// maxChanges bounds a list of them: who changed more reads the whole.
const maxChanges = 200

// Changes lists where two contents differ, in the order of the schema and then of the entries.
func Changes(node *shape.Node, words Words, was, is []byte) ([]Change, error) {
	before, err := decode(was)
	if err != nil {
		return nil, err
	}
	after, err := decode(is)
	if err != nil {
		return nil, err
	}
	c := &comparer{words: words}
	c.compare(node, nil, before, after)
	return c.found, nil
}

type comparer struct {
	words Words
	found []Change
}

func (c *comparer) compare(node *shape.Node, at []string, was, is any) {
	if len(c.found) >= maxChanges || reflect.DeepEqual(was, is) {
		return
	}
	old, oldObject := was.(map[string]any)
	now, nowObject := is.(map[string]any)
	switch {
	case node.Type == shape.Object && oldObject && nowObject:
		for _, member := range node.Members {
			c.compare(member, append(slices.Clip(at), c.words.Label(member)), old[member.Name], now[member.Name])
		}
	case node.Type == shape.List && mannerOf(node) == rows:
		c.list(node, at, was, is)
	default:
		c.found = append(c.found, Change{strings.Join(at, " › "), c.told(node, was), c.told(node, is)})
	}
}

// list compares the entries of a list by their names; one that changed its place only is told once.
func (c *comparer) list(node *shape.Node, at []string, was, is any) {
	before, _ := was.([]any)
	after, _ := is.([]any)
	olds, order := entriesOf(before), len(c.found)
	for i, entry := range after {
		name := shape.EntryName(entry, i)
		here := slices.Concat(at, []string{c.entryTitle(entry, name)})
		c.compare(node.Entry, here, olds[name], entry)
		delete(olds, name)
	}
	for i, entry := range before {
		name := shape.EntryName(entry, i)
		if _, gone := olds[name]; gone {
			c.compare(node.Entry, append(slices.Clip(at), c.entryTitle(entry, name)), entry, nil)
		}
	}
	if len(c.found) == order {
		c.found = append(c.found, Change{Place: strings.Join(at, " › "), Is: c.words.Say("kit.edit.reordered")})
	}
}

func entriesOf(list []any) map[string]any {
	byName := map[string]any{}
	for i, entry := range list {
		byName[shape.EntryName(entry, i)] = entry
	}
	return byName
}

func (c *comparer) entryTitle(entry any, name string) string {
	if object, ok := entry.(map[string]any); ok && title(object) != "" && object["it"] == nil {
		return title(object)
	}
	return name
}

// told is a value in words; whole objects by what they are called.
func (c *comparer) told(node *shape.Node, value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case map[string]any:
		if node.Type != shape.Wording {
			return title(v)
		}
		if en := plain(v["en"]); en != "" {
			return plain(v["it"]) + " / " + en
		}
		return plain(v["it"])
	case []any:
		list := make([]string, len(v))
		for i, entry := range v {
			list[i] = c.told(node.Entry, entry)
		}
		return strings.Join(list, ", ")
	case bool:
		if v {
			return c.words.Say("kit.value.yes")
		}
		return c.words.Say("kit.value.no")
	case string:
		if node.Type == shape.Choice {
			return c.words.Value(node, v)
		}
	}
	return plain(value)
}
