package privacy

import "staffetta/modules"

// Duties tell who agrees to privacy documents which wait for them; who proposed one waits for somebody else.
func Duties(v *Service) []modules.DutySource {
	return []modules.DutySource{modules.Waiting{
		Permission: Agree, Topic: "onboarding.privacy_versions", Key: "onboarding.privacy.duty", List: at, Count: countProposed,
	}.Source(v.deps.DB)}
}
