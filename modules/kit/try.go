package kit

import (
	"context"
	"strings"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/modules/kit/questionnaire"
)

// TryForm shows a form as whoever fills it in sees it, and which of the sample answers it does not take.
func TryForm(ctx context.Context, content []byte, sample map[string][]string) modules.Trial {
	form, err := ParseForm(content)
	if err != nil {
		return modules.Trial{}
	}
	return modules.Trial{Groups: form.Tried(ctx, sample)}
}

// TryAssessment shows an assessment as whoever fills it in sees it, and the total and the meaning of the sample answers.
func TryAssessment(ctx context.Context, content []byte, sample map[string][]string) modules.Trial {
	assessment, err := ParseAssessment(content)
	if err != nil {
		return modules.Trial{}
	}
	trial := modules.Trial{Groups: assessment.Tried(ctx, sample)}
	explanation, err := assessment.Explain(assessment.ParseValues(sample))
	if err == nil && len(sample) > 0 {
		trial.Results = newReader(ctx).outcome(assessment, explanation)
	}
	return trial
}

// outcome says what sample answers come to.
func (r reader) outcome(a *Assessment, e Explanation) []Block {
	block := Block{Level: 3, Heading: r.say("kit.try.outcome")}
	rows := []component.SummaryRow{{Label: r.say("kit.try.total"), Values: []string{
		r.say("kit.try.of", "total", questionnaire.SpokenNumber(r.ctx, e.Total), "min", questionnaire.SpokenNumber(r.ctx, e.Min), "max", questionnaire.SpokenNumber(r.ctx, e.Max)),
	}}}
	if e.Band != nil {
		label, lang := r.text(e.Band.Label)
		meaning, _ := r.text(e.Band.Meaning)
		rows = append(rows, component.SummaryRow{Label: r.say("kit.item.band"), Values: []string{label + ": " + meaning}, Lang: lang})
	}
	if len(e.Missing) > 0 {
		var open []string
		for _, key := range e.Missing {
			item, _ := a.Item(key)
			label, _ := r.text(item.Label)
			open = append(open, label)
		}
		rows = append(rows, component.SummaryRow{Label: r.say("kit.try.missing"), Values: []string{strings.Join(open, " · ")}})
	}
	for _, proposal := range e.Proposals {
		label, lang := r.text(proposal.Label)
		rows = append(rows, component.SummaryRow{Label: r.say("kit.item.proposals"), Values: []string{label}, Lang: lang})
	}
	block.Rows.Rows = rows
	return []Block{block}
}
