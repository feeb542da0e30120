package kit

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"staffetta/internal/merge"
)

// The document of an item is the same text that its members written one by one would give.
func TestDocumentIsCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string { return strings.ToValidUTF8(rapid.String().Draw(t, name), "") }
		content, err := json.Marshal(anyJSON().Draw(t, "content"))
		if err != nil {
			t.Fatal(err)
		}
		source := Source{Title: Text{IT: text("it"), EN: text("en")}, Owner: text("owner"), Licence: text("licence"), Content: content}
		raw, err := json.Marshal(document{source.Title, source.Owner, source.Licence, source.Content})
		if err != nil {
			t.Fatal(err)
		}
		want, err := Canonical(raw)
		if err != nil {
			t.Fatal(err)
		}
		got, err := source.Document()
		if err != nil || string(got) != string(want) {
			t.Fatalf("got %s, %v\nwant %s", got, err, want)
		}
	})
}

// Items are the same where all that can be changed of them is, however they are written.
func TestEqual(t *testing.T) {
	one := Source{Title: Text{IT: "Nota", EN: "Note"}, Owner: "Comune", Licence: "CC-BY-4.0", Content: json.RawMessage(`{"a":1,"b":2}`)}
	for name, c := range map[string]struct {
		change func(*Source)
		want   bool
	}{
		"nothing":          {func(*Source) {}, true},
		"another writing":  {func(s *Source) { s.Content = json.RawMessage(`{"b": 2, "a": 1}`) }, true},
		"its key":          {func(s *Source) { s.Key = "N" }, true},
		"content":          {func(s *Source) { s.Content = json.RawMessage(`{"a":1,"b":3}`) }, false},
		"no content":       {func(s *Source) { s.Content = nil }, false},
		"title":            {func(s *Source) { s.Title.IT = "Altra" }, false},
		"title in English": {func(s *Source) { s.Title.EN = "" }, false},
		"owner":            {func(s *Source) { s.Owner = "Provincia" }, false},
		"licence":          {func(s *Source) { s.Licence = "EUPL-1.2" }, false},
	} {
		other := one
		c.change(&other)
		for _, pair := range [][2]Source{{one, other}, {other, one}} {
			if got, err := Equal(pair[0], pair[1]); err != nil || got != c.want {
				t.Errorf("%s: %t, %v", name, got, err)
			}
		}
	}
}

// Lists of a content merge by their keys, texts of the same length are told apart, and where there is no base both are asked.
func TestMergeOfItems(t *testing.T) {
	lists := merge.Lists{"items[]": "key"}
	item := func(content string) Source {
		return Source{Title: Text{IT: "Nota"}, Owner: "Comune", Licence: "CC-BY-4.0", Content: json.RawMessage(content)}
	}
	for name, c := range map[string]struct {
		base, ours, theirs Source
		want               string
		open               int
	}{
		"by key": {
			item(`{"items":[{"key":"a","n":1},{"key":"b","n":1}]}`), item(`{"items":[{"key":"a","n":2},{"key":"b","n":1}]}`),
			item(`{"items":[{"key":"a","n":1},{"key":"b","n":2}]}`), `{"items":[{"key":"a","n":2},{"key":"b","n":2}]}`, 0,
		},
		"of one length":  {item(`{"a":1}`), item(`{"a":2}`), item(`{"a":3}`), `{"a":2}`, 1},
		"without a base": {Source{}, item(`{"a":2}`), item(`{"a":2,"b":1}`), `{"a":2,"b":1}`, 0},
	} {
		merged, open, err := Merge(lists, c.base, c.ours, c.theirs, nil)
		if err != nil || string(merged.Content) != c.want || len(open) != c.open {
			t.Errorf("%s: %s, %+v, %v", name, merged.Content, open, err)
		}
	}
}

// anyJSON draws what a content may hold.
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
