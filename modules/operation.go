package modules

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Declare makes an operation that asks for the permission and whose handler reads its scope from the context.
func Declare[I, O any](permission string, o huma.Operation, handle func(context.Context, *I) (*O, error)) Operation {
	return Operation{Permission: permission, Register: func(api huma.API) { huma.Register(api, o, handle) }}
}

// Stream answers an operation with what is too large for memory, and closes it.
func Stream(mediaType string, content io.ReadCloser) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer content.Close()
		c.SetHeader("Content-Type", mediaType)
		_, w := humago.Unwrap(c)
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // a large file takes as long as it takes
		_, _ = io.Copy(c.BodyWriter(), content)
	}}
}
