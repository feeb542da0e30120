package questionnaire

import (
	_ "embed" // the samples
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

//go:embed testdata/assessment.json
var sampleAssessment string

func parseAssessment(t interface{ Fatal(args ...any) }) *Assessment {
	assessment, err := ParseAssessment([]byte(sampleAssessment))
	if err != nil {
		t.Fatal(err)
	}
	return assessment
}

func TestExplain(t *testing.T) {
	tests := map[string]struct {
		given          Answers
		total          float64
		band, proposal string
		missing        []string
	}{
		"walks":                  {Answers{"walk": "5", "pain": 3.0}, 8, "high", "1", nil},
		"chair not seen":         {Answers{"walk": "5", "chair": "2", "pain": 0.0}, 5, "high", "1", nil},
		"chair counts":           {Answers{"walk": "0", "chair": "2", "pain": 2.0}, 4, "low", "2", nil},
		"first proposal applies": {Answers{"walk": "0", "chair": "2", "pain": 3.0}, 5, "high", "3", nil},
		"incomplete":             {Answers{"walk": "0", "pain": 2.0}, 2, "", "", []string{"chair"}},
		"nothing":                {Answers{}, 0, "", "", []string{"walk", "pain"}},
		"wrong answer":           {Answers{"walk": "9", "pain": 1.0}, 1, "", "", []string{"walk"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := parseAssessment(t).Explain(test.given)
			if err != nil {
				t.Fatal(err)
			}
			band, proposal := "", ""
			if got.Band != nil {
				band = got.Band.Key
			}
			if len(got.Proposals) > 0 {
				proposal = got.Proposals[0].Value
			}
			if got.Total != test.total || band != test.band || proposal != test.proposal || len(got.Proposals) > 1 {
				t.Errorf("total %v band %q proposals %v; want %v %q %q", got.Total, band, got.Proposals, test.total, test.band, test.proposal)
			}
			if diff := cmp.Diff(test.missing, got.Missing); diff != "" || got.Complete != (test.missing == nil) {
				t.Error(diff, got.Complete)
			}
		})
	}
}

func TestExplainNamesTheChosenOption(t *testing.T) {
	got, err := parseAssessment(t).Explain(Answers{"walk": "5", "pain": 2.0})
	if err != nil {
		t.Fatal(err)
	}
	want := []Contribution{
		{Key: "walk", Label: Text{IT: "Cammina"}, Answer: Text{IT: "Sì", EN: "Yes"}, Points: 5, Answered: true},
		{Key: "pain", Label: Text{IT: "Dolore"}, Answer: Text{IT: "2"}, Points: 2, Answered: true},
	}
	if diff := cmp.Diff(want, got.Lines); diff != "" {
		t.Error(diff)
	}
}

func TestScoreStaysInRange(t *testing.T) {
	assessment := parseAssessment(t)
	rapid.Check(t, func(t *rapid.T) {
		given := Answers{
			"walk":  rapid.SampledFrom([]any{nil, "0", "5", "7", 5.0}).Draw(t, "walk"),
			"chair": rapid.SampledFrom([]any{nil, "0", "2"}).Draw(t, "chair"),
			"pain":  rapid.SampledFrom([]any{nil, 0.0, 3.0, 4.0, -1.0}).Draw(t, "pain"),
		}
		got, err := assessment.Explain(given)
		if err != nil {
			t.Fatal(err)
		}
		if got.Total < got.Min || got.Total > got.Max {
			t.Fatalf("total %v", got.Total)
		}
		if got.Complete != (got.Band != nil) || (got.Band != nil && (got.Total < got.Band.From || got.Total > got.Band.To)) {
			t.Fatalf("total %v, complete %v, band %+v", got.Total, got.Complete, got.Band)
		}
	})
}

// A total outside its range, and a rule that comes to nothing, are no score; what is not asked has no points, and several choices
// have those of all.
func TestScoresThatThereAreNot(t *testing.T) {
	whole := Answers{"walk": "5", "pain": 0.0}
	for name, test := range map[string]struct {
		change func(*Assessment)
		given  Answers
		total  float64
		fails  bool
	}{
		"as it is":          {func(*Assessment) {}, whole, 5, false},
		"beyond the most":   {func(a *Assessment) { a.Scoring.Max = 4 }, whole, 0, true},
		"below the least":   {func(a *Assessment) { a.Scoring.Min = 6 }, whole, 0, true},
		"open, it may be":   {func(a *Assessment) { a.Scoring.Min = 6 }, Answers{"pain": 1.0}, 1, false},
		"hidden has none":   {func(a *Assessment) { a.Scoring.Score = "points.walk + points.chair" }, whole, 5, false},
		"divided by none":   {func(a *Assessment) { a.Scoring.Score = "5.0 / points.pain" }, whole, 0, true},
		"an odd proposal":   {func(a *Assessment) { a.Proposes[0].When = "answers.walk > 3" }, whole, 0, true},
		"of several all":    {func(a *Assessment) { a.Sections[0].Items[0].Type = TypeChoices }, Answers{"walk": []any{"5", "0"}, "pain": 2.0}, 7, false},
		"of several scores": {several, Answers{"walk": []any{"0", "5"}, "pain": 0.0}, 8, false},
	} {
		a := parseAssessment(t)
		test.change(a)
		got, err := a.Explain(test.given)
		if (err != nil) != test.fails || err == nil && got.Total != test.total {
			t.Errorf("%s: %v, %v", name, got.Total, err)
		}
	}
}

// several lets both ways of walking be chosen, each with points.
func several(a *Assessment) {
	three := 3.0
	walk := &a.Sections[0].Items[0]
	walk.Type, walk.Options[0].Score = TypeChoices, &three
}
