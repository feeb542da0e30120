// Package deed reads templates of administrative acts. It must not know kinds, nor where items stand.
package deed

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"staffetta/modules/kit/part"
)

// Act is the template of an administrative act (it: schema di atto): a text with named places to fill in.
type Act struct {
	Type     string      `json:"type"` // agreement, resolution, determination, regulation, notice, appointment, assessment, information
	Adopter  part.Text   `json:"adopter"`
	Purpose  part.Text   `json:"purpose"`
	Laws     []string    `json:"laws"`
	Fields   []ActField  `json:"fields"`
	Parts    []ActPart   `json:"parts"`
	Attached []string    `json:"attached,omitempty"` // keys of items that go with it
	Publish  Publish     `json:"publish"`
	Warnings []part.Text `json:"warnings,omitempty"`
}

// ActField is a place to fill in, written {{key}} in the text.
type ActField struct {
	Key      string     `json:"key"`
	Label    part.Text  `json:"label"`
	Type     string     `json:"type"` // text, longtext, date, number, money, list
	Help     *part.Text `json:"help,omitempty"`
	Optional bool       `json:"optional,omitempty"`
}

// ActPart is a headed piece of the text.
type ActPart struct {
	Key     string    `json:"key"`
	Heading part.Text `json:"heading"`
	Text    part.Text `json:"text"`
}

// Publish says where the act is made public, and what must be left out there.
type Publish struct {
	Register bool       `json:"register"` // albo pretorio
	Note     *part.Text `json:"note,omitempty"`
}

var placePattern = regexp.MustCompile(`\{\{([^{}]*)\}\}`)

// Parse reads the content of an act item. Unknown fields are an error.
func Parse(content []byte) (*Act, error) {
	act := &Act{}
	if err := part.Decode(content, act); err != nil {
		return nil, fmt.Errorf("read act: %w", err)
	}
	return act, nil
}

// Fill writes the values into a text of the act. A place without a value stays as a row of dots with its label, so
// that a draft can be printed and nobody takes it for finished; its key is in the list returned.
func (a *Act) Fill(text string, values map[string]string) (string, []string) {
	var open []string
	filled := placePattern.ReplaceAllStringFunc(text, func(place string) string {
		key := strings.Trim(place, "{}")
		if value := strings.TrimSpace(values[key]); value != "" {
			return value
		}
		if !slices.Contains(open, key) {
			open = append(open, key)
		}
		return "……… [" + a.label(key) + "]"
	})
	return filled, open
}

func (a *Act) label(key string) string {
	at := slices.IndexFunc(a.Fields, func(f ActField) bool { return f.Key == key })
	if at < 0 {
		return key
	}
	return a.Fields[at].Label.IT
}

// Validate tells what is wrong with an act: places without a field, fields without a place.
func Validate(content []byte) []part.Fault {
	act, err := Parse(content)
	if err != nil {
		return part.Unreadable(err)
	}
	faults := part.Repeated("fields", act.Fields, func(f ActField) string { return f.Key })
	faults = append(faults, part.Repeated("parts", act.Parts, func(p ActPart) string { return p.Key })...)
	declared, used := map[string]bool{}, map[string]bool{}
	for _, field := range act.Fields {
		declared[field.Key] = true
	}
	for _, piece := range act.Parts {
		for _, text := range []string{piece.Heading.IT, piece.Text.IT, piece.Text.EN} {
			for _, place := range placePattern.FindAllStringSubmatch(text, -1) {
				used[place[1]] = true
				faults = append(faults, part.NotAmong(fmt.Sprintf("parts[%s].text", piece.Key), declared, place[1])...)
			}
		}
	}
	for _, field := range act.Fields {
		if !used[field.Key] {
			faults = append(faults, part.Wrong(fmt.Sprintf("fields[%s]", field.Key), "kit.content.unused", "key", field.Key))
		}
	}
	return faults
}
