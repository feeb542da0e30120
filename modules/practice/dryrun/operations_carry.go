package dryrun

import "staffetta/modules/practice/upgrade"

// AnswersView is what becomes of the stored answers of an item.
type AnswersView struct {
	Open   int        `json:"open" minimum:"0" maximum:"100000000" doc:"Records still being filled in, which may go on in the new version with their answers"`
	Closed int        `json:"closed" minimum:"0" maximum:"100000000" doc:"Records that keep the questions they were answered to"`
	Lost   []LostView `json:"lost" maxItems:"2000" doc:"Answers of open records without a sure place: they are kept with the record. Applying wants acknowledged"`
}

// LostView is an answer without a sure place.
type LostView struct {
	Question string `json:"question" maxLength:"64" doc:"Key of the question as it was"`
	Value    string `json:"value,omitempty" maxLength:"64" doc:"The answer to choose from; missing for any answer"`
	Narrow   bool   `json:"narrow" doc:"The new question takes fewer answers: some have a place"`
	Records  *int   `json:"records,omitempty" minimum:"5" maximum:"100000000" doc:"Missing where fewer than five are protected"`
}

func answersView(c *upgrade.Carrying) *AnswersView {
	if c == nil {
		return nil
	}
	view := &AnswersView{Open: c.Open, Closed: c.Closed, Lost: []LostView{}}
	for _, lost := range c.Lost {
		one := LostView{Question: lost.Question.Key, Value: lost.Value, Narrow: lost.Narrow}
		if n, shown := lost.Told(); shown {
			one.Records = &n
		}
		view.Lost = append(view.Lost, one)
	}
	return view
}
