package kit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const sampleAssessment = `{"instrument":{"name":"Prova","source":"nostra"},
 "sections":[{"key":"s","label":{"it":"S"},"items":[
  {"key":"walk","label":{"it":"Cammina"},"type":"choice","required":true,"options":[
    {"value":"0","label":{"it":"No"},"score":0},{"value":"5","label":{"it":"Sì","en":"Yes"},"score":5}]},
  {"key":"chair","label":{"it":"Carrozzina"},"type":"choice","visible":"answers.walk == '0'","options":[
    {"value":"0","label":{"it":"No"},"score":0},{"value":"2","label":{"it":"Sì"},"score":2}]},
  {"key":"pain","label":{"it":"Dolore"},"type":"scale","min":0,"max":3},
  {"key":"note","label":{"it":"Note"},"type":"longtext"}]}],
 "scoring":{"rule":{"it":"Somma"},"min":0,"max":8,"bands":[
  {"key":"low","from":0,"to":4,"label":{"it":"Bassa"},"meaning":{"it":"m"}},
  {"key":"high","from":5,"to":8,"label":{"it":"Alta"},"meaning":{"it":"m"}}]},
 "proposes":[
  {"target":"sina.Mobilita","when":"points.walk == 5.0","value":"1","label":{"it":"solo"},"reason":{"it":"r"}},
  {"target":"sina.Mobilita","when":"score < 5.0","value":"2","label":{"it":"aiuto"},"reason":{"it":"r"}},
  {"target":"sina.Mobilita","when":"true","value":"3","label":{"it":"altro"},"reason":{"it":"r"}}]}`

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

func TestBrokenAssessments(t *testing.T) {
	if faults := Validate(KindAssessment, []byte(sampleAssessment)); len(faults) > 0 {
		t.Fatal(faults)
	}
	tests := map[string]struct{ old, replaced, path, key string }{
		"gap":                  {`"from":5`, `"from":6`, "scoring.bands[high].from", "kit.content.band_gap"},
		"overlap":              {`"from":5`, `"from":4`, "scoring.bands[high].from", "kit.content.band_gap"},
		"last band short":      {`"to":8`, `"to":7`, "scoring.bands[high].to", "kit.content.band_gap"},
		"first band late":      {`"min":0,"max":8`, `"min":-1,"max":8`, "scoring.bands[low].from", "kit.content.band_gap"},
		"range too small":      {`"min":0,"max":8,`, `"min":0,"max":8,"score":"sum(points) + 1.0",`, "scoring", "kit.content.score_range"},
		"score missing":        {`{"it":"Sì","en":"Yes"},"score":5`, `{"it":"Sì","en":"Yes"}`, "sections[s].items[walk].options[5].score", "kit.content.score_missing"},
		"formula broken":       {`"min":0,"max":8,`, `"min":0,"max":8,"score":"sum(points",`, "scoring.score", "kit.content.expression"},
		"formula unknown item": {`"min":0,"max":8,`, `"min":0,"max":8,"score":"points.leap",`, "scoring.score", "kit.content.unknown_key"},
		"proposal unknown":     {`points.walk ==`, `points.run ==`, "proposes[0].when", "kit.content.unknown_key"},
		"repeated item":        {`"key":"pain"`, `"key":"chair"`, "sections[s].items[chair]", "kit.content.repeated_key"},
		"looks ahead":          {`"visible":"answers.walk == '0'"`, `"visible":"answers.pain == 0"`, "sections[s].items[chair].visible", "kit.content.unknown_key"},
		"no type":              {`"type":"scale",`, ``, "sections[s].items[pain]", "kit.schema.required"},
		"odd type":             {`"type":"scale"`, `"type":"stars"`, "sections[s].items[pain].type", "kit.schema.enum"},
		"unforeseen":           {`"type":"scale"`, `"type":"scale","colour":"red"`, "sections[s].items[pain]", "kit.schema.additional"},
		"text as number":       {`"max":3`, `"max":"3"`, "sections[s].items[pain].max", "kit.schema.type"},
		"scale without end":    {`"min":0,"max":3`, `"min":0`, "sections[s].items[pain]", "kit.content.scale_bounds"},
		"no Italian":           {`{"it":"Carrozzina"}`, `{"en":"Chair"}`, "sections[s].items[chair].label", "kit.schema.required"},
		"bad key":              {`"key":"pain"`, `"key":"Pain!"`, "sections[s].items[Pain!].key", "kit.schema.pattern"},
		"repeated member":      {`"type":"scale"`, `"type":"scale","type":"text"`, "", "kit.content.unreadable"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			wantFault(t, KindAssessment, swap(t, sampleAssessment, test.old, test.replaced), test.path, test.key)
		})
	}
}

func swap(t *testing.T, content, old, replaced string) string {
	t.Helper()
	changed := strings.Replace(content, old, replaced, 1)
	if changed == content {
		t.Fatalf("%q is not in the sample", old)
	}
	return changed
}

func wantFault(t *testing.T, kind, content, path, key string) {
	t.Helper()
	faults := Validate(kind, []byte(content))
	for _, f := range faults {
		if f.Path == path && f.Key == key {
			if strings.Contains(f.In("it")+f.In("en"), "{{.") {
				t.Errorf("message with an open place: %s", f.In("it"))
			}
			return
		}
	}
	t.Errorf("no fault %s at %q among %v", key, path, faults)
}
