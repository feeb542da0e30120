package guide

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct{ service *Service }

func (o operations) list() []modules.Operation {
	return append([]modules.Operation{
		{Permission: policies.Public, Register: o.registerFind},
		{Permission: policies.Public, Register: o.registerGet},
	}, o.listings()...)
}

// ServiceCard is a service in a list.
type ServiceCard struct {
	Key     string      `json:"key" maxLength:"64"`
	Title   kit.Wording `json:"title"`
	Summary kit.Wording `json:"summary"`
	Areas   []kit.Term  `json:"areas" maxItems:"2000" doc:"ISTAT areas of the users"`
	SIUSS   string      `json:"siuss,omitempty" maxLength:"20" doc:"CodicePrestazione"`
}

func cardOf(sheet Sheet) ServiceCard {
	return ServiceCard{Key: sheet.Key, Title: kit.WordingOf(sheet.Title), Summary: textOf(sheet.Summary), Areas: kit.Terms(sheet.Codings.ISTAT), SIUSS: sheet.Codings.SIUSS}
}

// ServiceSheet is the whole sheet of a service.
type ServiceSheet struct {
	ServiceCard
	Description kit.Wording   `json:"description"`
	Audience    []kit.Wording `json:"audience" maxItems:"2000"`
	How         []kit.Wording `json:"how" maxItems:"2000"`
	Needed      []kit.Wording `json:"needed" maxItems:"2000"`
	Outcome     []kit.Wording `json:"outcome" maxItems:"2000"`
	Costs       kit.Wording   `json:"costs"`
	Access      kit.Wording   `json:"access"`
	Conditions  []kit.Wording `json:"conditions" maxItems:"2000"`
	Contacts    kit.Wording   `json:"contacts"`
	Laws        []kit.Term    `json:"laws" maxItems:"2000"`
}

func (o operations) registerFind(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "list-services", Method: http.MethodGet, Path: "/services", Tags: []string{"guide"}, Summary: "List the services of the body",
		Description: "The service sheets that citizens see, by title. Needs no login.",
	}, func(ctx context.Context, in *struct {
		Text string `query:"q" maxLength:"100" doc:"Words to look for"`
		Area string `query:"area" maxLength:"60" doc:"ISTAT area of the users"`
	},
	) (*struct {
		Body struct {
			Items []ServiceCard `json:"items" maxItems:"2000"`
			Next  string        `json:"next" maxLength:"80"`
		}
	}, error,
	) {
		sheets, _, err := o.service.Find(ctx, tenants.ScopeFrom(ctx), Query{Text: in.Text, Area: in.Area})
		if err != nil {
			return nil, err
		}
		out := &struct {
			Body struct {
				Items []ServiceCard `json:"items" maxItems:"2000"`
				Next  string        `json:"next" maxLength:"80"`
			}
		}{}
		out.Body.Items = []ServiceCard{}
		for _, sheet := range sheets {
			out.Body.Items = append(out.Body.Items, cardOf(sheet))
		}
		return out, nil
	})
}

func (o operations) registerGet(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "get-service", Method: http.MethodGet, Path: "/services/{key}", Tags: []string{"guide"}, Summary: "Get a service",
		Description: "The sheet of a service that citizens see. Needs no login.",
	}, func(ctx context.Context, in *struct {
		Key string `path:"key" maxLength:"64" doc:"Key of the item, such as SV-01"`
	},
	) (*struct{ Body ServiceSheet }, error) {
		sheet, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), in.Key)
		if err != nil {
			return nil, err
		}
		return &struct{ Body ServiceSheet }{ServiceSheet{
			ServiceCard: cardOf(sheet), Description: textOf(sheet.Description), Audience: textsOf(sheet.Audience), How: textsOf(sheet.How),
			Needed: textsOf(sheet.Needed), Outcome: textsOf(sheet.Outcome), Costs: textOf(sheet.Costs), Access: textOf(sheet.Access),
			Conditions: textsOf(sheet.Conditions), Contacts: textOf(sheet.Contacts), Laws: kit.Terms(sheet.Laws),
		}}, nil
	})
}

func textOf(t kit.Text) kit.Wording { return kit.Wording{It: t.IT, En: t.EN} }

func textsOf(texts []kit.Text) []kit.Wording {
	list := make([]kit.Wording, len(texts))
	for i, text := range texts {
		list[i] = textOf(text)
	}
	return list
}
