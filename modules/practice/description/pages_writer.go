package description

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/sheet"
)

// writer makes the fields of a page.
type writer struct {
	writing
	r      *http.Request
	items  []kit.Item
	wrong  map[string]string
	fields []component.Field // all that were made, for what is wrong
}

func (w *writer) part(of part) Part {
	part := Part{ID: of.name, Heading: modules.Say(w.r, "practice.write."+of.name), Help: modules.Say(w.r, "practice.write.help."+of.name)}
	for _, f := range of.fields {
		switch f.of(&w.practice).(type) {
		case *language.Text, *kit.Text, *[]kit.Text, evidence:
			part.Pieces = append(part.Pieces, Piece{Pair: w.pair(f)})
		default:
			if field := w.field(f); field != nil {
				w.fields = append(w.fields, *field)
				part.Pieces = append(part.Pieces, Piece{Field: field})
			}
		}
	}
	return part
}

// pair is a wording, or one on each line, in both languages.
func (w *writer) pair(f field) *Pair {
	wording := func(lang string) component.Field {
		value := w.typed.Get(f.name + "." + lang)
		field := component.Field{
			ID: id(f.name) + "-" + lang, Name: f.name + "." + lang, Label: modules.Say(w.r, "practice.write."+lang), Value: value,
			Required:  true, // so that no label says "optional": what may be left out is told by the help of the page, once
			MaxLength: 300,
		}
		if !f.short {
			field.Kind, field.Rows, field.MaxLength = component.LongText, height(value), 0
		}
		return field
	}
	pair := &Pair{Label: label(w.r, f), It: wording("it"), En: wording("en")}
	pair.It.Error = cmp.Or(w.wrong[f.name], w.wrong[f.name+".it"])
	switch f.of(&w.practice).(type) {
	case *[]kit.Text, evidence:
		pair.It.Hint, pair.En.Hint = modules.Say(w.r, "practice.write.hint.lines"), modules.Say(w.r, "practice.write.hint.lines_en")
	}
	w.fields = append(w.fields, pair.It, pair.En)
	return pair
}

func id(name string) string { return strings.ToLower(strings.ReplaceAll(name, ".", "-")) }

func height(value string) int {
	return min(max(2, utf8.RuneCountInString(value)/60+strings.Count(value, "\n")+1), 12)
}

// field is a place in no language; none where there is nothing to choose from.
func (w *writer) field(f field) *component.Field {
	field := &component.Field{
		ID: id(f.name), Name: f.name, Label: label(w.r, f), Value: w.typed.Get(f.name), Error: w.wrong[f.name], Required: f.need, MaxLength: 200,
	}
	switch f.of(&w.practice).(type) {
	case *int, *decimal:
		field.Kind, field.Width, field.MaxLength = component.Number, component.Short, 16
	case *[]string:
		if f.kind != "" {
			field.Kind, field.Options = component.Checkboxes, w.options(f.kind, w.typed[f.name])
			return offered(field)
		}
		field.Kind, field.Rows, field.MaxLength, field.Hint = component.LongText, height(field.Value), 0, modules.Say(w.r, "practice.write.hint.lines")
	case *[]sheet.Figure, *[]sheet.Contact:
		field.Kind, field.Rows, field.MaxLength, field.Hint = component.LongText, height(field.Value), 0, modules.Say(w.r, "practice.write.hint."+f.name)
	case *string:
		if f.kind != "" {
			field.Kind, field.Options = component.Select, w.options(f.kind, []string{field.Value})
			return offered(field)
		}
	}
	if f.name == "key" {
		field.Hint, field.MaxLength, field.Width = modules.Say(w.r, "practice.write.hint.key"), 64, component.Medium
		if w.practice.Key != "" {
			field.ReadOnly, field.Value = true, w.practice.Key
		}
	}
	return field
}

func offered(field *component.Field) *component.Field {
	if len(field.Options) == 0 {
		return nil
	}
	return field
}

// options are the areas, or the items of a kind that are in use; what is chosen stays to be seen, whatever became of it.
func (w *writer) options(kind string, chosen []string) (options []component.Option) {
	say := func(key, label string) {
		options = append(options, component.Option{Value: key, Label: label, Selected: slices.Contains(chosen, key)})
	}
	if kind == areaKind {
		for _, area := range kit.Areas() {
			say(area, language.SayText(w.r.Context(), kit.AreaLabel(area)))
		}
	}
	for _, item := range w.items {
		if item.Kind == kind && item.State == kit.Published {
			say(item.Key, item.Key+" "+language.SayText(w.r.Context(), item.Title))
		}
	}
	for _, key := range chosen {
		if key != "" && !slices.ContainsFunc(options, func(o component.Option) bool { return o.Value == key }) {
			say(key, key)
		}
	}
	return options
}
