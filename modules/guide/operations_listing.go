package guide

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// listings are the operations of who looks after the guide.
func (o operations) listings() []modules.Operation {
	return []modules.Operation{
		modules.Declare(mayShow, huma.Operation{
			OperationID: "list-guide-services", Method: http.MethodGet, Path: "/guide-services", Tags: []string{"guide"}, Summary: "List the services that came with a kit",
			Description: "Those in use, with whether citizens see them. Services that the body wrote itself are public as soon as they are published.",
		}, o.findListings),
		modules.Declare(mayShow, huma.Operation{
			OperationID: "show-guide-services", Method: http.MethodPut, Path: "/guide-services", Tags: []string{"guide"}, Summary: "Show services to citizens, or take them away",
			Description: "All or nothing: 404 where one of them is no service in use that came with a kit. The answer lists all as they are then.",
		}, o.show),
	}
}

// ListingView is a service that came with a kit.
type ListingView struct {
	Key   string      `json:"key" maxLength:"64"`
	Title kit.Wording `json:"title"`
	Shown bool        `json:"shown" doc:"Citizens see it in the guide"`
}

type listingsOutput struct {
	Body struct {
		Items []ListingView `json:"items" maxItems:"2000"`
	}
}

func (o operations) findListings(ctx context.Context, _ *struct{}) (*listingsOutput, error) {
	listings, err := o.service.FindListings(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &listingsOutput{}
	out.Body.Items = []ListingView{}
	for _, l := range listings {
		out.Body.Items = append(out.Body.Items, ListingView{l.Key, kit.WordingOf(l.Title), l.Shown})
	}
	return out, nil
}

func (o operations) show(ctx context.Context, in *struct {
	Body struct {
		Services []kit.Term `json:"services" minItems:"1" maxItems:"2000" doc:"Keys"`
		Shown    bool       `json:"shown" doc:"Whether citizens see them from now on"`
	}
},
) (*listingsOutput, error) {
	keys := make([]string, len(in.Body.Services))
	for i, key := range in.Body.Services {
		keys[i] = string(key)
	}
	if err := o.service.Show(ctx, tenants.ScopeFrom(ctx), keys, in.Body.Shown); err != nil {
		return nil, err
	}
	return o.findListings(ctx, nil)
}
