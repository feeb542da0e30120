package release

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/steward/body"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations is that of the version.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{body.Declare(Read, huma.Operation{
		OperationID: "get-release", Method: http.MethodGet, Path: "/release", Summary: "Get which program serves",
		Description: "The version of the program, how far each line of migrations has come, and at how many bodies each module is on.",
	}, o.get)}
}

// ReleaseLine is how far the migrations of one line have come.
type ReleaseLine struct {
	Line    string    `json:"line" maxLength:"63"`
	Version int64     `json:"version" minimum:"0" maximum:"9223372036854775807"`
	At      time.Time `json:"at" doc:"When the last one was applied"`
}

// ReleaseModule is at how many bodies a module is on.
type ReleaseModule struct {
	Module string `json:"module" maxLength:"40"`
	Bodies int    `json:"bodies" format:"int32" minimum:"0" maximum:"2147483647"`
}

type releaseOutput struct {
	Body struct {
		Version string          `json:"version" maxLength:"80"`
		Bodies  int             `json:"bodies" format:"int32" minimum:"0" maximum:"2147483647" doc:"That people can enter"`
		Lines   []ReleaseLine   `json:"lines" maxItems:"1000"`
		Modules []ReleaseModule `json:"modules" maxItems:"1000"`
	}
}

func (o operations) get(ctx context.Context, _ *struct{}) (*releaseOutput, error) {
	found, err := o.service.Get(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &releaseOutput{}
	out.Body.Version, out.Body.Bodies = found.Version, found.Bodies
	out.Body.Lines, out.Body.Modules = make([]ReleaseLine, len(found.Lines)), make([]ReleaseModule, len(found.Uses))
	for i, l := range found.Lines {
		out.Body.Lines[i] = ReleaseLine{Line: l.ID, Version: l.Version, At: l.At}
	}
	for i, u := range found.Uses {
		out.Body.Modules[i] = ReleaseModule{Module: string(u.ID), Bodies: u.Bodies}
	}
	return out, nil
}
