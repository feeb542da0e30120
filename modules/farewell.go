package modules

import (
	"context"

	"staffetta/internal/language"
	"staffetta/tenants"
)

// Farewell is what a module does when a body leaves the platform, besides that the body's rows go: it ends what the body has with others.
type Farewell struct {
	// Find tells beforehand what ends, and what stays.
	Find func(ctx context.Context, s tenants.Scope) ([]Parting, error)
	// Do ends it, in the transaction that removes the body; nobody is signed in there any more.
	Do func(ctx context.Context, tx tenants.Tx, s tenants.Scope) error
}

// Parting is something that ends, or stays, when a body leaves, and the bodies that it concerns.
type Parting struct {
	Text  language.Message
	With  []string // names of bodies
	Stays bool
}

// Farewells lists what the modules do when a body leaves, those too that it has switched off.
func (c *Console) Farewells() []Farewell { return c.farewells }
