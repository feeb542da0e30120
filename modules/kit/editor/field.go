package editor

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"staffetta/api/web/component"
	"staffetta/modules/kit/shape"
	"staffetta/modules/kit/tell"
)

// shortNames are members that fit on a line.
var shortNames = []string{"label", "title", "heading", "unit", "name"}

// pair is a wording in both languages.
func (w *writer) pair(node *shape.Node, at place) *Pair {
	p := &Pair{Label: w.Words.Label(node)}
	p.It = w.wording(node, at, "it")
	p.En = w.wording(node, at, "en")
	p.It.Error = cmp.Or(w.fault(at.path+".it"), w.fault(at.path))
	p.En.Error = w.fault(at.path + ".en")
	p.It.Required, p.En.Required = true, true // "facoltativo" is said once, beside the name of both
	if !node.Required && node.Name != "" {
		p.Label = w.Words.Say("kit.edit.optional", "label", p.Label)
	}
	return p
}

func (w *writer) wording(node *shape.Node, at place, lang string) component.Field {
	name := at.name + "." + lang
	value := w.values.Get(name)
	f := component.Field{ID: at.id() + "-" + lang, Name: name, Label: w.Words.Say("kit.edit." + lang), Value: value, MaxLength: node.MaxLength}
	if !slices.Contains(shortNames, node.Name) || strings.Contains(value, "\n") || utf8.RuneCountInString(value) > 90 {
		f.Kind, f.Rows = component.LongText, height(value)
	}
	return f
}

// height is how many lines a text needs on the page.
func height(text string) int {
	return min(max(2, utf8.RuneCountInString(text)/45+strings.Count(text, "\n")+1), 12)
}

// field is a place that one control holds.
func (w *writer) field(node *shape.Node, at place) component.Field {
	value := w.values.Get(at.name)
	f := component.Field{
		ID: at.id(), Name: at.name, Label: w.Words.Label(node), Hint: w.Words.Help(node), Value: value, Required: node.Required, MaxLength: node.MaxLength,
		Error: w.fault(at.path),
	}
	if tell.IsRule(node) && node.Names != "" {
		f.Hint = w.Words.Say("kit.edit.rule_hint")
	}
	kind, refers := w.References[at.pattern]
	switch {
	case refers && node.Def == itemKey:
		f.Kind, f.Options = component.Select, w.items(kind, []string{value})
	case node.Of != "":
		f.Kind, f.Options = component.Select, w.entries(node.Of, []string{value})
	case node.Type == shape.Choice:
		f.Kind, f.Options = component.Select, w.choices(node, node.Values, nil)
	case node.Type == shape.Truth:
		f.Kind, f.Options = component.Select, w.truths()
	case node.Type == shape.Number, node.Type == shape.Integer:
		f.Kind, f.Width = component.Number, component.Short
	case node.Def == "key" || node.Name == "key" || node.Name == "value" && node.MaxLength > 0 && node.MaxLength <= 64:
		f.Width, f.Required = component.Medium, node.Required
		if node.Name == "key" || node.Name == "value" {
			f.Required, f.Hint = true, w.Words.Say("kit.edit.key_hint")
		}
	case node.MaxLength > 300 || strings.Contains(value, "\n"):
		f.Kind, f.Rows = component.LongText, height(value)
	}
	return f
}

func (w *writer) truths() []component.Option {
	return []component.Option{{Value: "true", Label: w.Words.Say("kit.value.yes")}, {Value: "false", Label: w.Words.Say("kit.value.no")}}
}

func (w *writer) choices(node *shape.Node, values, chosen []string) []component.Option {
	options := make([]component.Option, len(values))
	for i, value := range values {
		options[i] = component.Option{Value: value, Label: w.Words.Choice(node, value), Selected: slices.Contains(chosen, value)}
	}
	return options
}

// listField is a list that one control holds: marks at what is chosen, or a line of text for each entry.
func (w *writer) listField(node *shape.Node, at place, value any) *component.Field {
	f := &component.Field{ID: at.id(), Name: at.name, Label: w.Words.Label(node), Required: node.Required, Error: w.listFault(at, value)}
	if mannerOf(node) == lines {
		f.Value = w.values.Get(at.name)
		f.Kind, f.Rows, f.Hint = component.LongText, height(f.Value), w.Words.Say("kit.edit.lines_hint")
		return f
	}
	chosen := w.values[at.name]
	f.Kind = component.Checkboxes
	if node.Entry.Def == itemKey {
		f.Options = w.items(w.References[at.pattern+"[]"], chosen)
		return f
	}
	if node.Entry.Of != "" {
		f.Options = w.entries(node.Entry.Of, chosen)
		return f
	}
	rest := slices.DeleteFunc(slices.Clone(node.Entry.Values), func(v string) bool { return slices.Contains(chosen, v) })
	entry := *node.Entry
	entry.Name = node.Name
	f.Options = w.choices(&entry, append(slices.Clone(chosen), rest...), chosen)
	return f
}

// listFault is what is wrong with a list that one control holds, or with one of its entries.
func (w *writer) listFault(at place, value any) string {
	text := w.fault(at.path)
	entries, _ := value.([]any)
	for i, entry := range entries {
		text = cmp.Or(text, w.fault(at.entry(i, entry).path))
	}
	return text
}

// entries offers the entries of a list of the content: first what is named, in its order, then the rest.
func (w *writer) entries(of string, chosen []string) []component.Option {
	names, order := map[string]string{}, []string{}
	for _, entry := range walk(w.whole, strings.Split(of, ".")) {
		key := shape.EntryName(entry, len(order))
		object, _ := entry.(map[string]any)
		names[key], order = cmp.Or(excerpt(title(object)), key), append(order, key)
	}
	var options []component.Option
	for _, key := range chosen {
		if key != "" {
			label := cmp.Or(names[key], w.Words.Say("kit.edit.absent", "key", key))
			options = append(options, component.Option{Value: key, Label: label, Selected: true})
		}
	}
	for _, key := range order {
		if !slices.Contains(chosen, key) {
			options = append(options, component.Option{Value: key, Label: names[key]})
		}
	}
	return options
}

// walk goes down a value by the steps of a place; [] goes through all entries of a list.
func walk(value any, steps []string) []any {
	if len(steps) == 0 {
		return []any{value}
	}
	object, _ := value.(map[string]any)
	name, each := strings.CutSuffix(steps[0], "[]")
	if !each {
		return walk(object[name], steps[1:])
	}
	var found []any
	list, _ := object[name].([]any)
	for _, entry := range list {
		found = append(found, walk(entry, steps[1:])...)
	}
	return found
}

// items offers what can be named: first what is named, in its order, then the rest of the kind.
func (w *writer) items(kind string, chosen []string) []component.Option {
	var options []component.Option
	for _, key := range chosen {
		if key == "" {
			continue
		}
		at := slices.IndexFunc(w.Items, func(i Item) bool { return i.Key == key && (kind == "" || i.Kind == kind) })
		label := w.Words.Say("kit.edit.absent", "key", key)
		if at >= 0 {
			label = key + " " + w.Items[at].Title
		}
		options = append(options, component.Option{Value: key, Label: label, Selected: true})
	}
	for _, item := range w.Items {
		if (kind == "" || item.Kind == kind) && !slices.Contains(chosen, item.Key) {
			options = append(options, component.Option{Value: item.Key, Label: item.Key + " " + item.Title})
		}
	}
	return options
}

// condition is a choice of yes, no, or a rule that decides.
func (w *writer) condition(node *shape.Node, at place) *Group {
	choice := component.Field{
		ID: at.id(), Name: at.name, Kind: component.Select, Label: w.Words.Label(node), Value: w.values.Get(at.name), Error: w.fault(at.path),
		Options: append(w.truths(), component.Option{Value: rule, Label: w.Words.Say("kit.edit.by_rule")}),
	}
	written := component.Field{
		ID: at.id() + "-" + rule, Name: at.name + "." + rule, Label: w.Words.Say("kit.edit.rule"), Hint: w.Words.Say("kit.edit.rule_hint"),
		Value: w.values.Get(at.name + "." + rule), Depends: true,
	}
	return &Group{ID: at.id() + "-gruppo", Pieces: []Piece{{Field: &choice}, {Field: &written}}}
}
