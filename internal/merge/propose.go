package merge

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// maxCells bounds the work of a proposal: tokens of one side times those of the other.
const maxCells = 1_000_000

var words = regexp.MustCompile(`\s+|[^\s]+`)

// Propose is what a person may want where both sides changed a text or a list whose entries cannot be told apart: the
// changes of both, word by word or entry by entry, and within entries that stand in the same place. It is nil where they meet
// in the same words, and for other values. Entries that both sides added to a list in the same place all stay, ours first.
// Nothing is decided by it.
func Propose(c Conflict) json.RawMessage {
	if c.Order || c.Ours == nil || c.Theirs == nil {
		return nil
	}
	var sides [3]optional
	for i, raw := range []json.RawMessage{c.Base, c.Ours, c.Theirs} {
		side, err := read(raw)
		if err != nil {
			return nil
		}
		sides[i] = side
	}
	both, told := propose(sides[0], sides[1], sides[2])
	if !told {
		return nil
	}
	return both.raw()
}

func propose(base, ours, theirs optional) (both optional, told bool) {
	switch {
	case same(ours, theirs), same(base, theirs):
		return ours, true
	case same(base, ours):
		return theirs, true
	}
	if o, t, texts := pair[string](ours, theirs); texts {
		b, based := base.value.(string)
		return proposeText([3]string{b, o, t}, based)
	}
	if o, t, lists := pair[[]any](ours, theirs); lists {
		b, _ := base.value.([]any)
		return proposeList(b, o, t)
	}
	if o, t, objects := pair[map[string]any](ours, theirs); objects {
		b, _ := base.value.(map[string]any)
		return proposeObject(b, o, t)
	}
	return optional{}, false
}

func proposeText(texts [3]string, based bool) (both optional, told bool) {
	var sides [3][]string
	for i, text := range texts {
		sides[i] = words.FindAllString(text, -1)
	}
	tokens, told := unite(sides, false)
	return optional{strings.Join(tokens, ""), true}, told && based
}

// proposeList unites the entries; where that cannot be, and no side has more or fewer, what stands in the same place.
func proposeList(base, ours, theirs []any) (both optional, told bool) {
	byText := map[string]any{}
	var sides [3][]string
	for i, list := range [][]any{base, ours, theirs} {
		for _, entry := range list {
			text := string(optional{entry, true}.raw())
			byText[text] = entry
			sides[i] = append(sides[i], text)
		}
	}
	entries := []any{}
	if tokens, told := unite(sides, true); told {
		for _, token := range tokens {
			entries = append(entries, byText[token])
		}
		return optional{entries, true}, true
	}
	if len(base) != len(ours) || len(base) != len(theirs) {
		return optional{}, false
	}
	for i := range base {
		entry, told := propose(optional{base[i], true}, optional{ours[i], true}, optional{theirs[i], true})
		if !told {
			return optional{}, false
		}
		entries = append(entries, entry.value)
	}
	return optional{entries, true}, true
}

func proposeObject(base, ours, theirs map[string]any) (both optional, told bool) {
	all := map[string]any{}
	for _, name := range names(base, ours, theirs) {
		one, told := propose(member(base, name), member(ours, name), member(theirs, name))
		if !told {
			return optional{}, false
		}
		if one.there {
			all[name] = one.value
		}
	}
	return optional{all, true}, true
}

// names are the members of objects in the order of the alphabet.
func names(objects ...map[string]any) []string {
	all := map[string]bool{}
	for _, object := range objects {
		for name := range object {
			all[name] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// unite brings the changes of both sides together, between the tokens that base, ours and theirs have in common; told is false
// where both changed the same tokens. Where adds is set, what both added in one place stays.
func unite(sides [3][]string, adds bool) (both []string, told bool) {
	base, ours, theirs := sides[0], sides[1], sides[2]
	if len(base)*max(len(ours), len(theirs)) > maxCells {
		return nil, false
	}
	inOurs, inTheirs := matches(base, ours), matches(base, theirs)
	b, o, t := 0, 0, 0
	for at := 0; at <= len(base); at++ {
		ends := at == len(base)
		if !ends && (inOurs[at] < 0 || inTheirs[at] < 0) {
			continue
		}
		toOurs, toTheirs := len(ours), len(theirs)
		if !ends {
			toOurs, toTheirs = inOurs[at], inTheirs[at]
		}
		part, told := chunk(base[b:at], ours[o:toOurs], theirs[t:toTheirs], adds)
		if !told {
			return nil, false
		}
		both = append(both, part...)
		if !ends {
			both = append(both, base[at])
		}
		b, o, t = at+1, toOurs+1, toTheirs+1
	}
	return both, true
}

// chunk is what becomes of a part that at least one side changed.
func chunk(base, ours, theirs []string, adds bool) (part []string, told bool) {
	switch {
	case slices.Equal(ours, theirs), slices.Equal(theirs, base):
		return ours, true
	case slices.Equal(ours, base):
		return theirs, true
	case adds && len(base) == 0:
		return append(slices.Clone(ours), absent(ours, theirs)...), true
	}
	return nil, false
}

// absent are the entries of a list that another has not.
func absent(from, of []string) []string {
	return slices.DeleteFunc(slices.Clone(of), func(one string) bool { return slices.Contains(from, one) })
}

// matches finds for each token of a its place in b, of a longest common subsequence, or -1.
func matches(a, b []string) []int {
	long := make([][]int32, len(a)+1)
	for i := range long {
		long[i] = make([]int32, len(b)+1)
	}
	for i := range slices.Backward(a) {
		for j := len(b) - 1; j >= 0; j-- {
			if long[i][j] = max(long[i+1][j], long[i][j+1]); a[i] == b[j] {
				long[i][j] = long[i+1][j+1] + 1
			}
		}
	}
	places := make([]int, len(a))
	for i, j := 0, 0; i < len(a); i++ {
		places[i] = -1
		for j < len(b) && a[i] != b[j] && long[i][j+1] >= long[i+1][j] {
			j++
		}
		if j < len(b) && a[i] == b[j] {
			places[i] = j
			j++
		}
	}
	return places
}
