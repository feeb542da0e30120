package modules

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"staffetta/internal/problem"
)

// The fields of a form that carry a consent.
const (
	MarkField    = "segno"
	ConsentField = "visto"
)

const staleKey = "web.consent.changed"

// Consent is that somebody has read who gains and who loses sight of cases before they change it (it: presa visione).
type Consent struct {
	Mark         string // of what was read
	Acknowledged bool
}

// ReadConsent reads the consent of a form.
func ReadConsent(r *http.Request) Consent {
	return Consent{Mark: r.PostFormValue(MarkField), Acknowledged: r.PostFormValue(ConsentField) == "si"}
}

// MarkOf is the same for the same that was read.
func MarkOf(read any) (string, error) {
	raw, err := json.Marshal(read)
	if err != nil {
		return "", fmt.Errorf("mark what is read: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12]), nil
}

// Check refuses a change of which something else was read: problem.Conflict.
func (c Consent) Check(mark string) error {
	if c.Mark != mark {
		return Stale()
	}
	return nil
}

// Stale is the refusal of a change of which something else was read: problem.Conflict.
func Stale() error { return problem.New(problem.Conflict, staleKey) }

// IsStale tells whether an error is that something else was read than would be changed.
func IsStale(err error) bool {
	return problem.Is(err, problem.Conflict) && problem.Of(err).Message.Key == staleKey
}

// Require adds to fields that nothing was acknowledged.
func (c Consent) Require(fields *problem.Fields) {
	if !c.Acknowledged {
		fields.Add(ConsentField, "web.consent.missing")
	}
}

// RequireMarked adds to fields what is missing of a consent: that it was given, and to what.
func (c Consent) RequireMarked(fields *problem.Fields) {
	c.Require(fields)
	if c.Mark == "" {
		fields.Add(MarkField, "web.consent.digest")
	}
}

// demand refuses a change until somebody has read what it does: problem.Invalid, and problem.Conflict where they have read something else.
func (c Consent) demand(mark string) error {
	var wrong problem.Fields
	c.Require(&wrong)
	if err := wrong.Err(); err != nil {
		return err
	}
	return c.Check(mark)
}

// Unread is the refusal of what nobody has read, with what is to be read: who gains and who loses.
type Unread struct {
	Digest  string // of what is to be read; who acknowledges it sends it
	Effects []EffectBody
	Err     error
}

// Error is that of the refusal.
func (u *Unread) Error() string { return u.Err.Error() }

// Unwrap returns the refusal.
func (u *Unread) Unwrap() error { return u.Err }

// ConsentBody is a consent as the API takes it.
type ConsentBody struct {
	Mark         string `json:"mark" maxLength:"64" doc:"Of who gains and who loses, as it was read"`
	Acknowledged bool   `json:"acknowledged" doc:"Who gains and who loses has been read"`
}

// Consent is what the body says.
func (b ConsentBody) Consent() Consent { return Consent(b) }
