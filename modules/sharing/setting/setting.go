// Package setting is what a body may change of how it shares cases. It must not decide anything about a share.
package setting

import (
	"context"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// module is whose settings they are.
const module modules.ID = "sharing"

// Settings of a body (schema/settings.json).
type Settings struct {
	AnswerDays  int `json:"answerDays"`  // for how many days an offer or an ask stands that names no day
	WarningDays int `json:"warningDays"` // for how many days ahead the desk tells that a share ends
}

// Read returns those of the scope's body.
func Read(ctx context.Context, items *kit.Items, s tenants.Scope) (read Settings, err error) {
	err = items.ReadSettings(ctx, s, module, &read)
	return read, err
}
