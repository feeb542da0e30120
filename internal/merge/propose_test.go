package merge_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
		"within entries of the same place": {`[{"t":"a b c","n":1},{"x":1}]`, `[{"t":"A b c","n":1},{"x":1}]`, `[{"t":"a b C","n":2},{"x":1}]`, `[{"n":2,"t":"A b C"},{"x":1}]`},
		"one number of an entry":           {`[{"n":1}]`, `[{"n":2}]`, `[{"n":3}]`, ``},
		"a member that one side took away": {`[{"n":1,"t":"a"}]`, `[{"t":"a"}]`, `[{"n":1,"t":"b"}]`, `[{"t":"b"}]`},
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
	long := func(last string) json.RawMessage { return rawOf(`"` + strings.Repeat("a ", 3000) + last + `"`) }
	if merge.Propose(merge.Conflict{Base: long("a"), Ours: long("b"), Theirs: rawOf(`"a"`)}) != nil {
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

func TestParts(t *testing.T) {
	t.Parallel()
	c := merge.Conflict{
		Path: "terms", Base: rawOf(`[{"t":"entro 5 giorni","n":5},{"t":"sempre"}]`), Ours: rawOf(`[{"t":"entro 5 giorni, o prima","n":5},{"t":"sempre"}]`),
		Theirs: rawOf(`[{"t":"entro 3 giorni","n":3},{"t":"sempre"}]`),
	}
	want := []merge.Part{
		{"terms[1].n", rawOf(`5`), rawOf(`5`), rawOf(`3`), rawOf(`3`)},
		{"terms[1].t", rawOf(`"entro 5 giorni"`), rawOf(`"entro 5 giorni, o prima"`), rawOf(`"entro 3 giorni"`), rawOf(`"entro 3 giorni, o prima"`)},
	}
	if d := cmp.Diff(want, merge.Parts(c)); d != "" {
		t.Errorf("parts (-want +got):\n%s", d)
	}
	c.Ours = rawOf(`[{"t":"entro 7 giorni","n":5},{"t":"sempre"}]`)
	if parts := merge.Parts(c); len(parts) != 2 || parts[0].Proposed != nil || parts[1].Proposed != nil {
		t.Errorf("parts: %+v", parts)
	}
	longer := merge.Conflict{Path: "terms", Base: rawOf(`["a"]`), Ours: rawOf(`["b","c"]`), Theirs: rawOf(`["d"]`)}
	if parts := merge.Parts(longer); len(parts) != 1 || parts[0].Path != "terms" || parts[0].Proposed != nil {
		t.Errorf("lists of other lengths: %+v", parts)
	}
	order := merge.Conflict{Path: "terms[]", Base: rawOf(`["a","b"]`), Ours: rawOf(`["b","a"]`), Theirs: rawOf(`["a","b"]`), Order: true}
	if parts := merge.Parts(order); len(parts) != 1 || parts[0].Path != "terms[]" {
		t.Errorf("an order: %+v", parts)
	}
}
