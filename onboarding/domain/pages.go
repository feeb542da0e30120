package domain

import (
	"net/http"
	"net/url"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const at = "/console/indirizzo-web"

type pages struct {
	service *Service
}

// Pages are the pages of a body's own address.
func Pages(v *Service) []modules.Page {
	p := &pages{v}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Write, Nav: &modules.Nav{Label: "onboarding.domain.nav", Order: 11, About: "onboarding.domain.about"}, Handle: p.show},
		{Pattern: "POST " + at, Permission: Write, Handle: p.ask},
		{Pattern: "POST " + at + "/controlla", Permission: Write, Handle: p.check},
		{Pattern: "GET " + at + "/togli", Permission: Write, Handle: p.confirm},
		{Pattern: "POST " + at + "/togli", Permission: Write, Handle: p.remove},
	}
}

// domainPage is the address of a body: to be asked for, to be shown, or there.
type domainPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Here       string // where the body's pages are anyway
	Ask        *askForm
	Alert      *component.Alert
	Own        *ownPart
}

// askForm asks for an address.
type askForm struct {
	Field  component.Field
	Button component.Button
}

// ownPart is an address with what is to do in the DNS. Letter says it for who does that.
type ownPart struct {
	Host    string
	Address string // of its pages; "" while they are not there
	Records component.Table
	Letter  *component.Field // nil where nothing is left to do
	Checked string           // when it was last looked at
	Check   *component.Button
	Remove  *component.Link
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	d, err := p.service.Get(r.Context(), s)
	switch {
	case problem.Is(err, problem.NotFound):
		return p.empty(r, s, nil)
	case err != nil:
		return modules.View{}, err
	}
	body, err := p.service.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return modules.View{}, err
	}
	page := p.page(r, s)
	page.Alert, page.Own = alertOf(r, d, body), p.own(r, d)
	if d.State == Confirmed && !body.Trial() {
		page.Own.Address = p.service.Address(d.Host)
	}
	return modules.Render("onboarding/domain", language.M("onboarding.domain.title"), page), nil
}

func (p *pages) page(r *http.Request, s tenants.Scope) domainPage {
	return domainPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.console.title"), URL: "/console"}, {Label: modules.Say(r, "onboarding.domain.title")}}},
		Here:       strings.TrimSuffix(p.service.base.String(), "/") + "/" + s.Slug + "/",
	}
}

// empty asks for an address; refused says what was wrong with the one that was written.
func (p *pages) empty(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	body, err := p.service.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return modules.View{}, err
	}
	page := p.page(r, s)
	page.Ask = &askForm{
		Field: component.Field{
			ID: "indirizzo", Label: modules.Say(r, "onboarding.domain.field"), Hint: modules.Say(r, "onboarding.domain.hint"), Value: proposed(body), Required: true, MaxLength: 253,
			Error: modules.FieldErrors(r.Context(), refused)["indirizzo"],
		},
		Button: component.Button{Label: modules.Say(r, "onboarding.domain.ask"), Emphasis: component.Primary},
	}
	if refused == nil {
		return modules.Render("onboarding/domain", language.M("onboarding.domain.title"), page), nil
	}
	page.Ask.Field.Value = modules.Value(r, "indirizzo")
	page.Errors = component.Summarize(page.Ask.Field)
	return modules.Render("onboarding/domain", language.M("onboarding.domain.title"), page).Refused(), nil
}

// proposed is the address that a municipality has by the rules for its site, beside the one that it says its site has.
func proposed(body tenants.Tenant) string {
	site, err := url.Parse(body.Profile.Website)
	if err != nil || site.Hostname() == "" {
		return ""
	}
	host, fault := readHost("servizi." + strings.TrimPrefix(site.Hostname(), "www."))
	if fault != "" {
		return ""
	}
	return host
}

// alertOf says in a sentence or two how an address stands.
func alertOf(r *http.Request, d Domain, body tenants.Tenant) *component.Alert {
	say := func(tone component.Tone, key string) *component.Alert {
		return &component.Alert{Tone: tone, Title: modules.Say(r, "onboarding.domain."+key), Text: modules.Say(r, "onboarding.domain."+key+"_text", "host", d.Host, "reason", d.Blocked)}
	}
	switch {
	case d.Blocked != "":
		return say(component.Danger, "blocked")
	case d.State == Suspended:
		return say(component.Warning, "suspended")
	case d.State == Confirmed && d.Misses > 0:
		return say(component.Warning, "missing")
	case d.State == Confirmed && body.Trial():
		return say(component.Success, "waiting")
	case d.State == Confirmed:
		return say(component.Success, "confirmed")
	case d.Record == Unanswered || d.Lead == Unanswered:
		return say(component.Warning, "unanswered")
	case d.State == Asked && !d.CheckedAt.IsZero() && (d.Record == Done || d.Lead == Done):
		return say(component.Info, "half")
	}
	return say(component.Info, "asked")
}

func (p *pages) own(r *http.Request, d Domain) *ownPart {
	own := &ownPart{Host: d.Host, Records: p.records(r, d), Check: &component.Button{Label: modules.Say(r, "onboarding.domain.check_now"), Emphasis: component.Primary}}
	if !d.CheckedAt.IsZero() {
		own.Checked = modules.Say(r, "onboarding.domain.checked", "at", d.CheckedAt.In(language.Rome).Format("02/01/2006, 15:04"))
	}
	if d.Blocked != "" {
		own.Check = nil
		return own
	}
	own.Remove = &component.Link{Label: modules.Say(r, "onboarding.domain.remove"), URL: at + "/togli"}
	if d.State != Confirmed || d.Misses > 0 {
		own.Letter = &component.Field{
			ID: "lettera", Kind: component.LongText, Rows: 17, ReadOnly: true, Label: modules.Say(r, "onboarding.domain.letter"), Hint: modules.Say(r, "onboarding.domain.letter_hint"),
			Value: p.letter(r, d),
		}
	} else {
		own.Check.Emphasis = ""
	}
	return own
}

// lead is the record by which the host leads to the platform.
func (p *pages) lead(r *http.Request, d Domain) (kind, value string) {
	lead := p.service.LeadOf(d)
	if lead.Same {
		return lead.Kind, modules.Say(r, "onboarding.domain.same", "target", lead.Value)
	}
	return lead.Kind, lead.Value
}

func (p *pages) letter(r *http.Request, d Domain) string {
	kind, value := p.lead(r, d)
	return modules.Say(r, "onboarding.domain.letter_text", "host", d.Host, "name", d.RecordName(), "text", d.RecordText(), "kind", kind, "value", value)
}

func (p *pages) records(r *http.Request, d Domain) component.Table {
	t := component.Table{ID: "righe", Caption: modules.Say(r, "onboarding.domain.records"), Hidden: true, Cards: true}
	for _, key := range []string{"name", "kind", "value", "found"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "onboarding.domain.column_"+key)})
	}
	row := func(name, kind, value string, found Answer) component.Row {
		return component.Row{Cells: []component.Cell{{Text: name}, {Text: kind}, {Text: value}, {Tags: []component.Tag{foundTag(r, d, found)}}}}
	}
	kind, value := p.lead(r, d)
	t.Rows = []component.Row{row(d.RecordName(), "TXT", d.RecordText(), d.Record), row(d.Host, kind, value, d.Lead)}
	return t
}

func foundTag(r *http.Request, d Domain, found Answer) component.Tag {
	switch {
	case d.CheckedAt.IsZero():
		return component.Tag{Label: modules.Say(r, "onboarding.domain.found_unknown")}
	case found == Done:
		return component.Tag{Label: modules.Say(r, "onboarding.domain.found_done"), Tone: component.Success}
	}
	return component.Tag{Label: modules.Say(r, "onboarding.domain.found_"+string(found)), Tone: component.Warning}
}

func (p *pages) ask(r *http.Request, s tenants.Scope) (modules.View, error) {
	err := p.service.Ask(r.Context(), s, modules.Value(r, "indirizzo"))
	if problem.Is(err, problem.Invalid) {
		return p.empty(r, s, err)
	}
	return answer(err, "onboarding.domain.asked_now")
}

func (p *pages) check(r *http.Request, s tenants.Scope) (modules.View, error) {
	d, err := p.service.Check(r.Context(), s)
	switch {
	case err != nil:
		return answer(err, "")
	case d.Holds():
		return modules.Redirect(at, language.M("onboarding.domain.found_now")), nil
	case d.missed():
		return modules.TurnBack(at, language.M("onboarding.domain.not_yet")), nil
	}
	return modules.TurnBack(at, language.M("onboarding.domain.no_answer")), nil
}

func (p *pages) confirm(r *http.Request, s tenants.Scope) (modules.View, error) {
	d, err := p.service.Get(r.Context(), s)
	if problem.Is(err, problem.NotFound) { // it has been removed meanwhile
		return modules.View{Redirect: at}, nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Render("onboarding/domain-remove", language.M("onboarding.domain.remove_title", "host", d.Host), component.Confirm{
		Title: modules.Say(r, "onboarding.domain.remove_title", "host", d.Host), Text: []string{modules.Say(r, "onboarding.domain.remove_text")},
		Action: at + "/togli", Button: component.Button{Label: modules.Say(r, "onboarding.domain.remove"), Emphasis: component.Grave}, CancelURL: at,
	}), nil
}

func (p *pages) remove(r *http.Request, s tenants.Scope) (modules.View, error) {
	return answer(p.service.Remove(r.Context(), s), "onboarding.domain.removed")
}

// answer leads back, and says what was done or why it was not.
func answer(err error, done string) (modules.View, error) {
	switch {
	case problem.Is(err, problem.Conflict), problem.Is(err, problem.TooMany):
		return modules.TurnBack(at, problem.Of(err).Message), nil
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M(done)), nil
}
