// Package preview is what a receiver knows of a share before it accepts. It must hold nothing by which a person is found.
package preview

import (
	"time"
)

// Preview is all that a receiver knows of a share before it accepts (it: anteprima). It holds no identifier.
type Preview struct {
	Kind     string    `json:"kind"`
	Purpose  string    `json:"purpose"`
	Area     string    `json:"area,omitempty"` // local target
	AgeBand  string    `json:"age_band"`
	Sections []string  `json:"sections"`
	Writable []string  `json:"writable,omitempty"`
	Asks     string    `json:"asks,omitempty"` // what is asked, in words that name nobody
	AnswerBy time.Time `json:"answer_by,omitzero"`
	Until    time.Time `json:"until"`
}
