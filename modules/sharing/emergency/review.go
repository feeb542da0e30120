package emergency

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
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
	Ended           time.Time // by the owner, before it was over; else zero
	Reason          string    // why it was opened, in the words of who opened it
	ReviewBy        time.Time
	Verdict         string // "" until it is reviewed
	Words           string
	ReviewedBy      string
	ReviewedAt      time.Time
}

// Overdue tells whether the review is missing after its day.
func (e Emergency) Overdue(now time.Time) bool { return e.Verdict == "" && !now.Before(e.ReviewBy) }

// Over is when the access was over: when the owner ended it, or by the clock; zero while it is open.
func (e Emergency) Over(now time.Time) time.Time {
	switch {
	case !e.Ended.IsZero():
		return e.Ended
	case now.Before(e.Until):
		return time.Time{}
	}
	return e.Until
}

// Pick is which emergencies a list shows.
type Pick string

// What a list may be narrowed to; anything else shows nothing.
const (
	All      Pick = ""
	ToReview Pick = "valutare"    // of the body's cases, without a verdict
	ToSee    Pick = "controllare" // that the actor has not looked at
	Late     Pick = "ritardo"     // to review since longer than the owner had
	Cut      Pick = "chiusi"      // of the body's cases, that somebody else ended before they were reviewed, which the actor has not seen
	reviewed Pick = "valutati"    // that the actor opened, with a verdict that the actor has not read
)

// Find lists the emergencies of the actor's body that are picked, on either side: those to review first, then the latest.
func (s *Service) Find(ctx context.Context, scope tenants.Scope, pick Pick) ([]Emergency, error) {
	if picks[pick] == "" {
		return nil, problem.Missing()
	}
	found, err := s.find(ctx, scope, pick, uuid.Nil)
	if err != nil {
		return nil, err
	}
	return found, s.deps.Audit.Record(ctx, scope, audit.Event{Action: "share.list"})
}

// Get returns an emergency to who oversees it, opened it or works on the case, with its share as far as the actor may see it. The reading is in the audit.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Emergency, share.Seen, error) {
	found, err := s.find(ctx, scope, All, id)
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
