package entry

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// otherPage is the step for a body that is no municipality.
type otherPage struct {
	formPage
	Deed *component.Link // the act that was sent before
}

func otherURL(e Entry) string { return stepURL(e.ID, BodyStep) + "/altro" }

func deedURL(e Entry) string { return stepURL(e.ID, BodyStep) + "/atto" }

func (p pages) showOther(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, away, err := p.open(r, s)
	if err != nil || away != nil {
		return p.gone(away, err)
	}
	declared := Declared{Body: e.Other}
	if e.Other.Kind != "" {
		declared.IPA = e.CorrectedIPA
	}
	return p.otherView(r, e, declared, nil), nil
}

func (p pages) saveOther(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	declared := Declared{
		Body: OtherBody{Kind: tenants.Kind(modules.Value(r, "kind")), Name: modules.Value(r, "name"), TaxCode: modules.Value(r, "tax_code")},
		IPA:  modules.Value(r, "ipa"),
	}
	if sent, isSent, err := readDeed(r); err != nil {
		return modules.View{}, err
	} else if isSent {
		declared.Upload = &sent
	}
	err = p.service.DescribeBody(r.Context(), s, id, formVersion(r), declared)
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
	return p.otherView(r, e, declared, err), nil
}

// readDeed reads the file of the form, if there is one.
func readDeed(r *http.Request) (sent Upload, isSent bool, err error) {
	file, head, err := r.FormFile("deed")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return Upload{}, false, nil
	}
	if err != nil {
		return Upload{}, false, fmt.Errorf("read the sent act: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, MaxDeed+1))
	if err != nil {
		return Upload{}, false, fmt.Errorf("read the sent act: %w", err)
	}
	return Upload{FileName: head.Filename, Content: content}, true, nil
}

func (p pages) otherView(r *http.Request, e Entry, d Declared, refused error) modules.View {
	wrong := modules.FieldErrors(r.Context(), refused)
	page := otherPage{formPage: formPage{
		frame: p.frameOf(r, e, BodyStep, e.BodyVersion), Title: modules.Say(r, "onboarding.other.title"), Intro: modules.Say(r, "onboarding.other.intro"),
		Fields: otherFields(r, e, d, wrong), Save: component.Button{Label: modules.Say(r, "onboarding.save"), Emphasis: component.Primary},
	}}
	page.Action, page.Back = otherURL(e), component.Link{Label: modules.Say(r, "onboarding.other.back"), URL: stepURL(e.ID, BodyStep)}
	page.Errors = component.Summarize(page.Fields...)
	if e.Other.Deed.Sum != "" {
		page.Deed = &component.Link{Label: e.Other.Deed.FileName, URL: deedURL(e)}
	}
	if problem.Is(refused, problem.Conflict) {
		page.conflicted(r)
	}
	return again(modules.Render("onboarding/other", language.M("onboarding.other.title"), page), refused)
}

func otherFields(r *http.Request, e Entry, d Declared, wrong map[string]string) []component.Field {
	var kinds []component.Option
	for _, kind := range otherKinds {
		kinds = append(kinds, component.Option{Value: string(kind), Label: modules.Say(r, "onboarding.kind."+string(kind))})
	}
	field := func(name, value string, f component.Field) component.Field {
		f.ID, f.Label, f.Hint, f.Value, f.Error = name, modules.Say(r, "onboarding.other."+name), modules.Say(r, "onboarding.other."+name+"_hint"), value, wrong[name]
		return f
	}
	return []component.Field{
		{ID: "kind", Kind: component.Radios, Required: true, Label: modules.Say(r, "onboarding.other.kind"), Value: string(d.Body.Kind), Options: kinds, Error: wrong["kind"]},
		field("name", d.Body.Name, component.Field{Required: true, MaxLength: 200}),
		field("ipa", d.IPA, component.Field{Required: true, MaxLength: 40, Width: component.Medium}),
		field("tax_code", d.Body.TaxCode, component.Field{Kind: component.Code, Required: true, MaxLength: 20, Width: component.Medium}),
		field("deed", "", component.Field{Kind: component.File, Required: e.Other.Deed.Sum == "", Accept: ".pdf,.png,.jpg,.jpeg"}),
	}
}

func (p pages) readDeed(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	f, err := p.service.ReadDeed(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	return modules.View{File: &modules.File{Name: f.FileName, MediaType: f.MediaType, Content: f.Content, Modified: f.At}}, nil
}

// bodySummary is the body that enters: as the register knows it, or as it was declared.
func bodySummary(r *http.Request, e Entry) component.Summary {
	if m, chosen := e.Municipality(); chosen {
		return municipalitySummary(r, m, e.IPA())
	}
	row := func(key string, values ...string) component.SummaryRow {
		return component.SummaryRow{Label: modules.Say(r, key), Values: values}
	}
	summary := component.Summary{Title: modules.Say(r, "onboarding.step.body")}
	if e.Other.Kind != "" {
		summary.Rows = []component.SummaryRow{
			row("onboarding.other.kind", modules.Say(r, "onboarding.kind."+string(e.Other.Kind))), row("onboarding.other.name", e.Other.Name),
			row("onboarding.body.ipa", e.IPA()), row("onboarding.other.tax_code", e.Other.TaxCode), row("onboarding.other.deed", e.Other.Deed.FileName),
		}
	}
	return summary
}
