package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// shell is the page around the content.
func (x *exchange) shell(view modules.View, title string, main template.HTML) component.Shell {
	s := component.Shell{
		Title: title, HasErrors: view.Status == http.StatusUnprocessableEntity, Lang: x.lang, Audience: component.Citizen,
		Nav: x.navigation(), SignIn: x.local("/accedi"),
		Legal: component.Legal{
			Manual: x.local(manualPath), Privacy: x.local("/privacy"), Notes: x.local("/note-legali"), Accessibility: x.local("/accessibilita"),
		},
		Flash: x.takeFlash(), Demo: x.host.config.Demo, Trial: x.body.Trial(), UsesHTMX: strings.Contains(string(main), "data-hx-"),
		NoIndex: x.session != nil || x.route == nil || !x.route.isPublic() || view.Status >= 400,
		Path:    x.full.RequestURI(), RequestID: x.id, Main: main, Canonical: x.canonical(),
	}
	if x.r.Method == http.MethodPost {
		s.Path = x.prefix() + "/" // the page of a POST cannot be asked for again in another language
	}
	if x.site == modules.OnBody {
		s.TenantName = x.body.Name
		x.introduce(&s)
		if search := x.host.mounted(modules.OnBody, x.body, "/ricerca"); search != nil && x.opens(search) {
			s.SearchURL = "/ricerca"
		}
	}
	if x.session != nil {
		x.personalize(&s, view.Public)
	}
	s.Help, s.About = x.help(view), view.About
	if s.Help != nil && s.About == "" {
		s.About = s.Help.Text
	}
	return s
}

// introduce shows the body as it shows itself.
func (x *exchange) introduce(s *component.Shell) {
	p := x.body.Profile
	s.Tagline = p.Subtitle
	if p.Theme != "" {
		s.Theme = "tinta-" + p.Theme
	}
	s.Contact = component.Contact{Address: p.Address, Phone: p.Phone, Email: p.Email, Website: p.Website}
	if p.Crest != "" && x.host.mounted(modules.OnBody, x.body, crestPath) != nil {
		s.Crest = crestPath
	}
	if p.Accessibility != "" {
		s.Legal.Accessibility = p.Accessibility
	}
}

// crestPath is where the crest of a body is.
const crestPath = "/stemma"

func (x *exchange) personalize(s *component.Shell, public bool) {
	s.UserName, s.SignOut, s.Accounts = x.session.Name, x.local("/esci"), x.local("/sessioni")
	for _, role := range x.scope.Roles {
		s.RoleNames = append(s.RoleNames, x.host.config.Policies.RoleLabel(x.scope.Tenant, role).In(x.lang))
	}
	if x.session.Purpose == tenants.Operator && x.site == modules.OnBody && !public {
		s.Audience = component.Operator
		s.Notices = x.notices()
	}
}

// notices are what modules want everybody to know who works at the body.
func (x *exchange) notices() []component.Link {
	var all []component.Link
	for _, m := range x.host.config.Modules {
		if find := x.host.config.Parts[m.ID].Notices; find != nil {
			for _, one := range find(x.r.Context(), x.body.ID) {
				all = append(all, component.Link{Label: one.Text, URL: one.Path})
			}
		}
	}
	return all
}

// opens tells whether the present session may open a page.
func (x *exchange) opens(rt *route) bool {
	if !rt.isOn(x.body) {
		return false
	}
	if rt.isPublic() {
		return true
	}
	if x.session == nil || !slices.Contains(rt.purposes(), x.session.Purpose) {
		return false
	}
	allowed, _ := x.permits(rt)
	return allowed
}

// menu lists the pages of the main menu that the person may open, in their order.
func (x *exchange) menu() []*route {
	var shown []*route
	for _, rt := range x.host.routes {
		if rt.page.Nav != nil && (rt.page.Nav.About == "" || x.site == modules.OnPlatform) && rt.page.Site == x.site && x.opens(rt) {
			shown = append(shown, rt)
		}
	}
	slices.SortStableFunc(shown, func(a, b *route) int { return a.page.Nav.Order - b.page.Nav.Order })
	return shown
}

// navigation is the main menu.
func (x *exchange) navigation() []component.NavItem {
	shown := x.menu()
	items := make([]component.NavItem, len(shown))
	for i, rt := range shown {
		_, path, _ := strings.Cut(rt.page.Pattern, " ")
		items[i] = component.NavItem{Label: x.say(rt.page.Nav.Label), URL: strings.TrimSuffix(path, "{$}")}
	}
	markCurrent(items, x.r.URL.Path)
	return items
}

// markCurrent marks the entry whose address is the longest beginning of the path.
func markCurrent(items []component.NavItem, path string) {
	best := -1
	for i, item := range items {
		under := item.URL == path || strings.HasPrefix(path, strings.TrimSuffix(item.URL, "/")+"/")
		if under && (best < 0 || len(item.URL) > len(items[best].URL)) {
			best = i
		}
	}
	if best >= 0 {
		items[best].Current = true
	}
}

// casePage is a page of a case with its bar and its navigation.
type casePage struct {
	Identity component.Identity
	Sections component.Sections
	Content  template.HTML
	// Restricted says that nothing is written into the case; nil where it is.
	Restricted *component.Alert
}

func (x *exchange) aroundCase(bar *modules.CaseBar, main template.HTML) (template.HTML, error) {
	page := casePage{Identity: x.caseIdentity(bar), Sections: x.caseSections(bar), Content: main}
	if bar.Restricted != "" {
		page.Restricted = &component.Alert{Tone: component.Warning, Title: x.say("web.case.restricted", "day", bar.Restricted), Text: x.say("web.case.restricted_text")}
	}
	return x.render("web/case", page)
}

func (x *exchange) caseIdentity(bar *modules.CaseBar) component.Identity {
	identity := component.Identity{Label: x.say("web.case.bar"), Name: bar.Name, Notice: x.say("web.case.traced")}
	if identity.Name == "" {
		identity.Name = x.say("web.case.unnamed", "number", bar.Number)
	}
	add := func(key, value string) {
		if value != "" {
			identity.Facts = append(identity.Facts, component.Fact{Label: x.say(key), Value: value})
		}
	}
	add("web.case.number", bar.Number)
	add("web.case.born", bar.Born)
	add("web.case.tax_code", bar.TaxCode)
	add("web.case.foreign", bar.Foreign)
	if bar.Until != "" {
		add("web.case.access", x.say("web.case.until", "at", bar.Until))
	}
	add("web.case.relation", x.relation(bar.Relation))
	if bar.State != "" {
		identity.Tags = append(identity.Tags, component.Tag{Label: bar.State})
	}
	return identity
}

// relation says a relation in words; one already in words stays as it is.
func (x *exchange) relation(relation string) string {
	if key := "web.relation." + relation; x.host.config.Catalogue.Has(key) {
		return x.say(key)
	}
	return relation
}

func (x *exchange) caseSections(bar *modules.CaseBar) component.Sections {
	var shown []*route
	for _, rt := range x.host.routes {
		nav := rt.page.Case
		if nav == nil || rt.page.Site != x.site || !x.opens(rt) || nav.Own && bar.Foreign != "" {
			continue
		}
		if len(nav.Sections) == 0 || slices.ContainsFunc(nav.Sections, func(id string) bool { return slices.Contains(bar.Sections, id) }) {
			shown = append(shown, rt)
		}
	}
	slices.SortStableFunc(shown, func(a, b *route) int { return a.page.Case.Order - b.page.Case.Order })
	sections := component.Sections{Label: x.say("web.case.sections")}
	current := false
	for _, rt := range shown {
		item := component.NavItem{
			Label: x.say(rt.page.Case.Label), URL: caseURL(rt.page.Pattern, bar.Ref), Current: rt.page.Case.Label == bar.Current,
		}
		current = current || item.Current
		sections.Items = append(sections.Items, item)
	}
	if !current {
		markCurrent(sections.Items, x.r.URL.Path)
	}
	return sections
}

// caseURL puts a case into the first wildcard of a pattern.
func caseURL(pattern, ref string) string {
	_, path, _ := strings.Cut(pattern, " ")
	before, rest, _ := strings.Cut(path, "{")
	_, after, _ := strings.Cut(rest, "}")
	return before + ref + after
}

// errorPage is the page of an error.
type errorPage struct {
	Title  string
	Text   string
	Fields []string
	Code   string // to quote
	Back   component.Link
}

func (x *exchange) errorTitle(p *problem.Error) string {
	if own := p.Message.Key + ".title"; p.Message.Key != "" && x.host.config.Catalogue.Has(own) {
		return x.say(own)
	}
	key := "web.error.title." + p.Kind.String()
	if !x.host.config.Catalogue.Has(key) {
		key = "web.error.title.internal"
	}
	return x.say(key)
}

func (x *exchange) errorPage(p *problem.Error) errorPage {
	page := errorPage{Title: x.errorTitle(p), Code: x.id, Back: component.Link{Label: x.say("web.error.back"), URL: "/"}}
	message := p.Message
	if message.IsZero() {
		message = language.M("web.error.internal")
	}
	page.Text = x.host.config.Catalogue.Say(x.lang, message)
	for _, field := range p.Fields {
		page.Fields = append(page.Fields, x.host.config.Catalogue.Say(x.lang, field.Message))
	}
	return page
}
