package entry

import (
	"net/http"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// bodyPage is the step in which the municipality is found.
type bodyPage struct {
	frame
	Chosen  *component.Summary
	Correct *ipaForm
	Other   component.Link // for a body that is no municipality
	Query   component.Field
	Search  component.Button
	Asked   bool
	Shown   string
	Found   []foundBody
	None    component.Empty
}

// ipaForm corrects the code of the body; it stays folded until somebody needs it.
type ipaForm struct {
	Action string
	IPA    component.Field
	Save   component.Button
}

func correctIPA(r *http.Request, e Entry, refused error) *ipaForm {
	f := &ipaForm{
		Action: stepURL(e.ID, BodyStep) + "/ipa", Save: component.Button{Label: modules.Say(r, "onboarding.body.ipa_save")},
		IPA: component.Field{
			ID: "ipa", Label: modules.Say(r, "onboarding.body.ipa"), Hint: modules.Say(r, "onboarding.body.ipa_hint"), Value: e.IPA(),
			Required: true, MaxLength: 40, Width: component.Medium, Error: modules.FieldErrors(r.Context(), refused)["ipa"],
		},
	}
	if refused != nil && r.PostForm.Has("ipa") {
		f.IPA.Value = modules.Value(r, "ipa")
	}
	if problem.Is(refused, problem.Conflict) && f.IPA.Value != e.IPA() {
		f.IPA.Hint = modules.Say(r, "onboarding.conflict.now", "value", e.IPA())
	}
	return f
}

// Open unfolds the form when there is something to say about what was written.
func (f ipaForm) Open() bool { return f.IPA.Error != "" }

// fields are those of the page that can be at fault.
func (p bodyPage) fields() []component.Field {
	fields := []component.Field{p.Query}
	if p.Correct != nil {
		fields = append(fields, p.Correct.IPA)
	}
	return fields
}

// foundBody is a municipality that can be chosen, or has a body already.
type foundBody struct {
	Name   string
	Facts  string
	ISTAT  string
	Taken  *component.Tag
	Enter  *component.Link
	Choose component.Button
}

func (p pages) showBody(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, away, err := p.open(r, s)
	if err != nil || away != nil {
		return p.gone(away, err)
	}
	return p.bodyView(r, e, nil)
}

func (p pages) bodyView(r *http.Request, e Entry, refused error) (modules.View, error) {
	query := modules.Value(r, "q")
	if query == "" {
		query = r.URL.Query().Get("q")
	}
	page := bodyPage{
		frame: p.frameOf(r, e, BodyStep, e.BodyVersion), Asked: query != "",
		Query: component.Field{
			ID: "q", Label: modules.Say(r, "onboarding.body.query"), Hint: modules.Say(r, "onboarding.body.query_hint"), Value: query,
			Required: true, MaxLength: maxQuery, Width: component.Medium, Error: modules.FieldErrors(r.Context(), refused)["municipality"],
		},
		Search: component.Button{Label: modules.Say(r, "onboarding.body.search"), Emphasis: component.Primary},
		None:   component.Empty{Title: modules.Say(r, "onboarding.body.none"), Text: modules.Say(r, "onboarding.body.none_text")},
	}
	page.Other = component.Link{Label: modules.Say(r, "onboarding.other.link"), URL: otherURL(e)}
	if modules.FieldErrors(r.Context(), refused) == nil && refused != nil {
		page.conflicted(r)
	}
	if e.Other.Kind != "" {
		summary := bodySummary(r, e)
		page.Chosen = &summary
	}
	if m, chosen := e.Municipality(); chosen {
		summary := municipalitySummary(r, m, e.IPA())
		page.Chosen = &summary
		page.Correct = correctIPA(r, e, refused)
	}
	page.Errors = component.Summarize(page.fields()...)
	found, more, err := p.service.FindMunicipalities(r.Context(), query)
	if err != nil {
		return modules.View{}, err
	}
	page.Shown = modules.Say(r, "onboarding.body.shown", "n", len(found))
	if more {
		page.Shown = modules.Say(r, "onboarding.body.more", "n", len(found))
	}
	for _, c := range found {
		page.Found = append(page.Found, foundBodyOf(r, c))
	}
	return again(modules.Render("onboarding/body", language.M("onboarding.step.body"), page), refused), nil
}

func foundBodyOf(r *http.Request, c Candidate) foundBody {
	f := foundBody{
		Name: c.Name, ISTAT: c.ISTAT,
		Facts:  modules.Say(r, "onboarding.body.facts", "province", c.Province, "region", c.Region, "istat", c.ISTAT, "belfiore", c.Belfiore, "ipa", c.IPA()),
		Choose: component.Button{Label: modules.Say(r, "onboarding.body.choose"), Hidden: c.Name},
	}
	if c.Taken {
		f.Taken = &component.Tag{Label: modules.Say(r, "onboarding.body.present"), Tone: component.Warning}
	}
	if c.Slug != "" {
		f.Enter = &component.Link{Label: modules.Say(r, "onboarding.body.enter"), Hidden: c.Name, URL: "/" + c.Slug}
	}
	return f
}

// municipalitySummary proposes what the register knows, so that nothing has to be typed.
func municipalitySummary(r *http.Request, m register.Municipality, ipa string) component.Summary {
	row := func(key string, values ...string) component.SummaryRow {
		if values[0] == "" {
			values = nil
		}
		return component.SummaryRow{Label: modules.Say(r, key), Values: values}
	}
	return component.Summary{Title: modules.Say(r, "onboarding.step.body"), Rows: []component.SummaryRow{
		row("onboarding.body.name", m.Name), row("onboarding.body.province", m.ProvinceName+" ("+m.Province+")"),
		row("onboarding.body.region", m.Region), row("onboarding.body.istat", m.ISTAT), row("onboarding.body.belfiore", m.Belfiore),
		row("onboarding.body.ipa", ipa),
	}}
}

func (p pages) chooseBody(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	return p.bodySaved(r, s, id, p.service.ChooseMunicipality(r.Context(), s, id, formVersion(r), modules.Value(r, "municipality")))
}

func (p pages) correctIPA(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	return p.bodySaved(r, s, id, p.service.CorrectIPA(r.Context(), s, id, formVersion(r), modules.Value(r, "ipa")))
}

// bodySaved leads on from the step, or shows it again with why it was refused.
func (p pages) bodySaved(r *http.Request, s tenants.Scope, id uuid.UUID, err error) (modules.View, error) {
	if err == nil {
		return saved(r, id, language.M("onboarding.body.done")), nil
	}
	if !isForForm(err) {
		return modules.View{}, err
	}
	e, getErr := p.service.Get(r.Context(), s, id)
	if getErr != nil {
		return modules.View{}, getErr
	}
	return p.bodyView(r, e, err)
}
