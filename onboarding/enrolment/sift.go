package enrolment

import (
	"context"
	"strings"

	"staffetta/internal/language"
	"staffetta/tenants"
)

// present are bodies that are there, by what only one may have.
type present struct {
	belfiore map[string]bool   // of municipalities that have not left
	slugs    map[string]string // also old ones, and codes of the index of public bodies; whose they are
	pecs     map[string]string
	codes    map[string]string
}

func newPresent() present {
	return present{belfiore: map[string]bool{}, slugs: map[string]string{}, pecs: map[string]string{}, codes: map[string]string{}}
}

// sift leaves the bodies that can be made. Those that are there are counted, and those of which another body has the address, the
// certified mail or the tax code are refused.
func sift(ctx context.Context, tx tenants.Tx, bodies []Body, report *Report) ([]Body, error) {
	there, err := findPresent(ctx, tx, bodies)
	if err != nil {
		return nil, err
	}
	var free []Body
	for _, b := range bodies {
		if there.belfiore[b.Belfiore] {
			report.Present++
			continue
		}
		if why, taken := there.takes(b); taken {
			report.Refused = append(report.Refused, Refusal{b.line, b.Name, why})
			continue
		}
		free = append(free, b)
	}
	return free, nil
}

// takes tells which body has what the new one would have.
func (p present) takes(b Body) (language.Message, bool) {
	if other, taken := p.slugs[b.Slug]; taken {
		return language.M("onboarding.enrol.slug_taken", "ipa", b.Slug, "body", other), true
	}
	if other, taken := p.pecs[strings.ToLower(b.PEC)]; taken && b.PEC != "" {
		return language.M("onboarding.enrol.pec_taken", "pec", b.PEC, "body", other), true
	}
	if other, taken := p.codes[b.TaxCode]; taken && b.TaxCode != "" {
		return language.M("onboarding.enrol.code_taken", "code", b.TaxCode, "body", other), true
	}
	return language.Message{}, false
}
