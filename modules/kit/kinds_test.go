package kit

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules/kit/indicator"
)

const SampleWorkflow = `{"subject":"contact",
 "fields":[{"key":"why","label":{"it":"Motivo"},"type":"choice","vocabulary":"VO-01"}],
 "states":[{"key":"new","label":{"it":"Nuovo"},"initial":true},{"key":"heard","label":{"it":"Ascoltato"}},{"key":"done","label":{"it":"Fatto"},"final":true}],
 "transitions":[
  {"key":"hear","from":"new","to":"heard","label":{"it":"Ascolta"},"roles":["access_desk"]},
  {"key":"end","from":"heard","to":"done","label":{"it":"Chiudi"},"roles":["social_worker"],"requires":["why"]}],
 "terms":[{"key":"answer","label":{"it":"Risposta"},"days":5,"working":true,"from":"new","to":"done"}]}`

const SampleIndicator = `{"description":{"it":"D"},"measures":[
  {"key":"yes","label":{"it":"Sì"},"source":{"it":"registro"}},{"key":"all","label":{"it":"Tutti"},"source":{"it":"registro"}}],
 "formula":"100.0 * measures.yes / measures.all","reading":{"it":"R"},"unit":"percent","decimals":1,"better":"higher",
 "baseline":{"required":true,"how":{"it":"H"}},"months":[0,12],"smallCell":{"measure":"all","below":5}}`

const SampleAct = `{"type":"notice","adopter":{"it":"Dirigente"},"purpose":{"it":"P"},"laws":["L. 241/1990"],
 "fields":[{"key":"body","label":{"it":"Ente"},"type":"text"}],
 "parts":[{"key":"a","heading":{"it":"A"},"text":{"it":"Il Comune di {{body}} avvisa"}},{"key":"b","heading":{"it":"B"},"text":{"it":"b"}}],
 "publish":{"register":true}}`

const SampleTraining = `{"format":"course","hours":2,"audience":["access_desk"],"goals":[{"it":"g"}],"programme":[
 {"key":"a","title":{"it":"A"},"minutes":90,"content":{"it":"c"}},{"key":"b","title":{"it":"B"},"minutes":30,"content":{"it":"c"}}],
 "method":{"it":"m"},"check":{"it":"c"}}`

const SampleSharing = `{"purposes":[{"key":"pai","label":{"it":"P"},"kinds":["consultation"],"sections":["identity"],"action":"read",
 "maxDays":30,"why":{"it":"w"},"law":"L. 328/2000"}],"never":["diary"]}`

const SampleService = `{"summary":{"it":"s"},"description":{"it":"d"},"audience":[{"it":"a"}],"how":[{"it":"h"}],"needed":[{"it":"n"}],
 "outcome":[{"it":"o"}],"times":[{"label":{"it":"l"},"text":{"it":"t"}}],"costs":{"it":"c"},"access":{"it":"a"},"conditions":[{"it":"c"}],
 "contacts":{"it":"c"},"codings":{"local":"L1","siuss":"A2.07","istat":["disabili"]},"form":"FO-01","assessments":["AS-01","AS-02"]}`

func TestIndicatorCompute(t *testing.T) {
	read, err := ParseIndicator([]byte(SampleIndicator))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		measures map[string]any
		want     indicator.Value
		err      error
	}{
		"rounded":        {map[string]any{"yes": 2.0, "all": 7.0}, indicator.Value{Number: 28.6}, nil},
		"small cell":     {map[string]any{"yes": 2.0, "all": 4.0}, indicator.Value{Withheld: true}, nil},
		"nothing yet":    {map[string]any{"yes": 0.0, "all": 0.0}, indicator.Value{}, ErrNotComputable},
		"not measured":   {map[string]any{"all": 7.0}, indicator.Value{}, ErrNoMeasure},
		"list for one":   {map[string]any{"yes": []float64{1}, "all": 7.0}, indicator.Value{}, ErrNoMeasure},
		"zero of enough": {map[string]any{"yes": 0.0, "all": 9.0}, indicator.Value{}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := read.Compute(test.measures)
			if got != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %+v, %v; want %+v, %v", got, err, test.want, test.err)
			}
		})
	}
}

func TestIndicatorMedian(t *testing.T) {
	read := &Indicator{
		Measures: []indicator.Measure{{Key: "days", List: true}}, Formula: "median(measures.days)", Decimals: 1,
		SmallCell: &indicator.SmallCell{Measure: "days", Below: 3},
	}
	for _, test := range []struct {
		days []float64
		want indicator.Value
	}{{[]float64{9, 1, 4}, indicator.Value{Number: 4}}, {[]float64{4, 1, 9, 2}, indicator.Value{Number: 3}}, {[]float64{1, 2}, indicator.Value{Withheld: true}}} {
		if got, err := read.Compute(map[string]any{"days": test.days}); err != nil || got != test.want {
			t.Errorf("median of %v: %+v, %v", test.days, got, err)
		}
	}
	if _, err := read.Compute(map[string]any{"days": []float64{}}); !errors.Is(err, ErrNotComputable) {
		t.Errorf("median of nothing: %v", err)
	}
}

func TestActFill(t *testing.T) {
	act, err := ParseAct([]byte(SampleAct))
	if err != nil {
		t.Fatal(err)
	}
	text, open := act.Fill(act.Parts[0].Text.IT, map[string]string{"body": "Marsala"})
	if text != "Il Comune di Marsala avvisa" || len(open) > 0 {
		t.Errorf("%q, open %v", text, open)
	}
	text, open = act.Fill(act.Parts[0].Text.IT, nil)
	if text != "Il Comune di ……… [Ente] avvisa" || !cmp.Equal(open, []string{"body"}) {
		t.Errorf("%q, open %v", text, open)
	}
}

func TestParseSource(t *testing.T) {
	raw := `{"kind":"act","key":"AA-01","title":{"it":"Accordo"},"owner":"Marsala","licence":"CC-BY-4.0","content":{"b":1,"a":2}}`
	source, err := ParseSource([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := source.Hash()
	want, _ := Hash([]byte(`{"a":2,"b":1}`))
	if err != nil || sum != want || source.Key != "AA-01" {
		t.Errorf("%+v %s %v", source, sum, err)
	}
	if _, err := ParseSource([]byte(`{"kind":"act","colour":"red"}`)); err == nil {
		t.Error("an unknown field was accepted")
	}
}
