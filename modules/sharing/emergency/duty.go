package emergency

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// Duties are what emergencies ask: a review of the owner's coordinators, who are also told where somebody else ended one before it, a look of both data protection officers, and of the
// owner's once the review is late. Who opened a case sees until when it is open, and reads what the owner says of it.
func (s *Service) Duties() []modules.DutySource {
	topics := []string{"sharing.emergencies", share.Topic}
	return []modules.DutySource{
		{Permission: MayReview, Urgent: true, Topics: topics, Find: s.findPicked(ToReview, "sharing.duty.review")},
		{Permission: MayReview, Topics: topics, Find: s.findPicked(Cut, "sharing.duty.cut")},
		{Permission: share.MayOversee, Urgent: true, Topics: topics, Find: s.findToSee},
		{Permission: MayBreak, Topics: topics, Find: s.findRunning},
		{Permission: MayBreak, Topics: topics, Find: s.findReviewed},
	}
}

func (s *Service) findPicked(pick Pick, key string) func(context.Context, tenants.Scope) ([]modules.Duty, error) {
	return func(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
		p, err := s.pileOf(ctx, scope, pick)
		return duties(p, pick, key), err
	}
}

func (s *Service) findToSee(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	unseen, err := s.pileOf(ctx, scope, ToSee)
	if err != nil {
		return nil, err
	}
	unseen.Due = time.Time{}
	late, err := s.pileOf(ctx, scope, Late)
	return append(duties(unseen, ToSee, "sharing.duty.emergency"), duties(late, Late, "sharing.duty.review_late")...), err
}

// running is a case that the actor reads in an emergency.
type running struct {
	share uuid.UUID
	owner int32
	until time.Time
}

func (s *Service) findRunning(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	open, err := s.findOpen(ctx, scope)
	found := make([]modules.Duty, len(open))
	for i, o := range open {
		found[i] = modules.Duty{
			Label: language.M("sharing.duty.running", "until", clock(o.until)), Title: s.deps.Bodies.Name(o.owner), Path: "/condivisioni/" + o.share.String(),
		}
	}
	return found, err
}

// duties leads to the one emergency, or to the list of those that await the same.
func duties(p modules.Pile, pick Pick, key string) []modules.Duty {
	return p.Duties(key, "/rete/emergenze/", "/rete/emergenze?da="+string(pick))
}

// findReviewed leads who opened several that were reviewed to the first of them: nobody else lists them.
func (s *Service) findReviewed(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	p, err := s.pileOf(ctx, scope, reviewed)
	p.Due = time.Time{}
	found := p.Duties("sharing.duty.reviewed", "/rete/emergenze/", "/rete/emergenze/"+p.First.String())
	for i := range found {
		found[i].Title = p.Title
	}
	return found, err
}
