package editor

import (
	"fmt"
	"slices"
	"strings"

	"staffetta/modules/kit/shape"
	"staffetta/modules/kit/tell"
)

// Guide tells how the rules of a content are written, with examples made of what it asks itself.
type Guide struct {
	Text     []string
	Examples []Example
}

// Example is a rule as it is written, and as it is read.
type Example struct{ Rule, Meaning string }

// Guide is the help for the rules of a content; nil where it has none, or nothing yet that they could be about.
func (f Form) Guide(content []byte) *Guide {
	value, err := decode(content)
	places := ruledIn(f.Shape)
	if err != nil || len(places) == 0 {
		return nil
	}
	entries := walk(value, strings.Split(places[0].Names, "."))
	about := "answers"
	var written []string
	switch {
	case slices.ContainsFunc(places, func(n *shape.Node) bool { return n.Name == "formula" }):
		about, written = "measures", formulas(keysOf(entries))
	case slices.ContainsFunc(places, func(n *shape.Node) bool { return n.Name == "score" }):
		about, written = "points", scores(entries)
	default:
		written = conditions(entries)
	}
	if len(written) == 0 {
		return nil
	}
	g := &Guide{Text: []string{f.Words.Say("kit.edit.guide." + about), f.Words.Say("kit.edit.guide.names")}}
	for _, one := range written {
		g.Examples = append(g.Examples, Example{one, f.Words.Rule(one)})
	}
	return g
}

// ruledIn are the members below a node that hold rules, each name once.
func ruledIn(node *shape.Node) (found []*shape.Node) {
	add := func(more ...*shape.Node) {
		for _, one := range more {
			if !slices.ContainsFunc(found, func(n *shape.Node) bool { return n.Name == one.Name }) {
				found = append(found, one)
			}
		}
	}
	for _, member := range node.Members {
		if tell.IsRule(member) && member.Names != "" {
			add(member)
		}
		add(ruledIn(member)...)
	}
	if node.Entry != nil {
		add(ruledIn(node.Entry)...)
	}
	return found
}

// conditions are two conditions about questions of different types and both together; about a single question what can be said of it.
func conditions(entries []any) []string {
	var first, second, key string
	for _, entry := range entries {
		question, _ := entry.(map[string]any)
		one, kind := condition(question)
		switch {
		case one == "":
		case first == "":
			first, key = one, kind
		case second == "" && kind != key:
			second = one
		}
	}
	switch keys := keysOf(entries); {
	case first == "":
		return nil
	case second == "":
		return slices.Compact([]string{first, "present(answers." + keys[0] + ")", "!present(answers." + keys[0] + ")"})
	}
	return []string{first, second, first + " && " + second}
}

// condition is a condition about a question, by the type of its answer.
func condition(question map[string]any) (written, kind string) {
	key, _ := question["key"].(string)
	kind, _ = question["type"].(string)
	options, _ := question["options"].([]any)
	value := "1"
	if len(options) > 0 {
		option, _ := options[0].(map[string]any)
		value = plain(option["value"])
	} else if least := plain(question["min"]); least != "" {
		value = least
	}
	switch {
	case key == "":
		return "", ""
	case kind == "choice":
		return fmt.Sprintf("answers.%s == '%s'", key, value), kind
	case kind == "choices":
		return fmt.Sprintf("'%s' in answers.%s", value, key), kind
	case kind == "boolean":
		return fmt.Sprintf("answers.%s == true", key), kind
	case kind == "integer", kind == "decimal", kind == "scale":
		return fmt.Sprintf("answers.%s >= %s", key, value), kind
	}
	return fmt.Sprintf("present(answers.%s)", key), kind
}

// scores are ways to add points up, and a condition about the points of a question.
func scores(entries []any) []string {
	keys := keysOf(entries)
	if len(keys) < 2 {
		return nil
	}
	return []string{"sum(points)", fmt.Sprintf("points.%s + points.%s", keys[0], keys[1]), fmt.Sprintf("points.%s >= 3.0", keys[0])}
}

// formulas are ways to reckon with the measures.
func formulas(keys []string) []string {
	switch len(keys) {
	case 0:
		return nil
	case 1:
		return []string{"measures." + keys[0], "100.0 * measures." + keys[0], "median(measures." + keys[0] + ")"}
	}
	ratio := fmt.Sprintf("measures.%s / measures.%s", keys[0], keys[1])
	return []string{ratio, "100.0 * " + ratio, "median(measures." + keys[0] + ")"}
}

func keysOf(entries []any) (keys []string) {
	for _, entry := range entries {
		object, _ := entry.(map[string]any)
		if key, _ := object["key"].(string); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}
