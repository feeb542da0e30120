package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/login"
	"staffetta/internal/problem"
	"staffetta/internal/session"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// signInPage offers the ways to sign in.
type signInPage struct {
	Text string
	Ways []way
}

// way is what somebody can sign in for, with one link per provider.
type way struct {
	Title string
	Text  string
	Links component.ButtonRow
}

func (x *exchange) showSignIn() (modules.View, error) {
	query := x.full.Query()
	offered := []tenants.Purpose{tenants.Operator, tenants.Citizen}
	if x.site == modules.OnPlatform {
		offered = []tenants.Purpose{tenants.Newcomer, tenants.Operator}
	}
	offered = slices.DeleteFunc(offered, func(p tenants.Purpose) bool { return !x.welcomes(p) })
	if asked, ok := x.purpose(query.Get("come")); ok && query.Get("come") != "" {
		offered = []tenants.Purpose{asked}
	}
	page := signInPage{Text: x.say("web.signin.text", "body", x.body.Name)}
	for i, purpose := range offered {
		word := purposeWords[purpose]
		one := way{Title: x.say("web.signin." + word + ".title"), Text: x.say("web.signin." + word + ".text")}
		if body, _, err := x.host.config.Bodies.BySlug(query.Get("invito")); err == nil && purpose == tenants.Newcomer && body.State.IsOpen() {
			one.Title, one.Text = x.say("web.signin.invited.title"), x.say("web.signin.invited.text", "body", body.Name)
			page.Text = ""
		}
		for j, provider := range x.host.config.Login.Providers(x.body) {
			link := component.Button{
				Label: x.say("web.signin.with", "provider", provider.Label.In(x.lang)), Hidden: one.Title,
				URL: x.local("/login/"+url.PathEscape(provider.ID)) + "?" + loginQuery(query.Get("ritorno"), []tenants.Purpose{purpose}),
			}
			if i == 0 && j == 0 {
				link.Emphasis = component.Primary
			}
			one.Links.Buttons = append(one.Links.Buttons, link)
		}
		page.Ways = append(page.Ways, one)
	}
	view := modules.Render("web/signin", language.M("web.signin.title"), page)
	view.Public = true
	return view, nil
}

// purpose reads what somebody wants to sign in for; each site has its own.
func (x *exchange) purpose(word string) (tenants.Purpose, bool) {
	if word == "" && x.site == modules.OnPlatform {
		return tenants.Newcomer, true
	}
	if word == "" {
		return tenants.Operator, true
	}
	for purpose, name := range purposeWords {
		fits := purpose == tenants.Operator || (purpose == tenants.Newcomer) == (x.site == modules.OnPlatform)
		if name == word && fits && x.welcomes(purpose) {
			return purpose, true
		}
	}
	return "", false
}

func (x *exchange) startLogin() (modules.View, error) {
	query := x.full.Query()
	purpose, ok := x.purpose(query.Get("come"))
	if !ok {
		return modules.View{}, problem.Missing()
	}
	level := login.L2
	if query.Get("livello") == "3" {
		level = login.L3
	}
	started, err := x.host.config.Login.Start(x.r.Context(), x.body, x.r.PathValue("provider"), login.StartRequest{
		Purpose: string(purpose), ReturnPath: x.returnPath(query.Get("ritorno"), purpose), ACR: level, Locale: x.lang,
	})
	if errors.Is(err, session.ErrNoProvider) {
		return modules.View{}, problem.Missing().Wrap(err)
	}
	if err != nil {
		return modules.View{}, problem.New(problem.Unavailable, "web.error.unavailable").Wrap(err)
	}
	http.SetCookie(x.w, started.BrowserCookie)
	x.see(started.URL, http.StatusSeeOther)
	return modules.View{}, errAnswered
}

// returnPath is where a login leads to; package login makes it safe.
func (x *exchange) returnPath(asked string, purpose tenants.Purpose) string {
	for _, loop := range []string{"/login/", "/callback/", "/accedi", "/esci"} {
		if strings.HasPrefix(asked, x.own(loop)) {
			asked = ""
		}
	}
	switch {
	case asked != "":
		return asked
	case purpose == tenants.Newcomer && x.host.mounted(modules.OnPlatform, x.body, "/attivazione") != nil:
		return "/attivazione"
	case x.site == modules.OnPlatform:
		return "/"
	default:
		return x.own("/")
	}
}

func (x *exchange) finishLogin() (modules.View, error) {
	callback, err := login.ReadCallback(x.r)
	if err != nil {
		return x.refused(err)
	}
	http.SetCookie(x.w, login.ForgetBrowser(callback.Query.Get("state")))
	provider := x.r.PathValue("provider")
	person, err := x.host.config.Login.Finish(x.r.Context(), x.body, provider, callback)
	if errors.Is(err, session.ErrNoProvider) {
		return modules.View{}, problem.Missing().Wrap(err)
	}
	if err != nil {
		return x.refused(err)
	}
	opening, err := x.opening(person, provider)
	if refusal, ok := errors.AsType[*login.Refusal](err); ok && x.site == modules.OnPlatform && opening.Account != uuid.Nil {
		return x.elsewhere(opening, refusal)
	}
	if err != nil {
		return x.refused(err)
	}
	if err := x.open(opening); err != nil {
		return modules.View{}, err
	}
	to, err := x.greeted(opening, person.ReturnPath)
	if err != nil {
		return modules.View{}, err
	}
	x.see(to, http.StatusSeeOther)
	return modules.View{}, errAnswered
}

// greeted is where somebody who has signed in goes: where they wanted to, unless a module leads an operator elsewhere first.
func (x *exchange) greeted(o session.Opening, to string) (string, error) {
	if o.Purpose != tenants.Operator || x.site != modules.OnBody {
		return to, nil
	}
	s := tenants.Scope{Tenant: o.Tenant, Slug: x.body.Slug, Account: o.Account, Name: o.Name, Purpose: o.Purpose}
	for _, m := range x.host.config.Modules {
		greet := x.host.config.Parts[m.ID].Greet
		if greet == nil {
			continue
		}
		if first, err := greet(x.r.Context(), s); err != nil || first != "" {
			return x.prefix() + first + "?" + url.Values{"poi": {strings.TrimPrefix(to, x.prefix())}}.Encode(), err
		}
	}
	return to, nil
}

// opening finds the account of an identity and what it is at this body. An operator
// without a role valid today is a *login.Refusal; nobody becomes one by signing in.
func (x *exchange) opening(person login.Identity, provider string) (session.Opening, error) {
	purpose := tenants.Purpose(person.Purpose)
	o := session.Opening{
		Tenant: x.body.ID, Purpose: purpose, Assurance: int(person.Assurance), Provider: provider,
		Name:        strings.TrimSpace(person.GivenName + " " + person.FamilyName),
		AccessToken: person.AccessToken, AccessUntil: person.AccessTokenExpires,
	}
	var roles []tenants.Membership
	err := x.host.config.DB.Platform(x.r.Context(), func(tx tenants.Tx) (err error) {
		if o.Account, err = tenants.EnsureAccount(x.r.Context(), tx, x.host.config.Key, person.FiscalNumber); err != nil {
			return err
		}
		roles, err = tenants.FindMemberships(x.r.Context(), tx, x.body.ID, o.Account)
		return err
	})
	if err == nil && !x.welcomes(purpose) {
		return o, &login.Refusal{Code: login.CodeNoRole, Reason: "the body is on trial"}
	}
	if err != nil || purpose != tenants.Operator {
		return o, err
	}
	for _, m := range roles {
		if m.Holds(x.host.config.Now()) {
			o.Name = m.Name
			return o, nil
		}
	}
	return o, &login.Refusal{Code: login.CodeNoRole, Reason: "no role valid today"}
}

// open makes the new session, ends the one it takes the place of and writes both down.
func (x *exchange) open(o session.Opening) error {
	ctx, sessions := x.r.Context(), x.host.config.Stores.Sessions
	s, token, err := sessions.Create(ctx, o)
	if err != nil {
		return err
	}
	scope := s.Scope(x.body, x.host.config.Now())
	scope.RequestID, scope.Language = x.id, x.lang
	err = x.host.config.Audit.Record(ctx, scope, audit.Event{
		Action: "session.login", Object: s.ID, Payload: map[string]any{"provider": o.Provider},
	})
	if err != nil {
		return errors.Join(err, sessions.End(ctx, s.Account, s.ID))
	}
	for _, old := range x.sessions {
		if old.Purpose == s.Purpose {
			if err := sessions.End(ctx, old.Account, old.ID); err != nil && !errors.Is(err, session.ErrNone) {
				return err
			}
		}
	}
	http.SetCookie(x.w, session.Cookie(s, token))
	return nil
}

// elsewherePage leads who signed in at the platform, where they have no role, to the bodies where they work.
type elsewherePage struct{ Bodies component.Cards }

// elsewhere lists the bodies where somebody whom the platform refused works; who works nowhere is refused.
func (x *exchange) elsewhere(o session.Opening, refusal error) (modules.View, error) {
	var ids []int32
	err := x.host.config.DB.Platform(x.r.Context(), func(tx tenants.Tx) (err error) {
		ids, err = tenants.FindBodies(x.r.Context(), tx, o.Account, x.host.config.Now())
		return err
	})
	if err != nil {
		return modules.View{}, err
	}
	page := elsewherePage{Bodies: component.Cards{Level: 2}}
	for _, id := range ids {
		if body, err := x.host.config.Bodies.ByID(id); err == nil && body.State.IsOpen() {
			page.Bodies.Items = append(page.Bodies.Items, component.Card{Title: body.Name, URL: "/" + body.Slug + "/accedi?come=operatore", Lang: language.Italian})
		}
	}
	if len(page.Bodies.Items) == 0 {
		return x.refused(refusal)
	}
	slices.SortFunc(page.Bodies.Items, func(a, b component.Card) int { return strings.Compare(a.Title, b.Title) })
	view := modules.Render("web/elsewhere", language.M("web.elsewhere.title"), page)
	view.Public = true
	return view, nil
}

// refusalPage tells that a login did not succeed.
type refusalPage struct {
	Text      string
	Reference string
	Actions   component.ButtonRow
}

func (x *exchange) refused(err error) (modules.View, error) {
	var refusal *login.Refusal
	if !errors.As(err, &refusal) {
		return modules.View{}, err
	}
	level := x.host.config.Log.Info
	if refusal.Alarm {
		level = x.host.config.Log.Error
	}
	level("login refused", "request", x.id, "tenant", x.body.ID, "code", string(refusal.Code), "reason", refusal.Reason)
	page := refusalPage{
		Text:      x.say(refusal.Message(), "Body", x.body.Name, "Reference", x.id),
		Reference: x.say("login.refusal.reference", "Reference", x.id),
		Actions: component.ButtonRow{Buttons: []component.Button{
			{Label: x.say("login.refusal.retry"), URL: x.local("/accedi"), Emphasis: component.Primary},
			{Label: x.say("login.refusal.back"), URL: "/"},
		}},
	}
	view := modules.Render("web/refusal", language.M("login.refusal.title"), page)
	view.Status, view.Public = http.StatusForbidden, true
	return view, nil
}

// signOut ends every session of this browser at the body and tells the provider.
func (x *exchange) signOut() (modules.View, error) {
	for _, s := range x.sessions {
		if err := x.end(s); err != nil {
			return modules.View{}, err
		}
	}
	x.setFlash(flash{Key: "web.signed_out", Tone: "success"})
	home := x.own("/")
	if x.site == modules.OnPlatform {
		home = "/"
	}
	x.see(home, http.StatusSeeOther)
	return modules.View{}, errAnswered
}

func (x *exchange) end(s session.Session) error {
	ctx, sessions := x.r.Context(), x.host.config.Stores.Sessions
	access, err := sessions.AccessToken(ctx, s.ID)
	if err != nil && !errors.Is(err, session.ErrNone) {
		return err
	}
	if err := sessions.End(ctx, s.Account, s.ID); err != nil && !errors.Is(err, session.ErrNone) {
		return err
	}
	http.SetCookie(x.w, session.EndedCookie(s))
	body, err := x.host.config.Bodies.ByID(s.Tenant)
	if err != nil {
		return err
	}
	scope := s.Scope(body, x.host.config.Now())
	scope.RequestID, scope.Language = x.id, x.lang
	if err := x.host.config.Audit.Record(ctx, scope, audit.Event{Action: "session.logout", Object: s.ID}); err != nil {
		return err
	}
	if access != "" {
		x.revoke(body, s, access)
	}
	return nil
}

// revoke tells the provider; the session is over here whether it listens or not.
func (x *exchange) revoke(body tenants.Tenant, s session.Session, access string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(x.r.Context()), 3*time.Second)
	defer cancel()
	if err := x.host.config.Login.Revoke(ctx, body, s.Provider, access); err != nil {
		x.host.config.Log.WarnContext(ctx, "the provider did not take back a token", "request", x.id, "tenant", body.ID, "error", err)
	}
}

func parseID(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, problem.Missing()
	}
	return id, nil
}
