package profile

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// at is where a body writes how it shows itself, and crestPath where its crest is.
const (
	at        = "/console/identita"
	crestPath = "/stemma"
)

type pages struct {
	service *Service
}

// Pages are the pages of a body's profile.
func Pages(v *Service) []modules.Page {
	p := &pages{service: v}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Write, Nav: &modules.Nav{Label: "onboarding.profile.nav", Order: 10, About: "onboarding.profile.about"}, Handle: p.show},
		{Pattern: "POST " + at, Permission: Write, MaxBody: MaxCrest + 64<<10, Handle: p.save},
		{Pattern: "GET " + crestPath, Permission: policies.Public, Handle: p.crest},
	}
}

// profilePage is the form of a profile.
type profilePage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Alert      *component.Alert
	Outdated   []component.Alert // what says no longer what the profile says
	Version    string
	Crest      string // where the present one is; "" for none
	Groups     []modules.FieldGroup
	Domain     component.Link
	Button     component.Button
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	body, err := p.service.Propose(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	view := p.view(r, body, body.Profile, nil)
	page, _ := view.Data.(profilePage)
	if page.Outdated, err = p.outdated(r, s); err != nil {
		return modules.View{}, err
	}
	view.Data = page
	return view, nil
}

// outdated leads to what says no longer what the profile says, as the privacy documents.
func (p *pages) outdated(r *http.Request, s tenants.Scope) ([]component.Alert, error) {
	if p.service.deps.Platform.Console == nil {
		return nil, nil
	}
	all, err := p.service.deps.Platform.Console.Find(r.Context(), s)
	var alerts []component.Alert
	for _, one := range all {
		if one.Stale && one.May {
			alerts = append(alerts, component.Alert{
				Tone: component.Info, Title: modules.Say(r, one.Title), Text: language.Say(r.Context(), one.Text),
				Link: &component.Link{Label: modules.Say(r, "onboarding.profile.look"), Hidden: modules.Say(r, one.Title), URL: one.Path},
			})
		}
	}
	return alerts, err
}

func (p *pages) view(r *http.Request, body tenants.Tenant, shown tenants.Profile, refused error) modules.View {
	page := profilePage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.console.title"), URL: "/console"}, {Label: modules.Say(r, "onboarding.profile.title")}}},
		Domain:     component.Link{Label: modules.Say(r, "onboarding.domain.from_profile"), URL: "/console/indirizzo-web"},
		Version:    strconv.Itoa(shown.Version), Button: component.Button{Label: modules.Say(r, "onboarding.profile.save"), Emphasis: component.Primary},
	}
	if body.Profile.Crest != "" {
		page.Crest = crestPath
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	page.Groups = []modules.FieldGroup{
		{Title: modules.Say(r, "onboarding.profile.group.contact"), Help: modules.Say(r, "onboarding.profile.group.contact_help"), Fields: contactFields(r, shown, wrong)},
		{Title: modules.Say(r, "onboarding.profile.group.look"), Fields: lookFields(r, page.Crest != "", shown, wrong)},
		{Title: modules.Say(r, "onboarding.profile.group.legal"), Fields: []component.Field{
			field(r, wrong, component.Field{ID: "accessibilita", Value: shown.Accessibility, MaxLength: 200, Hint: modules.Say(r, "onboarding.profile.hint.accessibilita")}),
		}},
	}
	for _, group := range page.Groups {
		page.Errors.Errors = append(page.Errors.Errors, component.Summarize(group.Fields...).Errors...)
	}
	view := modules.Render("onboarding/profile", language.M("onboarding.profile.title"), page)
	switch {
	case problem.Is(refused, problem.Conflict):
		page.Alert = &component.Alert{Tone: component.Warning, Title: modules.Say(r, "onboarding.conflict.title"), Text: modules.Say(r, "onboarding.conflict.text")}
		view.Data, view.Status = page, http.StatusConflict
	case refused != nil:
		view = view.Refused()
	case shown.Version == 0 && shown != (tenants.Profile{}):
		page.Alert = &component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.profile.proposed"), Text: modules.Say(r, "onboarding.profile.proposed_text")}
		view.Data = page
	}
	return view
}

// field completes a field with its words and what is wrong in it.
func field(r *http.Request, wrong map[string]string, f component.Field) component.Field {
	f.Label, f.Error = modules.Say(r, "onboarding.profile.field."+f.ID), wrong[f.ID]
	return f
}

func contactFields(r *http.Request, p tenants.Profile, wrong map[string]string) []component.Field {
	return []component.Field{
		field(r, wrong, component.Field{ID: "indirizzo", Value: p.Address, MaxLength: 200, Depends: true, Hint: modules.Say(r, "onboarding.profile.hint.indirizzo")}),
		field(r, wrong, component.Field{ID: "telefono", Kind: component.Phone, Value: p.Phone, MaxLength: 40, Depends: true, Hint: modules.Say(r, "onboarding.profile.hint.telefono"), Width: component.Medium}),
		field(r, wrong, component.Field{ID: "email", Kind: component.Email, Value: p.Email, MaxLength: 254, Depends: true, Hint: modules.Say(r, "onboarding.profile.hint.email")}),
		field(r, wrong, component.Field{ID: "sito", Value: p.Website, MaxLength: 200, Hint: modules.Say(r, "onboarding.profile.hint.sito")}),
	}
}

func lookFields(r *http.Request, crested bool, p tenants.Profile, wrong map[string]string) []component.Field {
	colours := field(r, wrong, component.Field{ID: "colore", Kind: component.Radios})
	for _, theme := range tenants.Themes {
		colours.Options = append(colours.Options, component.Option{Value: theme, Label: modules.Say(r, "onboarding.profile.colour."+themeWord(theme)), Selected: theme == p.Theme})
	}
	fields := []component.Field{
		field(r, wrong, component.Field{ID: "sottotitolo", Value: p.Subtitle, MaxLength: 80, Hint: modules.Say(r, "onboarding.profile.hint.sottotitolo")}),
		colours,
		field(r, wrong, component.Field{ID: "stemma", Kind: component.File, Accept: "image/png,image/jpeg", Hint: modules.Say(r, "onboarding.profile.hint.stemma", "kb", MaxCrest>>10)}),
	}
	if crested {
		fields = append(fields, field(r, wrong, component.Field{ID: "togli", Kind: component.Checkboxes, Options: []component.Option{{Value: "si", Label: modules.Say(r, "onboarding.profile.field.togli")}}}))
	}
	return fields
}

func themeWord(theme string) string {
	if theme == "" {
		return "blu"
	}
	return theme
}

func (p *pages) save(r *http.Request, s tenants.Scope) (modules.View, error) {
	body, err := p.service.Get(s)
	if err != nil {
		return modules.View{}, err
	}
	picture, err := readPicture(r)
	if err != nil {
		return modules.View{}, err
	}
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		version = -1 // one that nobody has saved
	}
	c := Change{Picture: picture, Bare: modules.Value(r, "togli") == "si", Profile: tenants.Profile{
		Version: version, Subtitle: modules.Value(r, "sottotitolo"), Theme: modules.Value(r, "colore"), Address: modules.Value(r, "indirizzo"),
		Phone: modules.Value(r, "telefono"), Email: modules.Value(r, "email"), Website: modules.Value(r, "sito"), Accessibility: modules.Value(r, "accessibilita"),
	}}
	err = p.service.Save(r.Context(), s, c)
	switch {
	case problem.Is(err, problem.Conflict):
		c.Version = body.Profile.Version // what was written stays on the page, and is saved over what is there now
		return p.view(r, body, c.Profile, err), nil
	case problem.Is(err, problem.Invalid):
		return p.view(r, body, c.Profile, err), nil
	case err != nil:
		return modules.View{}, err
	default:
		return modules.Redirect(at, language.M("onboarding.profile.saved")), nil
	}
}

// readPicture reads the file of the form; nil where none was chosen.
func readPicture(r *http.Request) ([]byte, error) {
	file, head, err := r.FormFile("stemma")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) || err == nil && head.Size == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the sent crest: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, MaxCrest+1))
	if err != nil {
		return nil, fmt.Errorf("read the sent crest: %w", err)
	}
	return content, nil
}

func (p *pages) crest(r *http.Request, s tenants.Scope) (modules.View, error) {
	content, format, err := p.service.Crest(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	return modules.View{File: &modules.File{MediaType: format, Content: content, Inline: true}, Public: true}, nil
}
