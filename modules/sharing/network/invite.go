package network

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/tenants"
)

// MayInvite tells whether the body may ask others to join.
func (n Network) MayInvite(tenant int32) bool { return n.State != Ended && n.Lead == tenant }

// maxMembers is how many bodies a network has at most.
const maxMembers = 100

// Invite asks further bodies to join; who is in the network or asked already is passed over. Errors: problem.NotFound;
// problem.Conflict where the actor's body does not lead; problem.Invalid for bodies that cannot join.
func (s *Service) Invite(ctx context.Context, scope tenants.Scope, id uuid.UUID, members []int32) (Network, error) {
	n, err := s.Get(ctx, scope, id)
	if err != nil {
		return Network{}, err
	}
	fresh := slices.DeleteFunc(slices.Clone(members), func(m int32) bool { return n.Has(m) || n.Awaits(m) })
	if n.MayInvite(scope.Tenant) && len(members) > 0 && len(fresh) == 0 {
		return n, nil // the same form again
	}
	var fields problem.Fields
	if !s.able(scope, append([]int32{scope.Tenant}, fresh...)) || len(n.Members)+len(fresh) > maxMembers {
		fields.Add("enti", "sharing.error.members")
	}
	return s.step(ctx, scope, id, move{
		"network.invite", func(n Network) bool { return n.MayInvite(scope.Tenant) },
		func(tx tenants.Tx) error {
			if err := fields.Err(); err != nil {
				return err
			}
			return invite(ctx, tx, id, fresh)
		},
	})
}

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
