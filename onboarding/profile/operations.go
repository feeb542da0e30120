package profile

import (
	"context"
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of a body's profile.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{service: v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(Read, huma.Operation{
			OperationID: "get-profile", Method: http.MethodGet, Path: "/profile", Tags: tags, Summary: "How the body shows itself",
			Description: "Words under its name, colour, crest and contacts, as everybody sees them.",
		}, o.get),
		modules.Declare(Write, huma.Operation{
			OperationID: "save-profile", Method: http.MethodPut, Path: "/profile", Tags: tags, DefaultStatus: http.StatusNoContent, MaxBodyBytes: 400 << 10,
			Summary: "Change how the body shows itself", Description: "All of it at once. Without a crest the present one stays; an empty one takes it away.",
		}, o.save),
	}
}

// FieldsBody is what people see of a body.
type FieldsBody struct {
	Subtitle      string `json:"subtitle" maxLength:"80" doc:"Under its name"`
	Theme         string `json:"theme" enum:",verde,bordeaux,viola,petrolio,grafite" doc:"Colour of the header; empty for blue"`
	Address       string `json:"address" maxLength:"200"`
	Phone         string `json:"phone" maxLength:"40"`
	Email         string `json:"email" maxLength:"254"`
	Website       string `json:"website" maxLength:"200" doc:"Begins with https"`
	Accessibility string `json:"accessibility" maxLength:"200" doc:"Address of the declaration of accessibility, with https"`
}

type profileOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Version, for If-Match"`
	Body struct {
		FieldsBody
		Name  string `json:"name" maxLength:"200" doc:"Of the body; it comes from its entry"`
		Crest bool   `json:"crest" doc:"It has one, at the page /stemma"`
	}
}

func (o *operations) get(ctx context.Context, _ *struct{}) (*profileOutput, error) {
	body, err := o.service.Get(tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	p := body.Profile
	out := &profileOutput{ETag: strconv.Quote(strconv.Itoa(p.Version))}
	out.Body.Name, out.Body.Crest = body.Name, p.Crest != ""
	out.Body.FieldsBody = FieldsBody{p.Subtitle, p.Theme, p.Address, p.Phone, p.Email, p.Website, p.Accessibility}
	return out, nil
}

type saveInput struct {
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen; 0 for the first"`
	Body    struct {
		FieldsBody
		Crest *string `json:"crest,omitempty" maxLength:"280000" contentEncoding:"base64" doc:"PNG or JPEG in base64"`
	}
}

func (o *operations) save(ctx context.Context, in *saveInput) (*struct{}, error) {
	version, err := modules.IfMatchNew(in.IfMatch)
	if err != nil {
		return nil, err
	}
	b := in.Body
	c := Change{Profile: tenants.Profile{
		Version: version, Subtitle: b.Subtitle, Theme: b.Theme, Address: b.Address, Phone: b.Phone, Email: b.Email, Website: b.Website, Accessibility: b.Accessibility,
	}}
	if b.Crest != nil {
		if c.Picture, err = base64.StdEncoding.DecodeString(*b.Crest); err != nil {
			var wrong problem.Fields
			wrong.Add("crest", "onboarding.profile.error.picture")
			return nil, wrong.Err()
		}
		if len(c.Picture) == 0 {
			c.Picture, c.Bare = nil, true
		}
	}
	return nil, o.service.Save(ctx, tenants.ScopeFrom(ctx), c)
}
