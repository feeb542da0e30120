package kit_test

import (
	"strings"
	"testing"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/modules/kit"
)

// tested puts a test into a content that has none.
func tested(content, test string) string {
	return strings.TrimSuffix(strings.TrimSpace(content), "}") + `,"tests":[{"key":"t","name":{"it":"Prova","en":"Trial"},` + test + `}]}`
}

// What a test of a content expects and does not come is a fault at its place, in publication as everywhere that a content is
// checked; what comes is none.
func TestTestsOfContents(t *testing.T) {
	t.Parallel()
	const (
		filled = `"given":[{"key":"name","value":"Ada"},{"key":"works","value":"false"},{"key":"needs","value":"a, b"}],`
		scored = `"given":[{"key":"walk","value":"0"},{"key":"chair","value":"2"},{"key":"pain","value":"1"}],`
		way    = `"given":{"steps":[{"step":"hear","role":"access_desk"},{"step":"end","role":"social_worker","filled":["why"]}]},`
		paired = `"given":{"purpose":"pai","kind":"consultation"},`
	)
	for name, test := range map[string]struct{ kind, content, test, path, key string }{
		"form: shown":                {kit.KindForm, sampleForm, filled + `"expected":{"shown":["kind"]}`, "", ""},
		"form: not shown":            {kit.KindForm, sampleForm, filled + `"expected":{"shown":["kind","job"]}`, "tests[t].expected.shown", "kit.content.test_failed"},
		"form: hidden":               {kit.KindForm, sampleForm, filled + `"expected":{"hidden":["job"]}`, "", ""},
		"form: not hidden":           {kit.KindForm, sampleForm, filled + `"expected":{"hidden":["kind"]}`, "tests[t].expected.hidden", "kit.content.test_failed"},
		"form: wrong":                {kit.KindForm, sampleForm, filled + `"expected":{"wrong":["kind"],"accepted":false}`, "", ""},
		"form: others wrong":         {kit.KindForm, sampleForm, filled + `"expected":{"wrong":["kind","born"]}`, "tests[t].expected.wrong", "kit.content.test_failed"},
		"form: accepted":             {kit.KindForm, sampleForm, filled + `"expected":{"accepted":true}`, "tests[t].expected.accepted", "kit.content.test_failed"},
		"form: question unknown":     {kit.KindForm, sampleForm, `"given":[{"key":"height","value":"2"}],"expected":{"accepted":false}`, "tests[t].given[height]", "kit.content.unknown_key"},
		"form: expected unknown":     {kit.KindForm, sampleForm, filled + `"expected":{"hidden":["height"]}`, "tests[t].expected.hidden", "kit.content.unknown_key"},
		"form: shown unknown":        {kit.KindForm, sampleForm, filled + `"expected":{"shown":["height"]}`, "tests[t].expected.shown", "kit.content.unknown_key"},
		"form: wrong unknown":        {kit.KindForm, sampleForm, filled + `"expected":{"wrong":["height"]}`, "tests[t].expected.wrong", "kit.content.unknown_key"},
		"form: two wrong, anyhow":    {kit.KindForm, sampleForm, strings.Replace(filled, "Ada", "Adalgisa", 1) + `"expected":{"wrong":["name","kind"]}`, "", ""},
		"form: nothing expected":     {kit.KindForm, sampleForm, filled + `"expected":{}`, "tests[t].expected", "kit.content.test_empty"},
		"form: no name":              {kit.KindForm, sampleForm, `"given":[],"expected":{},"extra":1`, "tests[t]", "kit.schema.additional"},
		"assessment: right":          {kit.KindAssessment, sampleAssessment, scored + `"expected":{"total":3,"band":"low","proposes":[{"key":"sina.Mobilita","value":"2"}]}`, "", ""},
		"assessment: total":          {kit.KindAssessment, sampleAssessment, scored + `"expected":{"total":4}`, "tests[t].expected.total", "kit.content.test_failed"},
		"assessment: band":           {kit.KindAssessment, sampleAssessment, scored + `"expected":{"band":"high"}`, "tests[t].expected.band", "kit.content.test_failed"},
		"assessment: other proposal": {kit.KindAssessment, sampleAssessment, scored + `"expected":{"proposes":[{"key":"sina.Mobilita","value":"1"}]}`, "tests[t].expected.proposes", "kit.content.test_failed"},
		"assessment: missing":        {kit.KindAssessment, sampleAssessment, `"given":[{"key":"walk","value":"5"}],"expected":{"missing":["pain"]}`, "", ""},
		"assessment: not missing":    {kit.KindAssessment, sampleAssessment, scored + `"expected":{"missing":["pain"]}`, "tests[t].expected.missing", "kit.content.test_failed"},
		"assessment: no such answer": {kit.KindAssessment, sampleAssessment, scored + `"expected":{"missing":["height"]}`, "tests[t].expected.missing", "kit.content.unknown_key"},
		"assessment: both missing":   {kit.KindAssessment, sampleAssessment, `"given":[],"expected":{"missing":["walk","pain"]}`, "", ""},
		"assessment: other target":   {kit.KindAssessment, sampleAssessment, scored + `"expected":{"proposes":[{"key":"sina.Altro","value":"2"}]}`, "tests[t].expected.proposes", "kit.content.test_failed"},
		"assessment: odd answer":     {kit.KindAssessment, sampleAssessment, `"given":[{"key":"walk","value":"9"}],"expected":{"total":9}`, "tests[t].given[walk]", "kit.answer.option"},
		"indicator: right":           {kit.KindIndicator, kit.SampleIndicator, `"given":[{"key":"yes","numbers":[2]},{"key":"all","numbers":[7]}],"expected":{"value":28.6,"withheld":false}`, "", ""},
		"indicator: value":           {kit.KindIndicator, kit.SampleIndicator, `"given":[{"key":"yes","numbers":[2]},{"key":"all","numbers":[7]}],"expected":{"value":28}`, "tests[t].expected.value", "kit.content.test_failed"},
		"indicator: few":             {kit.KindIndicator, kit.SampleIndicator, `"given":[{"key":"yes","numbers":[2]},{"key":"all","numbers":[4]}],"expected":{"withheld":true}`, "", ""},
		"indicator: value of few":    {kit.KindIndicator, kit.SampleIndicator, `"given":[{"key":"yes","numbers":[2]},{"key":"all","numbers":[4]}],"expected":{"value":50}`, "tests[t].expected.value", "kit.content.test_failed"},
		"indicator: nothing counted": {kit.KindIndicator, kit.SampleIndicator, `"given":[{"key":"yes","numbers":[0]},{"key":"all","numbers":[0]}],"expected":{"none":false}`, "tests[t].expected.none", "kit.content.test_failed"},
		"indicator: not measured":    {kit.KindIndicator, kit.SampleIndicator, `"given":[{"key":"yes","numbers":[2]}],"expected":{"value":28.6}`, "tests[t].given", "kit.content.test_measures"},
		"indicator: no such measure": {kit.KindIndicator, kit.SampleIndicator, `"given":[{"key":"no","numbers":[2]}],"expected":{"value":28.6}`, "tests[t].given[no]", "kit.content.unknown_key"},
		"workflow: right":            {kit.KindWorkflow, kit.SampleWorkflow, way + `"expected":{"state":"done"}`, "", ""},
		"workflow: other state":      {kit.KindWorkflow, kit.SampleWorkflow, way + `"expected":{"state":"heard"}`, "tests[t].expected.state", "kit.content.test_failed"},
		"workflow: not refused":      {kit.KindWorkflow, kit.SampleWorkflow, way + `"expected":{"refused":"role"}`, "tests[t].expected.refused", "kit.content.test_failed"},
		"workflow: refused":          {kit.KindWorkflow, kit.SampleWorkflow, `"given":{"from":"heard","steps":[{"step":"end","role":"social_worker"}]},"expected":{"state":"heard","refused":"missing"}`, "", ""},
		"workflow: unlike refusal":   {kit.KindWorkflow, kit.SampleWorkflow, `"given":{"from":"heard","steps":[{"step":"end","role":"access_desk"}]},"expected":{"refused":"missing"}`, "tests[t].expected.refused", "kit.content.test_failed"},
		"workflow: silent refusal":   {kit.KindWorkflow, kit.SampleWorkflow, `"given":{"steps":[{"step":"end","role":"social_worker","filled":["why"]}]},"expected":{"state":"new"}`, "tests[t].expected.refused", "kit.content.test_failed"},
		"workflow: cut short":        {kit.KindWorkflow, kit.SampleWorkflow, `"given":{"steps":[{"step":"hear","role":"educator"},{"step":"hear","role":"access_desk"}]},"expected":{"state":"heard"}`, "tests[t].given.steps", "kit.content.test_stopped"},
		"workflow: no such step":     {kit.KindWorkflow, kit.SampleWorkflow, `"given":{"steps":[{"step":"leap","role":"educator"}]},"expected":{"state":"heard"}`, "tests[t].given.steps[0].step", "kit.content.unknown_key"},
		"workflow: no such state":    {kit.KindWorkflow, kit.SampleWorkflow, way + `"expected":{"state":"gone"}`, "tests[t].expected.state", "kit.content.unknown_key"},
		"sharing: right":             {kit.KindSharingTemplate, kit.SampleSharing, paired + `"expected":{"served":true,"sections":["identity"],"never":["diary"],"writes":false,"days":30}`, "", ""},
		"sharing: one section less":  {kit.KindSharingTemplate, kit.SampleSharing, paired + `"expected":{"sections":["identity","plan"]}`, "tests[t].expected.sections", "kit.content.test_failed"},
		"sharing: one section more":  {kit.KindSharingTemplate, strings.Replace(kit.SampleSharing, `["identity"]`, `["identity","health"]`, 1), paired + `"expected":{"sections":["identity"]}`, "tests[t].expected.sections", "kit.content.test_failed"},
		"sharing: not closed":        {kit.KindSharingTemplate, kit.SampleSharing, paired + `"expected":{"never":["diary","judicial"]}`, "tests[t].expected.never", "kit.content.test_failed"},
		"sharing: reads only":        {kit.KindSharingTemplate, kit.SampleSharing, paired + `"expected":{"writes":true}`, "tests[t].expected.writes", "kit.content.test_failed"},
		"sharing: too long":          {kit.KindSharingTemplate, kit.SampleSharing, paired + `"expected":{"days":10}`, "tests[t].expected.days", "kit.content.test_failed"},
		"sharing: another kind":      {kit.KindSharingTemplate, kit.SampleSharing, `"given":{"purpose":"pai","kind":"handover"},"expected":{"served":false}`, "", ""},
		"sharing: silently unserved": {kit.KindSharingTemplate, kit.SampleSharing, `"given":{"purpose":"pai","kind":"handover"},"expected":{"never":["diary"]}`, "tests[t].expected.served", "kit.content.test_failed"},
		"sharing: any kind":          {kit.KindSharingTemplate, kit.SampleSharing, `"given":{"purpose":"pai"},"expected":{"sections":["identity"]}`, "", ""},
		"sharing: no such purpose":   {kit.KindSharingTemplate, kit.SampleSharing, `"given":{"purpose":"cure"},"expected":{"served":false}`, "tests[t].given.purpose", "kit.content.unknown_key"},
		"sharing: nothing expected":  {kit.KindSharingTemplate, kit.SampleSharing, paired + `"expected":{}`, "tests[t].expected", "kit.content.test_empty"},
	} {
		t.Run(name, func(t *testing.T) {
			content := tested(test.content, test.test)
			if test.key != "" {
				wantFault(t, test.kind, content, test.path, test.key)
			} else if faults := faultsOf(t, test.kind, content); len(faults) > 0 {
				t.Errorf("faults %v", faults)
			}
		})
	}
}

// A test tells how it went in the language of who looks, by the names of the content.
func TestTestsTellHowTheyWent(t *testing.T) {
	t.Parallel()
	kind, _, _ := declared(t).Get(kit.KindAssessment)
	content := tested(sampleAssessment, `"given":[{"key":"walk","value":"5"},{"key":"pain","value":"0"}],"expected":{"total":5,"band":"low"}`)
	catalogue, err := language.NewCatalogue(kit.Module().Messages)
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][3]string{
		language.Italian: {"Prova", "Punteggio: 5; Fascia: Bassa", "Punteggio: 5; Fascia: Alta"},
		language.English: {"Trial", "Total: 5; Band: Bassa", "Total: 5; Band: Alta"},
	} {
		got := kind.Prove(language.WithLanguage(t.Context(), catalogue, lang), []byte(content))
		if len(got) != 1 || got[0].Passed || got[0].Path != "tests[t]" || [3]string{got[0].Name, got[0].Want, got[0].Got} != want {
			t.Errorf("%s: %+v, want %q", lang, got, want)
		}
	}
	if got := kind.Prove(t.Context(), []byte(`{"sections":7}`)); len(got) > 0 {
		t.Errorf("what cannot be read was tested: %+v", got)
	}
}

// What a body tests and what the kit tests both stand after a merge, and both have to pass: a change of one side that breaks
// the other's test is found where the merged content is checked.
func TestTestsOfBothSidesStandAfterAMerge(t *testing.T) {
	t.Parallel()
	kind, _, _ := declared(t).Get(kit.KindIndicator)
	const values = `"given":[{"key":"yes","numbers":[2]},{"key":"all","numbers":[7]}],"expected":{"value":28.6}`
	base := tested(kit.SampleIndicator, values)
	ours := tested(kit.SampleIndicator, values+`},{"key":"ours","name":{"it":"Nostra"},"given":[{"key":"yes","numbers":[7]},{"key":"all","numbers":[7]}],"expected":{"value":100}`)
	theirs := strings.Replace(strings.Replace(base, "100.0 *", "1000.0 *", 1), `"value":28.6`, `"value":285.7`, 1)
	for name, content := range map[string]string{"base": base, "ours": ours, "theirs": theirs} {
		if err := kind.Validate([]byte(content)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	merged, open, err := merge.Three(kind.Lists, []byte(base), []byte(ours), []byte(theirs), nil)
	if err != nil || len(open) > 0 {
		t.Fatalf("%v, conflicts %v", err, open)
	}
	wantFault(t, kit.KindIndicator, string(merged), "tests[ours].expected.value", "kit.content.test_failed")
}
