package credit

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/modules/practice/form"
)

// Row shows credits among the facts of a sheet; none where nobody is owed anything.
func Row(r *http.Request, credits []Credit) []component.SummaryRow {
	if len(credits) == 0 {
		return nil
	}
	row := component.SummaryRow{Label: modules.Say(r, "practice.credits.proposals")}
	for _, c := range credits {
		title, _ := form.Said(r, c.Title)
		reason, _ := form.Said(r, c.Reason)
		row.Values = append(row.Values, modules.Say(r, "practice.credits.proposal", "body", c.Body, "key", c.Key, "title", title, "release", c.Release, "reason", reason))
	}
	return []component.SummaryRow{row}
}
