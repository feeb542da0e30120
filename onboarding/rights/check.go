package rights

import (
	"context"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Checks tell of a change of the rules that somebody has begun, and of those that let more be read and that nobody looked at.
func Checks(v *Service) []modules.Check {
	return []modules.Check{{
		Title: "onboarding.rights.check", Chapter: modules.PeopleChapter, Path: at + "/bozza", Permission: policies.ManageRules,
		Find: func(ctx context.Context, s tenants.Scope) (modules.Finding, error) {
			draft, err := v.GetDraft(ctx, s)
			if err != nil || draft.Version == 0 {
				return modules.Finding{State: modules.Met}, err
			}
			return modules.Finding{Text: language.M("onboarding.rights.draft.waits", "n", len(draft.Lines))}, nil
		},
	}, reviewCheck(v)}
}
