package kit

import (
	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/language"
)

// Wording is a bilingual text as the API takes and gives it.
type Wording struct {
	It string `json:"it" minLength:"1" maxLength:"20000" doc:"Italian"`
	En string `json:"en,omitempty" maxLength:"20000" doc:"English, where somebody wrote it"`
}

// WordingOf is a text for the API.
func WordingOf(t language.Text) Wording { return Wording(t) }

// Text is the wording inside the program.
func (w Wording) Text() language.Text { return language.Text(w) }

// Term is a short text in a list of the API: a key, a name, a citation.
type Term string

// Schema bounds the text.
func (Term) Schema(huma.Registry) *huma.Schema {
	most := 500
	return &huma.Schema{Type: huma.TypeString, MaxLength: &most}
}

// Terms are texts for the API; the list is never null.
func Terms(texts []string) []Term {
	list := make([]Term, len(texts))
	for i, text := range texts {
		list[i] = Term(text)
	}
	return list
}
