package handover

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/preview"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// columns are a Handover s with what its parties may know of it; row security hides h from who reads no identity and from a
// receiver that has not answered in time or has refused, and d from whom the case is none of.
const (
	noID    = `'00000000-0000-0000-0000-000000000000'::uuid`
	noTime  = `timestamptz '0001-01-01 00:00:00+00'`
	columns = `s.id, s.state, s.owner_tenant, s.receiver_tenant, s.agreement_id, s.purpose_label, s.legal_basis, s.answer_by,
		coalesce(h.surname, ''), coalesce(h.name, ''), coalesce(h.tax_code, ''), coalesce(h.birth_date, date '0001-01-01'), coalesce(h.case_number, ''),
		coalesce(h.reason, ''), coalesce(h.taken_id, d.case_id, ` + noID + `), coalesce(h.taken_number, ''),
		s.offered_name, s.offered_at, coalesce(nullif(s.decided_name, ''), s.ended_name), coalesce(s.decided_at, s.ended_at, ` + noTime + `), s.decision_reason,
		coalesce(h.moved_on, date '0001-01-01')`
	from = ` from sharing.shares s left join sharing.shares_handovers h on h.share_id = s.id
		left join sharing.shares_details d on d.share_id = s.id`
)

func scan(row pgx.CollectableRow) (Handover, error) {
	var h Handover
	err := row.Scan(&h.ID, &h.State, &h.Giver, &h.Taker, &h.Agreement, &h.Purpose, &h.LegalBasis, &h.AnswerBy,
		&h.Person.Surname, &h.Person.Name, &h.Person.TaxCode, &h.Person.Born, &h.Number, &h.Reason, &h.Case, &h.NewNumber,
		&h.Offered.Name, &h.Offered.At, &h.Decided.Name, &h.Decided.At, &h.Words, &h.MovedOn)
	return h, err
}

func (s *Service) read(ctx context.Context, scope tenants.Scope, where string, args ...any) ([]Handover, error) {
	var b pgx.Batch
	var found []Handover
	b.Queue(`select `+columns+from+` where s.kind = 'handover' and `+where, args...).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scan)
		return err
	})
	if err := s.deps.DB.Read(ctx, s.deps.Policies.Confine(scope, policies.Body, policies.Assigned, policies.Team), &b); err != nil {
		return nil, fmt.Errorf("read handovers: %w", err)
	}
	return found, nil
}

func (s *Service) getHandover(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Handover, error) {
	found, err := s.read(ctx, scope, `s.id = $1 and $2 in (s.owner_tenant, s.receiver_tenant)`, id, scope.Tenant)
	if err != nil {
		return Handover{}, err
	}
	if len(found) == 0 {
		return Handover{}, problem.Missing()
	}
	return found[0], nil
}

func (s *Service) findOfCase(ctx context.Context, scope tenants.Scope, caseID uuid.UUID) ([]Handover, error) {
	return s.read(ctx, scope, `d.owner_tenant = $1 and d.case_id = $2 order by s.offered_at desc, s.id desc limit 50`, scope.Tenant, caseID)
}

func (s *Service) findObligations(ctx context.Context, scope tenants.Scope, caseID uuid.UUID) ([]Obligation, error) {
	var b pgx.Batch
	var found []Obligation
	b.Queue(`select o.key, o.id, coalesce(o.due::text, ''), o.moves from sharing.open_obligations($1) o`, caseID).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Obligation, error) {
			var o Obligation
			return o, row.Scan(&o.Key, &o.ID, &o.Due, &o.Moves)
		})
		return err
	})
	if err := s.deps.DB.Read(ctx, scope, &b); err != nil {
		return nil, fmt.Errorf("find what is open in a case: %w", err)
	}
	return found, nil
}

func (s *Service) getPreview(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Preview, error) {
	var b pgx.Batch
	var raw []byte
	var p Preview
	b.Queue(`select sharing.preview_handover($1)`, id).QueryRow(func(row pgx.Row) error { return row.Scan(&raw) })
	if err := s.deps.DB.Read(ctx, scope, &b); err != nil {
		return p, fieldOf.Raised("preview a handover", err)
	}
	return p, json.Unmarshal(raw, &p)
}

// offered is a handover as the database takes it.
type offered struct {
	ID           uuid.UUID       `json:"id"`
	Receiver     int32           `json:"receiver_tenant"`
	Agreement    uuid.UUID       `json:"agreement_id"`
	Purpose      string          `json:"purpose"`
	PurposeLabel string          `json:"purpose_label"`
	LegalBasis   string          `json:"legal_basis"`
	Sections     []string        `json:"sections"`
	AnswerBy     time.Time       `json:"answer_by"`
	Preview      preview.Preview `json:"preview"`
	Name         string          `json:"offered_name"`
	Case         uuid.UUID       `json:"case_id"`
	Reason       string          `json:"reason"`
	Surname      string          `json:"surname"`
	GivenName    string          `json:"name"`
	TaxCode      string          `json:"tax_code"`
	Born         *time.Time      `json:"birth_date"`
	Kept         []uuid.UUID     `json:"kept"`
	MovedOn      string          `json:"moved_on,omitempty"`
	Begun        string          `json:"begun,omitempty"`
	Going        []uuid.UUID     `json:"going,omitempty"`
	Manifest     string          `json:"digest,omitempty"`
}

func newOffered(scope tenants.Scope, f Frame, to Partner, o Offer) offered {
	by, who, all := form.EndOfDay(o.AnswerBy), f.Access.Person, policies.SectionIDs()
	row := offered{
		ID: o.ID, Receiver: o.Receiver, Agreement: o.Agreement, Purpose: to.Purpose.Key, PurposeLabel: to.Purpose.Label.It, LegalBasis: o.LegalBasis,
		Sections: all, AnswerBy: by, Name: scope.Name, Case: f.Access.ID, Reason: strings.TrimSpace(o.Reason),
		Surname: who.Surname, GivenName: who.Name, TaxCode: who.TaxCode, Kept: f.Stays(),
		Preview: preview.Preview{Kind: Kind, Purpose: to.Purpose.Label.It, AgeBand: "unknown", Sections: all, AnswerBy: by, Until: by},
	}
	if !who.Born.IsZero() {
		row.Born = &who.Born
	}
	if m := o.Relocation; m != nil {
		row.MovedOn, row.Begun, row.Going, row.Manifest = m.Day.Format(time.DateOnly), m.Begun, m.Going, m.Manifest
	}
	return row
}

func insertHandover(ctx context.Context, tx tenants.Tx, o offered) error {
	row, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("write a handover: %w", err)
	}
	if _, err := tx.Exec(ctx, `select sharing.offer_handover($1)`, string(row)); err != nil {
		return fieldOf.Raised("offer a handover", err)
	}
	return nil
}

// handOver copies the case and returns the files that it names.
func handOver(ctx context.Context, tx tenants.Tx, scope tenants.Scope, id uuid.UUID, t Taking) (sums []string, err error) {
	owners, err := json.Marshal(t.Owners)
	if err != nil {
		return nil, fmt.Errorf("name the owners of what is open: %w", err)
	}
	var person *uuid.UUID
	if t.Person != uuid.Nil {
		person = &t.Person
	}
	if len(t.Owners) == 0 {
		owners = []byte(`{}`)
	}
	err = tx.QueryRow(ctx, `select sharing.hand_over($1, $2, $3, $4)`, id, person, string(owners), scope.Name).Scan(&sums)
	if err != nil {
		return nil, fieldOf.Raised("take a case over", err)
	}
	return sums, nil
}

func getTakenCase(ctx context.Context, tx tenants.Tx, id uuid.UUID) (caseID uuid.UUID, err error) {
	err = tx.QueryRow(ctx, `select h.taken_id from sharing.shares_handovers h where h.share_id = $1`, id).Scan(&caseID)
	if err != nil {
		return uuid.Nil, fmt.Errorf("read which case was taken over: %w", err)
	}
	return caseID, nil
}

func endHandover(ctx context.Context, tx tenants.Tx, h Handover) error {
	if _, err := tx.Exec(ctx, `select sharing.end_share($1, $2, $3, '', $4)`, h.ID, h.State, h.Words, h.Decided.Name); err != nil {
		return fieldOf.Raised("end a handover", err)
	}
	return nil
}

// tellEnded writes the end of the other shares of the case into the chains of their bodies.
func tellEnded(ctx context.Context, tx tenants.Tx, share uuid.UUID, e audit.Told) error {
	if _, err := tx.Exec(ctx, `select sharing.tell_handover($1, $2, $3)`, share, e.ID, e.At); err != nil {
		return fmt.Errorf("tell whose shares a handover ended: %w", err)
	}
	return nil
}

// insertShelter protects a case that was taken over, where its household was protected before; kept tells whether it did.
func insertShelter(ctx context.Context, tx tenants.Tx, share, mark uuid.UUID) (kept bool, err error) {
	if err := tx.QueryRow(ctx, `select sharing.keep_shelter($1, $2)`, share, mark).Scan(&kept); err != nil {
		return false, fmt.Errorf("protect a case that was taken over: %w", err)
	}
	return kept, nil
}

// fieldOf names the field of a form that a refusal of the database is about.
var fieldOf = share.FieldOf{
	"agreement": {"destinatario", "sharing.handover.error.partner"},
	"purpose":   {"destinatario", "sharing.handover.error.partner"},
	"answer_by": {"risposta", "sharing.error.past"},
	"kept":      {"restano", "sharing.handover.error.new_draft"},
	"person":    {"persona", "sharing.handover.error.who"},
	"owners":    {"impegni", "sharing.handover.error.owner"},
}
