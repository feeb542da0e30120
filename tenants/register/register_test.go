package register

import (
	"errors"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRegisterIsComplete(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9]{6} [A-M][0-9]{3} [A-Z]{2} [0-9]{2}$`)
	istat, belfiore, provinces, regions := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	other, population := 0, 0
	for _, m := range All() {
		if row := strings.Join([]string{m.ISTAT, m.Belfiore, m.Province, m.RegionCode}, " "); !shape.MatchString(row) {
			t.Errorf("%s: unexpected codes %q", m.Name, row)
		}
		istat[m.ISTAT], belfiore[m.Belfiore], provinces[m.ProvinceName], regions[m.Region] = true, true, true, true
		if m.OtherName != "" {
			other++
		}
		population += m.Population
	}
	got := map[string]int{
		"rows": len(All()), "istat": len(istat), "belfiore": len(belfiore), "provinces": len(provinces),
		"regions": len(regions), "bilingual": other,
	}
	want := map[string]int{
		"rows": 7896, "istat": 7896, "belfiore": 7896, "provinces": 107, "regions": 20, "bilingual": 124,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// The census of 2011 counted 59,433,744 residents; the municipalities merged since 2020 are without a number.
	if population < 59_000_000 || population > 59_433_744 {
		t.Errorf("population of 2011 = %d", population)
	}
}

func TestMunicipalitiesOfTheRegister(t *testing.T) {
	for _, want := range []Municipality{
		{ISTAT: "081011", Belfiore: "E974", Name: "Marsala", Province: "TP", Population: 80218},
		{ISTAT: "081012", Belfiore: "F061", Name: "Mazara del Vallo", Province: "TP", Population: 49995},
		{ISTAT: "081014", Belfiore: "G315", Name: "Pantelleria", Province: "TP", Population: 7493},
		{ISTAT: "081024", Belfiore: "M281", Name: "Petrosino", Province: "TP", Population: 7760},
		{ISTAT: "087015", Belfiore: "C351", Name: "Catania", Province: "CT", Population: 293902},
		{ISTAT: "099030", Belfiore: "F478", Name: "Montecopiolo", Province: "RN", Population: 1175},
		{ISTAT: "099031", Belfiore: "I460", Name: "Sassofeltrio", Province: "RN", Population: 1445},
		{ISTAT: "081025", Belfiore: "M432", Name: "Misiliscemi", Province: "TP"},
		{ISTAT: "012144", Belfiore: "M433", Name: "Bardello con Malgesso e Bregano", Province: "VA"},
		{ISTAT: "005122", Belfiore: "M434", Name: "Moransengo-Tonengo", Province: "AT"},
		{ISTAT: "013256", Belfiore: "M435", Name: "Uggiate con Ronago", Province: "CO"},
		{ISTAT: "024128", Belfiore: "M436", Name: "Sovizzo", Province: "VI"},
		{ISTAT: "025075", Belfiore: "M437", Name: "Setteville", Province: "BL"},
		{ISTAT: "028108", Belfiore: "M438", Name: "Santa Caterina d'Este", Province: "PD"},
		{
			ISTAT: "031019", Belfiore: "H845", Name: "San Floriano del Collio", OtherName: "Števerjan",
			Province: "GO", Population: 798,
		},
		{
			ISTAT: "031022", Belfiore: "I479", Name: "Savogna d'Isonzo", OtherName: "Sovodnje ob Soči",
			Province: "GO", Population: 1727,
		},
		{
			ISTAT: "032001", Belfiore: "D383", Name: "Duino Aurisina", OtherName: "Devin Nabrežina",
			Province: "TS", Population: 8586,
		},
	} {
		got, err := ByISTAT(want.ISTAT)
		if err != nil {
			t.Error(err)
			continue
		}
		again, err := ByBelfiore(strings.ToLower(want.Belfiore))
		if err != nil || again != got {
			t.Errorf("ByBelfiore(%s) = %v, %v, want %v", want.Belfiore, again, err, got)
		}
		want.ProvinceName, want.Region, want.RegionCode, want.Since = got.ProvinceName, got.Region, got.RegionCode, got.Since
		if got != want {
			t.Errorf("ByISTAT(%s) = %+v, want %+v", want.ISTAT, got, want)
		}
	}
}

func TestCodesAndNamesOfProvinceAndRegion(t *testing.T) {
	m, err := ByBelfiore("E974")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{m.IPA(), m.ProvinceName, m.Region, m.RegionCode}
	if diff := cmp.Diff([]string{"c_e974", "Trapani", "Sicilia", "19"}, got); diff != "" {
		t.Error(diff)
	}
	for _, code := range []string{"", "E97", "E9744", "Z100", "A003", "081011"} {
		if m, err := ByBelfiore(code); !errors.Is(err, ErrNotFound) {
			t.Errorf("ByBelfiore(%q) = %v, %v, want ErrNotFound", code, m, err)
		}
	}
	for _, code := range []string{"", "08101", "0810111", "E974"} {
		if m, err := ByISTAT(code); !errors.Is(err, ErrNotFound) {
			t.Errorf("ByISTAT(%q) = %v, %v, want ErrNotFound", code, m, err)
		}
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	for _, file := range []string{"heading\none\ttwo\tthree\n", "heading\none\n", "heading\n\n"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("rows(%q) did not refuse", file)
				}
			}()
			for range rows(file, 2) {
				t.Errorf("rows(%q) gave a row", file)
			}
		}()
	}
}

func TestPlaceAt(t *testing.T) {
	for name, tc := range map[string]struct {
		code, day string
		want      Place
		err       error
	}{
		"a municipality of today":       {"e974", "1980-01-01", Place{"E974", "Marsala", "TP", at("1861-03-17"), time.Time{}}, nil},
		"before it was founded":         {"M281", "1970-05-01", Place{"M281", "Petrosino", "TP", at("1980-08-10"), time.Time{}}, ErrNotThen},
		"an old one in a new province":  {"G888", "1950-05-01", Place{"G888", "Pordenone", "PN", time.Time{}, time.Time{}}, nil},
		"a ceased municipality":         {"A012", "2001-02-03", Place{"A012", "Abetone", "PT", at("1936-07-26"), at("2017-01-01")}, nil},
		"on its last day":               {"A012", "2017-01-01", Place{"A012", "Abetone", "PT", at("1936-07-26"), at("2017-01-01")}, nil},
		"after it ceased":               {"A012", "2017-01-02", Place{"A012", "Abetone", "PT", at("1936-07-26"), at("2017-01-01")}, ErrNotThen},
		"a municipality now in Croatia": {"D620", "1940-05-05", Place{"D620", "Fiume", "FU", at("1924-03-09"), at("1947-09-16")}, nil},
		"a state":                       {"Z102", "1930-01-01", Place{"Z102", "Austria", "", time.Time{}, time.Time{}}, nil},
		"a state that ceased":           {"Z105", "1994-01-01", Place{"Z105", "Cecoslovacchia", "", time.Time{}, at("1993-01-01")}, ErrNotThen},
		"a repaired name":               {"Z106", "", Place{"Z106", "Stato della Città del Vaticano", "", time.Time{}, time.Time{}}, nil},
		"no such code":                  {"Z999", "1990-01-01", Place{}, ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := PlaceAt(tc.code, at(tc.day))
			if !errors.Is(err, tc.err) {
				t.Errorf("error %v, want %v", err, tc.err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPlacesAreDistinct(t *testing.T) {
	seen, states := map[string]bool{}, 0
	for _, p := range otherPlaces() {
		if _, err := ByBelfiore(p.Belfiore); err == nil || seen[p.Belfiore] {
			t.Errorf("%s %s is repeated", p.Belfiore, p.Name)
		}
		seen[p.Belfiore] = true
		if p.Foreign() {
			states++
		} else if p.To.IsZero() || !p.From.Before(p.To) {
			t.Errorf("%s %s existed from %v to %v", p.Belfiore, p.Name, p.From, p.To)
		}
	}
	if len(seen) != 2167 || states != 222 {
		t.Errorf("%d places with %d states, want 2167 with 222", len(seen), states)
	}
}

// TestMemory holds the heap that both files take once they are loaded.
func TestMemory(t *testing.T) {
	var before, after runtime.MemStats
	loaded()
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := index{municipalities: parseMunicipalities(municipalitiesFile)}
	r.names = foldNames(r.municipalities)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 6<<20 || grown < 1<<20 {
		t.Errorf("the register takes %d bytes of heap, want 1 to 6 MB", grown)
	}
	runtime.KeepAlive(r)
}

func at(day string) time.Time {
	if day == "" {
		return time.Time{}
	}
	parsed, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return parsed
}
