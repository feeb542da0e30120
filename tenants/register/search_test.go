package register

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSearch(t *testing.T) {
	for _, tc := range []struct {
		query string
		limit int
		want  []string
	}{
		{"forlì", 1, []string{"Forlì"}},
		{"FORLI", 3, []string{"Forlì", "Forlimpopoli", "Forlì del Sannio"}},
		{"forli'", 1, []string{"Forlì"}},
		{"fòrlí", 1, []string{"Forlì"}},
		{"reggio nell'emilia", 5, []string{"Reggio nell'Emilia"}},
		{"reggio nell’emilia", 5, []string{"Reggio nell'Emilia"}},
		{"reggio emilia", 1, []string{"Reggio nell'Emilia"}},
		{"reggio", 3, []string{"Reggio di Calabria", "Reggio nell'Emilia", "Reggiolo"}},
		{"laquila", 1, []string{"L'Aquila"}},
		{"l aquila", 1, []string{"L'Aquila"}},
		{"c_e974", 5, []string{"Marsala"}},
		{" C_E974 ", 5, []string{"Marsala"}},
		{"e974", 5, []string{"Marsala"}},
		{"081011", 5, []string{"Marsala"}},
		{"g315", 5, []string{"Pantelleria"}},
		{"0810", 3, []string{"Alcamo", "Buseto Palizzolo", "Calatafimi-Segesta"}},
		{"bozen", 5, []string{"Bolzano"}},
		{"bolzano", 2, []string{"Bolzano", "Bolzano Vicentino"}},
		{"steverjan", 5, []string{"San Floriano del Collio"}},
		{"eppan an der weinstrasse", 5, []string{"Appiano sulla strada del vino"}},
		{"mazara", 5, []string{"Mazara del Vallo", "Campobello di Mazara"}},
		{"vallo", 3, []string{"Vallo della Lucania", "Vallo Torinese", "Vallo di Nera"}},
		{"pantell", 5, []string{"Pantelleria"}},
		{"ntelleri", 5, []string{"Pantelleria"}},
		{"samone", 2, []string{"Samone", "Samone"}},
		{"roma", 1, []string{"Roma"}},
		{"", 5, nil},
		{" '- ", 5, nil},
		{"roma", 0, nil},
		{"roma", -1, nil},
		{"xyzzy", 5, []string{}},
		{"999999", 5, []string{}},
	} {
		var got []string
		if found := Search(tc.query, tc.limit); found != nil {
			got = []string{}
			for _, m := range found {
				got = append(got, m.Name)
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("Search(%q, %d): %s", tc.query, tc.limit, diff)
		}
	}
}

func TestSearchOrdersByRankThenPopulation(t *testing.T) {
	found := Search("san", 10_000)
	if len(found) < 500 {
		t.Fatalf("%d municipalities found", len(found))
	}
	for i := 1; i < len(found); i++ {
		a, b := found[i-1], found[i]
		rankA, rankB := rankOf(a, "san"), rankOf(b, "san")
		if rankA > rankB || (rankA == rankB && a.Population < b.Population) {
			t.Fatalf("%s (%d) stands before %s (%d)", a.Name, a.Population, b.Name, b.Population)
		}
	}
	if diff := cmp.Diff(found[:7], Search("san", 7)); diff != "" {
		t.Errorf("a smaller limit changes the first results: %s", diff)
	}
}

func TestFoldWords(t *testing.T) {
	for text, want := range map[string]string{
		"Rhêmes-Notre-Dame": " rhemes notre dame", "  L’Aquila (AQ) ": " l aquila aq", "Weinstraße": " weinstrasse",
		"Soči 2": " soci 2", "--": "", "\xff": "",
	} {
		if got := foldWords(text); got != want {
			t.Errorf("foldWords(%q) = %q, want %q", text, got, want)
		}
	}
}

func rankOf(m Municipality, query string) int {
	words := " " + query
	name, other := newFolded(foldWords(m.Name)), newFolded(foldWords(m.OtherName))
	return min(name.rank(newFolded(words), []string{words}), other.rank(newFolded(words), []string{words}))
}

func TestEveryMunicipalityIsFound(t *testing.T) {
	for _, m := range All() {
		if found := Search(m.IPA(), 2); len(found) != 1 || found[0] != m {
			t.Fatalf("Search(%q) = %v", m.IPA(), found)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom(All()).Draw(t, "municipality")
		for _, query := range []string{m.Name, m.OtherName, m.ISTAT, m.Belfiore} {
			if query == "" {
				continue
			}
			found := false
			for _, candidate := range Search(query, 20) {
				found = found || candidate == m
			}
			if !found {
				t.Fatalf("%v is not among the first for %q", m, query)
			}
		}
	})
}

func FuzzSearch(f *testing.F) {
	for _, seed := range []string{"forlì", "c_e974", "081", "\xff", "ß", "́", "🙂", "san  -san"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if found := Search(query, 10); len(found) > 10 {
			t.Errorf("Search(%q, 10) found %d", query, len(found))
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	for _, query := range []string{"a", "san", "reggio emilia", "xyzzy", "c_e974"} {
		b.Run(query, func(b *testing.B) {
			loaded()
			b.ReportAllocs()
			for b.Loop() {
				Search(query, 20)
			}
		})
	}
}
