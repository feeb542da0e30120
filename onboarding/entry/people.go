package entry

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/onboarding/member"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Participant is somebody who works at an entry.
type Participant struct {
	Account uuid.UUID
	Name    string
	Since   time.Time
	Starter bool // began the entry
}

// NewParticipant is a participant as somebody writes it.
type NewParticipant struct {
	Name    string
	TaxCode string // of the digital identity with which they sign in
}

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

// AddPerson lets somebody else work at an entry that the actor began; who does already
// stays as they are. Errors: problem.Invalid by field; problem.NotFound for another's
// entry; problem.Forbidden for one that the actor did not begin; problem.Conflict while
// the body is being made; of a live entry, too, somebody else can still confirm the powers.
func (v *Service) AddPerson(ctx context.Context, s tenants.Scope, entry uuid.UUID, n NewParticipant) error {
	people, err := v.FindPeople(ctx, s, entry) // nobody else's fiscal code makes an account
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(people, func(p Participant) bool { return p.Starter && p.Account == s.Account }) {
		return problem.New(problem.Forbidden, "onboarding.error.starter_people")
	}
	var faults problem.Fields
	n.Name = member.CheckName(&faults, "name", n.Name)
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
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		e, err := lockEntry(ctx, tx, s, entry)
		if err != nil {
			return err
		}
		if e.State == Activating || e.State == Closed {
			return e.fixed()
		}
		added, err := addPerson(ctx, tx, entry, account, n.Name)
		if err != nil || !added {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "entry.add_person", Object: entry, Payload: map[string]any{"account": account}})
	})
}

// GetRemovable returns somebody whom the actor may remove from an entry. Errors:
// problem.Forbidden as RemovePerson; problem.NotFound for who does not work at it.
func (v *Service) GetRemovable(ctx context.Context, s tenants.Scope, e Entry, person uuid.UUID) (Participant, error) {
	if err := mayRemove(s, e, person); err != nil {
		return Participant{}, err
	}
	people, err := v.FindPeople(ctx, s, e.ID)
	if err != nil {
		return Participant{}, err
	}
	at := slices.IndexFunc(people, func(p Participant) bool { return p.Account == person })
	if at < 0 {
		return Participant{}, problem.Missing()
	}
	return people[at], nil
}

// RemovePerson takes somebody away from an entry, in whatever state it is: who began it
// removes the others, and everybody else themselves. Who was removed before is no error.
// Errors: problem.NotFound for another's entry and for who never worked at it;
// problem.Forbidden for others than oneself by who did not begin it, and for who did.
func (v *Service) RemovePerson(ctx context.Context, s tenants.Scope, entry, person uuid.UUID) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		e, err := lockEntry(ctx, tx, s, entry)
		if err != nil {
			return err
		}
		if err := mayRemove(s, e, person); err != nil {
			return err
		}
		removed, err := removePerson(ctx, tx, entry, person)
		if err != nil || !removed {
			return err
		}
		action := "entry.remove_person"
		if person == s.Account {
			action = "entry.leave"
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: action, Object: entry, Payload: map[string]any{"account": person}})
	})
}

// mayRemove tells why the actor may not remove somebody from an entry that they see.
func mayRemove(s tenants.Scope, e Entry, person uuid.UUID) error {
	self := person == s.Account
	switch {
	case self && e.Starter:
		return problem.New(problem.Forbidden, "onboarding.error.starter_stays")
	case !self && !e.Starter:
		return problem.New(problem.Forbidden, "onboarding.error.starter_people")
	}
	return nil
}
