package questionnaire_test

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

// What is stored is read as the older form asks it; what somebody took away stays away, and what comes back under its older name
// is not told as left.
func TestGoingOnFromWhatIsStored(t *testing.T) {
	t.Parallel()
	first := formOf(t, nil, item("words", kit.TypeText), item("age", kit.TypeInteger), item("needs", kit.TypeChoices, "a", "b"))
	second := formOf(t, []carry.Change{{Key: "r", Way: carry.Rename, From: "words", To: "said"}}, item("said", kit.TypeText))
	stored, err := kit.ParseAnswers([]byte(`{"words":"Aiuto","age":80,"needs":["b"]}`))
	fatal(t, err)
	given, was := second.CarryOn(first, stored, nil)
	if diff := cmp.Diff(kit.Answers{"words": "Aiuto", "age": int64(80), "needs": []string{"b"}}, was.Answers); diff != "" || given["said"] != "Aiuto" {
		t.Errorf("%v of what was answered (-want +got):\n%s", given, diff)
	}
	for name, c := range map[string]struct {
		stored, want kit.Answers
		left         []string
	}{
		"as it came":     {kit.Answers{"said": "Aiuto"}, kit.Answers{"words": "Aiuto", "age": int64(80), "needs": []string{"b"}}, nil},
		"said otherwise": {kit.Answers{"said": "Casa"}, kit.Answers{"words": "Aiuto", "age": int64(80), "needs": []string{"b"}}, []string{"said"}},
	} {
		back, now := first.CarryOn(second, c.stored, []kit.Earlier{was})
		var left []string
		for _, one := range now.Left {
			left = append(left, one.Question.Key)
		}
		if diff := cmp.Diff(c.want, back); diff != "" || !slices.Equal(c.left, left) {
			t.Errorf("%s, left %v (-want +got):\n%s", name, left, diff)
		}
	}
	if again, _ := first.CarryOn(first, kit.Answers{"age": int64(81)}, []kit.Earlier{was}); !cmp.Equal(again, kit.Answers{"age": int64(81)}) {
		t.Errorf("what was taken away comes back: %v", again)
	}
}

// What is left is read from where it is stored, the oldest first, in the words of its question, which is asked no more.
func TestWhatIsLeftIsTold(t *testing.T) {
	t.Parallel()
	const left = `{"question":{"key":"needs","label":{"it":"Bisogni"},"type":"choices","min":2,"visible":"answers.alone == true",
		"options":[{"value":"a","label":{"it":"Spesa"}},{"value":"b","label":{"it":"Casa"}}]},"answer":["b"]}`
	all, err := kit.ParseEarlier(`[{"answers":{},"left":[` + left + `]},{"answers":{},"left":[{"question":{"key":"words","label":{"it":"P"},"type":"text"},"answer":"Aiuto"}]}]`)
	fatal(t, err)
	told := kit.LeftOf(all)
	if len(told) != 2 || !cmp.Equal(told[0].Answer, any([]string{"b"})) || told[0].Text(t.Context()) != "Casa" || told[1].Text(t.Context()) != "Aiuto" {
		t.Errorf("left is %+v", told)
	}
	if _, err := kit.ParseEarlier(`{`); err == nil {
		t.Error("what cannot be read is taken for nothing")
	}
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
