package cid_test

import (
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/practice"
	"staffetta/modules/practice/cid"
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
