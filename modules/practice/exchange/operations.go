package exchange

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type operations struct{ service *Service }

// Operations are those of kit files.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{{Permission: "adoption:read", Register: o.registerDownload}}
}

type fileOutput struct {
	ContentType string `header:"Content-Type" maxLength:"60"`
	Disposition string `header:"Content-Disposition" maxLength:"120"`
	Body        []byte
}

func (o operations) registerDownload(api huma.API) {
	op := form.Operation("download-kit", http.MethodGet, "/offers/{id}/kits/{release}/file", "Download a published kit",
		"The kit as one signed file, the same bytes every time. `staffetta kit verify` checks it where there is no network.")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The file", Content: map[string]*huma.MediaType{MediaType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
	huma.Register(api, op, func(ctx context.Context, in *struct {
		form.IDPath
		Release string `path:"release" maxLength:"14" doc:"Number of the release"`
	},
	) (*fileOutput, error) {
		id, err := in.UUID()
		if err != nil {
			return nil, err
		}
		file, err := o.service.Export(ctx, tenants.ScopeFrom(ctx), id, in.Release)
		if err != nil {
			return nil, err
		}
		return &fileOutput{ContentType: MediaType, Disposition: `attachment; filename="` + file.Name + `"`, Body: file.Content}, nil
	})
}
