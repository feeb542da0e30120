package access

import (
	"errors"

	"staffetta/internal/problem"
)

// CaseRef names a case file in a path.
type CaseRef struct {
	Case string `path:"case" maxLength:"110" pattern:"^([a-z0-9][a-z0-9_-]{1,62}~)?[0-9a-f-]{36}$" doc:"Id of the case file; body~id for one that another body shares"`
}

// WithoutReason hides a case that opens only with a reason.
func WithoutReason[A any](a *A, err error) (*A, error) {
	if errors.Is(err, ErrReason) {
		return nil, problem.Missing().Wrap(err)
	}
	return a, err
}
