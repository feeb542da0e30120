package tell

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/modules/kit/rule"
	"staffetta/modules/kit/shape"
	"staffetta/policies"
)

// Value is a value at a place in words, "" for none.
func (t Teller) Value(path string, raw json.RawMessage) string {
	value, ok := decode(raw)
	if !ok {
		return ""
	}
	path, isOrder := strings.CutSuffix(path, "[]")
	steps := t.find(path, 1)
	if isOrder {
		return t.order(path, value)
	}
	if len(steps) == 0 {
		return t.value(t.shape, value, nil)
	}
	return t.value(steps[len(steps)-1].Node, value, steps)
}

// order is the entries of a list in an order, each as its place is told.
func (t Teller) order(path string, value any) string {
	ids, _ := value.([]any)
	names := make([]string, len(ids))
	for i, id := range ids {
		text, _ := id.(string)
		steps := t.find(path+"["+text+"]", 1)
		names[i] = t.entry(steps[len(steps)-1], steps[:len(steps)-1])
	}
	return strings.Join(names, ", ")
}

func (t Teller) value(node *shape.Node, value any, above []shape.Step) string {
	switch v := value.(type) {
	case map[string]any:
		if it, wording := v["it"].(string); wording {
			if said, _ := v[t.lang()].(string); said != "" {
				return said
			}
			return it
		}
		return t.object(node, v, above)
	case []any:
		entries := make([]string, len(v))
		for i, entry := range v {
			inner := entryOf(node)
			entries[i] = t.value(inner, entry, append(slices.Clip(above), shape.Step{Entry: true, Node: inner, Values: []any{entry}}))
		}
		return strings.Join(entries, ", ")
	case bool:
		return t.truth(v)
	case json.Number:
		return language.Figure(t.ctx, v.String())
	case string:
		return t.text(node, v, above)
	}
	return ""
}

func (t Teller) truth(yes bool) string {
	if yes {
		return t.Say("kit.value.yes")
	}
	return t.Say("kit.value.no")
}

func entryOf(list *shape.Node) *shape.Node {
	if list == nil {
		return nil
	}
	return list.Entry
}

// object tells an object member by member, without what only the program calls it.
func (t Teller) object(node *shape.Node, object map[string]any, above []shape.Step) string {
	var lines []string
	own := append(slices.Clip(above), shape.Step{Node: node, Values: []any{object}})
	titled := shape.Title(object, t.lang()) != ""
	told := map[string]bool{"key": titled, "value": titled && node != nil && node.Member("score") != nil}
	add := func(name string, member *shape.Node) {
		if inner, there := object[name]; there && !told[name] {
			told[name] = true
			step := shape.Step{Name: name, Node: member}
			lines = append(lines, t.member(step)+": "+t.value(member, inner, append(slices.Clip(own), step)))
		}
	}
	if node != nil {
		for _, member := range node.Members {
			add(member.Name, member)
		}
	}
	for _, name := range sorted(object) {
		add(name, nil)
	}
	return strings.Join(lines, "; ")
}

func sorted(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// ruled are the members whose texts are rules and formulas.
var ruled = []string{"visible", "required", "when", "score", "formula"}

// IsRule tells whether the text of a member is a rule or a formula.
func IsRule(node *shape.Node) bool {
	return node.Type == shape.Condition || slices.Contains(ruled, node.Name)
}

// text says a text by what it means where it stands.
func (t Teller) text(node *shape.Node, text string, above []shape.Step) string {
	if node == nil {
		return text
	}
	switch {
	case IsRule(node):
		return t.Rule(text)
	case node.Word.Values[text].It != "" || node.Def == "role" || node.Def == "section" || node.Type == shape.Choice && t.Area(text).It != "":
		return t.Choice(node, text)
	case node.Type == shape.Choice:
		return t.or("kit.value."+text, t.coded(text))
	case node.Def == "amount":
		return language.Figure(t.ctx, text)
	case node.Def == "itemKey":
		return t.item(text, above)
	case (node.Of != "" || node.Def == "key") && t.called(text) != "":
		return t.called(text)
	case node.Name == "value" && (text == "true" || text == "false"):
		return t.truth(text == "true")
	case node.Type == shape.Text && !strings.Contains(text, " "):
		if label := t.option(text, above); label != "" {
			return label
		}
	}
	return text
}

// coded is a word of the program that has no message of its own: a role or a section.
func (t Teller) coded(text string) string {
	if label := policies.RoleLabel(text); label.It != "" {
		return language.SayText(t.ctx, label)
	}
	return text
}

// item calls another item by its code and title.
func (t Teller) item(key string, above []shape.Step) string {
	return t.titles.Call(t.ctx, t.reference(above)+"/"+key)
}

// reference is the kind of item that a place names, "" for any.
func (t Teller) reference(steps []shape.Step) string {
	var pattern strings.Builder
	for _, step := range steps {
		switch {
		case step.Entry:
			pattern.WriteString("[]")
		case step.Name != "":
			pattern.WriteString("." + step.Name)
		}
	}
	at := strings.TrimPrefix(pattern.String(), ".")
	for _, one := range t.kind.References {
		if strings.TrimSuffix(one.Path, "[]") == strings.TrimSuffix(at, "[]") {
			return one.Kind
		}
	}
	return ""
}

// Rule reads a rule or a formula in words, with questions and measures by what they are called.
func (t Teller) Rule(source string) string {
	return rule.Words(source, rule.Speaker{
		Say: t.Say,
		Question: func(key string) string {
			return cmp.Or(t.called(key), key)
		},
		Answer: func(key, value string) string {
			if label := t.answer(key, value); label != "" {
				return label
			}
			if value == "true" || value == "false" {
				return t.truth(value == "true")
			}
			return value
		},
	})
}
