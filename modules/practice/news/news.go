// Package news tells in words what changed from one kit of a practice to another, and tells the bodies that adopted it when a
// newer one is published. It must not apply a kit: package upgrade does, when the body chooses.
package news

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/credit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// What became of an item from one kit to another.
const (
	Added   = "added"
	Changed = "changed"
	Removed = "removed"
)

// ChangeList is what changed from one kit of a practice to a newer one (it: elenco delle modifiche).
type ChangeList struct {
	Offer catalogue.Offer // the newer kit
	From  string          // release of the older one; "" where there is none
	Items []ItemChange    // in the order of kits
	// Titles are what the items of the newer kit are called.
	Titles kit.Titles
}

// ItemChange is what became of one item, and to whom it is owed.
type ItemChange struct {
	Kind    string
	Key     string
	Title   kit.Text
	What    string
	Places  []merge.Change // of Changed
	Was, Is []byte         // contents; Was of Changed alone
	Credits []credit.Credit
}

// Service compares kits and tells adopters.
type Service struct {
	deps      modules.Deps
	catalogue *catalogue.Service
	adoptions *adoption.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps, catalogue.NewService(deps), adoption.NewService(deps)}
}

// GetChanges compares two releases of a published practice: from the one before where from is "", to the newest where to is "".
// A release that is not there is problem.NotFound, and so is one that is not older than the other.
func (v *Service) GetChanges(ctx context.Context, s tenants.Scope, practice uuid.UUID, from, to string) (ChangeList, error) {
	published, err := v.catalogue.GetPublished(ctx, s, practice)
	if err != nil {
		return ChangeList{}, err
	}
	at := func(number string) int {
		return slices.IndexFunc(published.Kits, func(o catalogue.Offer) bool { return o.Release == number })
	}
	newer, older := 0, -1
	if to != "" {
		newer = at(to)
	}
	if from != "" {
		older = at(from)
	} else if newer >= 0 {
		older = newer + 1
	}
	if newer < 0 || older <= newer {
		return ChangeList{}, problem.Missing()
	}
	return v.compare(ctx, s, published.Kits, newer, older)
}

// compare lists what changed between two of the kits, which go from the newest to the oldest.
func (v *Service) compare(ctx context.Context, s tenants.Scope, kits []catalogue.Offer, newer, older int) (ChangeList, error) {
	list := ChangeList{Offer: kits[newer]}
	is, err := v.catalogue.Contents(ctx, s, list.Offer.Practice, list.Offer.Kit)
	if err != nil {
		return ChangeList{}, err
	}
	var was catalogue.Contents
	if older < len(kits) {
		list.From = kits[older].Release
		if was, err = v.catalogue.Contents(ctx, s, list.Offer.Practice, kits[older].Kit); err != nil {
			return ChangeList{}, err
		}
	}
	list.Titles = kit.TitlesOf(is.Items)
	if list.Items, err = v.items(was.Items, is.Items); err != nil {
		return ChangeList{}, err
	}
	since := map[string]bool{}
	for _, one := range kits[newer:min(older, len(kits))] {
		since[one.Release] = true
	}
	for i := range list.Items {
		one := &list.Items[i]
		for _, c := range list.Offer.Sheet.Credits {
			if c.Kind == one.Kind && c.Key == one.Key && since[c.Release] {
				one.Credits = append(one.Credits, c)
			}
		}
	}
	return list, nil
}

// items compares what two kits hold.
func (v *Service) items(was, is []kit.Source) ([]ItemChange, error) {
	before := map[string]kit.Source{}
	for _, one := range was {
		before[kit.Place(one.Kind, one.Key)] = one
	}
	var list []ItemChange
	for _, one := range is {
		change := ItemChange{Kind: one.Kind, Key: one.Key, Title: one.Title, What: Added, Is: one.Content}
		old, there := before[kit.Place(one.Kind, one.Key)]
		delete(before, kit.Place(one.Kind, one.Key))
		if there {
			declared, _, _ := v.deps.Platform.Kinds.Get(one.Kind)
			var err error
			change.Was = old.Content
			if change.Places, err = kit.Differences(declared.Lists, old, one); err != nil {
				return nil, fmt.Errorf("compare two kits: %w", err)
			}
			if change.What = Changed; len(change.Places) == 0 {
				continue
			}
		}
		list = append(list, change)
	}
	for _, one := range was {
		if _, left := before[kit.Place(one.Kind, one.Key)]; left {
			list = append(list, ItemChange{Kind: one.Kind, Key: one.Key, Title: one.Title, What: Removed})
		}
	}
	return list, nil
}

// News is what a newer kit changes for a body that adopted the practice (it: novità del kit). Without one Changes is empty.
type News struct {
	Adoption adoption.Adoption
	Changes  ChangeList // from the kit that the body took to the newest
	Newer    bool       // there is a newer one
	Unread   bool       // nobody of the body has said to have read it
}

// Get returns the news of an adoption of the scope's body; problem.NotFound where it is not the reusing side.
func (v *Service) Get(ctx context.Context, s tenants.Scope, of uuid.UUID) (News, error) {
	a, err := v.adopting(ctx, s, of)
	if err != nil {
		return News{}, err
	}
	n := News{Adoption: a}
	if n.Changes, err = v.GetChanges(ctx, s, a.Practice, a.Release, ""); problem.Is(err, problem.NotFound) {
		return n, nil
	}
	if err != nil {
		return News{}, err
	}
	n.Newer = true
	unread, err := v.findUnread(ctx, s)
	n.Unread = slices.ContainsFunc(unread, func(one unreadNews) bool { return one.adoption == of })
	return n, err
}

func (v *Service) adopting(ctx context.Context, s tenants.Scope, of uuid.UUID) (adoption.Adoption, error) {
	a, err := v.adoptions.GetAdoption(ctx, s, of)
	if err == nil && a.Side != adoption.Reusing {
		return adoption.Adoption{}, problem.Missing()
	}
	return a, err
}

// Read notes that somebody of the body has read the news of an adoption: the desk tells of them no more.
func (v *Service) Read(ctx context.Context, s tenants.Scope, of uuid.UUID) error {
	if _, err := v.adopting(ctx, s, of); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		fresh, err := markRead(ctx, tx, of)
		if err != nil || !fresh {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.news", Object: of})
	})
}
