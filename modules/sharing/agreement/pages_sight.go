package agreement

import (
	"net/http"
	"strings"

	"staffetta/modules"
	"staffetta/modules/sharing/form"
)

// effectTexts says the effects on the page that asks for confirmation.
func (p *pages) effectTexts(r *http.Request, effects []Effect) []string {
	var lines []string
	for _, e := range effects {
		key := "sharing.agreement.effect.loses"
		if e.Gained {
			key = "sharing.agreement.effect.gains"
		}
		bodies := p.service.deps.Bodies
		sections := e.Reads // who no longer reads no longer writes either
		if len(sections) == 0 {
			sections = e.Writes
		}
		lines = append(lines, modules.Say(r, key, "who", bodies.Name(e.To), "owner", bodies.Name(e.From), "n", e.Cases,
			"sections", strings.Join(form.Sections(r, sections), ", ")))
	}
	return lines
}
