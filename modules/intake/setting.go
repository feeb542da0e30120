package intake

import (
	"context"
	_ "embed" // the schema of the settings

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

//go:embed schema/settings.json
var settingsSchema []byte

func kinds() []modules.Kind {
	return []modules.Kind{kit.DeclareSettings(ID, language.Text{It: "sportello di accesso", En: "access desk"}, settingsSchema)}
}

// Settings are what a body may change of its access desk (schema/settings.json).
type Settings struct {
	WarningDays int `json:"warningDays"` // for how many days ahead the desk tells that contacts have to be concluded
}

// GetSettings returns those of the scope's body.
func (sv *Service) GetSettings(ctx context.Context, s tenants.Scope) (read Settings, err error) {
	err = sv.items.ReadSettings(ctx, s, ID, &read)
	return read, err
}
