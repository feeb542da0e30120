package kit

import (
	"context"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit/effect"
	"staffetta/policies/audit"
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
	var change modules.Contents
	if err = i.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		change, err = i.becoming(ctx, tx, item, then)
		return err
	}); err != nil {
		return modules.Effect{}, err
	}
	return i.deps.Effect(ctx, s, kind, change)
}

// decided is a decision about an item, to be written.
type decided struct {
	writing
	found   Item // as its author knew it
	consent modules.Consent
	event   audit.Event
}

// then is the content that is in use afterwards.
func (d decided) then() []byte {
	if d.version == nil {
		return nil
	}
	return d.version.Content
}

// decide writes a decision in one transaction, in which who gains and who loses by it is held against what somebody has read.
func (i *Items) decide(ctx context.Context, s tenants.Scope, d decided) error {
	kind, _, _ := i.deps.Platform.Kinds.Get(d.found.Kind)
	w, err := i.deps.Weigh(ctx, s, kind)
	if err != nil {
		return err
	}
	err = i.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		// The item is held first and then the rules, as by a kit that is applied.
		if _, err := i.Current(ctx, tx, s, []Source{{Kind: d.found.Kind, Key: d.found.Key}}); err != nil {
			return err
		}
		change, err := i.becoming(ctx, tx, d.found, d.then())
		if err != nil {
			return err
		}
		if d.changes, err = w.Check(ctx, tx, change, d.consent); err != nil {
			return err
		}
		if err := i.write(ctx, tx, s, d.writing); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, d.event)
	})
	return w.Refused(ctx, d.found.Key, err)
}

// becoming is a change of an item from what is in use.
func (i *Items) becoming(ctx context.Context, tx tenants.Tx, item Item, then []byte) (modules.Contents, error) {
	c := modules.Contents{Key: item.Key, Title: item.Title.It, After: then}
	if item.State == Published {
		c.Before = item.Current.Content
	}
	kind, _, _ := i.deps.Platform.Kinds.Get(item.Kind)
	return effect.AmongOthers(ctx, tx, kind, c)
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
