// Package vocabulary is lists of terms as data, and which of them a field offers on a day. It must not know who chooses.
package vocabulary

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"staffetta/modules/kit/part"
)

// Vocabulary is a list of terms among which a body chooses.
type Vocabulary struct {
	Values []Term `json:"values"`
}

// Term is an entry of a vocabulary.
type Term struct {
	Key   string    `json:"key"`
	Label part.Text `json:"label"`
	Group string    `json:"group"`
	From  string    `json:"from"` // day from which it is offered; "" for always
	To    string    `json:"to"`   // last such day
}

// Parse reads the content of a vocabulary item.
func Parse(content []byte) (*Vocabulary, error) {
	v := &Vocabulary{}
	if err := json.Unmarshal(content, v); err != nil {
		return nil, fmt.Errorf("read vocabulary: %w", err)
	}
	return v, nil
}

// Offered lists the terms that a field offers on a day: those of the group that is called as the field, if there is one, else
// all.
func (v *Vocabulary) Offered(field string, day time.Time) []Term {
	today := day.Format(time.DateOnly)
	grouped := slices.ContainsFunc(v.Values, func(t Term) bool { return t.Group == field })
	return slices.DeleteFunc(slices.Clone(v.Values), func(t Term) bool {
		return grouped && t.Group != field || t.From > today || t.To != "" && t.To < today
	})
}
