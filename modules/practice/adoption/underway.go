package adoption

import (
	"context"
	"time"

	"staffetta/tenants"
)

// Underway is an adoption on the way to its start, as one of its two working sides sees it.
type Underway struct {
	Adoption
	Since    time.Time // when it came to its stage
	Reminded time.Time // when the other body reminded of it last, at this stage; zero for never
}

// Name is what the adoption is called among others: the practice and the other body.
func (u Underway) Name(body string) string {
	if body == "" {
		return u.Title.It
	}
	return u.Title.It + ", " + body
}

// FindUnderway lists the adoptions on which the scope's body works and that have not started yet, those that changed last in front.
func (v *Service) FindUnderway(ctx context.Context, s tenants.Scope) ([]Underway, error) {
	return v.findUnderway(ctx, s)
}
