package questionnaire

import (
	"context"

	"staffetta/internal/language"
)

// Tried are the fields of a form, with the messages about sample answers where there are any.
func (f *Form) Tried(ctx context.Context, sample map[string][]string) []FieldGroup {
	wrong := map[string]string{}
	if len(sample) > 0 {
		_, faults := f.CheckDraft(f.ParseValues(sample))
		for _, one := range faults {
			wrong[AnswerField+one.Path] = language.Say(ctx, one.Message())
		}
	}
	return f.FieldGroups(ctx, sample, wrong)
}
