package powers

import (
	"staffetta/modules"
	"staffetta/policies"
)

// Duties tell the second person of a body, whatever their role, that the powers of who entered with it wait for them.
func Duties(v *Service) []modules.DutySource {
	return []modules.DutySource{modules.Waiting{
		Permission: policies.SignedIn, Topic: "onboarding.entry_people", Key: "onboarding.powers.duty", List: at, Count: countAsked,
	}.Source(v.deps.DB)}
}
