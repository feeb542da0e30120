package preview

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
)

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
