package registry

import (
	"context"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// NameKey is a surname and a name, each reduced by Key.
type NameKey struct{ Surname, Name string }

// MaxNames is how many names KnownNames compares at once.
const MaxNames = 10000

// KnownNames keeps those of some names that a registered person of the body has. That somebody is registered is itself to
// be protected: only who may see persons gets an answer, and the caller writes down that it was asked. The error is
// problem.NotFound for anybody else, problem.TooLarge for more than MaxNames.
func (sv *Service) KnownNames(ctx context.Context, s tenants.Scope, names []NameKey) ([]NameKey, error) {
	if !sv.deps.Permits(s, readPersons) {
		return nil, problem.Missing()
	}
	if len(names) > MaxNames {
		return nil, problem.New(problem.TooLarge, "registry.names.many", "max", MaxNames)
	}
	return sv.findKnown(ctx, sv.confine(s), names)
}

// KnownAddresses keeps those of some addresses at which a person of the body lives or lived, as KnownNames does with names.
func (sv *Service) KnownAddresses(ctx context.Context, s tenants.Scope, addresses []string) ([]string, error) {
	if !sv.deps.Permits(s, readPersons) {
		return nil, problem.Missing()
	}
	if len(addresses) > MaxNames {
		return nil, problem.New(problem.TooLarge, "registry.names.many", "max", MaxNames)
	}
	return sv.findKnownAddresses(ctx, sv.confine(s), addresses)
}
