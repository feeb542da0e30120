package release

import (
	"slices"

	"staffetta/modules/kit"
)

// whole are the kinds that a kit needs to be more than paper or software alone.
var whole = []string{
	kit.KindService, kit.KindForm, kit.KindAssessment, kit.KindWorkflow, kit.KindSharingTemplate, kit.KindIndicator, kit.KindAct,
	kit.KindProcedure, kit.KindTraining, kit.KindStaffing, kit.KindSpace, kit.KindCost, kit.KindCommunication, kit.KindChecklist, kit.KindQuestion,
}

// Completeness is how much of a whole kit the items are, in per cent.
func Completeness(items []kit.Source) int {
	score, _ := completeness(items)
	return score
}

// completeness is how much of a whole kit is there, in per cent, and which kinds are missing.
func completeness(items []kit.Source) (score int, missing []string) {
	for _, kind := range whole {
		if !slices.ContainsFunc(items, func(item kit.Source) bool { return item.Kind == kind }) {
			missing = append(missing, kind)
		}
	}
	return (len(whole) - len(missing)) * 100 / len(whole), missing
}
