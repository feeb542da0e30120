package intake

import (
	"context"
	"time"

	"staffetta/modules"
	"staffetta/tenants"
)

// duties are the contacts that have to be concluded, the drafts to resume and the proposals to answer, for who may do it.
func (sv *Service) duties() []modules.DutySource {
	return []modules.DutySource{{Permission: writeContacts, Find: sv.findDuties}, {Permission: writeContacts, Find: sv.draftDuties}, {Permission: createCases, Find: sv.proposalDuties}}
}

// findDuties counts the open contacts whose term is over and those whose term soon is. A body without a term has neither.
func (sv *Service) findDuties(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
	s = sv.confine(s)
	p, err := sv.contactPath(ctx, s)
	if err != nil || p.term.Days < 1 {
		return nil, err
	}
	today := startOfDay(time.Now())
	settings, err := sv.GetSettings(ctx, s)
	if err != nil {
		return nil, err
	}
	late, next, err := sv.pileOpen(ctx, s, p.term.arrivedBefore(today), p.term.arrivedBefore(today.AddDate(0, 0, settings.WarningDays+1)))
	if err != nil {
		return nil, err
	}
	return append(p.term.duties(late, "intake.duty.late"), p.term.duties(next, "intake.duty.soon")...), nil
}

// arrivedBefore is the midnight before which somebody must have arrived for the term to be over by a day.
func (t Term) arrivedBefore(day time.Time) time.Time {
	before := day
	for !Overdue(t.Due(before.AddDate(0, 0, -1)), day) {
		before = before.AddDate(0, 0, -1)
	}
	return before
}

// duties are what contacts ask that are to be concluded; the pile is due when the first arrived.
func (t Term) duties(arrived modules.Pile, key string) []modules.Duty {
	arrived.Due = t.Due(arrived.Due)
	return arrived.Duties(key, "/sportello/", "/sportello")
}
