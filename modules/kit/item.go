package kit

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit/part"
	"staffetta/modules/kit/retire"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// State is where an item stands.
type State string

// The states of an item.
const (
	Draft     State = "draft"
	Published State = "published"
	Retired   State = "retired"
)

// Adaptation is what a body made of an item that came with a kit.
type Adaptation string

// The adaptations of an item. Local items came with no kit.
const (
	Local   Adaptation = "local"
	Adopted Adaptation = "adopted"
	Adapted Adaptation = "adapted"
	Dropped Adaptation = "dropped"
)

// Origin is the published kit from which an item came. The zero Origin is that of a local item.
type Origin struct {
	Practice uuid.UUID
	Kit      uuid.UUID
	Version  string // of the kit
	Key      string // of the item in the kit
	Base     []byte // canonical content that the kit held when it was applied
}

// Item is a live piece of configuration of a body (it: componente).
type Item struct {
	ID         uuid.UUID
	Kind, Key  string
	Title      language.Text
	Owner      string // body that answers for the content
	Licence    string
	State      State
	Current    Version // published; its ID is uuid.Nil while there is none
	Draft      []byte  // content not yet published, or nil
	Origin     Origin
	Adaptation Adaptation
	Reason     string // why it was adapted or dropped
	Revision   int    // of the row, for optimistic writes
	UpdatedAt  time.Time
}

// Version is one published content of an item, for ever (it: versione del componente).
type Version struct {
	ID        uuid.UUID
	ItemID    uuid.UUID
	Kind, Key string
	Title     language.Text
	Number    int
	Content   []byte // canonical; nil in lists that do not need it
	SHA256    string
	Account   uuid.UUID
	Author    string
	Reason    string
	At        time.Time
}

// Edit is a content that somebody wrote for an item. Revision is that of the row the author saw, 0 for a new item.
type Edit struct {
	Source
	Revision int
}

// Items are the configuration items of a body: what modules read their configuration from.
type Items struct {
	deps modules.Deps
}

// NewItems makes the service over the doors to data.
func NewItems(deps modules.Deps) *Items { return &Items{deps: deps} }

// Check tells whether a content may be published as an item of the kind: a module owns the kind, the content fits its
// schema and its rules. The error is problem.Invalid with the places.
func (i *Items) Check(kind string, content []byte) error {
	if declared, _, ok := i.deps.Platform.Kinds.Get(kind); ok {
		return declared.Validate(content)
	}
	return Faults{part.Wrong("", "kit.schema.kind", "kind", kind)}.Err()
}

// Find lists the items of a kind, or of all kinds when it is empty, without contents.
func (i *Items) Find(ctx context.Context, s tenants.Scope, kind string) ([]Item, error) {
	return i.findItems(ctx, s, kind)
}

// Get returns the published content of an item with the version to pin. Draft, retired and unknown items are
// problem.NotFound.
func (i *Items) Get(ctx context.Context, s tenants.Scope, kind, key string) (Version, error) {
	item, err := i.Item(ctx, s, kind, key)
	if err != nil {
		return Version{}, err
	}
	if item.State != Published {
		return Version{}, problem.Missing()
	}
	return item.Current, nil
}

// History lists the versions of an item, newest first, without contents.
func (i *Items) History(ctx context.Context, s tenants.Scope, item uuid.UUID) ([]Version, error) {
	return i.findHistory(ctx, s, item)
}

// Item returns an item in any state, with its contents; problem.NotFound if there is none. Settings are there from the start.
func (i *Items) Item(ctx context.Context, s tenants.Scope, kind, key string) (Item, error) {
	item, err := i.getItem(ctx, s, kind, key)
	if problem.Is(err, problem.NotFound) {
		return i.untouched(s, kind, key, err)
	}
	if declared, _, _ := i.deps.Platform.Kinds.Get(kind); err == nil && item.Current.Content == nil {
		item.Current.Content = declared.Defaults // which hold until the draft is published
	}
	return item, err
}

// Publish makes the draft of an item its next version. It fails with problem.Invalid when the content breaks the rules
// of its kind, and while nobody has read who gains and who loses; with problem.Conflict when somebody changed the item, or what
// becomes of who sees what, meanwhile.
func (i *Items) Publish(ctx context.Context, s tenants.Scope, step Step) (Version, error) {
	item, err := i.prepare(ctx, s, step)
	if err != nil {
		return Version{}, err
	}
	if item.Draft == nil {
		return Version{}, problem.New(problem.Conflict, "kit.error.no_draft")
	}
	if err := i.checkTitled(item.Kind, item.Title, item.Draft); err != nil {
		return Version{}, err
	}
	next, err := i.nextVersion(s, item, item.Draft, step.Reason)
	if err != nil {
		return Version{}, err
	}
	d := decided{writing: writing{item: item, version: &next, reason: step.Reason}, found: item, consent: step.Consent}
	if item.Origin.Practice != uuid.Nil {
		d.item.Adaptation, d.item.Reason = Adapted, step.Reason
		if string(item.Origin.Base) == string(item.Draft) {
			d.item.Adaptation, d.item.Reason = Adopted, ""
		}
	}
	d.item.State, d.item.Draft, d.item.Current = Published, nil, next
	d.event = audit.Event{Action: "item.publish", Object: item.ID, Payload: map[string]any{"version": next.ID, "number": next.Number, "reason": step.Reason}}
	return next, i.decide(ctx, s, d)
}

// ending is what is known of an item that may go out of use.
func (i *Items) ending(ctx context.Context, s tenants.Scope, kind, key string) (retire.Item, error) {
	item, err := i.Item(ctx, s, kind, key)
	if err != nil {
		return retire.Item{}, err
	}
	e := retire.Item{Kind: kind, Key: key, Title: item.Title, Revision: item.Revision, Retired: item.State == Retired, Drafted: item.Draft != nil}
	measured, err := i.deps.Platform.Uses.Find(ctx, s)
	if err != nil {
		return retire.Item{}, err
	}
	_, e.Measured = measured[kind]
	e.Use = measured[kind][key]
	published, err := i.findPublished(ctx, s, "")
	for _, other := range published {
		names := func(ref Ref) bool { return ref.Key == key && (ref.Kind == kind || ref.Kind == "") }
		if other.ItemID != item.ID && slices.ContainsFunc(References(i.deps.Platform.Kinds, other.Kind, other.Content), names) {
			e.Naming = append(e.Naming, retire.Named{Kind: other.Kind, Key: other.Key, Title: other.Title})
		}
	}
	return e, err
}

// Published lists the published items of a kind with their contents, by key.
func (i *Items) Published(ctx context.Context, s tenants.Scope, kind string) ([]Version, error) {
	return i.findPublished(ctx, s, kind)
}

// Retire takes an item out of use; records that pin its versions keep them. Errors: those of Publish.
func (i *Items) Retire(ctx context.Context, s tenants.Scope, step Step) error {
	item, err := i.prepare(ctx, s, step)
	if err != nil {
		return err
	}
	d := decided{writing: writing{item: item, reason: step.Reason}, found: item, consent: step.Consent}
	d.item.State, d.item.Reason = Retired, step.Reason
	if item.Origin.Practice != uuid.Nil {
		d.item.Adaptation = Dropped
	}
	d.event = audit.Event{Action: "item.retire", Object: item.ID, Payload: map[string]any{"reason": step.Reason}}
	return i.decide(ctx, s, d)
}

// SaveDraft keeps a JSON content that is not published yet and may still break the rules of its kind. No owner or licence: as it was.
func (i *Items) SaveDraft(ctx context.Context, s tenants.Scope, edit Edit) (Item, error) {
	content, err := edit.check(i.deps.Platform.Kinds)
	if err != nil {
		return Item{}, err
	}
	item, err := i.Item(ctx, s, edit.Kind, edit.Key)
	switch {
	case problem.Is(err, problem.NotFound):
		if item, err = newItem(edit.Source); err != nil {
			return Item{}, err
		}
	case err != nil:
		return Item{}, err
	case item.Revision != edit.Revision:
		return Item{}, problem.New(problem.Conflict, "web.error.conflict")
	}
	item.Draft, item.Title = content, language.Text{It: edit.Title.IT, En: edit.Title.EN}
	item.Owner, item.Licence = cmp.Or(edit.Owner, item.Owner), cmp.Or(edit.Licence, item.Licence)
	err = i.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := i.write(ctx, tx, s, writing{item: item}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "item.draft", Object: item.ID})
	})
	item.Revision++
	return item, err
}

// Titles are what the items of the body are called.
func (i *Items) Titles(ctx context.Context, s tenants.Scope) (Titles, error) {
	items, err := i.findItems(ctx, s, "")
	titles := Titles{}
	for _, one := range items {
		titles.Add(one.Kind, one.Key, one.Title)
	}
	return titles, err
}

// Version returns one version of the scope's own body, as a record pins it; problem.NotFound if there is none.
func (i *Items) Version(ctx context.Context, s tenants.Scope, id uuid.UUID) (Version, error) {
	return i.getVersion(ctx, s, id)
}

// prepare loads the item of a step and sees that its author knew the present row.
func (i *Items) prepare(ctx context.Context, s tenants.Scope, step Step) (Item, error) {
	var wrong problem.Fields
	wrong.Require("reason", strings.TrimSpace(step.Reason))
	wrong.MaxLength("reason", step.Reason, 500)
	if err := wrong.Err(); err != nil {
		return Item{}, err
	}
	item, err := i.Item(ctx, s, step.Kind, step.Key)
	if err != nil {
		return Item{}, err
	}
	if item.Revision != step.Revision {
		return Item{}, problem.New(problem.Conflict, "web.error.conflict")
	}
	return item, nil
}

func (i *Items) nextVersion(s tenants.Scope, item Item, content []byte, reason string) (Version, error) {
	sum, err := Hash(content)
	if err != nil {
		return Version{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Version{}, err
	}
	return Version{
		ID: id, ItemID: item.ID, Kind: item.Kind, Key: item.Key, Title: item.Title, Number: item.Current.Number + 1,
		Content: content, SHA256: sum, Account: s.Account, Author: s.Name, Reason: reason,
	}, nil
}

// newItem is an item that is not there yet; whoever makes it says its title, owner and licence.
func newItem(source Source) (Item, error) {
	id, err := uuid.NewV7()
	return Item{ID: id, Kind: source.Kind, Key: source.Key, State: Draft, Adaptation: Local}, err
}

// check gives the canonical content of an edit.
func (e Edit) check(kinds *modules.Kinds) ([]byte, error) {
	var wrong problem.Fields
	wrong.OneOf("kind", e.Kind, kinds.IDs()...)
	if !keyPattern.MatchString(e.Key) {
		wrong.Add("key", "kit.error.key")
	}
	wrong.Require("title", strings.TrimSpace(e.Title.IT))
	wrong.MaxLength("title", e.Title.IT, 300)
	wrong.MaxLength("title", e.Title.EN, 300)
	wrong.Legible("title", e.Title.IT+e.Title.EN)
	wrong.Legible("owner", e.Owner)
	wrong.Legible("licence", e.Licence)
	wrong.MaxLength("owner", e.Owner, 200)
	wrong.MaxLength("licence", e.Licence, 60)
	content, err := Canonical(e.Content)
	if err != nil {
		wrong.Add("content", "kit.content.unreadable", "cause", err.Error())
	}
	return content, wrong.Err()
}
