package questionnaire

import (
	"strings"

	"staffetta/internal/carry"
	"staffetta/modules/kit/part"
)

// Set is the form as answers are carried to it from an older version.
func (f *Form) Set() carry.Set {
	set := carry.Set{Changes: f.Changes}
	for _, item := range f.Items() {
		set.Questions = append(set.Questions, item.question())
	}
	return set
}

func (i FormItem) question() carry.Question {
	q := carry.Question{
		Key: i.Key, Class: carry.Class(i.Type), Min: i.Min, Max: i.Max, Length: i.length(), Required: i.Required.Always,
		Read: func(answer any) (any, bool) {
			if text, ok := answer.(string); ok {
				answer = i.parse([]string{text})
			}
			read, wrong := i.read(answer)
			return read, wrong == nil
		},
	}
	for _, option := range i.Options {
		q.Values = append(q.Values, option.Value)
	}
	return q
}

// Carry brings answers to an older version of the form over to this one, and tells those that have no place: no question
// takes them, or with these answers nobody asks it.
func (f *Form) Carry(older *Form, given Answers) (Answers, []carry.Left) {
	r := f.Set().Carry(older.Set().Questions, given)
	kept, _ := f.CheckDraft(r.Answers)
	return kept, r.Unless(kept, given)
}

// changeFaults tells which declared changes do not fit the form.
func (f *Form) changeFaults() (faults []part.Fault) {
	for _, w := range f.Set().Check() {
		path := strings.TrimSuffix("changes["+w.Change+"]."+w.Member, ".")
		faults = append(faults, part.Wrong(path, "kit.change."+string(w.What), "name", w.Name))
	}
	return faults
}
