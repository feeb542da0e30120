package kit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/merge"
	"staffetta/modules/kit"
)

func TestEntriesAreToldApartAsTheSchemaSays(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]merge.Lists{
		kit.KindForm: {
			"sections[]": "key", "sections[].items[]": "key", "sections[].items[].options[]": "value",
			"changes[]": "key", "changes[].into[]": merge.Itself, "changes[].values[]": "value", "changes[].values[].answers[]": "key",
			"tests[]": "key", "tests[].given[]": "key", "tests[].expected.shown[]": merge.Itself, "tests[].expected.hidden[]": merge.Itself,
			"tests[].expected.wrong[]": merge.Itself,
		},
		kit.KindVocabulary: {"values[]": "key"},
		kit.KindSharingTemplate: {
			"purposes[]": "key", "purposes[].kinds[]": merge.Itself, "purposes[].sections[]": merge.Itself, "never[]": merge.Itself, "acts[]": merge.Itself,
			"tests[]": "key", "tests[].expected.sections[]": merge.Itself, "tests[].expected.never[]": merge.Itself,
		},
	} {
		found, _, _ := declared(t).Get(kind)
		if d := cmp.Diff(want, merge.Lists(found.Lists)); d != "" {
			t.Errorf("%s (-want +got):\n%s", kind, d)
		}
	}
}

func TestAnItemMergesByTheKeysOfItsKind(t *testing.T) {
	t.Parallel()
	values := func(title string, values string) kit.Source {
		return kit.Source{Kind: kit.KindVocabulary, Key: "VO-01", Title: kit.Text{IT: title}, Owner: "Comune", Licence: "CC-BY-4.0", Content: []byte(`{"values":[` + values + `]}`)}
	}
	kind, _, _ := declared(t).Get(kit.KindVocabulary)
	base := values("Canali", `{"key":"a","label":{"it":"A"}},{"key":"b","label":{"it":"B"}}`)
	ours := values("I nostri canali", `{"key":"a","label":{"it":"A"}},{"key":"c","label":{"it":"C"}},{"key":"b","label":{"it":"B"}}`)
	theirs := values("Canali", `{"key":"b","label":{"it":"B <&>"}}`)
	got, open, err := kit.Merge(kind.Lists, base, ours, theirs, nil)
	if err != nil || len(open) > 0 {
		t.Fatalf("%v, conflicts %v", err, open)
	}
	want := values("I nostri canali", `{"key":"c","label":{"it":"C"}},{"key":"b","label":{"it":"B <&>"}}`)
	if d := cmp.Diff(want, got, cmp.Transformer("text", func(raw []byte) string { return string(raw) })); d != "" {
		t.Errorf("merged (-want +got):\n%s", d)
	}
	theirs.Title.IT = "Canali di accesso"
	if _, open, _ = kit.Merge(kind.Lists, base, ours, theirs, nil); len(open) != 1 || open[0].Path != "title.it" {
		t.Errorf("conflicts %v", open)
	}
}
