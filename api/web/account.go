package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/session"
	"staffetta/modules"
	"staffetta/tenants"
)

// sessionsPage lists where the person is signed in.
type sessionsPage struct {
	Rows   []sessionRow
	Tokens string // page of the tokens, for operators
	Mail   string // page of notices by e-mail, for operators
}

type sessionRow struct {
	Body    string
	Home    string // whole address
	Purpose string
	Since   time.Time
	Until   time.Time
	Current *component.Tag
	End     component.Button
	Action  string
}

func (x *exchange) showSessions() (modules.View, error) {
	found, err := x.host.config.Stores.Sessions.Find(x.r.Context(), x.session.Account)
	if err != nil {
		return modules.View{}, err
	}
	var page sessionsPage
	for _, s := range found {
		body, err := x.host.config.Bodies.ByID(s.Tenant)
		if err != nil {
			continue // the body is gone, its sessions open nothing
		}
		row := sessionRow{
			Body: body.Name, Home: "/" + body.Slug + "/", Purpose: x.say("web.purpose." + purposeWords[s.Purpose]),
			Since: s.CreatedAt, Until: s.AbsoluteUntil,
			Action: x.local("/sessioni/" + s.ID.String() + "/chiudi"),
			End:    component.Button{Label: x.say("web.sessions.end"), Hidden: body.Name},
		}
		if s.ID == x.session.ID {
			row.Current = &component.Tag{Label: x.say("web.sessions.current"), Tone: component.Info}
		}
		if body.Kind == tenants.Platform {
			row.Home = "/"
		}
		page.Rows = append(page.Rows, row)
	}
	if x.session.Purpose == tenants.Operator {
		page.Tokens = x.local("/gettoni")
		if rt := x.host.mounted(x.site, x.body, "/posta"); rt != nil && x.opens(rt) {
			page.Mail = "/posta"
		}
	}
	return modules.Render("web/sessions", language.M("web.sessions.title"), page), nil
}

// endSession ends a session of the person, also at another body.
func (x *exchange) endSession() (modules.View, error) {
	id, err := parseID(x.r.PathValue("id"))
	if err != nil {
		return modules.View{}, err
	}
	if id == x.session.ID {
		return x.signOut()
	}
	found, err := x.host.config.Stores.Sessions.Find(x.r.Context(), x.session.Account)
	if err != nil {
		return modules.View{}, err
	}
	for _, s := range found {
		if s.ID != id {
			continue
		}
		if err := x.end(s); err != nil {
			return modules.View{}, err
		}
		return modules.Redirect(x.local("/sessioni"), language.M("web.sessions.ended")), nil
	}
	return modules.View{}, problem.Missing()
}

// tokensPage lists the tokens of the person at this body and makes new ones.
type tokensPage struct {
	Errors component.ErrorSummary
	Fields []component.Field
	ID     string
	Action string
	Button component.Button
	Rows   []tokenRow
	None   component.Empty
}

type tokenRow struct {
	Name   string
	Roles  string
	Until  time.Time
	State  component.Tag
	Action string // revokes; empty if it is over
	Revoke component.Button
}

// tokenPage shows the secret of a new token, once.
type tokenPage struct {
	Name   string
	Secret string
	Until  time.Time
	List   string
}

func (x *exchange) showTokens() (modules.View, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return modules.View{}, err
	}
	return x.tokensView(session.NewToken{ID: id, Days: 30}, nil)
}

func (x *exchange) tokensView(n session.NewToken, fault *problem.Error) (modules.View, error) {
	found, err := x.host.config.Stores.Tokens.Find(x.r.Context(), x.body.ID, x.session.Account)
	if err != nil {
		return modules.View{}, err
	}
	page := tokensPage{
		Fields: x.tokenFields(n, fault), ID: n.ID.String(), Action: x.local("/gettoni"),
		Button: component.Button{Label: x.say("web.token.create"), Emphasis: component.Primary},
		None:   component.Empty{Title: x.say("web.token.none.title"), Text: x.say("web.token.none.text")},
	}
	page.Errors = component.Summarize(page.Fields...)
	for _, t := range found {
		page.Rows = append(page.Rows, x.tokenRow(t))
	}
	view := modules.Render("web/tokens", language.M("web.token.title"), page)
	if fault != nil {
		view = view.Refused()
	}
	return view, nil
}

func (x *exchange) tokenRow(t session.Token) tokenRow {
	row := tokenRow{
		Name: t.Name, Until: t.ExpiresAt, State: component.Tag{Label: x.say("web.token.open"), Tone: component.Success},
		Action: x.local("/gettoni/" + t.ID.String() + "/revoca"), Revoke: component.Button{Label: x.say("web.token.revoke"), Hidden: t.Name},
	}
	for i, role := range t.Roles {
		if i > 0 {
			row.Roles += ", "
		}
		row.Roles += x.host.config.Policies.RoleLabel(x.scope.Tenant, role).In(x.lang)
	}
	switch {
	case !t.RevokedAt.IsZero():
		row.State, row.Action = component.Tag{Label: x.say("web.token.revoked")}, ""
	case !t.Open(x.host.config.Now()):
		row.State, row.Action = component.Tag{Label: x.say("web.token.expired")}, ""
	}
	return row
}

func (x *exchange) tokenFields(n session.NewToken, fault *problem.Error) []component.Field {
	days := strconv.Itoa(n.Days)
	if n.Days == 0 {
		days = ""
	}
	fields := []component.Field{
		{ID: "nome", Label: x.say("web.token.name.label"), Hint: x.say("web.token.name.hint"), Value: n.Name, Required: true, MaxLength: 80},
		{ID: "ruoli", Kind: component.Checkboxes, Label: x.say("web.token.roles.label"), Required: true},
		{ID: "giorni", Kind: component.Number, Label: x.say("web.token.days.label"), Value: days, Required: true, Width: component.Short, MaxLength: 2},
	}
	for _, role := range x.scope.Roles {
		fields[1].Options = append(fields[1].Options, component.Option{
			Value: role, Label: x.host.config.Policies.RoleLabel(x.scope.Tenant, role).In(x.lang), Selected: slices.Contains(n.Roles, role),
		})
	}
	if fault == nil {
		return fields
	}
	for _, wrong := range fault.Fields {
		for i := range fields {
			if fields[i].ID == wrong.Name && fields[i].Error == "" {
				fields[i].Error = x.host.config.Catalogue.Say(x.lang, wrong.Message)
			}
		}
	}
	return fields
}

func (x *exchange) createToken() (modules.View, error) {
	form := x.r.PostForm
	n := session.NewToken{Name: form.Get("nome"), Roles: form["ruoli"]}
	n.Days, _ = strconv.Atoi(form.Get("giorni")) // anything else is out of range
	var err error
	if n.ID, err = uuid.Parse(form.Get("id")); err != nil {
		if n.ID, err = uuid.NewV7(); err != nil {
			return modules.View{}, err
		}
	}
	t, secret, err := x.host.config.Stores.Tokens.Create(x.r.Context(), *x.session, n)
	var fault *problem.Error
	switch {
	case errors.As(err, &fault) && fault.Kind == problem.Invalid:
		return x.tokensView(n, fault)
	case problem.Is(err, problem.Conflict):
		return modules.Redirect(x.local("/gettoni"), language.M("web.token.made")), nil
	case err != nil:
		return modules.View{}, err
	}
	page := tokenPage{Name: t.Name, Secret: secret, Until: t.ExpiresAt, List: x.local("/gettoni")}
	view := modules.Render("web/token", language.M("web.token.new"), page)
	view.Status = http.StatusCreated
	return view, nil
}

func (x *exchange) revokeToken() (modules.View, error) {
	id, err := parseID(x.r.PathValue("id"))
	if err != nil {
		return modules.View{}, err
	}
	if err := x.host.config.Stores.Tokens.Revoke(x.r.Context(), x.body.ID, x.session.Account, id); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(x.local("/gettoni"), language.M("web.token.done")), nil
}
