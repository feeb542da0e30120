// Package share holds shares: dated, purpose-bound access of another body to sections of a case, from the offer to the end.
// Package offer writes them. A share becomes grants in the owner's tables, which row-level security reads on every query.
// The package must not read the content of a case: package casefile opens it.
package share

import (
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
)

// ModuleID is the module that shares belong to.
const ModuleID modules.ID = "sharing"

// The permissions about shares.
const (
	MayOffer      = "share:offer"
	MayOverride   = "share:override"
	MayDecide     = "share:decide"
	MayClose      = "share:close"
	MayRead       = "share:read"
	MayOversee    = "share:oversee"
	MayReadShared = "shared_case:read"
)

// Shares holds the rules of shares.
type Shares struct {
	deps  modules.Deps
	cases *casefile.Service
	items *kit.Items
}

// New makes them over the program's parts.
func New(deps modules.Deps, cases *casefile.Service) *Shares {
	return &Shares{deps: deps, cases: cases, items: kit.NewItems(deps)}
}
