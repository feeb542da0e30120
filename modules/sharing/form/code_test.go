package form_test

import (
	"testing"

	"staffetta/modules/sharing/form"
)

// A code of the right length is not said to be too short.
func TestWhatIsWrongWithACode(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"RSSMRA80A01H501U": "", "rssmra80a01 h501u": "", "RSSMRA80A01H501X": "sharing.error.tax_code_mistaken", "RSSMRA80": "sharing.error.tax_code", "": "sharing.error.tax_code",
	} {
		if got := form.CodeFault(code); got != want {
			t.Errorf("%q: %q, not %q", code, got, want)
		}
	}
}
