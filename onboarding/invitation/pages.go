package invitation

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/member"
	"staffetta/onboarding/office"
	"staffetta/policies"
	"staffetta/tenants"
)

const (
	people = "/console/persone"
	at     = people + "/inviti"
	// linkPath is where a link leads.
	linkPath = "/piattaforma/invito/"
)

type pages struct {
	service *Service
	offices *office.Service
}

// Pages are the pages of invitations, with the one to which a link leads.
func Pages(v *Service, offices *office.Service) []modules.Page {
	p := &pages{v, offices}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: policies.ManageRules, Handle: p.list},
		{Pattern: "GET " + at + "/nuovo", Permission: policies.ManageRules, Handle: p.begin},
		{Pattern: "POST " + at + "/nuovo", Permission: policies.ManageRules, Handle: p.invite},
		{Pattern: "POST " + at + "/{invitation}/rinvia", Permission: policies.ManageRules, Handle: p.resend},
		{Pattern: "POST " + at + "/{invitation}/ritira", Permission: policies.ManageRules, Handle: p.withdraw},
		{Pattern: "POST " + at + "/{invitation}/risposta", Permission: policies.ManageRules, Handle: p.answer},
		{Pattern: "GET " + linkPath + "{token}", Permission: policies.Public, Site: modules.OnPlatform, Handle: p.read},
		{Pattern: "POST " + linkPath + "{token}", Permission: policies.SignedIn, Purpose: tenants.Newcomer, Site: modules.OnPlatform, Handle: p.claim},
	}
}

// listPage lists the invitations of the body.
type listPage struct {
	Breadcrumb component.Breadcrumb
	New        component.Button
	Rows       []row
	None       component.Empty
}

// row is an invitation with what can be done with it.
type row struct {
	Name, Facts, Note string
	State             component.Tag
	Forms             []rowForm
}

// rowForm does one thing with an invitation.
type rowForm struct {
	Action  string
	Buttons []component.Button
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	title := modules.Say(r, "onboarding.invite.title")
	page := listPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.member.title"), URL: people}, {Label: title}}},
		New:        component.Button{Label: modules.Say(r, "onboarding.invite.new"), URL: at + "/nuovo", Emphasis: component.Primary},
		None:       component.Empty{Title: modules.Say(r, "onboarding.invite.none"), Text: modules.Say(r, "onboarding.invite.none_text")},
	}
	for _, one := range found {
		page.Rows = append(page.Rows, p.row(r, s, one))
	}
	return modules.Render("onboarding/invitations", language.M("onboarding.invite.title"), page), nil
}

// tones are how the states look.
var tones = map[string]component.Tone{Sent: component.Info, Claimed: component.Warning, Accepted: component.Success}

func (p *pages) row(r *http.Request, s tenants.Scope, one Invitation) row {
	line := row{
		Name: one.Name, Facts: strings.Join(modules.Given(p.roleNames(r, s.Tenant, one.Roles), one.Email), " · "),
		State: component.Tag{Label: modules.Say(r, "onboarding.invite.state."+one.State), Tone: tones[one.State]},
	}
	do := func(verb string, buttons ...component.Button) {
		line.Forms = append(line.Forms, rowForm{Action: at + "/" + one.ID.String() + "/" + verb, Buttons: buttons})
	}
	switch one.State {
	case Claimed:
		line.Note = modules.Say(r, "onboarding.invite.claimed_by", "name", one.Claimed)
		do("risposta", component.Button{Label: modules.Say(r, "onboarding.invite.confirm"), Hidden: one.Claimed, Name: "esito", Value: "si", Emphasis: component.Primary},
			component.Button{Label: modules.Say(r, "onboarding.invite.refuse"), Hidden: one.Claimed, Name: "esito", Value: "no"})
	case Sent, Expired, Lapsed:
		line.Note = modules.Say(r, "onboarding.invite.until", "day", one.Expires.In(language.Rome).Format("02/01/2006"))
		if one.State == Lapsed {
			line.Note = modules.Say(r, "onboarding.invite.lapsed", "by", one.By)
		}
		do("rinvia", component.Button{Label: modules.Say(r, "onboarding.invite.resend"), Hidden: one.Name})
		do("ritira", component.Button{Label: modules.Say(r, "onboarding.invite.withdraw"), Hidden: one.Name, Emphasis: component.Plain})
	}
	return line
}

func (p *pages) roleNames(r *http.Request, tenant int32, roles []string) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = language.SayText(r.Context(), p.service.deps.Policies.RoleLabel(tenant, role))
	}
	return strings.Join(names, ", ")
}

// formPage invites somebody.
type formPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Note       *component.Alert
	Action     string
	ID         string
	Fields     []component.Field
	Save       component.Button
}

func (p *pages) begin(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.formView(r, s, nil)
}

func (p *pages) formView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	offices, err := p.offices.FindOpen(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	title := modules.Say(r, "onboarding.invite.new")
	page := formPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{
			{Label: modules.Say(r, "onboarding.member.title"), URL: people}, {Label: modules.Say(r, "onboarding.invite.title"), URL: at}, {Label: title},
		}},
		Action: at + "/nuovo", ID: modules.FormID(r.PostFormValue("id")).String(),
		Save: component.Button{Label: modules.Say(r, "onboarding.invite.send"), Emphasis: component.Primary},
		Fields: append([]component.Field{
			{ID: "nome", Label: modules.Say(r, "onboarding.member.name"), Hint: modules.Say(r, "onboarding.member.name_hint"), Required: true, MaxLength: 120, Width: component.Medium},
			{ID: "email", Kind: component.Email, Label: modules.Say(r, "onboarding.invite.email"), Required: true, MaxLength: 254, Width: component.Medium},
			{ID: "codice", Kind: component.Code, Label: modules.Say(r, "onboarding.member.code"), Hint: modules.Say(r, "onboarding.invite.code_hint"), MaxLength: 40, Width: component.Medium},
			p.service.members.RolesField(r, s),
		}, member.TermFields(r, offices)...),
	}
	view := modules.Render("onboarding/invitation", language.M("onboarding.invite.new"), &page)
	if problem.Is(refused, problem.Conflict) {
		page.Note = &component.Alert{Tone: component.Warning, Text: language.Say(r.Context(), problem.Of(refused).Message)}
		view.Status = http.StatusConflict
	} else if refused != nil {
		view = view.Refused()
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	for i := range page.Fields {
		page.Fields[i].Value, page.Fields[i].Error = modules.Value(r, page.Fields[i].ID), wrong[page.Fields[i].ID]
	}
	page.Errors = component.Summarize(page.Fields...)
	return view, nil
}

func (p *pages) invite(r *http.Request, s tenants.Scope) (modules.View, error) {
	term, err := member.ReadTerm(r)
	if err == nil {
		err = p.service.Invite(r.Context(), s, Invitation{
			ID: modules.FormID(r.PostFormValue("id")), Name: modules.Value(r, "nome"), Email: modules.Value(r, "email"), TaxCode: modules.Value(r, "codice"), Term: term,
		})
	}
	switch {
	case problem.Is(err, problem.Invalid), problem.Is(err, problem.Conflict):
		return p.formView(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M("onboarding.invite.sent")), nil
}

// done does something with the invitation of the path, and leads back to the list.
func done(r *http.Request, said string, do func(id uuid.UUID) error) (modules.View, error) {
	id, err := modules.PathID(r, "invitation")
	if err == nil {
		err = do(id)
	}
	switch {
	case problem.Is(err, problem.Conflict), problem.Is(err, problem.TooMany), problem.Is(err, problem.Invalid):
		why := problem.Of(err).Message
		if fields := problem.Of(err).Fields; len(fields) > 0 {
			why = fields[0].Message
		}
		return modules.TurnBack(at, why), nil
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M(said)), nil
}

func (p *pages) resend(r *http.Request, s tenants.Scope) (modules.View, error) {
	return done(r, "onboarding.invite.sent", func(id uuid.UUID) error { return p.service.Resend(r.Context(), s, id) })
}

func (p *pages) withdraw(r *http.Request, s tenants.Scope) (modules.View, error) {
	return done(r, "onboarding.invite.withdrawn", func(id uuid.UUID) error { return p.service.Withdraw(r.Context(), s, id) })
}

func (p *pages) answer(r *http.Request, s tenants.Scope) (modules.View, error) {
	yes := modules.Value(r, "esito") == "si"
	said := "onboarding.invite.refused"
	if yes {
		said = "onboarding.invite.confirmed"
	}
	return done(r, said, func(id uuid.UUID) error { return p.service.Answer(r.Context(), s, id, yes) })
}

// linkPage tells whoever has a link what it is about, and what to do.
type linkPage struct {
	Text   string
	Alert  *component.Alert
	Facts  component.Summary
	Action string // "" where nothing can be sent
	Accept *component.Button
	Go     *component.Button
}

func (p *pages) read(r *http.Request, s tenants.Scope) (modules.View, error) {
	link := r.PathValue("token")
	card, err := p.service.Read(r.Context(), link)
	if problem.Is(err, problem.NotFound) {
		return unknown(r), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	page := linkPage{
		Text:  modules.Say(r, "onboarding.invite.link.text", "body", card.Body.Name, "by", card.By),
		Facts: component.Summary{Rows: []component.SummaryRow{{Label: modules.Say(r, "onboarding.member.roles"), Values: []string{p.roleNames(r, card.Body.ID, card.Roles)}}}},
	}
	switch {
	case card.State != Sent:
		page.Alert = &component.Alert{Tone: component.Info, Text: modules.Say(r, "onboarding.invite.link."+card.State, "body", card.Body.Name, "by", card.By)}
		if card.State == Accepted {
			page.Go = &component.Button{Label: modules.Say(r, "onboarding.invite.link.enter", "body", card.Body.Name), URL: "/" + card.Body.Slug + "/accedi?come=operatore", Emphasis: component.Primary}
		}
	case s.Purpose == tenants.Newcomer:
		page.Action, page.Accept = linkPath+link, &component.Button{Label: modules.Say(r, "onboarding.invite.link.accept", "name", s.Name), Emphasis: component.Primary}
	default:
		page.Go = &component.Button{
			Label: modules.Say(r, "onboarding.invite.link.signin"), Emphasis: component.Primary,
			URL: "/piattaforma/accedi?" + url.Values{"come": {"nuovo"}, "invito": {card.Body.Slug}, "ritorno": {linkPath + link}}.Encode(),
		}
	}
	view := modules.Render("onboarding/invite_link", language.M("onboarding.invite.link.title"), page)
	view.Public = true
	return view, nil
}

// unknown says what to do about a link that is none, whatever is wrong with it.
func unknown(r *http.Request) modules.View {
	page := linkPage{Alert: &component.Alert{Tone: component.Warning, Title: modules.Say(r, "onboarding.invite.link.unknown"), Text: modules.Say(r, "onboarding.invite.link.unknown_text")}}
	view := modules.Render("onboarding/invite_link", language.M("onboarding.invite.link.unknown"), page)
	view.Public, view.Status = true, http.StatusNotFound
	return view
}

func (p *pages) claim(r *http.Request, s tenants.Scope) (modules.View, error) {
	link := r.PathValue("token")
	_, err := p.service.Claim(r.Context(), s, link)
	switch {
	case problem.Is(err, problem.NotFound):
		return unknown(r), nil
	case problem.Is(err, problem.Conflict):
		return modules.TurnBack(linkPath+link, problem.Of(err).Message), nil
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(linkPath+link, language.M("onboarding.invite.link.done")), nil
}
