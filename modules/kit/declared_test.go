package kit_test

import (
	_ "embed" // the samples
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/practice"
	"staffetta/modules/sharing"
)

var (
	//go:embed questionnaire/testdata/form.json
	sampleForm string
	//go:embed questionnaire/testdata/assessment.json
	sampleAssessment string
)

// declared are the kinds of all modules.
func declared(t testing.TB) *modules.Kinds {
	t.Helper()
	return moduletest.Kinds(t, kit.Module(), casefile.Module(), assessment.Module(), guide.Module(), practice.Module(), sharing.Module())
}

// faultsOf is what the kind finds wrong with a content; of a kind that nobody declares, that it is not known.
func faultsOf(t testing.TB, kind, content string) []problem.Field {
	t.Helper()
	items := kit.NewItems(modules.Deps{Platform: modules.Platform{Kinds: declared(t)}})
	if err := items.Check(kind, []byte(content)); err != nil {
		return problem.Of(err).Fields
	}
	return nil
}

func TestBrokenContents(t *testing.T) {
	tests := map[string]struct{ kind, content, old, replaced, path, key string }{
		"unreachable state": {kit.KindWorkflow, kit.SampleWorkflow, `"from":"new","to":"heard","label"`, `"from":"new","to":"done","label"`, "states[heard]", "kit.content.state_unreachable"},
		"dead state":        {kit.KindWorkflow, kit.SampleWorkflow, `"from":"heard","to":"done"`, `"from":"heard","to":"new"`, "states[heard]", "kit.content.state_dead"},
		"no initial":        {kit.KindWorkflow, kit.SampleWorkflow, `,"initial":true`, ``, "states", "kit.content.one_initial"},
		"two initials":      {kit.KindWorkflow, kit.SampleWorkflow, `{"it":"Ascoltato"}`, `{"it":"Ascoltato"},"initial":true`, "states", "kit.content.one_initial"},
		"no such state":     {kit.KindWorkflow, kit.SampleWorkflow, `"from":"heard"`, `"from":"heart"`, "transitions[end].from", "kit.content.unknown_key"},
		"no such field":     {kit.KindWorkflow, kit.SampleWorkflow, `["why"]`, `["who"]`, "transitions[end].requires", "kit.content.unknown_key"},
		"no role":           {kit.KindWorkflow, kit.SampleWorkflow, `["social_worker"]`, `[]`, "transitions[end].roles", "kit.schema.too_few"},
		"odd role":          {kit.KindWorkflow, kit.SampleWorkflow, `["social_worker"]`, `["mayor"]`, "transitions[end].roles[0]", "kit.schema.enum"},
		"term backwards":    {kit.KindWorkflow, kit.SampleWorkflow, `"from":"new","to":"done"}]`, `"from":"done","to":"new"}]`, "terms[answer]", "kit.content.term_unreachable"},
		"repeated state":    {kit.KindWorkflow, kit.SampleWorkflow, `"key":"heard"`, `"key":"new"`, "states[new]", "kit.content.repeated_key"},

		"undeclared measure": {kit.KindIndicator, kit.SampleIndicator, `measures.yes`, `measures.no`, "formula", "kit.content.unknown_key"},
		"unused measure":     {kit.KindIndicator, kit.SampleIndicator, `measures.yes`, `measures.all`, "measures[yes]", "kit.content.unused"},
		"formula broken":     {kit.KindIndicator, kit.SampleIndicator, `100.0 *`, `100.0 * *`, "formula", "kit.content.expression.unexpected"},
		"formula of answers": {kit.KindIndicator, kit.SampleIndicator, `measures.yes`, `answers.yes`, "formula", "kit.content.expression.name"},
		"small cell unknown": {kit.KindIndicator, kit.SampleIndicator, `{"measure":"all"`, `{"measure":"some"`, "smallCell.measure", "kit.content.unknown_key"},

		"place without field": {kit.KindAct, kit.SampleAct, `{{body}}`, `{{body}} di {{town}}`, "parts[a].text", "kit.content.unknown_key"},
		"field without place": {kit.KindAct, kit.SampleAct, `{{body}}`, `Marsala`, "fields[body]", "kit.content.unused"},
		"no law":              {kit.KindAct, kit.SampleAct, `["L. 241/1990"]`, `[]`, "laws", "kit.schema.too_few"},

		"hours differ":    {kit.KindTraining, kit.SampleTraining, `"minutes":30`, `"minutes":45`, "programme", "practice.content.hours"},
		"closed section":  {kit.KindSharingTemplate, kit.SampleSharing, `["identity"]`, `["identity","diary"]`, "purposes[pai].sections", "sharing.content.section_closed"},
		"odd section":     {kit.KindSharingTemplate, kit.SampleSharing, `["identity"]`, `["thoughts"]`, "purposes[pai].sections[0]", "kit.schema.enum"},
		"blank part":      {kit.KindService, kit.SampleService, `"costs":{"it":"c"}`, `"costs":{"it":" "}`, "costs[0]", "kit.content.blank"},
		"odd SIUSS code":  {kit.KindService, kit.SampleService, `A2.07`, `2.07`, "codings.siuss", "kit.schema.pattern"},
		"no contacts":     {kit.KindService, kit.SampleService, `"contacts":{"it":"c"},`, ``, "", "kit.schema.required"},
		"unknown kind":    {"poem", kit.SampleService, `A2.07`, `A2.08`, "", "kit.schema.kind"},
		"not JSON at all": {kit.KindService, kit.SampleService, `{"summary"`, `{summary`, "", "kit.content.unreadable"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if faults := faultsOf(t, test.kind, test.content); test.kind != "poem" && len(faults) > 0 {
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
		"condition broken":  {`answers.works == true`, `answers.works ==`, "sections[who].items[job].visible", "kit.content.expression.end"},
		"required broken":   {`answers.age >= 18`, `answers.years >= 18`, "sections[who].items[job].required", "kit.content.unknown_key"},
		"section repeated":  {`"key":"more"`, `"key":"who"`, "sections[who]", "kit.content.repeated_key"},
		"question ahead":    {`answers.works == true`, `answers.mood == 1`, "sections[who].items[job].visible", "kit.content.unknown_key"},
		"question twice":    {`"key":"born"`, `"key":"age"`, "sections[who].items[age]", "kit.content.repeated_key"},
		"an end on a date":  {`"type":"date"`, `"type":"date","max":3`, "sections[who].items[born]", "kit.content.bounds_unwanted"},
		"scale to no end":   {`"min":1,"max":5`, `"min":1`, "sections[who].items[mood]", "kit.content.scale_bounds"},
		"scale in words":    {`"min":1,"max":5`, `"min":1,"max":5,"options":[{"value":"2","label":{"it":"Poco"}},{"value":"molto","label":{"it":"M"}}]`, "sections[who].items[mood].options[molto]", "kit.content.scale_option"},
		"scale below":       {`"min":1,"max":5`, `"min":1,"max":5,"options":[{"value":"2","label":{"it":"Poco"}},{"value":"0","label":{"it":"M"}}]`, "sections[who].items[mood].options[0]", "kit.content.scale_option"},
		"scale above":       {`"min":1,"max":5`, `"min":1,"max":5,"options":[{"value":"2","label":{"it":"Poco"}},{"value":"6","label":{"it":"M"}}]`, "sections[who].items[mood].options[6]", "kit.content.scale_option"},
		"section ahead":     {`'a' in answers.needs`, `answers.kind == 'x'`, "sections[more].visible", "kit.content.unknown_key"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			wantFault(t, kit.KindForm, swap(t, sampleForm, test.old, test.replaced), test.path, test.key)
		})
	}
}

// A question starts from what the contact has, of its own type, with a code in common; an outcome can close the contact.
func TestWhatAQuestionCannotStartFrom(t *testing.T) {
	outcome := swap(t, sampleForm, `"value":"x"`, `"value":"information"`)
	for _, test := range []struct{ content, of, from, path, key string }{
		{sampleForm, `"type":"date"`, "contact.mood", "sections[who].items[born].from", "kit.schema.enum"},
		{sampleForm, `"type":"date"`, "contact.channel", "sections[who].items[born].from", "kit.content.source_type"},
		{sampleForm, `"type":"choices"`, "contact.needs", "sections[who].items[needs].from", "kit.content.source_values"},
		{outcome, `"type":"choice"`, "contact.outcome", "sections[more].items[kind].from", "kit.content.source_outcome"},
	} {
		wantFault(t, kit.KindForm, swap(t, test.content, test.of, test.of+`,"from":"`+test.from+`"`), test.path, test.key)
	}
}

// What a form may say: the ends of a scale have words, and whether something must be answered hangs on any answer, later ones too.
func TestWholeForms(t *testing.T) {
	for name, test := range map[string]struct{ old, replaced string }{
		"as it is":       {`"key":"name"`, `"key":"name"`},
		"required later": {`answers.age >= 18`, `answers.mood == 5`},
		"from a contact": {`"type":"date"`, `"type":"date","from":"contact.day"`},
		"ends of a scale": {
			`"min":1,"max":5`, `"min":1,"max":5,"options":[{"value":"1","label":{"it":"Male"}},{"value":"5","label":{"it":"Bene"}}]`,
		},
	} {
		if faults := faultsOf(t, kit.KindForm, strings.Replace(sampleForm, test.old, test.replaced, 1)); len(faults) > 0 {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

func TestBrokenAssessments(t *testing.T) {
	if faults := faultsOf(t, kit.KindAssessment, sampleAssessment); len(faults) > 0 {
		t.Fatal(faults)
	}
	tests := map[string]struct{ old, replaced, path, key string }{
		"gap":                  {`"from":5`, `"from":6`, "scoring.bands[high].from", "kit.content.band_gap"},
		"overlap":              {`"from":5`, `"from":4`, "scoring.bands[high].from", "kit.content.band_gap"},
		"last band short":      {`"to":8`, `"to":7`, "scoring.bands[high].to", "kit.content.band_gap"},
		"first band late":      {`"min":0,"max":8`, `"min":-1,"max":8`, "scoring.bands[low].from", "kit.content.band_gap"},
		"range too small":      {`"min":0,"max":8,`, `"min":0,"max":8,"score":"sum(points) + 1.0",`, "scoring", "kit.content.score_range"},
		"score missing":        {`{"it":"Sì","en":"Yes"},"score":5`, `{"it":"Sì","en":"Yes"}`, "sections[s].items[walk].options[5].score", "kit.content.score_missing"},
		"formula broken":       {`"min":0,"max":8,`, `"min":0,"max":8,"score":"sum(points",`, "scoring.score", "kit.content.expression.missing"},
		"half steps":           {`"min":0,"max":8,`, `"min":0,"max":8,"step":0.5,`, "scoring.bands[high].from", "kit.content.band_gap"},
		"formula unknown item": {`"min":0,"max":8,`, `"min":0,"max":8,"score":"points.leap",`, "scoring.score", "kit.content.unknown_key"},
		"proposal unknown":     {`points.walk ==`, `points.run ==`, "proposes[0].when", "kit.content.unknown_key"},
		"repeated item":        {`"key":"pain"`, `"key":"chair"`, "sections[s].items[chair]", "kit.content.repeated_key"},
		"looks ahead":          {`"visible":"answers.walk == '0'"`, `"visible":"answers.pain == 0"`, "sections[s].items[chair].visible", "kit.content.unknown_key"},
		"from a contact":       {`"type":"scale"`, `"type":"scale","from":"contact.reason"`, "sections[s].items[pain].from", "kit.content.source_unwanted"},
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
			wantFault(t, kit.KindAssessment, swap(t, sampleAssessment, test.old, test.replaced), test.path, test.key)
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
	faults := faultsOf(t, kind, content)
	for _, f := range faults {
		if f.Name == path && f.Message.Key == key {
			return
		}
	}
	t.Errorf("no fault %s at %q among %v", key, path, faults)
}

func TestReferences(t *testing.T) {
	got := kit.References(declared(t), kit.KindService, []byte(kit.SampleService))
	want := []kit.Ref{
		{Path: "form", Kind: kit.KindForm, Key: "FO-01"},
		{Path: "assessments[0]", Kind: kit.KindAssessment, Key: "AS-01"},
		{Path: "assessments[1]", Kind: kit.KindAssessment, Key: "AS-02"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]kit.Ref{{Path: "fields[why].vocabulary", Kind: kit.KindVocabulary, Key: "VO-01"}}, kit.References(declared(t), kit.KindWorkflow, []byte(kit.SampleWorkflow))); diff != "" {
		t.Error(diff)
	}
	if got := kit.References(declared(t), kit.KindService, []byte(`["not a service"]`)); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestEveryKindRefusesWhatItDoesNotForesee(t *testing.T) {
	list := declared(t).All()
	named := list[:0:0]
	for _, kind := range list { // settings come with every module, at one place
		if kind.Defaults == nil {
			named = append(named, kind)
		}
	}
	if len(named) != 17 {
		t.Errorf("%d kinds", len(named))
	}
	for at, kind := range list {
		if err := kind.Validate([]byte(`{"unforeseen":true}`)); problem.Of(err).Kind != problem.Invalid {
			t.Errorf("%s takes anything: %v", kind.ID, err)
		}
		if kind.Label.It == "" || kind.Label.En == "" || kind.Order == 0 || at > 0 && kind.Defaults == nil && kind.Order <= list[at-1].Order {
			t.Errorf("%s: label %v, order %d", kind.ID, kind.Label, kind.Order)
		}
	}
}
