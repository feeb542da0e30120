package sharing_test

import (
	"context"
	"errors"
	"testing"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/cid"
	"staffetta/modules/sharing"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// A template is used by the shares offered for one of its purposes, by the own body alone.
func TestTemplatesAreUsedByTheirShares(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	sources, err := cid.Items()
	p.must(err)
	used := func(s tenants.Scope) map[string]modules.Use {
		t.Helper()
		parts, err := sharing.Module().New(p.deps)
		p.must(err)
		found := map[string]modules.Use{}
		for _, source := range parts.Uses {
			uses, err := source.Find(context.Background(), s)
			p.must(err)
			for _, u := range uses {
				found[source.Kind+" "+u.Key] = u
			}
		}
		return found
	}
	p.offered()
	p.offered()
	if got := used(p.worker); len(got) != 0 {
		t.Errorf("without a template: %v", got)
	}
	for _, scope := range []tenants.Scope{p.Operator(t, p.owner, "practice_owner"), p.Operator(t, p.receiver, "practice_owner")} {
		p.must(p.deps.DB.InTx(context.Background(), scope, func(tx tenants.Tx) error {
			var changes []kit.Change
			for _, source := range sources {
				if source.Key == "PO-01" {
					changes = append(changes, kit.Change{Source: source, Adaptation: kit.Local, Reason: "Prova"})
				}
			}
			_, err := kit.NewItems(p.deps).Put(context.Background(), tx, scope, changes)
			return errors.Join(err, audit.Write(context.Background(), tx, scope, audit.Event{Action: "adoption.apply"}))
		}))
	}
	if got := used(p.worker)["sharing-template PO-01"]; got.Records != 2 || got.Days30 != 2 || got.People != 1 || got.Last.IsZero() {
		t.Errorf("after two shares: %+v", got)
	}
	if got := used(p.reader); len(got) != 0 {
		t.Errorf("the receiver uses %v", got)
	}
}
