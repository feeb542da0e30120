package register

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed places.tsv
var placesFile string

// ErrNotThen says that a place exists in the register but not on the day asked for.
var ErrNotThen = errors.New("the place did not exist on that day")

// Place is where a person was born: a municipality of today, one that ceased, or a state (it: luogo di nascita).
type Place struct {
	// Belfiore is the code that a tax code carries in its characters 12 to 15.
	Belfiore string
	// Name is the Italian name.
	Name string
	// Province is the last province in two letters; empty for a state.
	Province string
	// From and To are the first and last day as the archive has them; zero where it has none.
	From, To time.Time
}

// Foreign reports whether the place is a state other than Italy.
func (p Place) Foreign() bool {
	return strings.HasPrefix(p.Belfiore, "Z")
}

// PlaceAt returns the place with that Belfiore code for somebody born on day. It returns ErrNotFound for an unknown
// code. If the place did not exist on that day it returns it together with ErrNotThen, for a warning rather than a
// refusal: the dates of the archive are not free of errors. A zero day asks for no date.
func PlaceAt(belfiore string, day time.Time) (Place, error) {
	p, err := placeOf(belfiore)
	if err != nil || day.IsZero() {
		return p, err
	}
	date := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	if date.Before(p.From) || (!p.To.IsZero() && date.After(p.To)) {
		return p, fmt.Errorf("%s %s: %w", p.Belfiore, p.Name, ErrNotThen)
	}
	return p, nil
}

func placeOf(belfiore string) (Place, error) {
	if m, err := ByBelfiore(belfiore); err == nil {
		return Place{Belfiore: m.Belfiore, Name: m.Name, Province: m.Province, From: parseDay(m.Since)}, nil
	}
	code := strings.ToUpper(strings.TrimSpace(belfiore))
	others := otherPlaces()
	i, found := slices.BinarySearchFunc(others, code, func(p Place, code string) int {
		return strings.Compare(p.Belfiore, code)
	})
	if !found {
		return Place{}, fmt.Errorf("place with Belfiore code %q: %w", code, ErrNotFound)
	}
	return others[i], nil
}

// otherPlaces are the ceased municipalities and the states in the order of their codes.
var otherPlaces = sync.OnceValue(func() []Place {
	places := make([]Place, 0, 2167)
	for f := range rows(placesFile, 5) {
		places = append(places, Place{
			Belfiore: f[0], Name: f[1], Province: f[2], From: parseDay(f[3]), To: parseDay(f[4]),
		})
	}
	return places
})

// parseDay returns the zero time for an empty column; the generator writes no other day than a valid one.
func parseDay(text string) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}
	}
	return day
}
