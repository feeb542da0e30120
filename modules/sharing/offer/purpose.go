package offer

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"staffetta/internal/language"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// ownPurposes serve a body that has published no sharing template.
//
//go:embed purposes.json
var ownPurposes []byte

// Purpose is what a share is for and the least that it needs (it: scopo della condivisione).
type Purpose struct {
	Key      string   `json:"key"`
	Label    kit.Text `json:"label"`
	Kinds    []string `json:"kinds"`
	Sections []string `json:"sections"`
	MaxDays  int      `json:"maxDays"`
	Why      kit.Text `json:"why"`
	Law      string   `json:"law"`
}

// Purposes are those of a body, with the sections that it never shows to anybody.
type Purposes struct {
	All   []Purpose
	Never []string
}

// Get returns the purpose with the key, if it serves the kind; any kind when it is empty.
func (p Purposes) Get(key, kind string) (Purpose, bool) {
	for _, one := range p.All {
		if one.Key == key && (kind == "" || slices.Contains(one.Kinds, kind)) {
			return one, true
		}
	}
	return Purpose{}, false
}

// Of lists the purposes that serve the kind.
func (p Purposes) Of(kind string) []Purpose {
	var fit []Purpose
	for _, one := range p.All {
		if slices.Contains(one.Kinds, kind) {
			fit = append(fit, one)
		}
	}
	return fit
}

// Label is the name of a purpose for people, or its key where the body does not know it.
func (p Purposes) Label(key string) language.Text {
	if known, ok := p.Get(key, ""); ok {
		return language.Text{It: known.Label.IT, En: known.Label.EN}
	}
	return language.Text{It: key, En: key}
}

// FindPurposes reads the published sharing templates of the body, or the program's own purposes where there is none.
func (s *Offers) FindPurposes(ctx context.Context, scope tenants.Scope) (Purposes, error) {
	items, err := s.items.Published(ctx, scope, kit.KindSharingTemplate)
	if err != nil {
		return Purposes{}, err
	}
	contents := [][]byte{ownPurposes}
	if len(items) > 0 {
		contents = nil
	}
	for _, item := range items {
		contents = append(contents, item.Content)
	}
	return gather(contents)
}

// ParsePurposes reads the purposes of one template.
func ParsePurposes(content []byte) (Purposes, error) { return gather([][]byte{content}) }

// gather joins templates: the first of two purposes with one key counts, and what one closes is closed.
func gather(contents [][]byte) (Purposes, error) {
	var all Purposes
	for _, content := range contents {
		var template struct {
			Purposes []Purpose `json:"purposes"`
			Never    []string  `json:"never"`
		}
		if err := json.Unmarshal(content, &template); err != nil {
			return Purposes{}, fmt.Errorf("read a sharing template: %w", err)
		}
		for _, purpose := range template.Purposes {
			if _, known := all.Get(purpose.Key, ""); !known {
				all.All = append(all.All, purpose)
			}
		}
		all.Never = append(all.Never, template.Never...)
	}
	return all, nil
}
