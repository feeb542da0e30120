// Package retention is how long a body keeps what it has about people, and how it goes when that is over: the body's table of terms,
// what nobody may remove (a hold), and the disposal, which one person proposes and another one agrees to with the authorisation of the
// Soprintendenza. It is the only way by which rows of a live body are removed. It must not show what is in a case: who decides sees
// counts and numbers.
package retention

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Term is how long the body keeps something, with how that came to be.
type Term struct {
	modules.Term
	Kept    int // years; 0 for ever
	History []Change
}

// Change is one decision of the body about a term.
type Change struct {
	Kind   string
	Years  int
	Reason string
	By     string
	At     time.Time
}

// Due is what is over of one kind.
type Due struct {
	Kind            string
	Ready           int       // may go now
	Held, Shared    int       // over, and stopped
	Oldest          time.Time // since when the oldest of it counts
	ReadyCasesFirst []string  // numbers of the first case files
}

// candidate is one thing that is over.
type candidate struct {
	Kind    string
	ID      uuid.UUID
	Number  string
	Since   time.Time
	Stopped string
}

// Service keeps the terms, the holds and the disposals of bodies.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Terms lists the terms of the body with their history, the newest change first.
func (v *Service) Terms(ctx context.Context, s tenants.Scope) ([]Term, error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "retention.read"})
	terms, err := v.terms(ctx, s)
	if err != nil {
		return nil, err
	}
	return terms, wait()
}

func (v *Service) terms(ctx context.Context, s tenants.Scope) (terms []Term, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		terms, err = termsIn(ctx, tx, v.deps.Platform.Modules)
		return err
	})
	return terms, err
}

func termsIn(ctx context.Context, tx tenants.Tx, list []modules.Module) (terms []Term, err error) {
	changes, err := findChanges(ctx, tx)
	for _, t := range modules.FindTerms(list) {
		one := Term{Term: t, Kept: t.Years, History: changes[t.Kind]}
		if len(one.History) > 0 {
			one.Kept = one.History[0].Years
		}
		terms = append(terms, one)
	}
	return terms, err
}

// FindKept tells how long the body of a transaction keeps what has a term, by the years of its own, and for how many years it keeps what
// its audit says (modules.KeptWithout).
func FindKept(ctx context.Context, tx tenants.Tx, list []modules.Module) (kept []modules.Term, traceYears int, err error) {
	terms, err := termsIn(ctx, tx, list)
	if err != nil {
		return nil, 0, err
	}
	for _, t := range terms {
		t.Years = t.Kept
		kept = append(kept, t.Term)
	}
	traceYears, err = findTraceYears(ctx, tx)
	return kept, traceYears, err
}

// TraceYears tells for how many years the body keeps what its audit says.
func (v *Service) TraceYears(ctx context.Context, s tenants.Scope) (years int, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		years, err = findTraceYears(ctx, tx)
		return err
	})
	return years, err
}

// Term returns one term of the body. Error: problem.NotFound.
func (v *Service) Term(ctx context.Context, s tenants.Scope, kind string) (Term, error) {
	terms, err := v.Terms(ctx, s)
	if err != nil {
		return Term{}, err
	}
	at := slices.IndexFunc(terms, func(t Term) bool { return t.Kind == kind })
	if at < 0 {
		return Term{}, problem.Missing()
	}
	return terms[at], nil
}

// SetTerm lengthens or shortens a term; 0 years keep for ever. Errors: problem.Invalid by field, problem.NotFound.
func (v *Service) SetTerm(ctx context.Context, s tenants.Scope, kind string, years int, reason string) error {
	terms, err := v.terms(ctx, s)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(terms, func(t Term) bool { return t.Kind == kind }) {
		return problem.Missing()
	}
	reason = strings.TrimSpace(reason)
	var wrong problem.Fields
	if years < 0 || years > 150 {
		wrong.Add("anni", "onboarding.retention.error.years")
	}
	checkReason(&wrong, "motivo", reason)
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := insertTerm(ctx, tx, s, Change{Kind: kind, Years: years, Reason: reason}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "retention.change", Payload: map[string]any{"kind": kind, "years": years, "reason": reason}})
	})
}

// checkReason wants a reason that somebody can read later.
func checkReason(wrong *problem.Fields, field, reason string) {
	wrong.Reason(field, reason, 1000)
	if n := len([]rune(reason)); n > 0 && n < 5 {
		wrong.Add(field, "onboarding.retention.error.reason")
	}
}

// Due tells what is over now, kind by kind, by the terms of the body.
func (v *Service) Due(ctx context.Context, s tenants.Scope) (found []Due, err error) {
	terms, err := v.terms(ctx, s)
	if err != nil {
		return nil, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		found, err = findDue(ctx, tx, terms)
		return err
	})
	return found, err
}

// findDue sorts what is over by kind, in the order of the terms.
func findDue(ctx context.Context, tx tenants.Tx, terms []Term) ([]Due, error) {
	all, err := findCandidates(ctx, tx, yearsOf(terms))
	if err != nil {
		return nil, err
	}
	found := make([]Due, len(terms))
	for i, t := range terms {
		found[i].Kind = t.Kind
		for _, c := range all {
			if c.Kind == t.Kind {
				found[i].add(c)
			}
		}
	}
	return found, nil
}

// shownNumbers is how many numbers of case files stand beside their count.
const shownNumbers = 20

func (d *Due) add(c candidate) {
	switch c.Stopped {
	case "held":
		d.Held++
		return
	case "shared":
		d.Shared++
		return
	}
	d.Ready++
	if d.Oldest.IsZero() || c.Since.Before(d.Oldest) {
		d.Oldest = c.Since
	}
	if c.Number != "" && len(d.ReadyCasesFirst) < shownNumbers {
		d.ReadyCasesFirst = append(d.ReadyCasesFirst, c.Number)
	}
}

// yearsOf is how many years each kind is kept; what is kept for ever is 0.
func yearsOf(terms []Term) map[string]int {
	years := map[string]int{}
	for _, t := range terms {
		years[t.Kind] = t.Kept
	}
	return years
}
