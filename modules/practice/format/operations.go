package format

import (
	"staffetta/internal/carry"
	"staffetta/modules/kit"
)

// GapView is a gap as the API tells it.
type GapView struct {
	What      Kind          `json:"what" enum:"lost,narrow,unasked,foreign" doc:"lost: no question takes the answers; narrow: the question takes fewer; unasked: required, and nothing fills it; foreign: a change of a question that was never asked"`
	Place     string        `json:"place" maxLength:"600"`
	Kind      string        `json:"kind" maxLength:"40"`
	Key       string        `json:"key" maxLength:"64"`
	Question  string        `json:"question" maxLength:"64"`
	Release   string        `json:"release,omitempty" maxLength:"14" doc:"Newest earlier release that is concerned"`
	Values    []kit.Term    `json:"values,omitempty" maxItems:"500" doc:"Answers without a place; none where it is any answer"`
	Proposal  *carry.Change `json:"proposal,omitempty" doc:"Change that would close the gap if the item declared it; what is left open in it somebody decides"`
	Forbidden bool          `json:"forbidden" doc:"The kit cannot be published with it"`
}

// Views are gaps as the API tells them.
func Views(gaps []Gap) []GapView {
	views := make([]GapView, len(gaps))
	for i, g := range gaps {
		views[i] = GapView{
			What: g.Kind, Place: g.Place(), Kind: g.ItemKind, Key: g.ItemKey, Question: g.Name, Release: g.Release, Values: kit.Terms(g.Values),
			Proposal: g.Proposal, Forbidden: g.Forbidden,
		}
	}
	return views
}
