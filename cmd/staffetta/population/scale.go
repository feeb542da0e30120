package population

import (
	"encoding/json"
	"errors"
	"fmt"

	"staffetta/modules/kit"
	"staffetta/modules/practice/cid"
)

// barthel is the key of the scale that the cases are assessed with.
const barthel = "AS-01"

// scale is an instrument with answers that its own rules have scored.
type scale struct {
	source   kit.Source
	content  string // canonical
	sum      string
	min, max float64
	patterns []pattern
}

// pattern is one way to answer every question.
type pattern struct {
	answers string
	score   float64
	band    kit.Band
}

// newScale reads the scale and lets the engine score a handful of answers.
func newScale() (scale, error) {
	items, err := cid.Items()
	if err != nil {
		return scale{}, err
	}
	for _, item := range items {
		if item.Key == barthel {
			return score(item)
		}
	}
	return scale{}, fmt.Errorf("the practice has no scale %s", barthel)
}

func score(source kit.Source) (scale, error) {
	canonical, err := kit.Canonical(source.Content)
	if err != nil {
		return scale{}, fmt.Errorf("write the scale: %w", err)
	}
	sum, err := source.Hash()
	if err != nil {
		return scale{}, err
	}
	instrument, err := kit.ParseAssessment(canonical)
	if err != nil {
		return scale{}, err
	}
	s := scale{source: source, content: string(canonical), sum: sum, min: instrument.Scoring.Min, max: instrument.Scoring.Max}
	for turn := range 7 {
		p, err := answer(instrument, turn)
		if err != nil {
			return scale{}, err
		}
		s.patterns = append(s.patterns, p)
	}
	return s, nil
}

// answer chooses an option of each question, another one in each turn.
func answer(instrument *kit.Assessment, turn int) (pattern, error) {
	answers := kit.Answers{}
	for i, item := range instrument.Items() {
		if len(item.Options) > 0 {
			answers[item.Key] = item.Options[(turn+i*(turn%3))%len(item.Options)].Value
		}
	}
	result, err := instrument.Explain(answers)
	if err != nil {
		return pattern{}, fmt.Errorf("score the answers: %w", err)
	}
	if !result.Complete || result.Band == nil {
		return pattern{}, errors.New("the answers do not fill the scale")
	}
	text, err := json.Marshal(answers)
	if err != nil {
		return pattern{}, fmt.Errorf("write the answers: %w", err)
	}
	return pattern{answers: string(text), score: result.Total, band: *result.Band}, nil
}
