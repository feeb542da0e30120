package sharing

import (
	_ "embed" // the schemas of roles and sharing templates
	"encoding/json"
	"fmt"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/sharing/role"
)

var (
	//go:embed schema/role.json
	roleSchema []byte
	//go:embed schema/sharing-template.json
	templateSchema []byte
)

// Withheld are permissions that a working role of the program has and no item of kind role gives, with the reason.
var Withheld = role.Withheld

// kinds are those that the module owns.
func kinds() []modules.Kind {
	return []modules.Kind{
		kit.Declare(modules.Kind{
			ID: kit.KindRole, Label: language.Text{It: "Ruoli", En: "Roles"}, Order: 60, Live: true, Schema: roleSchema, Shows: role.Shown,
			Rules: role.RulesOf, Entitle: role.Entitle,
			Impact: role.Holders, Follow: role.Follow, Release: role.Release,
		}, role.Validate),
		kit.Declare(modules.Kind{
			ID: kit.KindSharingTemplate, Label: language.Text{It: "Regole di condivisione", En: "Sharing templates"}, Order: 70, Live: true, Whole: true,
			Schema: templateSchema, References: []modules.Reference{{Path: "acts[]", Kind: kit.KindAct}}, Shows: shownForPurposes,
		}, validateTemplate),
	}
}

// validateTemplate sees that no purpose opens a section that the template closes to all.
func validateTemplate(content []byte) []kit.Fault {
	var template struct {
		Never    []string `json:"never"`
		Purposes []struct {
			Key      string   `json:"key"`
			Sections []string `json:"sections"`
		} `json:"purposes"`
	}
	if err := json.Unmarshal(content, &template); err != nil {
		return []kit.Fault{{Key: "kit.content.unreadable", Params: map[string]string{"cause": err.Error()}}}
	}
	closed := map[string]bool{}
	for _, section := range template.Never {
		closed[section] = true
	}
	var faults []kit.Fault
	for _, purpose := range template.Purposes {
		for _, section := range purpose.Sections {
			if closed[section] {
				faults = append(faults, kit.Fault{
					Path: fmt.Sprintf("purposes[%s].sections", purpose.Key), Key: "sharing.content.section_closed", Params: map[string]string{"key": section},
				})
			}
		}
	}
	return faults
}
