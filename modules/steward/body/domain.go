package body

import (
	"context"
	"time"

	"staffetta/tenants"
)

// Domain is the own web address of a body, as who runs the platform sees it.
type Domain struct {
	Host      string
	State     string // asked, confirmed or suspended
	Blocked   string // why who runs the platform suspended it; "" where they did not
	ChangedAt time.Time
}

// SuspendDomain takes the pages of a body away from its own address, which is somebody else's: until ResumeDomain the body has none. The body
// reads why. Both stand in the audit of the body and of the platform. Errors: problem.Invalid at "motivo"; problem.NotFound;
// problem.Conflict where it has no address, or a suspended one.
func (v *Service) SuspendDomain(ctx context.Context, s tenants.Scope, slug, reason string) error {
	return v.move(ctx, s, slug, step{action: "domain.block", reason: reason})
}

// ResumeDomain lets a body show anew that the address is its own. Errors: as SuspendDomain.
func (v *Service) ResumeDomain(ctx context.Context, s tenants.Scope, slug, reason string) error {
	return v.move(ctx, s, slug, step{action: "domain.unblock", reason: reason})
}
