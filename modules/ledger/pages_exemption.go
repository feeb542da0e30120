package ledger

import (
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/tenants"
)

func (p *pages) ofCase() []modules.Page {
	return []modules.Page{
		{
			Pattern: "GET /cartelle/{case}/differimento", Permission: recordExemptions,
			Case: &modules.CaseNav{Label: "ledger.nav.exemption", Own: true, Order: 85}, Handle: p.exemption,
		},
		{Pattern: "POST /cartelle/{case}/differimento", Permission: recordExemptions, Handle: p.record},
		{Pattern: "POST /cartelle/{case}/differimento/{exemption}/fine", Permission: recordExemptions, Handle: p.end},
	}
}

// exemptionPage says what the citizen sees of who opened a case, and delays it.
type exemptionPage struct {
	Errors component.ErrorSummary
	State  component.Alert
	Ends   []endForm
	Form   formPage
	Past   *component.Table
}

// endForm ends an exemption that lasts.
type endForm struct {
	Summary component.Summary
	Action  string
	Button  component.Button
}

func (p *pages) exemption(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.exemptionForm(r, s, nil)
}

func (p *pages) exemptionForm(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	a, err := p.service.OpenCase(r.Context(), s, r.PathValue("case"))
	if errors.Is(err, casefile.ErrReason) {
		return modules.View{Redirect: "/cartelle/" + r.PathValue("case")}, nil // where the reason is asked for
	}
	if err != nil {
		return modules.View{}, err
	}
	all, err := p.service.FindOfCase(r.Context(), a)
	if err != nil {
		return modules.View{}, err
	}
	page := exemptionPage{State: component.Alert{Tone: component.Info, Text: modules.Say(r, "ledger.exemption.seen")}, Form: exemptionFields(r, a.Ref, refused)}
	var past []Exemption
	for _, e := range all {
		if !e.Lasts(time.Now()) {
			past = append(past, e)
			continue
		}
		page.State = component.Alert{Tone: component.Warning, Text: modules.Say(r, "ledger.exemption.withheld", "day", e.Until.Format("02/01/2006"))}
		page.Ends = append(page.Ends, endOf(r, a.Ref, e))
	}
	if len(past) > 0 {
		t := exemptionTable(r, past, a.ID)
		page.Past = &t
	}
	page.Errors = component.Summarize(page.Form.Fields...)
	view := modules.Render("ledger/exemption", language.M("ledger.exemption.title"), page).On(a.Bar(p.service.cases, "ledger.nav.exemption"))
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

func endOf(r *http.Request, ref string, e Exemption) endForm {
	return endForm{
		Summary: component.Summary{Rows: []component.SummaryRow{
			{Label: modules.Say(r, "ledger.exemption.ground"), Values: []string{modules.Say(r, "ledger.ground."+e.Ground)}},
			{Label: modules.Say(r, "ledger.exemption.reason"), Values: []string{e.Reason}, Lang: "it"},
			{Label: modules.Say(r, "ledger.exemption.until"), Date: e.Until},
			{Label: modules.Say(r, "ledger.exemption.by"), Values: []string{e.By}},
		}},
		Action: "/cartelle/" + ref + "/differimento/" + e.ID.String() + "/fine",
		Button: component.Button{Label: modules.Say(r, "ledger.exemption.end")},
	}
}

func exemptionFields(r *http.Request, ref string, refused error) formPage {
	wrong := modules.FieldErrors(r.Context(), refused)
	var grounds []component.Option
	for _, ground := range Grounds {
		grounds = append(grounds, component.Option{Value: ground, Label: modules.Say(r, "ledger.ground."+ground)})
	}
	return formPage{
		Action: "/cartelle/" + ref + "/differimento", Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(modules.Value(r, "id")).String()}},
		Fields: []component.Field{
			{ID: "causa", Kind: component.Radios, Label: modules.Say(r, "ledger.exemption.ground"), Value: modules.Value(r, "causa"), Required: true, Options: grounds, Error: wrong["causa"]},
			{
				ID: "motivo", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "ledger.exemption.reason"), Hint: modules.Say(r, "ledger.exemption.reason_hint"),
				Value: modules.Value(r, "motivo"), Required: true, MaxLength: 500, Error: wrong["motivo"],
			},
			{ID: "fino", Kind: component.Appointed, Label: modules.Say(r, "ledger.exemption.until"), Hint: modules.Say(r, "ledger.exemption.until_hint"), Value: modules.Value(r, "fino"), Required: true, Width: component.Short, Error: wrong["fino"]},
		},
		Button: component.Button{Label: modules.Say(r, "ledger.exemption.save"), Emphasis: component.Primary},
	}
}

// exemptionTable lists exemptions; those of one case do not name it.
func exemptionTable(r *http.Request, all []Exemption, ofCase uuid.UUID) component.Table {
	one := ofCase != uuid.Nil
	t := component.Table{
		ID: "differimenti", Caption: modules.Say(r, "ledger.exemption.past"), Hidden: !one,
		Empty: component.Empty{Title: modules.Say(r, "ledger.exemptions.none"), Text: modules.Say(r, "ledger.exemptions.none_text")},
	}
	keys := []string{"ground", "reason", "until", "by", "state"}
	if !one {
		keys = append([]string{"case"}, keys...)
	}
	for _, key := range keys {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "ledger.exemption."+key)})
	}
	for _, e := range all {
		state := component.Tag{Label: modules.Say(r, "ledger.exemption.over")}
		switch {
		case !e.EndedAt.IsZero():
			state.Label = modules.Say(r, "ledger.exemption.ended", "name", e.EndedBy, "day", e.EndedAt.In(language.Rome).Format("02/01/2006"))
		case e.Lasts(time.Now()):
			state = component.Tag{Label: modules.Say(r, "ledger.exemption.lasts"), Tone: component.Warning}
		}
		cells := []component.Cell{{Text: modules.Say(r, "ledger.ground."+e.Ground)}, {Text: e.Reason, Lang: "it"}, {Date: e.Until}, {Text: e.By}, {Tags: []component.Tag{state}}}
		if !one {
			cells = append([]component.Cell{{Text: e.Number}}, cells...)
		}
		t.Rows = append(t.Rows, component.Row{Cells: cells})
	}
	return t
}

func (p *pages) record(r *http.Request, s tenants.Scope) (modules.View, error) {
	ref := r.PathValue("case")
	err := p.service.Record(r.Context(), s, ref, Recording{
		ID: modules.FormID(modules.Value(r, "id")), Ground: modules.Value(r, "causa"), Reason: modules.Value(r, "motivo"), Until: readDay(modules.Value(r, "fino")),
	})
	if problem.Is(err, problem.Invalid) {
		return p.exemptionForm(r, s, err)
	}
	if err != nil {
		return modules.View{}, hideReason(err)
	}
	return modules.Redirect("/cartelle/"+ref+"/differimento", language.M("ledger.exemption.saved")), nil
}

func (p *pages) end(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "exemption")
	if err != nil {
		return modules.View{}, err
	}
	ref := r.PathValue("case")
	if err := p.service.End(r.Context(), s, ref, id); err != nil {
		return modules.View{}, hideReason(err)
	}
	return modules.Redirect("/cartelle/"+ref+"/differimento", language.M("ledger.exemption.done")), nil
}

// hideReason makes a case that is not the actor's one that does not exist.
func hideReason(err error) error {
	if errors.Is(err, casefile.ErrReason) {
		return problem.Missing().Wrap(err)
	}
	return err
}
