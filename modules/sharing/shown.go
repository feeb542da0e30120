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

// shownForPurposes are the sections that new shares of each purpose show to the other body. Those that stand keep theirs.
func shownForPurposes(_ string, content []byte) ([]modules.Shown, error) {
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
		shown := modules.Shown{Who: language.Text{It: one.Label.IT, En: one.Label.EN}, Sections: sections}
		if one.Action == policies.Write {
			shown.Written = sections
		}
		all = append(all, shown)
	}
	return all, nil
}
