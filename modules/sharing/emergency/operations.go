package emergency

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations about emergencies.
func Operations(s *Service) []modules.Operation {
	o, tags := &operations{service: s}, []string{"sharing"}
	return []modules.Operation{
		modules.Declare(MayBreak, huma.Operation{
			OperationID: "create-emergency-access", Method: http.MethodPost, Path: "/emergency-accesses", Tags: tags, DefaultStatus: http.StatusCreated,
			Summary: "Open another body's case file in an emergency", Description: "For three hours, to the caller alone, where the agreement names emergencies and the body follows the person. The owner and both data protection officers are told, and the owner reviews it.",
		}, o.open),
		modules.Declare(share.MayOversee, huma.Operation{
			OperationID: "list-emergency-accesses", Method: http.MethodGet, Path: "/emergency-accesses", Tags: tags,
			Summary: "List accesses in an emergency", Description: "Of the body's case files and by its people; those to review first.",
		}, o.list),
		modules.Declare(MayReview, huma.Operation{
			OperationID: "review-emergency-access", Method: http.MethodPost, Path: "/emergency-accesses/{share}/review", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "Review an access in an emergency", Description: "Says whether it was justified, in words that both bodies read. One that was not ends at once.",
		}, o.review),
	}
}

type emergencyInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body struct {
		TaxCode string `json:"tax_code" minLength:"16" maxLength:"20" doc:"Full fiscal code"`
		Owner   string `json:"body" minLength:"1" maxLength:"64" doc:"Slug of the body that follows the person"`
		Reason  string `json:"reason" minLength:"5" maxLength:"1000" doc:"Why"`
	}
}

type emergencyOutput struct {
	Body struct {
		Share string    `json:"share" format:"uuid" doc:"Id of the share that it is"`
		Case  string    `json:"case" maxLength:"110" doc:"How the caller names the case file"`
		Until time.Time `json:"until" doc:"When it ends"`
	}
}

func (o *operations) open(ctx context.Context, in *emergencyInput) (*emergencyOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	r := Request{ID: id, TaxCode: in.Body.TaxCode, Reason: in.Body.Reason}
	if body, _, err := o.service.deps.Bodies.BySlug(in.Body.Owner); err == nil {
		r.Body = body.ID
	}
	opened, err := o.service.Open(ctx, tenants.ScopeFrom(ctx), r)
	if err != nil {
		return nil, err
	}
	out := &emergencyOutput{}
	out.Body.Share, out.Body.Case, out.Body.Until = opened.Share.String(), opened.Ref, opened.Until
	return out, nil
}

// EmergencyBody is an access in an emergency as the API shows it.
type EmergencyBody struct {
	Share    string    `json:"share" format:"uuid" doc:"Id of the share that it is"`
	Owner    string    `json:"owner" maxLength:"64" doc:"Slug of the body that owns the case file"`
	Receiver string    `json:"receiver" maxLength:"64" doc:"Slug of the body whose person opened it"`
	By       string    `json:"opened_by" maxLength:"120" doc:"Who opened it"`
	At       time.Time `json:"opened_at" doc:"When"`
	Until    time.Time `json:"until" doc:"Until when"`
	ReviewBy time.Time `json:"review_by" doc:"By when the owner reviews it"`
	Verdict  string    `json:"verdict,omitempty" enum:"justified,unjustified" doc:"What the owner says; missing until then"`
	Words    string    `json:"words,omitempty" maxLength:"1000" doc:"Why"`
}

type emergenciesOutput struct {
	Body struct {
		Items []EmergencyBody `json:"items" maxItems:"200" doc:"Accesses"`
	}
}

func (o *operations) list(ctx context.Context, _ *struct{}) (*emergenciesOutput, error) {
	found, err := o.service.Find(ctx, tenants.ScopeFrom(ctx), All)
	out := &emergenciesOutput{}
	out.Body.Items = make([]EmergencyBody, len(found))
	for i, e := range found {
		out.Body.Items[i] = EmergencyBody{
			Share: e.Share.String(), Owner: o.service.deps.Bodies.Slug(e.Owner), Receiver: o.service.deps.Bodies.Slug(e.Receiver), By: e.By,
			At: e.At, Until: e.Until, ReviewBy: e.ReviewBy, Verdict: e.Verdict, Words: e.Words,
		}
	}
	return out, err
}

type reviewInput struct {
	share.ShareRef
	Body struct {
		Verdict string `json:"verdict" enum:"justified,unjustified" doc:"Whether it was right"`
		Words   string `json:"words" minLength:"5" maxLength:"1000" doc:"Why"`
	}
}

func (o *operations) review(ctx context.Context, in *reviewInput) (*struct{}, error) {
	return nil, o.service.Review(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Share), in.Body.Verdict, in.Body.Words)
}
