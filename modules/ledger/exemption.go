package ledger

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Exemption is the recorded reason for which a citizen does not see, until a day, who opened a case
// (it: differimento).
type Exemption struct {
	ID         uuid.UUID
	Case       uuid.UUID
	Number     string // of the case
	Ground     string
	Reason     string
	Until      time.Time // the last day
	By         string
	RecordedAt time.Time
	EndedBy    string
	EndedAt    time.Time // zero unless somebody ended it before its day
}

// Grounds are what may delay a citizen's sight: nothing else does.
var Grounds = []string{"protected_minor", "violence", "judicial"}

// maxExemption is for how many days one is recorded at most; then somebody decides again.
const maxExemption = 366

// Lasts tells whether the exemption withholds anything at the instant.
func (e Exemption) Lasts(at time.Time) bool {
	return e.EndedAt.IsZero() && dayText(dayOf(at.In(language.Rome))) <= dayText(e.Until)
}

// Recording is a new exemption. The same ID twice makes one.
type Recording struct {
	ID     uuid.UUID
	Ground string
	Reason string
	Until  time.Time
}

// OpenCase opens a case of the own body for its exemptions. Errors: those of casefile.OpenOwn; problem.NotFound for who
// works on it by a stated reason alone.
func (s *Service) OpenCase(ctx context.Context, scope tenants.Scope, ref string) (*casefile.Access, error) {
	a, err := s.cases.OpenOwn(ctx, scope, ref)
	if err != nil {
		return nil, err
	}
	if a.Relation == policies.Emergency {
		return nil, problem.Missing()
	}
	return a.Access, nil
}

// FindOfCase lists the exemptions of an opened case, newest first.
func (s *Service) FindOfCase(ctx context.Context, a *casefile.Access) ([]Exemption, error) {
	return s.findOfCase(ctx, a)
}

// FindExemptions lists the exemptions of the body for the data protection officer: those that last first.
func (s *Service) FindExemptions(ctx context.Context, scope tenants.Scope) ([]Exemption, error) {
	wait := s.deps.Audit.Start(ctx, scope, audit.Event{Action: "exemption.list"})
	found, err := s.findExemptions(ctx, scope)
	if audited := wait(); audited != nil {
		return nil, audited
	}
	return found, err
}

// Record delays what the citizen sees of a case. Errors: those of OpenCase; problem.Invalid for the fields at fault.
func (s *Service) Record(ctx context.Context, scope tenants.Scope, ref string, n Recording) error {
	a, err := s.OpenCase(ctx, scope, ref)
	if err != nil {
		return err
	}
	n.Reason = strings.TrimSpace(n.Reason)
	if err := n.check(time.Now()); err != nil {
		return err
	}
	return s.deps.DB.InTx(ctx, a.Scope, func(tx tenants.Tx) error {
		made, err := insertExemption(ctx, tx, scope, a.ID, n)
		if err != nil || !made {
			return err
		}
		return audit.Write(ctx, tx, scope, audit.Event{
			Action: "exemption.create", Relation: string(a.Relation), Object: n.ID, Case: a.ID,
			Payload: map[string]any{"ground": n.Ground, "until": dayText(n.Until), "reason": n.Reason},
		})
	})
}

func (n Recording) check(now time.Time) error {
	var wrong problem.Fields
	wrong.OneOf("causa", n.Ground, Grounds...)
	if n.Ground == "" {
		wrong.Add("causa", "ledger.error.ground")
	}
	words(&wrong, "motivo", n.Reason, 500)
	today := dayOf(now.In(language.Rome))
	switch {
	case n.Until.IsZero():
		wrong.Add("fino", "ledger.error.day")
	case n.Until.Before(today):
		wrong.Add("fino", "ledger.error.past")
	case n.Until.After(today.AddDate(0, 0, maxExemption)):
		wrong.Add("fino", "ledger.error.year")
	}
	return wrong.Err()
}

// End ends an exemption of a case before its day: the citizen sees again who opened the case, also while it lasted. Errors:
// those of OpenCase; problem.NotFound for one of another case, problem.Conflict for one that has ended.
func (s *Service) End(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID) error {
	a, err := s.OpenCase(ctx, scope, ref)
	if err != nil {
		return err
	}
	return s.deps.DB.InTx(ctx, a.Scope, func(tx tenants.Tx) error {
		if err := endExemption(ctx, tx, scope, a.ID, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, scope, audit.Event{Action: "exemption.end", Relation: string(a.Relation), Object: id, Case: a.ID})
	})
}
