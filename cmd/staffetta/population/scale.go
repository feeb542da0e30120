package population

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

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
	patterns []pattern // from the lowest score to the highest
}

// instrument is a scale in the version that assessments of a body pin.
type instrument struct {
	scale
	edition uuid.UUID
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
	for turn := range turns {
		p, err := answer(instrument, turn)
		if err != nil {
			return scale{}, err
		}
		s.patterns = append(s.patterns, p)
	}
	slices.SortStableFunc(s.patterns, func(a, b pattern) int { return cmp.Compare(a.score, b.score) })
	return s, nil
}

// turns is in how many ways a scale is answered.
const turns = 9

// answer chooses for each question an option near to one share of its list, another share in each turn.
func answer(instrument *kit.Assessment, turn int) (pattern, error) {
	answers := kit.Answers{}
	for i, item := range instrument.Items() {
		if last := len(item.Options) - 1; last >= 0 {
			near := (turn*last+turns/2)/(turns-1) + (i*7+turn)%3 - 1
			answers[item.Key] = item.Options[min(max(near, 0), last)].Value
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
