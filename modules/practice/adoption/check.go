package adoption

import (
	"context"
	"slices"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Checks tell whether the body reuses what others do well.
func (v *Service) Checks() []modules.Check {
	return []modules.Check{{
		Title: "practice.check", Chapter: modules.ModuleChapter, Path: "/pratiche-adatte", Permission: "adoption:write",
		Find: func(ctx context.Context, s tenants.Scope) (modules.Finding, error) {
			found, _, err := v.FindAdoptions(ctx, s, "")
			found = slices.DeleteFunc(found, func(a Adoption) bool { return a.Reusing != s.Tenant })
			if err != nil || len(found) == 0 {
				return modules.Finding{Text: language.M("practice.check.none")}, err
			}
			return modules.Finding{State: modules.Met, Text: language.M("practice.check.some", "n", len(found))}, nil
		},
	}}
}
