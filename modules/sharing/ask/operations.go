package ask

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

// Operations are the operations about asks.
func Operations(s *Service) []modules.Operation {
	o, tags := &operations{service: s}, []string{"sharing"}
	return []modules.Operation{
		modules.Declare(share.MayRead, huma.Operation{
			OperationID: "list-access-requests", Method: http.MethodGet, Path: "/access-requests", Tags: tags,
			Summary: "List requests for access", Description: "Those that the body asked and was asked; those that wait first.",
		}, o.list),
		modules.Declare(share.MayOffer, huma.Operation{
			OperationID: "create-access-request", Method: http.MethodPost, Path: "/access-requests", Tags: tags, DefaultStatus: http.StatusCreated,
			Summary: "Ask another body for access", Description: "For a case file that it may follow. The answer is a share, or a refusal that tells nothing.",
		}, o.ask),
		modules.Declare(share.MayDecide, huma.Operation{
			OperationID: "refuse-access-request", Method: http.MethodPost, Path: "/access-requests/{request}/refusal", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "Refuse a request for access", Description: "The asking body hears no more than that; what is said with it stays with the body.",
		}, o.refuse),
		modules.Declare(share.MayOffer, huma.Operation{
			OperationID: "withdraw-access-request", Method: http.MethodPost, Path: "/access-requests/{request}/withdrawal", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "Withdraw a request for access", Description: "Takes a request back that waits for its answer.",
		}, o.withdraw),
	}
}

// RequestBody is a request for access as the API shows it.
type RequestBody struct {
	ID         string    `json:"id" format:"uuid" doc:"Id of the request"`
	State      string    `json:"state" enum:"open,answered,refused,withdrawn,lapsed" doc:"Where it stands, the clock included"`
	Asker      string    `json:"asker" maxLength:"64" doc:"Slug of the body that asks"`
	Asked      string    `json:"asked" maxLength:"64" doc:"Slug of the body that is asked"`
	TaxCode    string    `json:"tax_code,omitempty" maxLength:"16" doc:"Fiscal code of the person; missing for who reads no identity"`
	Purpose    string    `json:"purpose" maxLength:"64" doc:"Key of the purpose"`
	LegalBasis string    `json:"legal_basis" maxLength:"20" doc:"Legal basis"`
	Sections   []string  `json:"sections" maxItems:"13" maxLength:"20" doc:"Sections asked for"`
	Reason     string    `json:"reason,omitempty" maxLength:"1000" doc:"Why; likewise"`
	AnswerBy   time.Time `json:"answer_by" doc:"When it lapses"`
	At         time.Time `json:"asked_at" doc:"When it was asked"`
	Share      string    `json:"share,omitempty" format:"uuid" doc:"The share that answers"`
}

func (o *operations) body(a Ask) RequestBody {
	return RequestBody{
		ID: a.ID.String(), State: a.Standing(time.Now()), Asker: o.service.deps.Bodies.Slug(a.Asker), Asked: o.service.deps.Bodies.Slug(a.Asked), TaxCode: a.TaxCode,
		Purpose: a.Purpose, LegalBasis: a.LegalBasis, Sections: a.Sections, Reason: a.Reason, AnswerBy: a.AnswerBy, At: a.At, Share: modules.IDText(a.Share),
	}
}

type requestsOutput struct {
	Body struct {
		Items []RequestBody `json:"items" maxItems:"200" doc:"Requests"`
	}
}

func (o *operations) list(ctx context.Context, _ *struct{}) (*requestsOutput, error) {
	found, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	out := &requestsOutput{}
	out.Body.Items = make([]RequestBody, len(found))
	for i, a := range found {
		out.Body.Items[i] = o.body(a)
	}
	return out, err
}

type requestInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body struct {
		Agreement  string   `json:"agreement_id" format:"uuid" doc:"Agreement under which it is asked"`
		Asked      string   `json:"asked" minLength:"1" maxLength:"64" doc:"Slug of the body that is asked"`
		TaxCode    string   `json:"tax_code" minLength:"16" maxLength:"20" doc:"Full fiscal code of the person"`
		Purpose    string   `json:"purpose" maxLength:"64" doc:"Key of the purpose"`
		LegalBasis string   `json:"legal_basis" maxLength:"20" doc:"Legal basis"`
		Sections   []string `json:"sections" minItems:"1" maxItems:"13" maxLength:"20" doc:"Sections asked for"`
		Reason     string   `json:"reason" minLength:"5" maxLength:"1000" doc:"Why"`
	}
}

type requestOutput struct {
	Body RequestBody
}

func (o *operations) ask(ctx context.Context, in *requestInput) (*requestOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	b := in.Body
	a := Ask{ID: id, Agreement: modules.LinkID(b.Agreement), TaxCode: b.TaxCode, Purpose: b.Purpose, LegalBasis: b.LegalBasis, Sections: b.Sections, Reason: b.Reason}
	if body, _, err := o.service.deps.Bodies.BySlug(b.Asked); err == nil {
		a.Asked = body.ID
	}
	made, err := o.service.Ask(ctx, tenants.ScopeFrom(ctx), a)
	if err != nil {
		return nil, err
	}
	return &requestOutput{Body: o.body(made)}, nil
}

// RequestRef names a request for access in a path.
type RequestRef struct {
	Request string `path:"request" format:"uuid" maxLength:"36" doc:"Id of the request"`
}

type refusalInput struct {
	RequestRef
	Body struct {
		Words string `json:"words,omitempty" maxLength:"1000" doc:"Why, for the own body alone"`
	}
}

func (o *operations) refuse(ctx context.Context, in *refusalInput) (*struct{}, error) {
	return nil, o.service.End(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Request), Refused, in.Body.Words)
}

func (o *operations) withdraw(ctx context.Context, in *RequestRef) (*struct{}, error) {
	return nil, o.service.End(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Request), Withdrawn, "")
}
