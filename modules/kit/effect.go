package kit

import (
	"context"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit/effect"
	"staffetta/tenants"
)

// Effect tells who gains and who loses sight of what when the draft of an item is published, or the item goes out of use; nothing
// where there is no draft, or one that breaks the rules of its kind. problem.NotFound if there is no item.
func (i *Items) Effect(ctx context.Context, s tenants.Scope, of effect.Of) (modules.Effect, error) {
	item, err := i.Item(ctx, s, of.Kind, of.Key)
	if err != nil {
		return modules.Effect{}, err
	}
	kind, _, _ := i.deps.Platform.Kinds.Get(item.Kind)
	then := item.Draft
	switch {
	case of.Action == "retire":
		then = nil
	case then == nil || kind.Validate == nil || kind.Validate(then) != nil:
		return modules.Effect{}, nil
	}
	return i.deps.Effect(ctx, s, kind, item.becoming(then))
}

// consented sees that somebody has read what a change of an item does to who sees what.
func (i *Items) consented(ctx context.Context, s tenants.Scope, item Item, then []byte, consent modules.Consent) ([]modules.SightChange, error) {
	kind, _, _ := i.deps.Platform.Kinds.Get(item.Kind)
	return i.deps.CheckEffect(ctx, s, kind, item.becoming(then), consent)
}

// becoming is a change of the item from what is in use.
func (i Item) becoming(then []byte) modules.Contents {
	c := modules.Contents{Key: i.Key, Title: i.Title.It, After: then}
	if i.State == Published {
		c.Before = i.Current.Content
	}
	return c
}

// CheckSource tells whether a source may be an item: its content fits its kind, and its title is none of something else. The
// error is problem.Invalid with the places.
func (i *Items) CheckSource(source Source) error {
	return i.checkTitled(source.Kind, language.Text{It: source.Title.IT, En: source.Title.EN}, source.Content)
}

func (i *Items) checkTitled(kind string, title language.Text, content []byte) error {
	if err := i.Check(kind, content); err != nil {
		return err
	}
	if declared, _, _ := i.deps.Platform.Kinds.Get(kind); declared.Entitle != nil {
		return declared.Entitle(title)
	}
	return nil
}
