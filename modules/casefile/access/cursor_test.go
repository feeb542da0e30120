package access_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"staffetta/modules/casefile/access"
)

func TestCursorRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "at")).UTC()
		var id uuid.UUID
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		c := access.Cursor{At: at, ID: id}
		if c.IsZero() {
			t.Skip("the beginning")
		}
		if got := access.ParseCursor(c.String()); !got.At.Equal(c.At) || got.ID != c.ID {
			t.Fatalf("%v became %v", c, got)
		}
	})
	whole := access.Cursor{At: time.Now(), ID: uuid.Max}.String()
	for _, text := range []string{"", "x", "%00", whole[:len(whole)-3], "fHw", strings.Repeat("A", 300)} {
		if got := access.ParseCursor(text); !got.IsZero() || got.String() != "" {
			t.Errorf("ParseCursor(%q) = %v", text, got)
		}
	}
}
