package paper

import (
	"bytes"
	_ "embed" // the page
	"fmt"
	"html/template"
)

//go:embed document.html
var saved string

var savedPage = template.Must(template.New("document").Parse(saved))

// HTML writes a document as a file that opens anywhere; note says which version it is.
func HTML(d Document, note string) ([]byte, error) {
	var out bytes.Buffer
	err := savedPage.Execute(&out, struct {
		Document
		Note string
	}{d, note})
	if err != nil {
		return nil, fmt.Errorf("write a privacy document as a file: %w", err)
	}
	return out.Bytes(), nil
}
