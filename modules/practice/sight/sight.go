// Package sight tells who gains and who loses sight of what when a configuration item changes, in the words of pages, files and
// the API. It must not decide whether that may be.
package sight

import "staffetta/modules"

// Sight is who gains and who loses by one item.
type Sight struct {
	Place   string // kit.Place of the item
	New     bool   // the body had no such item: nobody sees anything else than before
	Changes []modules.SightChange
}

// Compare holds what an item shows against what it would show, either of which may be missing; people counts who holds each
// role. It reports false where nobody gains or loses.
func Compare(kind modules.Kind, before, after []byte, people map[string]int) (s Sight, changes bool, err error) {
	if kind.Shows == nil {
		return s, false, nil
	}
	var shown [2][]modules.Shown
	for i, content := range [][]byte{before, after} {
		if content == nil {
			continue
		}
		if shown[i], err = kind.Shows(content); err != nil {
			return s, false, err
		}
	}
	s = Sight{New: before == nil, Changes: modules.CompareShown(shown[0], shown[1], people)}
	return s, len(s.Changes) > 0, nil
}
