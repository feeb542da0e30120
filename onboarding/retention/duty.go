package retention

import "staffetta/modules"

// Duties tell who decides about disposals that one waits for them; who proposed it waits for somebody else.
func Duties(v *Service) []modules.DutySource {
	return []modules.DutySource{modules.Waiting{
		Permission: Agree, Topic: "onboarding.disposals", Key: "onboarding.retention.duty", One: at + "/scarti/", List: at, Count: countProposed,
	}.Source(v.deps.DB)}
}
