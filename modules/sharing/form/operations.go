package form

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
)

// Operation declares one operation of the module in the API.
func Operation[I, O any](permission string, o huma.Operation, handle func(context.Context, *I) (*O, error)) modules.Operation {
	o.Tags = []string{"sharing"}
	return modules.Operation{Permission: permission, Register: func(api huma.API) { huma.Register(api, o, handle) }}
}
