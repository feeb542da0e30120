// Package credit names the bodies whose proposals came into a kit. What it gathers is public, and stands in the sheet of the
// kit; it must not decide about a proposal.
package credit

import (
	"staffetta/modules/kit"
)

// Credit names the body to whom a kit owes a change of an item (it: riconoscimento). It stands in the sheet of the kit, which
// its hash and its signature cover, so that the manifest of the kit file carries it too.
type Credit struct {
	Kind    string   `json:"kind"`
	Key     string   `json:"key"`
	Title   kit.Text `json:"title"`
	Body    string   `json:"body"`
	Reason  kit.Text `json:"reason"`
	Release string   `json:"release"` // the first with the change
}
