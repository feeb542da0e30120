package modules

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
)

// Declare makes an operation that asks for the permission and whose handler reads its scope from the context.
func Declare[I, O any](permission string, o huma.Operation, handle func(context.Context, *I) (*O, error)) Operation {
	return Operation{Permission: permission, Register: func(api huma.API) { huma.Register(api, o, handle) }}
}
