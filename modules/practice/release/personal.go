package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/modules/practice/personal"
	"staffetta/tenants"
)

// The rules of the personal-data check, as Finding.Rule names them.
const (
	RuleFiscalCode = personal.FiscalCode
	RuleIBAN       = personal.IBAN
	RuleEmail      = personal.Email
	RulePhone      = personal.Phone
	RulePlate      = personal.Plate
	RuleName       = personal.Name
	RuleAddress    = personal.Address
	RuleNames      = "names" // somewhere in the kit, for who may not learn where
)

// Finding is something in a kit that may tell who a person is, with its place (it: rilievo).
type Finding struct {
	ID        string         `json:"id"`
	Rule      string         `json:"rule"`
	Kind      string         `json:"kind"` // of the item; empty for the sheet
	Key       string         `json:"key"`
	Path      string         `json:"path"`  // inside the content
	Match     string         `json:"match"` // empty for a name and an address
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

// ofRegistry tells whether the finding compares a text with the registry.
func (f Finding) ofRegistry() bool { return f.Rule == RuleName || f.Rule == RuleAddress }

// findPersonal looks for personal data in the items and in the public sheet of a kit.
func (v *Service) findPersonal(ctx context.Context, s tenants.Scope, report Report) ([]Finding, error) {
	places, err := placesOf(report)
	if err != nil {
		return nil, err
	}
	var findings []Finding
	for _, place := range places {
		for _, match := range personal.Find(place.text) {
			f := place.Finding
			f.Rule, f.Match = match.Rule, match.Text
			f.ID = Digest([]byte(strings.Join([]string{f.Rule, f.Kind, f.Key, f.Path, f.Match}, "\n")))[:16]
			findings = append(findings, f)
		}
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

// placesOf are all texts of a kit, with where they stand. Keys are texts too: files are named by them.
func placesOf(report Report) ([]namedPlace, error) {
	var places []namedPlace
	look := func(kind, key string, content []byte) error {
		return personal.Walk(content, func(path, text string) {
			places = append(places, namedPlace{Finding{Kind: kind, Key: key, Path: path}, text})
		})
	}
	p := report.Practice
	about, err := json.Marshal(map[string]string{"key": p.Key, "title.it": p.Title.It, "title.en": p.Title.En, "owner": p.Owner, "licence": p.Licence})
	if err != nil {
		return nil, fmt.Errorf("read the title of a practice: %w", err)
	}
	if err := errors.Join(look("", "", about), look("", "", report.Kit.Sheet)); err != nil {
		return nil, err
	}
	for _, item := range report.Items {
		titles, err := json.Marshal(map[string]string{"key": item.Key, "title.it": item.Title.It, "title.en": item.Title.En})
		if err != nil {
			return nil, fmt.Errorf("read the title of an item: %w", err)
		}
		if err := errors.Join(look(item.Kind, item.Key, titles), look(item.Kind, item.Key, item.Content)); err != nil {
			return nil, err
		}
	}
	return places, nil
}

// Rules lists the rules by which a text may tell who a person is, without those that compare it with the registry.
func Rules(text string) []string { return personal.Rules(text) }

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
