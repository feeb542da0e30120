package access

import (
	"encoding/base64"
	"strings"
	"time"

	"github.com/google/uuid"
)

// PageSize is how many rows a list shows at once.
const PageSize = 50

// Cursor is the place in a list, newest first, after which the next page begins.
type Cursor struct {
	At time.Time
	ID uuid.UUID
}

// IsZero tells whether the cursor stands at the beginning.
func (c Cursor) IsZero() bool { return c.ID == uuid.Nil }

// String writes the cursor for a URL; the zero cursor is "".
func (c Cursor) String() string {
	if c.IsZero() {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(c.At.UTC().Format(time.RFC3339Nano) + "|" + c.ID.String()))
}

// ParseCursor reads a cursor; anything else is the beginning.
func ParseCursor(text string) Cursor {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Cursor{}
	}
	at, id, _ := strings.Cut(string(raw), "|")
	when, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		return Cursor{}
	}
	parsed, err := uuid.Parse(id)
	if err != nil {
		return Cursor{}
	}
	return Cursor{At: when, ID: parsed}
}

// Bounds is the cursor as the bounds of a query: the zero one is before every row.
func (c Cursor) Bounds() (time.Time, uuid.UUID) {
	if c.IsZero() {
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max
	}
	return c.At, c.ID
}
