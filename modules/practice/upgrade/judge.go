package upgrade

import (
	"bytes"
	"context"

	"staffetta/internal/merge"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// judge finds what applying would do to one item. told is false for an item that the kit gave up and the body does not have.
func (v *Service) judge(ctx context.Context, tx tenants.Tx, s tenants.Scope, t trial, theirs kit.Source) (line Line, told bool, err error) {
	place := kit.Place(theirs.Kind, theirs.Key)
	present, known := t.ours[place]
	line = Line{Kind: theirs.Kind, Key: theirs.Key, Theirs: theirs, Gone: theirs.Content == nil, Outcome: New}
	if t.taken[place].decision != left {
		line.Base = t.taken[place].base
	}
	if known {
		line.Ours, line.Drafted = present.Source(), present.Draft != nil && present.Current.Content != nil
	}
	declared, _, _ := v.deps.Platform.Kinds.Get(theirs.Kind)
	if known && declared.Impact != nil {
		if line.Uses, err = declared.Impact(ctx, tx, s.Tenant, theirs.Key); err != nil {
			return line, false, err
		}
	}
	switch {
	case line.Gone && (!known || present.State == kit.Retired || line.Base.Content == nil):
		return line, false, nil
	case line.Gone:
		err = line.judgeGone()
	case known && t.taken[place].decision == left && present.State == kit.Retired:
		// an earlier run took it away: it comes as if for the first time
	case known:
		err = line.judgePresent(present, declared.Lists)
	}
	return line, true, err
}

// judgeGone judges what the kit gave up: it goes only where nobody changed it and nobody uses it.
func (l *Line) judgeGone() error {
	untouched, err := equal(l.Ours, l.Base)
	l.Outcome = Conflict
	if untouched && l.Uses == 0 {
		l.Outcome = Removed
	}
	return err
}

func (l *Line) judgePresent(present kit.Item, lists merge.Lists) error {
	atKit, err := equal(l.Ours, l.Theirs)
	if err != nil {
		return err
	}
	inUse := present.State == kit.Published
	switch {
	case l.Base.Content == nil && atKit && inUse:
		l.Outcome, l.Joins = Same, true
		return nil
	case l.Base.Content != nil && !inUse:
		return l.judgeDropped()
	}
	result, open, err := kit.Merge(lists, l.Base, l.Ours, l.Theirs, nil)
	if err != nil {
		return err
	}
	if l.Base.Content == nil {
		l.Outcome, l.Local, l.Open = Conflict, true, open
		return nil
	}
	return l.settleMerge(result, open)
}

// judgeDropped judges what the body does not use: it stays so, and is told of where the kit changed it.
func (l *Line) judgeDropped() error {
	unchanged, err := equal(l.Theirs, l.Base)
	l.Outcome, l.Adapted = Same, true
	if !unchanged {
		l.Outcome = Dropped
	}
	return err
}

// settleMerge judges by what a merge made of the item.
func (l *Line) settleMerge(result kit.Source, open []merge.Conflict) error {
	stays, err := equal(result, l.Ours)
	if err != nil {
		return err
	}
	untouched, err := equal(l.Ours, l.Base)
	if err != nil {
		return err
	}
	moved, err := equal(l.Theirs, l.Base)
	if err != nil {
		return err
	}
	switch {
	case len(open) > 0:
		l.Outcome, l.Open = Conflict, open
	case stays:
		l.Outcome, l.Adapted, l.Joins = Same, !untouched, !moved
		if atKit, err := equal(l.Ours, l.Theirs); err != nil || atKit {
			l.Adapted = false
			return err
		}
	case untouched:
		l.Outcome, l.Result = Changed, result
	default:
		l.Outcome, l.Result = Merged, result
	}
	return nil
}

// equal tells whether two items say the same; one without content says nothing.
func equal(a, b kit.Source) (bool, error) {
	if a.Content == nil || b.Content == nil {
		return a.Content == nil && b.Content == nil, nil
	}
	first, err := a.Document()
	if err != nil {
		return false, err
	}
	second, err := b.Document()
	return bytes.Equal(first, second), err
}
