package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
)

// Problem is what an operation answers when it cannot answer what was asked (RFC 9457).
type Problem struct {
	Type     string  `json:"type" format:"uri" maxLength:"80" example:"urn:staffetta:problem:invalid" doc:"What kind of problem it is; the same for every occurrence."`
	Title    string  `json:"title" maxLength:"200" doc:"The kind in words, in the language of the request."`
	Status   int32   `json:"status" minimum:"400" maximum:"599" doc:"The HTTP status."`
	Detail   string  `json:"detail,omitempty" maxLength:"1000" doc:"What happened here, in the language of the request."`
	Instance string  `json:"instance" format:"uri" maxLength:"80" doc:"Names this occurrence."`
	Code     string  `json:"code" maxLength:"40" doc:"The code of the request, to be quoted to the support."`
	Errors   []Fault `json:"errors,omitempty" maxItems:"200" doc:"The values at fault, all at once."`

	Acknowledge *Acknowledge `json:"acknowledge,omitempty" doc:"Of what changes for people, where nobody has read that: what is to be read first."`

	kind   string
	detail language.Message
	fields []problem.Field
	err    error // the cause; logged, never shown
}

// Fault is one value at fault.
type Fault struct {
	Field   string `json:"field" maxLength:"200" doc:"The name of the parameter, or the path of the value in the body."`
	Message string `json:"message" maxLength:"1000" doc:"What is wrong with it, in the language of the request."`
}

// Acknowledge is what somebody reads before they ask again.
type Acknowledge struct {
	Digest  string               `json:"digest" maxLength:"64" doc:"Of what is to be read: sent back as the digest, or the mark, with the acknowledgement."`
	Effects []modules.EffectBody `json:"gains_and_losses" maxItems:"100000" doc:"Who gains and who loses."`
}

// Error meets error.
func (p *Problem) Error() string { return p.kind }

// GetStatus meets huma.StatusError.
func (p *Problem) GetStatus() int { return int(p.Status) }

// ContentType meets huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statusKinds name the answers that only HTTP knows.
var statusKinds = map[int]string{
	http.StatusBadRequest:           "unreadable",
	http.StatusMethodNotAllowed:     "method",
	http.StatusNotAcceptable:        "not_acceptable",
	http.StatusRequestTimeout:       "timeout",
	http.StatusUnsupportedMediaType: "media_type",
}

// kindsOf are the kinds of problem that have a status of their own.
var kindsOf = map[int]problem.Kind{
	http.StatusNotFound: problem.NotFound, http.StatusForbidden: problem.Forbidden, http.StatusUnauthorized: problem.Unauthorized,
	http.StatusConflict: problem.Conflict, http.StatusRequestEntityTooLarge: problem.TooLarge,
	http.StatusTooManyRequests: problem.TooMany, http.StatusServiceUnavailable: problem.Unavailable,
	http.StatusUnprocessableEntity: problem.Invalid,
}

// newProblem takes in every error that a handler returns or that huma finds. What it
// does not know is Internal; neither its text nor huma's reaches the answer.
func newProblem(status int, message string, errs ...error) huma.StatusError {
	err := errors.Join(errs...)
	var known *problem.Error
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &known):
	case errors.As(err, &large) || strings.Contains(message+text(err), "request body too large"):
		known = problem.New(problem.TooLarge, "rest.detail.too_large")
	case errors.Is(err, context.Canceled):
		known = problem.New(problem.Unavailable, "rest.detail.unavailable")
	case statusKinds[status] != "":
		kind := statusKinds[status]
		return &Problem{Status: int32(status), kind: kind, detail: language.M("rest.detail." + kind), fields: faults(errs), err: err}
	default:
		kind, ok := kindsOf[status]
		if !ok {
			kind = problem.Internal
			err = errors.Join(errors.New(message), err)
		}
		known = &problem.Error{Kind: kind, Message: language.M("rest.detail." + kind.String()), Err: err}
		if kind == problem.Invalid {
			known.Fields = faults(errs)
		}
	}
	p := ofError(known)
	if unread, told := errors.AsType[*modules.Unread](err); told {
		p.Acknowledge = &Acknowledge{unread.Digest, unread.Effects}
	}
	return p
}

// fieldNames are those of the API, of what forms call otherwise.
var fieldNames = map[string]string{modules.ConsentField: "acknowledged", modules.MarkField: "digest"}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func ofError(e *problem.Error) *Problem {
	p := &Problem{Status: int32(e.Kind.Status()), kind: e.Kind.String(), detail: e.Message, fields: e.Fields, err: e.Err}
	if e.Kind == problem.Internal {
		p.detail = language.M("rest.detail.internal")
	}
	return p
}

// tell writes the problem in the language of the request.
func (x *exchange) tell(p *Problem) {
	x.cause = p
	p.Type = "urn:staffetta:problem:" + p.kind
	p.Title = x.say(language.M("rest.title." + p.kind))
	p.Detail = x.say(p.detail)
	p.Instance, p.Code = "urn:staffetta:request:"+x.id, x.id
	p.Errors = make([]Fault, len(p.fields))
	for i, f := range p.fields {
		p.Errors[i] = Fault{Field: cmp.Or(fieldNames[f.Name], f.Name), Message: x.say(f.Message)}
	}
	if p.Status == http.StatusUnauthorized && x.Header().Get("WWW-Authenticate") == "" {
		x.Header().Set("WWW-Authenticate", challenge)
	}
}

// challenge says how to authenticate (RFC 6750).
const challenge = `Bearer realm="staffetta"`

// transform tells every problem that huma is about to write.
func transform(ctx huma.Context, _ string, value any) (any, error) {
	if p, ok := value.(*Problem); ok {
		exchangeOf(ctx.Context()).tell(p)
	}
	return value, nil
}

// answer writes a problem where no operation was reached.
func (x *exchange) answer(err huma.StatusError) {
	p := err.(*Problem)
	x.tell(p)
	x.Header().Set("Content-Type", p.ContentType(""))
	x.WriteHeader(p.GetStatus())
	_ = json.NewEncoder(x).Encode(p) // nobody is left to tell
}
