package editor

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules/kit/shape"
	"staffetta/modules/kit/tell"
)

// schema has entries of two levels that other places name: by themselves, in a rule, and to choose.
const schema = `{"type":"object","properties":{
 "parts":{"type":"array","items":{"type":"object","properties":{
  "key":{"type":"string"},"when":{"type":"string","names":"parts[].asks[]"},
  "asks":{"type":"array","items":{"type":"object","properties":{"key":{"type":"string"},"label":{"type":"string"},
   "need":{"oneOf":[{"type":"boolean"},{"type":"string"}],"names":"parts[].asks[]"}},"required":["key"]}}},"required":["key"]}},
 "first":{"type":"string","of":"parts[]"},
 "lines":{"type":"array","items":{"type":"string","names":"parts[].asks[]"}},
 "tests":{"type":"array","items":{"type":"object","properties":{"key":{"type":"string"},"value":{"type":"string"},
  "given":{"type":"string","of":"parts[].asks[]"},"shown":{"type":"array","items":{"type":"string","of":"parts[].asks[]"}}},"required":["key"]}}}}`

const content = `{"first":"one","lines":["age","city"],"parts":[
 {"key":"one","asks":[{"key":"age","label":"age"},{"key":"city","need":"answers.age > 3"}]},
 {"key":"two","when":"answers.city == 'age'","asks":[{"key":"job","need":true}]}],
 "tests":[{"key":"age","value":"age","given":"age","shown":["city","age"]}]}`

func TestPlacesFollowANewKey(t *testing.T) {
	t.Parallel()
	node, err := shape.Parse([]byte(schema), nil)
	if err != nil {
		t.Fatal(err)
	}
	const (
		one  = "c.parts.0"
		age  = one + ".asks.0"
		city = one + ".asks.1"
		job  = "c.parts.1.asks.0"
	)
	for name, test := range map[string]struct {
		typed  map[string]string // what somebody changes on the page
		want   string            // the content then
		places int
	}{
		"a question": {map[string]string{age + ".key": "years"}, `{"first":"one","lines":["years","city"],"parts":[
 {"key":"one","asks":[{"key":"years","label":"age"},{"key":"city","need":"answers.years > 3"}]},
 {"key":"two","when":"answers.city == 'age'","asks":[{"key":"job","need":true}]}],
 "tests":[{"key":"age","value":"age","given":"years","shown":["city","years"]}]}`, 4},
		"two change names": {map[string]string{age + ".key": "city", city + ".key": "age"}, `{"first":"one","lines":["city","age"],"parts":[
 {"key":"one","asks":[{"key":"city","label":"age"},{"key":"age","need":"answers.city > 3"}]},
 {"key":"two","when":"answers.age == 'age'","asks":[{"key":"job","need":true}]}],
 "tests":[{"key":"age","value":"age","given":"city","shown":["age","city"]}]}`, 7},
		"a part, and one that nobody names": {map[string]string{one + ".key": "who", job + ".key": "work"}, `{"first":"who","lines":["age","city"],"parts":[
 {"key":"who","asks":[{"key":"age","label":"age"},{"key":"city","need":"answers.age > 3"}]},
 {"key":"two","when":"answers.city == 'age'","asks":[{"key":"work","need":true}]}],
 "tests":[{"key":"age","value":"age","given":"age","shown":["city","age"]}]}`, 1},
		"a name that another one has": {map[string]string{age + ".key": "job"}, `{"first":"one","lines":["age","city"],"parts":[
 {"key":"one","asks":[{"key":"job","label":"age"},{"key":"city","need":"answers.age > 3"}]},
 {"key":"two","when":"answers.city == 'age'","asks":[{"key":"job","need":true}]}],
 "tests":[{"key":"age","value":"age","given":"age","shown":["city","age"]}]}`, 0},
		"a name that a new one takes": {map[string]string{age + ".key": "years", job + ".key": "age", job + wasMark: ""}, `{"first":"one","lines":["age","city"],"parts":[
 {"key":"one","asks":[{"key":"years","label":"age"},{"key":"city","need":"answers.age > 3"}]},
 {"key":"two","when":"answers.city == 'age'","asks":[{"key":"age","need":true}]}],
 "tests":[{"key":"age","value":"age","given":"age","shown":["city","age"]}]}`, 0},
		"nothing": {nil, content, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values, err := Flatten(node, []byte(content))
			if err != nil {
				t.Fatal(err)
			}
			for at, key := range map[string]string{one: "one", "c.parts.1": "two", age: "age", city: "city", job: "job"} {
				values.Set(at+wasMark, key)
			}
			for at, key := range test.typed {
				values.Set(at, key)
			}
			typed, err := Build(node, values)
			if err != nil {
				t.Fatal(err)
			}
			got, places, err := Follow(node, typed, values)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(parsed(t, test.want), parsed(t, string(got))); diff != "" || places != test.places {
				t.Errorf("%d places, want %d (-want +got):\n%s", places, test.places, diff)
			}
		})
	}
}

func parsed(t *testing.T, raw string) any {
	t.Helper()
	value, err := decode([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// By what the page carries, an entry that moved or went is told from one that has another name.
func TestAPageCarriesTheKeysThatAreNamed(t *testing.T) {
	t.Parallel()
	node, err := shape.Parse([]byte(schema), nil)
	if err != nil {
		t.Fatal(err)
	}
	pieces, _, err := Form{Shape: node, Words: tell.New(t.Context(), tell.Source{}, "", []byte(content))}.Page([]byte(content))
	if err != nil {
		t.Fatal(err)
	}
	marks := map[string]string{}
	var walk func([]Piece)
	walk = func(pieces []Piece) {
		for _, piece := range pieces {
			if piece.List == nil {
				continue
			}
			for _, entry := range piece.List.Entries {
				if entry.Was != nil {
					marks[entry.Was.Name] = entry.Was.Value
				}
				walk(entry.Pieces)
			}
		}
	}
	walk(pieces)
	want := map[string]string{
		"c.parts.0~was": "one", "c.parts.1~was": "two", "c.parts.0.asks.0~was": "age", "c.parts.0.asks.1~was": "city", "c.parts.1.asks.0~was": "job",
	}
	if diff := cmp.Diff(want, marks); diff != "" {
		t.Errorf("marks of a page (-want +got):\n%s", diff)
	}
}
