package kit

import (
	"context"
	"encoding/json"
	"fmt"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/modules"
	"staffetta/modules/kit/tell"
)

// Differences lists in which places an item is not as it was (see package merge).
func Differences(lists merge.Lists, was, is Source) ([]merge.Change, error) {
	_, changes, err := Take(lists, was, is, func(string) bool { return true })
	return changes, err
}

// Take brings into an item as it was only those changes whose place takes accepts, and returns all changes.
func Take(lists merge.Lists, was, is Source, takes func(path string) bool) (Source, []merge.Change, error) {
	before, err := was.Document()
	if err != nil {
		return Source{}, nil, err
	}
	after, err := is.Document()
	if err != nil {
		return Source{}, nil, err
	}
	raw, changes, err := merge.Take(inContent(lists), before, after, takes)
	if err != nil {
		return Source{}, nil, fmt.Errorf("compare item %s: %w", Place(is.Kind, is.Key), err)
	}
	var taken document
	if err := json.Unmarshal(raw, &taken); err != nil {
		return Source{}, nil, fmt.Errorf("read item %s: %w", Place(is.Kind, is.Key), err)
	}
	content, err := Canonical(taken.Content)
	return Source{Kind: is.Kind, Key: is.Key, Title: taken.Title, Owner: taken.Owner, Licence: taken.Licence, Content: content}, changes, err
}

// Teller says places and values of items of one kind in words, in the language of a context (see package tell).
type Teller = tell.Teller

// Titles are what items are called, for a Teller.
type Titles = tell.Titles

// TitlesOf are what items of a kit are called.
func TitlesOf(sources []Source) Titles {
	titles := Titles{}
	for _, one := range sources {
		titles.Add(one.Kind, one.Key, language.Text{It: one.Title.IT, En: one.Title.EN})
	}
	return titles
}

// NewTeller makes a teller for items of a kind, with all contents in which its places may stand.
func NewTeller(ctx context.Context, kinds *modules.Kinds, kind string, contents ...[]byte) Teller {
	return tell.New(ctx, tell.Source{Kinds: kinds, Common: commonFile, Area: AreaLabel}, kind, contents...)
}
