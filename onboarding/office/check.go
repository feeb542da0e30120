package office

import (
	"context"
	"slices"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Checks tell whether citizens find out where to go, and when.
func Checks(v *Service) []modules.Check {
	return []modules.Check{{
		Title: "onboarding.office.check", Chapter: modules.ServiceChapter, Path: at, Permission: Write,
		Find: func(ctx context.Context, s tenants.Scope) (modules.Finding, error) {
			open, err := v.FindOpen(ctx, s)
			if err != nil || len(open) == 0 {
				return modules.Finding{Text: language.M("onboarding.office.check_none")}, err
			}
			silent := slices.DeleteFunc(open, func(o Office) bool {
				return slices.ContainsFunc(o.Hours[:], func(day []Opening) bool { return len(day) > 0 })
			})
			if len(silent) > 0 {
				return modules.Finding{Text: language.M("onboarding.office.check_hours", "name", silent[0].Name)}, nil
			}
			return modules.Finding{State: modules.Met}, nil
		},
	}}
}
