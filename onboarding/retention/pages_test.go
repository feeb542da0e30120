package retention

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"staffetta/api/web/component"
)

// For ever is an answer of its own: no number of years says it, and a form shows it as it was given.
func TestYearsAreReadAndShown(t *testing.T) {
	t.Parallel()
	for typed, want := range map[[2]string]int{{"sempre", ""}: 0, {"sempre", "7"}: 0, {"anni", "7"}: 7, {"anni", "0"}: -1, {"anni", ""}: -1, {"anni", "x"}: -1, {"", "0"}: -1} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(url.Values{"quanto": {typed[0]}, "anni": {typed[1]}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if got := readYears(r); got != want {
			t.Errorf("%q is read as %d, not %d", typed, got, want)
		}
	}
	for kept, want := range map[int][2]string{0: {"sempre", ""}, 9: {"anni", "9"}} {
		shown := map[string]component.Field{}
		for _, f := range termFields(httptest.NewRequest(http.MethodGet, "/", nil), Term{Kept: kept}, nil) {
			shown[f.ID] = f
		}
		if got := [2]string{shown["quanto"].Value, shown["anni"].Value}; got != want {
			t.Errorf("%d years are shown as %q", kept, got)
		}
	}
}
