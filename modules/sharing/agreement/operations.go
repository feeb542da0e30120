package agreement

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of agreements in the API.
func Operations(s *Service) []modules.Operation {
	o := &operations{service: s}
	return []modules.Operation{
		o.effectsOperation(),
		modules.Declare(Read, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "list-agreements", Method: http.MethodGet, Path: "/agreements",
			Summary: "List agreements", Description: "The agreements to which the body is a party, newest first.",
		}, o.findAgreements),
		modules.Declare(Read, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "get-agreement", Method: http.MethodGet, Path: "/agreements/{agreement}",
			Summary: "Get an agreement", Description: "An agreement with its parties, their acts and signatures.",
		}, o.getAgreement),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "create-agreement", Method: http.MethodPost, Path: "/agreements", DefaultStatus: http.StatusCreated,
			Summary: "Propose an agreement", Description: "Proposes an agreement and signs it for the body; it is active when every party has signed. Repeating the call with the same Idempotency-Key changes nothing.",
		}, o.propose),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "sign-agreement", Method: http.MethodPost, Path: "/agreements/{agreement}/signature",
			Summary: "Sign an agreement", Description: "Signs for the body with the number and the day of its act. Refused when something has changed since the mark of the effects was read.",
		}, o.sign),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "move-agreement", Method: http.MethodPost, Path: "/agreements/{agreement}/state",
			Summary: "Suspend, resume or end an agreement", Description: "Suspending or ending hides every share under it from the next query on. Only the body that suspended may resume.",
		}, o.moveAgreement),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "refuse-agreement", Method: http.MethodPost, Path: "/agreements/{agreement}/refusal",
			Summary: "Refuse to sign an agreement", Description: "Ends a proposal that the body has not signed, with a reason that all parties read.",
		}, o.refuse),
		modules.Declare(Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "withdraw-agreement", Method: http.MethodPost, Path: "/agreements/{agreement}/withdrawal",
			Summary: "Withdraw from an agreement", Description: "Ends for all parties what the body has signed. Every share under it is hidden from the next query on.",
		}, o.withdraw),
	}
}

// AgreementBody is an agreement as the API shows it.
type AgreementBody struct {
	ID        string      `json:"id" format:"uuid" doc:"Id of the agreement"`
	Title     string      `json:"title" maxLength:"200" doc:"Title"`
	State     string      `json:"state" maxLength:"20" doc:"proposed, active, suspended or ended"`
	Purposes  []string    `json:"purposes" maxItems:"100" maxLength:"64" doc:"Keys of the purposes"`
	Sections  []string    `json:"sections" maxItems:"13" maxLength:"20" doc:"Sections that it lets show"`
	Writable  []string    `json:"writable" maxItems:"13" maxLength:"20" doc:"Of the sections, those in which the other body may also write"`
	From      time.Time   `json:"from" doc:"When it begins"`
	Until     time.Time   `json:"until" doc:"When it ends"`
	Parties   []PartyBody `json:"parties" maxItems:"100" doc:"Bodies that sign"`
	Edges     []EdgeBody  `json:"directions" maxItems:"1000" doc:"Who may show case files to whom"`
	Known     bool        `json:"known_elsewhere" doc:"Whether the bodies may ask if another one follows a person"`
	Emergency bool        `json:"break_glass" doc:"Whether they may open such a case file in an emergency"`
	Renews    string      `json:"renews_id,omitempty" format:"uuid" doc:"The agreement that it renews"`
	Only      string      `json:"handover_id,omitempty" format:"uuid" doc:"The handover that it serves alone, and with which it ends"`
	Ended     *EndBody    `json:"ended,omitempty" doc:"Who ended it; missing until then"`
	Version   int         `json:"version" minimum:"1" maximum:"2147483647" format:"int32" doc:"Version"`
}

// PartyBody is a party of an agreement.
type PartyBody struct {
	Body      string     `json:"body" maxLength:"64" doc:"Slug of the body"`
	Role      string     `json:"data_role" enum:"controller,joint_controller,processor" doc:"What the body is for the protection of data: GDPR art. 4, 26 or 28"`
	ActNumber string     `json:"act_number,omitempty" maxLength:"60" doc:"Number of its act"`
	ActDay    string     `json:"act_day,omitempty" format:"date" doc:"Day of its act"`
	SignedAt  *time.Time `json:"signed_at,omitempty" doc:"When it signed; missing until then"`
	Signatory string     `json:"signatory,omitempty" maxLength:"200" doc:"Who signed for it"`
	Digest    string     `json:"signed_digest,omitempty" maxLength:"64" doc:"SHA-256 of what it signed"`
}

// EndBody tells who ended an agreement.
type EndBody struct {
	Body    string `json:"body" maxLength:"64" doc:"Slug of the body"`
	Refused bool   `json:"refused" doc:"Whether the body refused to sign; otherwise it withdrew"`
	Reason  string `json:"reason" maxLength:"500" doc:"Reason, as the body gave it"`
}

// EdgeBody is a direction of an agreement.
type EdgeBody struct {
	From string `json:"from" minLength:"1" maxLength:"64" doc:"Slug of the body that shows"`
	To   string `json:"to" minLength:"1" maxLength:"64" doc:"Slug of the body that sees"`
}

func (o *operations) agreement(a policies.Agreement) AgreementBody {
	body := AgreementBody{
		ID: a.ID.String(), Title: a.Title, State: a.State, Purposes: a.Purposes, Sections: a.Sections, Writable: a.Writable, From: a.From, Until: a.To, Version: a.Version,
		Known: a.Asks.Known, Emergency: a.Asks.BreakGlass,
		Parties: []PartyBody{}, Edges: []EdgeBody{},
	}
	for _, p := range a.Parties {
		party := PartyBody{Body: o.service.deps.Bodies.Slug(p.Tenant), Role: p.Role, ActNumber: p.Act.Number, Signatory: p.Signatory, Digest: p.Digest}
		if !p.AcceptedAt.IsZero() {
			party.SignedAt, party.ActDay = &p.AcceptedAt, p.Act.Day.Format(time.DateOnly)
		}
		body.Parties = append(body.Parties, party)
	}
	if a.Renews != uuid.Nil {
		body.Renews = a.Renews.String()
	}
	body.Only = modules.IDText(a.Only)
	if a.EndedBy != 0 {
		body.Ended = &EndBody{Body: o.service.deps.Bodies.Slug(a.EndedBy), Refused: a.Refused(), Reason: a.EndReason}
	}
	for _, e := range a.Edges {
		body.Edges = append(body.Edges, EdgeBody{From: o.service.deps.Bodies.Slug(e.From), To: o.service.deps.Bodies.Slug(e.To)})
	}
	return body
}

// AgreementRef names an agreement in a path.
type AgreementRef struct {
	Agreement string `path:"agreement" format:"uuid" maxLength:"36" doc:"Id of the agreement"`
}

type agreementsOutput struct {
	Body struct {
		Items []AgreementBody `json:"items" maxItems:"1000" doc:"Agreements"`
	}
}

type agreementOutput struct {
	Body AgreementBody
}

func (o *operations) findAgreements(ctx context.Context, _ *struct{}) (*agreementsOutput, error) {
	found, err := o.service.FindAgreements(ctx, tenants.ScopeFrom(ctx))
	out := &agreementsOutput{}
	out.Body.Items = make([]AgreementBody, len(found))
	for i, a := range found {
		out.Body.Items[i] = o.agreement(a)
	}
	return out, err
}

func (o *operations) answer(a policies.Agreement, err error) (*agreementOutput, error) {
	if err != nil {
		return nil, err
	}
	return &agreementOutput{Body: o.agreement(a)}, nil
}

func (o *operations) getAgreement(ctx context.Context, in *AgreementRef) (*agreementOutput, error) {
	return o.answer(o.service.GetAgreement(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Agreement)))
}

// ActBody is the act by which a body signs.
type ActBody struct {
	Number string `json:"number" maxLength:"60" doc:"Number of the act"`
	Day    string `json:"day" format:"date" doc:"Day of the act"`
}

func (a ActBody) act() policies.Act { return policies.Act{Number: a.Number, Day: form.Day(a.Day)} }

// RoleBody says what a party is for the protection of data.
type RoleBody struct {
	Body string `json:"body" minLength:"1" maxLength:"64" doc:"Slug of the body"`
	Role string `json:"data_role" enum:"controller,joint_controller,processor" doc:"GDPR art. 4, 26 or 28"`
}

type proposeInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body struct {
		Title    string     `json:"title" maxLength:"200" doc:"Title"`
		Edges    []EdgeBody `json:"directions" minItems:"1" maxItems:"100" doc:"Who may show case files to whom; the bodies named are the parties"`
		Purposes []string   `json:"purposes" minItems:"1" maxItems:"100" maxLength:"64" doc:"Keys of the purposes"`
		Sections []string   `json:"sections" minItems:"1" maxItems:"13" maxLength:"20" doc:"Sections that it lets show"`
		Writable []string   `json:"writable,omitempty" maxItems:"13" maxLength:"20" doc:"Of the sections, those in which the other body may also write"`
		Known    bool       `json:"known_elsewhere,omitempty" doc:"Whether the bodies may ask if another one follows a person; with a purpose for emergencies, also open such a case file"`
		Roles    []RoleBody `json:"data_roles,omitempty" maxItems:"100" doc:"What the parties are for the protection of data; who is not named is a controller"`
		From     string     `json:"from" format:"date" doc:"First day"`
		Until    string     `json:"until" format:"date" doc:"Last day"`
		Act      ActBody    `json:"act" doc:"The act by which the body signs"`
		Network  string     `json:"network_id,omitempty" format:"uuid" doc:"A network that has all the parties"`
	}
}

func (o *operations) propose(ctx context.Context, in *proposeInput) (*agreementOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	p := policies.Proposal{ID: id, Title: in.Body.Title, Purposes: in.Body.Purposes, Sections: in.Body.Sections, Writable: in.Body.Writable, From: form.Day(in.Body.From), Act: in.Body.Act.act(), Asks: policies.Asking{Known: in.Body.Known}}
	if in.Body.Network != "" {
		p.Network = modules.FormID(in.Body.Network) // what is no id becomes one that no network has
	}
	if last := form.Day(in.Body.Until); !last.IsZero() {
		p.To = form.EndOfDay(last)
	}
	if p.Parties, p.Edges, err = o.edges(in.Body.Edges); err != nil {
		return nil, err
	}
	if p.Roles, err = o.roles(in.Body.Roles, p.Parties); err != nil {
		return nil, err
	}
	return o.answer(o.service.ProposeAgreement(ctx, tenants.ScopeFrom(ctx), p))
}

// edges finds the bodies that directions name.
func (o *operations) edges(named []EdgeBody) ([]int32, []policies.Edge, error) {
	var parties []int32
	known := map[string]int32{}
	find := func(slug string) int32 {
		body, _, err := o.service.deps.Bodies.BySlug(slug)
		if _, seen := known[slug]; err == nil && !seen {
			known[slug] = body.ID
			parties = append(parties, body.ID)
		}
		return known[slug]
	}
	var edges []policies.Edge
	for _, e := range named {
		edge := policies.Edge{From: find(e.From), To: find(e.To)}
		if edge.From == 0 || edge.To == 0 || edge.From == edge.To {
			var fields problem.Fields
			fields.Add("directions", "sharing.error.party")
			return nil, nil, fields.Err()
		}
		edges = append(edges, edge)
	}
	return parties, edges, nil
}

// roles finds the parties that roles name.
func (o *operations) roles(named []RoleBody, parties []int32) (map[int32]string, error) {
	roles := map[int32]string{}
	for _, one := range named {
		body, _, err := o.service.deps.Bodies.BySlug(one.Body)
		if err != nil || !slices.Contains(parties, body.ID) {
			var fields problem.Fields
			fields.Add("data_roles", "sharing.error.party")
			return nil, fields.Err()
		}
		roles[body.ID] = one.Role
	}
	return roles, nil
}

type signInput struct {
	AgreementRef
	Body struct {
		ActBody
		modules.ConsentBody
	}
}

func (o *operations) sign(ctx context.Context, in *signInput) (*agreementOutput, error) {
	return o.answer(o.service.SignAgreement(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Agreement), in.Body.act(), in.Body.Consent()))
}

// AgreementReasonBody says why.
type AgreementReasonBody struct {
	Reason string `json:"reason" maxLength:"500" doc:"Reason, which all parties read"`
}

type endInput struct {
	AgreementRef
	Body AgreementReasonBody
}

func (o *operations) refuse(ctx context.Context, in *endInput) (*agreementOutput, error) {
	return o.answer(o.service.RefuseAgreement(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Agreement), strings.TrimSpace(in.Body.Reason)))
}

type withdrawInput struct {
	AgreementRef
	Body struct {
		AgreementReasonBody
		Mark         string `json:"mark,omitempty" maxLength:"64" doc:"Of the effects, as they were read; not for a proposal"`
		Acknowledged bool   `json:"acknowledged,omitempty" doc:"Who loses has been read; not for a proposal"`
	}
}

func (o *operations) withdraw(ctx context.Context, in *withdrawInput) (*agreementOutput, error) {
	seen := modules.Consent{Mark: in.Body.Mark, Acknowledged: in.Body.Acknowledged}
	return o.answer(o.service.WithdrawAgreement(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Agreement), strings.TrimSpace(in.Body.Reason), seen))
}

type moveInput struct {
	AgreementRef
	Body struct {
		modules.ConsentBody
		State string `json:"state" enum:"active,suspended,ended" doc:"The state to reach"`
	}
}

func (o *operations) moveAgreement(ctx context.Context, in *moveInput) (*agreementOutput, error) {
	return o.answer(o.service.MoveAgreement(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Agreement), in.Body.State, in.Body.Consent()))
}
