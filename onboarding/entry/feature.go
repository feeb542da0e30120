package entry

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// ModuleID is the name of the module that this package is of.
const ModuleID modules.ID = "onboarding"

// Feature is the entry of a body.
func Feature() modules.Feature {
	return modules.Feature{
		Records: []modules.Record{
			{Table: "onboarding.entries", Handover: modules.Stay, File: "deed_sha256"},
			{Table: "onboarding.entry_people", Handover: modules.Stay},
			{Table: "onboarding.entry_codes", Handover: modules.Stay},
			{Table: "onboarding.users", Handover: modules.Stay, Bytes: modules.Bytes{Left: []string{"code_sealed", "code_token"}}}, // empty, and dropped in the next release
		},
		Events: map[string]language.Text{
			"entry.create":        {It: "Ha iniziato l’attivazione di un ente", En: "Began the entry of a body"},
			"entry.update":        {It: "Ha salvato un passo dell’attivazione", En: "Saved a step of an entry"},
			"entry.move":          {It: "Ha avviato o riaperto un’attivazione", En: "Began to make the body of an entry, or opened it again"},
			"entry.code":          {It: "Ha fatto inviare il codice alla PEC dell’ente", En: "Had the code sent to the certified mail of a body"},
			"entry.confirm":       {It: "Ha confermato i poteri del referente", En: "Confirmed the powers of a contact"},
			"entry.ask_review":    {It: "Ha chiesto la verifica di un’attivazione", En: "Asked the platform to look at an entry"},
			"entry.refuse":        {It: "Ha provato quello che non gli è permesso in un’attivazione", En: "Tried what is not allowed in an entry"},
			"entry.add_person":    {It: "Ha aggiunto una persona all’attivazione", En: "Added a person to an entry"},
			"entry.remove_person": {It: "Ha tolto una persona dall’attivazione", En: "Removed a person from an entry"},
			"entry.leave":         {It: "Ha lasciato l’attivazione", En: "Left an entry"},
			"entry.activate":      {It: "Ha dimostrato i poteri e creato un ente", En: "Proved control and made a body"},
			"body.activate":       {It: "Ha creato questo ente", En: "Made this body"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: pages{v}.list(), Operations: operations{v}.list()}
		},
	}
}
