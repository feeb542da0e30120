package leaving

import "staffetta/modules"

// Duties tell who decides whether the body leaves that they are asked; who asked waits for somebody else.
func Duties(v *Service) []modules.DutySource {
	return []modules.DutySource{modules.Waiting{
		Permission: Agree, Topic: "onboarding.leavings", Key: "onboarding.leaving.duty", List: at, Count: countAsked,
	}.Source(v.deps.DB)}
}
