package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
