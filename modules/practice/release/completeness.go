package release

import (
	"slices"

	"staffetta/modules"
	"staffetta/modules/kit"
)

// Completeness is how much of a whole kit the items are, in per cent.
func Completeness(kinds *modules.Kinds, items []kit.Source) int {
	score, _ := completeness(kinds, items)
	return score
}

// completeness is how much of a whole kit is there, in per cent, and which kinds are missing: a kit is more than paper or
// software alone when it has something of each kind that says so.
func completeness(kinds *modules.Kinds, items []kit.Source) (score int, missing []string) {
	whole := 0
	for _, kind := range kinds.All() {
		if !kind.Whole {
			continue
		}
		whole++
		if !slices.ContainsFunc(items, func(item kit.Source) bool { return item.Kind == kind.ID }) {
			missing = append(missing, kind.ID)
		}
	}
	return (whole - len(missing)) * 100 / max(whole, 1), missing
}
