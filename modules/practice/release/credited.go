package release

import (
	"context"

	"staffetta/modules/practice/credit"
	"staffetta/tenants"
)

// publicSheet is the sheet of a kit as it is published: without persons, with the credits.
func (v *Service) publicSheet(ctx context.Context, s tenants.Scope, r Report) ([]byte, error) {
	sheet := r.Practice.Sheet
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		sheet.Credits, err = credit.Find(ctx, tx, r.Practice.ID, r.Kit.Release, r.Kit.Versions)
		return err
	})
	if err != nil {
		return nil, err
	}
	return sheet.Public()
}
