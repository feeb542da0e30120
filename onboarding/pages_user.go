package onboarding

import (
	"net/http"
	"slices"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// usersPage is the step of the first users.
type usersPage struct {
	frame
	Warnings []component.Alert
	Users    []listedUser
	None     component.Empty
	ID       string
	Fields   []component.Field
	Add      component.Button
	Go       component.Link
}

// listedUser is a user with the button that removes it.
type listedUser struct {
	Name   string
	Code   string
	Roles  string
	Action string
	Remove component.Button
}

func (p pages) showUsers(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, away, err := p.open(r, s)
	if err != nil || away != nil {
		return p.gone(away, err)
	}
	return p.usersView(r, e, NewUser{ID: modules.FormID("")}, nil), nil
}

func (p pages) usersView(r *http.Request, e Entry, written NewUser, refused error) modules.View {
	page := usersPage{
		frame: p.frameOf(r, e, UsersStep, 0), ID: written.ID.String(),
		Fields: userFields(r, written, modules.FieldErrors(r.Context(), refused)),
		Add:    component.Button{Label: modules.Say(r, "onboarding.user.add"), Emphasis: component.Primary},
		None:   component.Empty{Title: modules.Say(r, "onboarding.user.none"), Text: modules.Say(r, "onboarding.user.none_text")},
		Go:     component.Link{Label: modules.Say(r, "onboarding.user.go"), URL: pathOf(e.ID)},
	}
	if then(r) != "" {
		page.Go.URL += "/" + then(r)
	}
	if len(e.Users) > 0 { // before the first one the empty list says what is needed
		page.Warnings = p.coverage(r, e)
	}
	page.Errors = component.Summarize(page.Fields...)
	for _, u := range e.Users {
		page.Users = append(page.Users, listedUser{
			Name: u.Name, Code: u.Mask, Roles: roleNames(r, u.Roles), Action: stepURL(e.ID, UsersStep) + "/" + u.ID.String() + "/rimuovi",
			Remove: component.Button{Label: modules.Say(r, "onboarding.user.remove"), Hidden: u.Name},
		})
	}
	return again(modules.Render("onboarding/users", language.M("onboarding.step.users"), page), refused)
}

func userFields(r *http.Request, u NewUser, wrong map[string]string) []component.Field {
	roles := component.Field{
		ID: "roles", Kind: component.Checkboxes, Required: true, Label: modules.Say(r, "onboarding.user.roles"),
		Hint: modules.Say(r, "onboarding.user.roles_hint"), Error: wrong["roles"],
	}
	for _, role := range Assignable() {
		roles.Options = append(roles.Options, component.Option{
			Value: role.ID, Label: language.SayText(r.Context(), role.Label), Selected: slices.Contains(u.Roles, role.ID),
		})
	}
	return []component.Field{
		{ID: "self", Kind: component.Checkboxes, Label: modules.Say(r, "onboarding.user.self"), Options: []component.Option{
			{Value: "yes", Label: modules.Say(r, "onboarding.user.self_yes"), Hint: modules.Say(r, "onboarding.user.self_hint"), Selected: u.Self},
		}},
		{ID: "name", Label: modules.Say(r, "onboarding.user.name"), Hint: modules.Say(r, "onboarding.user.name_hint"), Value: u.Name, Error: wrong["name"], Required: true, MaxLength: 120, Width: component.Medium},
		{ID: "tax_code", Kind: component.Code, Label: modules.Say(r, "onboarding.user.tax_code"), Hint: modules.Say(r, "onboarding.user.tax_code_hint"), Value: u.TaxCode, Error: wrong["tax_code"], Required: !u.Self, MaxLength: 40, Width: component.Medium},
		roles,
	}
}

// coverage warns of roles that nobody holds. Only a missing administrator stops the entry.
func (p pages) coverage(r *http.Request, e Entry) []component.Alert {
	var alerts []component.Alert
	if !e.Done(UsersStep) {
		alerts = append(alerts, component.Alert{
			Tone: component.Warning, Title: modules.Say(r, "onboarding.user.no_admin"), Text: modules.Say(r, "onboarding.user.no_admin_text"),
		})
	}
	if missing := e.Uncovered(); len(missing) > 0 {
		alerts = append(alerts, component.Alert{
			Tone: component.Warning, Title: modules.Say(r, "onboarding.user.uncovered"),
			Text: modules.Say(r, "onboarding.user.uncovered_text", "roles", roleNames(r, missing)),
		})
	}
	return alerts
}

func roleNames(r *http.Request, roles []string) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = language.SayText(r.Context(), policies.RoleLabel(role))
	}
	return strings.Join(names, ", ")
}

func (p pages) addUser(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	n := NewUser{
		ID: modules.FormID(r.PostFormValue("id")), Name: modules.Value(r, "name"), TaxCode: modules.Value(r, "tax_code"),
		Self: modules.Value(r, "self") != "",
	}
	n.Roles = r.PostForm["roles"] // the form is parsed by now
	err = p.service.AddUser(r.Context(), s, id, n)
	if err == nil {
		return modules.Redirect(p.usersURL(r), language.M("onboarding.user.added")), nil
	}
	if !problem.Is(err, problem.Invalid) {
		return modules.View{}, err
	}
	e, getErr := p.service.Get(r.Context(), s, id)
	if getErr != nil {
		return modules.View{}, getErr
	}
	return p.usersView(r, e, n, err), nil
}

func (p pages) removeUser(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	user, err := modules.PathID(r, "user")
	if err != nil {
		return modules.View{}, err
	}
	if err := p.service.RemoveUser(r.Context(), s, id, user); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(p.usersURL(r), language.M("onboarding.user.removed")), nil
}

// usersURL is the list of users again, which remembers where it was opened from.
func (p pages) usersURL(r *http.Request) string {
	url := startPath + "/" + r.PathValue("entry") + "/" + stepWords[UsersStep]
	if then(r) != "" {
		url += "?poi=" + then(r)
	}
	return url
}
