// Package problem is the one way in which Staffetta says that something went
// wrong: a kind, a message that is safe to show, the fields at fault and the
// cause, which is logged once at the edge and never shown. It must not know
// HTTP handlers, modules or the database.
package problem

import (
	"errors"
	"net/http"
	"strings"

	"staffetta/internal/language"
)

// Kind is what went wrong, as far as a caller can act on it.
type Kind int

// The kinds, each with one HTTP status.
const (
	Internal     Kind = iota // our fault
	Invalid                  // the input breaks a rule; Fields say where
	NotFound                 // missing, foreign and denied alike
	Forbidden                // the object is visible, the action is not allowed
	Unauthorized             // nobody is signed in
	Assurance                // signed in, but at too low a level
	Conflict                 // somebody else changed it, or it is already so
	TooLarge                 // the body is larger than accepted
	TooMany                  // rate limited
	Unavailable              // a part we depend on does not answer
)

var statuses = map[Kind]int{
	Internal:     http.StatusInternalServerError,
	Invalid:      http.StatusUnprocessableEntity,
	NotFound:     http.StatusNotFound,
	Forbidden:    http.StatusForbidden,
	Unauthorized: http.StatusUnauthorized,
	Assurance:    http.StatusForbidden,
	Conflict:     http.StatusConflict,
	TooLarge:     http.StatusRequestEntityTooLarge,
	TooMany:      http.StatusTooManyRequests,
	Unavailable:  http.StatusServiceUnavailable,
}

var names = map[Kind]string{
	Internal: "internal", Invalid: "invalid", NotFound: "not_found", Forbidden: "forbidden",
	Unauthorized: "unauthorized", Assurance: "assurance", Conflict: "conflict",
	TooLarge: "too_large", TooMany: "too_many", Unavailable: "unavailable",
}

// Status is the HTTP status of the kind.
func (k Kind) Status() int { return statuses[k] }

// String is the stable name of the kind, used in logs, metrics and problem types.
func (k Kind) String() string { return names[k] }

// Field is one field at fault, by its name in the form or its JSON path.
type Field struct {
	Name    string
	Message language.Message
}

// Error is a failure as every layer passes it on.
type Error struct {
	Kind    Kind
	Message language.Message
	Fields  []Field
	Err     error // the cause; logged, never shown
}

// New makes an error of a kind with a message of the catalogue.
func New(kind Kind, key string, pairs ...any) *Error {
	return &Error{Kind: kind, Message: language.M(key, pairs...)}
}

// Missing is the error for what does not exist, or must not be seen to exist.
func Missing() *Error { return New(NotFound, "web.error.not_found") }

// Wrap adds the cause to the error and returns it.
func (e *Error) Wrap(err error) *Error {
	e.Err = err
	return e
}

// Error names the kind and the message key, with the cause; it is for logs.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString(e.Kind.String())
	if e.Message.Key != "" {
		text.WriteString(" " + e.Message.Key)
	}
	for _, f := range e.Fields {
		text.WriteString(" [" + f.Name + ": " + f.Message.Key + "]")
	}
	if e.Err != nil {
		text.WriteString(": " + e.Err.Error())
	}
	return text.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Of finds the Error in a chain; any other error is Internal.
func Of(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return New(Internal, "web.error.internal").Wrap(err)
}

// Is tells whether err is of the kind.
func Is(err error, kind Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == kind
}
