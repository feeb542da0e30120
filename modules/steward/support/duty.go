package support

import (
	"context"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Duties tell who grants support at a body that the platform asks for it.
func Duties(v *Service) []modules.DutySource {
	return []modules.DutySource{{Permission: Grant, Topics: []string{"platform.support_accesses"}, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
		all, err := v.findOwn(ctx, s)
		if err != nil {
			return nil, err
		}
		var asked modules.Pile // listed on one page
		for _, a := range all {
			if a.State != Asked {
				continue
			}
			if asked.Count++; a.AskedAt.After(asked.Since) {
				asked.Since = a.AskedAt
			}
		}
		if asked.Count == 0 {
			return nil, nil
		}
		return []modules.Duty{{Label: language.M("steward.support.duty", "n", asked.Count), Path: bodyAt, Since: asked.Since}}, nil
	}}}
}
