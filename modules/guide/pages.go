package guide

import (
	"net/http"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct {
	service *Service
	bodies  *tenants.Directory
}

func (p pages) list() []modules.Page {
	return []modules.Page{
		{
			Pattern: "GET /servizi", Permission: policies.Public, Handle: p.showServices,
			Nav: &modules.Nav{Label: "guide.nav", Order: 90},
		},
		{Pattern: "GET /servizi/{key}", Permission: policies.Public, Handle: p.showService},
		{Pattern: "GET /servizi/{key}/condizioni", Permission: policies.Public, Handle: p.showConditions},
		{
			Pattern: "GET " + listingsPath, Permission: mayShow, Handle: p.showListings,
			Nav: &modules.Nav{Label: "guide.listing.nav", Order: 82},
		},
		{Pattern: "POST " + listingsPath, Permission: mayShow, Handle: p.show},
	}
}

// listingsPath is where people choose what citizens see, and mayShow the permission for it.
const (
	listingsPath = "/guida"
	mayShow      = "item:write"
)

// ServicesPage is the list of services with its filter.
type ServicesPage struct {
	Settings
	Text   component.Field
	Area   component.Field
	Button component.Button
	Count  int
	Cards  component.Cards
	Empty  component.Empty
}

func (p pages) showServices(r *http.Request, s tenants.Scope) (modules.View, error) {
	q := Query{Text: r.URL.Query().Get("q"), Area: r.URL.Query().Get("area")}
	sheets, areas, err := p.service.Find(r.Context(), s, q)
	if err != nil {
		return modules.View{}, err
	}
	settings, err := p.service.GetSettings(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := ServicesPage{
		Settings: settings,
		Text:     component.Field{ID: "q", Label: modules.Say(r, "guide.filter.text"), Value: q.Text, MaxLength: 100, Width: component.Medium},
		Area:     component.Field{ID: "area", Kind: component.Select, Label: modules.Say(r, "guide.filter.area"), Value: q.Area, Width: component.Medium},
		Button:   component.Button{Label: modules.Say(r, "guide.filter.apply"), Emphasis: component.Primary},
		Count:    len(sheets), Cards: component.Cards{Level: 2},
		Empty: component.Empty{Title: modules.Say(r, "guide.empty"), Text: modules.Say(r, "guide.empty_text")},
	}
	if len(areas) > 0 {
		page.Empty = component.Empty{
			Title: modules.Say(r, "guide.none"), Action: &component.Link{Label: modules.Say(r, "guide.filter.clear"), URL: "/servizi"},
		}
	}
	for _, area := range areas {
		page.Area.Options = append(page.Area.Options, component.Option{Value: area, Label: language.SayText(r.Context(), kit.AreaLabel(area))})
	}
	for _, sheet := range sheets {
		title, lang := said(r, kit.Text{IT: sheet.Title.It, EN: sheet.Title.En})
		summary, _ := said(r, sheet.Summary)
		page.Cards.Items = append(page.Cards.Items, component.Card{
			Title: title, Lang: lang, URL: "/servizi/" + sheet.Key, Text: summary, Element: "service-link",
		})
	}
	view := modules.Render("guide/services", language.M("guide.heading"), page)
	view.Public = true
	return view, nil
}

// ServicePage is the sheet of a service with the sections of the national model.
type ServicePage struct {
	Breadcrumb  component.Breadcrumb
	Title       string
	Lang        string // of the title and texts, when it is not that of the page
	Summary     string
	Description []string
	Topic       component.Link
	Index       []component.Link
	Audience    []string
	How         []string
	Needed      []string
	Outcome     []string
	Times       []string
	Costs       string
	Access      string
	Conditions  component.Link
	Contacts    string
	Laws        []string
	Related     []component.Link
	Metadata    Metadata
}

// Metadata describes the service to search engines (schema.org, JSON-LD).
type Metadata struct {
	Context     string   `json:"@context"`
	Type        string   `json:"@type"`
	Name        string   `json:"name"`
	ServiceType string   `json:"serviceType"`
	Description string   `json:"description"`
	Audience    Audience `json:"audience"`
	Provider    Provider `json:"provider"`
}

// Audience is for whom a service is, in schema.org's terms.
type Audience struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

// Provider is the body that offers a service, in schema.org's terms.
type Provider struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

// sections are the headed parts of the sheet, in the order of the model.
var sections = []struct{ anchor, key string }{
	{"a-chi-e-rivolto", "guide.section.audience"},
	{"come-fare", "guide.section.how"},
	{"cosa-serve", "guide.section.needed"},
	{"cosa-si-ottiene", "guide.section.outcome"},
	{"tempi", "guide.section.times"},
	{"costi", "guide.section.costs"},
	{"accedi", "guide.section.access"},
	{"condizioni", "guide.section.conditions"},
	{"contatti", "guide.section.contacts"},
}

func (p pages) showService(r *http.Request, s tenants.Scope) (modules.View, error) {
	sheet, err := p.service.Get(r.Context(), s, r.PathValue("key"))
	if err != nil {
		return modules.View{}, err
	}
	title, lang := said(r, kit.Text{IT: sheet.Title.It, EN: sheet.Title.En})
	page := ServicePage{
		Title: title, Lang: lang, Audience: all(r, sheet.Audience), How: all(r, sheet.How), Needed: all(r, sheet.Needed), Outcome: all(r, sheet.Outcome),
		Description: []string{one(r, sheet.Description)}, Summary: one(r, sheet.Summary), Costs: one(r, sheet.Costs), Access: one(r, sheet.Access),
		Contacts: one(r, sheet.Contacts), Laws: sheet.Laws, Times: times(r, sheet),
		Conditions: component.Link{Label: modules.Say(r, "guide.conditions.link"), URL: "/servizi/" + sheet.Key + "/condizioni"},
		Topic:      component.Link{Label: modules.Say(r, "guide.topic"), URL: "/servizi"},
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{
			{Label: modules.Say(r, "guide.heading"), URL: "/servizi"}, {Label: modules.Say(r, "guide.category"), URL: "/servizi"}, {Label: title},
		}},
		Metadata: Metadata{
			Context: "https://schema.org", Type: "GovernmentService", Name: title, ServiceType: modules.Say(r, "guide.category"),
			Description: one(r, sheet.Summary), Provider: Provider{Type: "GovernmentOrganization", Name: p.bodies.Name(s.Tenant)},
		},
	}
	if len(page.Audience) > 0 {
		page.Metadata.Audience = Audience{Type: "Audience", Name: page.Audience[0]}
	}
	for _, section := range sections {
		page.Index = append(page.Index, component.Link{Label: modules.Say(r, section.key), URL: "#" + section.anchor})
	}
	if page.Related, err = p.related(r, s, sheet); err != nil {
		return modules.View{}, err
	}
	view := modules.Render("guide/service", language.M("guide.title", "title", title), page)
	view.Public, view.About = true, page.Summary
	return view, nil
}

// related links the services that the sheet names and the body offers.
func (p pages) related(r *http.Request, s tenants.Scope, sheet Sheet) ([]component.Link, error) {
	if len(sheet.Related) == 0 {
		return nil, nil
	}
	sheets, _, err := p.service.Find(r.Context(), s, Query{})
	if err != nil {
		return nil, err
	}
	var links []component.Link
	for _, key := range sheet.Related {
		for _, other := range sheets {
			if other.Key == key {
				links = append(links, component.Link{Label: language.SayText(r.Context(), other.Title), URL: "/servizi/" + key})
			}
		}
	}
	return links, nil
}

// ConditionsPage holds the conditions of a service, to be read and printed.
type ConditionsPage struct {
	Breadcrumb component.Breadcrumb
	Title      string
	Conditions []string
	Laws       []string
}

func (p pages) showConditions(r *http.Request, s tenants.Scope) (modules.View, error) {
	sheet, err := p.service.Get(r.Context(), s, r.PathValue("key"))
	if err != nil {
		return modules.View{}, err
	}
	title := language.SayText(r.Context(), sheet.Title)
	page := ConditionsPage{
		Title: title, Conditions: all(r, sheet.Conditions), Laws: sheet.Laws,
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{
			{Label: modules.Say(r, "guide.heading"), URL: "/servizi"},
			{Label: title, URL: "/servizi/" + sheet.Key},
			{Label: modules.Say(r, "guide.section.conditions")},
		}},
	}
	view := modules.Render("guide/conditions", language.M("guide.conditions.title", "title", title), page)
	view.Public = true
	return view, nil
}

func times(r *http.Request, sheet Sheet) []string {
	var lines []string
	for _, deadline := range sheet.Times {
		text := one(r, deadline.Text)
		line := one(r, deadline.Label) + ": " + text
		switch {
		case strings.Contains(text, strconv.Itoa(deadline.Days)): // the words say it already
		case deadline.Days > 0 && deadline.Working:
			line += " (" + modules.Say(r, "guide.working_days", "days", strconv.Itoa(deadline.Days)) + ")"
		case deadline.Days > 0:
			line += " (" + modules.Say(r, "guide.days", "days", strconv.Itoa(deadline.Days)) + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// said gives a wording in the language of the request and, when it is not that of the page, its own language.
func said(r *http.Request, t kit.Text) (wording, lang string) {
	if language.Of(r.Context()) == language.English && t.EN == "" {
		lang = language.Italian
	}
	return t.In(language.Of(r.Context())), lang
}

func one(r *http.Request, t kit.Text) string {
	wording, _ := said(r, t)
	return wording
}

func all(r *http.Request, texts []kit.Text) []string {
	var lines []string
	for _, text := range texts {
		lines = append(lines, one(r, text))
	}
	return lines
}
