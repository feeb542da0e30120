package onboarding

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// Participant is somebody who works at an entry.
type Participant struct {
	Account uuid.UUID
	Name    string
	Since   time.Time
}

// NewParticipant is a participant as somebody writes it.
type NewParticipant struct {
	Name    string
	TaxCode string // of the digital identity with which they sign in
}

// peopleStep is how the audit calls a change of those who work at an entry; it is no step of the wizard.
const peopleStep Step = "people"

// maxPeople bounds who works at one entry.
const maxPeople = 10

// FindPeople lists who works at an entry of the actor, the one who began it first.
// The error is problem.NotFound for another's entry.
func (v *Service) FindPeople(ctx context.Context, s tenants.Scope, entry uuid.UUID) ([]Participant, error) {
	found, err := v.findPeople(ctx, s, entry)
	if err == nil && len(found) == 0 {
		return nil, problem.Missing()
	}
	return found, err
}

// AddPerson lets somebody else work at an entry of the actor; who does already stays
// as they are. Errors: problem.Invalid by field; problem.NotFound for another's entry;
// problem.Conflict when the entry is going live.
func (v *Service) AddPerson(ctx context.Context, s tenants.Scope, entry uuid.UUID, n NewParticipant) error {
	people, err := v.FindPeople(ctx, s, entry) // nobody else's fiscal code makes an account
	if err != nil {
		return err
	}
	var faults problem.Fields
	n.Name = tidy(&faults, "name", n.Name, 120)
	faults.Require("name", n.Name)
	n.TaxCode = checkCode(&faults, n.TaxCode)
	if len(people) >= maxPeople {
		faults.Add("name", "onboarding.people.many", "max", maxPeople)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	var account uuid.UUID
	err = v.deps.DB.Platform(ctx, func(tx tenants.Tx) (err error) {
		account, err = tenants.EnsureAccount(ctx, tx, v.deps.Platform.Seal, n.TaxCode)
		return err
	})
	if err != nil {
		return err
	}
	return v.changing(ctx, s, entry, peopleStep, func(tx tenants.Tx, _ Entry) (bool, error) {
		return addPerson(ctx, tx, entry, account, n.Name)
	})
}
