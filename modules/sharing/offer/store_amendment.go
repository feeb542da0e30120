package offer

import (
	"context"

	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

func amendShare(ctx context.Context, tx tenants.Tx, scope tenants.Scope, s share.Share, a Amendment) error {
	grants, err := share.NewGrants(s.Sections)
	if err != nil {
		return err
	}
	extra := s.Extra
	if extra == nil {
		extra = []string{}
	}
	_, err = tx.Exec(ctx, `select sharing.amend_share($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.ID, s.Version, a.ID, s.Sections, s.Writable, grants, s.Until, extra, s.ExtraReason, s.Reason, scope.Name)
	if err != nil {
		return share.Raised("amend a share", err)
	}
	return nil
}
