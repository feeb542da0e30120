package sharing

import (
	_ "embed" // the schemas of roles and sharing templates

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/sharing/role"
	"staffetta/modules/sharing/template"
)

var (
	//go:embed schema/role.json
	roleSchema []byte
	//go:embed schema/sharing-template.json
	templateSchema []byte
	//go:embed schema/settings.json
	settingsSchema []byte
)

// Withheld are permissions that a working role of the program has and no item of kind role gives, with the reason.
var Withheld = role.Withheld

// kinds are those that the module owns.
func kinds() []modules.Kind {
	return []modules.Kind{
		kit.Declare(modules.Kind{
			ID: kit.KindRole, Label: language.Text{It: "Ruoli", En: "Roles"}, Order: 60, Live: true, Schema: roleSchema, Shows: role.Shown,
			Rules: role.RulesOf, Entitle: role.Entitle, Called: role.Called,
			Impact: role.Holders, Follow: role.Follow, Release: role.Release,
		}, role.Validate),
		kit.Declare(modules.Kind{
			ID: kit.KindSharingTemplate, Label: language.Text{It: "Regole di condivisione", En: "Sharing templates"}, Order: 70, Live: true, Whole: true,
			Schema: templateSchema, References: []modules.Reference{{Path: "acts[]", Kind: kit.KindAct}}, ShowsTogether: template.Shown,
		}, template.Validate, template.Prove),
		kit.DeclareSettings(ID, language.Text{It: "condivisioni", En: "sharing"}, settingsSchema),
	}
}
