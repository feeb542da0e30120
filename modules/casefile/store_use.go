package casefile

import (
	"context"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// uses measures how much each workflow is used, by the cases opened on it and their steps.
func uses(deps modules.Deps) []modules.UseSource {
	return []modules.UseSource{{Kind: kit.KindWorkflow, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Use, error) {
		return modules.FindUses(ctx, deps.DB, s, "casefile.used_workflows")
	}}}
}
