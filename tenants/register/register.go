// Package register is the register of the Italian municipalities and of the birthplaces that tax codes name: the
// municipalities of today, those that ceased, and the states. It is read-only data of the program, made by the command
// in generate; it must not know tenants, keep state or reach a database. ISTAT codes change with provinces, so nothing
// may use one as a key of its own data.
package register

//go:generate go run ./generate -node-modules ../../node_modules -out .

import (
	_ "embed"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// ErrNotFound says that the register has no entry with the code asked for.
var ErrNotFound = errors.New("not in the register")

//go:embed municipalities.tsv
var municipalitiesFile string

// Municipality is one of the municipalities of today (it: comune).
type Municipality struct {
	// ISTAT is the six-digit code of the statistics office; it changes when the province changes.
	ISTAT string
	// Belfiore is the cadastral code, a letter and three digits, which tax codes carry.
	Belfiore string
	// Name is the Italian name; OtherName the German, Slovene or Ladin one where there are two, else empty.
	Name, OtherName string
	// Province is its two letters, ProvinceName its Italian name.
	Province, ProvinceName string
	// Region is the Italian name, RegionCode the two digits of ISTAT (Sicilia is 19).
	Region, RegionCode string
	// Population is the one of the census of 2011; zero for municipalities founded later out of others.
	Population int
	// Since is the day since which it exists (2006-01-02), where the archive tells it reliably.
	Since string
}

// IPA is the code under which municipalities are usually listed in the index of public bodies. A few bodies differ, so
// the municipality has to confirm it.
func (m Municipality) IPA() string {
	return "c_" + strings.ToLower(m.Belfiore)
}

// All returns the 7,896 municipalities in the order of their ISTAT codes; the caller must not change the slice.
func All() []Municipality {
	return loaded().municipalities
}

// ByBelfiore returns the municipality of today with that cadastral code, or ErrNotFound.
func ByBelfiore(code string) (Municipality, error) {
	r := loaded()
	code = strings.ToUpper(strings.TrimSpace(code))
	i, found := slices.BinarySearchFunc(r.byBelfiore, code, func(i int32, code string) int {
		return strings.Compare(r.municipalities[i].Belfiore, code)
	})
	if !found {
		return Municipality{}, fmt.Errorf("municipality with Belfiore code %q: %w", code, ErrNotFound)
	}
	return r.municipalities[r.byBelfiore[i]], nil
}

// ByISTAT returns the municipality of today with that six-digit ISTAT code, or ErrNotFound.
func ByISTAT(code string) (Municipality, error) {
	r := loaded()
	code = strings.TrimSpace(code)
	i, found := slices.BinarySearchFunc(r.municipalities, code, func(m Municipality, code string) int {
		return strings.Compare(m.ISTAT, code)
	})
	if !found {
		return Municipality{}, fmt.Errorf("municipality with ISTAT code %q: %w", code, ErrNotFound)
	}
	return r.municipalities[i], nil
}

// index is the register in memory. Its strings are slices of the embedded file, so they cost no memory of their own.
type index struct {
	municipalities []Municipality
	byBelfiore     []int32
	names          []searchName
}

var loaded = sync.OnceValue(func() index {
	r := index{municipalities: parseMunicipalities(municipalitiesFile)}
	r.byBelfiore = make([]int32, len(r.municipalities))
	for i := range r.municipalities {
		r.byBelfiore[i] = int32(i)
	}
	slices.SortFunc(r.byBelfiore, func(a, b int32) int {
		return strings.Compare(r.municipalities[a].Belfiore, r.municipalities[b].Belfiore)
	})
	r.names = foldNames(r.municipalities)
	return r
})

func parseMunicipalities(file string) []Municipality {
	municipalities := make([]Municipality, 0, 7896)
	for f := range rows(file, 10) {
		// The column is empty where no population is known, which is the zero that Atoi returns with its error.
		population, _ := strconv.Atoi(f[8])
		municipalities = append(municipalities, Municipality{
			ISTAT: f[0], Belfiore: f[1], Name: f[2], OtherName: f[3], Province: f[4], ProvinceName: f[5],
			RegionCode: f[6], Region: f[7], Population: population, Since: f[9],
		})
	}
	return municipalities
}

// rows gives the rows below the heading of an embedded file; the slice is valid until the next row. A row with another
// number of columns means that the program was built from a broken file.
func rows(file string, columns int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		fields := make([]string, columns)
		heading := true
		for line := range strings.Lines(file) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			if heading {
				heading = false
				continue
			}
			if !cut(strings.TrimSuffix(line, "\n"), fields) {
				panic("register: broken row in an embedded file: " + line)
			}
			if !yield(fields) {
				return
			}
		}
	}
}

// cut splits line at its tabs and reports whether it has exactly as many fields as there is room for.
func cut(line string, fields []string) bool {
	for i := range fields {
		field, rest, more := strings.Cut(line, "\t")
		if more == (i == len(fields)-1) {
			return false
		}
		fields[i], line = field, rest
	}
	return true
}
