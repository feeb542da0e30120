package questionnaire_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"staffetta/internal/carry"
	"staffetta/modules/kit"
)

func words(text string) kit.Text { return kit.Text{IT: text} }

func formOf(t testing.TB, changes []carry.Change, items ...kit.FormItem) *kit.Form {
	t.Helper()
	form := &kit.Form{Sections: []kit.FormSection{{Key: "s", Label: words("S"), Items: items}}, Changes: changes}
	return form
}

func item(key, kind string, values ...string) kit.FormItem {
	one := kit.FormItem{Key: key, Label: words(key), Type: kind}
	for _, v := range values {
		one.Options = append(one.Options, kit.FormOption{Value: v, Label: words(v)})
	}
	return one
}

func contentOf(t testing.TB, form *kit.Form) []byte {
	t.Helper()
	raw, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestAnswersToAnOlderVersionAreCarried(t *testing.T) {
	older := formOf(t, nil, item("words", kit.TypeLongText), item("speaker", kit.TypeChoice, "person", "body", "court"), item("aids", kit.TypeChoices, "a", "b", "c"),
		item("address", kit.TypeText), item("alone", kit.TypeBoolean), item("age", kit.TypeInteger), item("old", kit.TypeText))
	newer := formOf(t, []carry.Change{
		{Key: "r", Way: carry.Rename, From: "words", To: "request"},
		{Key: "m", Way: carry.Map, From: "speaker", Values: []carry.Value{{Value: "court", To: "body"}}},
		{Key: "n", Way: carry.Map, From: "aids", Values: []carry.Value{{Value: "a", To: "x"}, {Value: "b", To: "x"}}},
		{Key: "p", Way: carry.Split, From: "address", Separator: ",", Into: []string{"street", "number"}},
		{Key: "v", Way: carry.Split, From: "alone", Values: []carry.Value{
			{Value: "true", Answers: []carry.Answer{{Key: "home", To: "alone"}}},
			{Value: "false", Answers: []carry.Answer{{Key: "home", To: "others"}, {Key: "helped", To: "true"}}},
		}},
	}, item("request", kit.TypeLongText), item("speaker", kit.TypeChoice, "person", "body"), item("aids", kit.TypeChoices, "x", "c"),
		item("street", kit.TypeText), item("number", kit.TypeText), item("home", kit.TypeChoice, "alone", "others"), item("helped", kit.TypeBoolean), item("age", kit.TypeDecimal))
	if faults := kit.ValidateForm(contentOf(t, newer)); len(faults) > 0 {
		t.Fatalf("the new form: %v", faults)
	}
	given := kit.Answers{
		"words": "Aiuto", "speaker": "court", "aids": []string{"a", "b", "c"}, "address": "Via Roma, 12, scala B", "alone": false, "age": int64(80), "old": "resta",
	}
	got, left := newer.Carry(older, given)
	want := kit.Answers{
		"request": "Aiuto", "speaker": "body", "aids": []string{"x", "c"}, "street": "Via Roma", "number": "12, scala B", "home": "others", "helped": true, "age": 80.0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("carried (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]carry.Left{{Key: "old", Answer: "resta"}}, left); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestAnAnswerThatNobodyIsAskedIsTold(t *testing.T) {
	older := formOf(t, nil, item("urgent", kit.TypeBoolean), item("since", kit.TypeText))
	hidden := item("from_when", kit.TypeText)
	hidden.Visible = "answers.urgent == true"
	newer := formOf(t, []carry.Change{{Key: "r", Way: carry.Rename, From: "since", To: "from_when"}}, item("urgent", kit.TypeBoolean), hidden)
	got, left := newer.Carry(older, kit.Answers{"urgent": false, "since": "ieri"})
	if diff := cmp.Diff(kit.Answers{"urgent": false}, got); diff != "" {
		t.Errorf("carried (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]carry.Left{{Key: "since", Answer: "ieri"}}, left); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestChangesThatCannotBeAreToldWithTheirPlace(t *testing.T) {
	choice, text := item("c", kit.TypeChoice, "x", "y"), item("a", kit.TypeText)
	for name, tc := range map[string]struct {
		changes []carry.Change
		want    string
	}{
		"to nothing":        {[]carry.Change{{Key: "r", Way: carry.Rename, From: "old", To: "b"}}, "changes[r].to kit.change.unknown"},
		"to nowhere":        {[]carry.Change{{Key: "r", Way: carry.Rename, From: "old"}}, "changes[r].to kit.change.empty"},
		"still there":       {[]carry.Change{{Key: "r", Way: carry.Rename, From: "c", To: "a"}}, "changes[r].from kit.change.standing"},
		"value still there": {[]carry.Change{{Key: "m", Way: carry.Map, From: "c", Values: []carry.Value{{Value: "x", To: "y"}}}}, "changes[m].values kit.change.standing"},
		"value refused":     {[]carry.Change{{Key: "m", Way: carry.Map, From: "c", Values: []carry.Value{{Value: "z", To: "w"}}}}, "changes[m].values kit.change.refused"},
		"value twice":       {[]carry.Change{{Key: "m", Way: carry.Map, From: "c", Values: []carry.Value{{Value: "z", To: "x"}, {Value: "z", To: "y"}}}}, "changes[m].values kit.change.repeated"},
		"no values":         {[]carry.Change{{Key: "m", Way: carry.Map, From: "c"}}, "changes[m].values kit.change.empty"},
		"one part":          {[]carry.Change{{Key: "s", Way: carry.Split, From: "old", Separator: ",", Into: []string{"a"}}}, "changes[s].into kit.change.empty"},
		"part no text":      {[]carry.Change{{Key: "s", Way: carry.Split, From: "old", Separator: ",", Into: []string{"a", "c"}}}, "changes[s].into kit.change.refused"},
		"both ways": {
			[]carry.Change{{Key: "s", Way: carry.Split, From: "old", Separator: ",", Into: []string{"a", "b"}, Values: []carry.Value{{Value: "1", Answers: []carry.Answer{{Key: "c", To: "x"}}}}}},
			"changes[s] kit.change.both",
		},
		"led away before": {
			[]carry.Change{{Key: "r", Way: carry.Rename, From: "old", To: "a"}, {Key: "s", Way: carry.Rename, From: "old", To: "b"}},
			"changes[s].from kit.change.gone",
		},
		"same name": {
			[]carry.Change{{Key: "r", Way: carry.Rename, From: "old", To: "a"}, {Key: "r", Way: carry.Rename, From: "older", To: "b"}},
			"changes[r].key kit.change.repeated",
		},
	} {
		items := []kit.FormItem{choice, text}
		if strings.Contains(tc.want, "both") || strings.Contains(tc.want, "gone") || strings.Contains(tc.want, ".key ") {
			items = append(items, item("b", kit.TypeText))
		}
		var told []string
		for _, f := range kit.ValidateForm(contentOf(t, formOf(t, tc.changes, items...))) {
			told = append(told, f.Path+" "+f.Key)
		}
		if diff := cmp.Diff([]string{tc.want}, told); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A list may hold the changes of several versions: who comes from further back goes all the way, who comes from the last one
// only the rest.
func TestChangesOfSeveralVersionsAreReadInTheirOrder(t *testing.T) {
	first, second := formOf(t, nil, item("a", kit.TypeChoice, "x", "y")), formOf(t, nil, item("b", kit.TypeChoice, "x2", "y"))
	third := formOf(t, []carry.Change{
		{Key: "one", Way: carry.Map, From: "a", To: "b", Values: []carry.Value{{Value: "x", To: "x2"}}},
		{Key: "two", Way: carry.Map, From: "b", To: "c", Values: []carry.Value{{Value: "x2", To: "x3"}}},
	}, item("c", kit.TypeChoice, "x3", "y"))
	if faults := kit.ValidateForm(contentOf(t, third)); len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, from := range []struct {
		form   *kit.Form
		answer kit.Answers
	}{{first, kit.Answers{"a": "x"}}, {second, kit.Answers{"b": "x2"}}, {third, kit.Answers{"c": "x3"}}} {
		got, left := third.Carry(from.form, from.answer)
		if diff := cmp.Diff(kit.Answers{"c": "x3"}, got); diff != "" || len(left) > 0 {
			t.Errorf("from %v: %s, left %v", from.answer, diff, left)
		}
	}
}

// fate is what becomes of one question in a random new version, and where its answers have to be then.
type fate struct {
	older   kit.FormItem
	newer   []kit.FormItem
	changes []carry.Change
	answer  any
	want    kit.Answers // nothing where the answer has no place
	told    any         // of the answer, what has no place
}

func pick(t *rapid.T, label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(t, label)
}

// drawFate makes one question of every kind of change there is, and of changes that nobody declared.
func drawFate(t *rapid.T, n int) fate {
	key, to := fmt.Sprintf("q%d", n), fmt.Sprintf("n%d", n)
	value := pick(t, "value", "a", "b", "c")
	text := rapid.StringMatching(`[a-z]{1,8}(, [a-z]{1,5}){0,3}`).Draw(t, "text")
	choice, open := item(key, kit.TypeChoice, "a", "b", "c"), item(key, kit.TypeText)
	switch pick(t, "fate", "same", "rename", "map", "narrow", "gone", "split", "split values", "many", "truth", "type") {
	case "rename":
		return fate{open, []kit.FormItem{item(to, kit.TypeText)}, []carry.Change{{Key: "k" + key, Way: carry.Rename, From: key, To: to}}, text, kit.Answers{to: text}, nil}
	case "map":
		values := []carry.Value{{Value: "a", To: "x"}, {Value: "b", To: "x"}}
		f := fate{choice, []kit.FormItem{item(to, kit.TypeChoice, "x", "z")}, []carry.Change{{Key: "k" + key, Way: carry.Map, From: key, To: to, Values: values}}, value, nil, value}
		if value != "c" { // of which nothing is declared
			f.want, f.told = kit.Answers{to: "x"}, nil
		}
		return f
	case "narrow":
		f := fate{choice, []kit.FormItem{item(key, kit.TypeChoice, "a", "b")}, nil, value, kit.Answers{key: value}, nil}
		if value == "c" {
			f.want, f.told = nil, value
		}
		return f
	case "gone":
		return fate{open, nil, nil, text, nil, text}
	case "split":
		first, rest, found := strings.Cut(text, ",")
		f := fate{
			open,
			[]kit.FormItem{item(to, kit.TypeText), item(to+"b", kit.TypeText)},
			[]carry.Change{{Key: "k" + key, Way: carry.Split, From: key, Separator: ",", Into: []string{to, to + "b"}}},
			text,
			kit.Answers{to: first},
			nil,
		}
		if found {
			f.want[to+"b"] = strings.TrimSpace(rest)
		}
		return f
	case "split values":
		values := []carry.Value{{Value: "a", Answers: []carry.Answer{{Key: to, To: "x"}, {Key: to + "b", To: "true"}}}}
		f := fate{choice, []kit.FormItem{item(to, kit.TypeChoice, "x", "z"), item(to+"b", kit.TypeBoolean)}, []carry.Change{{Key: "k" + key, Way: carry.Split, From: key, Values: values}}, value, nil, value}
		if value == "a" {
			f.want, f.told = kit.Answers{to: "x", to + "b": true}, nil
		}
		return f
	case "many":
		return drawMany(t, key)
	case "truth":
		yes := rapid.Bool().Draw(t, "yes")
		values := []carry.Value{{Value: "true", To: "daily"}, {Value: "false", To: "never"}}
		return fate{
			item(key, kit.TypeBoolean),
			[]kit.FormItem{item(key, kit.TypeChoice, "daily", "never")},
			[]carry.Change{{Key: "k" + key, Way: carry.Map, From: key, Values: values}},
			yes,
			kit.Answers{key: map[bool]string{true: "daily", false: "never"}[yes]},
			nil,
		}
	case "type":
		return fate{open, []kit.FormItem{item(key, kit.TypeDate)}, nil, text, nil, text}
	}
	return fate{choice, []kit.FormItem{choice}, nil, value, kit.Answers{key: value}, nil}
}

// drawMany makes a question with several answers, of which some have no place.
func drawMany(t *rapid.T, key string) fate {
	chosen := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 3, rapid.ID[string]).Draw(t, "chosen")
	slices.Sort(chosen)
	f := fate{
		item(key, kit.TypeChoices, "a", "b", "c"),
		[]kit.FormItem{item(key, kit.TypeChoices, "b", "x")},
		[]carry.Change{{Key: "k" + key, Way: carry.Map, From: key, Values: []carry.Value{{Value: "a", To: "x"}}}},
		chosen, nil, nil,
	}
	var placed []string
	for _, pair := range [][2]string{{"b", "b"}, {"a", "x"}} {
		if slices.Contains(chosen, pair[0]) {
			placed = append(placed, pair[1])
		}
	}
	if placed != nil {
		f.want = kit.Answers{key: placed}
	}
	if slices.Contains(chosen, "c") {
		f.told = []string{"c"}
	}
	return f
}

// No answer is lost: each is at its place in the new version, or told. And what the comparison of two versions does not tell of
// beforehand is carried over.
func TestNoAnswerIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var older, newer []kit.FormItem
		var changes []carry.Change
		given, want, told := kit.Answers{}, kit.Answers{}, map[string]any{}
		for n := range rapid.IntRange(1, 8).Draw(t, "questions") {
			f := drawFate(t, n)
			older, newer, changes = append(older, f.older), append(newer, f.newer...), append(changes, f.changes...)
			if rapid.IntRange(0, 4).Draw(t, "unanswered") == 0 {
				continue
			}
			given[f.older.Key] = f.answer
			maps.Copy(want, f.want)
			if f.told != nil {
				told[f.older.Key] = f.told
			}
		}
		newer = append(newer, item("always", kit.TypeText))
		was, is := &kit.Form{Sections: []kit.FormSection{{Key: "s", Items: older}}}, &kit.Form{Sections: []kit.FormSection{{Key: "s", Items: newer}}, Changes: changes}
		if faults := is.Set().Check(); len(faults) > 0 {
			t.Fatalf("the declared changes: %v", faults)
		}
		got, left := is.Carry(was, given)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("carried (-want +got):\n%s", diff)
		}
		lost := map[string]any{}
		for _, one := range left {
			lost[one.Key] = one.Answer
		}
		if diff := cmp.Diff(told, lost); diff != "" {
			t.Fatalf("left (-want +got):\n%s", diff)
		}
		foretold := map[string]bool{}
		for _, loss := range is.Set().Compare(was.Set().Questions) {
			foretold[loss.Key] = true
		}
		for key := range lost {
			if !foretold[key] {
				t.Fatalf("nobody was told beforehand that %s has no place", key)
			}
		}
	})
}
