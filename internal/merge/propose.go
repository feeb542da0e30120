package merge

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// maxCells bounds the work of a proposal: tokens of one side times those of the other.
const maxCells = 4_000_000

var words = regexp.MustCompile(`\s+|[^\s]+`)

// Propose is what a person may want where both sides changed a text or a list whose entries cannot be told apart: the
// changes of both, word by word or entry by entry. It is nil where they meet in the same words, and for any other value.
// Entries that both sides added to a list in the same place all stay, ours first. Nothing is decided by it.
func Propose(c Conflict) json.RawMessage {
	if c.Order || c.Ours == nil || c.Theirs == nil {
		return nil
	}
	var texts [3]string
	if readAll(c, &texts) && c.Base != nil {
		return proposeText(texts)
	}
	var lists [3][]json.RawMessage
	if readAll(c, &lists) {
		return proposeList(lists)
	}
	return nil
}

// readAll reads base, ours and theirs as values of one type; a missing base stays empty.
func readAll[T any](c Conflict, into *[3]T) bool {
	for i, raw := range []json.RawMessage{c.Base, c.Ours, c.Theirs} {
		if raw != nil && json.Unmarshal(raw, &into[i]) != nil {
			return false
		}
	}
	return true
}

func proposeText(texts [3]string) json.RawMessage {
	var sides [3][]string
	for i, text := range texts {
		sides[i] = words.FindAllString(text, -1)
	}
	both, told := unite(sides, false)
	if !told {
		return nil
	}
	return encoded(strings.Join(both, ""))
}

func proposeList(lists [3][]json.RawMessage) json.RawMessage {
	var sides [3][]string
	for i, list := range lists {
		for _, entry := range list {
			sides[i] = append(sides[i], string(entry))
		}
	}
	both, told := unite(sides, true)
	if !told {
		return nil
	}
	entries := make([]json.RawMessage, len(both))
	for i, entry := range both {
		entries[i] = json.RawMessage(entry)
	}
	return encoded(entries)
}

func encoded(value any) json.RawMessage {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil // what was read can be written
	}
	return raw
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
	for i := len(a) - 1; i >= 0; i-- {
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
