package registry

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/tenants"
)

// Query says which persons to find. Without text and birth date it finds all, in the order of their names.
type Query struct {
	Text      string    // beginnings of names in any order, of a tax code, a day or a year of birth
	BirthDate time.Time // zero for any
	After     uuid.UUID // the last person of the page before
	Limit     int       // 1 to 100, 50 if zero
}

// Found is a page of persons, in the order of their names. Next is the After of the following page, or nil. Where a name
// finds nobody, or few, Near are some persons with almost that name, the most alike first.
type Found struct {
	Persons []Person
	Near    []Person
	Next    uuid.UUID
}

// FindPersons searches the registry of the body; what it returns has been written into the audit.
func (sv *Service) FindPersons(ctx context.Context, s tenants.Scope, q Query) (Found, error) {
	s = sv.confine(s)
	if q.Limit < 1 || q.Limit > 100 {
		q.Limit = 50
	}
	persons, err := sv.findPersons(ctx, s, q)
	if err != nil {
		return Found{}, err
	}
	found := Found{Persons: persons}
	if len(persons) > q.Limit {
		found.Persons = persons[:q.Limit]
		found.Next = found.Persons[q.Limit-1].ID
	}
	if found.Near, err = sv.findNear(ctx, s, q, found.Persons); err != nil {
		return Found{}, err
	}
	return found, sv.auditList(ctx, s, "person.list", slices.Concat(found.Persons, found.Near))
}

func (sv *Service) auditList(ctx context.Context, s tenants.Scope, action string, persons []Person) error {
	ids := make([]uuid.UUID, len(persons))
	for i, p := range persons {
		ids[i] = p.ID
	}
	e := event(action, uuid.Nil, "identity")
	e.Payload = map[string]any{"persons": ids}
	return sv.deps.Audit.Record(ctx, s, e)
}
