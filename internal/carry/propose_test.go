package carry_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/carry"
)

func asks(key string, class carry.Class, values ...string) carry.Question {
	q := carry.Question{Key: key, Class: class, Values: values, Length: 100}
	q.Read = func(answer any) (any, bool) {
		text, ok := answer.(string)
		return answer, class != carry.Choice && ok || slices.Contains(values, text)
	}
	return q
}

// What is proposed is what somebody would declare by hand, and it closes the loss.
func TestAChangeIsProposed(t *testing.T) {
	older := []carry.Question{asks("who", carry.Choice, "a", "b"), asks("what", carry.Text), asks("age", carry.Whole)}
	for name, test := range map[string]struct {
		now  carry.Set
		key  string
		want *carry.Change
	}{
		"another name":           {carry.Set{Questions: []carry.Question{asks("day", carry.Day), asks("said", carry.Text)}}, "what", &carry.Change{Key: "what", Way: carry.Rename, From: "what", To: "said"}},
		"no name that was there": {carry.Set{Questions: []carry.Question{asks("age", carry.Text)}}, "what", nil},
		"one value another":      {carry.Set{Questions: []carry.Question{asks("who", carry.Choice, "a", "c")}}, "who", &carry.Change{Key: "who", Way: carry.Map, From: "who", Values: []carry.Value{{Value: "b", To: "c"}}}},
		"a value to decide":      {carry.Set{Questions: []carry.Question{asks("who", carry.Choice, "a")}}, "who", &carry.Change{Key: "who", Way: carry.Map, From: "who", Values: []carry.Value{{Value: "b"}}}},
		"another type":           {carry.Set{Questions: []carry.Question{asks("age", carry.Day)}}, "age", nil},
		"taken by another change": {carry.Set{
			Questions: []carry.Question{asks("said", carry.Text)}, Changes: []carry.Change{{Key: "x", Way: carry.Rename, From: "age", To: "said"}},
		}, "what", nil},
		"a name without its values": {carry.Set{
			Questions: []carry.Question{asks("whom", carry.Choice, "a", "c")}, Changes: []carry.Change{{Key: "n", Way: carry.Rename, From: "who", To: "whom"}},
		}, "who", &carry.Change{Key: "n", Way: carry.Map, From: "who", To: "whom", Values: []carry.Value{{Value: "b", To: "c"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			losses := test.now.Compare(older)
			at := slices.IndexFunc(losses, func(l carry.Loss) bool { return l.Key == test.key })
			if at < 0 {
				t.Fatalf("no loss of %s among %+v", test.key, losses)
			}
			got, found := test.now.Propose(older, losses[at])
			if !found {
				got = carry.Change{}
			}
			want := carry.Change{}
			if test.want != nil {
				want = *test.want
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("proposed (-want +got):\n%s", diff)
			}
			if !found || slices.ContainsFunc(got.Values, func(v carry.Value) bool { return v.To == "" }) {
				return
			}
			test.now.Changes = append(slices.DeleteFunc(slices.Clone(test.now.Changes), func(c carry.Change) bool { return c.Key == got.Key }), got)
			if slices.ContainsFunc(test.now.Compare(older), func(l carry.Loss) bool { return l.Key == test.key }) || len(test.now.Check()) > 0 {
				t.Errorf("it does not close the loss: %+v, %+v", test.now.Compare(older), test.now.Check())
			}
		})
	}
}
