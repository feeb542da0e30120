package all_test

import (
	"encoding/json"
	"slices"
	"testing"

	"staffetta/modules/all"
	"staffetta/modules/kit"
	"staffetta/modules/sharing"
	"staffetta/policies"
)

// words are a text as schemas have it.
type words struct{ It, En string }

// wording is a member of the schema of role items that can be marked.
type wording struct {
	Label words `json:"label"`
	Items struct {
		Enum   []string         `json:"enum"`
		Labels map[string]words `json:"labels"`
	} `json:"items"`
}

// What an item of kind role may list is, of every module under its title and in its words, each permission that a working role
// of the program has and that is not withheld; what only who configures, or runs the platform, has is no word at all.
func TestTheVocabularyOfRolesIsWhatWorkingRolesMay(t *testing.T) {
	t.Parallel()
	var schema struct {
		Properties struct {
			Permissions struct {
				Properties map[string]wording `json:"properties"`
			} `json:"permissions"`
		} `json:"properties"`
	}
	working := map[string]bool{}
	for _, m := range all.Modules() {
		for _, kind := range m.Kinds {
			if kind.ID == kit.KindRole {
				if err := json.Unmarshal(kind.Schema, &schema); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, grant := range m.Grants {
			if slices.ContainsFunc(policies.Ruled(), func(r policies.Role) bool { return r.ID == grant.Role && !r.Configures }) {
				for _, name := range grant.Permissions {
					working[name] = true
				}
			}
		}
	}
	groups, withheld := schema.Properties.Permissions.Properties, 0
	for _, m := range all.Modules() {
		group, had := groups[string(m.ID)]
		delete(groups, string(m.ID))
		if had && group.Label != words(m.Title) {
			t.Errorf("the permissions of %s stand under %v, want %v", m.ID, group.Label, m.Title)
		}
		for _, p := range m.Permissions {
			_, kept := sharing.Withheld[p.Name()]
			if kept {
				withheld++
			}
			listed := slices.Contains(group.Items.Enum, p.Name())
			if want := working[p.Name()] && !kept; listed != want {
				t.Errorf("%s: an item may list it: %t, want %t", p.Name(), listed, want)
			}
			if listed && group.Items.Labels[p.Name()] != words(p.Label) {
				t.Errorf("%s is called %v, want %v", p.Name(), group.Items.Labels[p.Name()], p.Label)
			}
			group.Items.Enum = slices.DeleteFunc(group.Items.Enum, func(name string) bool { return name == p.Name() })
		}
		if len(group.Items.Enum) > 0 {
			t.Errorf("%s does not declare %v", m.ID, group.Items.Enum)
		}
	}
	if len(groups) > 0 || withheld != len(sharing.Withheld) {
		t.Errorf("no module has %v; %d of %d permissions that are withheld are there", groups, withheld, len(sharing.Withheld))
	}
}
