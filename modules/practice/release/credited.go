package release

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"staffetta/modules/kit"
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

// FindPersonal looks for personal data in texts that are about to leave the body, by the rules of kits. The findings' paths begin
// with the names of the texts; about is what the comparison with the registry is written down for.
func (v *Service) FindPersonal(ctx context.Context, s tenants.Scope, about uuid.UUID, texts map[string]any) ([]Finding, error) {
	content, err := json.Marshal(texts)
	if err != nil {
		return nil, fmt.Errorf("read what is to be checked: %w", err)
	}
	findings, err := v.findPersonal(ctx, s, Report{Kit: Kit{ID: about, Sheet: []byte(`{}`)}, Items: []kit.Version{{Content: content}}})
	return v.shownFindings(s, findings), err
}
