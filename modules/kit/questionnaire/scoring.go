package questionnaire

import (
	"fmt"
	"slices"
	"strings"

	"staffetta/modules/kit/canonical"
	"staffetta/modules/kit/part"
	"staffetta/modules/kit/proof"
	"staffetta/modules/kit/rule"
)

// defaultScore is the rule of an assessment that names none.
const defaultScore = "sum(points)"

// Assessment is an instrument as data (it: scala di valutazione): a Form whose options carry points, a rule for the
// total, bands that give it a meaning, and values it proposes for other records.
type Assessment struct {
	Form
	Instrument Instrument                                 `json:"instrument"`
	Scoring    Scoring                                    `json:"scoring"`
	Proposes   []Proposal                                 `json:"proposes,omitempty"`
	Tests      []proof.Test[[]proof.Answer, ScoreOutcome] `json:"tests,omitempty"` // instead of those of a form
}

// Instrument says which published instrument this is a wording of.
type Instrument struct {
	Name   string `json:"name"`
	Source string `json:"source"`           // publication the scoring follows
	Period *Text  `json:"period,omitempty"` // stretch of life the answers are about
	Note   *Text  `json:"note,omitempty"`
}

// Scoring is how points become a total and a band.
type Scoring struct {
	Rule  Text    `json:"rule"`            // the same in words, shown beside the result
	Score string  `json:"score,omitempty"` // formula over answers and points; the sum when empty
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
	Step  float64 `json:"step,omitempty"` // distance between two totals, 1 when empty
	Bands []Band  `json:"bands"`
}

// Band is a stretch of totals, both ends included, with its meaning.
type Band struct {
	Key     string  `json:"key"`
	From    float64 `json:"from"`
	To      float64 `json:"to"`
	Label   Text    `json:"label"`
	Meaning Text    `json:"meaning"`
}

// Proposal is a value that the result suggests for a field of another record; a person confirms or changes it.
type Proposal struct {
	Target string `json:"target"`         // field, such as sina.Mobilita
	Name   *Text  `json:"name,omitempty"` // of the field, for people
	When   string `json:"when"`           // condition over answers, points and score
	Value  string `json:"value"`
	Label  Text   `json:"label"`
	Reason Text   `json:"reason"`
}

// Contribution is what one item gave to the total.
type Contribution struct {
	Key      string  `json:"key"`
	Label    Text    `json:"label"`
	Answer   Text    `json:"answer"`
	Points   float64 `json:"points"`
	Answered bool    `json:"answered"`
}

// Explanation is a score that a person can check by hand.
type Explanation struct {
	Complete  bool           `json:"complete"`
	Missing   []string       `json:"missing,omitempty"` // keys of scored items shown and not answered
	Lines     []Contribution `json:"lines"`
	Total     float64        `json:"total"` // of the items answered so far when not complete
	Min       float64        `json:"min"`
	Max       float64        `json:"max"`
	Band      *Band          `json:"band,omitempty"` // only when complete
	Rule      Text           `json:"rule"`
	Proposals []Proposal     `json:"proposals,omitempty"` // only when complete; the first that applies per target
}

// ParseAssessment reads the content of an assessment item. Unknown fields are an error.
func ParseAssessment(content []byte) (*Assessment, error) {
	assessment := &Assessment{}
	if err := part.Decode(content, assessment); err != nil {
		return nil, fmt.Errorf("read assessment: %w", err)
	}
	return assessment, nil
}

// Explain scores the answers and says where the total comes from. Answers of hidden items never count. It fails when
// a rule cannot be computed or gives a total outside the declared range.
func (a *Assessment) Explain(given Answers) (Explanation, error) {
	w := a.walk(given)
	result := Explanation{Min: a.Scoring.Min, Max: a.Scoring.Max, Rule: a.Scoring.Rule}
	points := map[string]float64{}
	for _, item := range a.Items() {
		points[item.Key] = 0
	}
	for _, item := range w.shown {
		if !item.scored() {
			continue
		}
		line := item.contribution(w.kept)
		if points[item.Key] = line.Points; !line.Answered {
			result.Missing = append(result.Missing, item.Key)
		}
		result.Lines = append(result.Lines, line)
	}
	result.Complete = len(result.Missing) == 0
	w.vars["points"] = points
	var err error
	if result.Total, err = a.total(w.vars); err != nil {
		return Explanation{}, err
	}
	if !result.Complete {
		return result, nil
	}
	return result, a.conclude(&result, w.vars)
}

// conclude adds what only a complete assessment has: band and proposals.
func (a *Assessment) conclude(result *Explanation, vars map[string]any) error {
	if result.Total < a.Scoring.Min || result.Total > a.Scoring.Max {
		return fmt.Errorf("score %v lies outside %v to %v", result.Total, a.Scoring.Min, a.Scoring.Max)
	}
	result.Band = a.Scoring.band(result.Total)
	vars["score"] = result.Total
	taken := map[string]bool{}
	for _, proposal := range a.Proposes {
		condition, err := rule.Compile(rule.ScopeScore, rule.Truth, proposal.When)
		if err != nil {
			return fmt.Errorf("proposal for %s: %w", proposal.Target, err)
		}
		applies, err := condition.Holds(vars)
		if err != nil {
			return fmt.Errorf("proposal for %s: %w", proposal.Target, err)
		}
		if applies && !taken[proposal.Target] {
			taken[proposal.Target] = true
			result.Proposals = append(result.Proposals, proposal)
		}
	}
	return nil
}

func (a *Assessment) total(vars map[string]any) (float64, error) {
	formula, err := rule.Compile(rule.ScopePoints, rule.Number, a.Scoring.formula())
	if err != nil {
		return 0, fmt.Errorf("score: %w", err)
	}
	total, err := formula.Number(vars)
	if err != nil {
		return 0, fmt.Errorf("score: %w", err)
	}
	return total, nil
}

// band finds the band of a total; a total between two bands belongs to the lower one.
func (s Scoring) band(total float64) *Band {
	for _, band := range slices.Backward(s.Bands) {
		if total >= band.From {
			return &band
		}
	}
	return nil
}

func (s Scoring) formula() string {
	if strings.TrimSpace(s.Score) == "" {
		return defaultScore
	}
	return s.Score
}

func (s Scoring) step() float64 {
	if s.Step > 0 {
		return s.Step
	}
	return 1
}

// scored tells whether an item gives points: a scale, or a choice whose options have scores.
func (i FormItem) scored() bool {
	if i.Type == TypeScale {
		return true
	}
	return slices.ContainsFunc(i.Options, func(o FormOption) bool { return o.Score != nil })
}

func (i FormItem) contribution(answers Answers) Contribution {
	line := Contribution{Key: i.Key, Label: i.Label}
	switch v := answers[i.Key].(type) {
	case int64:
		line.Answered, line.Points = true, float64(v)
		line.Answer = i.optionLabel(canonical.Number(float64(v)))
	case string:
		line.Answered, line.Points, line.Answer = true, i.optionPoints(v), i.optionLabel(v)
	case []string:
		line.Answered = true
		var it, en []string
		for _, value := range v {
			line.Points += i.optionPoints(value)
			it, en = append(it, i.optionLabel(value).IT), append(en, i.optionLabel(value).In("en"))
		}
		line.Answer = Text{IT: strings.Join(it, "; "), EN: strings.Join(en, "; ")}
	}
	return line
}

func (i FormItem) optionPoints(value string) float64 {
	if option, ok := i.Option(value); ok && option.Score != nil {
		return *option.Score
	}
	return 0
}

func (i FormItem) optionLabel(value string) Text {
	if option, ok := i.Option(value); ok {
		return option.Label
	}
	return Text{IT: value}
}
