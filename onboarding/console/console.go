// Package console is where a body begins to look after itself (it: console): how its configuration stands, what is still to be set
// up before it goes live, and the pages where all of it is done. What is checked, every module says (modules.Check); it knows none
// of them.
package console

import (
	"context"

	"staffetta/modules"
	"staffetta/tenants"
)

// Read is the permission to see how the body is set up.
const Read = "console:read"

// Service tells how a body is set up.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Find tells how every part of the configuration stands, what is needed most first.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]modules.Standing, error) {
	all, err := v.deps.Platform.Console.Find(ctx, s)
	modules.ByNeed(all)
	return all, err
}

// Places lists the pages of the console that the actor may open.
func (v *Service) Places(s tenants.Scope) ([]modules.Page, error) {
	return v.deps.Platform.Console.Places(s)
}

// Summary counts what is to do.
type Summary struct {
	Stops   int // before the body can go live
	Advised int // that could be done
	Wrong   int // that is set up and does not work
}

// Summarize counts what is to do among standings.
func Summarize(all []modules.Standing) (sum Summary) {
	for _, one := range all {
		switch {
		case one.State == modules.Wrong:
			sum.Wrong++
		case one.Stops():
			sum.Stops++
		case one.State == modules.Unmet:
			sum.Advised++
		}
	}
	return sum
}
