package questionnaire

import (
	"fmt"
	"slices"
	"strings"

	"staffetta/modules/kit/part"
	"staffetta/modules/kit/proof"
)

// FormOutcome is what must come of answers to a form. What is left out is not looked at.
type FormOutcome struct {
	Shown    []string `json:"shown,omitempty"`    // questions that are asked
	Hidden   []string `json:"hidden,omitempty"`   // questions that are not
	Accepted *bool    `json:"accepted,omitempty"` // it can be sent
	Wrong    []string `json:"wrong,omitempty"`    // all questions whose answers are wrong or missing
}

// ScoreOutcome is what answers to an assessment must come to. What is left out is not looked at.
type ScoreOutcome struct {
	Total    *float64       `json:"total,omitempty"`
	Band     string         `json:"band,omitempty"`
	Missing  []string       `json:"missing,omitempty"`  // all questions that are still to be answered
	Proposes []proof.Answer `json:"proposes,omitempty"` // fields of other records with their values
}

// ProveForm runs the tests that a form carries.
func ProveForm(content []byte) []proof.Result {
	form, err := ParseForm(content)
	if err != nil {
		return nil // its own check tells what is wrong with the content
	}
	return proof.Run(form.Tests, form.prove)
}

// ProveAssessment runs the tests that an assessment carries.
func ProveAssessment(content []byte) []proof.Result {
	assessment, err := ParseAssessment(content)
	if err != nil {
		return nil // its own check tells what is wrong with the content
	}
	return proof.Run(assessment.Tests, assessment.prove)
}

func (f *Form) prove(test proof.Test[[]proof.Answer, FormOutcome]) proof.Result {
	result := proof.Result{Example: test.Example}
	given := f.given(test.Given, &result)
	expected := test.Expected
	f.known(&result, "expected.shown", expected.Shown...)
	f.known(&result, "expected.hidden", expected.Hidden...)
	f.known(&result, "expected.wrong", expected.Wrong...)
	shown := f.Visible(given)
	asked := func(key string) bool { return slices.Contains(shown, key) }
	result.Expect("shown", f.terms(expected.Shown), f.terms(filter(expected.Shown, asked)))
	result.Expect("hidden", f.terms(expected.Hidden), f.terms(filter(expected.Hidden, func(key string) bool { return !asked(key) })))
	_, faults := f.Check(given)
	if expected.Accepted != nil {
		result.Expect("accepted", proof.Truth(*expected.Accepted), proof.Truth(len(faults) == 0))
	}
	result.Expect("wrong", f.terms(slices.Sorted(slices.Values(expected.Wrong))), f.terms(paths(faults)))
	return result
}

func (a *Assessment) prove(test proof.Test[[]proof.Answer, ScoreOutcome]) proof.Result {
	result := proof.Result{Example: test.Example}
	given := a.given(test.Given, &result)
	expected := test.Expected
	a.known(&result, "expected.missing", expected.Missing...)
	if _, faults := a.CheckDraft(given); len(faults) > 0 {
		for _, fault := range faults {
			fault.Path = fmt.Sprintf("given[%s]", fault.Path)
			result.Break(fault)
		}
		return result
	}
	outcome, err := a.Explain(given)
	if err != nil {
		result.Break(part.Wrong("given", "kit.content.score_range", "cause", err.Error()))
		return result
	}
	if expected.Total != nil {
		result.Expect("total", proof.Number(*expected.Total), proof.Number(outcome.Total))
	}
	if expected.Band != "" {
		var got Band
		if outcome.Band != nil {
			got = *outcome.Band
		}
		result.Expect("band", a.bandTerm(expected.Band), a.bandTerm(got.Key))
	}
	result.Expect("missing", a.terms(slices.Sorted(slices.Values(expected.Missing))), a.terms(slices.Sorted(slices.Values(outcome.Missing))))
	var want, got []proof.Term
	for _, one := range expected.Proposes {
		want = append(want, a.proposalTerm(one.Key, one.Value))
		for _, proposal := range outcome.Proposals {
			if proposal.Target == one.Key {
				got = append(got, a.proposalTerm(one.Key, proposal.Value))
			}
		}
	}
	result.Expect("proposes", want, got)
	return result
}

// given are the answers of a test; those to questions that there are not break it.
func (f *Form) given(answers []proof.Answer, result *proof.Result) Answers {
	values := map[string][]string{}
	for _, answer := range answers {
		item, known := f.Item(answer.Key)
		if !known {
			f.known(result, fmt.Sprintf("given[%s]", answer.Key), answer.Key)
			continue
		}
		values[AnswerPrefix+answer.Key] = []string{answer.Value}
		if item.Type == TypeChoices {
			values[AnswerPrefix+answer.Key] = answer.Values()
		}
	}
	return f.ParseValues(values)
}

// known breaks a test that names a question that there is not.
func (f *Form) known(result *proof.Result, place string, keys ...string) {
	for _, key := range keys {
		if _, known := f.Item(key); !known {
			result.Break(part.Wrong(place, "kit.content.unknown_key", "key", key))
		}
	}
}

// terms are questions of a form.
func (f *Form) terms(keys []string) []proof.Term {
	var terms []proof.Term
	for _, key := range keys {
		item, _ := f.Item(key)
		terms = append(terms, proof.Term{Code: key, Name: item.Label})
	}
	return terms
}

func (a *Assessment) bandTerm(key string) []proof.Term {
	for _, band := range a.Scoring.Bands {
		if band.Key == key {
			return []proof.Term{{Code: key, Name: band.Label}}
		}
	}
	if key == "" {
		return nil
	}
	return proof.Codes(key)
}

func (a *Assessment) proposalTerm(target, value string) proof.Term {
	term := proof.Term{Code: target + " = " + value}
	for _, proposal := range a.Proposes {
		if proposal.Target == target && proposal.Value == value {
			term.Name = proposal.Label
		}
	}
	return term
}

func paths(faults []Fault) []string {
	var list []string
	for _, one := range faults {
		list = append(list, strings.TrimSpace(one.Path))
	}
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

func filter(keys []string, keep func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return !keep(key) })
}
