// Package offer is how the worker of a case offers parts of it to another body, and amends what is shared: purposes, their
// least sections, and what a share must keep within. It must not read the content of a case.
package offer

import (
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/sharing/share"
)

// Offers holds the rules of offers and amendments.
type Offers struct {
	deps   modules.Deps
	cases  *casefile.Service
	items  *kit.Items
	shares *share.Shares
}

// New makes them over the program's parts.
func New(deps modules.Deps, cases *casefile.Service, shares *share.Shares) *Offers {
	return &Offers{deps: deps, cases: cases, items: kit.NewItems(deps), shares: shares}
}
