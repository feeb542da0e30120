package registry

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Kinds of codes by which a person is known to the administration.
const (
	TaxCode     = "tax_code"
	Provisional = "provisional"
	STP         = "stp"
	ENI         = "eni"
	NoCode      = "none"
)

// Person is somebody the service is about (it: persona); never an account that logs in.
type Person struct {
	ID             uuid.UUID
	CodeKind       string
	TaxCode        string
	NoCodeReason   string // why there is no code
	Alias          string // how somebody is known who gives no name
	Surname        string
	Name           string
	BirthDate      time.Time // zero if unknown
	Sex            string    // F, M or empty
	BirthplaceCode string    // Belfiore
	Birthplace     string
	Citizenship    string
	NoFixedAbode   bool
	DeathDate      time.Time // zero if alive
	Version        int
	CreatedAt      time.Time
	CreatedBy      *uuid.UUID
	UpdatedAt      time.Time
	UpdatedBy      *uuid.UUID
}

// FullName is the name as one says it, or the alias of somebody without a name.
func (p Person) FullName() string { return p.called().Full() }

// ListName is the name as lists have it, the surname first.
func (p Person) ListName() string { return p.called().Listed() }

func (p Person) called() Name { return Name{Surname: p.Surname, Given: p.Name, Alias: p.Alias} }

// NewPerson is a person to be registered. ID makes the registration idempotent: a second one with the same ID
// returns the first.
type NewPerson struct {
	ID uuid.UUID
	Details
	Contacts ContactDetails
}

// Sheet is everything the registry has about a person, as far as the reader may see it.
type Sheet struct {
	Person
	Contacts   []Contacts  // the current ones first
	Households []Household // those the person lives in now
	Changes    []Change    // newest first
}

// Current are the contact details that are valid now; the zero value if there are none.
func (s Sheet) Current() Contacts {
	if len(s.Contacts) > 0 && s.Contacts[0].ValidTo.IsZero() {
		return s.Contacts[0]
	}
	return Contacts{}
}

// Service reads and writes the registry of the actor's own body.
type Service struct {
	deps modules.Deps
}

// NewService makes the service.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// confine gives the sections that the actor's roles open in the body at large: the registry is the desk's work, not
// a case's.
func (sv *Service) confine(s tenants.Scope) tenants.Scope {
	return sv.deps.Policies.Confine(s, policies.Body)
}

// Get returns a person of the body. The error is problem.NotFound for a missing and for a foreign one.
func (sv *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Person, error) {
	s = sv.confine(s)
	wait := sv.deps.Audit.Start(ctx, s, read(id, "identity"))
	person, err := sv.getPerson(ctx, s, id)
	if audited := wait(); audited != nil {
		return Person{}, audited
	}
	return person, err
}

// GetSheet returns a person with contacts, households and changes. The error is problem.NotFound for a missing and
// for a foreign one.
func (sv *Service) GetSheet(ctx context.Context, s tenants.Scope, id uuid.UUID) (Sheet, error) {
	s = sv.confine(s)
	wait := sv.deps.Audit.Start(ctx, s, read(id, readable(s)...))
	sheet, err := sv.getSheet(ctx, s, id)
	if audited := wait(); audited != nil {
		return Sheet{}, audited
	}
	return sheet, err
}

// readable are the sections of the registry that the scope reads.
func readable(s tenants.Scope) []string {
	var sections []string
	for _, section := range []string{"identity", "household", "contacts"} {
		if s.Reads(section) {
			sections = append(sections, section)
		}
	}
	return sections
}

func read(id uuid.UUID, sections ...string) audit.Event {
	return event("person.read", id, sections...)
}

func event(action string, id uuid.UUID, sections ...string) audit.Event {
	return audit.Event{Action: action, Object: id, Relation: string(policies.Body), Sections: sections}
}

// Create registers a person with its contact details. The error carries the fields at fault; warnings and duplicates
// do not stop it.
func (sv *Service) Create(ctx context.Context, s tenants.Scope, n NewPerson) (Person, error) {
	details, _, err := n.Details.Check(language.Day(time.Now()))
	contacts, contactsErr := n.Contacts.Check()
	if err := join(err, contactsErr); err != nil {
		return Person{}, err
	}
	s = sv.confine(s)
	if !s.Writes("identity") || (!contacts.IsZero() && !s.Writes("contacts")) {
		return Person{}, problem.Missing()
	}
	if n.ID == uuid.Nil {
		if n.ID, err = uuid.NewV7(); err != nil {
			return Person{}, fmt.Errorf("make a person's id: %w", err)
		}
	}
	var person Person
	err = sv.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		made, err := insertPerson(ctx, tx, s, n.ID, details)
		if err != nil {
			return err
		}
		if made {
			if err := sv.afterCreate(ctx, tx, s, n.ID, contacts); err != nil {
				return err
			}
		}
		person, err = getPersonTx(ctx, tx, s.Tenant, n.ID)
		return err
	})
	return person, err
}

// afterCreate writes what comes with a new person, once.
func (sv *Service) afterCreate(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, c ContactDetails) error {
	if err := audit.Write(ctx, tx, s, event("person.create", id, "identity")); err != nil {
		return err
	}
	if c.IsZero() {
		return nil
	}
	row, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an id of contact details: %w", err)
	}
	if _, err := insertContacts(ctx, tx, s, NewContacts{ID: row, Person: id}, c); err != nil {
		return err
	}
	return audit.Write(ctx, tx, s, event("contacts.update", id, "contacts"))
}

// Update changes a person from the version that the caller has seen. The error is problem.Conflict if somebody else
// changed it meanwhile, problem.NotFound for a missing or foreign person, or carries the fields at fault.
func (sv *Service) Update(ctx context.Context, s tenants.Scope, id uuid.UUID, version int, d Details) (Person, error) {
	details, _, err := d.Check(language.Day(time.Now()))
	if err != nil {
		return Person{}, err
	}
	s = sv.confine(s)
	if !s.Writes("identity") {
		return Person{}, problem.Missing()
	}
	var person Person
	err = sv.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		before, err := lockPerson(ctx, tx, s.Tenant, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.New(problem.Conflict, "web.error.conflict")
		}
		changes := compare(before, details)
		if len(changes) == 0 {
			person = before
			return nil
		}
		if err := updatePerson(ctx, tx, s, before, details); err != nil {
			return err
		}
		if err := insertChanges(ctx, tx, s, id, changes); err != nil {
			return err
		}
		e := event("person.update", id, "identity")
		e.Payload = map[string]any{"fields": fieldsOf(changes)}
		if err := audit.Write(ctx, tx, s, e); err != nil {
			return err
		}
		person, err = getPersonTx(ctx, tx, s.Tenant, id)
		return err
	})
	return person, err
}

// join gathers the fields at fault of several checks; any other error comes first.
func join(errs ...error) error {
	var fields problem.Fields
	for _, err := range errs {
		switch {
		case err == nil:
		case problem.Is(err, problem.Invalid):
			fields = append(fields, problem.Of(err).Fields...)
		default:
			return err
		}
	}
	return fields.Err()
}
