package cid_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/carry"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/practice"
	"staffetta/modules/practice/cid"
	"staffetta/modules/practice/personal"
	"staffetta/modules/sharing"
)

// declared are the kinds of all modules.
func declared(t testing.TB) *modules.Kinds {
	t.Helper()
	return moduletest.Kinds(t, kit.Module(), casefile.Module(), assessment.Module(), guide.Module(), practice.Module(), sharing.Module())
}

func items(t testing.TB) map[string]kit.Source {
	t.Helper()
	list, err := cid.Items()
	if err != nil {
		t.Fatal(err)
	}
	byKey := map[string]kit.Source{}
	for _, item := range list {
		byKey[item.Key] = item
	}
	return byKey
}

func TestEveryItemIsValid(t *testing.T) {
	kinds, list := declared(t), items(t)
	for key, item := range list {
		t.Run(key, func(t *testing.T) {
			kind, _, known := kinds.Get(item.Kind)
			if !known {
				t.Fatalf("no module declares the kind %s", item.Kind)
			}
			if err := kind.Validate(item.Content); err != nil {
				t.Error(err, problem.Of(err).Fields)
			}
			if item.Title.IT == "" || item.Title.EN == "" || item.Owner == "" || item.Licence == "" {
				t.Errorf("title, owner or licence missing: %+v", item)
			}
			if sum, err := item.Hash(); err != nil || len(sum) != 64 {
				t.Errorf("hash %q, %v", sum, err)
			}
		})
	}
}

func TestReferencesResolve(t *testing.T) {
	kinds, all := declared(t), items(t)
	found := 0
	for key, item := range all {
		for _, ref := range kit.References(kinds, item.Kind, item.Content) {
			found++
			other, ok := all[ref.Key]
			if !ok || (ref.Kind != "" && other.Kind != ref.Kind) {
				t.Errorf("%s: %s names %s of kind %q, found %q", key, ref.Path, ref.Key, ref.Kind, other.Kind)
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d references found", found)
	}
}

// A later release is whole too: its items are valid, their references resolve, and it differs where it should.
func TestLaterReleasesAreWhole(t *testing.T) {
	kinds := declared(t)
	for release, want := range map[string]struct{ items, changed int }{"1.0.0": {51, 0}, "1.1.0": {54, 4}, "2.0.0": {54, 9}} {
		list, err := cid.ItemsOf(release)
		if err != nil {
			t.Fatal(err)
		}
		first, changed := items(t), 0
		for _, item := range list {
			kind, _, known := kinds.Get(item.Kind)
			if !known || kind.Validate(item.Content) != nil {
				t.Errorf("%s %s is not valid: %v", release, item.Key, kind.Validate(item.Content))
			}
			if string(first[item.Key].Content) != string(item.Content) {
				changed++
			}
			if found := personal.Rules(string(item.Content)); len(found) > 0 {
				t.Errorf("%s %s: %v", release, item.Key, found)
			}
		}
		if away := kit.Unanswered(kinds, list); len(away) > 0 || len(list) != want.items || changed != want.changed {
			t.Errorf("%s: %d items, %d changed, references away %v", release, len(list), changed, away)
		}
	}
	if _, err := cid.ItemsOf("9.0.0"); err == nil {
		t.Error("a release without sources has items")
	}
}

// Whatever computes or decides carries tests, and each of them really looks: with another number, the contrary or another
// name expected it fails.
func TestEveryTestOfTheKitLooks(t *testing.T) {
	kinds := declared(t)
	for key, item := range items(t) {
		kind, _, _ := kinds.Get(item.Kind)
		if kind.Prove == nil {
			continue
		}
		var content map[string]any
		if err := json.Unmarshal(item.Content, &content); err != nil {
			t.Fatal(err)
		}
		tests, _ := content["tests"].([]any)
		if len(tests) == 0 {
			t.Errorf("%s carries no test", key)
		}
		for _, one := range tests {
			test, _ := one.(map[string]any)
			expected, _ := test["expected"].(map[string]any)
			name, _ := test["name"].(map[string]any)
			if name["en"] == nil {
				t.Errorf("%s: the test %v has no English name", key, test["key"])
			}
			for member, value := range expected {
				other, can := contrary(member, value)
				if !can {
					continue
				}
				expected[member] = other
				raw, err := json.Marshal(content)
				if err != nil {
					t.Fatal(err)
				}
				if kind.Validate(raw) == nil {
					t.Errorf("%s: the test %v holds with %s %v too", key, test["key"], member, other)
				}
				expected[member] = value
			}
		}
	}
}

// contrary is something else that could be expected.
func contrary(member string, value any) (any, bool) {
	switch v := value.(type) {
	case float64:
		return v + 1, true
	case bool:
		return !v, true
	case []any:
		return v[1:], member == "missing" || member == "wrong" && len(v) > 1
	}
	return nil, false
}

// Whoever has begun a first access with 1.0.0 goes on in 2.0.0: every answer has its place there.
func TestTheFirstAccessOfOldGoesOn(t *testing.T) {
	forms := map[string]*kit.Form{}
	for _, release := range []string{"1.0.0", "2.0.0"} {
		items, err := cid.ItemsOf(release)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(items, func(one kit.Source) bool { return one.Key == "FO-01" })
		if forms[release], err = kit.ParseForm(items[at].Content); err != nil {
			t.Fatal(err)
		}
	}
	older, newer := forms["1.0.0"], forms["2.0.0"]
	if losses := newer.Set().Compare(older.Set().Questions); len(losses) > 0 {
		t.Errorf("answers without a sure place: %v", losses)
	}
	if without := (carry.Set{Questions: newer.Set().Questions}).Compare(older.Set().Questions); len(without) != 3 {
		t.Errorf("without what is declared %v would be lost, want three questions", without)
	}
	got, left := newer.Carry(older, kit.Answers{"channel": "other_remote", "speaker": "institution", "person_present": true, "words": "Aiuto"})
	if diff := cmp.Diff(kit.Answers{"channel": "online", "speaker": "body", "person_present": true, "request": "Aiuto"}, got); diff != "" || len(left) > 0 {
		t.Errorf("carried (-want +got):\n%s\nleft %v", diff, left)
	}
}
