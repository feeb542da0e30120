package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/modules/kit"
	"staffetta/modules/practice/finding"
	"staffetta/modules/practice/personal"
	"staffetta/tenants"
)

// findPersonal looks for personal data in the items and in the public sheet of a kit. What two people let stand stands on, as
// long as nobody changes the item that it is in.
func (v *Service) findPersonal(ctx context.Context, s tenants.Scope, report Report) ([]finding.Finding, error) {
	texts, err := textsOf(report)
	if err != nil {
		return nil, err
	}
	report.Kit.Findings = finding.Standing(report.Kit.Findings, finding.Digests(texts))
	findings := finding.Patterns(texts, report.Kit.Findings)
	named, err := v.findNames(ctx, s, report, texts)
	if err != nil {
		return nil, err
	}
	findings = append(findings, named...)
	slices.SortFunc(findings, func(a, b finding.Finding) int { return strings.Compare(a.Place()+a.ID, b.Place()+b.ID) })
	return slices.CompactFunc(findings, func(a, b finding.Finding) bool { return a.ID == b.ID }), nil
}

// FindPersonal looks for personal data in texts that are about to leave the body, by the rules of kits. The findings' paths begin
// with the names of the texts; about is what the comparison with the registry is written down for.
func (v *Service) FindPersonal(ctx context.Context, s tenants.Scope, about uuid.UUID, texts map[string]any) ([]finding.Finding, error) {
	content, err := json.Marshal(texts)
	if err != nil {
		return nil, fmt.Errorf("read what is to be checked: %w", err)
	}
	findings, err := v.findPersonal(ctx, s, Report{Kit: Kit{ID: about, Sheet: []byte(`{}`)}, Items: []kit.Version{{Content: content}}})
	return v.shownFindings(s, findings), err
}

// textsOf are all texts of a kit, with where they stand. Keys are texts too: files are named by them.
func textsOf(report Report) ([]finding.Text, error) {
	var texts []finding.Text
	look := func(kind, key string, content []byte) error {
		return personal.Walk(content, func(path, text string) {
			texts = append(texts, finding.Text{Finding: finding.Finding{Kind: kind, Key: key, Path: path}, Text: text})
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
		terms := report.Terms[item.ID]
		about, err := json.Marshal(map[string]string{
			"key": item.Key, "title.it": item.Title.It, "title.en": item.Title.En, "owner": terms.Owner, "licence": terms.Licence,
		})
		if err != nil {
			return nil, fmt.Errorf("read the title of an item: %w", err)
		}
		if err := errors.Join(look(item.Kind, item.Key, about), look(item.Kind, item.Key, item.Content)); err != nil {
			return nil, err
		}
	}
	return texts, nil
}
