// Package paper writes the privacy documents of a body from what is configured, in Italian, and tells what is different between two of
// them. It reads no data and keeps none.
package paper

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"staffetta/internal/language"
)

// Kind is which of the documents one is.
type Kind string

// The kinds of documents, in the order in which a body writes them.
const (
	Notice     Kind = "notice"     // artt. 13 and 14 GDPR (it: informativa)
	Register   Kind = "register"   // art. 30 (it: registro dei trattamenti)
	Joint      Kind = "joint"      // art. 26
	Contract   Kind = "processor"  // art. 28
	Assessment Kind = "assessment" // art. 35 (it: valutazione d'impatto)
)

// Kinds lists the kinds.
var Kinds = []Kind{Notice, Register, Contract, Joint, Assessment}

// IsKind tells whether there is such a kind of documents.
func (k Kind) IsKind() bool { return slices.Contains(Kinds, k) }

// Document is one of the documents in full. Its texts are Italian.
type Document struct {
	Title    string    `json:"title"`
	Chapters []Chapter `json:"chapters"`
}

// Chapter is a part of a document that can stand alone, as the notice about one area.
type Chapter struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Parts []Part `json:"parts"`
}

// Part is some paragraphs, then facts, then a list, under one title.
type Part struct {
	Title string   `json:"title,omitempty"`
	Text  []string `json:"text,omitempty"`
	Facts []Fact   `json:"facts,omitempty"`
	List  []string `json:"list,omitempty"`
}

// Fact is a label with what is so.
type Fact struct {
	Label  string   `json:"label"`
	Values []string `json:"values"`
}

// Chapter returns one chapter by its id.
func (d Document) Chapter(id string) (Chapter, bool) {
	at := slices.IndexFunc(d.Chapters, func(c Chapter) bool { return c.ID == id })
	if at < 0 {
		return Chapter{}, false
	}
	return d.Chapters[at], true
}

// Encode writes the document as it is kept, with its SHA-256.
func (d Document) Encode() (content, sum string, err error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return "", "", fmt.Errorf("write a privacy document: %w", err)
	}
	digest := sha256.Sum256(raw)
	return string(raw), hex.EncodeToString(digest[:]), nil
}

// Decode reads what Encode wrote.
func Decode(content string) (d Document, err error) {
	if err = json.Unmarshal([]byte(content), &d); err != nil {
		return d, fmt.Errorf("read a privacy document: %w", err)
	}
	return d, nil
}

// Change is what is different in one chapter of a document from another one.
type Change struct {
	Chapter string // its title
	Gone    []string
	New     []string
}

// Compare lists what is different between two documents, chapter by chapter in the order of the second; none for the same words.
func Compare(was, is Document) (changes []Change) {
	for _, c := range is.Chapters {
		before, _ := was.Chapter(c.ID)
		add(&changes, c.Title, before.Lines(), c.Lines())
	}
	for _, c := range was.Chapters {
		if _, stays := is.Chapter(c.ID); !stays {
			add(&changes, c.Title, c.Lines(), nil)
		}
	}
	return changes
}

func add(changes *[]Change, title string, was, is []string) {
	c := Change{Chapter: title, Gone: without(was, is), New: without(is, was)}
	if len(c.Gone)+len(c.New) > 0 {
		*changes = append(*changes, c)
	}
}

// without lists the lines that are not among others, each once.
func without(lines, others []string) (left []string) {
	for _, line := range lines {
		if !slices.Contains(others, line) && !slices.Contains(left, line) {
			left = append(left, line)
		}
	}
	return left
}

// Lines are the words of a chapter, one statement a line.
func (c Chapter) Lines() []string {
	all := []string{c.Title}
	for _, p := range c.Parts {
		if p.Title != "" {
			all = append(all, p.Title)
		}
		all = append(all, p.Text...)
		for _, f := range p.Facts {
			for _, value := range f.Values {
				all = append(all, f.Label+": "+value)
			}
		}
		all = append(all, p.List...)
	}
	return all
}

// Draft is a document as it would be published now.
type Draft struct {
	Document
	Missing []language.Message // what a person has to say first
}
