package kit

import (
	"encoding/json"
	"fmt"
	"strings"

	"staffetta/modules/kit/part"
)

// Service is the public sheet of a service (it: scheda di servizio), with the sections of the model for municipal sites.
type Service struct {
	Summary     Text       `json:"summary"`
	Description Text       `json:"description"`
	Audience    []Text     `json:"audience"`   // a chi è rivolto
	How         []Text     `json:"how"`        // come fare, in steps
	Needed      []Text     `json:"needed"`     // cosa serve
	Outcome     []Text     `json:"outcome"`    // cosa si ottiene
	Times       []Deadline `json:"times"`      // tempi e scadenze
	Costs       Text       `json:"costs"`      // quanto costa
	Access      Text       `json:"access"`     // accedi al servizio
	Conditions  []Text     `json:"conditions"` // condizioni di servizio
	Contacts    Text       `json:"contacts"`
	Laws        []string   `json:"laws,omitempty"`
	Codings     Codings    `json:"codings"`
	Form        string     `json:"form,omitempty"`
	Workflow    string     `json:"workflow,omitempty"`
	Assessments []string   `json:"assessments,omitempty"`
	Related     []string   `json:"related,omitempty"` // keys of other services
}

// Deadline is a time the reader should know. Days is 0 when the text alone tells it.
type Deadline struct {
	Label   Text `json:"label"`
	Days    int  `json:"days,omitempty"`
	Working bool `json:"working,omitempty"`
	Text    Text `json:"text"`
}

// Codings are the three classifications of a service, which do not map one to one.
type Codings struct {
	Local string   `json:"local"`
	SIUSS string   `json:"siuss,omitempty"` // CodicePrestazione; none for services that only inform
	ISTAT []string `json:"istat"`
}

// ParseService reads the content of a service item. Unknown fields are an error.
func ParseService(content []byte) (*Service, error) {
	service := &Service{}
	if err := part.Decode(content, service); err != nil {
		return nil, fmt.Errorf("read service: %w", err)
	}
	return service, nil
}

// ValidateService tells what is wrong with a service sheet beyond its schema: parts left blank, areas named twice.
func ValidateService(content []byte) []Fault {
	service, err := ParseService(content)
	if err != nil {
		return part.Unreadable(err)
	}
	var faults []Fault
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

func (s *Service) lists() map[string][]Text {
	return map[string][]Text{
		"summary": {s.Summary}, "description": {s.Description}, "costs": {s.Costs}, "access": {s.Access}, "contacts": {s.Contacts},
		"audience": s.Audience, "how": s.How, "needed": s.Needed, "outcome": s.Outcome, "conditions": s.Conditions,
	}
}

// ValidateKeyed sees that the lists of a content do not repeat a key; it serves the kinds without other rules.
func ValidateKeyed(content []byte) []Fault {
	var lists map[string]json.RawMessage
	if err := json.Unmarshal(content, &lists); err != nil {
		return part.Unreadable(err)
	}
	var faults []Fault
	for name, raw := range lists {
		var entries []struct {
			Key string `json:"key"`
		}
		if json.Unmarshal(raw, &entries) != nil {
			continue // not a list of keyed entries
		}
		for _, f := range part.Repeated(name, entries, func(e struct {
			Key string `json:"key"`
		},
		) string {
			return e.Key
		}) {
			if f.Params["key"] != "" {
				faults = append(faults, f)
			}
		}
	}
	return part.Sort(faults)
}
