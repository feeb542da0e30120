package upgrade

import (
	"staffetta/internal/merge"
	"staffetta/modules"
	"staffetta/modules/kit"
)

// judge finds what applying would do to one item, leaving out the records made with it. told is false for an item that the
// kit gave up and the body does not have.
func (t trial) judge(theirs kit.Source) (line Line, told bool, err error) {
	place := kit.Place(theirs.Kind, theirs.Key)
	present, known := t.ours[place]
	line = Line{Kind: theirs.Kind, Key: theirs.Key, Theirs: theirs, Gone: theirs.Content == nil, Outcome: New}
	if t.taken[place].decision != left {
		line.Base = t.taken[place].base
	}
	if known {
		line.Ours, line.Drafted = present.Source(), present.Draft != nil && present.Current.Content != nil
	}
	switch {
	case line.Gone && (!known || present.State == kit.Retired || line.Base.Content == nil):
		return line, false, nil
	case line.Gone:
		err = line.judgeGone()
	case known && t.taken[place].decision == left && present.State == kit.Retired:
		// an earlier run took it away: it comes as if for the first time
	case known:
		declared, _, _ := t.kinds.Get(theirs.Kind)
		err = line.judgePresent(present, declared)
	}
	return line, true, err
}

// judgeGone judges what the kit gave up: it goes only where nobody changed it.
func (l *Line) judgeGone() error {
	untouched, err := kit.Equal(l.Ours, l.Base)
	l.Outcome = Conflict
	if untouched {
		l.Outcome = Removed
	}
	return err
}

func (l *Line) judgePresent(present kit.Item, kind modules.Kind) error {
	atKit, err := kit.Equal(l.Ours, l.Theirs)
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
	result, open, err := kit.Merge(kind.Lists, l.Base, l.Ours, l.Theirs, nil)
	if err != nil {
		return err
	}
	if l.Base.Content == nil {
		l.Outcome, l.Local, l.Open = Conflict, true, open
		return nil
	}
	if err := l.settleMerge(result, open); err != nil || l.Outcome != Merged {
		return err
	}
	if kind.Validate != nil && kind.Validate(result.Content) != nil {
		l.Outcome, l.Clashing, l.Result = Conflict, true, kit.Source{}
	}
	return nil
}

// judgeDropped judges what the body does not use: it stays so, and is told of where the kit changed it.
func (l *Line) judgeDropped() error {
	unchanged, err := kit.Equal(l.Theirs, l.Base)
	l.Outcome, l.Adapted = Same, true
	if !unchanged {
		l.Outcome = Dropped
	}
	return err
}

// settleMerge judges by what a merge made of the item.
func (l *Line) settleMerge(result kit.Source, open []merge.Conflict) error {
	stays, err := kit.Equal(result, l.Ours)
	if err != nil {
		return err
	}
	untouched, err := kit.Equal(l.Ours, l.Base)
	if err != nil {
		return err
	}
	moved, err := kit.Equal(l.Theirs, l.Base)
	if err != nil {
		return err
	}
	switch {
	case len(open) > 0:
		l.Outcome, l.Open = Conflict, open
	case stays:
		l.Outcome, l.Adapted, l.Joins = Same, !untouched, !moved
		if atKit, err := kit.Equal(l.Ours, l.Theirs); err != nil || atKit {
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
