package agreement

import (
	"net/http"

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
		lines = append(lines, modules.Say(r, key, "who", bodies.Name(e.To), "owner", bodies.Name(e.From), "n", e.Cases,
			"sections", join(form.Sections(r, e.Reads), form.Sections(r, e.Writes))))
	}
	return lines
}

func join(reads, writes []string) string {
	text := ""
	for i, label := range append(reads, writes...) {
		if i > 0 {
			text += ", "
		}
		text += label
	}
	return text
}
