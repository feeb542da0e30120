package guide

import (
	_ "embed" // the schema of services

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
)

//go:embed schema/service.json
var serviceSchema []byte

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
	}, kit.ValidateService)}
}
