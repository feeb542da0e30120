// Package effect shows who gains and who loses by an item, on its page of publication and in the API. It must not decide: package
// modules compares, and the item's service asks for the acknowledgement.
package effect

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/tenants"
)

// Of names an item, and what would be done with it: its draft published, or the item retired.
type Of struct {
	Kind   string `path:"kind" maxLength:"40" doc:"Kind of item, such as service"`
	Key    string `path:"key" maxLength:"64" doc:"Key of the item, such as SV-01"`
	Action string `query:"of" enum:"publish,retire" default:"publish" doc:"What would be done"`
}

// Step is a decision about an item: to publish its draft or to retire it.
type Step struct {
	Kind, Key string
	Revision  int
	Reason    string
	Consent   modules.Consent // of who gains and who loses, where the item says who sees what
}

// Finder tells what becomes of who sees what.
type Finder func(ctx context.Context, s tenants.Scope, of Of) (modules.Effect, error)

type effectOutput struct {
	Body struct {
		Told   bool                 `json:"told" doc:"Somebody would see something else, today or once they hold a role: it is to be acknowledged"`
		Mark   string               `json:"mark" maxLength:"64" doc:"Of all this, for the publication"`
		Sights []modules.EffectBody `json:"gains_and_losses" maxItems:"100000" doc:"Who gains and who loses"`
	}
}

// Operation tells it in the API.
func Operation(find Finder) modules.Operation {
	return modules.Declare("item:write", huma.Operation{
		OperationID: "get-item-effect", Method: http.MethodGet, Path: "/items/{kind}/{key}/effect", Tags: []string{"kit"}, Summary: "Who gains and who loses",
		Description: "Who would gain and who would lose sight of what if the draft were published, or the item retired.",
	}, func(ctx context.Context, in *Of) (*effectOutput, error) {
		e, err := find(ctx, tenants.ScopeFrom(ctx), *in)
		if err != nil {
			return nil, err
		}
		out := &effectOutput{}
		out.Body.Told, out.Body.Mark, out.Body.Sights = e.Told, e.Mark, modules.EffectBodies(e.Changes)
		return out, nil
	})
}

// View is who gains and who loses by what is published, with the acknowledgement.
type View struct {
	Gains, Losses component.Table
	Nobody        string // where nobody does today
	Consent       component.Field
	Mark          component.Hidden
}

// Show is nil where nothing is to be read.
func Show(r *http.Request, list []modules.Module, e modules.Effect, wrong string) *View {
	if !e.Told {
		return nil
	}
	v := &View{
		Gains: modules.SightTable(r, list, e.Changes, true), Losses: modules.SightTable(r, list, e.Changes, false), Mark: component.Hidden{Name: modules.MarkField, Value: e.Mark},
		Consent: component.Consent(r.Context(), modules.ReadConsent(r).Acknowledged && r.PostFormValue(modules.MarkField) == e.Mark, wrong),
	}
	if len(e.Changes) == 0 {
		v.Nobody = modules.Say(r, "web.sight.nobody")
	}
	return v
}
