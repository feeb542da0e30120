package offer

import (
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// readAmendment reads the form; what cannot be read is left out and refused by the rules.
func readAmendment(r *http.Request) Amendment {
	a := Amendment{
		ID: modules.FormID(r.PostFormValue("id")), Sections: form.Values(r, "sezioni"), Writable: form.Values(r, "scrittura"), ExtraReason: modules.Value(r, "motivo_sezioni"),
		Until: form.Day(modules.Value(r, "fino")), Reason: modules.Value(r, "motivo"),
	}
	a.Version, _ = strconv.Atoi(r.PostFormValue("version"))
	return a
}

// amendable finds the share that the page is about, and its case.
func (p *pages) amendable(r *http.Request, s tenants.Scope) (id uuid.UUID, ref string, err error) {
	if id, err = modules.PathID(r, "id"); err != nil {
		return uuid.Nil, "", err
	}
	seen, err := p.service.shares.See(r.Context(), s, id)
	if err != nil {
		return uuid.Nil, "", err
	}
	if !seen.Mine || seen.Case == uuid.Nil {
		return uuid.Nil, "", problem.Missing()
	}
	return id, seen.Case.String(), nil
}

func (p *pages) showAmendment(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, ref, err := p.amendable(r, s)
	if err != nil {
		return modules.View{}, err
	}
	f, made, err := p.service.PrepareAmendment(r.Context(), s, ref, id)
	if err != nil {
		return modules.View{}, err
	}
	if made.Standing(time.Now()) != share.Active {
		return modules.Redirect("/condivisioni/"+made.ID.String(), language.M("sharing.amend.not_live")), nil
	}
	a := Amendment{ID: modules.FormID(""), Version: made.Version, Sections: made.Sections, Writable: made.Writable, ExtraReason: made.ExtraReason, Until: form.LastDay(made.Until)}
	return p.amendmentForm(r, f, made, a, nil), nil
}

func (p *pages) amendmentForm(r *http.Request, f Frame, made share.Share, a Amendment, refused error) modules.View {
	wrong := modules.FieldErrors(r.Context(), refused)
	in := filling{
		id: a.ID, partner: made.Agreement.String() + "~" + p.service.deps.Bodies.Slug(made.Receiver), purpose: made.Kind + "~" + made.Purpose,
		sections: a.Sections, writable: a.Writable, extraReason: a.ExtraReason, basis: made.LegalBasis, until: dayValue(a.Until), reason: a.Reason,
	}
	page := offerPage{
		Form: true, Title: modules.Say(r, "sharing.amend.title"), Action: "/condivisioni/" + made.ID.String() + "/modifica",
		Hidden: []component.Hidden{{Name: "id", Value: a.ID.String()}, {Name: "version", Value: strconv.Itoa(a.Version)}},
		Fields: append(p.whatFields(r, f, in, wrong), p.untilField(r, f, in, wrong), amendReason(r, a, wrong)),
		Buttons: component.ButtonRow{Buttons: []component.Button{
			{Label: modules.Say(r, "sharing.offer.next"), Name: "azione", Value: "controlla", Emphasis: component.Primary},
			{Label: modules.Say(r, "sharing.amend.cancel"), URL: "/condivisioni/" + made.ID.String()},
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
		ID: "motivo", Kind: component.LongText, Rows: 3, Required: true, MaxLength: share.MaxWords, Label: modules.Say(r, "sharing.amend.reason"),
		Hint: modules.Say(r, "sharing.hint.letters", "least", share.LeastWords, "most", share.MaxWords), Value: a.Reason, Error: wrong["motivo"],
	}
}

// amend shows the difference first, and makes it when it is confirmed.
func (p *pages) amend(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, ref, err := p.amendable(r, s)
	if err != nil {
		return modules.View{}, err
	}
	a := readAmendment(r)
	c, err := p.service.CheckAmendment(r.Context(), s, ref, id, a)
	confirmed := r.PostFormValue("azione") == "conferma"
	if err == nil && confirmed {
		_, err = p.service.Amend(r.Context(), s, ref, id, a)
	}
	switch {
	case problem.Is(err, problem.Invalid), err == nil && r.PostFormValue("azione") == "modifica":
		return p.amendmentForm(r, c.Frame, c.Before, a, err), nil
	case problem.Is(err, problem.Conflict):
		return p.service.shares.View(r, s, err)
	case err != nil:
		return modules.View{}, err
	case !confirmed:
		return p.amendmentCheck(r, c, a), nil
	}
	return modules.Redirect("/condivisioni/"+id.String(), language.M("sharing.amend.done")), nil
}

// amendmentCheck shows what would change, with the way back to the form and everything typed.
func (p *pages) amendmentCheck(r *http.Request, c Amending, a Amendment) modules.View {
	page := offerPage{
		Form: true, Title: modules.Say(r, "sharing.amend.check"), Action: "/condivisioni/" + c.Before.ID.String() + "/modifica",
		Hidden: []component.Hidden{
			{Name: "id", Value: a.ID.String()},
			{Name: "version", Value: strconv.Itoa(a.Version)},
			{Name: "motivo_sezioni", Value: a.ExtraReason},
			{Name: "fino", Value: dayValue(a.Until)},
			{Name: "motivo", Value: a.Reason},
		},
		Preview: &component.Summary{Title: modules.Say(r, "sharing.amend.difference"), Rows: share.DifferenceRows(r, differenceOf(c.Before, c.After))},
		Plain:   true,
		Buttons: component.ButtonRow{Buttons: []component.Button{
			{Label: modules.Say(r, "sharing.amend.confirm"), Name: "azione", Value: "conferma", Emphasis: component.Primary},
			{Label: modules.Say(r, "sharing.offer.back"), Name: "azione", Value: "modifica"},
		}},
	}
	for _, section := range a.Sections {
		page.Hidden = append(page.Hidden, component.Hidden{Name: "sezioni", Value: section})
	}
	for _, section := range a.Writable {
		page.Hidden = append(page.Hidden, component.Hidden{Name: "scrittura", Value: section})
	}
	return modules.Render("sharing/offer", language.M("sharing.amend.check"), page).On(c.Access.Bar(p.service.cases, ""))
}

// differenceOf tells what a change adds and takes away.
func differenceOf(before, after share.Share) share.Amended {
	return share.Amended{
		Allowed: share.Without(after.Writable, before.Writable), Stopped: share.Without(before.Writable, after.Writable),
		Added: share.Without(after.Sections, before.Sections), Removed: share.Without(before.Sections, after.Sections),
		Before: before.Until, After: after.Until, Reason: after.Reason,
	}
}

func dayValue(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}
