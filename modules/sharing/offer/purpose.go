package offer

import (
	"context"

	"staffetta/modules/kit"
	"staffetta/modules/sharing/template"
	"staffetta/tenants"
)

type (
	// Purpose is what a share is for and the least that it needs.
	Purpose = template.Purpose
	// Purposes are those of a body, with the sections that it never shows to anybody.
	Purposes = template.Purposes
)

// FindPurposes reads the published sharing templates of the body, or the program's own purposes where there is none.
func (s *Offers) FindPurposes(ctx context.Context, scope tenants.Scope) (Purposes, error) {
	items, err := s.items.Published(ctx, scope, kit.KindSharingTemplate)
	if err != nil {
		return Purposes{}, err
	}
	contents := make([][]byte, len(items))
	for i, item := range items {
		contents[i] = item.Content
	}
	return template.Join(contents)
}
