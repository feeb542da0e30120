package upgrade

import (
	"slices"

	"staffetta/modules/kit"
	"staffetta/modules/practice/fault"
)

// markTwins marks what would be called like something else that the body uses then, unless it is called so already.
func (t *trial) markTwins() {
	then := slices.Clone(t.named)
	for _, line := range t.plan.Lines {
		if t.calls(line.Kind) && line.writes() {
			then = slices.DeleteFunc(then, func(one kit.Source) bool { return one.Kind == line.Kind && one.Key == line.Key })
			if !line.Gone {
				then = append(then, line.named())
			}
		}
	}
	for i, line := range t.plan.Lines {
		now := t.standing(line.Place())
		if !t.calls(line.Kind) || line.Gone || now.State == kit.Published && now.Source.Title == line.title() {
			continue
		}
		for _, other := range then {
			if other.Kind == line.Kind && other.Key != line.Key {
				_, _, twins := fault.Twins(t.kinds, []kit.Source{other, line.named()})
				t.plan.Lines[i].Misnamed = t.plan.Lines[i].Misnamed || twins
			}
		}
	}
}

// calls tells whether no two items of a kind are called alike.
func (t *trial) calls(kind string) bool {
	declared, _, _ := t.kinds.Get(kind)
	return declared.Called != nil
}

// named is the item as it would be called if it comes from the kit.
func (l Line) named() kit.Source {
	return kit.Source{Kind: l.Kind, Key: l.Key, Title: l.title(), Content: l.Theirs.Content}
}
