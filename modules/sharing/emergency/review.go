package emergency

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The verdicts of a review.
const (
	Justified   = "justified"
	Unjustified = "unjustified"
)

// Verdicts are both.
var Verdicts = []string{Justified, Unjustified}

// Emergency is a case that was opened in an emergency, and its review.
type Emergency struct {
	Share           uuid.UUID
	Owner, Receiver int32
	By              string
	At, Until       time.Time
	ReviewBy        time.Time
	Verdict         string // "" until it is reviewed
	Words           string
	ReviewedBy      string
	ReviewedAt      time.Time
}

// Overdue tells whether the review is missing after its day.
func (e Emergency) Overdue(now time.Time) bool { return e.Verdict == "" && !now.Before(e.ReviewBy) }

// Find lists the emergencies of the actor's body, on either side: those to review first, then the latest.
func (s *Service) Find(ctx context.Context, scope tenants.Scope) ([]Emergency, error) {
	found, err := s.find(ctx, scope, uuid.Nil)
	if err != nil {
		return nil, err
	}
	return found, s.deps.Audit.Record(ctx, scope, audit.Event{Action: "share.list"})
}

// Get returns an emergency to who oversees it, opened it or works on the case, with its share as far as the actor may see it. The reading is in the audit.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Emergency, share.Seen, error) {
	found, err := s.find(ctx, scope, id)
	if err == nil && len(found) == 0 {
		err = problem.Missing()
	}
	if err != nil {
		return Emergency{}, share.Seen{}, err
	}
	seen, err := s.shares.Get(ctx, scope, id)
	return found[0], seen, err
}

// Review says whether it was right to open the case, in words; it stands in both bodies' chains. What was not right ends at
// once. Errors: problem.NotFound; problem.Invalid by field; problem.Forbidden for the other body; problem.Conflict when it was
// reviewed already.
func (s *Service) Review(ctx context.Context, scope tenants.Scope, id uuid.UUID, verdict, words string) error {
	words = strings.TrimSpace(words)
	var fields problem.Fields
	if !slices.Contains(Verdicts, verdict) {
		fields.Add("esito", "sharing.emergency.error.verdict")
	}
	if len([]rune(words)) < share.LeastWords {
		fields.Add("motivo", "sharing.error.reason")
	}
	fields.MaxLength("motivo", words, share.MaxWords)
	if err := fields.Err(); err != nil {
		return err
	}
	_, seen, err := s.Get(ctx, scope, id)
	if err != nil {
		return err
	}
	if !seen.Mine {
		return problem.New(problem.Forbidden, "sharing.error.other_side")
	}
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		if err := review(ctx, tx, judgement{id, verdict, words, scope.Name}); err != nil {
			return err
		}
		return share.WriteBoth(ctx, tx, scope, share.Event("share.judge", seen.Share))
	})
}

// judgement is what the database takes of a review.
type judgement struct {
	share                 uuid.UUID
	verdict, words, actor string
}

// Duties are what emergencies ask: a review of the owner's coordinators, a look of both data protection officers, and of the
// owner's once the review is late.
func (s *Service) Duties() []modules.DutySource {
	return []modules.DutySource{
		{Permission: MayReview, Urgent: true, Find: s.findToReview},
		{Permission: share.MayOversee, Urgent: true, Find: s.findToSee},
	}
}

func (s *Service) findToReview(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	p, err := s.toReview(ctx, scope)
	return s.duty(p, "sharing.duty.review"), err
}

func (s *Service) findToSee(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	unseen, overdue, err := s.toSee(ctx, scope)
	return append(s.duty(unseen, "sharing.duty.emergency"), s.duty(overdue, "sharing.duty.review_late")...), err
}

// pile is how many emergencies await the same, and the first of them.
type pile struct {
	count int
	first uuid.UUID
	other int32
	due   time.Time
	since time.Time // when the newest was opened
}

func (s *Service) duty(p pile, key string) []modules.Duty {
	if p.count == 0 {
		return nil
	}
	d := modules.Duty{Label: language.M(key, "n", p.count), Path: "/rete/emergenze", Since: p.since}
	if !p.due.IsZero() {
		d.Due = form.LastDay(p.due)
	}
	if p.count == 1 {
		d.Title, d.Path = s.deps.Bodies.Name(p.other), "/rete/emergenze/"+p.first.String()
	}
	return []modules.Duty{d}
}
