package sharing

import (
	"slices"

	"staffetta/modules"
	"staffetta/modules/sharing/ask"
	"staffetta/modules/sharing/elsewhere"
	"staffetta/modules/sharing/emergency"
	"staffetta/modules/sharing/moving"
	"staffetta/modules/sharing/share"
)

// withElsewhere adds what bodies do with cases that are not shown to them: ask who follows a person, and open a case in an emergency.
func (s *Service) withElsewhere(p modules.Parts) modules.Parts {
	p.Pages = slices.Concat(p.Pages, elsewhere.Pages(s.Elsewhere), emergency.Pages(s.Emergencies), ask.Pages(s.Asks))
	p.Operations = slices.Concat(p.Operations, elsewhere.Operations(s.Elsewhere), emergency.Operations(s.Emergencies), ask.Operations(s.Asks))
	p.Duties = slices.Concat(p.Duties, s.Elsewhere.Duties(share.MayOversee), s.Emergencies.Duties(), s.Asks.Duties())
	p.Pages, p.Operations = append(p.Pages, moving.Pages(s.Moving)...), append(p.Operations, moving.Operations(s.Moving)...)
	p.Hints, p.Workers, p.Periodic = append(s.Elsewhere.Hints(), s.Moving.Hints()...), s.Elsewhere.Work, s.Elsewhere.Periodic()
	return p
}
