package kit

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
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
