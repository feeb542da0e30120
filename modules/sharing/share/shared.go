package share

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// SharedCase is a case that another body shows to the actor (it: cartella condivisa).
type SharedCase struct {
	Owner    int32
	Case     uuid.UUID
	Number   string
	State    string
	Surname  string // with Name, only where the identity is granted
	Name     string
	Sections []string
	Until    time.Time
}

// ListName is the name as lists have it, or "" where the identity is not shown.
func (c SharedCase) ListName() string {
	return registry.Name{Surname: c.Surname, Given: c.Name}.Listed()
}

// Place is the place in the list of shared cases after which the next page begins; the zero Place is the beginning.
type Place struct {
	Owner int32
	Case  uuid.UUID
}

// FindShared lists the cases that other bodies show to the actor now, by owner: driven from the live grants, through
// the guest's door. Which cases were listed is in the chains of the reader and of every owner before it returns.
func (s *Shares) FindShared(ctx context.Context, scope tenants.Scope, after Place) ([]SharedCase, Place, error) {
	if !s.deps.Policies.Allows(scope, policies.Guest, "case", "open") {
		return nil, Place{}, nil
	}
	found, err := s.findShared(ctx, s.deps.Policies.Confine(scope, policies.Guest), after)
	if err != nil {
		return nil, Place{}, err
	}
	var next Place
	if len(found) > pageSize {
		found = found[:pageSize]
		next = Place{Owner: found[pageSize-1].Owner, Case: found[pageSize-1].Case}
	}
	return found, next, s.deps.Audit.Record(ctx, scope, listEvents(found)...)
}

// listEvents is one event for the reader and one for each owner, with its own cases.
func listEvents(found []SharedCase) []audit.Event {
	mine := audit.Event{Action: "shared_case.list", Relation: string(policies.Guest)}
	events := []audit.Event{mine}
	at := map[int32]int{}
	for _, c := range found {
		if _, known := at[c.Owner]; !known {
			at[c.Owner] = len(events)
			events = append(events, audit.Event{Action: mine.Action, Relation: mine.Relation, Tenant: c.Owner})
		}
		events[0].Cases = append(events[0].Cases, c.Case)
		events[at[c.Owner]].Cases = append(events[at[c.Owner]].Cases, c.Case)
	}
	return events
}
