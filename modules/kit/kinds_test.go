package kit

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sampleWorkflow = `{"subject":"contact",
 "fields":[{"key":"why","label":{"it":"Motivo"},"type":"choice","vocabulary":"VO-01"}],
 "states":[{"key":"new","label":{"it":"Nuovo"},"initial":true},{"key":"heard","label":{"it":"Ascoltato"}},{"key":"done","label":{"it":"Fatto"},"final":true}],
 "transitions":[
  {"key":"hear","from":"new","to":"heard","label":{"it":"Ascolta"},"roles":["access_desk"]},
  {"key":"end","from":"heard","to":"done","label":{"it":"Chiudi"},"roles":["social_worker"],"requires":["why"]}],
 "terms":[{"key":"answer","label":{"it":"Risposta"},"days":5,"working":true,"from":"new","to":"done"}]}`

const sampleIndicator = `{"description":{"it":"D"},"measures":[
  {"key":"yes","label":{"it":"Sì"},"source":{"it":"registro"}},{"key":"all","label":{"it":"Tutti"},"source":{"it":"registro"}}],
 "formula":"100.0 * measures.yes / measures.all","reading":{"it":"R"},"unit":"percent","decimals":1,"better":"higher",
 "baseline":{"required":true,"how":{"it":"H"}},"months":[0,12],"smallCell":{"measure":"all","below":5}}`

const sampleAct = `{"type":"notice","adopter":{"it":"Dirigente"},"purpose":{"it":"P"},"laws":["L. 241/1990"],
 "fields":[{"key":"body","label":{"it":"Ente"},"type":"text"}],
 "parts":[{"key":"a","heading":{"it":"A"},"text":{"it":"Il Comune di {{body}} avvisa"}},{"key":"b","heading":{"it":"B"},"text":{"it":"b"}}],
 "publish":{"register":true}}`

const sampleTraining = `{"format":"course","hours":2,"audience":["access_desk"],"goals":[{"it":"g"}],"programme":[
 {"key":"a","title":{"it":"A"},"minutes":90,"content":{"it":"c"}},{"key":"b","title":{"it":"B"},"minutes":30,"content":{"it":"c"}}],
 "method":{"it":"m"},"check":{"it":"c"}}`

const sampleSharing = `{"purposes":[{"key":"pai","label":{"it":"P"},"kinds":["consultation"],"sections":["identity"],"action":"read",
 "maxDays":30,"why":{"it":"w"},"law":"L. 328/2000"}],"never":["diary"]}`

const sampleService = `{"summary":{"it":"s"},"description":{"it":"d"},"audience":[{"it":"a"}],"how":[{"it":"h"}],"needed":[{"it":"n"}],
 "outcome":[{"it":"o"}],"times":[{"label":{"it":"l"},"text":{"it":"t"}}],"costs":{"it":"c"},"access":{"it":"a"},"conditions":[{"it":"c"}],
 "contacts":{"it":"c"},"codings":{"local":"L1","siuss":"A2.07","istat":["disabili"]},"form":"FO-01","assessments":["AS-01","AS-02"]}`

func TestBrokenContents(t *testing.T) {
	tests := map[string]struct{ kind, content, old, replaced, path, key string }{
		"unreachable state": {KindWorkflow, sampleWorkflow, `"from":"new","to":"heard","label"`, `"from":"new","to":"done","label"`, "states[heard]", "kit.content.state_unreachable"},
		"dead state":        {KindWorkflow, sampleWorkflow, `"from":"heard","to":"done"`, `"from":"heard","to":"new"`, "states[heard]", "kit.content.state_dead"},
		"no initial":        {KindWorkflow, sampleWorkflow, `,"initial":true`, ``, "states", "kit.content.one_initial"},
		"two initials":      {KindWorkflow, sampleWorkflow, `{"it":"Ascoltato"}`, `{"it":"Ascoltato"},"initial":true`, "states", "kit.content.one_initial"},
		"no such state":     {KindWorkflow, sampleWorkflow, `"from":"heard"`, `"from":"heart"`, "transitions[end].from", "kit.content.unknown_key"},
		"no such field":     {KindWorkflow, sampleWorkflow, `["why"]`, `["who"]`, "transitions[end].requires", "kit.content.unknown_key"},
		"no role":           {KindWorkflow, sampleWorkflow, `["social_worker"]`, `[]`, "transitions[end].roles", "kit.schema.too_few"},
		"odd role":          {KindWorkflow, sampleWorkflow, `["social_worker"]`, `["mayor"]`, "transitions[end].roles[0]", "kit.schema.enum"},
		"term backwards":    {KindWorkflow, sampleWorkflow, `"from":"new","to":"done"}]`, `"from":"done","to":"new"}]`, "terms[answer]", "kit.content.term_unreachable"},
		"repeated state":    {KindWorkflow, sampleWorkflow, `"key":"heard"`, `"key":"new"`, "states[new]", "kit.content.repeated_key"},

		"undeclared measure": {KindIndicator, sampleIndicator, `measures.yes`, `measures.no`, "formula", "kit.content.unknown_key"},
		"unused measure":     {KindIndicator, sampleIndicator, `measures.yes`, `measures.all`, "measures[yes]", "kit.content.unused"},
		"formula broken":     {KindIndicator, sampleIndicator, `100.0 *`, `100.0 * *`, "formula", "kit.content.expression"},
		"formula of answers": {KindIndicator, sampleIndicator, `measures.yes`, `answers.yes`, "formula", "kit.content.expression"},
		"small cell unknown": {KindIndicator, sampleIndicator, `{"measure":"all"`, `{"measure":"some"`, "smallCell.measure", "kit.content.unknown_key"},

		"place without field": {KindAct, sampleAct, `{{body}}`, `{{body}} di {{town}}`, "parts[a].text", "kit.content.unknown_key"},
		"field without place": {KindAct, sampleAct, `{{body}}`, `Marsala`, "fields[body]", "kit.content.unused"},
		"no law":              {KindAct, sampleAct, `["L. 241/1990"]`, `[]`, "laws", "kit.schema.too_few"},

		"hours differ":    {KindTraining, sampleTraining, `"minutes":30`, `"minutes":45`, "programme", "kit.content.hours"},
		"closed section":  {KindSharingTemplate, sampleSharing, `["identity"]`, `["identity","diary"]`, "purposes[pai].sections", "kit.content.section_closed"},
		"odd section":     {KindSharingTemplate, sampleSharing, `["identity"]`, `["thoughts"]`, "purposes[pai].sections[0]", "kit.schema.enum"},
		"blank part":      {KindService, sampleService, `"costs":{"it":"c"}`, `"costs":{"it":" "}`, "costs[0]", "kit.content.blank"},
		"odd SIUSS code":  {KindService, sampleService, `A2.07`, `2.07`, "codings.siuss", "kit.schema.pattern"},
		"no contacts":     {KindService, sampleService, `"contacts":{"it":"c"},`, ``, "", "kit.schema.required"},
		"unknown kind":    {"poem", sampleService, `A2.07`, `A2.08`, "", "kit.schema.kind"},
		"not JSON at all": {KindService, sampleService, `{"summary"`, `{summary`, "", "kit.content.unreadable"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if faults := Validate(test.kind, []byte(test.content)); test.kind != "poem" && len(faults) > 0 {
				t.Fatalf("the sample itself is broken: %v", faults)
			}
			wantFault(t, test.kind, swap(t, test.content, test.old, test.replaced), test.path, test.key)
		})
	}
}

func TestBrokenForms(t *testing.T) {
	tests := map[string]struct{ old, replaced, path, key string }{
		"no options":        {`"type":"integer"`, `"type":"choice"`, "sections[who].items[age].options", "kit.content.options_needed"},
		"bounds on a text":  {`"type":"date"`, `"type":"date","min":3`, "sections[who].items[born]", "kit.content.bounds_unwanted"},
		"bounds reversed":   {`"min":0,"max":120`, `"min":130,"max":120`, "sections[who].items[age].min", "kit.content.bounds_reversed"},
		"length on a date":  {`"type":"date"`, `"type":"date","maxLength":3`, "sections[who].items[born].maxLength", "kit.content.length_unwanted"},
		"option twice":      {`"value":"b"`, `"value":"a"`, "sections[who].items[needs].options[a]", "kit.content.repeated_key"},
		"options on a text": {`"type":"text","visible"`, `"options":[{"value":"a","label":{"it":"A"}},{"value":"b","label":{"it":"B"}}],"type":"text","visible"`, "sections[who].items[job].options", "kit.content.options_unwanted"},
		"condition broken":  {`answers.works == true`, `answers.works ==`, "sections[who].items[job].visible", "kit.content.expression"},
		"required broken":   {`answers.age >= 18`, `answers.years >= 18`, "sections[who].items[job].required", "kit.content.unknown_key"},
		"section repeated":  {`"key":"more"`, `"key":"who"`, "sections[who]", "kit.content.repeated_key"},
		"section ahead":     {`'a' in answers.needs`, `answers.kind == 'x'`, "sections[more].visible", "kit.content.unknown_key"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			wantFault(t, KindForm, swap(t, sampleForm, test.old, test.replaced), test.path, test.key)
		})
	}
}

func TestIndicatorCompute(t *testing.T) {
	indicator, err := ParseIndicator([]byte(sampleIndicator))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		measures map[string]any
		want     Value
		err      error
	}{
		"rounded":        {map[string]any{"yes": 2.0, "all": 7.0}, Value{Number: 28.6}, nil},
		"small cell":     {map[string]any{"yes": 2.0, "all": 4.0}, Value{Withheld: true}, nil},
		"nothing yet":    {map[string]any{"yes": 0.0, "all": 0.0}, Value{}, ErrNotComputable},
		"not measured":   {map[string]any{"all": 7.0}, Value{}, ErrNoMeasure},
		"list for one":   {map[string]any{"yes": []float64{1}, "all": 7.0}, Value{}, ErrNoMeasure},
		"zero of enough": {map[string]any{"yes": 0.0, "all": 9.0}, Value{}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := indicator.Compute(test.measures)
			if got != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %+v, %v; want %+v, %v", got, err, test.want, test.err)
			}
		})
	}
}

func TestIndicatorMedian(t *testing.T) {
	indicator := &Indicator{
		Measures: []Measure{{Key: "days", List: true}}, Formula: "median(measures.days)", Decimals: 1,
		SmallCell: &SmallCell{Measure: "days", Below: 3},
	}
	for _, test := range []struct {
		days []float64
		want Value
	}{{[]float64{9, 1, 4}, Value{Number: 4}}, {[]float64{4, 1, 9, 2}, Value{Number: 3}}, {[]float64{1, 2}, Value{Withheld: true}}} {
		if got, err := indicator.Compute(map[string]any{"days": test.days}); err != nil || got != test.want {
			t.Errorf("median of %v: %+v, %v", test.days, got, err)
		}
	}
	if _, err := indicator.Compute(map[string]any{"days": []float64{}}); !errors.Is(err, ErrNotComputable) {
		t.Errorf("median of nothing: %v", err)
	}
}

func TestActFill(t *testing.T) {
	act, err := ParseAct([]byte(sampleAct))
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

func TestReferences(t *testing.T) {
	got := References(KindService, []byte(sampleService))
	want := []Ref{
		{Path: "form", Kind: KindForm, Key: "FO-01"},
		{Path: "assessments[0]", Kind: KindAssessment, Key: "AS-01"},
		{Path: "assessments[1]", Kind: KindAssessment, Key: "AS-02"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Ref{{Path: "fields[why].vocabulary", Kind: KindVocabulary, Key: "VO-01"}}, References(KindWorkflow, []byte(sampleWorkflow))); diff != "" {
		t.Error(diff)
	}
	if got := References(KindService, []byte(`["not a service"]`)); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestSchemas(t *testing.T) {
	if len(Kinds()) != 17 {
		t.Errorf("kinds: %v", Kinds())
	}
	for _, kind := range Kinds() {
		raw, err := SchemaFor(kind)
		if err != nil || !json.Valid(raw) {
			t.Errorf("schema of %s: %v", kind, err)
		}
		if faults := Validate(kind, []byte(`{"unforeseen":true}`)); len(faults) == 0 {
			t.Errorf("%s takes anything", kind)
		}
	}
	if _, err := SchemaFor("poem"); !errors.Is(err, ErrUnknownKind) {
		t.Errorf("got %v", err)
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
