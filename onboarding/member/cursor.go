package member

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"
)

// cursor is a place among who holds which role: it stands there also when the role has been taken back meanwhile.
type cursor struct {
	Name    string    `json:"n"`
	Account uuid.UUID `json:"a"`
	From    string    `json:"f"`
	Role    string    `json:"r"`
	ID      uuid.UUID `json:"i"`
}

// start is before every holding.
var start = cursor{From: "0001-01-01"}

func cursorOf(h Holding) cursor {
	return cursor{h.Name, h.Account, h.From.Format(time.DateOnly), h.Role, h.ID}
}

// String writes the cursor for a URL.
func (c cursor) String() string {
	raw, _ := json.Marshal(c) // texts and ids always can be written
	return base64.RawURLEncoding.EncodeToString(raw)
}

// parseCursor reads a cursor; anything else is the beginning.
func parseCursor(text string) cursor {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return start
	}
	var c cursor
	if err := json.Unmarshal(raw, &c); err != nil {
		return start
	}
	if _, err := time.Parse(time.DateOnly, c.From); err != nil || strings.ContainsRune(c.Name+c.Role, 0) {
		return start
	}
	return c
}
