package post

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

func (o *operations) all() []modules.Operation {
	tags := []string{"post"}
	return []modules.Operation{
		modules.Declare(policies.SignedIn, huma.Operation{
			OperationID: "get-own-mail-address", Method: http.MethodGet, Path: "/own-mail-address", Tags: tags,
			Summary: "Where the caller is told by e-mail", Description: "The address to which notices of this body go, whether it is confirmed, and how often. Notices say that something awaits, never what.",
		}, o.get),
		modules.Declare(policies.SignedIn, huma.Operation{
			OperationID: "set-own-mail-address", Method: http.MethodPut, Path: "/own-mail-address", Tags: tags,
			Summary: "Choose where and how often to be told by e-mail", Description: "A new address counts once the link that is sent there has been opened. Five links can be asked for on one day.",
		}, o.set),
	}
}

// AddressBody is where somebody is told by e-mail.
type AddressBody struct {
	Email   string   `json:"email" maxLength:"254" doc:"The confirmed address, or nothing"`
	Pending string   `json:"pending" maxLength:"254" doc:"The address whose link is waited for, or nothing"`
	Rhythm  string   `json:"rhythm" enum:"at_once,daily,never" doc:"How often"`
	Off     []string `json:"off" maxItems:"100" maxLength:"64" doc:"Reminders that are left untold"`
	Choices []string `json:"choices" maxItems:"100" maxLength:"64" doc:"Reminders that can be left untold, by what they ask"`
	Failure string   `json:"failure" enum:",address,pending" doc:"Which address did not take a mail, or nothing"`
	Urgent  bool     `json:"urgent" doc:"Emergencies are told at once, whatever the rhythm"`
	Version int      `json:"version" minimum:"0" maximum:"2147483647" doc:"Version, for If-Match"`
}

type addressOutput struct {
	Body AddressBody
}

func (o *operations) get(ctx context.Context, _ *struct{}) (*addressOutput, error) {
	a, err := o.service.Get(ctx, tenants.ScopeFrom(ctx))
	return &addressOutput{Body: AddressBody{Email: a.Email, Pending: a.Pending, Rhythm: a.Rhythm, Off: append([]string{}, a.Off...), Choices: append([]string{}, a.Choices...), Failure: a.Failure, Urgent: a.Urgent, Version: a.Version}}, err
}

type setInput struct {
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Body    struct {
		Email  string   `json:"email" maxLength:"254" doc:"The address, or nothing for no mail"`
		Rhythm string   `json:"rhythm" enum:"at_once,daily,never" doc:"How often"`
		Off    []string `json:"off,omitempty" maxItems:"100" maxLength:"64" doc:"Reminders to leave untold; without it they stay as they are"`
	}
}

func (o *operations) set(ctx context.Context, in *setInput) (*addressOutput, error) {
	version, err := modules.IfMatchNew(in.IfMatch)
	if err != nil {
		return nil, err
	}
	if _, err := o.service.Set(ctx, tenants.ScopeFrom(ctx), Wish{Email: in.Body.Email, Rhythm: in.Body.Rhythm, Off: in.Body.Off, Version: version}); err != nil {
		return nil, err
	}
	return o.get(ctx, nil)
}
