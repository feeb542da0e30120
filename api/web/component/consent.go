package component

import (
	"context"

	"staffetta/internal/language"
)

// Consent asks to confirm that one has read who gains and who loses; modules.ReadConsent reads the answer.
func Consent(ctx context.Context, ticked bool, wrong string) Field {
	say := func(key string) string { return language.Say(ctx, language.M(key)) }
	return Field{
		ID: "visto", Kind: Checkboxes, Required: true, Label: say("web.consent.title"), Error: wrong,
		Options: []Option{{Value: "si", Label: say("web.consent.read"), Selected: ticked}},
	}
}
