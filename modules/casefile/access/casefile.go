package access

import (
	"time"

	"github.com/google/uuid"
)

// CaseFile is the record of one person's relationship with the service (it: cartella sociale).
type CaseFile struct {
	Tenant     int32
	ID         uuid.UUID
	Number     string // per body and year, as 2026/000012
	Person     uuid.UUID
	Contact    uuid.UUID // the arrival at the access desk it began with, or uuid.Nil
	State      string    // key of a state of its workflow
	StateLabel string    // as the workflow calls it, in the body's words
	Workflow   uuid.UUID // the pinned item version, or uuid.Nil for the program's own
	Area       string
	OpenedAt   time.Time
	ClosedAt   time.Time // zero while open
	Origin     int32     // the body that handed it over, or 0
	PassedTo   int32     // the body that took it over, or 0
	Version    int
}
