// Package network holds the networks that bodies form by their acts: founding, joining, leaving, and who leads. A network
// opens no case to anybody: agreements do that, and may name the network that they stand in.
package network

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions that networks ask for: they are those of agreements.
const (
	Read  = "agreement:read"
	Write = "agreement:write"
)

// The states of a network.
const (
	Proposed = "proposed" // until every body that was asked has joined or declined
	Active   = "active"
	Ended    = "ended" // one body alone is no network
)

// Network is a group of bodies that have joined by their acts, one of which leads it (it: rete).
type Network struct {
	ID       uuid.UUID
	Title    string
	State    string
	Lead     int32
	NextLead int32 // who was asked to take the lead; 0 for nobody
	Office   int32 // the body that is their common office; 0 for none
	Version  int
	Members  []Member
}

// Member is a body that is in a network or is asked to join it.
type Member struct {
	Tenant   int32
	Founder  bool
	Act      policies.Act
	JoinedAt time.Time // zero until it joins
}

// Founding is a network as its founder writes it; the founder joins with its act at once.
type Founding struct {
	ID      uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Title   string
	Members []int32 // the founder's own body among them
	Office  int32   // 0 for none
	Act     policies.Act
}

// Has tells whether the body has joined the network.
func (n Network) Has(tenant int32) bool {
	return slices.ContainsFunc(n.Members, func(m Member) bool { return m.Tenant == tenant && !m.JoinedAt.IsZero() })
}

// Awaits tells whether the body was asked to join and has not answered.
func (n Network) Awaits(tenant int32) bool {
	return n.State != Ended && slices.ContainsFunc(n.Members, func(m Member) bool { return m.Tenant == tenant && m.JoinedAt.IsZero() })
}

// Heirs are the members that the body may ask to take the lead; none where it does not lead.
func (n Network) Heirs(tenant int32) (heirs []int32) {
	if n.State != Active || n.Lead != tenant {
		return nil
	}
	for _, m := range n.Members {
		if m.Tenant != tenant && !m.JoinedAt.IsZero() {
			heirs = append(heirs, m.Tenant)
		}
	}
	return heirs
}

// heirs are the heirs that may lead: a common office is led itself.
func (s *Service) heirs(n Network, tenant int32) []int32 {
	return slices.DeleteFunc(n.Heirs(tenant), func(id int32) bool { return id == n.Office && s.HasOffice(n) })
}

// MayLeave tells whether the body may leave now: who leads hands the lead over first, unless it is alone.
func (n Network) MayLeave(tenant int32) bool {
	if n.State == Ended || !n.Has(tenant) && !n.Awaits(tenant) {
		return false
	}
	return n.Lead != tenant || !slices.ContainsFunc(n.Members, func(m Member) bool { return m.Tenant != tenant && !m.JoinedAt.IsZero() })
}

// Service holds the rules of networks.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Find lists the networks of the actor's body, newest first.
func (s *Service) Find(ctx context.Context, scope tenants.Scope) (found []Network, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		found, err = find(ctx, tx, uuid.Nil)
		return err
	})
	return found, err
}

// Get returns a network of the actor's body, or problem.NotFound.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id uuid.UUID) (n Network, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		n, err = get(ctx, tx, id)
		return err
	})
	return n, err
}

// named finds the body with the slug; where there is none, an id that no body has, which the rules refuse.
func (s *Service) named(slug string) int32 {
	body, _, err := s.deps.Bodies.BySlug(slug)
	if err != nil {
		return -1
	}
	return body.ID
}

// Found makes a network that the other bodies have yet to join. A second call with the same id returns what the first one
// wrote. Errors: problem.Invalid by field.
func (s *Service) Found(ctx context.Context, scope tenants.Scope, f Founding) (n Network, err error) {
	if err := s.deps.RequireLive(scope); err != nil {
		return Network{}, err
	}
	if err := s.check(scope, f); err != nil {
		return Network{}, err
	}
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		if n, err = get(ctx, tx, f.ID); err == nil || !problem.Is(err, problem.NotFound) {
			return err
		}
		if err := insert(ctx, tx, f); err != nil {
			return err
		}
		if err := tell(ctx, tx, scope, f.ID, "network.found"); err != nil {
			return err
		}
		n, err = get(ctx, tx, f.ID)
		return err
	})
	return n, err
}

// check refuses what no network may be, by field.
func (s *Service) check(scope tenants.Scope, f Founding) error {
	var fields problem.Fields
	if len([]rune(f.Title)) < 3 {
		fields.Add("titolo", "sharing.error.network_title")
	}
	fields.MaxLength("titolo", f.Title, 200)
	if !s.able(scope, f.Members) {
		fields.Add("enti", "sharing.error.members")
	}
	if f.Office != 0 && !slices.Contains(f.Members, f.Office) {
		fields.Add("ufficio", "sharing.error.office")
	}
	f.Act.Check(&fields, time.Now())
	return fields.Err()
}

// able tells whether the bodies may form a network: live, several, each once, the actor's own among them.
func (s *Service) able(scope tenants.Scope, members []int32) bool {
	if len(members) < 2 || !slices.Contains(members, scope.Tenant) {
		return false
	}
	for i, id := range members {
		body, err := s.deps.Bodies.ByID(id)
		if err != nil || body.State != tenants.Active || body.Kind == tenants.Platform || slices.Contains(members[:i], id) {
			return false
		}
	}
	return true
}

// Join joins the actor's own body with its act. Errors: problem.NotFound where the body was not asked; problem.Conflict
// where it has joined already; problem.Invalid by field.
func (s *Service) Join(ctx context.Context, scope tenants.Scope, id uuid.UUID, act policies.Act) (Network, error) {
	var fields problem.Fields
	act.Check(&fields, time.Now())
	return s.step(ctx, scope, id, move{
		"network.join", func(n Network) bool { return n.Awaits(scope.Tenant) },
		func(tx tenants.Tx) error {
			if err := fields.Err(); err != nil {
				return err
			}
			return join(ctx, tx, id, act)
		},
	})
}

// Hand asks a member to take the lead. Errors: problem.NotFound; problem.Conflict where the actor's body does not lead or
// the other has not joined.
func (s *Service) Hand(ctx context.Context, scope tenants.Scope, id uuid.UUID, to int32) (Network, error) {
	return s.step(ctx, scope, id, move{
		"network.hand", func(n Network) bool { return slices.Contains(s.heirs(n, scope.Tenant), to) },
		func(tx tenants.Tx) error { return hand(ctx, tx, id, to) },
	})
}

// Take makes the actor's body the lead after it was asked. Errors: problem.NotFound; problem.Conflict where it was not.
func (s *Service) Take(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Network, error) {
	return s.step(ctx, scope, id, move{
		"network.take", func(n Network) bool { return n.State == Active && n.NextLead == scope.Tenant },
		func(tx tenants.Tx) error { return take(ctx, tx, id) },
	})
}

// Leave takes the actor's body out of the network, which it does not see any more, or declines to join. Errors:
// problem.NotFound; problem.Conflict where the body leads others.
func (s *Service) Leave(ctx context.Context, scope tenants.Scope, id uuid.UUID) error {
	_, err := s.step(ctx, scope, id, move{
		"network.leave", func(n Network) bool { return n.MayLeave(scope.Tenant) },
		func(tx tenants.Tx) error { return leave(ctx, tx, id) },
	})
	return err
}

// move is a step of a network: what the audit calls it, whether it is open, and what it does.
type move struct {
	action string
	open   func(Network) bool
	do     func(tenants.Tx) error
}

// step takes a move, writes it into the chains of all members in the same transaction and returns what came of it; the
// zero Network where the actor's body has left.
func (s *Service) step(ctx context.Context, scope tenants.Scope, id uuid.UUID, m move) (n Network, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		before, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		if !m.open(before) {
			return problem.New(problem.Conflict, "sharing.error.network_step")
		}
		if err := m.do(tx); err != nil {
			return err
		}
		if err := tell(ctx, tx, scope, id, m.action); err != nil {
			return err
		}
		if n, err = get(ctx, tx, id); problem.Is(err, problem.NotFound) {
			return nil
		}
		return err
	})
	return n, err
}

// tell writes a step into the own chain and into those of the other members.
func tell(ctx context.Context, tx tenants.Tx, scope tenants.Scope, id uuid.UUID, action string) error {
	told, err := audit.WriteTold(ctx, tx, scope, audit.Event{Action: action, Object: id})
	if err != nil {
		return err
	}
	return tellMembers(ctx, tx, id, told)
}
