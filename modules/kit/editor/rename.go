package editor

import (
	"cmp"
	"net/url"

	rules "staffetta/modules/kit/rule"
	"staffetta/modules/kit/shape"
)

// wasMark ends the name of the field that carries the key with which an entry was shown. It tells a key that somebody changed
// from an entry that moved or is new.
const wasMark = "~was"

// Follow lets a content name its entries as they are called now: where somebody changed the key of an entry among the fields of a
// page, the places that name it, by themselves or in a rule, take the new one. It tells how many did. Where a key is not one
// entry's alone, before or now, nothing follows: the check of the kind tells what is left without an entry.
func Follow(node *shape.Node, content []byte, values url.Values) (followed []byte, places int, err error) {
	value, err := decode(content)
	if err != nil {
		return nil, 0, err
	}
	g := gatherer{lists: namedLists(node), values: values, keys: map[string][]keyChange{}}
	g.gather(node, place{name: Root}, value)
	f := follower{names: map[string]map[string]string{}}
	for list, keys := range g.keys {
		if names := certain(keys); len(names) > 0 {
			f.names[list] = names
		}
	}
	if len(f.names) == 0 {
		return content, 0, nil
	}
	followed, err = encode(f.follow(node, value))
	return followed, f.places, err
}

// namedLists are the lists whose entries other places of a content name.
func namedLists(node *shape.Node) map[string]bool {
	lists := map[string]bool{}
	var walk func(node *shape.Node)
	walk = func(node *shape.Node) {
		if of := cmp.Or(node.Of, node.Names); of != "" {
			lists[of] = true
		}
		for _, member := range node.Members {
			walk(member)
		}
		if node.Entry != nil {
			walk(node.Entry)
		}
	}
	walk(node)
	return lists
}

// keyChange is the key of an entry as it was shown, "" for a new one, and as it is now.
type keyChange struct{ was, is string }

// gatherer finds the keys of the entries that are named.
type gatherer struct {
	lists  map[string]bool
	values url.Values
	keys   map[string][]keyChange // by list
}

func (g *gatherer) gather(node *shape.Node, at place, value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, member := range node.Members {
			g.gather(member, at.member(member.Name), v[member.Name])
		}
	case []any:
		for i, entry := range v {
			here := at.entry(i, entry)
			if object, ok := entry.(map[string]any); ok && node.Entry != nil {
				if g.lists[here.pattern] {
					g.keys[here.pattern] = append(g.keys[here.pattern], keyChange{g.values.Get(here.name + wasMark), plain(object["key"])})
				}
				g.gather(node.Entry, here, entry)
			}
		}
	}
}

// certain are the new names of the entries of a list, by the old, as far as nobody could take one entry for another.
func certain(keys []keyChange) map[string]string {
	shown, used, kept := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, key := range keys {
		shown[key.was]++
		used[key.is]++
		if key.was == key.is || key.was == "" {
			kept[key.is] = true
		}
	}
	names := map[string]string{}
	for _, key := range keys {
		if key.was != "" && key.is != "" && key.was != key.is && shown[key.was] == 1 && used[key.is] == 1 && !kept[key.was] {
			names[key.was] = key.is
		}
	}
	return names
}

// follower gives the places of a content that name entries the new names.
type follower struct {
	names  map[string]map[string]string // by list, new by old
	places int
}

func (f *follower) follow(node *shape.Node, value any) any {
	switch v := value.(type) {
	case map[string]any:
		for _, member := range node.Members {
			if inner, there := v[member.Name]; there {
				v[member.Name] = f.follow(member, inner)
			}
		}
	case []any:
		for i, entry := range v {
			if node.Entry != nil {
				v[i] = f.follow(node.Entry, entry)
			}
		}
	case string:
		return f.text(node, v)
	}
	return value
}

func (f *follower) text(node *shape.Node, text string) string {
	names := f.names[cmp.Or(node.Of, node.Names)]
	now, named := names[text]
	switch {
	case named:
	case node.Names != "":
		now = rules.Rename(text, names)
	default:
		return text
	}
	if now != text {
		f.places++
	}
	return now
}
