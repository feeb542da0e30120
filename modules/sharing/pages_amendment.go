package sharing

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// readAmendment reads the form; what cannot be read is left out and refused by the rules.
func readAmendment(r *http.Request) Amendment {
	a := Amendment{
		ID: modules.FormID(r.PostFormValue("id")), Sections: posted(r, "sezioni"), ExtraReason: modules.Value(r, "motivo_sezioni"),
		Until: day(modules.Value(r, "fino")), Reason: modules.Value(r, "motivo"),
	}
	a.Version, _ = strconv.Atoi(r.PostFormValue("version"))
	return a
}

// amendable finds the share that the page is about, with the frame of its case.
func (p *pages) amendable(r *http.Request, s tenants.Scope) (Frame, Share, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return Frame{}, Share{}, err
	}
	seen, err := p.service.see(r.Context(), s, id)
	if err != nil {
		return Frame{}, Share{}, err
	}
	if !seen.Mine || seen.Case == uuid.Nil {
		return Frame{}, Share{}, problem.Missing()
	}
	return p.service.PrepareAmendment(r.Context(), s, seen.Case.String(), id)
}

func (p *pages) showAmendment(r *http.Request, s tenants.Scope) (modules.View, error) {
	f, share, err := p.amendable(r, s)
	if err != nil {
		return modules.View{}, err
	}
	if share.Standing(time.Now()) != Active {
		return modules.Redirect("/condivisioni/"+share.ID.String(), language.M("sharing.amend.not_live")), nil
	}
	a := Amendment{ID: modules.FormID(""), Version: share.Version, Sections: share.Sections, ExtraReason: share.ExtraReason, Until: lastDay(share.Until)}
	return p.amendmentForm(r, f, share, a, nil), nil
}

func (p *pages) amendmentForm(r *http.Request, f Frame, share Share, a Amendment, refused error) modules.View {
	wrong := modules.FieldErrors(r.Context(), refused)
	in := filling{
		id: a.ID, partner: share.Agreement.String() + "~" + p.service.slug(share.Receiver), purpose: share.Kind + "~" + share.Purpose,
		sections: a.Sections, extraReason: a.ExtraReason, basis: share.LegalBasis, until: dayValue(a.Until), reason: a.Reason,
	}
	page := offerPage{
		Form: true, Title: modules.Say(r, "sharing.amend.title"), Action: "/condivisioni/" + share.ID.String() + "/modifica",
		Hidden: []component.Hidden{{Name: "id", Value: a.ID.String()}, {Name: "version", Value: strconv.Itoa(a.Version)}},
		Fields: append(p.whatFields(r, f, in, wrong), p.untilField(r, f, in, wrong), amendReason(r, a, wrong)),
		Buttons: component.ButtonRow{Buttons: []component.Button{
			{Label: modules.Say(r, "sharing.offer.next"), Name: "azione", Value: "controlla", Emphasis: component.Primary},
			{Label: modules.Say(r, "sharing.amend.cancel"), URL: "/condivisioni/" + share.ID.String()},
		}},
	}
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("sharing/offer", language.M("sharing.amend.title"), page).On(f.Access.Bar(p.service.cases, ""))
	if refused != nil {
		return view.Refused()
	}
	return view
}

func amendReason(r *http.Request, a Amendment, wrong map[string]string) component.Field {
	return component.Field{
		ID: "motivo", Kind: component.LongText, Rows: 3, Required: true, MaxLength: maxWords, Label: modules.Say(r, "sharing.amend.reason"),
		Hint: modules.Say(r, "sharing.hint.letters", "least", leastWords, "most", maxWords), Value: a.Reason, Error: wrong["motivo"],
	}
}

// amend shows the difference first, and makes it when it is confirmed.
func (p *pages) amend(r *http.Request, s tenants.Scope) (modules.View, error) {
	f, share, err := p.amendable(r, s)
	if err != nil {
		return modules.View{}, err
	}
	a := readAmendment(r)
	changed, err := f.amend(share, a, time.Now())
	if err != nil || r.PostFormValue("azione") == "modifica" {
		return p.amendmentForm(r, f, share, a, err), nil
	}
	if r.PostFormValue("azione") != "conferma" {
		return p.amendmentCheck(r, f, share, changed, a), nil
	}
	_, err = p.service.Amend(r.Context(), s, share.Case.String(), share.ID, a)
	switch {
	case problem.Is(err, problem.Invalid):
		return p.amendmentForm(r, f, share, a, err), nil
	case problem.Is(err, problem.Conflict):
		return p.shareView(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect("/condivisioni/"+share.ID.String(), language.M("sharing.amend.done")), nil
}

// amendmentCheck shows what would change, with the way back to the form and everything typed.
func (p *pages) amendmentCheck(r *http.Request, f Frame, share, changed Share, a Amendment) modules.View {
	page := offerPage{
		Form: true, Title: modules.Say(r, "sharing.amend.check"), Action: "/condivisioni/" + share.ID.String() + "/modifica",
		Hidden: []component.Hidden{
			{Name: "id", Value: a.ID.String()},
			{Name: "version", Value: strconv.Itoa(a.Version)},
			{Name: "motivo_sezioni", Value: a.ExtraReason},
			{Name: "fino", Value: dayValue(a.Until)},
			{Name: "motivo", Value: a.Reason},
		},
		Preview: &component.Summary{Title: modules.Say(r, "sharing.amend.difference"), Rows: differenceRows(r, differenceOf(share, changed))},
		Plain:   true,
		Buttons: component.ButtonRow{Buttons: []component.Button{
			{Label: modules.Say(r, "sharing.amend.confirm"), Name: "azione", Value: "conferma", Emphasis: component.Primary},
			{Label: modules.Say(r, "sharing.offer.back"), Name: "azione", Value: "modifica"},
		}},
	}
	for _, section := range a.Sections {
		page.Hidden = append(page.Hidden, component.Hidden{Name: "sezioni", Value: section})
	}
	return modules.Render("sharing/offer", language.M("sharing.amend.check"), page).On(f.Access.Bar(p.service.cases, ""))
}

// differenceOf tells what a change adds and takes away.
func differenceOf(before, after Share) Amended {
	return Amended{
		Added: without(after.Sections, before.Sections), Removed: without(before.Sections, after.Sections),
		Before: before.Until, After: after.Until, Reason: after.Reason,
	}
}

func differenceRows(r *http.Request, d Amended) []component.SummaryRow {
	var rows []component.SummaryRow
	if len(d.Added) > 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.amend.added"), Values: sectionLabels(r, d.Added)})
	}
	if len(d.Removed) > 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.amend.removed"), Values: sectionLabels(r, d.Removed)})
	}
	if !d.Before.Equal(d.After) {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.share.until"), Values: []string{
			modules.Say(r, "sharing.amend.until", "before", lastDay(d.Before).Format("02/01/2006"), "after", lastDay(d.After).Format("02/01/2006")),
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
			Title: modules.Say(r, "sharing.amend.made", "when", one.Mark.At.In(rome).Format("02/01/2006 15:04"), "who", one.Mark.Name),
			Rows:  differenceRows(r, one),
		})
	}
	return nil
}

func dayValue(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}
