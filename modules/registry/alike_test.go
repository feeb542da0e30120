package registry

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func bornOn(day string) time.Time {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return d
}

func TestCompareTraits(t *testing.T) {
	rosa := traits{"", "Bianco", "Rosa Maria", bornOn("1985-04-03")}
	for name, c := range map[string]struct {
		a, b traits
		want string
	}{
		"the same":                   {rosa, rosa, "100 birth name"},
		"the same code":              {traits{"X", "Bianco", "Rosa", bornOn("1985-04-03")}, traits{"X", "Verdi", "Anna", bornOn("1990-01-01")}, "100 code"},
		"accent, case, apostrophe":   {traits{"", "D’Aloìa", "Niccolò", bornOn("1985-04-03")}, traits{"", "D'ALOIA", "Niccolo'", bornOn("1985-04-03")}, "100 birth name"},
		"a letter wrong":             {rosa, traits{"", "Bianca", "Rosa Maria", bornOn("1985-04-03")}, "93 birth surname_near"},
		"two neighbours":             {rosa, traits{"", "Bainco", "Rosa Maria", bornOn("1985-04-03")}, "93 birth surname_near"},
		"a double letter":            {rosa, traits{"", "Biancco", "Rosa Maria", bornOn("1985-04-05")}, "84 birth_near surname_near"},
		"a wrong letter in each":     {rosa, traits{"", "Bianca", "Rosa Mario", bornOn("1985-04-03")}, "88 birth surname_near name_near"},
		"another spelling, no day":   {rosa, traits{"", "Byannko", "Rosa Maria", time.Time{}}, "65 birth_unknown surname_near"},
		"another name, no day":       {rosa, traits{"", "Bianca", "Rosa Maria", time.Time{}}, "0"},
		"the second name left out":   {rosa, traits{"", "Bianco", "Rosa", bornOn("1985-04-03")}, "90 birth name_near"},
		"exchanged":                  {rosa, traits{"", "Rosa Maria", "Bianco", bornOn("1985-04-03")}, "95 birth swapped"},
		"exchanged, a letter wrong":  {rosa, traits{"", "Rosa Maria", "Bianca", bornOn("1985-04-03")}, "88 birth swapped"},
		"two letters in a short one": {rosa, traits{"", "Bianchi", "Rosa Maria", bornOn("1985-04-03")}, "0"},
		"six days":                   {rosa, traits{"", "Bianco", "Rosa Maria", bornOn("1985-04-09")}, "0"},
		"an alias":                   {rosa, traits{}, "0"},
	} {
		t.Run(name, func(t *testing.T) {
			score, reasons := compareTraits(c.a, c.b)
			if diff := cmp.Diff(c.want, strings.Join(append([]string{fmt.Sprint(score)}, reasons...), " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTypos(t *testing.T) {
	for pair, want := range map[[2]string]int{
		{"", ""}: 0, {"", "ab"}: 2, {"rossi", "rosi"}: 1, {"rossi", "rossini"}: 2, {"maria", "mario"}: 1, {"marco", "macro"}: 1,
		{"ca", "abc"}: 3, {"𠮷野", "野"}: 1, {"bianco", "neri"}: 6,
	} {
		if got := typos([]rune(pair[0]), []rune(pair[1])); got != want {
			t.Errorf("between %q are %d typos, want %d", pair, got, want)
		}
	}
}

const letters = "abcdefghijklmnopqrstuvwxyz"

// drawName is a name of one or two words; its letters are few, so that alike names are often drawn.
func drawName(t *rapid.T, label string) string {
	return rapid.StringMatching(`[A-Z][aeiou]?[a-z']{0,8}[a-zàèìòù]( [A-Z][a-z]{2,6})?`).Draw(t, label)
}

// drawTypo leaves out, adds, mistakes or exchanges a letter; what is left still is a name.
func drawTypo(t *rapid.T, name string) string {
	r := []rune(name)
	at := rapid.IntRange(0, len(r)-1).Draw(t, "at")
	letter := rune(rapid.SampledFrom([]byte(letters)).Draw(t, "letter"))
	switch kind := rapid.SampledFrom([]string{"out", "in", "wrong", "exchange"}).Draw(t, "kind"); {
	case kind == "out" && nameKey(string(slices.Delete(slices.Clone(r), at, at+1))) != "":
		r = slices.Delete(r, at, at+1)
	case kind == "in":
		r = slices.Insert(r, at, letter)
	case kind == "exchange" && at > 0:
		r[at-1], r[at] = r[at], r[at-1]
	default:
		r[at] = letter
	}
	return string(r)
}

func TestLikenessIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) traits {
			return traits{
				rapid.SampledFrom([]string{"", "X", "Y"}).Draw(t, label+" code"), rapid.StringMatching(`[abk]{0,3}( [ab]{1,2})?`).Draw(t, label+" surname"),
				rapid.StringMatching(`[abk]{0,3}( [ab]{1,2})?`).Draw(t, label+" name"),
				rapid.SampledFrom([]time.Time{{}, bornOn("1985-04-03"), bornOn("1985-04-07"), bornOn("1985-04-10")}).Draw(t, label+" birth"),
			}
		}
		a, b := draw("a"), draw("b")
		there, why := compareTraits(a, b)
		back, reasons := compareTraits(b, a)
		if there != back || !slices.Equal(why, reasons) {
			t.Fatalf("%v and %v: %d %v, the other way %d %v", a, b, there, why, back, reasons)
		}
		if (there > 0) != (len(why) > 0) || there > 100 {
			t.Fatalf("%v and %v: score %d with %v", a, b, there, why)
		}
	})
}

func TestOneTypoIsAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := traits{"", drawName(t, "surname"), drawName(t, "name"), bornOn("1985-04-03")}
		b := a
		if rapid.Bool().Draw(t, "in the name") {
			b.name = drawTypo(t, b.name)
		} else {
			b.surname = drawTypo(t, b.surname)
		}
		if rapid.Bool().Draw(t, "exchanged") {
			b.surname, b.name = b.name, b.surname
		}
		if score, reasons := compareTraits(a, b); score == 0 || reasons[0] != SameBirth {
			t.Fatalf("%v and %v: %d %v", a, b, score, reasons)
		}
	})
}
