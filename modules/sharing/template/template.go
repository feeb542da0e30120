// Package template is sharing templates as data: what each purpose of a body shows to another one, what nobody is ever shown,
// and the examples that a template carries. It must not know cases, agreements or shares.
package template

import (
	_ "embed" // the program's own purposes
	"encoding/json"
	"fmt"
	"slices"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/policies"
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
	Action   string   `json:"action"` // policies.Write where the other body writes too
	MaxDays  int      `json:"maxDays"`
	Why      kit.Text `json:"why"`
	Law      string   `json:"law"`
}

// Purposes are those of a body, with the sections that it never shows to anybody.
type Purposes struct {
	All   []Purpose `json:"purposes"`
	Never []string  `json:"never"`
}

// Gather joins the purposes of templates: the first of two with one key counts, and what one closes is closed.
func Gather(contents ...[]byte) (Purposes, error) {
	var all Purposes
	for _, content := range contents {
		var one Purposes
		if err := json.Unmarshal(content, &one); err != nil {
			return Purposes{}, fmt.Errorf("read a sharing template: %w", err)
		}
		for _, purpose := range one.All {
			if _, known := all.Get(purpose.Key, ""); !known {
				all.All = append(all.All, purpose)
			}
		}
		all.Never = append(all.Never, one.Never...)
	}
	return all, nil
}

// Join are the purposes by all templates that a body uses, in the order of their keys; the program's own where it uses none.
func Join(contents [][]byte) (Purposes, error) {
	if len(contents) == 0 {
		return Gather(ownPurposes)
	}
	return Gather(contents...)
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

// Label is the name of a purpose for people, or its key where the body does not know it.
func (p Purposes) Label(key string) language.Text {
	if known, ok := p.Get(key, ""); ok {
		return language.Text{It: known.Label.IT, En: known.Label.EN}
	}
	return language.Text{It: key, En: key}
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

// Shows are the sections that a purpose shows: those that it needs, but none that is never shown.
func (p Purposes) Shows(purpose Purpose) []string {
	return slices.DeleteFunc(slices.Clone(purpose.Sections), func(id string) bool { return slices.Contains(p.Never, id) })
}

// Shown are the sections that new shares of each purpose show to the other body, how they may be used, and what may be shown besides
// with a reason: by all templates that a body uses, as shares are offered by them. Those that stand keep theirs.
func Shown(contents [][]byte) ([]modules.Shown, error) {
	purposes, err := Join(contents)
	if err != nil {
		return nil, err
	}
	all := []modules.Shown{{
		Who:     language.Text{It: "Qualsiasi scopo, con una motivazione", En: "Any purpose, with a reason"},
		Purpose: "*", // no key is like it
		Sections: slices.DeleteFunc(policies.SectionIDs(), func(id string) bool {
			return slices.Contains(purposes.Never, id)
		}),
	}}
	for _, one := range purposes.All {
		shown := modules.Shown{
			Who: purposes.Label(one.Key), Purpose: one.Key, Sections: purposes.Shows(one), May: modules.UseOf(one.Kinds, one.MaxDays),
		}
		if one.Action == policies.Write {
			shown.Written = shown.Sections
		}
		all = append(all, shown)
	}
	return all, nil
}

// Validate sees that no purpose needs a section that the template closes to all.
func Validate(content []byte) []kit.Fault {
	purposes, err := Gather(content)
	if err != nil {
		return []kit.Fault{{Key: "kit.content.unreadable", Params: map[string]string{"cause": err.Error()}}}
	}
	var faults []kit.Fault
	for _, purpose := range purposes.All {
		for _, section := range purpose.Sections {
			if slices.Contains(purposes.Never, section) {
				faults = append(faults, kit.Fault{
					Path: fmt.Sprintf("purposes[%s].sections", purpose.Key), Key: "sharing.content.section_closed", Params: map[string]string{"key": section},
				})
			}
		}
	}
	return faults
}
