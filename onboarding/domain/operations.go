package domain

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of a body's own address.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(Read, huma.Operation{
			OperationID: "get-domain", Method: http.MethodGet, Path: "/domain", Tags: tags, Summary: "The web address of the body's own",
			Description: "The host, the records that show in the DNS whose it is and where it leads, and what the last check found of them. 404 where the body has none.",
		}, o.get),
		modules.Declare(Write, huma.Operation{
			OperationID: "ask-domain", Method: http.MethodPut, Path: "/domain", Tags: tags, Summary: "Ask for a web address of the body's own",
			Description: "It is the body's when both records are found in the DNS. 409 where the body has one: that is removed first.",
		}, o.ask),
		modules.Declare(Write, huma.Operation{
			OperationID: "check-domain", Method: http.MethodPost, Path: "/domain/checks", Tags: tags, DefaultStatus: http.StatusOK, Summary: "Look at the DNS now",
			Description: "Confirms the address where both records are there. It is looked at once a day anyway. 409 where another body has shown that the host is its own.",
		}, o.check),
		modules.Declare(Write, huma.Operation{
			OperationID: "remove-domain", Method: http.MethodPost, Path: "/domain/removal", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Remove the web address",
			Description: "The public pages are at the platform alone then.",
		}, o.remove),
	}
}

// RecordBody is a record that has to be in the DNS.
type RecordBody struct {
	Name  string `json:"name" maxLength:"253"`
	Type  string `json:"type" enum:"TXT,CNAME,A,AAAA" doc:"CNAME, or any record by which the name has an address of the target; A where no CNAME can stand"`
	Value string `json:"value" maxLength:"253" doc:"Of an A record for a name: its addresses"`
	Found string `json:"found" enum:"done,missing,other,unanswered,unknown" doc:"Of the last check"`
}

// DomainBody is the web address of a body.
type DomainBody struct {
	Host      string       `json:"host" maxLength:"253"`
	State     string       `json:"state" enum:"asked,confirmed,suspended"`
	Blocked   string       `json:"blocked,omitempty" maxLength:"1000" doc:"Why who runs the platform suspended it"`
	Records   []RecordBody `json:"records" maxItems:"2"`
	CheckedAt *time.Time   `json:"checked_at,omitempty" format:"date-time"`
}

type domainOutput struct{ Body DomainBody }

func (o *operations) output(d Domain) *domainOutput {
	found := func(f Answer) string {
		switch {
		case d.CheckedAt.IsZero():
			return "unknown"
		case f == Done:
			return "done"
		}
		return string(f)
	}
	lead := o.service.LeadOf(d)
	out := &domainOutput{DomainBody{Host: d.Host, State: string(d.State), Blocked: d.Blocked, Records: []RecordBody{
		{Name: d.RecordName(), Type: "TXT", Value: d.RecordText(), Found: found(d.Record)},
		{Name: d.Host, Type: lead.Kind, Value: lead.Value, Found: found(d.Lead)},
	}}}
	if !d.CheckedAt.IsZero() {
		out.Body.CheckedAt = &d.CheckedAt
	}
	return out
}

func (o *operations) get(ctx context.Context, _ *struct{}) (*domainOutput, error) {
	d, err := o.service.Get(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	return o.output(d), nil
}

type askInput struct {
	Body struct {
		Host string `json:"host" minLength:"1" maxLength:"253"`
	}
}

func (o *operations) ask(ctx context.Context, in *askInput) (*domainOutput, error) {
	if err := o.service.Ask(ctx, tenants.ScopeFrom(ctx), in.Body.Host); err != nil {
		return nil, err
	}
	return o.get(ctx, nil)
}

func (o *operations) check(ctx context.Context, _ *struct{}) (*domainOutput, error) {
	if _, err := o.service.Check(ctx, tenants.ScopeFrom(ctx)); err != nil {
		return nil, err
	}
	return o.get(ctx, nil)
}

func (o *operations) remove(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, o.service.Remove(ctx, tenants.ScopeFrom(ctx))
}
