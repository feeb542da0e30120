// Package farewell ends what a body that leaves the platform has with others: its shares, asks, agreements and networks, by their own
// rules, so that the others are told as ever. It must not remove anything: that is the work of who closes the body.
package farewell

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// reason is what the others read.
const reason = "L’ente ha lasciato la piattaforma"

// Farewell is what sharing does when a body leaves.
func Farewell(deps modules.Deps) modules.Farewell {
	v := service{deps}
	return modules.Farewell{Find: v.find, Do: v.do}
}

type service struct{ deps modules.Deps }

// bond is something that a body has with others: a share, an agreement or a network.
type bond struct {
	ID      uuid.UUID
	Kind    string // of a share
	Case    *uuid.UUID
	Owner   bool // of the case
	Offered bool // nobody has accepted it
	Lead    bool // of a network
	Title   string
	With    []int32
}

// target is the state in which a share ends for the side that leaves, and what came of a service request.
func (b bond) target() (state, verb, outcome string) {
	switch {
	case b.Offered && b.Owner:
		return "withdrawn", "withdraw", ""
	case b.Offered:
		return "refused", "refuse", ""
	case b.Owner:
		return "revoked", "revoke", ""
	case b.Kind == "service_request":
		return "closed", "close", "not_done"
	default:
		return "closed", "close", ""
	}
}

// find tells which agreements end, how many shares with whom, and which networks the body leaves.
func (v service) find(ctx context.Context, s tenants.Scope) (list []modules.Parting, err error) {
	var shares, agreements, networks []bond
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if shares, err = findShares(ctx, tx, s); err != nil {
			return err
		}
		if agreements, err = findAgreements(ctx, tx, s); err != nil {
			return err
		}
		networks, err = findNetworks(ctx, tx, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, a := range agreements {
		list = append(list, modules.Parting{Text: language.M("sharing.farewell.agreement", "title", a.Title), With: v.names(a.With)})
	}
	for _, n := range networks {
		key := "sharing.farewell.network"
		if n.Lead && len(n.With) > 0 {
			key = "sharing.farewell.lead"
		}
		list = append(list, modules.Parting{Text: language.M(key, "title", n.Title), With: v.names(n.With)})
	}
	if len(shares) > 0 {
		var with []int32
		for _, one := range shares {
			with = append(with, one.With...)
		}
		list = append(list, modules.Parting{Text: language.M("sharing.farewell.shares", "n", len(shares)), With: v.names(with)})
	}
	return append(list, modules.Parting{Text: language.M("sharing.farewell.handed"), Stays: true}), nil
}

// names are those of bodies, each once, in their order.
func (v service) names(ids []int32) (names []string) {
	for _, id := range ids {
		if name := v.deps.Bodies.Name(id); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// do ends the shares first, since an agreement for one share ends with it, then the agreements and networks.
func (v service) do(ctx context.Context, tx tenants.Tx, s tenants.Scope) error {
	shares, err := findShares(ctx, tx, s)
	if err != nil {
		return err
	}
	if err := end(ctx, tx, s, shares, endShare); err != nil {
		return err
	}
	agreements, err := findAgreements(ctx, tx, s)
	if err != nil {
		return err
	}
	if err := end(ctx, tx, s, agreements, endAgreement); err != nil {
		return err
	}
	networks, err := findNetworks(ctx, tx, s)
	if err != nil {
		return err
	}
	if err := end(ctx, tx, s, networks, leaveNetwork); err != nil {
		return err
	}
	return part(ctx, tx)
}

// event is what becomes of a share, for both chains.
func (b bond) event(verb string) audit.Event {
	e := audit.Event{Action: "share." + verb, Object: b.ID, Share: b.ID}
	if b.Case != nil {
		e.Case = *b.Case
	}
	return e
}
