package archive

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"staffetta/modules/kit"
)

// Change is what a difference is.
type Change string

// The changes.
const (
	Added   Change = "added"
	Removed Change = "removed"
	Changed Change = "changed"
)

// Difference is one place in which two kits are not the same. Was and Is are JSON; the one that is not there is empty.
type Difference struct {
	Item    string // kind/key; "kit" for what is about the whole
	Path    string // readable place in the item; "" for the whole item
	Change  Change
	Was, Is string
}

// Compare lists what changed from one kit to another, item by item, in the order of their places.
func Compare(before, after Kit) ([]Difference, error) {
	was, err := before.pieces()
	if err != nil {
		return nil, err
	}
	is, err := after.pieces()
	if err != nil {
		return nil, err
	}
	var list []Difference
	names := maps.Clone(was)
	maps.Copy(names, is)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		old, before := was[name]
		now, after := is[name]
		switch {
		case !before:
			list = append(list, Difference{Item: name, Change: Added})
		case !after:
			list = append(list, Difference{Item: name, Change: Removed})
		default:
			c := comparer{item: name}
			c.compare("", old, now)
			list = append(list, c.found...)
		}
	}
	return list, nil
}

// wholeName is the piece of a kit that is none of its items.
const wholeName = "kit"

// pieces are what two kits are compared by: each item with what is said about it, and the kit itself.
func (k Kit) pieces() (map[string]any, error) {
	p, err := json.Marshal(map[string]any{
		"practice": k.Manifest.Practice, "release": k.Manifest.Release.Number, "completeness": k.Manifest.Release.Completeness,
		"sheet": k.Manifest.Sheet, "body": k.Manifest.Provenance.Body, "key": k.Manifest.Provenance.Key, "lineage": k.Manifest.Provenance.Lineage,
	})
	if err != nil {
		return nil, fmt.Errorf("write what a kit says of itself: %w", err)
	}
	raw := map[string][]byte{wholeName: p}
	for _, item := range k.Items {
		if raw[kit.Place(item.Kind, item.Key)], err = json.Marshal(item); err != nil {
			return nil, fmt.Errorf("write an item: %w", err)
		}
	}
	pieces := map[string]any{}
	for name, text := range raw {
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		pieces[name] = value
	}
	return pieces, nil
}

// comparer walks down two values and notes where they part.
type comparer struct {
	item  string
	found []Difference
}

func (c *comparer) compare(path string, was, is any) {
	switch old := was.(type) {
	case map[string]any:
		if now, ok := is.(map[string]any); ok {
			c.members(old, now, func(name string) string { return strings.TrimPrefix(path+"."+name, ".") })
			return
		}
	case []any:
		if now, ok := is.([]any); ok {
			a, b := named(old), named(now)
			c.members(a, b, func(name string) string { return path + "[" + name + "]" })
			return
		}
	}
	if a, b := text(was), text(is); a != b {
		c.found = append(c.found, Difference{Item: c.item, Path: path, Change: Changed, Was: a, Is: b})
	}
}

func (c *comparer) members(was, is map[string]any, place func(string) string) {
	names := maps.Clone(was)
	maps.Copy(names, is)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		old, before := was[name]
		now, after := is[name]
		switch {
		case !before:
			c.found = append(c.found, Difference{Item: c.item, Path: place(name), Change: Added, Is: text(now)})
		case !after:
			c.found = append(c.found, Difference{Item: c.item, Path: place(name), Change: Removed, Was: text(old)})
		default:
			c.compare(place(name), old, now)
		}
	}
}

// named are the entries of a list by their key, or by their place from 1 where they have none or two have the same.
func named(list []any) map[string]any {
	byKey, byPlace := map[string]any{}, map[string]any{}
	for i, entry := range list {
		byPlace[fmt.Sprintf("%04d", i+1)] = entry
		object, _ := entry.(map[string]any)
		if key, ok := object["key"].(string); ok && key != "" {
			byKey[key] = entry
		}
	}
	if len(byKey) == len(list) {
		return byKey
	}
	return byPlace
}

func text(value any) string {
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		panic(fmt.Sprintf("write a value that was read: %v", err))
	}
	return strings.TrimSuffix(out.String(), "\n")
}
