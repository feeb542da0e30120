package taxcode

import "fmt"

// Reason says why a text is not a tax code; it is a stable word that a message in any language can be chosen by.
type Reason string

// The reasons.
const (
	WrongLength    Reason = "length"
	WrongCharacter Reason = "character"
	WrongCheck     Reason = "check"
	ImpossibleDate Reason = "date"
)

// Error says why a text is not a tax code. It never holds the text, which is personal data.
type Error struct {
	Reason Reason
	// Position counts from 1 without the spaces; zero for a wrong length.
	Position int
}

// Error is for logs; people read a message chosen by Reason.
func (e *Error) Error() string {
	switch e.Reason {
	case WrongLength:
		return "tax code has neither 16 nor 11 characters"
	case WrongCharacter:
		return fmt.Sprintf("tax code has a wrong character at position %d", e.Position)
	case WrongCheck:
		return "tax code has a wrong check character"
	default:
		return "tax code has an impossible date of birth"
	}
}
