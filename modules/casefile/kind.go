package casefile

import (
	_ "embed" // the schema of workflows

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
)

//go:embed schema/workflow.json
var workflowSchema []byte

// kinds are those that the module owns.
func kinds() []modules.Kind {
	return []modules.Kind{kit.Declare(modules.Kind{
		ID: kit.KindWorkflow, Label: language.Text{It: "Flussi di lavoro", En: "Workflows"}, Order: 40, Live: true, Whole: true, Schema: workflowSchema,
		References: []modules.Reference{
			{Path: "fields[].vocabulary", Kind: kit.KindVocabulary, Inside: true},
			{Path: "fields[].form", Kind: kit.KindForm, Inside: true},
		},
		Roles: kit.WorkflowRoles, Read: kit.ReadWorkflow, Drawn: true,
	}, kit.ValidateWorkflow, kit.ProveWorkflow)}
}
