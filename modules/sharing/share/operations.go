package share

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/tenants"
)

type operations struct {
	service *Shares
}

// Operations are the operations about shares that are offered already.
func Operations(s *Shares) []modules.Operation {
	o := &operations{service: s}
	return []modules.Operation{
		modules.Declare(MayRead, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "list-shares", Method: http.MethodGet, Path: "/shares",
			Summary: "List shares", Description: "The shares that the body received or sent, newest first. A received share shows its preview only.",
		}, o.list),
		modules.Declare(MayRead, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "get-share", Method: http.MethodGet, Path: "/shares/{share}",
			Summary: "Get a share", Description: "A share as far as the caller may see it: whole, its metadata, or the preview without any identifier. The reading is audited.",
		}, o.get),
		modules.Declare(MayRead, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "get-case-share", Method: http.MethodGet, Path: "/case-files/{case}/shares/{share}",
			Summary: "Get a share of a case file", Description: "A share of this case file of the body; another case file's share is not found.",
		}, o.getOfCase),
		modules.Declare(MayOffer, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "withdraw-share", Method: http.MethodPost, Path: "/case-files/{case}/shares/{share}/withdrawal",
			Summary: "Withdraw an offered share", Description: "Takes an offer back before it is decided.",
		}, o.withdraw),
		modules.Declare(MayOffer, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "revoke-share", Method: http.MethodPost, Path: "/case-files/{case}/shares/{share}/revocation",
			Summary: "Revoke a share", Description: "Ends a live share: the receiver's next request shows nothing. A second revocation is a conflict.",
		}, o.revoke),
		modules.Declare(MayDecide, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "accept-share", Method: http.MethodPost, Path: "/shares/{share}/acceptance",
			Summary: "Accept a share", Description: "Makes an offered share live for the receiving body, or for one of its people or offices.",
		}, o.accept),
		modules.Declare(MayDecide, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "refuse-share", Method: http.MethodPost, Path: "/shares/{share}/refusal",
			Summary: "Refuse a share", Description: "Declines an offered share with a reason.",
		}, o.refuse),
		modules.Declare(MayClose, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "close-share", Method: http.MethodPost, Path: "/shares/{share}/closure",
			Summary: "Close a share", Description: "Ends a live share that has served its purpose, with its outcome. Either body may; what came of a service request is told by the body that received it.",
		}, o.close),
		modules.Declare(MayReadShared, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "list-shared-case-files", Method: http.MethodGet, Path: "/shared-case-files",
			Summary: "List case files shared by others", Description: "The case files that other bodies show to the caller now, by owner. The name is given only where the identity is shared.",
		}, o.shared),
	}
}

// ShareBody is a share as the API shows it.
type ShareBody struct {
	ID             string    `json:"id" format:"uuid" doc:"Id of the share"`
	Kind           string    `json:"kind" maxLength:"20" doc:"Kind of share"`
	State          string    `json:"state" maxLength:"20" doc:"Where it stands, the clock included"`
	Sight          string    `json:"sight" enum:"whole,metadata,preview" doc:"How much of it the caller sees"`
	Owner          string    `json:"owner" maxLength:"64" doc:"Slug of the body that owns the case file"`
	Receiver       string    `json:"receiver" maxLength:"64" doc:"Slug of the body that receives"`
	Case           string    `json:"case,omitempty" maxLength:"110" doc:"How the caller names the case file; missing where it does not open"`
	Number         string    `json:"case_number,omitempty" maxLength:"20" doc:"Number of the case file"`
	Agreement      string    `json:"agreement_id" format:"uuid" doc:"Agreement that it stands on"`
	Purpose        string    `json:"purpose" maxLength:"64" doc:"Key of the purpose"`
	LegalBasis     string    `json:"legal_basis" maxLength:"20" doc:"Legal basis"`
	BasisReason    string    `json:"basis_reason,omitempty" maxLength:"500" doc:"Why there is no legal basis, for who may know it"`
	AnswerBy       time.Time `json:"answer_by" doc:"When the offer lapses if nobody answers"`
	Sections       []string  `json:"sections" maxItems:"13" maxLength:"20" doc:"Sections it shows"`
	Writable       []string  `json:"writable_sections,omitempty" maxItems:"13" maxLength:"20" doc:"Sections in which the receiver also writes, in joint care"`
	Extra          []string  `json:"extra_sections,omitempty" maxItems:"13" maxLength:"20" doc:"Sections beyond what the purpose proposes"`
	ExtraReason    string    `json:"extra_reason,omitempty" maxLength:"500" doc:"Why these sections too"`
	Withheld       []string  `json:"withheld,omitempty" maxItems:"13" maxLength:"20" doc:"Sections that the owner does not show"`
	Reason         string    `json:"reason,omitempty" maxLength:"1000" doc:"Why it is offered"`
	Asks           string    `json:"asks,omitempty" maxLength:"300" doc:"What a service request asks, as the preview tells it"`
	Area           string    `json:"area,omitempty" maxLength:"60" doc:"Local target, as the preview tells it"`
	AgeBand        string    `json:"age_band,omitempty" maxLength:"20" doc:"Age, as the preview tells it"`
	Until          time.Time `json:"until" doc:"When it ends"`
	OfferedAt      time.Time `json:"offered_at" doc:"When it was offered"`
	DecisionReason string    `json:"decision_reason,omitempty" maxLength:"1000" doc:"Why it was refused"`
	OutcomeKind    string    `json:"outcome_kind,omitempty" enum:"done,partly,not_done" doc:"What came of a service request"`
	Outcome        string    `json:"outcome,omitempty" maxLength:"1000" doc:"Outcome, or why it was revoked"`
	News           bool      `json:"news,omitempty" doc:"In a list: somebody else took a step that the caller has not seen"`
	Version        int       `json:"version" minimum:"1" maximum:"2147483647" format:"int32" doc:"Version"`
}

// NewBody is a share as its viewer may see it in the API.
func (s *Shares) NewBody(seen Seen) ShareBody {
	return ShareBody{
		News: seen.News,
		ID:   seen.ID.String(), Kind: seen.Kind, State: seen.Standing(time.Now()), Sight: string(seen.Sight), Owner: s.deps.Bodies.Slug(seen.Owner), Receiver: s.deps.Bodies.Slug(seen.Receiver),
		Case: seen.CaseRef, Number: seen.Number, Agreement: seen.Agreement.String(), Purpose: seen.Purpose, LegalBasis: seen.LegalBasis, BasisReason: seen.BasisReason,
		Sections: seen.Sections, Writable: seen.Writable, Extra: seen.Extra, ExtraReason: seen.ExtraReason, Withheld: seen.Withheld, Reason: seen.Reason,
		Asks: seen.Preview.Asks, Area: seen.Preview.Area, AgeBand: seen.Preview.AgeBand, AnswerBy: seen.AnswerBy, Until: seen.Until, OfferedAt: seen.Offered.At,
		DecisionReason: seen.DecisionReason, OutcomeKind: seen.OutcomeKind, Outcome: seen.Outcome, Version: seen.Version,
	}
}

// ShareRef names a share in a path.
type ShareRef struct {
	Share string `path:"share" format:"uuid" maxLength:"36" doc:"Id of the share"`
}

// Output answers with a share.
type Output struct {
	Body ShareBody
}

// CaseShareRef names a share of a case file of the body in a path.
type CaseShareRef struct {
	ShareRef
	Case string `path:"case" format:"uuid" maxLength:"36" doc:"Id of the case file"`
}

type listInput struct {
	Sent  bool   `query:"sent" doc:"Those that the body sent, instead of those it received"`
	Due   bool   `query:"due" doc:"Sent or received, with an answer or an end due within seven days, what is due first in front, without further pages"`
	After string `query:"after" maxLength:"200" doc:"Cursor of the next page"`
}

type listOutput struct {
	Body struct {
		Items []ShareBody `json:"items" maxItems:"200" doc:"Shares"`
		Next  string      `json:"next,omitempty" maxLength:"200" doc:"Cursor of the next page"`
	}
}

func (o *operations) list(ctx context.Context, in *listInput) (*listOutput, error) {
	found, next, err := o.service.Find(ctx, tenants.ScopeFrom(ctx), Query{Sent: in.Sent, Due: in.Due, After: casefile.ParseCursor(in.After)})
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Items, out.Body.Next = make([]ShareBody, len(found)), next.String()
	for i, seen := range found {
		out.Body.Items[i] = o.service.NewBody(seen)
	}
	return out, nil
}

func (o *operations) get(ctx context.Context, in *ShareRef) (*Output, error) {
	seen, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Share))
	if err != nil {
		return nil, err
	}
	return &Output{Body: o.service.NewBody(seen)}, nil
}

func (o *operations) getOfCase(ctx context.Context, in *CaseShareRef) (*Output, error) {
	seen, err := o.service.GetOfCase(ctx, tenants.ScopeFrom(ctx), in.Case, modules.LinkID(in.Share))
	if err != nil {
		return nil, err
	}
	return &Output{Body: o.service.NewBody(seen)}, nil
}

// after answers a step with the share as the caller sees it then.
func (o *operations) after(ctx context.Context, share Share, err error) (*Output, error) {
	if err != nil {
		return nil, err
	}
	return o.get(ctx, &ShareRef{Share: share.ID.String()})
}

func (o *operations) withdraw(ctx context.Context, in *CaseShareRef) (*Output, error) {
	if _, err := o.getOfCase(ctx, in); err != nil {
		return nil, err
	}
	share, err := o.service.End(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Share), Withdraw, Ending{})
	return o.after(ctx, share, err)
}

type revokeInput struct {
	CaseShareRef
	Body struct {
		Reason string `json:"reason" maxLength:"1000" doc:"Why"`
	}
}

func (o *operations) revoke(ctx context.Context, in *revokeInput) (*Output, error) {
	if _, err := o.getOfCase(ctx, &in.CaseShareRef); err != nil {
		return nil, err
	}
	share, err := o.service.End(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Share), Revoke, Ending{Words: in.Body.Reason})
	return o.after(ctx, share, err)
}

type acceptInput struct {
	ShareRef
	Body struct {
		Account string `json:"account_id,omitempty" format:"uuid" doc:"The colleague who alone is to read; everybody if missing"`
		Office  int32  `json:"office_id,omitempty" minimum:"1" maximum:"2147483647" format:"int32" doc:"The office that alone is to read; every office if missing"`
	}
}

func (o *operations) accept(ctx context.Context, in *acceptInput) (*Output, error) {
	to := Addressee{Account: modules.LinkID(in.Body.Account), Office: in.Body.Office}
	if to.Account == uuid.Nil && in.Body.Account != "" {
		to.Account = uuid.Max // nobody: what cannot be read must not become everybody
	}
	share, err := o.service.Accept(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Share), to)
	return o.after(ctx, share, err)
}

type wordsInput struct {
	ShareRef
	Body struct {
		Words string `json:"reason" maxLength:"1000" doc:"Why"`
	}
}

func (o *operations) refuse(ctx context.Context, in *wordsInput) (*Output, error) {
	share, err := o.service.End(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Share), Refuse, Ending{Words: in.Body.Words})
	return o.after(ctx, share, err)
}

type closeInput struct {
	ShareRef
	Body struct {
		Words   string `json:"reason" maxLength:"1000" doc:"What came of it"`
		Outcome string `json:"outcome_kind,omitempty" enum:"done,partly,not_done" doc:"What came of a service request; required for one"`
	}
}

func (o *operations) close(ctx context.Context, in *closeInput) (*Output, error) {
	said := Ending{Words: in.Body.Words, Outcome: in.Body.Outcome}
	share, err := o.service.End(ctx, tenants.ScopeFrom(ctx), modules.LinkID(in.Share), Close, said)
	return o.after(ctx, share, err)
}

// SharedCaseBody is a case file of another body in a list of the API.
type SharedCaseBody struct {
	ID       string    `json:"id" maxLength:"110" doc:"How the caller names the case file: body~id"`
	Number   string    `json:"number" maxLength:"20" doc:"Number within its body and year"`
	Owner    string    `json:"owner" maxLength:"64" doc:"Slug of the body that owns it"`
	Label    string    `json:"state_label" maxLength:"120" doc:"Name of the state in the owner's words"`
	Surname  string    `json:"surname,omitempty" maxLength:"100" doc:"Surname, where the identity is shared"`
	Name     string    `json:"name,omitempty" maxLength:"100" doc:"Name, where the identity is shared"`
	Sections []string  `json:"sections" maxItems:"13" maxLength:"20" doc:"Sections that are shared"`
	Until    time.Time `json:"until" doc:"When the last share ends"`
}

type sharedInput struct {
	After string `query:"after" maxLength:"60" doc:"Cursor of the next page"`
}

type sharedOutput struct {
	Body struct {
		Items []SharedCaseBody `json:"items" maxItems:"50" doc:"Case files"`
		Next  string           `json:"next,omitempty" maxLength:"60" doc:"Cursor of the next page"`
	}
}

func (o *operations) shared(ctx context.Context, in *sharedInput) (*sharedOutput, error) {
	found, next, err := o.service.FindShared(ctx, tenants.ScopeFrom(ctx), parsePlace(in.After))
	if err != nil {
		return nil, err
	}
	out := &sharedOutput{}
	out.Body.Items, out.Body.Next = make([]SharedCaseBody, len(found)), next.String()
	for i, c := range found {
		owner := o.service.deps.Bodies.Slug(c.Owner)
		out.Body.Items[i] = SharedCaseBody{ID: owner + "~" + c.Case.String(), Number: c.Number, Owner: owner, Label: c.State, Surname: c.Surname, Name: c.Name, Sections: c.Sections, Until: c.Until}
	}
	return out, nil
}
