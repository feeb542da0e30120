package intake

import "staffetta/internal/language"

// events names what the module writes into the audit.
var events = map[string]language.Text{
	"contact.create":      {It: "Ha registrato un accesso", En: "Registered a contact"},
	"contact.read":        {It: "Ha letto un accesso", En: "Read a contact"},
	"contact.list":        {It: "Ha visto gli accessi", En: "Listed contacts"},
	"contact.see":         {It: "Ha preso visione di un accesso", En: "Took note of a contact"},
	"contact.add":         {It: "Ha integrato un accesso", En: "Added to a contact"},
	"contact.close":       {It: "Ha concluso un accesso", En: "Closed a contact"},
	"contact.set_aside":   {It: "Ha messo da parte una proposta di presa in carico", En: "Set a proposal of taking in charge aside"},
	"contact.name_person": {It: "Ha indicato la persona di un accesso", En: "Named the person of a contact"},
	"contact.draft":       {It: "Ha salvato la bozza di un accesso", En: "Saved a draft of a contact"},
	"contact.resume":      {It: "Ha ripreso la bozza di un accesso", En: "Went on with a draft of a contact"},
	"contact.discard":     {It: "Ha scartato la bozza di un accesso", En: "Discarded a draft of a contact"},
	"contact.form_read":   {It: "Ha letto un modulo", En: "Read a form"},
	"contact.form_draft":  {It: "Ha salvato un modulo in bozza", En: "Saved a form as a draft"},
	"contact.form_carry":  {It: "Ha continuato un modulo nella versione nuova", En: "Went on with a form in its new version"},
	"contact.form_final":  {It: "Ha confermato un modulo", En: "Confirmed a form"},
}
