package form

import (
	"encoding/base64"
	"strings"
	"time"

	"github.com/google/uuid"
)

// PageSize is how many rows of a long list a caller gets at once.
const PageSize = 50

// Place is where a row stands in a list that begins with the newest.
type Place struct {
	At time.Time
	ID uuid.UUID
}

// String is the cursor of what follows.
func (p Place) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(p.At.UTC().Format(time.RFC3339Nano) + " " + p.ID.String()))
}

// ParsePlace reads where a page begins; what is no cursor begins with the first page, of which there is no instant.
func ParsePlace(cursor string) (*time.Time, uuid.UUID) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, uuid.Nil
	}
	instant, text, _ := strings.Cut(string(raw), " ")
	at, err := time.Parse(time.RFC3339Nano, instant)
	id, errID := uuid.Parse(text)
	if err != nil || errID != nil || at.Year() < 2000 || at.Year() > 2999 {
		return nil, uuid.Nil
	}
	return &at, id
}

// Page cuts a list that was read with one row more than a page has, and gives the cursor of what follows; none after the last page.
func Page[T any](rows []T, size int, cursor func(T) string) ([]T, string) {
	if len(rows) <= size {
		return rows, ""
	}
	return rows[:size], cursor(rows[size-1])
}
