package handover

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/share"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Findings are what a review can say: which of the two bodies is competent.
var Findings = []string{"taker", "giver"}

// Review is what the supervisor of an agreement says about a handover that the law asks for and that was refused (it: riesame).
// It tells nothing of the case.
type Review struct {
	ID         uuid.UUID // of the handover
	Supervisor int32
	Giver      int32
	Taker      int32
	Agreement  uuid.UUID
	RefusedAt  time.Time
	Finding    string // one of Findings; "" until it is reviewed
	Words      string
	Decided    share.Mark
}

// GetReview returns the review of a refused handover, to the supervisor and to both bodies. Error: problem.NotFound.
func (s *Service) GetReview(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Review, error) {
	review, err := s.getReview(ctx, scope, id)
	if err != nil {
		return Review{}, err
	}
	return review, s.deps.Audit.Record(ctx, scope, audit.Event{Action: "share.read", Object: id, Share: id})
}

// FindReviews lists the refused handovers that the actor's body reviews or is a side of, the open ones first, at most two
// hundred.
func (s *Service) FindReviews(ctx context.Context, scope tenants.Scope) ([]Review, error) {
	found, err := s.allReviews(ctx, scope)
	if err != nil {
		return nil, err
	}
	return found, s.deps.Audit.Record(ctx, scope, audit.Event{Action: "share.list"})
}

// Decide says which body is competent; the handover itself stays refused, and can be offered again. Errors: problem.NotFound for
// a review of others; problem.Forbidden for who is not the supervisor; problem.Conflict when it is reviewed already;
// problem.Invalid by field.
func (s *Service) Decide(ctx context.Context, scope tenants.Scope, id uuid.UUID, finding, words string) error {
	words = strings.TrimSpace(words)
	var fields problem.Fields
	fields.Require("competente", finding)
	fields.OneOf("competente", finding, Findings...)
	if len([]rune(words)) < share.LeastWords {
		fields.Add("motivo", "sharing.error.reason")
	}
	fields.MaxLength("motivo", words, share.MaxWords)
	if _, err := s.getReview(ctx, scope, id); err != nil {
		return err
	}
	if err := fields.Err(); err != nil {
		return err
	}
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		told, err := audit.WriteTold(ctx, tx, scope, audit.Event{Action: "share.review", Object: id, Share: id})
		if err != nil {
			return err
		}
		return decideReview(ctx, tx, Review{ID: id, Finding: finding, Words: words, Decided: share.Mark{Name: scope.Name}}, told)
	})
}

// Duties are what handovers ask of who takes cases over.
func Duties(s *Service) []modules.DutySource {
	return []modules.DutySource{{Permission: Take, Topics: []string{"sharing.shares_reviews", share.Topic}, Find: s.findDuties}}
}

func (s *Service) findDuties(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	waiting, err := s.findReviews(ctx, scope)
	if err != nil {
		return nil, err
	}
	var duties []modules.Duty
	for _, review := range waiting {
		duties = append(duties, modules.Duty{
			Label: language.M("sharing.handover.review.duty"), Title: s.deps.Bodies.Name(review.Giver) + " – " + s.deps.Bodies.Name(review.Taker),
			Path: "/passaggi/" + review.ID.String() + "/riesame",
		})
	}
	return duties, nil
}
