package casefile

import (
	"context"

	"github.com/google/uuid"

	"staffetta/modules/casefile/protection"
	"staffetta/modules/casefile/team"
	"staffetta/modules/registry"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Take gives a case that another body has just handed over, in the same transaction, its first manager here, and links the
// persons who are seen through it. uuid.Nil is the actor. Errors: problem.Invalid for who cannot hold a case.
func (s *Service) Take(ctx context.Context, tx tenants.Tx, scope tenants.Scope, id, manager uuid.UUID) (CaseFile, error) {
	confined := s.ConfineOpening(scope)
	if manager == uuid.Nil {
		manager = scope.Account
	}
	to, err := s.FindColleague(ctx, tx, scope, manager, "responsabile")
	if err != nil {
		return CaseFile{}, err
	}
	c, err := getTaken(ctx, tx, scope, id)
	if err != nil {
		return CaseFile{}, err
	}
	if err := endParts(ctx, tx, scope, id); err != nil {
		return CaseFile{}, err
	}
	if err := team.Begin(ctx, tx, confined, &c, to); err != nil {
		return CaseFile{}, err
	}
	return c, registry.LinkCase(ctx, tx, confined, c.ID, c.Person)
}

// Sheltered is the event of a protection that a case brings along from the body that handed it over.
func Sheltered(id, mark uuid.UUID) audit.Event {
	return audit.Event{
		Action: "case.protect", Object: mark, Case: id, Sections: []string{protection.Section}, Payload: map[string]any{"kind": protection.Sealed},
	}
}
