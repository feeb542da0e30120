package catalogue

import (
	"context"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/tenants"
)

// Kin is a published practice from which another took items, or which took them (it: discendenza).
type Kin struct {
	Practice uuid.UUID
	Body     string
	Title    language.Text
	Release  string // of the kit from which the items were taken
	Kept     int    // items of the same content
	Changed  int    // items that have the same key and another content
}

// Taken counts the bodies that took a practice over with a release, and the items they adapted, which of one or two bodies nobody
// is told. Their names are not public.
type Taken struct {
	Release string
	Bodies  int
	Adapted *int
}

// Descent is where a practice comes from and where it went.
type Descent struct {
	Origins []Kin
	Derived []Kin
	Taken   []Taken
}

// IsAlone tells whether there is nothing to tell.
func (d Descent) IsAlone() bool { return len(d.Origins)+len(d.Derived)+len(d.Taken) == 0 }

// GetDescent reads where a published practice comes from and where it went; a practice that there is not has no descent.
func (v *Service) GetDescent(ctx context.Context, s tenants.Scope, practice uuid.UUID) (Descent, error) {
	return v.getDescent(ctx, s, practice)
}
