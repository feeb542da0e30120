package guide

import (
	_ "embed" // the schemas

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
)

var (
	//go:embed schema/service.json
	serviceSchema []byte
	//go:embed schema/settings.json
	settingsSchema []byte
)

// kinds are those that the module owns.
func kinds() []modules.Kind {
	return []modules.Kind{kit.Declare(modules.Kind{
		ID: kit.KindService, Label: language.Text{It: "Servizi", En: "Services"}, Order: 10, Live: true, Whole: true, Schema: serviceSchema,
		References: []modules.Reference{
			{Path: "form", Kind: kit.KindForm, Inside: true},
			{Path: "workflow", Kind: kit.KindWorkflow, Inside: true},
			{Path: "assessments[]", Kind: kit.KindAssessment, Inside: true},
			{Path: "related[]", Kind: kit.KindService},
		},
	}, kit.ValidateService), kit.DeclareSettings(ID, language.Text{It: "guida ai servizi", En: "services guide"}, settingsSchema)}
}
