package share

import (
	"net/http"
	"slices"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/tenants"
)

// DifferenceRows tell what an amendment changed.
func DifferenceRows(r *http.Request, d Amended) []component.SummaryRow {
	var rows []component.SummaryRow
	if len(d.Added) > 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.amend.added"), Values: form.Sections(r, d.Added)})
	}
	if len(d.Removed) > 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.amend.removed"), Values: form.Sections(r, d.Removed)})
	}
	if len(d.Allowed) > 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.amend.allowed"), Values: form.Sections(r, d.Allowed)})
	}
	if len(d.Stopped) > 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.amend.stopped"), Values: form.Sections(r, d.Stopped)})
	}
	if !d.Before.Equal(d.After) {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.share.until"), Values: []string{
			modules.Say(r, "sharing.amend.until", "before", form.LastDay(d.Before).Format("02/01/2006"), "after", form.LastDay(d.After).Format("02/01/2006")),
		}})
	}
	return append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.amend.reason"), Values: []string{d.Reason}, Lang: "it"})
}

// addAmendments shows how the share was changed.
func (p *pages) addAmendments(r *http.Request, s tenants.Scope, seen Seen, page *sharePage) error {
	found, err := p.service.FindAmendments(r.Context(), s, seen)
	if err != nil {
		return err
	}
	for _, one := range slices.Backward(found) {
		page.Amendments = append(page.Amendments, component.Summary{
			Title: modules.Say(r, "sharing.amend.made", "when", one.Mark.At.In(language.Rome).Format("02/01/2006 15:04"), "who", one.Mark.Name),
			Rows:  DifferenceRows(r, one),
		})
	}
	return nil
}
