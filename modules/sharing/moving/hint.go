package moving

import (
	"context"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/sharing/handover"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// Hints are what the page of a person, and that of the case, say of an address in another municipality.
func (s *Service) Hints() []modules.HintSource {
	return []modules.HintSource{{Permission: handover.Give, OfCase: true, Find: s.hint}}
}

// hint says that the person of an open case lives in a municipality to which the case could go, as the register has it.
func (s *Service) hint(ctx context.Context, scope tenants.Scope, about modules.Hinted) ([]modules.Hint, error) {
	own, err := s.deps.Bodies.ByID(scope.Tenant)
	if err != nil {
		return nil, err
	}
	place, err := s.findPlace(ctx, scope, about.Person)
	if err != nil || place == "" || place == own.Belfiore {
		return nil, err
	}
	to := s.municipality(place)
	if to.ID == 0 || to.ID == scope.Tenant {
		return nil, nil
	}
	lines, err := s.cases.FindOfPerson(ctx, scope, about.Person)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	caseID := lines[0].ID
	standing, err := s.handovers.FindStanding(ctx, scope, caseID)
	if err != nil || standing.ID != uuid.Nil {
		return nil, err
	}
	return []modules.Hint{{Label: language.M("sharing.relocation.hint", "body", to.Name), Path: "/cartelle/" + caseID.String() + "/cambio-residenza?origine=" + ByRegister}}, nil
}

// municipality is the one with the Belfiore code, if it could take a case; the zero Tenant otherwise.
func (s *Service) municipality(place string) tenants.Tenant {
	if body, err := s.deps.Bodies.Municipality(place); err == nil && body.Has(string(share.ModuleID)) {
		return body
	}
	return tenants.Tenant{}
}
