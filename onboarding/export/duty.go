package export

import "staffetta/modules"

// Duties tell who decides about exports that one waits for them; who asked waits for somebody else.
func Duties(v *Service) []modules.DutySource {
	return []modules.DutySource{modules.Waiting{
		Permission: Agree, Topic: "onboarding.exports", Key: "onboarding.export.duty", One: at + "/", List: at, Count: countAsked,
	}.Source(v.deps.DB)}
}
