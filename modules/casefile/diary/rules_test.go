package diary

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
)

func faults(err error) (names []string) {
	if err == nil {
		return nil
	}
	for _, f := range problem.Of(err).Fields {
		names = append(names, f.Name+" "+f.Message.Key)
	}
	return names
}

func TestWritingCheck(t *testing.T) {
	now := time.Date(2026, time.July, 1, 23, 30, 0, 0, time.UTC) // the second of July in Rome
	day := func(d int) time.Time { return time.Date(2026, time.July, d, 0, 0, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		edit    func(*Writing)
		signing bool
		want    []string
	}{
		"whole":             {edit: func(*Writing) {}, signing: true},
		"empty draft":       {edit: func(w *Writing) { w.Body = "" }},
		"signed empty":      {edit: func(w *Writing) { w.Body = " \n" }, signing: true, want: []string{"testo web.field.required"}},
		"unknown kind":      {edit: func(w *Writing) { w.Kind = "verbale" }, want: []string{"tipo web.field.choice"}},
		"no visibility":     {edit: func(w *Writing) { w.Visibility = "" }, want: []string{"visibilita web.field.choice"}},
		"no day":            {edit: func(w *Writing) { w.HappenedOn = time.Time{} }, want: []string{"data casefile.error.day"}},
		"today in Rome":     {edit: func(w *Writing) { w.HappenedOn = day(2) }},
		"tomorrow":          {edit: func(w *Writing) { w.HappenedOn = day(3) }, want: []string{"data casefile.error.future"}},
		"longest":           {edit: func(w *Writing) { w.Body = strings.Repeat("😀", 20000) }, signing: true},
		"too long":          {edit: func(w *Writing) { w.Body = strings.Repeat("è", 20001) }, want: []string{"testo web.field.too_long"}},
		"everything at all": {edit: func(w *Writing) { *w = Writing{} }, signing: true, want: []string{"id casefile.error.id", "tipo web.field.choice", "visibilita web.field.choice", "data casefile.error.day", "testo web.field.required"}},
	} {
		w := Writing{ID: uuid.Max, Kind: "scuola", Visibility: "public", HappenedOn: day(1), Body: "Colloquio con la scuola"}
		c.edit(&w)
		kind, err := w.check(now, c.signing)
		if diff := cmp.Diff(c.want, faults(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if err == nil && kind.Section != "school" {
			t.Errorf("%s: section %s", name, kind.Section)
		}
	}
}
