package invitation

import (
	"staffetta/modules"
	"staffetta/policies"
)

// Duties tell who gives roles that somebody followed a link and waits to be confirmed; who followed it waits for somebody else.
func Duties(v *Service) []modules.DutySource {
	return []modules.DutySource{modules.Waiting{
		Permission: policies.ManageRules, Topic: "onboarding.invitations", Key: "onboarding.invite.duty", List: at, Count: countClaimed,
	}.Source(v.deps.DB)}
}
