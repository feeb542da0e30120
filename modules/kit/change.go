package kit

import (
	"cmp"
	"context"
	"fmt"
	"regexp"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

var keyPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// Change is what applying a kit does to one item. A zero Origin makes a local item.
type Change struct {
	Source
	Origin     Origin
	Adaptation Adaptation
	Reason     string // why the content becomes a version; of a kept item, why it is adapted
	Why        string // why what becomes a version is adapted
	State      State  // Published if empty; Draft goes back to what was never published, which is still the draft
	Keep       bool   // the item's own content stays, only its origin is noted
	// Changes are who gains and who loses by it, as whoever decided has read it.
	Changes []modules.SightChange
}

// Current reads, in a transaction, the items that have one of the kinds and keys, and locks them until its end.
func (i *Items) Current(ctx context.Context, tx tenants.Tx, s tenants.Scope, sources []Source) (map[string]Item, error) {
	if err := lockItems(ctx, tx, s.Tenant, sources); err != nil {
		return nil, err
	}
	return readItems(ctx, tx, s.Tenant, sources)
}

// Peek is Current for who changes nothing: it locks nothing, and waits for nobody.
func (i *Items) Peek(ctx context.Context, tx tenants.Tx, s tenants.Scope, sources []Source) (map[string]Item, error) {
	return readItems(ctx, tx, s.Tenant, sources)
}

// Place is the name of an item among all kinds, as Current uses it.
func Place(kind, key string) string { return kind + "/" + key }

// Put makes all changes in the transaction, or fails with nothing to keep: contents become published versions of new
// or present items, with their origin. It returns the items in the order of the changes. It fails with problem.Invalid at the
// first content that breaks its rules.
func (i *Items) Put(ctx context.Context, tx tenants.Tx, s tenants.Scope, changes []Change) ([]Item, error) {
	sources := make([]Source, len(changes))
	for n, change := range changes {
		sources[n] = change.Source
	}
	present, err := i.Current(ctx, tx, s, sources)
	if err != nil {
		return nil, err
	}
	writings, items := make([]writing, len(changes)), make([]Item, len(changes))
	for n, change := range changes {
		w, err := i.arrange(s, change, present)
		if err != nil {
			return nil, fmt.Errorf("put item %s: %w", Place(change.Kind, change.Key), err)
		}
		w.reason, w.changes = change.Reason, change.Changes
		writings[n], items[n] = w, w.item
		items[n].Revision++
	}
	return items, i.write(ctx, tx, s, writings...)
}

func (i *Items) arrange(s tenants.Scope, change Change, present map[string]Item) (writing, error) {
	item, known := present[Place(change.Kind, change.Key)]
	if !known {
		var err error
		if item, err = newItem(change.Source); err != nil {
			return writing{}, err
		}
	}
	item.Origin, item.Adaptation = change.Origin, change.Adaptation
	if change.Keep {
		item.Reason = change.Reason
		return writing{item: item}, nil
	}
	was, inUse := item.Title, known && item.State == Published
	item.Title = language.Text{It: change.Title.IT, En: change.Title.EN}
	item.Owner, item.Licence, item.Reason, item.State = change.Owner, change.Licence, change.Why, cmp.Or(change.State, Published)
	if item.State == Draft {
		return writing{item: item}, nil // the draft is still there, right or not
	}
	content, err := Edit{Source: change.Source}.check(i.deps.Platform.Kinds)
	if err != nil {
		return writing{}, err
	}
	check := i.CheckSource
	if item.State != Published || inUse && was == item.Title { // what goes out of use may be called anything, and what is in use is called so already
		check = func(source Source) error { return i.Check(source.Kind, source.Content) }
	}
	if err := check(Source{Kind: change.Kind, Title: change.Title, Content: content}); err != nil {
		return writing{}, err
	}
	// Kits are made of versions: another title is another version.
	if known && string(item.Current.Content) == string(content) && was == item.Title {
		return writing{item: item}, nil
	}
	next, err := i.nextVersion(s, item, content, change.Reason)
	if err != nil {
		return writing{}, err
	}
	item.Current = next
	return writing{item: item, version: &next}, nil
}

// PutDrafts keeps contents as the drafts of items that are there, all of them or none. Revisions are those that the author saw. The
// error is problem.NotFound for an item that is not there, problem.Conflict for one that changed meanwhile.
func (i *Items) PutDrafts(ctx context.Context, s tenants.Scope, edits []Edit) error {
	sources, keys := make([]Source, len(edits)), make([]string, len(edits))
	for n, edit := range edits {
		content, err := edit.check(i.deps.Platform.Kinds)
		if err != nil {
			return err
		}
		sources[n], keys[n] = edit.Source, Place(edit.Kind, edit.Key)
		sources[n].Content = content
	}
	return i.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		present, err := i.Current(ctx, tx, s, sources)
		if err != nil {
			return err
		}
		writings := make([]writing, len(edits))
		for n, edit := range edits {
			item, known := present[keys[n]]
			switch {
			case !known:
				return problem.Missing()
			case item.Revision != edit.Revision:
				return problem.New(problem.Conflict, "web.error.conflict")
			}
			item.Draft = sources[n].Content
			writings[n] = writing{item: item}
		}
		if err := i.write(ctx, tx, s, writings...); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "item.draft", Payload: map[string]any{"items": keys}})
	})
}
