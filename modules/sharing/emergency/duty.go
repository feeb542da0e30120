package emergency

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// Duties are what emergencies ask: a review of the owner's coordinators, who are also told where somebody else ended one before it, a look of both data protection officers, and of the
// owner's once the review is late. Who opened a case sees until when it is open, and reads what the owner says of it.
func (s *Service) Duties() []modules.DutySource {
	return []modules.DutySource{
		{Permission: MayReview, Urgent: true, Find: s.findPicked(ToReview, "sharing.duty.review")},
		{Permission: MayReview, Find: s.findPicked(Cut, "sharing.duty.cut")},
		{Permission: share.MayOversee, Urgent: true, Find: s.findToSee},
		{Permission: MayBreak, Find: s.findRunning},
		{Permission: MayBreak, Find: s.findPicked(reviewed, "sharing.duty.reviewed")},
	}
}

func (s *Service) findPicked(pick Pick, key string) func(context.Context, tenants.Scope) ([]modules.Duty, error) {
	return func(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
		p, err := s.pileOf(ctx, scope, pick)
		return s.duty(p, pick, key), err
	}
}

func (s *Service) findToSee(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	unseen, err := s.pileOf(ctx, scope, ToSee)
	if err != nil {
		return nil, err
	}
	unseen.due = time.Time{}
	late, err := s.pileOf(ctx, scope, Late)
	return append(s.duty(unseen, ToSee, "sharing.duty.emergency"), s.duty(late, Late, "sharing.duty.review_late")...), err
}

// running is a case that the actor reads in an emergency.
type running struct {
	share uuid.UUID
	owner int32
	until time.Time
}

func (s *Service) findRunning(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	open, err := s.findOpen(ctx, scope)
	duties := make([]modules.Duty, len(open))
	for i, o := range open {
		duties[i] = modules.Duty{
			Label: language.M("sharing.duty.running", "until", clock(o.until)), Title: s.deps.Bodies.Name(o.owner), Path: "/condivisioni/" + o.share.String(),
		}
	}
	return duties, err
}

// pile is how many emergencies await the same, and the first of them.
type pile struct {
	count int
	first uuid.UUID
	other int32
	due   time.Time
	since time.Time // when the newest was opened
}

// duty leads to the one emergency, or to the list of those that await the same.
func (s *Service) duty(p pile, pick Pick, key string) []modules.Duty {
	if p.count == 0 {
		return nil
	}
	d := modules.Duty{Label: language.M(key, "n", p.count), Path: "/rete/emergenze?da=" + string(pick), Since: p.since}
	if !p.due.IsZero() && pick != reviewed {
		d.Due = form.LastDay(p.due)
	}
	if p.count == 1 || pick == reviewed {
		d.Title, d.Path = s.deps.Bodies.Name(p.other), "/rete/emergenze/"+p.first.String()
	}
	return []modules.Duty{d}
}
