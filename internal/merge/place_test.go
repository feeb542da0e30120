package merge_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/merge"
)

// What happens to entries and members by where they stand and how they are called.
func TestThreeByPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		base, ours, theirs, want string
		open                     []string
	}{
		"null is not nothing": {
			base: `{"a":null,"b":1}`, ours: `{"a":null,"b":2}`, theirs: `{"b":1}`, want: `{"b":2}`,
		},
		"two new entries in two orders": {
			base: `{"laws":["1"]}`, ours: `{"laws":["1","x","y"]}`, theirs: `{"laws":["1","y","x"]}`, want: `{"laws":["1","x","y"]}`, open: []string{"laws[]"},
		},
		"known entries in two orders": {
			base: `{"laws":["1","2","3"]}`, ours: `{"laws":["3","1","2"]}`, theirs: `{"laws":["2","1","3"]}`, want: `{"laws":["3","1","2"]}`, open: []string{"laws[]"},
		},
		"new entries in a row keep their order": {
			base: `{"laws":["1","2"]}`, ours: `{"laws":["1","y","x","2"]}`, theirs: `{"laws":["1","2","3"]}`, want: `{"laws":["1","y","x","2","3"]}`,
		},
		"new entries of both at one place go by their ids": {
			base: `{"laws":["1"]}`, ours: `{"laws":["1","y","b"]}`, theirs: `{"laws":["1","c","a"]}`, want: `{"laws":["1","c","a","y","b"]}`,
		},
		"a new entry stands after what it followed": {
			base: `{"laws":["1","2","3"]}`, ours: `{"laws":["1","2","x","3"]}`, theirs: `{"laws":["3","2","1"]}`, want: `{"laws":["3","2","x","1"]}`,
		},
		"lists in entries": {
			base:   `{"items":[{"key":"a","options":[{"value":"1","label":"uno"},{"value":"2","label":"due"}]}]}`,
			ours:   `{"items":[{"key":"a","options":[{"value":"1","label":"one"},{"value":"2","label":"due"}]}]}`,
			theirs: `{"items":[{"key":"a","options":[{"value":"1","label":"uno"},{"value":"2","label":"two"},{"value":"3","label":"tre"}]}]}`,
			want:   `{"items":[{"key":"a","options":[{"value":"1","label":"one"},{"value":"2","label":"two"},{"value":"3","label":"tre"}]}]}`,
		},
		"an entry without a key": {
			base: `{"items":[{"key":"a"}]}`, ours: `{"items":[{"key":"a"},{"label":"x"}]}`, theirs: `{"items":[{"key":"b"}]}`,
			want: `{"items":[{"key":"a"},{"label":"x"}]}`, open: []string{"items"},
		},
		"an entry whose key is null": {
			base: `{"items":[{"key":"a"}]}`, ours: `{"items":[{"key":"a"},{"key":null}]}`, theirs: `{"items":[{"key":"b"}]}`,
			want: `{"items":[{"key":"a"},{"key":null}]}`, open: []string{"items"},
		},
		"an empty text is an entry": {
			base: `{"laws":["1"]}`, ours: `{"laws":["1",""]}`, theirs: `{"laws":["1","2"]}`, want: `{"laws":["1","","2"]}`,
		},
		"names that could be places": {
			base: `{"a.b":1,"a":{"b":1},"":1}`, ours: `{"a.b":2,"a":{"b":2},"":2}`, theirs: `{"a.b":3,"a":{"b":3},"":3}`,
			want: `{"a.b":2,"a":{"b":2},"":2}`, open: []string{`""`, "a.b", `"a.b"`},
		},
		"ids that could be places": {
			base: `{"items":[{"key":"x].label","a":1},{"key":"x","label":1}]}`, ours: `{"items":[{"key":"x].label","a":2},{"key":"x","label":2}]}`,
			theirs: `{"items":[{"key":"x].label","a":3},{"key":"x","label":3}]}`, want: `{"items":[{"key":"x].label","a":2},{"key":"x","label":2}]}`,
			open: []string{`items["x].label"].a`, "items[x].label"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, open, err := merge.Three(lists, []byte(c.base), []byte(c.ours), []byte(c.theirs), nil)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(decode(t, []byte(c.want)), decode(t, got)); d != "" {
				t.Errorf("merged (-want +got):\n%s", d)
			}
			if places := paths(open); !slices.Equal(places, c.open) {
				t.Errorf("conflicts at %v, want %v", places, c.open)
			}
		})
	}
}

// A conflict tells what each side has, and nobody decides it by an answer that does not fit.
func TestConflictsTellWhatEachSideHas(t *testing.T) {
	t.Parallel()
	base, ours, theirs := []byte(`{"a":1,"laws":["1","2","3"]}`), []byte(`{"a":2,"laws":["3","1","2"]}`), []byte(`{"laws":["2","1","3"]}`)
	want := []merge.Conflict{
		{Path: "a", Base: json.RawMessage(`1`), Ours: json.RawMessage(`2`)},
		{Path: "laws[]", Base: json.RawMessage(`["1","2","3"]`), Ours: json.RawMessage(`["3","1","2"]`), Theirs: json.RawMessage(`["2","1","3"]`), Order: true},
	}
	_, open, err := merge.Three(lists, base, ours, theirs, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, open); d != "" {
		t.Errorf("conflicts (-want +got):\n%s", d)
	}
	for side, c := range map[merge.Side]struct {
		want string
		open []string
	}{
		merge.Ours:   {`{"a":2,"laws":["3","1","2"]}`, nil},
		merge.Theirs: {`{"laws":["2","1","3"]}`, nil},
		merge.Value:  {`{"laws":["3","1","2"]}`, []string{"laws[]"}}, // an order is no value that somebody writes
		"":           {`{"a":2,"laws":["3","1","2"]}`, []string{"a", "laws[]"}},
	} {
		answers := map[string]merge.Answer{"a": {Side: side}, "laws[]": {Side: side, Value: json.RawMessage(`["1"]`)}}
		got, open, err := merge.Three(lists, base, ours, theirs, answers)
		if err != nil {
			t.Fatal(err)
		}
		if places := paths(open); !slices.Equal(places, c.open) {
			t.Errorf("%q leaves %v open, want %v", side, places, c.open)
		}
		if d := cmp.Diff(decode(t, []byte(c.want)), decode(t, got)); d != "" {
			t.Errorf("%q (-want +got):\n%s", side, d)
		}
	}
}
