package share

import (
	"context"
	"time"

	"staffetta/tenants"
)

// Amended is an amendment as it was made: the difference, and who made it.
type Amended struct {
	Added, Removed []string
	Allowed        []string  // sections in which the receiver writes from then on
	Stopped        []string  // and those in which it writes no more
	Before, After  time.Time // bounds of the share
	Reason         string
	Mark           Mark
}

// FindAmendments lists how a share was changed, newest first: for who sees the whole of it.
func (s *Shares) FindAmendments(ctx context.Context, scope tenants.Scope, seen Seen) ([]Amended, error) {
	if seen.Sight != Whole {
		return nil, nil
	}
	return s.findAmendments(ctx, scope, seen.ID)
}
