package assessment

import (
	_ "embed" // the schema of assessments

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
)

//go:embed schema/assessment.json
var assessmentSchema []byte

// kinds are those that the module owns.
func kinds() []modules.Kind {
	return []modules.Kind{kit.Declare(modules.Kind{
		ID: kit.KindAssessment, Label: language.Text{It: "Scale di valutazione", En: "Assessments"}, Order: 30, Live: true, Whole: true,
		Schema: assessmentSchema, Impact: countMadeWith, Read: kit.ReadAssessment, Try: kit.TryAssessment,
	}, kit.ValidateAssessment, kit.ProveAssessment)}
}
