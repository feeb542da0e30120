package registry

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/tenants"
)

// fewFound is the number of persons below which a search also offers those with near names.
const fewFound = 3

// maxNear is how many of them it offers, the most alike first.
const maxNear = 10

// findNear finds persons whose names are almost those of a search, without those that it found.
func (sv *Service) findNear(ctx context.Context, s tenants.Scope, q Query, found []Person) ([]Person, error) {
	words := readWords(q.Text)
	words.pairs = slices.DeleteFunc(words.pairs, namePair.vague)
	if len(words.pairs) == 0 || words.code != "" || q.After != uuid.Nil || len(found) >= fewFound {
		return nil, nil
	}
	if !q.BirthDate.IsZero() {
		words.from, words.to = q.BirthDate, q.BirthDate
	}
	names, err := sv.findNearNames(ctx, s, words)
	if err != nil {
		return nil, err
	}
	if names = mostAlike(words.pairs, names); len(names) == 0 {
		return nil, nil
	}
	persons, err := sv.findNamed(ctx, s, words, names)
	if err != nil {
		return nil, err
	}
	persons = slices.DeleteFunc(persons, func(p Person) bool {
		return slices.ContainsFunc(found, func(f Person) bool { return f.ID == p.ID })
	})
	slices.SortFunc(persons, func(a, b Person) int {
		return cmp.Or(cmp.Compare(likeness(words.pairs, b.key()), likeness(words.pairs, a.key())),
			strings.Compare(a.ListName(), b.ListName()), strings.Compare(a.ID.String(), b.ID.String()))
	})
	return persons[:min(len(persons), maxNear)], nil
}

// key is the name of a person as it is compared.
func (p Person) key() namePair {
	surname, name := nameKey(p.Surname), nameKey(p.Name)
	if surname == "" && name == "" {
		surname = nameKey(p.Alias)
	}
	return namePair{surname, name}
}

// vague tells whether a name is too short for another to be near it.
func (n namePair) vague() bool {
	if n.surname == "" || n.name == "" {
		return len([]rune(n.surname+n.name)) < 4
	}
	return min(len([]rune(n.surname)), len([]rune(n.name))) < 2
}

// mostAlike keeps the names that are most alike the searched ones, at most as many as persons are offered.
func mostAlike(searched, names []namePair) []namePair {
	near := slices.DeleteFunc(names, func(n namePair) bool { return likeness(searched, n) == 0 })
	slices.SortStableFunc(near, func(a, b namePair) int { return cmp.Compare(likeness(searched, b), likeness(searched, a)) })
	return near[:min(len(near), maxNear)]
}

// likeness tells how much a name is alike the nearest of the searched ones, from 0 to 1.
func likeness(searched []namePair, n namePair) (most float64) {
	for _, of := range searched {
		surname, name := nearWord(of.surname, n.surname), nearWord(of.name, n.name)
		switch {
		case of.surname == "":
			most = max(most, name)
		case of.name == "":
			most = max(most, surname)
		case surname > 0 && name > 0:
			most = max(most, (surname+name)/2)
		}
	}
	return most
}

// nearWord tells how much a key is alike a searched one, which may be the beginning of it: 1 for the same.
func nearWord(searched, key string) float64 {
	if searched == "" || key == "" {
		return 0
	}
	if strings.HasPrefix(key, searched) {
		return 1 - 0.1*min(1, float64(len(key)-len(searched)))
	}
	if share := compareWords(searched, key, false); share > 0 {
		return share
	}
	typed, whole := []rune(searched), []rune(key)
	if len(typed) >= 4 && len(whole) > len(typed) && typos(typed, whole[:len(typed)]) == 1 {
		return 0.6
	}
	return 0
}
