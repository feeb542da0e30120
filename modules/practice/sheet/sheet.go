// Package sheet is the parts of the public description of a practice, as they are written in a source, kept and published. It
// must hold no rule: package release says what a sheet needs.
package sheet

import "staffetta/modules/kit"

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
