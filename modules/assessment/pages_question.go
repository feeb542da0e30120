package assessment

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/modules/kit"
)

// maxRadios is how many answers still fit below each other; more of them become a list to choose from.
const maxRadios = 8

// questionsOf are the fields of an instrument that the values leave visible. Errors are by done_on and answers.<key>.
func questionsOf(r *http.Request, definition *kit.Assessment, values map[string][]string, wrong map[string]string) []questions {
	ctx := r.Context()
	given := definition.ParseValues(values)
	visible := definition.Visible(given)
	var all []questions
	for _, section := range definition.Sections {
		part := questions{Title: say(ctx, section.Label), Help: optional(ctx, section.Help)}
		for _, item := range section.Items {
			if !slices.Contains(visible, item.Key) {
				continue
			}
			field := fieldOf(r, item, values[kit.AnswerPrefix+item.Key], isRequired(definition, item, given))
			field.Error = wrong[answerField+item.Key]
			part.Fields = append(part.Fields, field)
		}
		if len(part.Fields) > 0 {
			all = append(all, part)
		}
	}
	return all
}

// isRequired tells whether the form, with these answers, would miss the item.
func isRequired(definition *kit.Assessment, item kit.FormItem, given kit.Answers) bool {
	if item.Required.When == "" {
		return item.Required.Always
	}
	without := kit.Answers{}
	for key, value := range given {
		if key != item.Key {
			without[key] = value
		}
	}
	_, faults := definition.Check(without)
	return slices.ContainsFunc(faults, func(f kit.Fault) bool { return f.Path == item.Key && f.Key == "kit.answer.required" })
}

func fieldOf(r *http.Request, item kit.FormItem, values []string, required bool) component.Field {
	ctx := r.Context()
	field := component.Field{
		ID: "a-" + item.Key, Name: kit.AnswerPrefix + item.Key, Required: required, Label: say(ctx, item.Label),
		Hint: optional(ctx, item.Help), Unit: optional(ctx, item.Unit), MaxLength: item.MaxLength,
	}
	if len(values) > 0 {
		field.Value = values[len(values)-1]
	}
	switch item.Type {
	case kit.TypeLongText:
		field.Kind = component.LongText
	case kit.TypeInteger, kit.TypeDecimal:
		field.Kind, field.Width, field.Value = component.Number, component.Short, inLanguage(r, field.Value)
	case kit.TypeDate:
		field.Kind, field.Width = component.Appointed, component.Medium
	case kit.TypeChoices:
		field.Kind, field.Value = component.Checkboxes, ""
	case kit.TypeChoice, kit.TypeBoolean, kit.TypeScale:
		field.Kind = component.Select
	}
	field.Options = optionsOf(r, item, values)
	if field.Kind == component.Select && required && len(field.Options) <= maxRadios {
		field.Kind = component.Radios
	}
	return field
}

// inLanguage writes a stored number as people of the language do, and leaves what is none as it was typed.
func inLanguage(r *http.Request, value string) string {
	stored, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value
	}
	return number(r.Context(), stored)
}

func optionsOf(r *http.Request, item kit.FormItem, chosen []string) []component.Option {
	var options []component.Option
	switch item.Type {
	case kit.TypeBoolean:
		return []component.Option{{Value: "true", Label: modules.Say(r, "assessment.answer.yes")}, {Value: "false", Label: modules.Say(r, "assessment.answer.no")}}
	case kit.TypeScale:
		for n := int(*item.Min); n <= int(*item.Max); n++ {
			option := component.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)}
			if named, ok := item.Option(option.Value); ok {
				option.Label += " – " + say(r.Context(), named.Label)
			}
			options = append(options, option)
		}
	default:
		for _, o := range item.Options {
			options = append(options, component.Option{
				Value: o.Value, Label: say(r.Context(), o.Label), Hint: optional(r.Context(), o.Help),
				Selected: item.Type == kit.TypeChoices && slices.Contains(chosen, o.Value),
			})
		}
	}
	return options
}

// answerText is an answer in words, or "".
func answerText(r *http.Request, item kit.FormItem, answer any) string {
	ctx := r.Context()
	label := func(value string) string {
		if option, ok := item.Option(value); ok {
			return say(ctx, option.Label)
		}
		return value
	}
	switch v := answer.(type) {
	case string:
		if day, err := time.Parse(time.DateOnly, v); err == nil && item.Type == kit.TypeDate {
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
			return modules.Say(r, "assessment.answer.yes")
		}
		return modules.Say(r, "assessment.answer.no")
	case int64:
		return label(strconv.FormatInt(v, 10))
	case float64:
		return number(ctx, v)
	}
	return ""
}
