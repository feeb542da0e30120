package release

import (
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/modules"
)

type pages struct {
	service *Service
	outlook Outlook
}

// Pages are those of practices and their kits.
func Pages(service *Service, outlook Outlook) []modules.Page { return pages{service, outlook}.list() }

func (p pages) list() []modules.Page {
	return []modules.Page{
		{Pattern: "GET /pratiche/{id}/pubblica", Permission: "practice:publish", Handle: p.showCompose},
		{Pattern: "POST /pratiche/{id}/pubblica", Permission: "practice:publish", Handle: p.compose},
		{Pattern: "GET /pratiche/{id}/pubblica/{kit}", Permission: "practice:publish", Handle: p.showCheck},
		{Pattern: "POST /pratiche/{id}/pubblica/{kit}/motiva", Permission: "practice:publish", Handle: p.justify},
		{Pattern: "POST /pratiche/{id}/pubblica/{kit}/motivazione", Permission: "practice:publish", Handle: p.confirm},
		{Pattern: "POST /pratiche/{id}/pubblica/{kit}/conferma", Permission: "practice:publish", Handle: p.publish},
	}
}

// StateTag shows a state of a practice or of a kit.
func StateTag(r *http.Request, state State) component.Tag {
	tone := map[State]component.Tone{Draft: component.Warning, InReview: component.Info, Published: component.Success}[state]
	return component.Tag{Label: modules.Say(r, "practice.state."+string(state)), Tone: tone}
}

// LacksAlert names what the sheet of a practice lacks before anybody else can read it; nil if nothing.
func LacksAlert(r *http.Request, practice Practice) *component.Alert {
	var names []string
	for _, lacking := range practice.Sheet.Lacks() {
		names = append(names, modules.Say(r, LabelKey(lacking.Name)))
	}
	if len(names) == 0 {
		return nil
	}
	return &component.Alert{Tone: component.Warning, Text: modules.Say(r, "practice.write.lacks", "names", strings.Join(names, ", "))}
}

// LabelKey is the message that names a place of a practice.
func LabelKey(name string) string { return "practice.field." + strings.ToLower(name) }
