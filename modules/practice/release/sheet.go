package release

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/credit"
)

// Sheet is the public description of a practice in its four parts (it: scheda della buona pratica).
type Sheet struct {
	Registry        Registry        `json:"registry"`
	Characteristics Characteristics `json:"characteristics"`
	Results         Results         `json:"results"`
	Transfer        Transfer        `json:"transfer"`
	Credits         []credit.Credit `json:"credits,omitempty"` // of a published kit: nobody writes them
}

// Registry is who owns the practice, since when, with whom and where. Persons stay with the body: a published sheet has none.
type Registry struct {
	CedingBody  Body       `json:"cedingBody"`
	StartedYear int        `json:"startedYear"`
	Partners    []string   `json:"partners"`
	Area        string     `json:"area"` // ISTAT area of the services
	Targets     []kit.Text `json:"targets"`
	Territory   kit.Text   `json:"territory"`
	Project     Project    `json:"project"`
	Persons     []Contact  `json:"persons,omitempty"`
}

// Body is a municipality with its codes.
type Body struct {
	Name     string `json:"name"`
	ISTAT    string `json:"istat"`
	Belfiore string `json:"belfiore"`
}

// Project is a funded reuse of the practice. Funding is in euro.
type Project struct {
	Name    string   `json:"name"`
	From    int      `json:"from"`
	To      int      `json:"to"`
	Funding string   `json:"funding"`
	Lead    string   `json:"lead"`
	Reusing []string `json:"reusing"`
	Ceding  string   `json:"ceding"`
	Call    kit.Text `json:"call"`
}

// Contact is somebody of the body who answers for the practice.
type Contact struct {
	Role kit.Text `json:"role"`
	Name string   `json:"name"`
}

// Characteristics is what the practice does and why.
type Characteristics struct {
	Problem    kit.Text   `json:"problem"`
	Solution   kit.Text   `json:"solution"`
	Aims       []kit.Text `json:"aims"`
	Activities []kit.Text `json:"activities"`
	Innovation kit.Text   `json:"innovation"`
	Needs      []kit.Text `json:"needs"`
}

// Results is what is known of its effect, with where that knowledge stops.
type Results struct {
	Evidence   []Evidence `json:"evidence"`
	Indicators []string   `json:"indicators"` // keys of indicator items
	Figures    []Figure   `json:"figures"`
	Limits     []kit.Text `json:"limits"`
}

// Evidence is a fact or a lesson, as Kind says.
type Evidence struct {
	Key   string   `json:"key"`
	Label kit.Text `json:"label"`
	Kind  string   `json:"kind"`
}

// Figure is the value of an indicator; Demo marks one that nobody measured.
type Figure struct {
	Indicator string   `json:"indicator"`
	Value     string   `json:"value"`
	Demo      bool     `json:"demo"`
	Note      kit.Text `json:"note"`
}

// Transfer is how another body takes the practice over.
type Transfer struct {
	How        []kit.Text `json:"how"`
	Months     int        `json:"months"` // from agreement to go-live, indicative
	MonthsNote kit.Text   `json:"monthsNote"`
	Support    []string   `json:"support"` // keys of training items
	Acts       []string   `json:"acts"`
	Checklist  string     `json:"checklist"`
	Costs      string     `json:"costs"`
	Lessons    []kit.Text `json:"lessons"`
}

// ParseSheet reads a sheet. Unknown fields are an error.
func ParseSheet(raw []byte) (Sheet, error) {
	var sheet Sheet
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&sheet); err != nil {
		return Sheet{}, fmt.Errorf("read the sheet of a practice: %w", err)
	}
	return sheet, nil
}

// check notes what a sheet needs before anybody can read it.
func (s Sheet) check(wrong *problem.Fields) {
	wrong.Require("registry.cedingBody.name", strings.TrimSpace(s.Registry.CedingBody.Name))
	wrong.Require("characteristics.problem", strings.TrimSpace(s.Characteristics.Problem.IT))
	wrong.Require("characteristics.solution", strings.TrimSpace(s.Characteristics.Solution.IT))
	if len(s.Credits) > 0 {
		wrong.Add("credits", "practice.error.credits")
	}
	if len(s.Transfer.How) == 0 {
		wrong.Add("transfer.how", "web.field.required")
	}
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
