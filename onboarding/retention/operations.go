package retention

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of retention.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(Read, huma.Operation{
			OperationID: "list-retention-terms", Method: http.MethodGet, Path: "/retention-terms", Tags: tags, Summary: "List the terms of retention",
			Description: "How long the body keeps what, with how much of it is over now.",
		}, o.terms),
		modules.Declare(Write, huma.Operation{
			OperationID: "set-retention-term", Method: http.MethodPut, Path: "/retention-terms/{kind}", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Change a term of retention",
			Description: "With the reason, which stays in the history of the term.",
		}, o.setTerm),
		modules.Declare(Propose, huma.Operation{
			OperationID: "propose-disposal", Method: http.MethodPost, Path: "/disposals", Tags: tags, DefaultStatus: http.StatusCreated, Summary: "Propose a disposal",
			Description: "Lists what is over of the kinds named. Somebody else has to agree before anything goes.",
		}, o.propose),
		modules.Declare(Read, huma.Operation{
			OperationID: "get-disposal", Method: http.MethodGet, Path: "/disposals/{disposal}", Tags: tags, Summary: "Get a disposal",
			Description: "The list by numbers, without names, and what went from which table.",
		}, o.get),
		modules.Declare(Propose, huma.Operation{
			OperationID: "withdraw-disposal", Method: http.MethodDelete, Path: "/disposals/{disposal}", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Take a proposal back",
			Description: "Only one that nobody has decided about.",
		}, o.withdraw),
		modules.Declare(Agree, huma.Operation{
			OperationID: "agree-to-disposal", Method: http.MethodPost, Path: "/disposals/{disposal}/agreement", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Agree to a disposal",
			Description: "What is still over and not held is removed from now on, for ever. The digest is that of the list which was read.",
		}, o.agree),
		modules.Declare(Agree, huma.Operation{
			OperationID: "refuse-disposal", Method: http.MethodPost, Path: "/disposals/{disposal}/refusal", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Refuse a disposal",
			Description: "With the reason, which who proposed can read.",
		}, o.refuse),
		modules.Declare(Read, huma.Operation{
			OperationID: "list-retention-holds", Method: http.MethodGet, Path: "/retention-holds", Tags: tags, Summary: "List the holds",
			Description: "Case files and persons that nobody may remove, the newest first.",
		}, o.holds),
		modules.Declare(Keep, huma.Operation{
			OperationID: "create-retention-hold", Method: http.MethodPost, Path: "/retention-holds", Tags: tags, DefaultStatus: http.StatusCreated, Summary: "Hold a case file or a person",
			Description: "Whatever the term says, it stays until the hold ends.",
		}, o.keep),
		modules.Declare(Keep, huma.Operation{
			OperationID: "end-retention-hold", Method: http.MethodPost, Path: "/retention-holds/{hold}/end", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "End a hold",
			Description: "With the reason, which stays with the hold.",
		}, o.release),
	}
}

// RetentionTermBody is a term of the body.
type RetentionTermBody struct {
	Kind     string `json:"kind" maxLength:"30"`
	Label    string `json:"label" maxLength:"200"`
	Years    int    `json:"years" minimum:"0" maximum:"150" doc:"0 keeps for ever"`
	Proposed int    `json:"proposed" minimum:"0" maximum:"150" doc:"What is proposed to every body"`
	Over     int    `json:"over" minimum:"0" maximum:"100000000" doc:"How much of it may go now"`
	Stopped  int    `json:"stopped" minimum:"0" maximum:"100000000" doc:"How much is over and held or shared"`
}

type retentionTermsOutput struct {
	Body struct {
		Items []RetentionTermBody `json:"items" maxItems:"100"`
	}
}

func (o *operations) terms(ctx context.Context, _ *struct{}) (*retentionTermsOutput, error) {
	s, out := tenants.ScopeFrom(ctx), &retentionTermsOutput{}
	terms, err := o.service.Terms(ctx, s)
	if err != nil {
		return nil, err
	}
	due, err := o.service.Due(ctx, s)
	if err != nil {
		return nil, err
	}
	out.Body.Items = make([]RetentionTermBody, len(terms))
	for i, t := range terms {
		out.Body.Items[i] = RetentionTermBody{
			Kind: t.Kind, Label: language.SayText(ctx, t.Label), Years: t.Kept, Proposed: t.Years, Over: due[i].Ready, Stopped: due[i].Held + due[i].Shared,
		}
	}
	return out, nil
}

type setTermInput struct {
	Kind string `path:"kind" maxLength:"30" doc:"What is kept"`
	Body struct {
		Years  int    `json:"years" minimum:"0" maximum:"150" doc:"0 keeps for ever"`
		Reason string `json:"reason" minLength:"5" maxLength:"1000"`
	}
}

func (o *operations) setTerm(ctx context.Context, in *setTermInput) (*struct{}, error) {
	return nil, o.service.SetTerm(ctx, tenants.ScopeFrom(ctx), in.Kind, in.Body.Years, in.Body.Reason)
}

type proposeDisposalInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"UUID that becomes the id of the disposal"`
	Body struct {
		Kinds []string `json:"kinds" minItems:"1" maxItems:"20" enum:"case,contact,person,draft,notice,contest,request" doc:"Of which kinds"`
		Note  string   `json:"note,omitempty" maxLength:"2000"`
	}
}

type retentionCreatedOutput struct {
	Body struct {
		ID uuid.UUID `json:"id" format:"uuid" maxLength:"36"`
	}
}

func (o *operations) propose(ctx context.Context, in *proposeDisposalInput) (*retentionCreatedOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	out := &retentionCreatedOutput{}
	out.Body.ID = id
	return out, o.service.Propose(ctx, tenants.ScopeFrom(ctx), Proposal{ID: id, Kinds: in.Body.Kinds, Note: in.Body.Note})
}

// DisposalRef names a disposal.
type DisposalRef struct {
	Disposal uuid.UUID `path:"disposal" format:"uuid" maxLength:"36" doc:"Id of the disposal"`
}

// DisposalItemBody is one thing of a list.
type DisposalItemBody struct {
	ID      uuid.UUID `json:"id" format:"uuid" maxLength:"36"`
	Kind    string    `json:"kind" maxLength:"30"`
	Number  string    `json:"number,omitempty" maxLength:"80"`
	Since   time.Time `json:"since" format:"date-time" doc:"From when its term runs"`
	Outcome string    `json:"outcome,omitempty" maxLength:"20" doc:"gone, held, shared or changed"`
}

// GoneBody is what went from one table.
type GoneBody struct {
	Table  string `json:"table" maxLength:"120" doc:"The kind, and the table"`
	Rows   int64  `json:"rows" minimum:"0" maximum:"1000000000"`
	SHA256 string `json:"sha256" maxLength:"64" doc:"Digest of the rows"`
}

// DisposalBody is one disposal.
type DisposalBody struct {
	ID            uuid.UUID          `json:"id" format:"uuid" maxLength:"36"`
	State         string             `json:"state" enum:"proposed,withdrawn,refused,agreed,removed,done"`
	ProposedBy    string             `json:"proposed_by" maxLength:"200"`
	ProposedAt    time.Time          `json:"proposed_at" format:"date-time"`
	DecidedBy     string             `json:"decided_by,omitempty" maxLength:"200"`
	DecidedAt     *time.Time         `json:"decided_at,omitempty" format:"date-time"`
	Words         string             `json:"words,omitempty" maxLength:"2000" doc:"Why it was refused"`
	Authorisation string             `json:"authorisation,omitempty" maxLength:"200"`
	List          string             `json:"list" maxLength:"64" doc:"SHA-256 of the list, as who agrees has to say it"`
	Items         []DisposalItemBody `json:"items" maxItems:"20000"`
	Gone          []GoneBody         `json:"gone" maxItems:"1000" doc:"What went, by kind and table"`
}

type disposalOutput struct {
	Body DisposalBody
}

func (o *operations) get(ctx context.Context, in *DisposalRef) (*disposalOutput, error) {
	s := tenants.ScopeFrom(ctx)
	d, err := o.service.Get(ctx, s, in.Disposal)
	if err != nil {
		return nil, err
	}
	items, err := o.service.List(ctx, s, in.Disposal)
	if err != nil {
		return nil, err
	}
	out := &disposalOutput{Body: DisposalBody{
		ID: d.ID, State: string(d.State), ProposedBy: d.ProposedName, ProposedAt: d.ProposedAt, DecidedBy: d.DecidedName, DecidedAt: d.DecidedAt,
		Words: d.Words, Authorisation: d.Authorisation, List: SumOf(items), Gone: []GoneBody{}, Items: make([]DisposalItemBody, len(items)),
	}}
	for _, table := range slices.Sorted(maps.Keys(d.Gone)) {
		out.Body.Gone = append(out.Body.Gone, GoneBody{Table: table, Rows: d.Gone[table].Rows, SHA256: d.Gone[table].SHA256})
	}
	for i, one := range items {
		out.Body.Items[i] = DisposalItemBody(one)
	}
	return out, nil
}

func (o *operations) withdraw(ctx context.Context, in *DisposalRef) (*struct{}, error) {
	return nil, o.service.Withdraw(ctx, tenants.ScopeFrom(ctx), in.Disposal)
}

type agreeDisposalInput struct {
	DisposalRef
	Body struct {
		Authorisation string `json:"authorisation" minLength:"1" maxLength:"200" doc:"Number of the authorisation of the Soprintendenza"`
		On            string `json:"on" format:"date" doc:"Its day"`
		List          string `json:"list" maxLength:"64" doc:"SHA-256 of the list that was read"`
	}
}

func (o *operations) agree(ctx context.Context, in *agreeDisposalInput) (*struct{}, error) {
	on, err := modules.ReadDay("on", in.Body.On)
	if err != nil {
		return nil, err
	}
	return nil, o.service.Agree(ctx, tenants.ScopeFrom(ctx), in.Disposal, Agreement{Authorisation: in.Body.Authorisation, On: on, ListSum: in.Body.List})
}

type refuseDisposalInput struct {
	DisposalRef
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"1000"`
	}
}

func (o *operations) refuse(ctx context.Context, in *refuseDisposalInput) (*struct{}, error) {
	return nil, o.service.Refuse(ctx, tenants.ScopeFrom(ctx), in.Disposal, in.Body.Reason)
}

// RetentionHoldBody is one hold.
type RetentionHoldBody struct {
	ID     uuid.UUID  `json:"id" format:"uuid" maxLength:"36"`
	Number string     `json:"number,omitempty" maxLength:"80" doc:"Of the case file; none for a person"`
	Person *uuid.UUID `json:"person,omitempty" format:"uuid" maxLength:"36"`
	Reason string     `json:"reason" maxLength:"1000"`
	Until  *time.Time `json:"until,omitempty" format:"date-time" doc:"The last day; none without end"`
	By     string     `json:"by" maxLength:"200"`
	At     time.Time  `json:"at" format:"date-time"`
	Ended  bool       `json:"ended"`
}

type retentionHoldsOutput struct {
	Body struct {
		Items []RetentionHoldBody `json:"items" maxItems:"500"`
	}
}

func (o *operations) holds(ctx context.Context, _ *struct{}) (*retentionHoldsOutput, error) {
	found, err := o.service.Holds(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out, today := &retentionHoldsOutput{}, language.Day(time.Now())
	out.Body.Items = make([]RetentionHoldBody, len(found))
	for i, h := range found {
		out.Body.Items[i] = RetentionHoldBody{ID: h.ID, Number: h.Number, Person: h.Person, Reason: h.Reason, Until: h.Until, By: h.By, At: h.At, Ended: h.Ended(today)}
	}
	return out, nil
}

type keepHoldInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"UUID that becomes the id of the hold"`
	Body struct {
		Number string     `json:"number,omitempty" maxLength:"80" doc:"Of the case file"`
		Person *uuid.UUID `json:"person,omitempty" format:"uuid" maxLength:"36" doc:"Or the person"`
		Reason string     `json:"reason" minLength:"5" maxLength:"1000"`
		Until  string     `json:"until,omitempty" format:"date" doc:"The last day; none without end"`
	}
}

func (o *operations) keep(ctx context.Context, in *keepHoldInput) (*retentionCreatedOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	n := NewHold{ID: id, Number: in.Body.Number, Reason: in.Body.Reason}
	if in.Body.Person != nil {
		n.Person = *in.Body.Person
	}
	if n.Until, err = modules.ReadDay("until", in.Body.Until); err != nil {
		return nil, err
	}
	out := &retentionCreatedOutput{}
	out.Body.ID = id
	return out, o.service.Keep(ctx, tenants.ScopeFrom(ctx), n)
}

type releaseHoldInput struct {
	Hold uuid.UUID `path:"hold" format:"uuid" maxLength:"36" doc:"Id of the hold"`
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"1000"`
	}
}

func (o *operations) release(ctx context.Context, in *releaseHoldInput) (*struct{}, error) {
	return nil, o.service.Release(ctx, tenants.ScopeFrom(ctx), in.Hold, in.Body.Reason)
}
