package agreement

import (
	"net/http"
	"slices"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

// Pages are the pages of agreements.
func Pages(s *Service) []modules.Page {
	p := &pages{service: s}
	return []modules.Page{
		{Pattern: "GET /rete/accordi/{id}", Permission: Read, Handle: p.showAgreement},
		{Pattern: "POST /rete/accordi/{id}/firma", Permission: Write, Handle: p.sign},
		{Pattern: "GET /rete/accordi/{id}/rifiuto", Permission: Write, Handle: p.confirmRefusal},
		{Pattern: "POST /rete/accordi/{id}/rifiuto", Permission: Write, Handle: p.refuse},
		{Pattern: "GET /rete/accordi/{id}/stato/{step}", Permission: Write, Handle: p.confirmMove},
		{Pattern: "POST /rete/accordi/{id}/stato/{step}", Permission: Write, Handle: p.moveAgreement},
	}
}

// Table lists agreements, with the parties other than the reader's body.
func Table(r *http.Request, s tenants.Scope, bodies *tenants.Directory, agreements []policies.Agreement) component.Table {
	t := component.Table{
		Cards:   true,
		Caption: modules.Say(r, "sharing.agreement.list"),
		Columns: []component.Column{
			{Label: modules.Say(r, "sharing.agreement.title")},
			{Label: modules.Say(r, "sharing.agreement.parties")},
			{Label: modules.Say(r, "sharing.agreement.state")},
			{Label: modules.Say(r, "sharing.agreement.until")},
		},
		Empty: component.Empty{Title: modules.Say(r, "sharing.agreement.none"), Text: modules.Say(r, "sharing.agreement.none_text")},
	}
	for _, a := range agreements {
		var others []string
		for _, party := range a.Parties {
			if party.Tenant != s.Tenant {
				others = append(others, bodies.Name(party.Tenant))
			}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: a.Title, URL: "/rete/accordi/" + a.ID.String(), Lang: "it"},
			{Text: strings.Join(others, ", ")},
			{Tags: tags(r, s, a)},
			{Date: form.LastDay(a.To)},
		}})
	}
	return t
}

// tones colour the states.
var tones = map[string]component.Tone{
	policies.AgreementActive: component.Success, policies.AgreementSuspended: component.Warning, policies.AgreementProposed: component.Info,
}

func tags(r *http.Request, s tenants.Scope, a policies.Agreement) []component.Tag {
	label := "sharing.agreement.state." + a.State
	if a.Refused() {
		label = "sharing.agreement.refused"
	}
	tags := []component.Tag{{Label: modules.Say(r, label), Tone: tones[a.State]}}
	if a.Awaits(s.Tenant) {
		tags = append(tags, component.Tag{Label: modules.Say(r, "sharing.agreement.to_sign"), Tone: component.Warning})
	}
	return tags
}

func (p *pages) sign(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.SignAgreement(r.Context(), s, id, policies.Act{Number: modules.Value(r, "atto_numero"), Day: form.Day(modules.Value(r, "atto_data"))}, modules.ReadConsent(r))
	if problem.Is(err, problem.Invalid) || modules.IsStale(err) {
		return p.detail(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/accordi/"+id.String(), language.M("sharing.agreement.signed")), nil
}

func (p *pages) confirmMove(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.confirm(r, s, nil)
}

func (p *pages) confirm(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.GetAgreement(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	target := r.PathValue("step")
	if !slices.Contains(a.Steps(s.Tenant), target) {
		return modules.View{}, problem.Missing()
	}
	page := component.Confirm{
		Title: modules.Say(r, moveKey(a, target)), Text: []string{a.Title}, Consequences: []string{modules.Say(r, effectKey(a, target))},
		Action: at(a, "/stato/"+target), CancelURL: at(a, ""), Button: component.Button{Label: modules.Say(r, moveKey(a, target)), Emphasis: component.Grave},
	}
	step, err := p.service.GetStep(r.Context(), s, a, target)
	if err != nil {
		return modules.View{}, err
	}
	page.Consequences = append(page.Consequences, p.effectTexts(r, step.Effects)...)
	wrong := modules.FieldErrors(r.Context(), refused)
	if target == policies.AgreementEnded {
		page.Fields = []component.Field{reasonField(r, false, wrong)}
	}
	if a.InForce() {
		page.Fields = append(page.Fields, component.Consent(r.Context(), modules.ReadConsent(r).Acknowledged, wrong[modules.ConsentField]))
		page.Hidden = []component.Hidden{{Name: modules.MarkField, Value: step.Mark}}
	}
	page.Errors = component.Summarize(page.Fields...)
	if modules.IsStale(refused) {
		page.Text = append(page.Text, language.Say(r.Context(), problem.Of(refused).Message))
	}
	return answered(modules.Render("sharing/confirm", language.M(moveKey(a, target)), page), refused), nil
}

// answered is the view with the status of what refused it.
func answered(view modules.View, refused error) modules.View {
	switch {
	case modules.IsStale(refused):
		view.Status = http.StatusConflict
	case refused != nil:
		return view.Refused()
	}
	return view
}

func effectKey(a policies.Agreement, target string) string {
	if a.State == policies.AgreementProposed {
		return "sharing.agreement.effect.withdrawn"
	}
	return "sharing.agreement.effect." + target
}

func reasonField(r *http.Request, required bool, wrong map[string]string) component.Field {
	return component.Field{
		ID: "motivo", Kind: component.LongText, Rows: 3, Required: required, MaxLength: 500, Value: modules.Value(r, "motivo"), Error: wrong["motivo"],
		Label: modules.Say(r, "sharing.agreement.reason"), Hint: modules.Say(r, "sharing.agreement.reason_hint"),
	}
}

func (p *pages) moveAgreement(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if target := r.PathValue("step"); target == policies.AgreementEnded {
		_, err = p.service.WithdrawAgreement(r.Context(), s, id, modules.Value(r, "motivo"), modules.ReadConsent(r))
	} else {
		_, err = p.service.MoveAgreement(r.Context(), s, id, target, modules.ReadConsent(r))
	}
	if problem.Is(err, problem.Invalid) || modules.IsStale(err) {
		return p.confirm(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/accordi/"+id.String(), language.M("sharing.agreement.moved")), nil
}

func (p *pages) confirmRefusal(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.refusal(r, s, nil)
}

func (p *pages) refusal(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.GetAgreement(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if !a.Awaits(s.Tenant) {
		return modules.View{}, problem.Missing()
	}
	page := component.Confirm{
		Title: modules.Say(r, "sharing.agreement.refuse"), Text: []string{a.Title}, Consequences: []string{modules.Say(r, "sharing.agreement.effect.refused")},
		Fields: []component.Field{reasonField(r, true, modules.FieldErrors(r.Context(), refused))},
		Action: at(a, "/rifiuto"), CancelURL: at(a, ""), Button: component.Button{Label: modules.Say(r, "sharing.agreement.refuse"), Emphasis: component.Grave},
	}
	page.Errors = component.Summarize(page.Fields...)
	return answered(modules.Render("sharing/confirm", language.M("sharing.agreement.refuse"), page), refused), nil
}

func (p *pages) refuse(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.RefuseAgreement(r.Context(), s, id, modules.Value(r, "motivo"))
	if problem.Is(err, problem.Invalid) {
		return p.refusal(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/accordi/"+id.String(), language.M("sharing.agreement.refused_done")), nil
}

func textField(r *http.Request, name string, max int, wrong map[string]string) component.Field {
	return component.Field{
		ID: name, Required: true, MaxLength: max, Width: component.Medium, Label: modules.Say(r, "sharing.field."+name),
		Hint: modules.Say(r, "sharing.hint."+name), Value: modules.Value(r, name), Error: wrong[name],
	}
}

func dayField(r *http.Request, name string, wrong map[string]string) component.Field {
	return component.Field{
		ID: name, Kind: component.Appointed, Required: true, Width: component.Short, Label: modules.Say(r, "sharing.field."+name),
		Hint: modules.Say(r, "sharing.hint."+name), Value: modules.Value(r, name), Error: wrong[name],
	}
}
