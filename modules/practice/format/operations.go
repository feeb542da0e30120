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
	Proposal  *ProposalView `json:"proposal,omitempty" doc:"Change that would close the gap if the item declared it; what is left open in it somebody decides"`
	Forbidden bool          `json:"forbidden" doc:"The kit cannot be published with it"`
}

// ProposalView is a change that an item might declare.
type ProposalView struct {
	Way    carry.Way   `json:"way" enum:"rename,map"`
	From   string      `json:"from" maxLength:"64"`
	To     string      `json:"to,omitempty" maxLength:"64"`
	Values []ValueView `json:"values,omitempty" maxItems:"500"`
}

// ValueView is what would become of one answer.
type ValueView struct {
	Value string `json:"value" maxLength:"300"`
	To    string `json:"to,omitempty" maxLength:"300" doc:"Empty where somebody has to decide"`
}

func proposalView(c *carry.Change) *ProposalView {
	if c == nil {
		return nil
	}
	view := &ProposalView{Way: c.Way, From: c.From, To: c.To}
	for _, value := range c.Values {
		view.Values = append(view.Values, ValueView{Value: value.Value, To: value.To})
	}
	return view
}

// Views are gaps as the API tells them.
func Views(gaps []Gap) []GapView {
	views := make([]GapView, len(gaps))
	for i, g := range gaps {
		views[i] = GapView{
			What: g.Kind, Place: g.Place(), Kind: g.ItemKind, Key: g.ItemKey, Question: g.Name, Release: g.Release, Values: kit.Terms(g.Values),
			Proposal: proposalView(g.Proposal), Forbidden: g.Forbidden,
		}
	}
	return views
}
