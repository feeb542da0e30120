package privacy

import (
	"net/http"
	"slices"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/privacy/paper"
	"staffetta/tenants"
)

// The parts of the sheet, a form each.
const (
	partWho   = "chi"
	partWords = "valutazione"
)

var parts = []string{partWho, partWords}

// sheetPage is the form of one part of what a body says.
type sheetPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Alert      *component.Alert
	Title      string
	Intro      string
	Action     string
	Version    string
	Groups     []modules.FieldGroup
	Button     component.Button
}

func (p *pages) form(r *http.Request, s tenants.Scope) (modules.View, error) {
	sheet, err := p.service.Get(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	return sheetView(r, sheet, nil)
}

func sheetView(r *http.Request, sheet paper.Sheet, refused error) (modules.View, error) {
	part := r.PathValue("part")
	if !slices.Contains(parts, part) {
		return modules.View{}, problem.Missing()
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	title := modules.Say(r, "onboarding.privacy.part."+part)
	page := sheetPage{
		Breadcrumb: crumbs(r, title), Title: title, Intro: modules.Say(r, "onboarding.privacy.part_text."+part), Action: at + "/dati/" + part,
		Version: strconv.Itoa(sheet.Version), Button: component.Button{Label: modules.Say(r, "onboarding.privacy.save"), Emphasis: component.Primary},
	}
	if page.Groups = wordsGroups(r, sheet, wrong); part == partWho {
		page.Groups = whoGroups(r, sheet, wrong)
	}
	for _, group := range page.Groups {
		page.Errors.Errors = append(page.Errors.Errors, component.Summarize(group.Fields...).Errors...)
	}
	view := modules.Render("onboarding/privacy-sheet", language.M("onboarding.privacy.part."+part), page)
	if problem.Is(refused, problem.Conflict) {
		page.Alert = &component.Alert{Tone: component.Warning, Title: modules.Say(r, "onboarding.conflict.title"), Text: modules.Say(r, "onboarding.conflict.text")}
		view.Data, view.Status = page, http.StatusConflict
	} else if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

// field completes a field with its words and what is wrong in it.
func field(r *http.Request, wrong map[string]string, f component.Field) component.Field {
	f.Label, f.Error = modules.Say(r, "onboarding.privacy.field."+f.ID), wrong[f.ID]
	return f
}

func whoGroups(r *http.Request, sheet paper.Sheet, wrong map[string]string) []modules.FieldGroup {
	d, p := sheet.DPO, sheet.Provider
	return []modules.FieldGroup{
		{Title: modules.Say(r, "onboarding.privacy.group.dpo"), Help: modules.Say(r, "onboarding.privacy.group.dpo_help"), Fields: []component.Field{
			field(r, wrong, component.Field{Depends: true, ID: "rpd", Value: d.Name, MaxLength: 200}),
			field(r, wrong, component.Field{Depends: true, ID: "rpd_email", Kind: component.Email, Value: d.Email, MaxLength: 254}),
			field(r, wrong, component.Field{Depends: true, ID: "rpd_telefono", Kind: component.Phone, Value: d.Phone, MaxLength: 40, Width: component.Medium}),
		}},
		{Title: modules.Say(r, "onboarding.privacy.group.provider"), Help: modules.Say(r, "onboarding.privacy.group.provider_help"), Fields: []component.Field{
			field(r, wrong, component.Field{Depends: true, ID: "gestore", Value: p.Name, MaxLength: 200}),
			field(r, wrong, component.Field{Depends: true, ID: "gestore_recapiti", Value: p.Contact, MaxLength: 300}),
			field(r, wrong, component.Field{Depends: true, ID: "gestore_atto", Value: p.Act, MaxLength: 300, Hint: modules.Say(r, "onboarding.privacy.hint.gestore_atto")}),
		}},
		{Title: modules.Say(r, "onboarding.privacy.group.processors"), Fields: []component.Field{
			field(r, wrong, component.Field{ID: "responsabili", Kind: component.LongText, Rows: 5, Value: paper.Lines(sheet.Processors), Hint: modules.Say(r, "onboarding.privacy.hint.responsabili")}),
		}},
	}
}

func wordsGroups(r *http.Request, sheet paper.Sheet, wrong map[string]string) []modules.FieldGroup {
	var group modules.FieldGroup
	for _, one := range []struct{ id, value string }{
		{"necessita", sheet.Judgement.Need}, {"rischi", sheet.Judgement.Risks}, {"pareri", sheet.Judgement.Views}, {"decisione", sheet.Judgement.Decision},
	} {
		group.Fields = append(group.Fields, field(r, wrong, component.Field{
			ID: one.id, Kind: component.LongText, Rows: 6, Value: one.value, MaxLength: 5000, Hint: modules.Say(r, "onboarding.privacy.hint."+one.id),
		}))
	}
	group.Title = modules.Say(r, "onboarding.privacy.group.words")
	return []modules.FieldGroup{group}
}

func (p *pages) save(r *http.Request, s tenants.Scope) (modules.View, error) {
	sheet, err := p.service.Get(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	last := sheet.Version
	if sheet.Version, err = strconv.Atoi(r.PostFormValue("version")); err != nil || sheet.Version < 0 {
		return modules.View{}, problem.New(problem.Conflict, "web.error.conflict")
	}
	if err := read(r, &sheet); err != nil {
		return modules.View{}, err
	}
	err = p.service.Save(r.Context(), s, sheet)
	switch {
	case problem.Is(err, problem.Conflict):
		sheet.Version = last // what was written stays on the page, and is saved over what is there now
		return sheetView(r, sheet, err)
	case problem.Is(err, problem.Invalid):
		return sheetView(r, sheet, err)
	case err != nil:
		return modules.View{}, err
	default:
		return modules.Redirect(at, language.M("onboarding.privacy.saved")), nil
	}
}

// read puts the answers of one form into the sheet.
func read(r *http.Request, sheet *paper.Sheet) error {
	value := func(name string) string { return modules.Value(r, name) }
	switch r.PathValue("part") {
	case partWho:
		sheet.DPO = paper.Officer{Name: value("rpd"), Email: value("rpd_email"), Phone: value("rpd_telefono")}
		sheet.Provider = paper.Provider{Name: value("gestore"), Contact: value("gestore_recapiti"), Act: value("gestore_atto")}
		sheet.Processors = paper.ParseLines(value("responsabili"))
	case partWords:
		sheet.Judgement = paper.Judgement{Need: value("necessita"), Risks: value("rischi"), Views: value("pareri"), Decision: value("decisione")}
	default:
		return problem.Missing()
	}
	return nil
}
