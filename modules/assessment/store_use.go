package assessment

import (
	"context"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// uses measures how much each instrument is used, by the assessments made with it.
func uses(deps modules.Deps) []modules.UseSource {
	return []modules.UseSource{{Kind: kit.KindAssessment, Answers: storedAnswers, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Use, error) {
		return modules.FindUses(ctx, deps.DB, s, "assessment.used")
	}}}
}

// storedAnswers counts what drafts hold.
func storedAnswers(ctx context.Context, tx tenants.Tx, keys []string) ([]modules.StoredAnswers, error) {
	return modules.FindAnswers(ctx, tx, "assessment.stored_answers", keys)
}
