// Package protection says which cases must not be found from outside, and why: sealed ones, protected minors, violence, cases
// that serve a court alone. What follows from it is the business of who looks for cases (module sharing). It must not open
// a case by itself: package access does.
package protection

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Section is that of the words of a protection: they are about the person.
const Section = "diary"

// Sealed is the kind of a protection that gives no ground.
const Sealed = "sealed"

// Kinds are the reasons for which a case is protected.
var Kinds = []string{Sealed, "protected_minor", "violence", "judicial"}

// The lengths of a reason.
const (
	leastReason = 5
	mostReason  = 500
)

// Mark says that a case is protected, from when to when (it: protezione della cartella).
type Mark struct {
	ID        uuid.UUID
	Kind      string // one of Kinds
	Reason    string
	By        string
	At        time.Time
	EndedBy   string
	EndedAt   time.Time // zero while it holds
	EndReason string
}

// Holds tells whether the case is still protected by it.
func (m Mark) Holds() bool { return m.EndedAt.IsZero() }

// Protections holds the rules of marks.
type Protections struct {
	deps  modules.Deps
	cases *access.Cases
}

// New makes them over the program's parts.
func New(deps modules.Deps, cases *access.Cases) *Protections {
	return &Protections{deps: deps, cases: cases}
}

// FindMarks lists the marks of an opened case, those that hold first; none for who does not read their section.
func (p *Protections) FindMarks(ctx context.Context, a *access.Own) ([]Mark, error) {
	return findMarks(ctx, a)
}

// Protect marks a case of the body that the actor works on; from then on it is not found from outside. Marking it again for
// the same kind changes nothing. Errors: problem.Invalid by field; problem.NotFound, problem.Forbidden as of OpenToWrite.
func (p *Protections) Protect(ctx context.Context, scope tenants.Scope, ref string, m Mark) error {
	a, err := p.openToMark(ctx, scope, ref)
	if err != nil {
		return err
	}
	var fields problem.Fields
	if !slices.Contains(Kinds, m.Kind) {
		fields.Add("tipo", "casefile.error.protection")
	}
	m.Reason = checkReason(&fields, m.Reason)
	if err := fields.Err(); err != nil {
		return err
	}
	return p.deps.DB.InTx(ctx, a.Scope, func(tx tenants.Tx) error {
		made, err := insertMark(ctx, tx, a, m)
		if err != nil || !made {
			return err
		}
		return audit.Write(ctx, tx, a.Scope, event(a, "case.protect", m.ID, m.Kind))
	})
}

// Release ends a mark, with a reason. Ending it again changes nothing. Errors: problem.NotFound when the case has no such
// mark; those of Protect.
func (p *Protections) Release(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID, reason string) error {
	a, err := p.openToMark(ctx, scope, ref)
	if err != nil {
		return err
	}
	var fields problem.Fields
	reason = checkReason(&fields, reason)
	if err := fields.Err(); err != nil {
		return err
	}
	marks, err := findMarks(ctx, a)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(marks, func(m Mark) bool { return m.ID == id })
	if at < 0 {
		return problem.Missing()
	}
	if !marks[at].Holds() {
		return nil
	}
	return p.deps.DB.InTx(ctx, a.Scope, func(tx tenants.Tx) error {
		if err := endMark(ctx, tx, a, id, reason); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a.Scope, event(a, "case.release", id, marks[at].Kind))
	})
}

// openToMark opens a case of the body for who works on it. A closed case may still be protected.
func (p *Protections) openToMark(ctx context.Context, scope tenants.Scope, ref string) (*access.Own, error) {
	a, err := access.WithoutReason(p.cases.OpenOwn(ctx, scope, ref)) // a reason opens to read only
	if err != nil {
		return nil, err
	}
	if !p.mayMark(a) {
		return nil, problem.New(problem.Forbidden, "casefile.error.read_only")
	}
	return a, nil
}

func (p *Protections) mayMark(a *access.Own) bool {
	return a.Scope.Writes(Section) && p.deps.Policies.Allows(a.Scope, a.Relation, "case", "work")
}

func checkReason(fields *problem.Fields, reason string) string {
	reason = strings.TrimSpace(reason)
	if len([]rune(reason)) < leastReason {
		fields.Add("motivo", "casefile.error.reason")
	}
	fields.MaxLength("motivo", reason, mostReason)
	return reason
}

func event(a *access.Own, action string, id uuid.UUID, kind string) audit.Event {
	return audit.Event{Action: action, Relation: string(a.Relation), Object: id, Case: a.ID, Sections: []string{Section}, Payload: map[string]any{"kind": kind}}
}
