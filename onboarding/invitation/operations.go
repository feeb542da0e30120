package invitation

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/onboarding/member"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of invitations.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{service: v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "list-invitations", Method: http.MethodGet, Path: "/invitations", Tags: tags, Summary: "List invitations",
			Description: "Who was invited to work in the body, those that wait to be confirmed first. Links are not told.",
		}, o.find),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "invite-person", Method: http.MethodPost, Path: "/invitations", Tags: tags, DefaultStatus: http.StatusCreated, Summary: "Invite somebody",
			Description: "Sends a link by e-mail that holds for seven days and once. With a tax code it is for that person alone; without, who follows it is confirmed by the body.",
		}, o.invite),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "resend-invitation", Method: http.MethodPost, Path: "/invitations/{invitation}/dispatch", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Send an invitation again",
			Description: "With a new link; the one before holds no longer, and whoever sends it invites from then on. Five times at most.",
		}, o.resend),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "withdraw-invitation", Method: http.MethodDelete, Path: "/invitations/{invitation}", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Withdraw an invitation",
			Description: "Its link does nothing any more.",
		}, o.withdraw),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "answer-invitation", Method: http.MethodPost, Path: "/invitations/{invitation}/answer", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Confirm or refuse who followed a link",
			Description: "Whoever followed a link without a tax code waits for this; with yes they get the roles. Nobody answers for themselves.",
		}, o.answer),
	}
}

// InvitationBody is an invitation.
type InvitationBody struct {
	ID      uuid.UUID `json:"id" format:"uuid" maxLength:"36"`
	Name    string    `json:"name" maxLength:"120"`
	Email   string    `json:"email,omitempty" maxLength:"254" doc:"None once it has ended"`
	Roles   []string  `json:"roles" maxItems:"20" maxLength:"70"`
	Bound   bool      `json:"bound" doc:"To a tax code"`
	State   string    `json:"state" enum:"sent,claimed,accepted,refused,withdrawn,expired,lapsed" maxLength:"10"`
	Expires time.Time `json:"expires"`
	Claimed string    `json:"claimed,omitempty" maxLength:"120" doc:"The name of the digital identity that followed the link"`
}

type invitationsOutput struct {
	Body struct {
		Items []InvitationBody `json:"items" maxItems:"700"`
	}
}

func (o *operations) find(ctx context.Context, _ *struct{}) (*invitationsOutput, error) {
	found, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &invitationsOutput{}
	out.Body.Items = make([]InvitationBody, len(found))
	for i, one := range found {
		out.Body.Items[i] = InvitationBody{
			ID: one.ID, Name: one.Name, Email: one.Email, Roles: one.Roles, Bound: one.Bound, State: one.State, Expires: one.Expires, Claimed: one.Claimed,
		}
	}
	return out, nil
}

type inviteInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"UUID that becomes the id of the invitation"`
	Body struct {
		Name    string `json:"name" maxLength:"120"`
		Email   string `json:"email" maxLength:"254"`
		TaxCode string `json:"taxCode,omitempty" maxLength:"40"`
		member.TermBody
	}
}

type inviteOutput struct {
	Body struct {
		ID uuid.UUID `json:"id" format:"uuid" maxLength:"36"`
	}
}

func (o *operations) invite(ctx context.Context, in *inviteInput) (*inviteOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	term, err := in.Body.Term()
	if err != nil {
		return nil, err
	}
	out := &inviteOutput{}
	out.Body.ID = id
	return out, o.service.Invite(ctx, tenants.ScopeFrom(ctx), Invitation{ID: id, Name: in.Body.Name, Email: in.Body.Email, TaxCode: in.Body.TaxCode, Term: term})
}

type invitationInput struct {
	Invitation uuid.UUID `path:"invitation" format:"uuid" maxLength:"36" doc:"Id of the invitation"`
}

func (o *operations) resend(ctx context.Context, in *invitationInput) (*struct{}, error) {
	return nil, o.service.Resend(ctx, tenants.ScopeFrom(ctx), in.Invitation)
}

func (o *operations) withdraw(ctx context.Context, in *invitationInput) (*struct{}, error) {
	return nil, o.service.Withdraw(ctx, tenants.ScopeFrom(ctx), in.Invitation)
}

type answerInput struct {
	Invitation uuid.UUID `path:"invitation" format:"uuid" maxLength:"36" doc:"Id of the invitation"`
	Body       struct {
		Accepted bool `json:"accepted"`
	}
}

func (o *operations) answer(ctx context.Context, in *answerInput) (*struct{}, error) {
	return nil, o.service.Answer(ctx, tenants.ScopeFrom(ctx), in.Invitation, in.Body.Accepted)
}
