package guide

import (
	"context"

	"staffetta/tenants"
)

// Settings are what a body says to whoever opens its guide (schema/settings.json); empty for the common texts.
type Settings struct {
	Welcome string `json:"welcome"`
	Advice  string `json:"advice"`
}

// GetSettings returns those of the scope's body.
func (g *Service) GetSettings(ctx context.Context, s tenants.Scope) (read Settings, err error) {
	err = g.items.ReadSettings(ctx, s, ID, &read)
	return read, err
}
