package draft

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of drafts in the API.
func Operations(s *Service) []modules.Operation {
	o := &operations{service: s}
	return []modules.Operation{
		modules.Declare(agreement.Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "list-agreement-drafts", Method: http.MethodGet, Path: "/agreement-drafts",
			Summary: "List drafts of agreements", Description: "What the body is still writing, the latest first; nobody else sees it.",
		}, o.find),
		modules.Declare(agreement.Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "get-agreement-draft", Method: http.MethodGet, Path: "/agreement-drafts/{draft}",
			Summary: "Get a draft of an agreement", Description: "A draft of the body, with what is still missing in it.",
		}, o.get),
		modules.Declare(agreement.Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "save-agreement-draft", Method: http.MethodPut, Path: "/agreement-drafts/{draft}",
			Summary: "Save a draft of an agreement", Description: "Keeps what is written, right or not, over the version in If-Match; 0 makes a new draft with an id of the client's choice.",
		}, o.save),
		modules.Declare(agreement.Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "discard-agreement-draft", Method: http.MethodDelete, Path: "/agreement-drafts/{draft}", DefaultStatus: http.StatusNoContent,
			Summary: "Throw a draft away", Description: "The draft is not shown any more.",
		}, o.discard),
		modules.Declare(agreement.Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "propose-agreement-draft", Method: http.MethodPost, Path: "/agreement-drafts/{draft}/proposal",
			Summary: "Propose the agreement of a draft", Description: "Proposes the agreement as it is at the version in If-Match and signs it for the body; the agreement has the id of the draft.",
		}, o.propose),
		modules.Declare(agreement.Write, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "renew-agreement", Method: http.MethodPost, Path: "/agreements/{agreement}/renewal", DefaultStatus: http.StatusCreated,
			Summary: "Renew an agreement", Description: "Makes a draft with all that the agreement says, for the period that follows it.",
		}, o.renew),
	}
}

// DraftBody is a draft of an agreement as the API takes and shows it.
type DraftBody struct {
	Title     string       `json:"title" maxLength:"200" doc:"Title"`
	Parties   []DraftParty `json:"parties" maxItems:"100" doc:"Bodies that are to sign; the own body is always one of them"`
	Edges     []DraftEdge  `json:"directions" maxItems:"1000" doc:"Who may show case files to whom"`
	Purposes  []string     `json:"purposes" maxItems:"100" maxLength:"64" doc:"Keys of the purposes"`
	Sections  []string     `json:"sections" maxItems:"13" maxLength:"20" doc:"Sections that may be shown"`
	Writable  []string     `json:"writable" maxItems:"13" maxLength:"20" doc:"Of the sections, those in which the other body may also write"`
	Known     bool         `json:"known_elsewhere,omitempty" doc:"Whether the bodies may ask if another one follows a person"`
	From      string       `json:"from" maxLength:"20" doc:"First day"`
	Until     string       `json:"until" maxLength:"20" doc:"Last day"`
	ActNumber string       `json:"act_number" maxLength:"60" doc:"Number of the act by which the body signs"`
	ActDay    string       `json:"act_day" maxLength:"20" doc:"Day of that act"`
	Network   string       `json:"network_id,omitempty" maxLength:"36" doc:"A network that has all the parties"`
	Renews    string       `json:"renews_id,omitempty" maxLength:"36" doc:"An agreement of the body that this one renews"`
}

// DraftParty is a party of a draft.
type DraftParty struct {
	Body string `json:"body" maxLength:"64" doc:"Slug of the body"`
	Role string `json:"data_role,omitempty" enum:"controller,joint_controller,processor" doc:"What the body is for the protection of data: GDPR art. 4, 26 or 28"`
}

// DraftEdge is a direction of a draft.
type DraftEdge struct {
	From string `json:"from" minLength:"1" maxLength:"64" doc:"Slug of the body that shows"`
	To   string `json:"to" minLength:"1" maxLength:"64" doc:"Slug of the body that sees"`
}

// KeptDraft is a draft that was saved.
type KeptDraft struct {
	ID        string    `json:"id" format:"uuid" doc:"Id, which the agreement will have"`
	State     string    `json:"state" enum:"open,proposed" doc:"Whether it is still written"`
	Version   int       `json:"version" minimum:"1" maximum:"2147483647" format:"int32" doc:"Version"`
	UpdatedAt time.Time `json:"updated_at" doc:"When it was saved"`
	UpdatedBy string    `json:"updated_by" maxLength:"200" doc:"Who saved it"`
	Missing   []string  `json:"missing" maxItems:"20" maxLength:"20" doc:"Fields that keep it from being proposed"`
	DraftBody
}

// DraftRef names a draft in a path.
type DraftRef struct {
	Draft string `path:"draft" format:"uuid" maxLength:"36" doc:"Id of the draft"`
}

type draftOutput struct {
	Body KeptDraft
}

type draftsOutput struct {
	Body struct {
		Items []KeptDraft `json:"items" maxItems:"100" doc:"Drafts"`
	}
}

func (o *operations) body(ctx context.Context, d Draft) (KeptDraft, error) {
	kept := KeptDraft{ID: d.ID.String(), State: d.State, Version: d.Version, UpdatedAt: d.UpdatedAt, UpdatedBy: d.UpdatedBy, Missing: []string{}, DraftBody: DraftBody{
		Title: d.Title, Parties: []DraftParty{}, Edges: []DraftEdge{}, Purposes: listed(d.Purposes), Sections: listed(d.Sections), Writable: listed(d.Writable), Known: d.Known,
		From: d.From, Until: d.Until, ActNumber: d.ActNumber, ActDay: d.ActDay, Network: modules.IDText(d.Network), Renews: modules.IDText(d.Renews),
	}}
	for _, p := range d.Parties {
		kept.Parties = append(kept.Parties, DraftParty{o.service.deps.Bodies.Slug(p.Body), p.Role})
	}
	for _, e := range d.Edges {
		kept.Edges = append(kept.Edges, DraftEdge{o.service.deps.Bodies.Slug(e.From), o.service.deps.Bodies.Slug(e.To)})
	}
	if d.State != Open {
		return kept, nil
	}
	wrong, err := o.service.Check(ctx, tenants.ScopeFrom(ctx), d)
	for _, f := range wrong {
		kept.Missing = append(kept.Missing, f.Name)
	}
	return kept, err
}

func listed(keys []string) []string { return append([]string{}, keys...) }

// draft is the content that a client sends; a body that does not exist is refused.
func (o *operations) draft(id uuid.UUID, version int, in DraftBody) (Draft, error) {
	d := Draft{ID: id, Version: version, Content: Content{
		Title: in.Title, Purposes: in.Purposes, Sections: in.Sections, Writable: in.Writable, Known: in.Known, From: in.From, Until: in.Until,
		ActNumber: in.ActNumber, ActDay: in.ActDay, Network: modules.LinkID(in.Network), Renews: modules.LinkID(in.Renews),
	}}
	known, able := &pages{o.service}, true
	for _, p := range in.Parties {
		d.Parties = append(d.Parties, Party{known.known(p.Body), p.Role})
		able = able && known.known(p.Body) != 0
	}
	for _, e := range in.Edges {
		d.Edges = append(d.Edges, policies.Edge{From: known.known(e.From), To: known.known(e.To)})
	}
	if !able {
		var fields problem.Fields
		fields.Add("parties", "sharing.error.party")
		return Draft{}, fields.Err()
	}
	return d, nil
}

func (o *operations) find(ctx context.Context, _ *struct{}) (*draftsOutput, error) {
	found, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &draftsOutput{}
	out.Body.Items = make([]KeptDraft, len(found))
	for i, d := range found {
		if out.Body.Items[i], err = o.body(ctx, d); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (o *operations) answer(ctx context.Context, d Draft, err error) (*draftOutput, error) {
	if err != nil {
		return nil, err
	}
	body, err := o.body(ctx, d)
	return &draftOutput{Body: body}, err
}

func (o *operations) get(ctx context.Context, in *DraftRef) (*draftOutput, error) {
	d, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Draft))
	return o.answer(ctx, d, err)
}

type saveInput struct {
	DraftRef
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen; 0 for a new one"`
	Body    DraftBody
}

func (o *operations) save(ctx context.Context, in *saveInput) (*draftOutput, error) {
	version, err := modules.IfMatchNew(in.IfMatch)
	if err != nil {
		return nil, err
	}
	d, err := o.draft(modules.LinkID(in.Draft), version, in.Body)
	if err != nil {
		return nil, err
	}
	d, err = o.service.Save(ctx, tenants.ScopeFrom(ctx), d)
	return o.answer(ctx, d, err)
}

func (o *operations) discard(ctx context.Context, in *DraftRef) (*struct{}, error) {
	return nil, o.service.Discard(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Draft))
}

type proposeInput struct {
	DraftRef
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
}

type proposeOutput struct {
	Body struct {
		ID    string `json:"id" format:"uuid" doc:"Id of the agreement"`
		State string `json:"state" maxLength:"20" doc:"State of the agreement"`
	}
}

func (o *operations) propose(ctx context.Context, in *proposeInput) (*proposeOutput, error) {
	version, err := modules.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	a, err := o.service.Propose(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Draft), version)
	if err != nil {
		return nil, err
	}
	out := &proposeOutput{}
	out.Body.ID, out.Body.State = a.ID.String(), a.State
	return out, nil
}

type renewInput struct {
	agreement.AgreementRef
	Key string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
}

func (o *operations) renew(ctx context.Context, in *renewInput) (*draftOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	d, err := o.service.Renew(ctx, tenants.ScopeFrom(ctx), id, modules.LinkID(in.Agreement))
	return o.answer(ctx, d, err)
}
