package elsewhere

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// shown is a case that another body shows to the actor because it was asked for it.
type shown struct {
	owner int32
	id    uuid.UUID
}

// hintShown leads to the cases of the person that other bodies show to the actor now, as the answer to an ask. No case is opened
// for it: that it can be is known from the share, which row security shows whole to those only for whom it is. Each stands in the
// chains of the owner and of the reader as in a list.
func (s *Service) hintShown(ctx context.Context, scope tenants.Scope, about modules.Hinted) (hints []modules.Hint, owners []int32, err error) {
	if !s.deps.Policies.Allows(scope, policies.Guest, "case", "open") {
		return nil, nil, nil
	}
	found, err := s.findShown(ctx, s.deps.Policies.Confine(scope, policies.Body), about.TaxCode)
	if err != nil {
		return nil, nil, err
	}
	var events []audit.Event
	for _, one := range found {
		if !s.isLive(one.owner) || slices.Contains(owners, one.owner) {
			continue
		}
		owners = append(owners, one.owner)
		for _, body := range []int32{scope.Tenant, one.owner} {
			events = append(events, audit.Event{
				Action: "shared_case.list", Relation: string(policies.Guest), Tenant: body, Cases: []uuid.UUID{one.id},
			})
		}
		hints = append(hints, modules.Hint{
			Label: language.M("sharing.known.shown", "body", s.deps.Bodies.Name(one.owner)),
			Path:  "/cartelle/" + s.deps.Bodies.Slug(one.owner) + "~" + one.id.String(), Go: language.M("sharing.known.open"),
		})
	}
	if len(events) == 0 {
		return nil, nil, nil
	}
	return hints, owners, s.deps.Audit.Record(ctx, scope, events...)
}
