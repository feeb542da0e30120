package support

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/steward/body"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are those of support: the platform's and the body's.
func Operations(service *Service) []modules.Operation {
	o, tags := operations{service}, []string{"steward"}
	return []modules.Operation{
		body.Declare(Ask, huma.Operation{
			OperationID: "list-support", Method: http.MethodGet, Path: "/support-requests", Summary: "List the accesses for support",
			Description: "What the platform has asked of bodies and what they granted, the newest hundred.",
		}, o.find),
		body.Declare(Ask, huma.Operation{
			OperationID: "ask-support", Method: http.MethodPost, Path: "/support-requests", DefaultStatus: http.StatusCreated, Summary: "Ask a body for support",
			Description: "Asks a body to let the actor see how it is set up, for at most eight hours. 409 where the actor works there, or has asked already.",
		}, o.ask),
		body.Declare(Ask, huma.Operation{
			OperationID: "take-support", Method: http.MethodPost, Path: "/support-requests/{access}/taking", DefaultStatus: http.StatusNoContent, Summary: "Take an access granted unasked",
			Description: "Makes the access the actor's own. 409 where somebody else took it, or it is over.",
		}, o.take),
		body.Declare(Ask, huma.Operation{
			OperationID: "leave-support", Method: http.MethodPost, Path: "/support-requests/{access}/leaving", DefaultStatus: http.StatusNoContent, Summary: "Give an access up",
			Description: "Takes back what the actor asked, or ends their access. 409 where there is nothing any more.",
		}, o.leave),
		modules.Declare(Read, huma.Operation{
			OperationID: "list-own-support", Method: http.MethodGet, Path: "/support-accesses", Tags: tags, Summary: "List the accesses for support to the body",
			Description: "Who of the platform asked to see how the body is set up, until when, and what they looked at; the newest fifty.",
		}, o.findOwn),
		modules.Declare(Grant, huma.Operation{
			OperationID: "offer-support", Method: http.MethodPost, Path: "/support-accesses", Tags: tags, DefaultStatus: http.StatusCreated, Summary: "Grant support unasked",
			Description: "Whoever of the platform takes it first sees how the body is set up, from now on and for at most eight hours.",
		}, o.offer),
		modules.Declare(Grant, huma.Operation{
			OperationID: "answer-support", Method: http.MethodPost, Path: "/support-accesses/{access}/answer", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Say yes or no to support",
			Description: "The hours begin with the yes. 409 where nothing is asked any more.",
		}, o.answer),
		modules.Declare(Grant, huma.Operation{
			OperationID: "end-support", Method: http.MethodPost, Path: "/support-accesses/{access}/end", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "End support at once",
			Description: "Who is signed in by the access is so no more. 409 where it has ended.",
		}, o.end),
	}
}

// SupportDoing is something that was looked at.
type SupportDoing struct {
	At     time.Time `json:"at"`
	Action string    `json:"action" maxLength:"80"`
	Page   string    `json:"page,omitempty" maxLength:"200" doc:"The page or operation, without what is filled in"`
}

// SupportAccess is some hours of support.
type SupportAccess struct {
	ID      uuid.UUID      `json:"id" format:"uuid"`
	Body    string         `json:"body" maxLength:"63" doc:"Slug of the body"`
	State   string         `json:"state" enum:"asked,granted,refused,ended,over"`
	Reason  string         `json:"reason" maxLength:"1000"`
	Hours   int            `json:"hours" format:"int32" minimum:"1" maximum:"8"`
	Name    string         `json:"name,omitempty" maxLength:"120" doc:"Who comes; none while nobody has taken what was granted unasked"`
	AskedAt time.Time      `json:"asked_at"`
	Until   *time.Time     `json:"until,omitempty" doc:"When it ends by itself"`
	EndedAt *time.Time     `json:"ended_at,omitempty" doc:"When it was ended before"`
	Doings  []SupportDoing `json:"doings,omitempty" maxItems:"200" doc:"What was looked at, the newest first; to the body"`
}

func (o operations) accessOf(a Access) SupportAccess {
	out := SupportAccess{ID: a.ID, Body: o.service.deps.Bodies.Slug(a.Body), State: string(a.State), Reason: a.Reason, Hours: a.Hours, Name: a.Name, AskedAt: a.AskedAt}
	if !a.Until.IsZero() {
		out.Until = &a.Until
	}
	if !a.EndedAt.IsZero() {
		out.EndedAt = &a.EndedAt
	}
	for _, d := range a.Doings {
		out.Doings = append(out.Doings, SupportDoing(d))
	}
	return out
}

type supportOutput struct {
	Body struct {
		Items []SupportAccess `json:"items" maxItems:"100"`
	}
}

func (o operations) list(all []Access, err error) (*supportOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &supportOutput{}
	out.Body.Items = make([]SupportAccess, len(all))
	for i, a := range all {
		out.Body.Items[i] = o.accessOf(a)
	}
	return out, nil
}

func (o operations) find(ctx context.Context, _ *struct{}) (*supportOutput, error) {
	return o.list(o.service.Find(ctx, tenants.ScopeFrom(ctx)))
}

func (o operations) findOwn(ctx context.Context, _ *struct{}) (*supportOutput, error) {
	return o.list(o.service.FindOwn(ctx, tenants.ScopeFrom(ctx)))
}

type supportAskInput struct {
	Body struct {
		Body   string `json:"body" minLength:"1" maxLength:"63" doc:"Slug of the body"`
		Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why; the body reads it"`
		Hours  int    `json:"hours" format:"int32" minimum:"1" maximum:"8"`
	}
}

type supportMadeOutput struct {
	Body struct {
		ID uuid.UUID `json:"id" format:"uuid"`
	}
}

func (o operations) ask(ctx context.Context, in *supportAskInput) (out *supportMadeOutput, err error) {
	out = &supportMadeOutput{}
	out.Body.ID, err = o.service.Ask(ctx, tenants.ScopeFrom(ctx), in.Body.Body, Wish{Reason: in.Body.Reason, Hours: in.Body.Hours})
	return out, err
}

type supportOfferInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"UUID by which granting twice grants once"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why; the platform reads it"`
		Hours  int    `json:"hours" format:"int32" minimum:"1" maximum:"8"`
	}
}

func (o operations) offer(ctx context.Context, in *supportOfferInput) (*supportMadeOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	out := &supportMadeOutput{}
	out.Body.ID = id
	return out, o.service.Offer(ctx, tenants.ScopeFrom(ctx), id, Wish{Reason: in.Body.Reason, Hours: in.Body.Hours})
}

// SupportRef names an access in a path.
type SupportRef struct {
	Access uuid.UUID `path:"access" format:"uuid" doc:"Id of the access"`
}

type supportAnswerInput struct {
	SupportRef

	Body struct {
		Yes bool `json:"yes" doc:"Whether the body grants it"`
	}
}

func (o operations) answer(ctx context.Context, in *supportAnswerInput) (*struct{}, error) {
	return nil, o.service.Answer(ctx, tenants.ScopeFrom(ctx), in.Access, in.Body.Yes)
}

func (o operations) take(ctx context.Context, in *SupportRef) (*struct{}, error) {
	return nil, o.service.Take(ctx, tenants.ScopeFrom(ctx), in.Access)
}

func (o operations) leave(ctx context.Context, in *SupportRef) (*struct{}, error) {
	return nil, o.service.Leave(ctx, tenants.ScopeFrom(ctx), in.Access)
}

func (o operations) end(ctx context.Context, in *SupportRef) (*struct{}, error) {
	return nil, o.service.End(ctx, tenants.ScopeFrom(ctx), in.Access)
}
