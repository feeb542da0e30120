package paper

import (
	"net/mail"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
)

// Sheet is what a body says of itself in its privacy documents, besides its name and contacts, which it says elsewhere.
type Sheet struct {
	Version    int // 0 until somebody saves it
	DPO        Officer
	Provider   Provider
	Processors []Processor
	Judgement  Judgement
}

// Officer is the data protection officer (it: responsabile della protezione dei dati), a person or a company.
type Officer struct{ Name, Email, Phone string }

// Provider is who runs the deployment for the body (art. 28 GDPR).
type Provider struct{ Name, Contact, Act string }

// Processor is who else treats data on behalf of the body (it: responsabile del trattamento).
type Processor struct {
	Name string `json:"name"`
	Task string `json:"task"`
	Act  string `json:"act"`
}

// Judgement is what of the impact assessment no program can write.
type Judgement struct{ Need, Risks, Views, Decision string }

// maxProcessors is how many other processors a body names at most.
const maxProcessors = 40

// Proposed is what the sheet would say by what the program knows: its members, the platform.
func (f Facts) Proposed() Sheet {
	var sheet Sheet
	if len(f.Officers) > 0 {
		sheet.DPO.Name = f.Officers[0].Name
	}
	sheet.Provider.Name = f.Platform.Name
	for _, contact := range []string{f.Platform.Profile.Address, f.Platform.PEC, f.Platform.Profile.Email} {
		if contact != "" {
			sheet.Provider.Contact = strings.TrimPrefix(sheet.Provider.Contact+", "+contact, ", ")
		}
	}
	return sheet
}

// Check tidies what was written; the error carries every field at fault.
func (s *Sheet) Check() error {
	var wrong problem.Fields
	for _, field := range []struct {
		name  string
		text  *string
		max   int
		lines bool
	}{
		{"rpd", &s.DPO.Name, 200, false},
		{"rpd_email", &s.DPO.Email, 254, false},
		{"rpd_telefono", &s.DPO.Phone, 40, false},
		{"gestore", &s.Provider.Name, 200, false},
		{"gestore_recapiti", &s.Provider.Contact, 300, false},
		{"gestore_atto", &s.Provider.Act, 300, false},
		{"necessita", &s.Judgement.Need, 5000, true},
		{"rischi", &s.Judgement.Risks, 5000, true},
		{"pareri", &s.Judgement.Views, 5000, true},
		{"decisione", &s.Judgement.Decision, 5000, true},
	} {
		*field.text = strings.TrimSpace(*field.text)
		wrong.MaxLength(field.name, *field.text, field.max)
		if _, hidden := language.Unseen(*field.text, field.lines); hidden {
			wrong.Add(field.name, "web.field.characters")
		}
	}
	if s.DPO.Email != "" && !isAddress(s.DPO.Email) {
		wrong.Add("rpd_email", "onboarding.privacy.error.email")
	}
	if strings.Trim(s.DPO.Phone, "0123456789 +-/().") != "" {
		wrong.Add("rpd_telefono", "onboarding.privacy.error.phone")
	}
	s.checkProcessors(&wrong)
	return wrong.Err()
}

func (s *Sheet) checkProcessors(wrong *problem.Fields) {
	if len(s.Processors) > maxProcessors {
		wrong.Add("responsabili", "onboarding.privacy.error.many", "max", maxProcessors)
	}
	for _, p := range s.Processors {
		if p.Name == "" || p.Task == "" {
			wrong.Add("responsabili", "onboarding.privacy.error.processor")
		}
		for _, text := range []string{p.Name, p.Task, p.Act} {
			wrong.MaxLength("responsabili", text, 300)
			wrong.Legible("responsabili", text)
		}
	}
}

func isAddress(text string) bool {
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text
}

// Lines writes processors as people type them, one a line: name; task; act.
func Lines(all []Processor) string {
	var lines []string
	for _, p := range all {
		lines = append(lines, strings.TrimRight(strings.Join([]string{p.Name, p.Task, p.Act}, "; "), "; "))
	}
	return strings.Join(lines, "\n")
}

// ParseLines reads what Lines writes.
func ParseLines(text string) (all []Processor) {
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		parts := strings.SplitN(line, ";", 3)
		for len(parts) < 3 {
			parts = append(parts, "")
		}
		all = append(all, Processor{strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1]), strings.TrimSpace(parts[2])})
	}
	return all
}
