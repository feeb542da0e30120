package merge_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"staffetta/internal/merge"
)

func TestChanges(t *testing.T) {
	t.Parallel()
	const was = `{"title":{"it":"A"},"items":[{"key":"a","label":"uno"},{"key":"b","label":"due"}],"steps":["x","y"],"laws":["1","2"]}`
	const is = `{"title":{"it":"A","en":"A"},"items":[{"key":"c","label":"tre"},{"key":"b","label":"2"},{"key":"a","label":"uno"}],"steps":["x"],"laws":["2"]}`
	changes, err := merge.Changes(lists, []byte(was), []byte(is))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][2]string{}
	for _, c := range changes {
		got[c.Path] = [2]string{string(c.Was), string(c.Is)}
	}
	want := map[string][2]string{
		"title.en": {"", `"A"`}, "items[c]": {"", `{"key":"c","label":"tre"}`}, "items[b].label": {`"due"`, `"2"`}, "items[]": {`["a","b"]`, `["c","b","a"]`},
		"steps": {`["x","y"]`, `["x"]`}, "laws[1]": {`"1"`, ""},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("changes (-want +got):\n%s", d)
	}
	taken, _, err := merge.Take(lists, []byte(was), []byte(is), func(path string) bool { return path == "items[c]" || path == "laws[1]" })
	if err != nil {
		t.Fatal(err)
	}
	const some = `{"items":[{"key":"c","label":"tre"},{"key":"a","label":"uno"},{"key":"b","label":"due"}],"laws":["2"],"steps":["x","y"],"title":{"it":"A"}}`
	if d := cmp.Diff(some, string(taken)); d != "" {
		t.Errorf("two of the changes (-want +got):\n%s", d)
	}
	for i, sides := range [2][2]string{{"{", "{}"}, {"{}", "["}} {
		if _, err := merge.Changes(lists, []byte(sides[0]), []byte(sides[1])); err == nil {
			t.Errorf("side %d is no JSON, and was read", i)
		}
	}
}

// The laws of taking changes, for random contents and edits: all of them are the content, none is what it was, some merge
// into the content without a conflict, and those that were left are told again.
func TestLawsOfTaking(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		was := drawContent(rt, "was")
		is := edited(rt, "is", was)
		take := func(takes func(string) bool) ([]byte, []string) {
			raw, changes, err := merge.Take(lists, encode(was), encode(is), takes)
			if err != nil {
				rt.Fatal(err)
			}
			var all []string
			for _, c := range changes {
				all = append(all, c.Path)
			}
			return raw, all
		}
		whole, all := take(func(string) bool { return true })
		equal(rt, "all changes are the content", is, decode(rt, whole))
		none, _ := take(func(string) bool { return false })
		equal(rt, "none is what it was", was, decode(rt, none))
		if (len(all) == 0) != cmp.Equal(was, is) {
			rt.Fatalf("the contents differ, and the changes are %v", all)
		}
		chosen := map[string]bool{}
		for _, path := range all {
			chosen[path] = rapid.Bool().Draw(rt, path)
		}
		some, _ := take(func(path string) bool { return chosen[path] })
		merged, open, err := merge.Three(lists, encode(was), encode(is), some, nil)
		if err != nil || len(open) > 0 {
			rt.Fatalf("some of the changes conflict with all of them: %v %v", open, err)
		}
		equal(rt, "some merge into all", is, decode(rt, merged))
		again, err := merge.Changes(lists, encode(was), some)
		if err != nil {
			rt.Fatal(err)
		}
		for _, c := range again {
			if !c.Order && !slices.Contains(all, c.Path) {
				rt.Fatalf("%s was never changed", c.Path)
			}
		}
	})
}
