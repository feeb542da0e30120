package network

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/policies"
	"staffetta/tenants"
)

// NewOffice is the common office of a network as a body of its own (it: ufficio comune come ente). It is a party of
// agreements as any other body is: a case that all follow is handed over to it, or followed with it in joint care.
type NewOffice struct {
	Name string
	Slug string // its name in addresses
	Act  policies.Act
}

// slugs are the names that a body may have in addresses.
var slugs = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{1,62}$`)

// check refuses what no office may be, by field.
func (o *NewOffice) check() error {
	o.Name, o.Slug = strings.TrimSpace(o.Name), strings.ToLower(strings.TrimSpace(o.Slug))
	var fields problem.Fields
	if len([]rune(o.Name)) < 3 {
		fields.Add("nome", "sharing.error.office_name")
	}
	fields.MaxLength("nome", o.Name, 200)
	switch {
	case !slugs.MatchString(o.Slug):
		fields.Add("indirizzo", "sharing.error.office_slug")
	case tenants.IsReserved(o.Slug):
		fields.Add("indirizzo", "sharing.error.office_taken")
	}
	o.Act.Check(&fields, time.Now())
	return fields.Err()
}

// HasOffice tells whether the common office of the network is a body of its own.
func (s *Service) HasOffice(n Network) bool {
	body, err := s.deps.Bodies.ByID(n.Office)
	return err == nil && body.Kind == tenants.JointOffice
}

// MayCreateOffice tells whether the body may make the common office a body of its own now.
func (s *Service) MayCreateOffice(n Network, tenant int32) bool {
	return n.State == Active && n.Lead == tenant && !s.HasOffice(n) && len(n.Members) < maxMembers
}

// CreateOffice makes the common office of an active network a body of its own, with the modules of the lead, that has joined
// the network and in which nobody is yet. Errors: problem.NotFound; problem.Conflict where the actor's body does not lead or
// the office is there; problem.Invalid by field.
func (s *Service) CreateOffice(ctx context.Context, scope tenants.Scope, id uuid.UUID, o NewOffice) (Network, error) {
	wrong := o.check()
	n, err := s.step(ctx, scope, id, move{
		"network.office", func(n Network) bool { return s.MayCreateOffice(n, scope.Tenant) },
		func(tx tenants.Tx) error {
			if wrong != nil {
				return wrong
			}
			return createOffice(ctx, tx, id, o)
		},
	})
	if err != nil {
		return Network{}, err
	}
	return n, s.deps.Bodies.Reload(ctx)
}

// MayGovern tells whether the actor, an administrator of the lead, may become one of the common office, and is none yet.
func (s *Service) MayGovern(ctx context.Context, scope tenants.Scope, n Network) (open bool, err error) {
	if !s.governs(scope, n) {
		return false, nil
	}
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		open, err = mayGovern(ctx, tx, n.ID)
		return err
	})
	return open, err
}

// Govern makes the actor, an administrator of the lead, an administrator of the common office too: nobody does it for
// another. Errors: problem.NotFound; problem.Conflict for who is none, or is one of the office already.
func (s *Service) Govern(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Network, error) {
	return s.step(ctx, scope, id, move{
		"network.govern", func(n Network) bool { return s.governs(scope, n) },
		func(tx tenants.Tx) error { return govern(ctx, tx, id) },
	})
}

// governs tells whether the actor acts as an administrator of the body that leads the network of a common office.
func (s *Service) governs(scope tenants.Scope, n Network) bool {
	return n.State == Active && n.Lead == scope.Tenant && s.HasOffice(n) && slices.Contains(scope.Roles, administrator)
}

// administrator is the role that governs the common office.
const administrator = "tenant_admin"
