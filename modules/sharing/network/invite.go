package network

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// MayInvite tells whether the body may ask others to join.
func (n Network) MayInvite(tenant int32) bool { return n.State != Ended && n.Lead == tenant }

// maxMembers is how many bodies a network has at most.
const maxMembers = 100

// Invite asks further bodies to join; who is in the network or asked already is passed over. Errors: problem.NotFound;
// problem.Conflict where the actor's body does not lead; problem.Invalid for bodies that cannot join.
func (s *Service) Invite(ctx context.Context, scope tenants.Scope, id uuid.UUID, members []int32) (Network, error) {
	n, err := s.Get(ctx, scope, id)
	if err != nil {
		return Network{}, err
	}
	fresh := slices.DeleteFunc(slices.Clone(members), func(m int32) bool { return n.Has(m) || n.Awaits(m) })
	if n.MayInvite(scope.Tenant) && len(members) > 0 && len(fresh) == 0 {
		return n, nil // the same form again
	}
	var fields problem.Fields
	if !s.able(scope, append([]int32{scope.Tenant}, fresh...)) || len(n.Members)+len(fresh) > maxMembers {
		fields.Add("enti", "sharing.error.members")
	}
	return s.step(ctx, scope, id, move{
		"network.invite", func(n Network) bool { return n.MayInvite(scope.Tenant) },
		func(tx tenants.Tx) error {
			if err := fields.Err(); err != nil {
				return err
			}
			return invite(ctx, tx, id, fresh)
		},
	})
}
