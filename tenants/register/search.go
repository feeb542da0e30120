package register

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// searchName is a municipality as it is compared: its name and, where there is one, its name in the other language.
type searchName struct {
	municipality int32
	name, other  folded
}

// folded is a name without what people type differently: words is " reggio nell emilia", joined "reggionellemilia".
type folded struct{ words, joined string }

const (
	rankExact = iota
	rankPrefix
	rankWordPrefix
	rankAllWords
	rankSubstring
	noMatch
)

// Search returns at most limit municipalities for what a person typed: a name or a part of it in either language,
// without regard to accents, case and punctuation, or an ISTAT, Belfiore or IPA code. Exact names come first, then
// names that begin so, words that begin so, names that have all the words, names that contain it; within each the
// larger municipality first. An empty query finds nothing.
func Search(query string, limit int) []Municipality {
	r := loaded()
	words := foldWords(query)
	if words == "" || limit <= 0 {
		return nil
	}
	if found := r.searchCode(strings.TrimSpace(query)); len(found) > 0 {
		return found[:min(limit, len(found))]
	}
	return r.searchNames(words, limit)
}

// searchCode finds by Belfiore or IPA code, or by an ISTAT code of which at least the province is given.
func (r index) searchCode(query string) []Municipality {
	query = strings.ReplaceAll(query, " ", "") // people read codes in groups
	code := strings.TrimPrefix(strings.ToLower(query), "c_")
	if m, err := ByBelfiore(code); err == nil {
		return []Municipality{m}
	}
	if len(query) < 3 || strings.Trim(query, "0123456789") != "" {
		return nil
	}
	from, _ := slices.BinarySearchFunc(r.municipalities, query, func(m Municipality, code string) int {
		return strings.Compare(m.ISTAT, code)
	})
	to := from
	for to < len(r.municipalities) && strings.HasPrefix(r.municipalities[to].ISTAT, query) {
		to++
	}
	return slices.Clone(r.municipalities[from:to])
}

// searchNames relies on the names being in the order of population, so that within a rank nothing has to be sorted.
func (r index) searchNames(words string, limit int) []Municipality {
	query := newFolded(words)
	each := strings.Fields(words)
	for i := range each {
		each[i] = " " + each[i]
	}
	var ranked [noMatch + 1][]int32
	for _, n := range r.names {
		rank := min(n.name.rank(query, each), n.other.rank(query, each))
		if rank < noMatch && len(ranked[rank]) < limit {
			ranked[rank] = append(ranked[rank], n.municipality)
		}
	}
	found := []Municipality{}
	for _, i := range slices.Concat(ranked[:]...) {
		if len(found) == limit {
			break
		}
		found = append(found, r.municipalities[i])
	}
	return found
}

// rank compares without spaces too, because people write both "L'Aquila" and "laquila".
func (f folded) rank(query folded, each []string) int {
	switch {
	case f.joined == query.joined:
		return rankExact
	case strings.HasPrefix(f.joined, query.joined):
		return rankPrefix
	case strings.Contains(f.words, query.words):
		return rankWordPrefix
	case f.hasAll(each):
		return rankAllWords
	case strings.Contains(f.joined, query.joined):
		return rankSubstring
	}
	return noMatch
}

func (f folded) hasAll(each []string) bool {
	for _, word := range each {
		if !strings.Contains(f.words, word) {
			return false
		}
	}
	return true
}

// foldNames returns the names in the order of population, the largest first.
func foldNames(municipalities []Municipality) []searchName {
	names := make([]searchName, len(municipalities))
	for i, m := range municipalities {
		names[i] = searchName{int32(i), newFolded(foldWords(m.Name)), newFolded(foldWords(m.OtherName))}
	}
	slices.SortStableFunc(names, func(a, b searchName) int {
		return cmp.Compare(municipalities[b.municipality].Population, municipalities[a.municipality].Population)
	})
	return names
}

func newFolded(words string) folded {
	return folded{words, strings.ReplaceAll(words, " ", "")}
}

// foldWords reduces a text to lower-case letters and digits without accents, with one space before each word.
func foldWords(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 1)
	space := true
	for _, r := range norm.NFD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			space = true
		default:
			if space {
				b.WriteByte(' ')
			}
			space = false
			if r == 'ß' {
				b.WriteByte('s')
				r = 's'
			}
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
