package network

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of networks in the API.
func Operations(s *Service) []modules.Operation {
	o := &operations{service: s}
	return []modules.Operation{
		modules.Declare(Read, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "list-networks", Method: http.MethodGet, Path: "/networks",
			Summary: "List networks", Description: "The networks that the body is in or is asked to join, newest first.",
		}, o.find),
		modules.Declare(Read, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "get-network", Method: http.MethodGet, Path: "/networks/{network}",
			Summary: "Get a network", Description: "A network with its members, their acts and who leads.",
		}, o.get),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "create-network", Method: http.MethodPost, Path: "/networks", DefaultStatus: http.StatusCreated,
			Summary: "Found a network", Description: "Founds a network, which the body joins with its act and leads; it is active when nobody's answer is awaited. Repeating the call with the same Idempotency-Key changes nothing.",
		}, o.found),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "join-network", Method: http.MethodPost, Path: "/networks/{network}/membership",
			Summary: "Join a network", Description: "Joins the body with the number and the day of its act.",
		}, o.join),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "invite-to-network", Method: http.MethodPost, Path: "/networks/{network}/invitations",
			Summary: "Invite bodies to a network", Description: "Only the lead may; each body joins by its own act. Who is in the network or asked already is passed over.",
		}, o.invite),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "leave-network", Method: http.MethodPost, Path: "/networks/{network}/departure", DefaultStatus: http.StatusNoContent,
			Summary: "Leave a network or decline to join", Description: "The body does not see the network any more. A lead hands over first, unless nobody else has joined.",
		}, o.leave),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "hand-network", Method: http.MethodPost, Path: "/networks/{network}/next-lead",
			Summary: "Ask a member to take the lead", Description: "Only the lead may; it leads until the other one takes over.",
		}, o.hand),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "create-common-office", Method: http.MethodPost, Path: "/networks/{network}/office", DefaultStatus: http.StatusCreated,
			Summary: "Make the common office a body", Description: "Only the lead may. The body joins the network, has the modules of the lead, and nobody in it until an administrator of the lead accepts.",
		}, o.office),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "govern-common-office", Method: http.MethodPost, Path: "/networks/{network}/office/acceptance",
			Summary: "Become an administrator of the common office", Description: "For an administrator of the lead, and for nobody else than the caller.",
		}, o.govern),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "take-network", Method: http.MethodPost, Path: "/networks/{network}/lead",
			Summary: "Take the lead", Description: "Makes the body the lead, after the lead has asked it to.",
		}, o.take),
	}
}

// NetworkBody is a network as the API shows it.
type NetworkBody struct {
	ID       string       `json:"id" format:"uuid" doc:"Id of the network"`
	Title    string       `json:"title" maxLength:"200" doc:"Title"`
	State    string       `json:"state" enum:"proposed,active,ended" doc:"Where it stands"`
	Lead     string       `json:"lead" maxLength:"64" doc:"Slug of the body that leads"`
	NextLead string       `json:"next_lead,omitempty" maxLength:"64" doc:"Slug of the body that was asked to lead"`
	Office   string       `json:"common_office,omitempty" maxLength:"64" doc:"Slug of the body that is the common office"`
	Members  []MemberBody `json:"members" maxItems:"100" doc:"Bodies that have joined or are asked to"`
	Version  int          `json:"version" minimum:"1" maximum:"2147483647" format:"int32" doc:"Version"`
}

// MemberBody is a member of a network.
type MemberBody struct {
	Body      string     `json:"body" maxLength:"64" doc:"Slug of the body"`
	ActNumber string     `json:"act_number,omitempty" maxLength:"60" doc:"Number of its act"`
	JoinedAt  *time.Time `json:"joined_at,omitempty" doc:"When it joined; missing until then"`
}

// NetworkRef names a network in a path.
type NetworkRef struct {
	Network string `path:"network" format:"uuid" maxLength:"36" doc:"Id of the network"`
}

// NetworkActBody is the act by which a body joins.
type NetworkActBody struct {
	Number string `json:"number" maxLength:"60" doc:"Number of the act"`
	Day    string `json:"day" format:"date" doc:"Day of the act"`
}

func (a NetworkActBody) act() policies.Act {
	return policies.Act{Number: a.Number, Day: form.Day(a.Day)}
}

type networkOutput struct {
	Body NetworkBody
}

type networksOutput struct {
	Body struct {
		Items []NetworkBody `json:"items" maxItems:"1000" doc:"Networks"`
	}
}

func (o *operations) body(n Network) NetworkBody {
	body := NetworkBody{
		ID: n.ID.String(), Title: n.Title, State: n.State, Lead: o.service.deps.Bodies.Slug(n.Lead), NextLead: o.service.deps.Bodies.Slug(n.NextLead), Office: o.service.deps.Bodies.Slug(n.Office),
		Members: make([]MemberBody, len(n.Members)), Version: n.Version,
	}
	for i, m := range n.Members {
		body.Members[i] = MemberBody{Body: o.service.deps.Bodies.Slug(m.Tenant), ActNumber: m.Act.Number}
		if !m.JoinedAt.IsZero() {
			body.Members[i].JoinedAt = &m.JoinedAt
		}
	}
	return body
}

func (o *operations) answer(n Network, err error) (*networkOutput, error) {
	if err != nil {
		return nil, err
	}
	return &networkOutput{Body: o.body(n)}, nil
}

func (o *operations) find(ctx context.Context, _ *struct{}) (*networksOutput, error) {
	found, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &networksOutput{}
	out.Body.Items = make([]NetworkBody, len(found))
	for i, n := range found {
		out.Body.Items[i] = o.body(n)
	}
	return out, nil
}

func (o *operations) get(ctx context.Context, in *NetworkRef) (*networkOutput, error) {
	return o.answer(o.service.Get(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Network)))
}

type foundInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body struct {
		Title   string         `json:"title" maxLength:"200" doc:"Title"`
		Members []string       `json:"members" minItems:"1" maxItems:"99" minLength:"1" maxLength:"64" doc:"Slugs of the other bodies"`
		Office  string         `json:"common_office,omitempty" maxLength:"64" doc:"Slug of the member that is the common office"`
		Act     NetworkActBody `json:"act" doc:"The act by which the body joins"`
	}
}

func (o *operations) found(ctx context.Context, in *foundInput) (*networkOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	scope := tenants.ScopeFrom(ctx)
	f := Founding{ID: id, Title: in.Body.Title, Members: []int32{scope.Tenant}, Act: in.Body.Act.act()}
	for _, slug := range in.Body.Members {
		f.Members = append(f.Members, o.service.named(slug))
	}
	if in.Body.Office != "" {
		f.Office = o.service.named(in.Body.Office)
	}
	return o.answer(o.service.Found(ctx, scope, f))
}

type joinInput struct {
	NetworkRef
	Body NetworkActBody
}

func (o *operations) join(ctx context.Context, in *joinInput) (*networkOutput, error) {
	return o.answer(o.service.Join(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Network), in.Body.act()))
}

type inviteInput struct {
	NetworkRef
	Body struct {
		Members []string `json:"members" minItems:"1" maxItems:"99" minLength:"1" maxLength:"64" doc:"Slugs of the bodies"`
	}
}

func (o *operations) invite(ctx context.Context, in *inviteInput) (*networkOutput, error) {
	members := make([]int32, len(in.Body.Members))
	for i, slug := range in.Body.Members {
		members[i] = o.service.named(slug)
	}
	return o.answer(o.service.Invite(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Network), members))
}

func (o *operations) leave(ctx context.Context, in *NetworkRef) (*struct{}, error) {
	return nil, o.service.Leave(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Network))
}

type handInput struct {
	NetworkRef
	Body struct {
		Member string `json:"member" minLength:"1" maxLength:"64" doc:"Slug of a member that has joined"`
	}
}

func (o *operations) hand(ctx context.Context, in *handInput) (*networkOutput, error) {
	return o.answer(o.service.Hand(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Network), o.service.named(in.Body.Member)))
}

func (o *operations) take(ctx context.Context, in *NetworkRef) (*networkOutput, error) {
	return o.answer(o.service.Take(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Network)))
}

type officeInput struct {
	NetworkRef
	Body struct {
		Name string         `json:"name" maxLength:"200" doc:"Name of the office"`
		Slug string         `json:"slug" maxLength:"63" doc:"Its name in addresses"`
		Act  NetworkActBody `json:"act" doc:"The act that sets it up"`
	}
}

func (o *operations) office(ctx context.Context, in *officeInput) (*networkOutput, error) {
	office := NewOffice{Name: in.Body.Name, Slug: in.Body.Slug, Act: in.Body.Act.act()}
	return o.answer(o.service.CreateOffice(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Network), office))
}

func (o *operations) govern(ctx context.Context, in *NetworkRef) (*networkOutput, error) {
	return o.answer(o.service.Govern(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Network)))
}
