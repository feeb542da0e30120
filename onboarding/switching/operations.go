package switching

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of a body's modules.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{service: v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(Read, huma.Operation{
			OperationID: "list-modules", Method: http.MethodGet, Path: "/modules", Tags: tags, Summary: "List the modules",
			Description: "Every module of the program with whether it is on for the body. Essential ones always are.",
		}, o.find),
		modules.Declare(Write, huma.Operation{
			OperationID: "get-module-change", Method: http.MethodGet, Path: "/modules/{module}/change", Tags: tags, Summary: "What turning a module on or off would do",
			Description: "Which modules go with it and how many people may do what with them. The mark is sent back with the decision. Changes nothing.",
		}, o.compare),
		modules.Declare(Write, huma.Operation{
			OperationID: "set-module", Method: http.MethodPut, Path: "/modules/{module}", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Turn a module on or off",
			Description: "With those that go with it. Its addresses answer 404 from then on and its jobs wait; what it has written stays. Refused when something has changed since the mark was read.",
		}, o.set),
	}
}

// ModuleBody is a module as it stands for a body.
type ModuleBody struct {
	ID        string   `json:"id" maxLength:"40"`
	Title     string   `json:"title" maxLength:"120"`
	About     string   `json:"about" maxLength:"300" doc:"What it does and for whom"`
	On        bool     `json:"on"`
	Essential bool     `json:"essential" doc:"Always on"`
	Requires  []string `json:"requires" maxItems:"40" maxLength:"40" doc:"Modules that are on where it is"`
}

type modulesOutput struct {
	Body struct {
		Items []ModuleBody `json:"items" maxItems:"100"`
	}
}

func (o *operations) find(ctx context.Context, _ *struct{}) (*modulesOutput, error) {
	found, err := o.service.Find(tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &modulesOutput{}
	for _, m := range found {
		one := ModuleBody{ID: string(m.ID), Title: language.SayText(ctx, m.Title), About: language.SayText(ctx, m.About), On: m.On, Essential: m.Essential, Requires: []string{}}
		for _, id := range m.Requires {
			one.Requires = append(one.Requires, string(id))
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}

type compareInput struct {
	Module string `path:"module" maxLength:"40" doc:"Id of the module"`
	On     bool   `query:"on" required:"true" doc:"What it would become"`
}

// ActionBody is something that people may do with a module.
type ActionBody struct {
	Permission string `json:"permission" maxLength:"80"`
	Label      string `json:"label" maxLength:"200"`
	People     int    `json:"people" minimum:"0" maximum:"1000000" doc:"Of the body who may do it by their roles of today"`
}

type compareOutput struct {
	Body struct {
		Modules []string     `json:"modules" maxItems:"100" maxLength:"40" doc:"That change: the one that was asked for first, then those that go with it"`
		Actions []ActionBody `json:"actions" maxItems:"500" doc:"What people can do with them"`
		Mark    string       `json:"mark" maxLength:"64" doc:"Of all this, for the decision"`
	}
}

func (o *operations) compare(ctx context.Context, in *compareInput) (*compareOutput, error) {
	c, err := o.service.Compare(ctx, tenants.ScopeFrom(ctx), modules.ID(in.Module), in.On)
	if err != nil {
		return nil, err
	}
	out := &compareOutput{}
	out.Body.Modules, out.Body.Mark, out.Body.Actions = c.ids(), c.Mark, []ActionBody{}
	for _, a := range c.Actions {
		out.Body.Actions = append(out.Body.Actions, ActionBody{a.Permission, language.SayText(ctx, a.Label), a.People})
	}
	return out, nil
}

type setInput struct {
	Module string `path:"module" maxLength:"40" doc:"Id of the module"`
	Body   struct {
		modules.ConsentBody
		On     bool   `json:"on"`
		Reason string `json:"reason" minLength:"1" maxLength:"300" doc:"Why; it is in the audit"`
	}
}

func (o *operations) set(ctx context.Context, in *setInput) (*struct{}, error) {
	return nil, o.service.Switch(ctx, tenants.ScopeFrom(ctx), Order{
		Module: modules.ID(in.Module), On: in.Body.On, Reason: in.Body.Reason, Consent: in.Body.Consent(),
	})
}
