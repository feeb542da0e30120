package questionnaire

import (
	"fmt"
	"math"

	"staffetta/modules/kit/canonical"
	"staffetta/modules/kit/part"
	"staffetta/modules/kit/rule"
)

// ValidateAssessment tells what is wrong with an assessment: everything ValidateForm tells, formulas that do not
// compile, bands with gaps, totals outside the declared range.
func ValidateAssessment(content []byte) []Fault {
	assessment, err := ParseAssessment(content)
	if err != nil {
		return part.Unreadable(err)
	}
	faults := assessment.faults()
	faults = append(faults, assessment.pointFaults()...)
	faults = append(faults, assessment.bandFaults()...)
	faults = append(faults, assessment.expressionFaults()...)
	if len(faults) == 0 {
		faults = assessment.rangeFaults()
	}
	return faults
}

// pointFaults finds scored items of which some option has no points.
func (a *Assessment) pointFaults() []Fault {
	var faults []Fault
	scored := 0
	for _, section := range a.Sections {
		for _, item := range section.Items {
			if item.From != "" { // it is filled in about a case, with no contact at hand
				faults = append(faults, part.Wrong(fmt.Sprintf("sections[%s].items[%s].from", section.Key, item.Key), "kit.content.source_unwanted"))
			}
			if !item.scored() {
				continue
			}
			scored++
			for _, option := range item.Options {
				if option.Score == nil && item.Type != TypeScale {
					path := fmt.Sprintf("sections[%s].items[%s].options[%s].score", section.Key, item.Key, option.Value)
					faults = append(faults, part.Wrong(path, "kit.content.score_missing"))
				}
			}
		}
	}
	if scored == 0 {
		faults = append(faults, part.Wrong("sections", "kit.content.nothing_scored"))
	}
	return faults
}

func (a *Assessment) bandFaults() []Fault {
	s := a.Scoring
	if len(s.Bands) == 0 {
		return []Fault{part.Wrong("scoring.bands", "kit.content.bands_needed")}
	}
	var faults []Fault
	expected := s.Min
	keys := map[string]bool{}
	for _, band := range s.Bands {
		path := fmt.Sprintf("scoring.bands[%s]", band.Key)
		if keys[band.Key] {
			faults = append(faults, part.Wrong(path, "kit.content.repeated_key", "key", band.Key))
		}
		keys[band.Key] = true
		if math.Abs(band.From-expected) > 1e-9 {
			faults = append(faults, part.Wrong(path+".from", "kit.content.band_gap", "want", canonical.Number(expected), "got", canonical.Number(band.From)))
		}
		if band.To < band.From {
			faults = append(faults, part.Wrong(path+".to", "kit.content.bounds_reversed"))
		}
		expected = band.To + s.step()
	}
	if last := s.Bands[len(s.Bands)-1]; last.To != s.Max {
		faults = append(faults, part.Wrong(fmt.Sprintf("scoring.bands[%s].to", last.Key), "kit.content.band_gap",
			"want", canonical.Number(s.Max), "got", canonical.Number(last.To)))
	}
	return faults
}

func (a *Assessment) expressionFaults() []Fault {
	known := map[string]bool{}
	for _, item := range a.Items() {
		known[item.Key] = true
	}
	faults := ruleFaults("scoring.score", a.Scoring.formula(), rule.ScopePoints, rule.Number, known)
	for at, proposal := range a.Proposes {
		path := fmt.Sprintf("proposes[%d].when", at)
		faults = append(faults, ruleFaults(path, proposal.When, rule.ScopeScore, rule.Truth, known)...)
	}
	return faults
}

func ruleFaults(path, source string, scope rule.Scope, want rule.Result, known map[string]bool) []Fault {
	expression, err := rule.Compile(scope, want, source)
	if err != nil {
		return []Fault{rule.Fault(path, err)}
	}
	faults := unknownReads(path, expression, "answers", known)
	return append(faults, unknownReads(path, expression, "points", known)...)
}

// rangeFaults fills the assessment in with the fewest and with the most points everywhere, and for each option once,
// and sees whether the total stays within the declared range.
func (a *Assessment) rangeFaults() []Fault {
	for _, answers := range a.trials() {
		result, err := a.Explain(answers)
		if err != nil {
			return []Fault{part.Wrong("scoring", "kit.content.score_range", "cause", err.Error())}
		}
		if result.Total < a.Scoring.Min || result.Total > a.Scoring.Max {
			return []Fault{part.Wrong("scoring", "kit.content.score_range", "cause", fmt.Sprintf("total %v", result.Total))}
		}
	}
	return nil
}

func (a *Assessment) trials() []Answers {
	low, high := Answers{}, Answers{}
	var trials []Answers
	for _, item := range a.Items() {
		options := item.trialAnswers()
		if !item.scored() || len(options) == 0 {
			continue
		}
		low[item.Key], high[item.Key] = item.extreme(options, -1), item.extreme(options, 1)
	}
	for _, item := range a.Items() {
		if !item.scored() {
			continue
		}
		for _, option := range item.trialAnswers() {
			trials = append(trials, with(low, item.Key, option), with(high, item.Key, option))
		}
	}
	return append(trials, low, high)
}

func with(answers Answers, key string, value any) Answers {
	changed := Answers{key: value}
	for other, v := range answers {
		if other != key {
			changed[other] = v
		}
	}
	return changed
}

func (i FormItem) trialAnswers() []any {
	if i.Type == TypeScale {
		return []any{int64(*i.Min), int64(*i.Max)}
	}
	var all []string
	var trials []any
	for _, option := range i.Options {
		all = append(all, option.Value)
		if i.Type == TypeChoices {
			trials = append(trials, []string{option.Value})
		} else {
			trials = append(trials, option.Value)
		}
	}
	if i.Type == TypeChoices {
		trials = append(trials, all)
	}
	return trials
}

// extreme picks the trial answer with the most (sign 1) or the fewest (sign -1) points.
func (i FormItem) extreme(trials []any, sign float64) any {
	best := trials[0]
	for _, trial := range trials[1:] {
		if sign*i.contribution(Answers{i.Key: trial}).Points > sign*i.contribution(Answers{i.Key: best}).Points {
			best = trial
		}
	}
	return best
}
