package member

import (
	"net/http"
	"slices"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/office"
	"staffetta/tenants"
)

// admitPage lets somebody in.
type admitPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Action string
	ID     string
	Fields []component.Field
	Save   component.Button
}

func (p *pages) begin(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.admitView(r, s, nil)
}

func (p *pages) admitView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	offices, err := p.offices.FindOpen(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	title := modules.Say(r, "onboarding.member.admit")
	page := admitPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.member.title"), URL: at}, {Label: title}}},
		Action:     at + "/nuova", ID: modules.FormID(r.PostFormValue("id")).String(), Save: component.Button{Label: title, Emphasis: component.Primary},
		Fields: modules.Filled(r, refused, append([]component.Field{
			{ID: "nome", Label: modules.Say(r, "onboarding.member.name"), Hint: modules.Say(r, "onboarding.member.name_hint"), Required: true, MaxLength: 120, Width: component.Medium},
			{ID: "codice", Kind: component.Code, Label: modules.Say(r, "onboarding.member.code"), Hint: modules.Say(r, "onboarding.member.code_hint"), Required: true, MaxLength: 40, Width: component.Medium},
			p.service.RolesField(r, s),
		}, TermFields(r, offices)...)...),
	}
	view := modules.Render("onboarding/admit", language.M("onboarding.member.admit"), &page)
	return page.Explain(r, view, refused, page.Fields...), nil
}

// RolesField chooses among the roles that the body can give.
func (v *Service) RolesField(r *http.Request, s tenants.Scope) component.Field {
	roles := component.Field{ID: "ruoli", Kind: component.Checkboxes, Required: true, Label: modules.Say(r, "onboarding.member.roles"), Hint: modules.Say(r, "onboarding.member.roles_hint")}
	for _, role := range v.deps.Policies.GivenRoles(s.Tenant) {
		roles.Options = append(roles.Options, component.Option{
			Value: role.ID, Label: v.label(r.Context(), s, role.ID), Hint: language.SayText(r.Context(), role.About), Selected: slices.Contains(r.PostForm["ruoli"], role.ID),
		})
	}
	return roles
}

// TermFields ask at which office and for which days somebody gets roles; a body without offices is not asked for one.
func TermFields(r *http.Request, offices []office.Office) []component.Field {
	fields := []component.Field{
		{ID: "dal", Kind: component.Appointed, Label: modules.Say(r, "onboarding.member.from"), Hint: modules.Say(r, "onboarding.member.from_hint")},
		{ID: "al", Kind: component.Appointed, Label: modules.Say(r, "onboarding.member.to"), Hint: modules.Say(r, "onboarding.member.to_hint")},
	}
	if len(offices) == 0 {
		return fields
	}
	place := component.Field{ID: "sede", Kind: component.Select, Label: modules.Say(r, "onboarding.member.office"), Hint: modules.Say(r, "onboarding.member.office_hint"), Width: component.Medium}
	for _, o := range offices {
		place.Options = append(place.Options, component.Option{Value: strconv.Itoa(int(o.ID)), Label: o.Name})
	}
	return append([]component.Field{place}, fields...)
}

// ReadOffice reads the number of an office, 0 for none. Error: problem.Invalid at its field.
func ReadOffice(text string) (int32, error) {
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(text, 10, 32)
	if err != nil || id < 1 {
		var wrong problem.Fields
		wrong.Add("sede", "web.field.choice")
		return 0, wrong.Err()
	}
	return int32(id), nil
}

// ReadTerm reads roles, office and days of a form. Errors: problem.Invalid by field.
func ReadTerm(r *http.Request) (t Term, err error) {
	t.Roles = slices.Clone(r.PostForm["ruoli"]) // the form is parsed by now
	if t.From, t.To, err = Days(modules.Value(r, "dal"), modules.Value(r, "al")); err != nil {
		return t, err
	}
	t.Office, err = ReadOffice(modules.Value(r, "sede"))
	return t, err
}

func (p *pages) admit(r *http.Request, s tenants.Scope) (modules.View, error) {
	term, err := ReadTerm(r)
	if err == nil {
		_, err = p.service.Admit(r.Context(), s, Admission{
			ID: modules.FormID(r.PostFormValue("id")), Name: modules.Value(r, "nome"), TaxCode: modules.Value(r, "codice"), Term: term,
		})
	}
	switch {
	case modules.IsAnswered(err):
		return p.admitView(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M("onboarding.member.admitted")), nil
}
