package taxcode

import (
	"errors"
	"math/bits"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var today = time.Date(2026, 3, 1, 0, 30, 0, 0, time.FixedZone("Rome", 3600))

type reading struct {
	Text, Birth, Sex, Belfiore string
	Kind                       Kind
	Omocodia                   int
}

func read(c Code) reading {
	r := reading{Text: c.String(), Sex: c.Sex(), Belfiore: c.Belfiore(), Kind: c.Kind(), Omocodia: c.Omocodia()}
	if birth, known := c.BirthDate(today); known {
		r.Birth = birth.Format(time.DateOnly)
	}
	return r
}

func TestParse(t *testing.T) {
	for in, want := range map[string]reading{
		"RSSDAA80A41H501I":         {"RSSDAA80A41H501I", "1980-01-01", Female, "H501", Person, 0},
		" rss mra 85t10 a562s ":    {"RSSMRA85T10A562S", "1985-12-10", Male, "A562", Person, 0},
		"rssmra85t10\u00a0a562s\n": {"RSSMRA85T10A562S", "1985-12-10", Male, "A562", Person, 0},
		"RSSMRA85T10A56NH":         {"RSSMRA85T10A56NH", "1985-12-10", Male, "A562", Person, 1},
		"RSSMRAURTMLARSNL":         {"RSSMRAURTMLARSNL", "1985-12-10", Male, "A562", Person, 7},
		"00139550818":              {"00139550818", "", "", "", Provisional, 0},
		"820 014 108 18":           {"82001410818", "", "", "", Provisional, 0},
		"stp1902010000123":         {"STP1902010000123", "", "", "", STP, 0},
		"ENI1902010000123":         {"ENI1902010000123", "", "", "", ENI, 0},
	} {
		c, err := Parse(in)
		if err != nil {
			t.Errorf("Parse(%q): %v", in, err)
			continue
		}
		if diff := cmp.Diff(want, read(c)); diff != "" {
			t.Errorf("Parse(%q): %s", in, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	withCheck := func(text string) string { return text + string(checkCharacter(text)) }
	for name, tc := range map[string]struct {
		in   string
		want Error
	}{
		"nothing":                      {"", Error{WrongLength, 0}},
		"spaces":                       {" \t ", Error{WrongLength, 0}},
		"a character too few":          {"RSSDAA80A41H501", Error{WrongLength, 0}},
		"a character too many":         {"RSSDAA80A41H501II", Error{WrongLength, 0}},
		"a digit in the surname":       {"R5SDAA80A41H501I", Error{WrongCharacter, 2}},
		"a letter of no digit":         {"RSSDAA8AA41H501I", Error{WrongCharacter, 8}},
		"a letter of no month":         {"RSSDAA80F41H501I", Error{WrongCharacter, 9}},
		"a letter of no place":         {"RSSDAA80A41N501I", Error{WrongCharacter, 12}},
		"a digit as check":             {"RSSDAA80A41H5011", Error{WrongCharacter, 16}},
		"a hyphen":                     {"RSSDAA-80A41H501I", Error{WrongCharacter, 7}},
		"an accent":                    {"RSSDÀA80A41H501I", Error{WrongCharacter, 5}},
		"broken UTF-8":                 {"RSS\xffAA80A41H501I", Error{WrongCharacter, 4}},
		"four bytes":                   {"RSSDAA80A41H501😀", Error{WrongCharacter, 16}},
		"another check character":      {"RSSDAA80A41H501J", Error{WrongCheck, 16}},
		"two characters exchanged":     {"RSSDAA80A14H501I", Error{WrongCheck, 16}},
		"31 April":                     {withCheck("RSSMRA80D31H501"), Error{ImpossibleDate, 10}},
		"30 February":                  {withCheck("RSSMRA80B30H501"), Error{ImpossibleDate, 10}},
		"29 February of a common year": {withCheck("RSSMRA81B29H501"), Error{ImpossibleDate, 10}},
		"day 0":                        {withCheck("RSSMRA80A00H501"), Error{ImpossibleDate, 10}},
		"day 32":                       {withCheck("RSSMRA80A32H501"), Error{ImpossibleDate, 10}},
		"day 40":                       {withCheck("RSSMRA80A40H501"), Error{ImpossibleDate, 10}},
		"day 72":                       {withCheck("RSSMRA80A72H501"), Error{ImpossibleDate, 10}},
		"another check digit":          {"00139550819", Error{WrongCheck, 11}},
		"eleven zeros":                 {"00000000000", Error{WrongCheck, 11}},
		"a letter among eleven":        {"0013955O818", Error{WrongCharacter, 8}},
		"a letter in an STP code":      {"STP19O2010000123", Error{WrongCharacter, 6}},
		"a short STP code":             {"STP190201000012", Error{WrongLength, 0}},
	} {
		c, err := Parse(tc.in)
		var got *Error
		if !errors.As(err, &got) || c != (Code{}) {
			t.Errorf("%s: Parse = %v, %v", name, c, err)
			continue
		}
		if *got != tc.want {
			t.Errorf("%s: error %+v, want %+v", name, *got, tc.want)
		}
		if tc.in != "" && strings.Contains(err.Error(), tc.in) {
			t.Errorf("%s: the error tells the code: %v", name, err)
		}
	}
}

func TestErrorsDiffer(t *testing.T) {
	texts := map[string]bool{}
	for _, reason := range []Reason{WrongLength, WrongCharacter, WrongCheck, ImpossibleDate} {
		texts[(&Error{Reason: reason}).Error()] = true
	}
	if len(texts) != 4 {
		t.Errorf("%d different texts for 4 reasons", len(texts))
	}
}

func TestBirthDate(t *testing.T) {
	for _, tc := range []struct {
		written time.Time
		today   time.Time
		want    string
	}{
		{date(1980, 5, 4), today, "1980-05-04"},
		{date(2026, 3, 1), today, "2026-03-01"},
		{date(2026, 3, 2), today, "1926-03-02"},
		{date(1926, 2, 28), today, "2026-02-28"},
		{date(2000, 2, 29), today, "2000-02-29"},
		{date(2024, 2, 29), today, "2024-02-29"},
		{date(2028, 2, 29), today, "1928-02-29"},
		{date(1999, 12, 31), date(2000, 1, 1), "1999-12-31"},
		{date(2000, 1, 1), date(2000, 1, 1), "2000-01-01"},
		{date(1900, 1, 2), date(2000, 1, 1), "1900-01-02"},
	} {
		c, err := Parse(Build("Bianchi", "Ada", tc.written, Female, "E974"))
		if err != nil {
			t.Fatal(err)
		}
		if got, known := c.BirthDate(tc.today); !known || got.Format(time.DateOnly) != tc.want {
			t.Errorf("written for %v, read at %v: %v, want %s", tc.written, tc.today, got, tc.want)
		}
	}
}

func TestBuildAndMatches(t *testing.T) {
	for _, tc := range []struct{ surname, name, letters string }{
		{"Rossi", "Ada", "RSSDAA"},
		{"Rossi", "Mario", "RSSMRA"},
		{"Bianchi", "Gianfranco", "BNCGFR"},
		{"Bianchi", "Maria Luisa", "BNCMLS"},
		{"De Luca", "Anna Maria", "DLCNMR"},
		{"D'Amico", "Noè", "DMCNOE"},
		{"Fo", "Io", "FOXIOX"},
		{"Aia", "Ai", "AIAAIX"},
		{"Nguyễn", "Ö", "NGYOXX"},
		{"Weiß", "Þóra", "WSSTHR"},
		{"Łukasz", "Đorđe", "LKSDRD"},
		{"Sæther", "Jörg", "STHJRG"},
		{"", "", "XXXXXX"},
		{"王", "小明", "XXXXXX"},
	} {
		c, err := Parse(Build(tc.surname, tc.name, date(1980, 1, 1), Female, "h501"))
		if err != nil {
			t.Errorf("%s %s: %v", tc.surname, tc.name, err)
			continue
		}
		if got := c.String()[:6]; got != tc.letters {
			t.Errorf("letters of %s %s = %s, want %s", tc.surname, tc.name, got, tc.letters)
		}
		if s, n := c.Matches(strings.ToUpper(tc.surname), strings.ToLower(tc.name)); !s || !n {
			t.Errorf("%v does not match %s %s: %v, %v", c, tc.surname, tc.name, s, n)
		}
		if s, n := c.Matches("Qqq", tc.name); s || !n {
			t.Errorf("%v with another surname: %v, %v", c, s, n)
		}
		if s, n := c.Matches(tc.surname, "Qqq"); !s || n {
			t.Errorf("%v with another name: %v, %v", c, s, n)
		}
	}
	if s, n := (Code{STP, "STP1902010000123"}).Matches("Rossi", "Ada"); !s || !n {
		t.Error("an STP code has nothing to compare")
	}
}

func TestBuildThenParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, want := drawPerson(t)
		c, err := Parse(code)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, read(c)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAnotherCheckCharacterIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, _ := drawPerson(t)
		for check := 'A'; check <= 'Z'; check++ {
			var wrong *Error
			_, err := Parse(code[:15] + string(check))
			if byte(check) != code[15] && (!errors.As(err, &wrong) || wrong.Reason != WrongCheck) {
				t.Fatalf("%s with check %c: %v", code, check, err)
			}
		}
	})
}

func TestOmocodiaTellsTheSameData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, want := drawPerson(t)
		variant := rapid.IntRange(0, 127).Draw(t, "variant")
		text := []byte(code[:15])
		for i := range digitPositions {
			if variant>>i&1 == 1 {
				at := digitPositions[i]
				text[at] = omocodiaLetters[text[at]-'0']
			}
		}
		want.Text = string(text) + string(checkCharacter(string(text)))
		want.Omocodia = bits.OnesCount(uint(variant))
		c, err := Parse(want.Text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, read(c)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// drawPerson returns a code and what Parse has to read from it.
func drawPerson(t *rapid.T) (string, reading) {
	surname := rapid.StringMatching(`[A-Za-zàèìòù' ]{0,12}`).Draw(t, "surname")
	name := rapid.StringMatching(`[A-Za-zàèìòù' ]{0,12}`).Draw(t, "name")
	birth := date(2026, 3, 1-rapid.IntRange(0, 36_500).Draw(t, "days"))
	sex := rapid.SampledFrom([]string{Female, Male}).Draw(t, "sex")
	belfiore := rapid.StringMatching(`[A-MZ][0-9]{3}`).Draw(t, "belfiore")
	code := Build(surname, name, birth, sex, belfiore)
	return code, reading{code, birth.Format(time.DateOnly), sex, belfiore, Person, 0}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"RSSDAA80A41H501I", "rss mra 85t10 a562s", "00139550818", "STP1902010000123", "", "\xff", "RSSDAA80A41H501😀",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			var reason *Error
			if !errors.As(err, &reason) || c != (Code{}) {
				t.Errorf("Parse(%q) = %v, %v", s, c, err)
			}
			return
		}
		again, err := Parse(c.String())
		if err != nil || again != c {
			t.Errorf("Parse(%q) = %v, read again %v, %v", s, c, again, err)
		}
		_, known := c.BirthDate(today)
		if person := c.Kind() == Person; known != person || (c.Sex() != "") != person || (len(c.Belfiore()) == 4) != person {
			t.Errorf("%v: birth known %v, sex %q, place %q", c, known, c.Sex(), c.Belfiore())
		}
	})
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
