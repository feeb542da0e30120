// Package sheet reads the public sheet of a service. It must not know kinds, nor where items stand.
package sheet

import (
	"fmt"
	"strings"

	"staffetta/modules/kit/part"
)

// Service is the public sheet of a service (it: scheda di servizio), with the sections of the model for municipal sites.
type Service struct {
	Summary     part.Text   `json:"summary"`
	Description part.Text   `json:"description"`
	Audience    []part.Text `json:"audience"`   // a chi è rivolto
	How         []part.Text `json:"how"`        // come fare, in steps
	Needed      []part.Text `json:"needed"`     // cosa serve
	Outcome     []part.Text `json:"outcome"`    // cosa si ottiene
	Times       []Deadline  `json:"times"`      // tempi e scadenze
	Costs       part.Text   `json:"costs"`      // quanto costa
	Access      part.Text   `json:"access"`     // accedi al servizio
	Conditions  []part.Text `json:"conditions"` // condizioni di servizio
	Contacts    part.Text   `json:"contacts"`
	Laws        []string    `json:"laws,omitempty"`
	Codings     Codings     `json:"codings"`
	Form        string      `json:"form,omitempty"`
	Workflow    string      `json:"workflow,omitempty"`
	Assessments []string    `json:"assessments,omitempty"`
	Related     []string    `json:"related,omitempty"` // keys of other services
}

// Deadline is a time the reader should know. Days is 0 when the text alone tells it.
type Deadline struct {
	Label   part.Text `json:"label"`
	Days    int       `json:"days,omitempty"`
	Working bool      `json:"working,omitempty"`
	Text    part.Text `json:"text"`
}

// Codings are the three classifications of a service, which do not map one to one.
type Codings struct {
	Local string   `json:"local"`
	SIUSS string   `json:"siuss,omitempty"` // CodicePrestazione; none for services that only inform
	ISTAT []string `json:"istat"`
}

// Parse reads the content of a service item. Unknown fields are an error.
func Parse(content []byte) (*Service, error) {
	service := &Service{}
	if err := part.Decode(content, service); err != nil {
		return nil, fmt.Errorf("read service: %w", err)
	}
	return service, nil
}

// Validate tells what is wrong with a service sheet beyond its schema: parts left blank, areas named twice.
func Validate(content []byte) []part.Fault {
	service, err := Parse(content)
	if err != nil {
		return part.Unreadable(err)
	}
	var faults []part.Fault
	for path, texts := range service.lists() {
		for at, text := range texts {
			if strings.TrimSpace(text.IT) == "" {
				faults = append(faults, part.Wrong(fmt.Sprintf("%s[%d]", path, at), "kit.content.blank"))
			}
		}
	}
	faults = append(faults, part.Repeated("codings.istat", service.Codings.ISTAT, func(area string) string { return area })...)
	return part.Sort(faults)
}

func (s *Service) lists() map[string][]part.Text {
	return map[string][]part.Text{
		"summary": {s.Summary}, "description": {s.Description}, "costs": {s.Costs}, "access": {s.Access}, "contacts": {s.Contacts},
		"audience": s.Audience, "how": s.How, "needed": s.Needed, "outcome": s.Outcome, "conditions": s.Conditions,
	}
}
