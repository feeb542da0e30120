package sharing

import (
	"encoding/json"
	"fmt"
	"slices"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/policies"
)

// shownToRole are the sections that go with a role.
func shownToRole(content []byte) ([]modules.Shown, error) {
	var role struct {
		Base     string   `json:"base"`
		Sections []string `json:"sections"`
	}
	if err := json.Unmarshal(content, &role); err != nil {
		return nil, fmt.Errorf("read a role: %w", err)
	}
	return []modules.Shown{{Who: policies.RoleLabel(role.Base), Role: role.Base, Sections: role.Sections, Writes: true}}, nil
}

// shownForPurposes are the sections that new shares of each purpose show to the other body. Those that stand keep theirs.
func shownForPurposes(content []byte) ([]modules.Shown, error) {
	var template struct {
		Purposes []struct {
			Label    kit.Text `json:"label"`
			Sections []string `json:"sections"`
			Action   string   `json:"action"`
		} `json:"purposes"`
		Never []string `json:"never"`
	}
	if err := json.Unmarshal(content, &template); err != nil {
		return nil, fmt.Errorf("read a sharing template: %w", err)
	}
	var all []modules.Shown
	for _, one := range template.Purposes {
		sections := slices.DeleteFunc(slices.Clone(one.Sections), func(id string) bool { return slices.Contains(template.Never, id) })
		all = append(all, modules.Shown{
			Who: language.Text{It: one.Label.IT, En: one.Label.EN}, Sections: sections, Writes: one.Action == policies.Write,
		})
	}
	return all, nil
}
