package casefile

import (
	"context"
	"slices"
	"strings"
	"time"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/casefile/access"
	"staffetta/modules/kit"
)

// Choice is a field of a step that wants a term of a vocabulary of the body.
type Choice struct {
	Key   string
	Label language.Text
	Terms []kit.VocabularyTerm
}

// choicePrefix begins the names of these fields in forms and in what is refused.
const choicePrefix = "scelta."

// findChoices reads what each step lets choose, by its key. A vocabulary that the body does not use offers nothing: the step
// asks for words then.
func (s *Service) findChoices(ctx context.Context, a *access.Access, steps []kit.WorkflowTransition) (map[string][]Choice, error) {
	named := slices.ContainsFunc(steps, func(t kit.WorkflowTransition) bool { return len(a.States.Vocabularies(t)) > 0 })
	if !named {
		return nil, nil //nolint:nilnil // steps that let choose nothing are an answer
	}
	versions, err := s.items.Published(ctx, a.Scope, kit.KindVocabulary)
	if err != nil {
		return nil, err
	}
	known := map[string]*kit.Vocabulary{}
	for _, v := range versions {
		if known[v.Key], err = kit.ParseVocabulary(v.Content); err != nil {
			return nil, err
		}
	}
	choices := map[string][]Choice{}
	for _, t := range steps {
		for _, field := range a.States.Vocabularies(t) {
			if list := known[field.Vocabulary]; list != nil {
				terms := list.Offered(field.Key, language.Day(time.Now()))
				choices[t.Key] = append(choices[t.Key], Choice{Key: field.Key, Label: language.Text{It: field.Label.IT, En: field.Label.EN}, Terms: terms})
			}
		}
	}
	return choices, nil
}

// needsReason tells whether a step asks for words, beside the terms that it lets choose.
func needsReason(t kit.WorkflowTransition, choices []Choice) bool {
	return len(t.Requires) > len(choices)
}

// check refuses a step without what it asks for.
func (m Move) check(t kit.WorkflowTransition, choices []Choice) error {
	var fields problem.Fields
	for _, c := range choices {
		name := choicePrefix + c.Key
		fields.Require(name, m.Chosen[c.Key])
		if m.Chosen[c.Key] != "" && c.term(m.Chosen[c.Key]) == nil {
			fields.Add(name, "web.field.choice")
		}
	}
	if needsReason(t, choices) {
		fields.Require("motivo", m.Reason)
	}
	fields.MaxLength("motivo", m.Reason, 1000)
	return fields.Err()
}

func (c Choice) term(key string) *kit.VocabularyTerm {
	at := slices.IndexFunc(c.Terms, func(t kit.VocabularyTerm) bool { return t.Key == key })
	if at < 0 {
		return nil
	}
	return &c.Terms[at]
}

// words is what is kept of a step: each chosen term as it read then, and the reason.
func (m Move) words(choices []Choice) string {
	var lines []string
	for _, c := range choices {
		if term := c.term(m.Chosen[c.Key]); term != nil {
			lines = append(lines, c.Label.It+": "+term.Label.IT)
		}
	}
	if m.Reason != "" {
		lines = append(lines, m.Reason)
	}
	kept := []rune(strings.Join(lines, "\n"))
	return string(kept[:min(len(kept), maxWords)])
}

// maxWords is what the table of reasons holds of a step.
const maxWords = 2000
