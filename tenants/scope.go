package tenants

import (
	"context"
	"slices"

	"github.com/google/uuid"
)

// Purpose is what an account is signed in for.
type Purpose string

// The purposes of a session.
const (
	Operator Purpose = "operator"
	Citizen  Purpose = "citizen"
	Newcomer Purpose = "newcomer"
)

// Scope is who acts, in which body and for what: everything that a door to data
// needs. The zero Scope has no body and reaches nothing.
type Scope struct {
	Tenant    int32
	Slug      string
	Account   uuid.UUID
	Name      string // as colleagues know the person
	Offices   []int32
	Roles     []string
	Purpose   Purpose
	Assurance int // 1 to 3
	Language  string
	RequestID string

	readable []string
	writable []string
}

// WithSections returns the scope with the sections that the actor may read and
// write. Only package policies may call it: the sections are what its rules say
// for the relation of the actor to what it works on.
func (s Scope) WithSections(readable, writable []string) Scope {
	s.readable, s.writable = slices.Clone(readable), slices.Clone(writable)
	return s
}

// Within returns the scope with only those of its sections that are among readable, and that it may write only where they
// are among writable too. It can only take away.
func (s Scope) Within(readable, writable []string) Scope {
	reads := shared(s.readable, readable)
	return s.WithSections(reads, shared(shared(s.writable, reads), writable))
}

// shared lists what is in both.
func shared(some, others []string) []string {
	return slices.DeleteFunc(slices.Clone(some), func(one string) bool { return !slices.Contains(others, one) })
}

// Reads tells whether the scope may read the section.
func (s Scope) Reads(section string) bool { return slices.Contains(s.readable, section) }

// Writes tells whether the scope may write the section.
func (s Scope) Writes(section string) bool { return slices.Contains(s.writable, section) }

// Sections lists the readable sections.
func (s Scope) Sections() []string { return slices.Clone(s.readable) }

// Has tells whether the actor holds the role.
func (s Scope) Has(role string) bool { return slices.Contains(s.Roles, role) }

type scopeKey struct{}

// WithScope keeps a scope in a context, for operations of the API.
func WithScope(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, scopeKey{}, s)
}

// ScopeFrom returns the scope of a context, or the zero Scope.
func ScopeFrom(ctx context.Context) Scope {
	s, _ := ctx.Value(scopeKey{}).(Scope)
	return s
}
