package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// The rules of the personal-data check, as Finding.Rule names them.
const (
	RuleFiscalCode = "fiscal_code"
	RuleIBAN       = "iban"
	RuleEmail      = "email"
	RulePhone      = "phone"
	RulePlate      = "plate"
	RuleName       = "name"
	RuleNames      = "names" // somewhere in the kit, for who may not learn where
)

// Finding is something in a kit that may tell who a person is, with its place (it: rilievo).
type Finding struct {
	ID        string         `json:"id"`
	Rule      string         `json:"rule"`
	Kind      string         `json:"kind"` // of the item; empty for the sheet
	Key       string         `json:"key"`
	Path      string         `json:"path"`  // inside the content
	Match     string         `json:"match"` // empty for a name
	Justified *Justification `json:"justified,omitempty"`
	Confirmed *Justification `json:"confirmed,omitempty"` // by a second person
}

// Justification is why a finding may stand.
type Justification struct {
	Account uuid.UUID `json:"account"`
	Name    string    `json:"name"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
}

// Place says where the finding is, for people.
func (f Finding) Place() string {
	return strings.TrimSpace(f.Key + " " + f.Path)
}

var patterns = []struct {
	rule    string
	pattern *regexp.Regexp
	real    func(match string) bool
}{
	// Omocodia writes letters L-V in the place of digits; taxcode knows them and checks the last letter.
	{RuleFiscalCode, regexp.MustCompile(`(?i)\b[A-Z]{6}\s?[0-9L-V]{2}[A-EHLMPRST][0-9L-V]{2}\s?[A-Z][0-9L-V]{3}[A-Z]\b`), isTaxCode},
	{RuleIBAN, regexp.MustCompile(`(?i)\b[A-Z]{2}[0-9]{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?\b`), isIBAN},
	{RuleEmail, regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`), nil},
	{RulePhone, regexp.MustCompile(`(?:\+39|\b0039)?[\s.]?\b(?:3[0-9]{2}|0[1-9][0-9]{0,3})[\s./-]?[0-9]{2,4}[\s.-]?[0-9]{2,4}(?:[\s.-]?[0-9]{1,3})?\b`), isPhone},
	{RulePlate, regexp.MustCompile(`\b[A-HJ-NPR-TV-Z]{2}\s?[0-9]{3}\s?[A-HJ-NPR-TV-Z]{2}\b`), nil},
}

// findPersonal looks for personal data in the items and in the public sheet of a kit.
func (v *Service) findPersonal(ctx context.Context, s tenants.Scope, report Report) ([]Finding, error) {
	places, err := placesOf(report)
	if err != nil {
		return nil, err
	}
	var findings []Finding
	for _, place := range places {
		findings = append(findings, matches(place.Finding, place.text)...)
	}
	for i := range findings {
		f := &findings[i]
		f.ID = Digest([]byte(strings.Join([]string{f.Rule, f.Kind, f.Key, f.Path, f.Match}, "\n")))[:16]
	}
	findings = keepJustified(findings, report.Kit.Findings)
	named, err := v.findNames(ctx, s, report, places)
	if err != nil {
		return nil, err
	}
	findings = append(findings, named...)
	slices.SortFunc(findings, func(a, b Finding) int { return strings.Compare(a.Place()+a.ID, b.Place()+b.ID) })
	return slices.CompactFunc(findings, func(a, b Finding) bool { return a.ID == b.ID }), nil
}

// placesOf are all texts of a kit, with where they stand.
func placesOf(report Report) ([]namedPlace, error) {
	var places []namedPlace
	look := func(kind, key string, content []byte) error {
		return walkTexts(content, func(path, text string) {
			places = append(places, namedPlace{Finding{Kind: kind, Key: key, Path: path}, text})
		})
	}
	p := report.Practice
	about, err := json.Marshal(map[string]string{"title.it": p.Title.It, "title.en": p.Title.En, "owner": p.Owner, "licence": p.Licence})
	if err != nil {
		return nil, fmt.Errorf("read the title of a practice: %w", err)
	}
	if err := errors.Join(look("", "", about), look("", "", report.Kit.Sheet)); err != nil {
		return nil, err
	}
	for _, item := range report.Items {
		titles, err := json.Marshal(map[string]string{"title.it": item.Title.It, "title.en": item.Title.En})
		if err != nil {
			return nil, fmt.Errorf("read the title of an item: %w", err)
		}
		if err := errors.Join(look(item.Kind, item.Key, titles), look(item.Kind, item.Key, item.Content)); err != nil {
			return nil, err
		}
	}
	return places, nil
}

func matches(here Finding, text string) []Finding {
	var found []Finding
	for _, p := range patterns {
		for _, match := range p.pattern.FindAllString(text, -1) {
			match = strings.TrimSpace(match)
			if p.real != nil && !p.real(match) {
				continue
			}
			here.Rule, here.Match = p.rule, match
			found = append(found, here)
		}
	}
	return found
}

// Rules lists the rules by which a text may tell who a person is, without those that compare names.
func Rules(text string) []string {
	var rules []string
	for _, finding := range matches(Finding{}, text) {
		if !slices.Contains(rules, finding.Rule) {
			rules = append(rules, finding.Rule)
		}
	}
	return rules
}

func isTaxCode(match string) bool {
	_, err := taxcode.Parse(match)
	return err == nil
}

// isIBAN checks the two digits of an IBAN (ISO 13616, modulo 97).
func isIBAN(match string) bool {
	text := strings.ToUpper(strings.Join(strings.Fields(match), ""))
	if len(text) < 15 || len(text) > 34 {
		return false
	}
	var digits strings.Builder
	for _, r := range text[4:] + text[:4] {
		if unicode.IsDigit(r) {
			digits.WriteRune(r)
		} else {
			fmt.Fprintf(&digits, "%d", r-'A'+10)
		}
	}
	number, ok := new(big.Int).SetString(digits.String(), 10)
	return ok && new(big.Int).Mod(number, big.NewInt(97)).Int64() == 1
}

// isPhone tells an Italian number by its digits: nine to eleven without the prefix of the country.
func isPhone(match string) bool {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, match)
	if strings.HasPrefix(match, "+39") {
		digits = digits[2:]
	}
	digits = strings.TrimPrefix(digits, "0039")
	return len(digits) >= 9 && len(digits) <= 11
}

// nameWord is a word as a name is written: with a capital, or one of the small words inside Italian surnames.
var nameWord = regexp.MustCompile(`[\p{Lu}][\p{L}'’-]*|\b(?:de|di|da|del|della|lo|la|li)\b`)

// maxNameWords is how many words a surname and a name have together.
const maxNameWords = 4

// walkTexts calls look for every text in a JSON value, with its readable place.
func walkTexts(content []byte, look func(path, text string)) error {
	var value any
	if err := json.Unmarshal(content, &value); err != nil {
		return fmt.Errorf("read a content for its check: %w", err)
	}
	var walk func(path string, value any)
	walk = func(path string, value any) {
		switch x := value.(type) {
		case string:
			look(path, x)
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(x)) {
				walk(strings.TrimPrefix(path+"."+name, "."), x[name])
			}
		case []any:
			for at, entry := range x {
				walk(path+"["+entryName(entry, at)+"]", entry)
			}
		}
	}
	walk("", value)
	return nil
}

// entryName names an entry of a list by its key where it has one, else by its place from 0.
func entryName(entry any, at int) string {
	if object, ok := entry.(map[string]any); ok {
		if key, ok := object["key"].(string); ok && key != "" {
			return key
		}
	}
	return fmt.Sprint(at)
}

// keepJustified carries the justifications of an earlier check over to the same findings.
func keepJustified(found, before []Finding) []Finding {
	for i := range found {
		at := slices.IndexFunc(before, func(f Finding) bool { return f.ID == found[i].ID })
		if at >= 0 {
			found[i].Justified, found[i].Confirmed = before[at].Justified, before[at].Confirmed
		}
	}
	return found
}
