package merge_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"staffetta/internal/merge"
)

func TestPropose(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ base, ours, theirs, want string }{
		"words of one text":                {`"Aperto il lunedì mattina"`, `"Aperto il martedì mattina"`, `"Aperto il lunedì mattina e sera"`, `"Aperto il martedì mattina e sera"`},
		"lines are kept":                   {`"uno\ndue\ntre"`, `"uno\nDUE\ntre"`, `"uno\ndue\ntre!"`, `"uno\nDUE\ntre!"`},
		"the same words":                   {`"Aperto il lunedì"`, `"Aperto il martedì"`, `"Aperto il sabato"`, ``},
		"what both added in one place":     {`"uno"`, `"uno due"`, `"uno tre"`, ``},
		"a text that was not there":        {``, `"uno"`, `"due"`, ``},
		"entries of both":                  {`["x","y"]`, `["x","y","z"]`, `["x","y","w"]`, `["x","y","z","w"]`},
		"an entry that both added":         {`["x"]`, `["x","z"]`, `["x","w","z"]`, `["x","z","w"]`},
		"taken away here and added there":  {`["x","y"]`, `["y"]`, `["x","y","w"]`, `["y","w"]`},
		"one entry changed by both":        {`["x","y"]`, `["X","y"]`, `["xx","y"]`, ``},
		"objects without a key":            {`[{"n":1}]`, `[{"n":1},{"n":2}]`, `[{"n":0},{"n":1}]`, `[{"n":0},{"n":1},{"n":2}]`},
		"lists that were not there":        {``, `["x","y"]`, `["y","w"]`, `["x","y","w"]`},
		"numbers":                          {`1`, `2`, `3`, ``},
		"one side gave it up":              {`"uno"`, ``, `"due"`, ``},
		"a text here and a list elsewhere": {`"uno"`, `"due"`, `["uno"]`, ``},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := string(merge.Propose(merge.Conflict{Base: rawOf(c.base), Ours: rawOf(c.ours), Theirs: rawOf(c.theirs)}))
			if got != c.want {
				t.Errorf("proposed %s, want %s", got, c.want)
			}
		})
	}
	if order := (merge.Conflict{Base: rawOf(`["a"]`), Ours: rawOf(`["a","b"]`), Theirs: rawOf(`["c","a"]`), Order: true}); merge.Propose(order) != nil {
		t.Error("an order is proposed")
	}
	long := rawOf(`"` + strings.Repeat("a ", 3000) + `"`)
	if merge.Propose(merge.Conflict{Base: long, Ours: long, Theirs: rawOf(`"b"`)}) != nil {
		t.Error("a text without bound is compared")
	}
}

func rawOf(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

// The laws of proposals, for random lists: what one side alone changed is taken, it does not matter for the entries who is who,
// and no entry that a side brought is lost.
func TestLawsOfProposals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(label string) []string { return rapid.SliceOfN(word, 0, 6).Draw(rt, label) }
		base, ours, theirs := draw("base"), draw("ours"), draw("theirs")
		if got, told := proposed(rt, base, ours, base); !told || !slices.Equal(got, ours) {
			rt.Fatalf("theirs is unchanged: %v", got)
		}
		if got, told := proposed(rt, base, base, theirs); !told || !slices.Equal(got, theirs) {
			rt.Fatalf("ours is unchanged: %v", got)
		}
		got, told := proposed(rt, base, ours, theirs)
		swapped, other := proposed(rt, base, theirs, ours)
		if told != other || told && !slices.Equal(setOf(got), setOf(swapped)) {
			rt.Fatalf("the other way round it is %v, not %v", swapped, got)
		}
		for _, side := range [][]string{ours, theirs} {
			for _, entry := range side {
				if told && !slices.Contains(base, entry) && !slices.Contains(got, entry) {
					rt.Fatalf("%s is lost in %v", entry, got)
				}
			}
		}
	})
}

func setOf(entries []string) []string { return slices.Compact(slices.Sorted(slices.Values(entries))) }

func proposed(rt *rapid.T, base, ours, theirs []string) (entries []string, told bool) {
	raw := merge.Propose(merge.Conflict{Base: encode(base), Ours: encode(ours), Theirs: encode(theirs)})
	if raw == nil {
		return nil, false
	}
	if err := json.Unmarshal(raw, &entries); err != nil {
		rt.Fatal(err)
	}
	return entries, true
}
