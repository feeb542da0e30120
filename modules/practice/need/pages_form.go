package need

import (
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// FormPage asks for a need.
type FormPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Heading    string
	Action     string
	Hidden     []component.Hidden
	Fields     []component.Field
	Limits     []component.Field
	Button     component.Button
}

// typed are the answers as somebody wrote them.
type typed struct{ title, purpose, audience, area, budget, staff, deadline string }

func typedOf(n PracticeNeed) typed {
	t := typed{title: n.Title, purpose: n.Purpose, audience: n.Audience, area: n.Area, budget: n.Budget}
	if n.Staff != nil {
		t.staff = strconv.Itoa(*n.Staff)
	}
	if !n.Deadline.IsZero() {
		t.deadline = n.Deadline.Format(time.DateOnly)
	}
	return t
}

func typedIn(r *http.Request) typed {
	return typed{
		modules.Value(r, "title"), modules.Value(r, "purpose"), modules.Value(r, "audience"), modules.Value(r, "area"), modules.Value(r, "budget"),
		modules.Value(r, "staff"), modules.Value(r, "deadline"),
	}
}

// need reads the answers; what is no number or no day fails with problem.Invalid.
func (t typed) need() (PracticeNeed, error) {
	n := PracticeNeed{Title: t.title, Purpose: t.purpose, Audience: t.audience, Area: t.area, Budget: t.budget}
	var wrong problem.Fields
	if t.staff != "" {
		staff, err := strconv.Atoi(t.staff)
		if err != nil {
			wrong.Add("staff", "practice.need.error.staff", "n", MaxStaff)
		}
		n.Staff = &staff
	}
	if t.deadline != "" {
		day, err := time.Parse(time.DateOnly, t.deadline)
		if err != nil {
			wrong.Add("deadline", "practice.need.error.deadline")
		}
		n.Deadline = day
	}
	return n, wrong.Err()
}

func (p pages) showNew(r *http.Request, _ tenants.Scope) (modules.View, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return modules.View{}, err
	}
	return formView(r, typed{}, nil, target{id: id}), nil
}

func (p pages) create(r *http.Request, s tenants.Scope) (modules.View, error) {
	answers, at := typedIn(r), target{id: modules.FormID(r.PostFormValue("id"))}
	n, err := answers.need()
	if err == nil {
		n.ID = at.id
		n, err = p.service.Create(r.Context(), s, n)
	}
	if modules.FieldErrors(r.Context(), err) != nil {
		return formView(r, answers, err, at).Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(listPath+"/"+n.ID.String(), language.M("practice.need.saved")), nil
}

func (p pages) showEdit(r *http.Request, s tenants.Scope) (modules.View, error) {
	n, err := p.own(r, s)
	if err != nil {
		return modules.View{}, err
	}
	return formView(r, typedOf(n), nil, target{id: n.ID, title: n.Title, revision: n.Revision}), nil
}

// own is a need of the actor's body; what another has published is not there to change.
func (p pages) own(r *http.Request, s tenants.Scope) (PracticeNeed, error) {
	n, err := p.found(r, s)
	if err == nil && n.Tenant != s.Tenant {
		return PracticeNeed{}, problem.Missing()
	}
	return n, err
}

func (p pages) update(r *http.Request, s tenants.Scope) (modules.View, error) {
	before, err := p.own(r, s)
	if err != nil {
		return modules.View{}, err
	}
	revision, _ := strconv.Atoi(r.PostFormValue("version")) // what is no number meets no version
	answers, at := typedIn(r), target{id: before.ID, title: before.Title, revision: revision}
	n, err := answers.need()
	if err == nil {
		n.ID, n.Revision = before.ID, revision
		_, err = p.service.Update(r.Context(), s, n)
	}
	if modules.FieldErrors(r.Context(), err) != nil {
		return formView(r, answers, err, at).Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(listPath+"/"+before.ID.String(), language.M("practice.need.saved")), nil
}

// target is what a form is about: a new need, or one that has a title already.
type target struct {
	id       uuid.UUID
	title    string
	revision int
}

func formView(r *http.Request, t typed, err error, at target) modules.View {
	wrong := modules.FieldErrors(r.Context(), err)
	page := FormPage{
		Heading: modules.Say(r, "practice.need.new"), Action: listPath, Hidden: []component.Hidden{{Name: "id", Value: at.id.String()}},
		Button: component.Button{Label: modules.Say(r, "practice.need.save"), Emphasis: component.Primary},
		Fields: purposeFields(r, t, wrong), Limits: limitFields(r, t, wrong),
	}
	crumbs := []component.Crumb{{Label: modules.Say(r, "practice.need.list"), URL: listPath}}
	if at.title != "" {
		page.Heading, page.Action = modules.Say(r, "practice.need.edit"), listPath+"/"+at.id.String()+"/modifica"
		page.Hidden = []component.Hidden{{Name: "version", Value: strconv.Itoa(at.revision)}}
		crumbs = append(crumbs, component.Crumb{Label: at.title, URL: listPath + "/" + at.id.String()})
	}
	page.Breadcrumb = form.Crumbs(append(crumbs, component.Crumb{Label: page.Heading})...)
	page.Errors = component.Summarize(append(page.Fields, page.Limits...)...)
	if wrong[somewhere] != "" {
		page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: wrong[somewhere]})
	}
	return modules.Render("practice/need-form", language.M("practice.need.form"), page)
}

func purposeFields(r *http.Request, t typed, wrong map[string]string) []component.Field {
	ask := func(id string) (label, hint string) {
		return modules.Say(r, "practice.need."+id), modules.Say(r, "practice.need.hint."+id)
	}
	title, titleHint := ask("title")
	purpose, purposeHint := ask("purpose")
	audience, audienceHint := ask("audience")
	return []component.Field{
		{ID: "title", Label: title, Hint: titleHint, Value: t.title, Error: wrong["title"], Required: true, MaxLength: 200},
		{ID: "purpose", Kind: component.LongText, Label: purpose, Hint: purposeHint, Value: t.purpose, Error: wrong["purpose"], Required: true, MaxLength: 2000},
		{ID: "audience", Label: audience, Hint: audienceHint, Value: t.audience, Error: wrong["audience"], MaxLength: 500},
		areaField(r, t.area, wrong["area"]),
	}
}

func limitFields(r *http.Request, t typed, wrong map[string]string) []component.Field {
	budget := component.Field{
		ID: "budget", Kind: component.Select, Label: modules.Say(r, "practice.need.budget"), Value: t.budget, Error: wrong["budget"], Width: component.Medium,
	}
	for _, code := range Budgets {
		budget.Options = append(budget.Options, component.Option{Value: code, Label: modules.Say(r, "practice.need.budget."+code)})
	}
	return []component.Field{
		budget,
		{
			ID: "staff", Kind: component.Number, Label: modules.Say(r, "practice.need.staff"), Hint: modules.Say(r, "practice.need.hint.staff"), Value: t.staff,
			Error: wrong["staff"], MaxLength: 3, Width: component.Short,
		},
		{
			ID: "deadline", Kind: component.Appointed, Label: modules.Say(r, "practice.need.deadline"), Hint: modules.Say(r, "practice.need.hint.deadline"),
			Value: t.deadline, Error: wrong["deadline"],
		},
	}
}

func areaField(r *http.Request, value, wrong string) component.Field {
	field := component.Field{ID: "area", Kind: component.Select, Label: modules.Say(r, "practice.need.area"), Value: value, Error: wrong, Width: component.Medium}
	for _, code := range kit.Areas() {
		field.Options = append(field.Options, component.Option{Value: code, Label: language.SayText(r.Context(), kit.AreaLabel(code))})
	}
	return field
}
