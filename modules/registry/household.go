package registry

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// HouseholdKinds are the kinds of households, which differ in law and in who belongs to them: of the population
// register, of the ISEE (DPCM 159/2013, art. 3), and of those who in fact live together.
var HouseholdKinds = []string{"registry", "isee", "cohabiting"}

// Relations are those of a member to the head of the household, in the order of the form.
var Relations = []string{"head", "spouse_partner", "child", "parent", "sibling", "grandparent", "other_relative", "cohabitant", "carer"}

// Household is who lives or counts together (it: nucleo familiare).
type Household struct {
	ID      uuid.UUID
	Kind    string
	Members []Member // the current ones first
}

// Present is the household with those who belong to it now.
func (h Household) Present() Household {
	h.Members = slices.DeleteFunc(slices.Clone(h.Members), func(m Member) bool { return !m.ValidTo.IsZero() })
	return h
}

// Member is a person's time in a household (it: componente del nucleo).
type Member struct {
	ID          uuid.UUID
	HouseholdID uuid.UUID
	PersonID    uuid.UUID
	Surname     string
	Name        string
	Alias       string
	BirthDate   time.Time
	Relation    string
	ValidFrom   time.Time
	ValidTo     time.Time // zero for a current member
	Version     int
}

// FullName is the member's name as one says it.
func (m Member) FullName() string {
	return Name{Surname: m.Surname, Given: m.Name, Alias: m.Alias}.Full()
}

// NewHousehold is a household to be made for a person, who is its first member.
type NewHousehold struct {
	ID     uuid.UUID
	Kind   string
	Person uuid.UUID
	Joining
}

// NewMember is a person who joins a household.
type NewMember struct {
	ID        uuid.UUID
	Household uuid.UUID
	Person    uuid.UUID
	Joining
}

// Joining says as what and from when somebody belongs to a household. From is yyyy-mm-dd; empty means today.
type Joining struct {
	Relation string
	From     string
}

func (j Joining) check(faults *problem.Fields, today time.Time) time.Time {
	faults.Require("relation", j.Relation)
	faults.OneOf("relation", j.Relation, Relations...)
	if j.From == "" {
		return today
	}
	return readDay(faults, "from", j.From, today)
}

// FindHouseholds lists the households that a person lives in now. The error is problem.NotFound for a missing or
// foreign person, and for who may not read households.
func (sv *Service) FindHouseholds(ctx context.Context, s tenants.Scope, person uuid.UUID) ([]Household, error) {
	s = sv.confine(s)
	if !s.Reads("household") {
		return nil, problem.Missing()
	}
	wait := sv.deps.Audit.Start(ctx, s, event("household.read", person, "household"))
	sheet, err := sv.getSheet(ctx, s, person)
	if audited := wait(); audited != nil {
		return nil, audited
	}
	return sheet.Households, err
}

// CreateHousehold makes a household with its first member and returns its id; the same ID twice makes one. The error
// is problem.NotFound for a missing or foreign person, or carries the fields at fault.
func (sv *Service) CreateHousehold(ctx context.Context, s tenants.Scope, n NewHousehold) (uuid.UUID, error) {
	var faults problem.Fields
	faults.Require("kind", n.Kind)
	faults.OneOf("kind", n.Kind, HouseholdKinds...)
	from := n.check(&faults, language.Day(time.Now()))
	if err := faults.Err(); err != nil {
		return uuid.Nil, err
	}
	member, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, fmt.Errorf("make a member's id: %w", err)
	}
	if n.ID == uuid.Nil {
		if n.ID, err = uuid.NewV7(); err != nil {
			return uuid.Nil, fmt.Errorf("make a household's id: %w", err)
		}
	}
	return n.ID, sv.writeHousehold(ctx, s, n.Person, func(tx tenants.Tx, s tenants.Scope) error {
		made, err := insertHousehold(ctx, tx, s, n)
		if err != nil || !made {
			return err
		}
		m := NewMember{ID: member, Household: n.ID, Person: n.Person, Joining: n.Joining}
		if _, err := insertMember(ctx, tx, s, m, from); err != nil {
			return err
		}
		if err := relinkHousehold(ctx, tx, s.Tenant, n.ID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, event("household.create", n.ID, "household"))
	})
}

// AddMember lets a person join a household; the same ID twice makes one membership. The error is problem.NotFound
// for a missing or foreign person or household, or carries the fields at fault: a person has one household of each
// kind, a household one head.
func (sv *Service) AddMember(ctx context.Context, s tenants.Scope, n NewMember) error {
	var faults problem.Fields
	if n.Person == uuid.Nil {
		faults.Add("person", "registry.member.choose")
	}
	from := n.check(&faults, language.Day(time.Now()))
	if err := faults.Err(); err != nil {
		return err
	}
	if n.ID == uuid.Nil {
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("make a member's id: %w", err)
		}
		n.ID = id
	}
	return sv.writeHousehold(ctx, s, n.Person, func(tx tenants.Tx, s tenants.Scope) error {
		made, err := insertMember(ctx, tx, s, n, from)
		if err != nil || !made {
			return err
		}
		if err := relinkHousehold(ctx, tx, s.Tenant, n.Household); err != nil {
			return err
		}
		e := event("household.add_member", n.Household, "household")
		e.Payload = map[string]any{"member": n.ID}
		return audit.Write(ctx, tx, s, e)
	})
}

// writeHousehold runs a change for a person of the body.
func (sv *Service) writeHousehold(ctx context.Context, s tenants.Scope, person uuid.UUID, change func(tenants.Tx, tenants.Scope) error) error {
	s = sv.confine(s)
	if !s.Writes("household") {
		return problem.Missing()
	}
	return sv.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if _, err := getPersonTx(ctx, tx, s.Tenant, person); err != nil {
			return err
		}
		return change(tx, s)
	})
}

// GetMember returns a membership of a household of the body. The error is problem.NotFound for a missing or foreign
// one.
func (sv *Service) GetMember(ctx context.Context, s tenants.Scope, id uuid.UUID) (Member, error) {
	s = sv.confine(s)
	wait := sv.deps.Audit.Start(ctx, s, event("household.read", id, "household"))
	member, err := sv.getMember(ctx, s, id)
	if audited := wait(); audited != nil {
		return Member{}, audited
	}
	return member, err
}

// EndMembership ends a membership on a day (yyyy-mm-dd) from the version that the caller has seen. The error is
// problem.Conflict if somebody else changed it, problem.NotFound for a missing or foreign one, or carries the field
// at fault. Ending it twice on the same day is no error.
func (sv *Service) EndMembership(ctx context.Context, s tenants.Scope, id uuid.UUID, version int, on string) error {
	var faults problem.Fields
	faults.Require("to", on)
	to := readDay(&faults, "to", on, language.Day(time.Now()))
	if err := faults.Err(); err != nil {
		return err
	}
	s = sv.confine(s)
	if !s.Writes("household") {
		return problem.Missing()
	}
	return sv.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		m, err := lockMember(ctx, tx, s.Tenant, id)
		switch {
		case err != nil:
			return err
		case m.ValidTo.Equal(to):
			return nil
		case m.Version != version || !m.ValidTo.IsZero():
			return problem.New(problem.Conflict, "web.error.conflict")
		case to.Before(m.ValidFrom):
			faults.Add("to", "registry.date.before_joining")
			return faults.Err()
		}
		if err := endMember(ctx, tx, s.Tenant, id, to); err != nil {
			return err
		}
		if err := relinkHousehold(ctx, tx, s.Tenant, m.HouseholdID); err != nil {
			return err
		}
		e := event("household.end_member", m.HouseholdID, "household")
		e.Payload = map[string]any{"member": id}
		return audit.Write(ctx, tx, s, e)
	})
}
