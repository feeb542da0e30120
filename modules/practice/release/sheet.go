package release

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/credit"
	"staffetta/modules/practice/sheet"
)

// Sheet is the public description of a practice in its four parts (it: scheda della buona pratica).
type Sheet struct {
	Registry        sheet.Registry        `json:"registry"`
	Characteristics sheet.Characteristics `json:"characteristics"`
	Results         sheet.Results         `json:"results"`
	Transfer        sheet.Transfer        `json:"transfer"`
	Credits         []credit.Credit       `json:"credits,omitempty"` // of a published kit: nobody writes them
}

// ParseSheet reads a sheet. Unknown fields are an error.
func ParseSheet(raw []byte) (Sheet, error) {
	var read Sheet
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&read); err != nil {
		return Sheet{}, fmt.Errorf("read the sheet of a practice: %w", err)
	}
	return read, nil
}

// Lacks are the places that a sheet needs before anybody else can read it.
func (s Sheet) Lacks() problem.Fields {
	var wrong problem.Fields
	wrong.Require("registry.cedingBody.name", strings.TrimSpace(s.Registry.CedingBody.Name))
	wrong.Require("characteristics.problem", strings.TrimSpace(s.Characteristics.Problem.IT))
	wrong.Require("characteristics.solution", strings.TrimSpace(s.Characteristics.Solution.IT))
	if len(s.Transfer.How) == 0 {
		wrong.Add("transfer.how", "web.field.required")
	}
	return wrong
}

// Public is the canonical text of the sheet without persons, as it is published.
func (s Sheet) Public() ([]byte, error) {
	s.Registry.Persons = nil
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write the sheet of a practice: %w", err)
	}
	return kit.Canonical(raw)
}
