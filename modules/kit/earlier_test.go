package kit_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"staffetta/internal/carry"
	"staffetta/modules/kit"
)

// asking is a form of texts with some questions, that declares some of those of another one renamed.
func asking(rt *rapid.T, older *kit.Form) *kit.Form {
	keys := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}), 1, 5, rapid.ID[string]).Draw(rt, "keys")
	section := kit.FormSection{Key: "s"}
	for _, key := range keys {
		section.Items = append(section.Items, kit.FormItem{Key: key, Type: kit.TypeText})
	}
	form := &kit.Form{Sections: []kit.FormSection{section}}
	if older == nil {
		return form
	}
	for _, was := range older.Items() {
		if _, stays := form.Item(was.Key); !stays && rapid.Bool().Draw(rt, "renamed") {
			form.Changes = append(form.Changes, carry.Change{Key: was.Key, Way: carry.Rename, From: was.Key, To: rapid.SampledFrom(keys).Draw(rt, "to")})
		}
	}
	return form
}

// Whatever versions a record goes on in, and back, no answer is lost: each stands among the new ones or is told, all that were
// given are kept, and who only goes there and back has what they had.
func TestNoAnswerIsLostOnTheWay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		now, answers, earlier, written := asking(rt, nil), kit.Answers{}, []kit.Earlier(nil), 0
		for range rapid.IntRange(1, 6).Draw(rt, "steps") {
			for _, item := range now.Items() {
				if written++; rapid.Bool().Draw(rt, "answered") {
					answers[item.Key] = fmt.Sprintf("risposta %d", written)
				}
			}
			next := asking(rt, now)
			got, was := next.CarryOn(now, answers, earlier)
			if !reflect.DeepEqual(was.Answers, answers) {
				rt.Fatalf("of %v is kept %v", answers, was.Answers)
			}
			for key, answer := range answers {
				stands := slices.Contains(slices.Collect(maps.Values(got)), answer)
				told := slices.ContainsFunc(was.Left, func(l kit.LeftAnswer) bool { return l.Question.Key == key && l.Answer == answer })
				if !stands && !told {
					rt.Fatalf("%s: %v is lost from %v to %v, left %v", key, answer, answers, got, was.Left)
				}
			}
			there := append(slices.Clone(earlier), was)
			plain := &kit.Form{Sections: now.Sections} // as a release that is taken back has it
			if back, _ := plain.CarryOn(next, got, there); !contains(back, answers) {
				rt.Fatalf("there and back (-had +has):\n%s", cmp.Diff(answers, back))
			}
			now, answers, earlier = next, got, there
		}
	})
}

// contains tells whether all questions that were answered are.
func contains(back, had kit.Answers) bool {
	for key := range had {
		if _, answered := back[key]; !answered {
			return false
		}
	}
	return true
}
