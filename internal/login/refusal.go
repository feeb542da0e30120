package login

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
)

// Code says which text a refused person reads.
type Code string

// The codes of a refusal. CodeNoRole is for the caller that finds no role for
// an identified operator.
const (
	CodeTooManyTries    Code = "too_many_tries"   // ErrorCode nr19
	CodeLowAssurance    Code = "low_assurance"    // ErrorCode nr20, acr below the request
	CodeExpired         Code = "expired"          // ErrorCode nr21, flow expired or used
	CodeNoConsent       Code = "no_consent"       // ErrorCode nr22, consent_required
	CodeSuspended       Code = "suspended"        // ErrorCode nr23
	CodeCancelled       Code = "cancelled"        // ErrorCode nr25
	CodeWrongIdentity   Code = "wrong_identity"   // ErrorCode nr30
	CodeDenied          Code = "denied"           // access_denied alone, login_required
	CodeUnavailable     Code = "unavailable"      // server_error, temporarily_unavailable, time-out, 5xx
	CodeInvalidFiscal   Code = "invalid_tax_code" // fiscal number missing or invalid
	CodeNoRole          Code = "no_role"          // identified, but without a role here
	CodeIncomplete      Code = "incomplete"       // all else: our refusals
	messagePrefix            = "login.refusal."   // message keys are messagePrefix + Code
	maxDescriptionBytes      = 4096               // of error_description that is looked at
)

//go:embed messages/it.json messages/en.json
var messages embed.FS

// Messages holds it.json and en.json: flat objects from message key to text.
// The texts may name {{.Body}} (the body's name) and {{.Reference}} (the
// reference id of the page).
func Messages() fs.FS {
	sub, err := fs.Sub(messages, "messages")
	if err != nil {
		panic("login: messages are not embedded: " + err.Error())
	}
	return sub
}

// Refusal is the error of a login that did not succeed. Code chooses the text
// a person reads; Reason is for the evidence log only and holds no attribute
// of the person and no text of the provider.
type Refusal struct {
	Code   Code
	Reason string
	Alarm  bool  // the provider refuses this client: somebody must act
	Err    error // the cause, may be nil; for the log of the program
}

// Error meets error.
func (r *Refusal) Error() string {
	if r.Err != nil {
		return fmt.Sprintf("login refused (%s): %s: %v", r.Code, r.Reason, r.Err)
	}
	return fmt.Sprintf("login refused (%s): %s", r.Code, r.Reason)
}

// Message gives the key of the public text.
func (r *Refusal) Message() string { return messagePrefix + string(r.Code) }

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

func refuse(code Code, reason string) *Refusal { return &Refusal{Code: code, Reason: reason} }

func refuseErr(code Code, reason string, err error) *Refusal {
	return &Refusal{Code: code, Reason: reason, Err: err}
}

var anomaly = regexp.MustCompile(`nr(\d+)`)

var anomalies = map[string]Code{
	"19": CodeTooManyTries, "20": CodeLowAssurance, "21": CodeExpired, "22": CodeNoConsent,
	"23": CodeSuspended, "25": CodeCancelled, "30": CodeWrongIdentity,
}

var oauthErrors = map[string]Code{
	"access_denied": CodeDenied, "login_required": CodeDenied, "consent_required": CodeNoConsent,
	"server_error": CodeUnavailable, "temporarily_unavailable": CodeUnavailable,
}

// knownErrors are the error codes that may enter a reason; others are written
// as "unknown error", so that a provider cannot write into our log.
var knownErrors = []string{
	"access_denied", "unauthorized_client", "invalid_request", "invalid_scope", "server_error",
	"temporarily_unavailable", "unsupported_response_type", "login_required", "consent_required",
	"request_uri_not_supported", "registration_not_supported", "invalid_request_object",
	"invalid_client", "invalid_grant", "unsupported_grant_type", "not_found",
}

// refuseAnswer reads an error the provider sent. Of error_description only a
// number "nrNN" is taken, the rest is discarded.
func refuseAnswer(where, code, description string) *Refusal {
	refusal := refuse(CodeIncomplete, where+": unknown error")
	if slices.Contains(knownErrors, code) {
		refusal.Reason = where + ": " + code
	}
	refusal.Alarm = code == "invalid_client" || code == "unauthorized_client"
	if public, ok := oauthErrors[code]; ok {
		refusal.Code = public
	}
	if len(description) > maxDescriptionBytes {
		description = description[:maxDescriptionBytes]
	}
	if number := anomaly.FindStringSubmatch(description); number != nil {
		if public, ok := anomalies[number[1]]; ok {
			refusal.Code = public
			refusal.Reason += " nr" + number[1]
		}
	}
	return refusal
}
