// Package moving passes the case of a person who moved house to the municipality where the person lives from now on: who goes
// along, the manifest of what does, the agreement for this one case where none stands, and the signatures of both bodies. The
// passing itself is an ordinary handover of package handover. It must not read the content of a case: its rows are counted.
package moving

import (
	"context"
	"slices"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/registry"
	"staffetta/modules/sharing/handover"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// How a change of residence begins.
const (
	ByOperator = "operator"
	ByRegister = "register" // the person has an address in another municipality
)

// Service holds the rules of changes of residence.
type Service struct {
	*Signer

	cases     *casefile.Service
	handovers *handover.Service
}

// NewService makes the service over the program's parts, who signs, and the handovers.
func NewService(deps modules.Deps, signer *Signer, handovers *handover.Service) *Service {
	return &Service{Signer: signer, cases: casefile.NewService(deps), handovers: handovers}
}

// Frame is what a change of residence of a case must keep within.
type Frame struct {
	handover.Frame

	Household []registry.Member // who lives with the person now, each once
	Contacts  registry.ContactDetails
	Place     string           // Belfiore code of where the person lives, as the registry has it; "" for unknown
	Receivers []tenants.Tenant // the municipalities to which the case could go
	MaySign   bool             // the actor may sign an agreement
}

// Plan says where the person lives from which day on, and with whom.
type Plan struct {
	To    int32
	Day   time.Time
	Going []string // ids of those of the household who move too
}

// Prepare opens a case of the actor's body for a change of residence. Errors: those of handover.Prepare; problem.Forbidden for who
// does not see who lives with the person.
func (s *Service) Prepare(ctx context.Context, scope tenants.Scope, ref string) (Frame, error) {
	own, err := s.handovers.Prepare(ctx, scope, ref)
	if err != nil {
		return Frame{}, err
	}
	f := Frame{Frame: own, MaySign: s.maySign(scope)}
	a, err := s.cases.OpenBeside(ctx, scope, ref, "", "household", "contacts")
	if err != nil {
		return Frame{}, err
	}
	if !a.Scope.Reads("household") || !a.Scope.Reads("contacts") {
		return Frame{}, problem.New(problem.Forbidden, "sharing.error.not_worker")
	}
	if err := readHome(ctx, a, &f); err != nil {
		return Frame{}, err
	}
	for _, body := range s.deps.Bodies.Active() {
		if body.ID != scope.Tenant && body.Kind == tenants.Municipality && body.Has(string(share.ModuleID)) {
			f.Receivers = append(f.Receivers, body)
		}
	}
	return f, nil
}

// partner is the body that takes the case, with a standing agreement for handovers if there is one.
func (f Frame) partner(to int32) (handover.Partner, bool) {
	at := slices.IndexFunc(f.Partners, func(p handover.Partner) bool { return p.Body.ID == to })
	if at < 0 {
		return handover.Partner{}, false
	}
	return f.Partners[at], true
}

// The days between which a person may have moved, or be about to.
const (
	yearsBack   = 5
	monthsAhead = 6
)

// check refuses by field what no change of residence may be.
func (f Frame) check(p Plan, now time.Time) error {
	var fields problem.Fields
	if !slices.ContainsFunc(f.Receivers, func(body tenants.Tenant) bool { return body.ID == p.To }) {
		fields.Add("ente", "sharing.relocation.error.body")
	}
	switch {
	case p.Day.IsZero():
		fields.Add("giorno", "sharing.error.day")
	case p.Day.Before(now.AddDate(-yearsBack, 0, 0)), p.Day.After(now.AddDate(0, monthsAhead, 0)):
		fields.Add("giorno", "sharing.relocation.error.day", "years", yearsBack, "months", monthsAhead)
	}
	for _, id := range p.Going {
		if !slices.ContainsFunc(f.Household, func(m registry.Member) bool { return m.PersonID.String() == id }) {
			fields.Add("insieme", "sharing.relocation.error.household")
		}
	}
	return fields.Err()
}
