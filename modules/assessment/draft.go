package assessment

import (
	"context"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// FindDrafts lists the actor's own drafts in open cases of the body in which the actor may still write assessments.
func (s *Service) FindDrafts(ctx context.Context, scope tenants.Scope, q modules.DraftQuery) (modules.Drafts, error) {
	confined, held := s.cases.Held(scope)
	found, err := s.findOwnDrafts(ctx, confined, held, q)
	if err != nil {
		return modules.Drafts{}, err
	}
	for i := range found.List {
		d := &found.List[i]
		d.Kind = language.M("assessment.draft")
		d.Path = "/cartelle/" + d.Case.String() + "/valutazioni/" + d.ID.String()
	}
	return found, nil
}
