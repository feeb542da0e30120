package member

import (
	"context"
	"strings"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Checks tell which roles nobody holds, today or within thirty days.
func Checks(v *Service) []modules.Check {
	return []modules.Check{{
		Title: "onboarding.member.check", Chapter: modules.PeopleChapter, Path: at, Permission: policies.ManageRules,
		Find: func(ctx context.Context, s tenants.Scope) (modules.Finding, error) {
			found, err := v.Uncovered(ctx, s)
			if err != nil || len(found) == 0 {
				return modules.Finding{State: modules.Met}, err
			}
			return modules.Finding{Text: language.M("onboarding.member.check_text", "roles", v.vacancies(ctx, s, found))}, nil
		},
	}}
}

// vacancies names roles that nobody holds, with the day from which on where it is not today.
func (v *Service) vacancies(ctx context.Context, s tenants.Scope, found []Vacancy) string {
	var names []string
	for _, one := range found {
		name := v.label(ctx, s, one.Role)
		if !one.From.IsZero() {
			name = language.Say(ctx, language.M("onboarding.member.gap_from", "role", name, "day", one.From.Format("02/01/2006")))
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}
