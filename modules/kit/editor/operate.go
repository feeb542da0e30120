package editor

import (
	"slices"
	"strconv"
	"strings"

	"staffetta/modules/kit/shape"
)

// The changes of a list that a button asks for, as "up:c.sections.3"; Add names the list itself.
const (
	Add    = "add"
	Remove = "remove"
	Up     = "up"
	Down   = "down"
)

// Operate makes the change that a button asks for and returns the name of the entry to look at next. What is asked of a
// list or an entry that is not there changes nothing.
func Operate(node *shape.Node, content []byte, asked string) (changed []byte, at string, err error) {
	value, err := decode(content)
	if err != nil {
		return nil, "", err
	}
	verb, name, _ := strings.Cut(asked, ":")
	steps := strings.Split(name, ".")
	if len(steps) < 2 || steps[0] != Root {
		return content, "", nil
	}
	if verb == Add {
		value, at = add(node, value, steps[1:], name)
	} else if i, err := strconv.Atoi(steps[len(steps)-1]); err == nil {
		value = edit(value, steps[1:len(steps)-1], func(entries []any) []any {
			entries, i = move(entries, verb, i)
			return entries
		})
		at = strings.Join(append(steps[:len(steps)-1:len(steps)-1], strconv.Itoa(max(i, 0))), ".")
	}
	changed, err = encode(value)
	return changed, at, err
}

// add puts a blank entry at the end of a list, and makes the list where there is none.
func add(node *shape.Node, value any, steps []string, name string) (any, string) {
	at := ""
	value = descend(node, value, steps, func(entries []any) []any {
		if len(entries) >= maxEntries {
			return entries
		}
		at = name + "." + strconv.Itoa(len(entries))
		return append(entries, map[string]any{})
	})
	return value, at
}

// descend goes down to a list by its steps, makes the objects on the way, and changes it.
func descend(node *shape.Node, value any, steps []string, change func([]any) []any) any {
	if len(steps) == 0 {
		entries, ok := value.([]any)
		if node.Type != shape.List || value != nil && !ok {
			return value
		}
		return change(entries)
	}
	switch node.Type {
	case shape.Object:
		member := node.Member(steps[0])
		if member == nil {
			return value
		}
		object, ok := value.(map[string]any)
		if !ok {
			object = map[string]any{}
		}
		if inner := descend(member, object[steps[0]], steps[1:], change); inner != nil {
			object[steps[0]] = inner
		}
		return object
	case shape.List:
		entries, _ := value.([]any)
		if i, err := strconv.Atoi(steps[0]); err == nil && i >= 0 && i < len(entries) {
			entries[i] = descend(node.Entry, entries[i], steps[1:], change)
		}
		return entries
	default:
		return value
	}
}

// edit changes the list at the end of the steps, where there is one.
func edit(value any, steps []string, change func([]any) []any) any {
	if len(steps) == 0 {
		if entries, ok := value.([]any); ok {
			return change(entries)
		}
		return value
	}
	switch v := value.(type) {
	case map[string]any:
		if inner, there := v[steps[0]]; there {
			v[steps[0]] = edit(inner, steps[1:], change)
		}
	case []any:
		if i, err := strconv.Atoi(steps[0]); err == nil && i >= 0 && i < len(v) {
			v[i] = edit(v[i], steps[1:], change)
		}
	}
	return value
}

// move makes a change of an entry, and says where to look next.
func move(entries []any, verb string, i int) ([]any, int) {
	if i < 0 || i >= len(entries) {
		return entries, i
	}
	switch {
	case verb == Remove:
		return slices.Delete(entries, i, i+1), i - 1
	case verb == Up && i > 0:
		entries[i-1], entries[i] = entries[i], entries[i-1]
		return entries, i - 1
	case verb == Down && i < len(entries)-1:
		entries[i+1], entries[i] = entries[i], entries[i+1]
		return entries, i + 1
	}
	return entries, i
}
