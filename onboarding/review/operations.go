package review

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/tenants"
)

// Operations are those of the people of the platform who look at entries.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{
		add(huma.Operation{
			OperationID: "list-entry-reviews", Method: http.MethodGet, Path: "/entry-reviews", Summary: "List the entries to look at",
			Description: "Entries that wait for a reviewer of the platform, the oldest first, and after them the last that were judged.",
		}, o.find),
		add(huma.Operation{
			OperationID: "get-entry-review", Method: http.MethodGet, Path: "/entry-reviews/{entry}", Summary: "Get an entry to look at",
			Description: "What the entry declares: the body, its certified mail, the contact and the act.",
		}, o.get),
		add(huma.Operation{
			OperationID: "judge-entry", Method: http.MethodPost, Path: "/entry-reviews/{entry}", DefaultStatus: http.StatusOK, Summary: "Say yes or no to an entry",
			Description: "Says yes, after which a code can be sent to the certified mail, or no, with a reason that goes to who asked. 409 if it waits no longer.",
		}, o.judge),
	}
}

func add[I, O any](op huma.Operation, handle func(context.Context, *I) (*O, error)) modules.Operation {
	op.Tags = []string{"onboarding"}
	return modules.Operation{Permission: Permission, Platform: true, Register: func(api huma.API) { huma.Register(api, op, handle) }}
}

type operations struct {
	service *Service
}

// EntryReviewBody is an entry to look at as the API shows it.
type EntryReviewBody struct {
	ID        uuid.UUID  `json:"id" format:"uuid" doc:"Id of the entry"`
	State     string     `json:"state" enum:"asked,yes,no" doc:"Whether it waits, or what was said"`
	Body      string     `json:"body" maxLength:"200" doc:"Name of the body"`
	Kind      string     `json:"kind" enum:"municipality,union,district,other" doc:"What the body is, or is declared to be"`
	TaxCode   string     `json:"tax_code,omitempty" maxLength:"16" doc:"Tax code of a body that is no municipality"`
	IPA       string     `json:"ipa" maxLength:"40" doc:"Code in the index of public bodies"`
	PEC       string     `json:"certified_mail" maxLength:"254" doc:"Certified mail that is said to be the body's"`
	Name      string     `json:"name" maxLength:"120" doc:"Name and surname of the contact, from the login"`
	Position  string     `json:"position" maxLength:"120" doc:"Position in the body"`
	Email     string     `json:"email" maxLength:"254" doc:"E-mail address of the contact"`
	Phone     string     `json:"phone" maxLength:"40" doc:"Phone number of the contact"`
	ActNumber string     `json:"act_number" maxLength:"60" doc:"Number of the act of appointment"`
	ActDate   string     `json:"act_date" maxLength:"10" doc:"Day of the act, yyyy-mm-dd"`
	AskedAt   time.Time  `json:"asked_at" doc:"Since when it waits"`
	Reason    string     `json:"reason,omitempty" maxLength:"1000" doc:"Why it was said"`
	Reviewer  string     `json:"reviewer,omitempty" maxLength:"120" doc:"Who said it"`
	JudgedAt  *time.Time `json:"judged_at,omitempty" doc:"When it was said"`
}

func bodyFrom(e Entry) EntryReviewBody {
	b := EntryReviewBody{
		ID: e.ID, State: "asked", Body: e.Body(), Kind: string(e.Kind), TaxCode: e.TaxCode, IPA: e.IPA, PEC: e.PEC, Name: e.Name, Position: e.Position, Email: e.Email, Phone: e.Phone,
		ActNumber: e.ActNumber, ActDate: e.ActDate, AskedAt: e.AskedAt, Reason: e.Reason, Reviewer: e.Reviewer,
	}
	if m, err := e.Municipality(); err == nil && b.IPA == "" {
		b.IPA = m.IPA()
	}
	if e.Verdict != "" {
		b.State, b.JudgedAt = string(e.Verdict), &e.JudgedAt
	}
	return b
}

type entryReviewsOutput struct {
	Body struct {
		Items []EntryReviewBody `json:"items" maxItems:"100" doc:"Entries"`
	}
}

func (o operations) find(ctx context.Context, _ *struct{}) (*entryReviewsOutput, error) {
	entries, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &entryReviewsOutput{}
	out.Body.Items = make([]EntryReviewBody, len(entries))
	for i, e := range entries {
		out.Body.Items[i] = bodyFrom(e)
	}
	return out, nil
}

// EntryReviewRef names an entry in a path.
type EntryReviewRef struct {
	Entry uuid.UUID `path:"entry" format:"uuid" doc:"Id of the entry"`
}

type entryReviewOutput struct{ Body EntryReviewBody }

func (o operations) get(ctx context.Context, in *EntryReviewRef) (*entryReviewOutput, error) {
	e, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), in.Entry)
	if err != nil {
		return nil, err
	}
	return &entryReviewOutput{bodyFrom(e)}, nil
}

type entryJudgementInput struct {
	EntryReviewRef
	Body struct {
		Verdict string `json:"verdict" enum:"yes,no" doc:"What is said"`
		Reason  string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why; who asked reads it"`
	}
}

func (o operations) judge(ctx context.Context, in *entryJudgementInput) (*entryReviewOutput, error) {
	if err := o.service.Judge(ctx, tenants.ScopeFrom(ctx), in.Entry, Verdict(in.Body.Verdict), in.Body.Reason); err != nil {
		return nil, err
	}
	return o.get(ctx, &in.EntryReviewRef)
}
