// Package sight tells who gains and who loses sight of what when a configuration item changes, in the words of pages, files and
// the API. It must not decide whether that may be.
package sight

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// Sight is who gains and who loses by one item.
type Sight struct {
	Place   string // kit.Place of the item
	New     bool   // the body had no such item: nobody sees anything else than before
	Changes []modules.SightChange
}

// Contents are those of an item before and after a change, either of which may be missing.
type Contents struct {
	Key           string
	Title         string // how the item is called: who holds its role is known by it
	Before, After []byte
}

// Compare holds what an item shows against what it would show; people counts who holds each
// role. It reports false where nobody gains or loses.
func Compare(kind modules.Kind, c Contents, people map[string]int) (s Sight, changes bool, err error) {
	if kind.Shows == nil {
		return s, false, nil
	}
	var shown [2][]modules.Shown
	for i, content := range [][]byte{c.Before, c.After} {
		if content == nil {
			continue
		}
		if shown[i], err = kind.Shows(c.Key, content); err != nil {
			return s, false, err
		}
	}
	for i := range shown {
		for j := range shown[i] {
			if shown[i][j].Role != "" && c.Title != "" {
				shown[i][j].Who = language.Text{It: c.Title, En: c.Title}
			}
		}
	}
	s = Sight{New: c.Before == nil, Changes: modules.CompareShown(shown[0], shown[1], people)}
	return s, len(s.Changes) > 0, nil
}
