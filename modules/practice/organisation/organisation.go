// Package organisation declares the kinds that the module of practices owns: the half of a kit that no program runs (acts,
// procedures, training, staffing, spaces, costs, communication, checklists, questions), and the indicators by which a
// practice is compared. What the contents mean to an adoption is not told here.
package organisation

import (
	"embed"
	"encoding/json"
	"strconv"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
)

//go:embed schema/*.json
var schemas embed.FS

// Kinds are the kinds that the module of practices owns.
func Kinds() []modules.Kind {
	return []modules.Kind{
		declare(modules.Kind{
			ID: kit.KindIndicator, Label: language.Text{It: "Indicatori", En: "Indicators"}, Order: 80, Live: true,
			References: []modules.Reference{{Path: "workflow", Kind: kit.KindWorkflow, Inside: true}, {Path: "form", Kind: kit.KindForm, Inside: true}},
		}, kit.ValidateIndicator, kit.ProveIndicator),
		declare(modules.Kind{
			ID: kit.KindAct, Label: language.Text{It: "Atti", En: "Acts"}, Order: 90,
			References: []modules.Reference{{Path: "attached[]", Inside: true}}, Read: kit.ReadAct,
		}, kit.ValidateAct),
		declare(modules.Kind{
			ID: kit.KindProcedure, Label: language.Text{It: "Procedure", En: "Procedures"}, Order: 100,
			References: []modules.Reference{{Path: "steps[].uses[]"}},
		}, kit.ValidateKeyed),
		declare(modules.Kind{
			ID: kit.KindTraining, Label: language.Text{It: "Formazione", En: "Training"}, Order: 110,
			References: []modules.Reference{{Path: "uses[]"}},
		}, validateTraining),
		declare(modules.Kind{
			ID: kit.KindStaffing, Label: language.Text{It: "Personale e orari", En: "Staffing"}, Order: 120,
			References: []modules.Reference{{Path: "posts[].training[]", Kind: kit.KindTraining}},
		}, kit.ValidateKeyed),
		declare(modules.Kind{
			ID: kit.KindSpace, Label: language.Text{It: "Spazi", En: "Spaces"}, Order: 130,
		}, kit.ValidateKeyed),
		declare(modules.Kind{
			ID: kit.KindCost, Label: language.Text{It: "Costi", En: "Costs"}, Order: 140,
			References: []modules.Reference{{Path: "rows[].item"}},
		}, kit.ValidateKeyed),
		declare(modules.Kind{
			ID: kit.KindCommunication, Label: language.Text{It: "Comunicazione", En: "Communication"}, Order: 150,
			References: []modules.Reference{{Path: "services[]", Kind: kit.KindService}},
		}, kit.ValidateKeyed),
		declare(modules.Kind{
			ID: kit.KindChecklist, Label: language.Text{It: "Liste di controllo", En: "Checklists"}, Order: 160,
			References: []modules.Reference{{Path: "questions[].items[]"}},
		}, kit.ValidateKeyed),
		declare(modules.Kind{
			ID: kit.KindQuestion, Label: language.Text{It: "Domande frequenti", En: "Frequent questions"}, Order: 170,
			References: []modules.Reference{{Path: "services[]", Kind: kit.KindService}},
		}, kit.ValidateKeyed),
	}
}

// declare adds the schema of a kind, without any of which a kit is not whole.
func declare(kind modules.Kind, rules func([]byte) []kit.Fault, prove ...func([]byte) []kit.Proof) modules.Kind {
	raw, err := schemas.ReadFile("schema/" + kind.ID + ".json")
	if err != nil {
		panic(err) // it is embedded above
	}
	kind.Schema, kind.Whole = raw, true
	return kit.Declare(kind, rules, prove...)
}

// validateTraining sees that the programme lasts as long as the course says.
func validateTraining(content []byte) []kit.Fault {
	var training struct {
		Hours     float64 `json:"hours"`
		Programme []struct {
			Minutes float64 `json:"minutes"`
		} `json:"programme"`
	}
	if err := json.Unmarshal(content, &training); err != nil {
		return []kit.Fault{{Key: "kit.content.unreadable", Params: map[string]string{"cause": err.Error()}}}
	}
	var minutes float64
	for _, unit := range training.Programme {
		minutes += unit.Minutes
	}
	if minutes != training.Hours*60 {
		return []kit.Fault{{Path: "programme", Key: "practice.content.hours", Params: map[string]string{"want": written(training.Hours * 60), "got": written(minutes)}}}
	}
	return nil
}

func written(minutes float64) string { return strconv.FormatFloat(minutes, 'f', -1, 64) }
