package offer

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

type operations struct {
	service *Offers
}

// Operations are the operations that offer and amend.
func Operations(s *Offers) []modules.Operation {
	o := &operations{service: s}
	return []modules.Operation{
		modules.Declare(share.MayOffer, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "create-share", Method: http.MethodPost, Path: "/case-files/{case}/shares", DefaultStatus: http.StatusCreated,
			Summary: "Offer a share", Description: "Offers sections of a case file to another body, for reading or together with a request to act, under an active agreement. Repeating the call with the same Idempotency-Key changes nothing.",
		}, o.offer),
		modules.Declare(share.MayOffer, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "amend-share", Method: http.MethodPost, Path: "/case-files/{case}/shares/{share}/amendment",
			Summary: "Amend a share", Description: "Widens or narrows a live share, or changes its last day; the difference is kept and told to the other body.",
		}, o.amend),
	}
}

type offerInput struct {
	Case string `path:"case" format:"uuid" maxLength:"36" doc:"Id of the case file"`
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body struct {
		Agreement   string   `json:"agreement_id" format:"uuid" doc:"An active agreement that lets the body show case files to the receiver"`
		Receiver    string   `json:"receiver" minLength:"1" maxLength:"64" doc:"Slug of the receiving body"`
		Kind        string   `json:"kind,omitempty" enum:"consultation,service_request,joint_care" default:"consultation" doc:"Kind of share: reading for a short time, a request to act, or caring jointly"`
		Purpose     string   `json:"purpose" maxLength:"64" doc:"Key of a purpose of the body's sharing templates"`
		Sections    []string `json:"sections" maxItems:"13" maxLength:"20" doc:"Sections to show"`
		Writable    []string `json:"writable_sections,omitempty" maxItems:"13" maxLength:"20" doc:"In joint care, the sections in which the receiver also writes"`
		ExtraReason string   `json:"extra_reason,omitempty" maxLength:"500" doc:"Why sections beyond those of the purpose"`
		LegalBasis  string   `json:"legal_basis,omitempty" maxLength:"20" doc:"public_task, law, vital_interest or consent; required. Who may override it says override"`
		BasisReason string   `json:"basis_reason,omitempty" maxLength:"500" doc:"Why there is no legal basis; required for an override"`
		AnswerBy    string   `json:"answer_by,omitempty" format:"date" doc:"Last day to answer; ten days from now if missing"`
		Until       string   `json:"until" format:"date" doc:"Last day"`
		Asks        string   `json:"asks,omitempty" maxLength:"300" doc:"What a service request asks, in words that name nobody: the receiver reads them before it accepts"`
		Reason      string   `json:"reason" maxLength:"1000" doc:"Why; the receiver reads it once it has accepted"`
	}
}

func (o *operations) offer(ctx context.Context, in *offerInput) (*share.Output, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	offer := Offer{
		ID: id, Kind: in.Body.Kind, Agreement: modules.LinkID(in.Body.Agreement), Purpose: in.Body.Purpose, Sections: in.Body.Sections, Writable: in.Body.Writable, ExtraReason: in.Body.ExtraReason,
		LegalBasis: in.Body.LegalBasis, BasisReason: in.Body.BasisReason, AnswerBy: form.Day(in.Body.AnswerBy), Until: form.Day(in.Body.Until), Asks: in.Body.Asks, Reason: in.Body.Reason,
	}
	if body, _, err := o.service.deps.Bodies.BySlug(in.Body.Receiver); err == nil {
		offer.Receiver = body.ID
	}
	made, err := o.service.Offer(ctx, tenants.ScopeFrom(ctx), in.Case, offer)
	return o.after(ctx, made, opened(err))
}

// opened hides that a case opens with a reason only: the API has no page that asks for one.
func opened(err error) error {
	if errors.Is(err, casefile.ErrReason) {
		return problem.Missing().Wrap(err)
	}
	return err
}

type amendInput struct {
	share.CaseShareRef
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Key     string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body    struct {
		Sections    []string `json:"sections" maxItems:"13" maxLength:"20" doc:"Sections to show from now on"`
		Writable    []string `json:"writable_sections,omitempty" maxItems:"13" maxLength:"20" doc:"In joint care, the sections in which the receiver also writes"`
		ExtraReason string   `json:"extra_reason,omitempty" maxLength:"500" doc:"Why sections beyond those of the purpose"`
		Until       string   `json:"until" format:"date" doc:"Last day"`
		Reason      string   `json:"reason" maxLength:"1000" doc:"Why it is amended"`
	}
}

func (o *operations) amend(ctx context.Context, in *amendInput) (*share.Output, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	version, err := modules.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	made, err := o.service.Amend(ctx, tenants.ScopeFrom(ctx), in.Case, modules.LinkID(in.Share), Amendment{
		ID: id, Version: version, Sections: in.Body.Sections, Writable: in.Body.Writable, ExtraReason: in.Body.ExtraReason, Until: form.Day(in.Body.Until), Reason: in.Body.Reason,
	})
	return o.after(ctx, made, opened(err))
}

// after answers with the share as the caller sees it then.
func (o *operations) after(ctx context.Context, made share.Share, err error) (*share.Output, error) {
	if err != nil {
		return nil, err
	}
	seen, err := o.service.shares.Get(ctx, tenants.ScopeFrom(ctx), made.ID)
	if err != nil {
		return nil, err
	}
	return &share.Output{Body: o.service.shares.NewBody(seen)}, nil
}
