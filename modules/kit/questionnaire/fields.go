package questionnaire

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit/rule"
)

// AnswerField starts the name of an answer in a problem about fields; the key of its item follows.
const AnswerField = "answers."

// maxRadios is how many answers still fit below each other; more of them become a list to choose from.
const maxRadios = 8

// FieldGroup is a section of a form with the fields that the answers leave visible.
type FieldGroup = modules.FieldGroup

// FieldGroups renders the questions that the values of a sent page (fields named AnswerPrefix + key) leave visible, in
// the language of the context. wrong holds the messages to show, by AnswerField + key.
func (f *Form) FieldGroups(ctx context.Context, values map[string][]string, wrong map[string]string) []FieldGroup {
	given := f.ParseValues(values)
	visible := f.Visible(given)
	var all []FieldGroup
	for _, section := range f.Sections {
		part := FieldGroup{Title: spoken(ctx, &section.Label), Help: spoken(ctx, section.Help)}
		for _, item := range section.Items {
			if !slices.Contains(visible, item.Key) {
				continue
			}
			field := item.field(ctx, values[AnswerPrefix+item.Key], f.requires(item, given))
			field.Error = wrong[AnswerField+item.Key]
			part.Fields = append(part.Fields, field)
		}
		if len(part.Fields) > 0 {
			all = append(all, part)
		}
	}
	return all
}

// Conditional tells whether answers change which questions are asked or must be answered.
func (f *Form) Conditional() bool {
	return slices.ContainsFunc(f.Sections, func(s FormSection) bool {
		return s.Visible != "" || slices.ContainsFunc(s.Items, func(i FormItem) bool { return i.Visible != "" || i.Required.When != "" })
	})
}

// Deciding lists the keys of the items whose answers change which questions are asked or must be answered.
func (f *Form) Deciding() []string {
	var keys []string
	read := func(source string) {
		condition, err := rule.Compile(rule.ScopeAnswers, rule.Truth, source)
		if source == "" || err != nil {
			return // a condition that cannot be read is a fault of the form, which its check tells
		}
		for _, key := range condition.Reads("answers") {
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	for _, section := range f.Sections {
		read(section.Visible)
		for _, item := range section.Items {
			read(item.Visible)
			read(item.Required.When)
		}
	}
	return keys
}

// AnswerText is an answer as people read it, in the language of the context; "" where there is none.
func (i FormItem) AnswerText(ctx context.Context, answer any) string {
	label := func(value string) string {
		if option, ok := i.Option(value); ok {
			return spoken(ctx, &option.Label)
		}
		return value
	}
	switch v := answer.(type) {
	case string:
		if day, err := time.Parse(time.DateOnly, v); err == nil && i.Type == TypeDate {
			return day.Format("02/01/2006")
		}
		return label(v)
	case []string:
		labels := make([]string, len(v))
		for n, value := range v {
			labels[n] = label(value)
		}
		return strings.Join(labels, "; ")
	case bool:
		if v {
			return language.Say(ctx, language.M("kit.value.yes"))
		}
		return language.Say(ctx, language.M("kit.value.no"))
	case int64:
		return label(strconv.FormatInt(v, 10))
	case float64:
		return SpokenNumber(ctx, v)
	}
	return ""
}

// requires tells whether the form, with these answers, would miss the item.
func (f *Form) requires(item FormItem, given Answers) bool {
	if item.Required.When == "" {
		return item.Required.Always
	}
	without := Answers{}
	for key, value := range given {
		if key != item.Key {
			without[key] = value
		}
	}
	_, faults := f.Check(without)
	return slices.ContainsFunc(faults, func(f Fault) bool { return f.Path == item.Key && f.Key == "kit.answer.required" })
}

func (i FormItem) field(ctx context.Context, values []string, required bool) component.Field {
	field := component.Field{
		ID: "a-" + i.Key, Name: AnswerPrefix + i.Key, Required: required, Label: spoken(ctx, &i.Label),
		Hint: spoken(ctx, i.Help), Unit: spoken(ctx, i.Unit), MaxLength: i.MaxLength,
	}
	if len(values) > 0 {
		field.Value = values[len(values)-1]
	}
	switch i.Type {
	case TypeLongText:
		field.Kind = component.LongText
	case TypeInteger, TypeDecimal:
		field.Kind, field.Width = component.Number, component.Short
		if stored, err := strconv.ParseFloat(field.Value, 64); err == nil { // what is no number stays as it was typed
			field.Value = SpokenNumber(ctx, stored)
		}
	case TypeDate:
		field.Kind, field.Width = component.Appointed, component.Medium
	case TypeChoices:
		field.Kind, field.Value = component.Checkboxes, ""
	case TypeChoice, TypeBoolean, TypeScale:
		field.Kind = component.Select
	}
	field.Options = i.choices(ctx, values)
	if field.Kind == component.Select && required && len(field.Options) <= maxRadios {
		field.Kind = component.Radios
	}
	return field
}

func (i FormItem) choices(ctx context.Context, chosen []string) []component.Option {
	var options []component.Option
	switch i.Type {
	case TypeBoolean:
		for _, truth := range []bool{true, false} {
			options = append(options, component.Option{Value: strconv.FormatBool(truth), Label: i.AnswerText(ctx, truth)})
		}
	case TypeScale:
		for n := int(*i.Min); n <= int(*i.Max); n++ {
			option := component.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)}
			if named, ok := i.Option(option.Value); ok {
				option.Label += " – " + spoken(ctx, &named.Label)
			}
			options = append(options, option)
		}
	default:
		for _, o := range i.Options {
			options = append(options, component.Option{
				Value: o.Value, Label: spoken(ctx, &o.Label), Hint: spoken(ctx, o.Help),
				Selected: i.Type == TypeChoices && slices.Contains(chosen, o.Value),
			})
		}
	}
	return options
}

// spoken is a wording in the language of the context, "" for one that a content lacks.
func spoken(ctx context.Context, t *Text) string {
	if t == nil {
		return ""
	}
	return t.In(language.Of(ctx))
}

// SpokenNumber writes a number as people of the language do.
func SpokenNumber(ctx context.Context, value float64) string {
	text := strconv.FormatFloat(value, 'f', -1, 64)
	if language.Of(ctx) == language.Italian {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}
