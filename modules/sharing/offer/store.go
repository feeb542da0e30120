package offer

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"staffetta/modules/sharing/preview"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// offered is a share as the database takes it.
type offered struct {
	ID           uuid.UUID       `json:"id"`
	Kind         string          `json:"kind"`
	Receiver     int32           `json:"receiver_tenant"`
	Case         uuid.UUID       `json:"case_id"`
	Agreement    uuid.UUID       `json:"agreement_id"`
	Purpose      string          `json:"purpose"`
	PurposeLabel string          `json:"purpose_label"`
	LegalBasis   string          `json:"legal_basis"`
	Sections     []string        `json:"sections"`
	Writable     []string        `json:"writable"`
	Extra        []string        `json:"extra"`
	ExtraReason  string          `json:"extra_reason"`
	Reason       string          `json:"reason"`
	BasisReason  string          `json:"basis_reason"`
	AnswerBy     time.Time       `json:"answer_by"`
	Until        time.Time       `json:"valid_to"`
	Preview      preview.Preview `json:"preview"`
	Name         string          `json:"offered_name"`
}

func insertShare(ctx context.Context, tx tenants.Tx, s share.Share) error {
	row, err := json.Marshal(offered{
		s.ID, s.Kind, s.Receiver, s.Case, s.Agreement, s.Purpose, s.PurposeLabel, s.LegalBasis,
		s.Sections, s.Writable, s.Extra, s.ExtraReason, s.Reason, s.BasisReason, s.AnswerBy, s.Until, s.Preview, s.Offered.Name,
	})
	if err != nil {
		return fmt.Errorf("write a share: %w", err)
	}
	if _, err := tx.Exec(ctx, `select sharing.offer_share($1)`, string(row)); err != nil {
		return share.Raised("offer a share", err)
	}
	return nil
}
