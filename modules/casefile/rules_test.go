package casefile

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

func TestUploadCheck(t *testing.T) {
	for name, c := range map[string]struct {
		u    Upload
		want []string
	}{
		"a PDF":               {Upload{FileName: "relazione.PDF", Sniffed: "application/pdf", Content: []byte("%PDF")}, nil},
		"a text":              {Upload{FileName: "elenco.csv", Sniffed: "text/plain; charset=utf-8", Content: []byte("a;b")}, nil},
		"an office document":  {Upload{FileName: "piano.docx", Sniffed: "application/zip", Content: []byte("PK")}, nil},
		"an image as PDF":     {Upload{FileName: "foto.pdf", Sniffed: "image/png", Content: []byte("x")}, []string{"file casefile.error.file_type"}},
		"a page as text":      {Upload{FileName: "pagina.txt", Sniffed: "text/html; charset=utf-8", Content: []byte("<html>")}, []string{"file casefile.error.file_type"}},
		"a program":           {Upload{FileName: "setup.exe", Sniffed: "application/octet-stream", Content: []byte("MZ")}, []string{"file casefile.error.file_type"}},
		"an archive":          {Upload{FileName: "tutto.zip", Sniffed: "application/zip", Content: []byte("PK")}, []string{"file casefile.error.file_type"}},
		"nothing":             {Upload{FileName: "vuoto.txt", Sniffed: "text/plain"}, []string{"file casefile.error.file_empty"}},
		"largest":             {Upload{FileName: "a.txt", Sniffed: "text/plain", Content: make([]byte, MaxDocument)}, nil},
		"too large":           {Upload{FileName: "a.txt", Sniffed: "text/plain", Content: make([]byte, MaxDocument+1)}, []string{"file casefile.error.file_large"}},
		"title and section":   {Upload{FileName: "a.txt", Sniffed: "text/plain", Content: []byte("a"), Section: "identity", Title: strings.Repeat("è", 201)}, []string{"sezione web.field.choice", "titolo web.field.too_long"}},
		"no ending":           {Upload{FileName: "relazione", Sniffed: "application/pdf", Content: []byte("%PDF")}, []string{"file casefile.error.file_type"}},
		"an ending in a path": {Upload{FileName: "a.pdf/b", Sniffed: "application/pdf", Content: []byte("%PDF")}, []string{"file casefile.error.file_type"}},
	} {
		if diff := cmp.Diff(c.want, faults(c.u.check())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestBaseName(t *testing.T) {
	for sent, want := range map[string]string{
		"relazione.pdf":                   "relazione.pdf",
		"../../etc/passwd.txt":            "passwd.txt",
		`C:\Documenti\perché 😀.pdf`:       "perché 😀.pdf",
		"a\r\nSet-Cookie: x.pdf":          "a__Set-Cookie_ x.pdf",
		"a\x00b\x7f.txt":                  "a_b_.txt",
		"broken\xff.txt":                  "broken\uFFFD.txt",
		`"<script>".pdf`:                  "__script__.pdf",
		strings.Repeat("è", 200) + ".pdf": strings.Repeat("è", 116) + ".pdf",
	} {
		if got := baseName(sent); got != want {
			t.Errorf("baseName(%q) = %q, want %q", sent, got, want)
		}
	}
}
