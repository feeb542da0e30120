package questionnaire

import (
	_ "embed" // the samples
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"staffetta/modules/kit/canonical"
)

//go:embed testdata/form.json
var sampleForm string

func parseSample(t interface{ Fatal(args ...any) }) *Form {
	form, err := ParseForm([]byte(sampleForm))
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func summary(faults []Fault) map[string]string {
	found := map[string]string{}
	for _, f := range faults {
		found[f.Path] = f.Key
	}
	return found
}

func TestDeciding(t *testing.T) {
	if diff := cmp.Diff([]string{"works", "age", "needs"}, parseSample(t).Deciding()); diff != "" {
		t.Errorf("the answers that decide (-want +got):\n%s", diff)
	}
}

func TestCheckFaults(t *testing.T) {
	form := parseSample(t)
	good := Answers{"name": "Ada", "works": false}
	tests := map[string]struct {
		change Answers
		want   map[string]string
	}{
		"right":                 {Answers{}, map[string]string{}},
		"unknown":               {Answers{"zz": 1}, map[string]string{"zz": "kit.answer.unknown"}},
		"missing":               {Answers{"name": " "}, map[string]string{"name": "kit.answer.required"}},
		"too long":              {Answers{"name": "Adalgisa"}, map[string]string{"name": "kit.answer.too_long"}},
		"length counts letters": {Answers{"name": "èèè😀è"}, map[string]string{}},
		"nul":                   {Answers{"name": "a\x00"}, map[string]string{"name": "kit.answer.characters"}},
		"broken utf-8":          {Answers{"name": "\xff"}, map[string]string{"name": "kit.answer.characters"}},
		"text as number":        {Answers{"name": 3.0}, map[string]string{"name": "kit.answer.text"}},
		"not whole":             {Answers{"age": 1.5}, map[string]string{"age": "kit.answer.integer"}},
		"number as text":        {Answers{"age": "3"}, map[string]string{"age": "kit.answer.integer"}},
		"too high":              {Answers{"age": 121.0}, map[string]string{"age": "kit.answer.too_high"}},
		"too low":               {Answers{"weight": 0.1}, map[string]string{"weight": "kit.answer.too_low"}},
		"no such day":           {Answers{"born": "2026-02-30"}, map[string]string{"born": "kit.answer.date"}},
		"too long ago":          {Answers{"born": "1066-10-14"}, map[string]string{"born": "kit.answer.date"}},
		"not a date":            {Answers{"born": true}, map[string]string{"born": "kit.answer.date"}},
		"not a truth":           {Answers{"works": "forse"}, map[string]string{"works": "kit.answer.boolean"}},
		"job when grown up":     {Answers{"works": true, "age": 20.0}, map[string]string{"job": "kit.answer.required"}},
		"no job for a child":    {Answers{"works": true, "age": 12.0}, map[string]string{}},
		"not offered":           {Answers{"needs": []any{"q"}}, map[string]string{"needs": "kit.answer.option"}},
		"twice the same":        {Answers{"needs": []any{"b", "b"}}, map[string]string{"needs": "kit.answer.repeated"}},
		"too many":              {Answers{"needs": []any{"a", "b", "c"}}, map[string]string{"needs": "kit.answer.too_many"}},
		"section opens":         {Answers{"needs": []any{"a"}}, map[string]string{"kind": "kit.answer.required"}},
		"scale":                 {Answers{"mood": 6.0}, map[string]string{"mood": "kit.answer.too_high"}},
		"text in a scale":       {Answers{"mood": ""}, map[string]string{}},
		"long as may be":        {Answers{"works": true, "job": strings.Repeat("è", 500), "story": strings.Repeat("è", 20_000)}, map[string]string{}},
		"longer than a line":    {Answers{"works": true, "job": strings.Repeat("è", 501)}, map[string]string{"job": "kit.answer.too_long"}},
		"longer than a page":    {Answers{"story": strings.Repeat("è", 20_001)}, map[string]string{"story": "kit.answer.too_long"}},
		"the ends":              {Answers{"age": 120.0, "weight": 0.5, "mood": 1.0, "born": "2200-12-31"}, map[string]string{}},
		"too far ahead":         {Answers{"born": "2201-01-01"}, map[string]string{"born": "kit.answer.date"}},
		"beyond counting":       {Answers{"age": 1e13, "weight": 1e13}, map[string]string{"age": "kit.answer.integer", "weight": "kit.answer.decimal"}},
		"no number":             {Answers{"weight": math.NaN()}, map[string]string{"weight": "kit.answer.decimal"}},
		"nothing chosen":        {Answers{"needs": []any{}}, map[string]string{}},
		"list where one":        {Answers{"needs": []any{"a"}, "kind": []any{"x"}}, map[string]string{"kind": "kit.answer.option"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			given := Answers{}
			maps.Copy(given, good)
			maps.Copy(given, test.change)
			_, faults := form.Check(given)
			if diff := cmp.Diff(test.want, summary(faults)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHiddenAnswersAreDropped(t *testing.T) {
	form := parseSample(t)
	given := Answers{"name": "Ada", "works": false, "job": "sarta", "needs": []any{"b"}, "kind": "x"}
	kept, faults := form.Check(given)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if diff := cmp.Diff(Answers{"name": "Ada", "works": false, "needs": []string{"b"}}, kept); diff != "" {
		t.Error(diff)
	}
}

func TestDraftMayBeIncompleteButNotWrong(t *testing.T) {
	form := parseSample(t)
	if kept, faults := form.CheckDraft(Answers{"age": 3.0}); len(faults) > 0 || kept["age"] != int64(3) {
		t.Errorf("kept %v, faults %v", kept, faults)
	}
	if _, faults := form.CheckDraft(Answers{"age": "tre"}); len(faults) != 1 {
		t.Errorf("faults %v", faults)
	}
}

func TestSubmitReadsAPage(t *testing.T) {
	form := parseSample(t)
	page := map[string][]string{
		"csrf": {"token"}, "a.name": {" Ada "}, "a.age": {" 20 "}, "a.weight": {"12,5"}, "a.born": {"1/2/1990"}, "a.story": {"una\r\ndue"},
		"a.works": {"false", "true"}, "a.job": {"sarto", "sarta"}, "a.needs": {" ", "c", "a"}, "a.kind": {"x", "y"}, "a.mood": {""},
	}
	got, faults := form.Submit(page)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := Answers{
		"name": "Ada", "age": int64(20), "weight": 12.5, "born": "1990-02-01", "story": "una\ndue", "works": true,
		"job": "sarta", "needs": []string{"a", "c"}, "kind": "y",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	again, faults := form.Submit(form.Values(got))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if diff := cmp.Diff(got, again); diff != "" {
		t.Error(diff)
	}
}

func TestSubmitNamesTheWrongField(t *testing.T) {
	page := map[string][]string{
		"a.name": {"Ada"}, "a.works": {"true"}, "a.age": {"venti"}, "a.weight": {"1e3"}, "a.born": {"31/2/2020"}, "a.x": {"1"}, "a.mood": {"0x2"},
	}
	_, faults := parseSample(t).Submit(page)
	want := map[string]string{
		"age": "kit.answer.integer", "weight": "kit.answer.decimal", "born": "kit.answer.date", "x": "kit.answer.unknown",
		"mood": "kit.answer.integer",
	}
	if diff := cmp.Diff(want, summary(faults)); diff != "" {
		t.Error(diff)
	}
}

// A condition sees answers as they are understood, and what nobody answered as null; one that cannot be told hides nothing, and says
// so.
func TestConditionsSeeWhatIsAnswered(t *testing.T) {
	for condition, test := range map[string]struct {
		given  Answers
		shown  bool
		faults map[string]string
	}{
		`answers.name == 'Ada'`: {Answers{"name": " Ada "}, true, map[string]string{}},
		`answers.name == 'Eva'`: {Answers{"name": "Ada"}, false, map[string]string{}},
		`answers.name == null`:  {Answers{}, true, map[string]string{}},
		`answers.name > 3`:      {Answers{"name": "Ada"}, true, map[string]string{"then": "kit.answer.rule"}},
	} {
		form := &Form{Sections: []FormSection{{Key: "s", Items: []FormItem{{Key: "name", Type: TypeText}, {Key: "then", Type: TypeText, Visible: condition}}}}}
		if shown := len(form.Visible(test.given)) == 2; shown != test.shown {
			t.Errorf("%s: shown %t", condition, shown)
		}
		_, faults := form.Check(test.given)
		if diff := cmp.Diff(test.faults, summary(faults)); diff != "" {
			t.Errorf("%s: %s", condition, diff)
		}
	}
}

func TestChoicesHaveALeastNumber(t *testing.T) {
	least, options := 2.0, []FormOption{{Value: "a"}, {Value: "b"}, {Value: "c"}}
	form := &Form{Sections: []FormSection{{Key: "s", Items: []FormItem{{Key: "needs", Type: TypeChoices, Min: &least, Options: options}}}}}
	for want, chosen := range map[string][]any{"kit.answer.too_few": {"a"}, "": {"b", "a"}} {
		if _, faults := form.Check(Answers{"needs": chosen}); summary(faults)["needs"] != want {
			t.Errorf("%v: %v", chosen, faults)
		}
	}
}

// Whether an answer is required is written as it is read.
func TestRequirementsAreWrittenAsTheyAreRead(t *testing.T) {
	for _, raw := range []string{`true`, `false`, `"answers.works == true"`} {
		var r Requirement
		if err := json.Unmarshal([]byte(raw), &r); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(r); err != nil || string(got) != raw {
			t.Errorf("%s is written as %s, %v", raw, got, err)
		}
	}
	if err := json.Unmarshal([]byte(`3`), &Requirement{}); err == nil {
		t.Error("a number says that something is required")
	}
}

func TestFaultsSpeakBothLanguages(t *testing.T) {
	_, faults := parseSample(t).Check(Answers{"name": "Adalgisa", "works": true})
	if len(faults) != 1 || faults[0].Error() != `name: kit.answer.too_long max="5"` {
		t.Errorf("faults %v", faults)
	}
}

// randomForm draws a form in which later items may depend on earlier ones.
func randomForm(t *rapid.T) *Form {
	form := &Form{Sections: []FormSection{{Key: "all"}}}
	for at := range rapid.IntRange(1, 8).Draw(t, "items") {
		item := FormItem{Key: fmt.Sprintf("q%d", at), Type: TypeChoice}
		for _, points := range []float64{0, 1, 3} {
			item.Options = append(item.Options, FormOption{Value: canonical.Number(points), Score: &points})
		}
		if at > 0 && rapid.Bool().Draw(t, "conditional") {
			on := rapid.IntRange(0, at-1).Draw(t, "on")
			item.Visible = fmt.Sprintf("answers.q%d == '%s'", on, rapid.SampledFrom([]string{"0", "1", "3"}).Draw(t, "value"))
		}
		form.Sections[0].Items = append(form.Sections[0].Items, item)
	}
	return form
}

func randomAnswers(t *rapid.T, form *Form) Answers {
	answers := Answers{}
	for _, item := range form.Items() {
		if value := rapid.SampledFrom([]string{"", "0", "1", "3"}).Draw(t, item.Key); value != "" {
			answers[item.Key] = value
		}
	}
	return answers
}

func TestHiddenItemsNeverCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := randomForm(t)
		assessment := &Assessment{Form: *form, Scoring: Scoring{Min: 0, Max: float64(3 * len(form.Items()))}}
		given := randomAnswers(t, form)
		kept, faults := form.CheckDraft(given)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		visible := map[string]bool{}
		for _, key := range form.Visible(given) {
			visible[key] = true
		}
		for _, item := range form.Items() {
			if _, ok := kept[item.Key]; ok && !visible[item.Key] {
				t.Fatalf("%s is hidden and was kept", item.Key)
			}
		}
		whole, err := assessment.Explain(given)
		if err != nil {
			t.Fatal(err)
		}
		again, err := assessment.Explain(kept)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole, again); diff != "" {
			t.Fatal(diff)
		}
		var lines float64
		for _, line := range whole.Lines {
			if !visible[line.Key] {
				t.Fatalf("%s is hidden and was counted", line.Key)
			}
			lines += line.Points
		}
		if whole.Total != lines || whole.Total < 0 || whole.Total > whole.Max {
			t.Fatalf("total %v, lines %v, max %v", whole.Total, lines, whole.Max)
		}
	})
}

func TestCheckingTwiceChangesNothing(t *testing.T) {
	form := parseSample(t)
	rapid.Check(t, func(t *rapid.T) {
		given := Answers{}
		for _, item := range form.Items() {
			if rapid.Bool().Draw(t, "given") {
				given[item.Key] = anyJSON().Draw(t, item.Key)
			}
		}
		kept, _ := form.CheckDraft(given)
		raw, err := json.Marshal(kept)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := ParseAnswers(raw)
		if err != nil {
			t.Fatal(err)
		}
		again, faults := form.CheckDraft(stored)
		if diff := cmp.Diff(kept, again); diff != "" || len(faults) > 0 {
			t.Fatal(diff, faults)
		}
	})
}

// anyJSON draws what a caller may send for an answer.
func anyJSON() *rapid.Generator[any] {
	return rapid.Deferred(func() *rapid.Generator[any] {
		return rapid.OneOf(
			rapid.Map(rapid.String(), func(s string) any { return s }),
			rapid.Map(rapid.Float64Range(-1e300, 1e300), func(f float64) any { return f }),
			rapid.Map(rapid.Bool(), func(b bool) any { return b }),
			rapid.Just[any](nil),
			rapid.Map(rapid.SliceOfN(anyJSON(), 0, 3), func(l []any) any { return l }),
			rapid.Map(rapid.MapOfN(rapid.String(), anyJSON(), 0, 3), func(m map[string]any) any { return m }),
		)
	})
}
