package domain

import (
	"context"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// Checks tell how the address of a body stands. Without one nothing is missing: it is advice, for whenever there is time.
func Checks(v *Service) []modules.Check {
	return []modules.Check{{
		Title: "onboarding.domain.check", Chapter: modules.IdentityChapter, Path: at, Permission: Write,
		Find: func(ctx context.Context, s tenants.Scope) (modules.Finding, error) {
			d, err := v.Get(ctx, s)
			if problem.Is(err, problem.NotFound) {
				return modules.Finding{Text: language.M("onboarding.domain.check_later")}, nil
			}
			return d.standing(), err
		},
	}}
}

// standing is how an address stands, in a sentence.
func (d Domain) standing() modules.Finding {
	switch {
	case d.Blocked != "":
		return modules.Finding{State: modules.Wrong, Text: language.M("onboarding.domain.check_blocked", "host", d.Host)}
	case d.State == Suspended:
		return modules.Finding{State: modules.Wrong, Text: language.M("onboarding.domain.check_suspended", "host", d.Host)}
	case d.State == Confirmed && d.Misses > 0:
		return modules.Finding{State: modules.Wrong, Text: language.M("onboarding.domain.check_missing", "host", d.Host)}
	case d.State == Confirmed:
		return modules.Finding{State: modules.Met, Text: language.M("onboarding.domain.check_met", "host", d.Host)}
	}
	return modules.Finding{Text: language.M("onboarding.domain.check_asked", "host", d.Host)}
}
