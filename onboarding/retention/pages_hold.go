package retention

import (
	"net/http"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// holdsPage lists the holds, with the form to hold something.
type holdsPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	List component.Table
	Form *component.Decision
}

func (p *pages) holds(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.holdsView(r, s, nil)
}

// called is what a hold is of: the number of the case file, or a person without a name.
func (h Hold) called(r *http.Request) string {
	if h.Person != nil {
		return say(r, "a_person")
	}
	return say(r, "case_number", "number", h.Number)
}

func holdTag(r *http.Request, h Hold) component.Tag {
	if h.Ended(language.Day(time.Now())) {
		return component.Tag{Label: say(r, "hold_over")}
	}
	return component.Tag{Label: say(r, "hold_live"), Tone: component.Warning}
}

func (p *pages) holdsView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	found, err := p.service.Holds(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := holdsPage{
		Breadcrumb: crumbs(r, component.Crumb{Label: say(r, "holds")}),
		List: component.Table{ID: "blocchi", Caption: say(r, "holds"), Cards: true, Columns: []component.Column{
			{Label: say(r, "held")}, {Label: say(r, "reason")}, {Label: say(r, "until")}, {Label: say(r, "state")},
		}, Empty: component.Empty{Title: say(r, "no_holds")}},
	}
	for _, h := range found {
		until := component.Cell{Text: say(r, "no_end")}
		if h.Until != nil {
			until = component.Cell{Date: *h.Until}
		}
		page.List.Rows = append(page.List.Rows, component.Row{Cells: []component.Cell{
			{Text: h.called(r), URL: pathOf("blocchi", h.ID), Note: h.By}, {Text: h.Reason, Lang: "it"}, until, {Tags: []component.Tag{holdTag(r, h)}},
		}})
	}
	if p.service.deps.Permits(s, Keep) {
		page.Form = &component.Decision{
			Title: say(r, "hold_title"), Text: say(r, "hold_text"), Action: at + "/blocchi", Button: component.Button{Label: say(r, "hold_button"), Emphasis: component.Primary},
			Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}},
			Fields: modules.Filled(
				r, refused,
				component.Field{ID: "numero", Label: say(r, "number_field"), Hint: say(r, "number_hint"), Required: true, Width: component.Medium, MaxLength: 80},
				component.Field{ID: "motivo", Kind: component.LongText, Rows: 3, Label: say(r, "reason"), Hint: say(r, "hold_hint"), Required: true, MaxLength: 1000},
				component.Field{ID: "fino", Kind: component.Appointed, Label: say(r, "until"), Hint: say(r, "until_hint"), Width: component.Medium},
			),
		}
	}
	view := modules.Render("onboarding/holds", language.M("onboarding.retention.page", "heading", say(r, "holds")), &page)
	return page.Explain(r, view, refused, component.FieldsOf(page.Form)...), nil
}

func (p *pages) keep(r *http.Request, s tenants.Scope) (modules.View, error) {
	var wrong problem.Fields
	n := NewHold{ID: modules.FormID(r.PostFormValue("id")), Reason: modules.Value(r, "motivo"), Until: wrong.Day("fino", modules.Value(r, "fino"))}
	// A person is named by the address of their page, a case file by its number.
	if id, ok := modules.ParseID(modules.Value(r, "numero")); ok {
		n.Person = id
	} else {
		n.Number = modules.Value(r, "numero")
	}
	err := wrong.Err()
	if err == nil {
		err = p.service.Keep(r.Context(), s, n)
	}
	if modules.IsAnswered(err) {
		return p.holdsView(r, s, err)
	}
	return done(at+"/blocchi", err, "held_done")
}

// holdPage is one hold, and the form to end it.
type holdPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Title   string
	Tag     component.Tag
	Summary component.Summary
	Form    *component.Decision
}

func (p *pages) hold(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.holdView(r, s, nil)
}

func (p *pages) holdView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "hold")
	if err != nil {
		return modules.View{}, err
	}
	h, err := p.service.Hold(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	title := say(r, "hold", "what", h.called(r))
	page := holdPage{
		Breadcrumb: crumbs(r, component.Crumb{Label: say(r, "holds"), URL: at + "/blocchi"}, component.Crumb{Label: title}), Title: title, Tag: holdTag(r, h),
		Summary: component.Summary{Rows: []component.SummaryRow{
			{Label: say(r, "reason"), Values: []string{h.Reason}, Lang: "it"}, {Label: say(r, "held_by"), Values: []string{h.By + ", " + instant(h.At)}},
		}},
	}
	until := component.SummaryRow{Label: say(r, "until"), Values: []string{say(r, "no_end")}}
	if h.Until != nil {
		until = component.SummaryRow{Label: say(r, "until"), Date: *h.Until}
	}
	page.Summary.Rows = append(page.Summary.Rows, until)
	if h.EndedAt != nil {
		page.Summary.Rows = append(page.Summary.Rows, component.SummaryRow{Label: say(r, "ended_by"), Values: []string{h.EndedBy + ", " + instant(*h.EndedAt), h.EndReason}})
	} else if p.service.deps.Permits(s, Keep) {
		page.Form = &component.Decision{
			Title: say(r, "release_title"), Text: say(r, "release_text"), Action: pathOf("blocchi", id), Button: component.Button{Label: say(r, "release"), Emphasis: component.Grave},
			Fields: modules.Filled(r, refused, component.Field{ID: "motivo", Kind: component.LongText, Rows: 3, Label: say(r, "reason"), Required: true, MaxLength: 1000}),
		}
	}
	view := modules.Render("onboarding/hold", language.M("onboarding.retention.page", "heading", title), &page)
	return page.Explain(r, view, refused, component.FieldsOf(page.Form)...), nil
}

func (p *pages) release(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "hold")
	if err == nil {
		err = p.service.Release(r.Context(), s, id, modules.Value(r, "motivo"))
	}
	if modules.IsAnswered(err) {
		return p.holdView(r, s, err)
	}
	return done(at+"/blocchi", err, "released_done")
}
