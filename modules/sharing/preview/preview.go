// Package preview is what a receiver knows of a share before it accepts. It must hold nothing by which a person is found.
package preview

import (
	"net/http"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
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

// Rows are what a preview tells of the person.
func (p Preview) Rows(r *http.Request) []component.SummaryRow {
	area, age := "", ""
	if p.Area != "" {
		area = language.SayText(r.Context(), kit.AreaLabel(p.Area))
	}
	if p.AgeBand != "" {
		age = modules.Say(r, "sharing.age."+p.AgeBand)
	}
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "sharing.share.area"), Values: modules.Given(area)},
		{Label: modules.Say(r, "sharing.share.age"), Values: modules.Given(age)},
	}
	if p.Asks == "" {
		return rows
	}
	return append([]component.SummaryRow{{Label: modules.Say(r, "sharing.share.asks"), Values: []string{p.Asks}, Lang: "it"}}, rows...)
}
