package registry

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/tenants"
)

// Reasons why somebody may be the same person.
const (
	SameCode     = "code"          // the same tax code
	SameBirth    = "birth"         // born on the same day
	NearBirth    = "birth_near"    // born within five days
	UnknownBirth = "birth_unknown" // one of the days of birth is not known
	SameName     = "name"          // the same surname and name
	NearSurname  = "surname_near"  // almost the same surname
	NearName     = "name_near"     // almost the same name
	Swapped      = "swapped"       // the same or almost, with surname and name exchanged
)

// Duplicate is a registered person who may be the one at hand (it: possibile doppione).
type Duplicate struct {
	Person
	Score   int // from 1 to 100, which is the same tax code or the same names and day of birth
	Reasons []string
}

// maxDuplicates is how many possible duplicates are shown, the most alike first.
const maxDuplicates = 20

// FindDuplicates finds who may be the person described, the most alike first. The error carries the fields at fault.
func (sv *Service) FindDuplicates(ctx context.Context, s tenants.Scope, d Details) ([]Duplicate, error) {
	details, _, err := d.Check(language.Day(time.Now()))
	if err != nil {
		return nil, err
	}
	s = sv.confine(s)
	if !s.Reads("identity") {
		return nil, problem.Missing()
	}
	candidates, err := sv.findCandidates(ctx, s, details)
	if err != nil {
		return nil, err
	}
	duplicates := rank(candidates, traits{details.TaxCode, details.Surname, details.Name, details.Birth})
	if len(duplicates) == 0 {
		return nil, nil
	}
	persons := make([]Person, len(duplicates))
	for i, d := range duplicates {
		persons[i] = d.Person
	}
	return duplicates, sv.auditList(ctx, s, "person.duplicates", persons)
}

// rank keeps of the candidates those who are alike, the most alike first.
func rank(candidates []Person, of traits) []Duplicate {
	var duplicates []Duplicate
	for _, p := range candidates {
		if score, reasons := compareTraits(traits{p.TaxCode, p.Surname, p.Name, p.BirthDate}, of); score > 0 {
			duplicates = append(duplicates, Duplicate{p, score, reasons})
		}
	}
	slices.SortStableFunc(duplicates, func(a, b Duplicate) int { return b.Score - a.Score })
	return duplicates[:min(len(duplicates), maxDuplicates)]
}

// traits are what two descriptions of persons are compared by.
type traits struct {
	code, surname, name string
	birth               time.Time // zero if unknown
}

// compareTraits tells how much two descriptions are alike, from 0 to 100, and why. It is the same in both directions.
func compareTraits(a, b traits) (score int, reasons []string) {
	if a.code != "" && a.code == b.code {
		score, reasons = 100, []string{SameCode}
	}
	share, birth := compareBirths(a.birth, b.birth)
	if share == 0 || a.surname == "" || a.name == "" || b.surname == "" || b.name == "" {
		return score, reasons
	}
	strict := birth == UnknownBirth
	names, why := compareNames(a, b, strict)
	if exchanged, _ := compareNames(a, traits{surname: b.name, name: b.surname}, strict); 0.95*exchanged > names {
		names, why = 0.95*exchanged, []string{Swapped}
	}
	if names == 0 {
		return score, reasons
	}
	return max(score, int(math.Round(100*names*share))), append(append(reasons, birth), why...)
}

// compareBirths tells how far two days of birth speak for one person, and the reason; 0 for days too far apart.
func compareBirths(a, b time.Time) (share float64, reason string) {
	switch {
	case a.IsZero() || b.IsZero():
		return 0.8, UnknownBirth
	case a.Equal(b):
		return 1, SameBirth
	case a.Sub(b).Abs() <= 5*24*time.Hour:
		return 0.9, NearBirth
	}
	return 0, ""
}

// compareNames tells how much surname and name are alike, from 0 to 1, and why; 0 unless both are. Where it has to be
// strict, only another spelling of the same sound is forgiven.
func compareNames(a, b traits, strict bool) (share float64, reasons []string) {
	surname, name := compareWords(a.surname, b.surname, strict), compareWords(a.name, b.name, strict)
	if surname == 0 || name == 0 {
		return 0, nil
	}
	if surname < 1 {
		reasons = append(reasons, NearSurname)
	}
	if name < 1 {
		reasons = append(reasons, NearName)
	}
	if reasons == nil {
		reasons = []string{SameName}
	}
	return (surname + name) / 2, reasons
}

// compareWords tells how much two surnames, or two names, are alike: 1 for the same, 0 for too different. One letter may
// be wrong, two in words of eight letters and more; one may have parts that the other leaves out, such as a second name.
func compareWords(a, b string, strict bool) float64 {
	first, second := []rune(nameKey(a)), []rune(nameKey(b))
	longer := max(len(first), len(second))
	wrong := typos(first, second)
	near := 1 - float64(wrong)/float64(longer+1)
	switch {
	case wrong == 0:
		return 1
	case spelling(string(first)) == spelling(string(second)):
		return near
	case strict:
		return 0
	case wrong == 1 || wrong == 2 && longer >= 8:
		return near
	case hasParts(a, b) || hasParts(b, a):
		return 0.8
	}
	return 0
}

// hasParts tells whether each word of the second text is one of the first.
func hasParts(whole, parts string) bool {
	words := strings.Fields(whole)
	for i, word := range words {
		words[i] = nameKey(word)
	}
	return !slices.ContainsFunc(strings.Fields(parts), func(part string) bool { return !slices.Contains(words, nameKey(part)) })
}

// sameLetters are letters that Italian writes one for the other, above all in names from abroad.
var sameLetters = strings.NewReplacer("ph", "f", "h", "", "k", "c", "q", "c", "w", "v", "y", "i", "j", "i", "z", "s")

// spelling is a key without what people write in different ways: double letters, and letters that sound the same.
func spelling(key string) string {
	return string(slices.Compact([]rune(sameLetters.Replace(key))))
}

// typos counts the letters that are wrong, too many, missing or exchanged with their neighbour between two words: the
// distance of F. J. Damerau (Communications of the ACM 7, 1964, p. 171) and V. Levenshtein (Soviet Physics Doklady 10,
// 1966, p. 707), no letter being touched twice.
func typos(a, b []rune) int {
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		now := make([]int, len(b)+1)
		now[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			now[j+1] = min(last[j+1]+1, now[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				now[j+1] = min(now[j+1], before[j-1]+1)
			}
		}
		before, last = last, now
	}
	return last[len(b)]
}
