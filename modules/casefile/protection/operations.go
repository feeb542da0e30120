package protection

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

type operations struct {
	service *Protections
}

// Operations are the operations about the protection of a case.
func Operations(service *Protections) []modules.Operation {
	o, tags := &operations{service: service}, []string{"casefile"}
	return []modules.Operation{
		modules.Declare("case:read", huma.Operation{
			OperationID: "list-case-protections", Method: http.MethodGet, Path: "/case-files/{case}/protections", Tags: tags,
			Summary: "List how a case file is protected", Description: "Why the case file must not be found from outside, now and before.",
		}, o.list),
		modules.Declare("case:write", huma.Operation{
			OperationID: "create-case-protection", Method: http.MethodPost, Path: "/case-files/{case}/protections", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "Protect a case file", Description: "From now on no other body learns that the person is followed. Protecting it twice for the same kind changes nothing.",
		}, o.protect),
		modules.Declare("case:write", huma.Operation{
			OperationID: "end-case-protection", Method: http.MethodPost, Path: "/case-files/{case}/protections/{protection}/end", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "End the protection of a case file", Description: "With a reason; ending it again changes nothing.",
		}, o.release),
	}
}

// MarkBody is a protection as the API shows it.
type MarkBody struct {
	ID        string     `json:"id" format:"uuid" doc:"Id of the protection"`
	Kind      string     `json:"kind" enum:"sealed,protected_minor,violence,judicial" doc:"Why the case file is protected"`
	Reason    string     `json:"reason" maxLength:"500" doc:"In words"`
	By        string     `json:"set_by" maxLength:"120" doc:"Who protected it"`
	At        time.Time  `json:"set_at" doc:"Since when"`
	EndedAt   *time.Time `json:"ended_at,omitempty" doc:"Until when; missing while it holds"`
	EndReason string     `json:"end_reason,omitempty" maxLength:"500" doc:"Why it ended"`
}

type marksOutput struct {
	Body struct {
		Items []MarkBody `json:"items" maxItems:"200" doc:"Protections, those that hold first"`
	}
}

func (o *operations) list(ctx context.Context, in *access.CaseRef) (*marksOutput, error) {
	a, err := access.WithoutReason(o.service.cases.OpenOwn(ctx, tenants.ScopeFrom(ctx), in.Case))
	if err != nil {
		return nil, err
	}
	if !a.Scope.Reads(Section) {
		return nil, problem.Missing()
	}
	found, err := o.service.FindMarks(ctx, a)
	out := &marksOutput{}
	out.Body.Items = make([]MarkBody, len(found))
	for i, m := range found {
		out.Body.Items[i] = MarkBody{ID: m.ID.String(), Kind: m.Kind, Reason: m.Reason, By: m.By, At: m.At, EndReason: m.EndReason}
		if !m.Holds() {
			out.Body.Items[i].EndedAt = &found[i].EndedAt
		}
	}
	return out, err
}

type protectionInput struct {
	access.CaseRef
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body struct {
		Kind   string `json:"kind" enum:"sealed,protected_minor,violence,judicial" doc:"Why the case file is protected"`
		Reason string `json:"reason" minLength:"5" maxLength:"500" doc:"In words"`
	}
}

func (o *operations) protect(ctx context.Context, in *protectionInput) (*struct{}, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	return nil, o.service.Protect(ctx, tenants.ScopeFrom(ctx), in.Case, Mark{ID: id, Kind: in.Body.Kind, Reason: in.Body.Reason})
}

type releaseInput struct {
	access.CaseRef
	Protection string `path:"protection" format:"uuid" maxLength:"36" doc:"Id of the protection"`
	Body       struct {
		Reason string `json:"reason" minLength:"5" maxLength:"500" doc:"Why"`
	}
}

func (o *operations) release(ctx context.Context, in *releaseInput) (*struct{}, error) {
	return nil, o.service.Release(ctx, tenants.ScopeFrom(ctx), in.Case, modules.LinkID(in.Protection), in.Body.Reason)
}
