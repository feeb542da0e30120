package network

import (
	"net/http"
	"slices"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/tenants"
)

// invitePage asks which bodies to invite.
type invitePage struct {
	Errors component.ErrorSummary
	Text   string
	Action string
	Search component.Field
	Find   component.Button
	Bodies component.Field
	Save   component.Button
	Back   component.Link
}

func (p *pages) startInvitation(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.invitation(r, s, nil)
}

func (p *pages) invitation(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	n, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	if !n.MayInvite(s.Tenant) {
		return modules.View{}, problem.Missing()
	}
	page := invitePage{
		Text: n.Title, Action: "/rete/reti/" + id.String() + "/inviti",
		Search: component.Field{ID: "cerca", Label: modules.Say(r, "sharing.agreement.search"), Value: modules.Value(r, "cerca"), MaxLength: 100},
		Find:   component.Button{Label: modules.Say(r, "sharing.agreement.find"), Name: "azione", Value: "cerca"},
		Bodies: p.bodies(r, s, modules.FieldErrors(r.Context(), refused)["enti"]),
		Save:   component.Button{Label: modules.Say(r, "sharing.net.invite"), Emphasis: component.Primary},
		Back:   component.Link{Label: modules.Say(r, "sharing.net.open"), URL: "/rete/reti/" + id.String()},
	}
	page.Bodies.Options = slices.DeleteFunc(page.Bodies.Options, func(o component.Option) bool {
		body := p.service.named(o.Value)
		return n.Has(body) || n.Awaits(body)
	})
	page.Errors = component.Summarize(page.Bodies)
	view := modules.Render("sharing/network_invite", language.M("sharing.net.invite"), page)
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

func (p *pages) invite(r *http.Request, s tenants.Scope) (modules.View, error) {
	if strings.TrimSpace(r.PostFormValue("azione")) == "cerca" {
		return p.invitation(r, s, nil)
	}
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	var members []int32
	for _, slug := range form.Values(r, "enti") {
		members = append(members, p.service.named(slug))
	}
	_, err = p.service.Invite(r.Context(), s, id, members)
	if problem.Is(err, problem.Invalid) {
		return p.invitation(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/reti/"+id.String(), language.M("sharing.net.done.invite")), nil
}
