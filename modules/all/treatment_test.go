package all_test

import (
	"slices"
	"testing"

	"staffetta/modules"
	"staffetta/modules/all"
)

// A module that keeps records about people says what it does with them, so that the privacy documents of a body miss nothing.
func TestModulesSayWhatTheyDoWithData(t *testing.T) {
	t.Parallel()
	keys := map[string]modules.ID{}
	named := map[string]bool{}
	for _, term := range modules.FindTerms(all.Modules()) {
		named[term.Kind] = false
	}
	for _, m := range all.Modules() {
		people := slices.ContainsFunc(m.Records, func(r modules.Record) bool { return r.People || r.CaseColumn != "" || r.PersonColumn != "" })
		if people && len(m.Treatments) == 0 {
			t.Errorf("module %s keeps records about people and declares no treatment", m.ID)
		}
		for _, one := range m.Treatments {
			if other, taken := keys[one.Key]; taken || one.Key == "" {
				t.Errorf("the treatment %q is one of %s and of %s", one.Key, m.ID, other)
			}
			keys[one.Key] = m.ID
			checkTreatment(t, one)
			for _, kind := range one.Terms {
				if _, term := named[kind]; !term && !slices.Contains(modules.Untermed, kind) {
					t.Errorf("the treatment %s stands under %q, which is no term", one.Key, kind)
				}
				named[kind] = true
			}
		}
	}
	for kind, told := range named {
		if !told {
			t.Errorf("no treatment stands under the term %s: no privacy document says it", kind)
		}
	}
	for _, kind := range modules.Untermed {
		if words := modules.KeptWithout(kind, 7); !named[kind] || words.It == "" || words.En == "" {
			t.Errorf("%s is kept %q, and told by a treatment: %v", kind, words, named[kind])
		}
	}
}

func checkTreatment(t *testing.T, one modules.Treatment) {
	t.Helper()
	if !slices.Contains(modules.Areas, one.Area) {
		t.Errorf("the treatment %s stands in no area", one.Key)
	}
	if one.Title.It == "" || one.Title.En == "" || one.Purpose == "" || one.Laws == "" || len(one.Terms) == 0 || len(one.People) == 0 || len(one.Data) == 0 {
		t.Errorf("the treatment %s does not say all: %+v", one.Key, one)
	}
	if !slices.ContainsFunc(one.Bases, func(b modules.Basis) bool { return !b.IsSpecial() }) {
		t.Errorf("the treatment %s has no basis of article 6", one.Key)
	}
	for _, b := range one.Bases {
		if b.Cite() == string(b) {
			t.Errorf("the treatment %s rests on %s, of which there are no words", one.Key, b)
		}
	}
}
