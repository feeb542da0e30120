package kit

import (
	"context"
	"slices"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// Restoring asks for an older version of an item to go on from. Revision is that of the row that was seen.
type Restoring struct {
	Kind, Key string
	Number    int // of the version; 0 is how settings begin
	Revision  int
}

// Restore makes the content of an older version the draft of its item; it is in use when somebody publishes it with a
// reason. problem.NotFound for a number that there is not, problem.Conflict when somebody changed the item meanwhile.
func (i *Items) Restore(ctx context.Context, s tenants.Scope, r Restoring) (Item, error) {
	item, err := i.Item(ctx, s, r.Kind, r.Key)
	if err != nil {
		return Item{}, err
	}
	version, err := i.numbered(ctx, s, item, r.Number)
	if err != nil {
		return Item{}, err
	}
	source := item.Source()
	source.Title, source.Content = Text{IT: version.Title.It, EN: version.Title.En}, version.Content
	return i.SaveDraft(ctx, s, Edit{Source: source, Revision: r.Revision})
}

// numbered is a version of an item; version 0 of settings is how every body begins. Error: problem.NotFound.
func (i *Items) numbered(ctx context.Context, s tenants.Scope, item Item, number int) (Version, error) {
	if kind, _, _ := i.deps.Platform.Kinds.Get(item.Kind); number == 0 && isSettings(kind, item.Key) {
		return initial(kind), nil
	}
	history, err := i.History(ctx, s, item.ID)
	if err != nil {
		return Version{}, err
	}
	at := slices.IndexFunc(history, func(v Version) bool { return v.Number == number })
	if at < 0 {
		return Version{}, problem.Missing()
	}
	return i.Version(ctx, s, history[at].ID)
}
