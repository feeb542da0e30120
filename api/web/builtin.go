package web

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// builtin are the host's own pages. Each body has them below its slug; those of
// the platform stand below /piattaforma.
func (h *Host) builtin() []*route {
	var all []*route
	add := func(site modules.Site, pattern, permission string, handle func(*exchange) (modules.View, error)) *route {
		rt := &route{page: modules.Page{Pattern: pattern, Permission: permission, Site: site}, always: true, handle: handle}
		all = append(all, rt)
		return rt
	}
	for site, base := range map[modules.Site]string{modules.OnBody: "", modules.OnPlatform: "/" + tenants.PlatformSlug} {
		add(site, "GET "+base+signInPath, policies.Public, (*exchange).showSignIn).doorway = true
		add(site, "GET "+base+"/login/{provider}", policies.Public, (*exchange).startLogin).countLogin()
		add(site, "GET "+base+"/callback/{provider}", policies.Public, (*exchange).finishLogin).countLogin()
		add(site, "POST "+base+"/esci", policies.Public, (*exchange).signOut).doorway = true
		add(site, "GET "+base+"/riprendi/{id}", policies.SignedIn, (*exchange).showParked)
		add(site, "GET "+base+"/sessioni", policies.SignedIn, (*exchange).showSessions)
		add(site, "POST "+base+"/sessioni/{id}/chiudi", policies.SignedIn, (*exchange).endSession)
		for pattern, handle := range map[string]func(*exchange) (modules.View, error){
			"GET " + base + "/gettoni":              (*exchange).showTokens,
			"POST " + base + "/gettoni":             (*exchange).createToken,
			"POST " + base + "/gettoni/{id}/revoca": (*exchange).revokeToken,
		} {
			add(site, pattern, policies.SignedIn, handle).page.Purpose = tenants.Operator
		}
		add(site, "GET "+base+manualPath, policies.Public, (*exchange).showManual).doorway = true
		for _, name := range []string{"note-legali", "privacy", "accessibilita"} {
			pattern := "GET " + base + "/" + name
			if at := slices.IndexFunc(h.routes, func(rt *route) bool { return rt.page.Pattern == pattern && rt.page.Site == site }); at >= 0 {
				h.routes[at].doorway = true // a module has more to say
				continue
			}
			add(site, pattern, policies.Public, legal(name)).doorway = true
		}
	}
	add(modules.OnBody, "POST "+manualPath+"/suggerimenti", policies.SignedIn, (*exchange).setHints).page.Purpose = tenants.Operator
	add(modules.OnBody, "GET /{$}", policies.Public, (*exchange).showBodyHome)
	desk := &route{
		page:   modules.Page{Pattern: "GET " + deskPath, Permission: policies.SignedIn, Purpose: tenants.Operator, Site: modules.OnBody},
		always: true, handle: (*exchange).showDesk,
	}
	if at := slices.IndexFunc(h.routes, func(rt *route) bool { return rt.page.Pattern == desk.page.Pattern }); at >= 0 {
		h.routes[at].instead = desk
	} else {
		all = append(all, desk)
	}
	add(modules.OnPlatform, "GET /{$}", policies.Public, (*exchange).showPlatformHome)
	add(modules.OnPlatform, "GET /"+tenants.PlatformSlug, policies.Public, (*exchange).toPlatformHome)
	add(modules.OnPlatform, "GET /licenze", policies.Public, func(x *exchange) (modules.View, error) { return x.file("licenze.txt") })
	add(modules.OnPlatform, "GET /favicon.ico", policies.Public, func(x *exchange) (modules.View, error) { return x.file("favicon.svg") })
	add(modules.OnPlatform, "GET "+domainPath, policies.Public, (*exchange).showDomain)
	add(modules.OnPlatform, "GET /robots.txt", policies.Public, (*exchange).showRobots)
	return all
}

// signInPath is where somebody signs in.
const signInPath = "/accedi"

// deskPath is where an operator begins the day, and consolePath where whoever sets up a body on trial does.
const (
	deskPath    = "/scrivania"
	consolePath = "/console"
)

func (x *exchange) file(name string) (modules.View, error) {
	x.w.Header().Set("Cache-Control", "public, max-age=86400")
	x.host.assets.files[name].serve(x.w, x.r)
	return modules.View{}, errAnswered
}

// robots lets search engines see what is public of every body, and nothing else.
const robots = "User-agent: *\nAllow: /$\nAllow: /s/\nAllow: /*/servizi\nDisallow: /\n"

func (x *exchange) showRobots() (modules.View, error) {
	x.sendRobots(robots)
	return modules.View{}, errAnswered
}

func (x *exchange) sendRobots(rules string) {
	x.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	x.w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = x.w.Write([]byte(rules))
}

func (x *exchange) toPlatformHome() (modules.View, error) {
	return modules.View{Redirect: "/", Status: http.StatusMovedPermanently}, nil
}

// platformHome is the first page of the platform.
type platformHome struct {
	Work   component.Cards // of who runs the platform
	Query  component.Field
	Asked  bool
	Found  component.Cards
	Near   bool // nothing was found by the name as it was written
	None   component.Empty
	Others component.Cards
}

func (x *exchange) showPlatformHome() (modules.View, error) {
	asked := strings.TrimSpace(x.full.Query().Get("ente"))
	page := platformHome{
		Query: component.Field{ID: "ente", Label: x.say("web.home.find.label"), Hint: x.say("web.home.find.hint"), Value: asked, Required: true, MaxLength: 80},
		Asked: asked != "",
		Found: component.Cards{Level: 3},
		None:  component.Empty{Title: x.say("web.home.none.title"), Text: x.say("web.home.none.text")},
	}
	if page.Asked && x.host.limits.searches.OnLimit(x.w, x.r, x.address()) {
		return modules.View{}, problem.New(problem.TooMany, "web.error.too_many")
	}
	page.Found.Items = x.findBodies(asked)
	if utf8.RuneCountInString(asked) < tenants.MinSearch {
		page.None.Text = x.say("web.home.none.short", "n", tenants.MinSearch)
	} else if len(page.Found.Items) == 0 {
		page.Near, page.Found.Items = true, x.nearBodies(asked)
	}
	for _, link := range []struct {
		path, key string
		public    bool // only where anybody may read it, as in a demo
	}{
		{"/attivazione", "web.home.enter", false},
		{"/buone-pratiche", "web.home.practices", false},
		{"/" + tenants.PlatformSlug + "/posta", "web.home.outbox", true},
	} {
		if rt := x.host.mounted(modules.OnPlatform, x.body, link.path); rt != nil && (rt.isPublic() || !link.public) {
			page.Others.Items = append(page.Others.Items, component.Card{Title: x.say(link.key + ".title"), Text: x.say(link.key + ".text"), URL: link.path})
		}
	}
	awaits, err := x.awaits()
	if err != nil {
		return modules.View{}, err
	}
	for _, rt := range x.menu() {
		if about := rt.page.Nav.About; about != "" {
			_, path, _ := strings.Cut(rt.page.Pattern, " ")
			page.Work.Items = append(page.Work.Items, component.Card{Title: x.say(rt.page.Nav.Label), Text: x.say(about), URL: path, Tags: awaits[path]})
		}
	}
	if x.session == nil {
		page.Others.Items = append(page.Others.Items, component.Card{
			Title: x.say("web.home.signin.title"), Text: x.say("web.home.signin.text"), URL: x.local("/accedi"),
		})
	}
	view := modules.Render("web/platform-home", language.M("web.home.title"), page)
	view.Public = true
	return view, nil
}

// awaits are what the modules ask of whoever runs the platform, by the pages where it is done.
func (x *exchange) awaits() (map[string][]component.Tag, error) {
	tags := map[string][]component.Tag{}
	if x.session == nil || x.session.Purpose != tenants.Operator {
		return tags, nil
	}
	duties, err := x.host.config.Duties.Find(x.r.Context(), x.scope)
	for _, duty := range duties {
		tags[duty.Path] = append(tags[duty.Path], component.Tag{Label: x.host.config.Catalogue.Say(x.lang, duty.Label), Tone: component.Warning})
	}
	return tags, err
}

// findBodies lists the bodies of a name: who works at one that is on trial finds the way in, and nobody anything else of it.
func (x *exchange) findBodies(asked string) (cards []component.Card) {
	cards = x.liveBodies(asked)
	for _, body := range x.host.config.Bodies.FindOnTrial(asked, 20) {
		cards = append(cards, component.Card{Title: body.Name, Text: x.say("web.home.trial"), URL: "/" + body.Slug + "/accedi?come=operatore", Lang: language.Italian})
	}
	return cards
}

func (x *exchange) liveBodies(asked string) (cards []component.Card) {
	for _, body := range x.host.config.Bodies.Find(asked, 20) {
		cards = append(cards, component.Card{Title: body.Name, URL: "/" + body.Slug + "/", Lang: language.Italian})
	}
	return cards
}

// nearBodies lists the live bodies of the municipalities that a name with a slip in it suggests.
func (x *exchange) nearBodies(asked string) (cards []component.Card) {
	suggested, _ := register.Suggest(asked, 5)
	for _, m := range suggested {
		cards = append(cards, x.liveBodies(m.Name)...)
	}
	return cards
}

// start is where an operator begins: the desk, else the first page of the menu.
// It is empty for everybody else.
func (x *exchange) start() string {
	if x.session == nil || x.session.Purpose != tenants.Operator {
		return ""
	}
	if home := x.host.mounted(modules.OnBody, x.body, consolePath); home != nil && x.body.Trial() && x.opens(home) {
		return consolePath
	}
	if desk := x.host.mounted(modules.OnBody, x.body, deskPath); desk != nil && x.opens(desk) {
		return deskPath
	}
	for _, item := range x.navigation() {
		return item.URL
	}
	return ""
}

// bodyHome is the first page of a body for its citizens.
type bodyHome struct {
	Title string
	Cards component.Cards
}

func (x *exchange) showBodyHome() (modules.View, error) {
	if start := x.start(); start != "" {
		return modules.View{Redirect: start}, nil
	}
	page := bodyHome{Title: x.say("web.body.title", "body", x.body.Name), Cards: component.Cards{Level: 2}}
	for _, link := range []struct{ path, key, element string }{
		{"/servizi", "web.body.services", "all-services"}, {"/area-personale", "web.body.personal", ""}, {"/accedi", "web.body.signin", ""},
	} {
		rt := x.host.mounted(modules.OnBody, x.body, link.path)
		if rt == nil || !x.opens(rt) || (link.path == "/accedi" && x.session != nil) {
			continue
		}
		page.Cards.Items = append(page.Cards.Items, component.Card{
			Title: x.say(link.key + ".title"), Text: x.say(link.key + ".text"), URL: link.path, Element: link.element,
		})
	}
	view := modules.Render("web/body-home", language.M("web.body.page"), page)
	view.Public = true
	return view, nil
}

// deskPage tells an operator that there is nothing to open.
type deskPage struct{ None component.Empty }

// showDesk leads to the first page of the menu, where no module that is on has a desk.
func (x *exchange) showDesk() (modules.View, error) {
	for _, item := range x.navigation() {
		if item.URL != deskPath {
			return modules.View{Redirect: item.URL}, nil
		}
	}
	page := deskPage{None: component.Empty{Title: x.say("web.desk.none.title"), Text: x.say("web.desk.none.text")}}
	return modules.Render("web/desk", language.M("web.desk.title"), page), nil
}

// legalPage is a short text that the law wants.
type legalPage struct {
	Title      string
	Paragraphs []string
	Licences   bool
}

func legal(name string) func(x *exchange) (modules.View, error) {
	key := "web.legal." + strings.ReplaceAll(name, "-", "_")
	return func(x *exchange) (modules.View, error) {
		page := legalPage{Title: x.say(key + ".title"), Licences: name == "note-legali"}
		for _, part := range []string{".1", ".2", ".3"} {
			page.Paragraphs = append(page.Paragraphs, x.say(key+part, "body", x.body.Name))
		}
		view := modules.Render("web/legal", language.M(key+".title"), page)
		view.Public = true
		return view, nil
	}
}
