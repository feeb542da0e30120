package upgrade

import (
	"slices"

	"staffetta/internal/merge"
	"staffetta/modules/kit"
)

// Changes are the places in which an item that the body has would not be as it is: for people to read before they apply a kit.
func (v *Service) Changes(line Line) []merge.Change {
	if line.Ours.Content == nil || line.Result.Content == nil {
		return nil
	}
	return v.differences(line.Ours, line.Result)
}

// Places are where both sides changed an item: where the same, or, of changes that do not hold together, all of both.
func (v *Service) Places(line Line) []merge.Conflict {
	if !line.Clashing {
		return line.Open
	}
	var places []merge.Conflict
	for i, side := range []kit.Source{line.Ours, line.Theirs} {
		for _, c := range v.differences(line.Base, side) {
			at := slices.IndexFunc(places, func(p merge.Conflict) bool { return p.Path == c.Path })
			if at < 0 {
				at = len(places)
				places = append(places, merge.Conflict{Path: c.Path, Base: c.Was, Ours: c.Was, Theirs: c.Was, Order: c.Order})
			}
			if i == 0 {
				places[at].Ours = c.Is
			} else {
				places[at].Theirs = c.Is
			}
		}
	}
	return places
}

// differences are those of contents that were read before; of what cannot be read there are none.
func (v *Service) differences(was, is kit.Source) []merge.Change {
	declared, _, _ := v.deps.Platform.Kinds.Get(is.Kind)
	changes, err := kit.Differences(declared.Lists, was, is)
	if err != nil {
		return nil
	}
	return changes
}
