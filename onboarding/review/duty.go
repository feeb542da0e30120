package review

import (
	"staffetta/modules"
)

// Duties tell people of the platform how many entries wait to be looked at.
func Duties(v *Service) []modules.DutySource {
	source := modules.Waiting{Permission: Permission, Key: "onboarding.review.duty", List: listPath, Count: countAsked}.Source(v.deps.DB)
	source.Topics = nil // nobody has an address at the platform
	return []modules.DutySource{source}
}
