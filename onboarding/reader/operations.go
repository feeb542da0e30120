package reader

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/member"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations tell who reads what.
func Operations(v *Service) []modules.Operation {
	o := &operations{service: v}
	return []modules.Operation{
		modules.Declare(member.Read, huma.Operation{
			OperationID: "list-data-readers", Method: http.MethodGet, Path: "/data-readers", Tags: []string{"onboarding"}, Summary: "List who can read what",
			Description: "For every section of case files and every permission to read, who holds it today and by which roles. Who of other bodies sees a case file stands with its shares.",
		}, o.find),
	}
}

// DataReaderBody is somebody who reads a kind of data.
type DataReaderBody struct {
	Account  string   `json:"account" format:"uuid"`
	Name     string   `json:"name" maxLength:"300"`
	Roles    []string `json:"roles" maxItems:"40" maxLength:"70" doc:"By which they read it"`
	Relation string   `json:"relation,omitempty" maxLength:"20" doc:"Farthest relation to case files in which they read the section; missing for a permission"`
	Desk     bool     `json:"desk,omitempty" doc:"Of all persons of the body, without opening a case file"`
}

// DataKindBody is a kind of data with who reads it.
type DataKindBody struct {
	Module  string           `json:"module,omitempty" maxLength:"40" doc:"That declares the permission; missing for a section of case files"`
	Name    string           `json:"name" maxLength:"80" doc:"Section or permission"`
	Label   string           `json:"label" maxLength:"200"`
	Readers []DataReaderBody `json:"readers" maxItems:"100000"`
}

type kindsOutput struct {
	Body struct {
		Items []DataKindBody `json:"items" maxItems:"1000"`
	}
}

func (o *operations) find(ctx context.Context, _ *struct{}) (*kindsOutput, error) {
	kinds, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &kindsOutput{}
	for _, k := range kinds {
		one := DataKindBody{Module: string(k.Module), Name: k.Name, Label: language.SayText(ctx, k.Label), Readers: []DataReaderBody{}}
		for _, reader := range k.Readers {
			one.Readers = append(one.Readers, DataReaderBody{reader.Account.String(), reader.Name, reader.Roles, string(reader.Bond), reader.Desk})
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}
