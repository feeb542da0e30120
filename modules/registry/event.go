package registry

import "staffetta/internal/language"

// events names what the module writes into the audit.
var events = map[string]language.Text{
	"person.create":        {It: "Ha registrato una persona", En: "Registered a person"},
	"person.read":          {It: "Ha letto i dati di una persona", En: "Read a person's data"},
	"person.update":        {It: "Ha modificato i dati di una persona", En: "Changed a person's data"},
	"person.list":          {It: "Ha cercato tra le persone", En: "Searched the persons"},
	"person.duplicates":    {It: "Ha confrontato con le persone registrate", En: "Compared with the registered persons"},
	"contacts.update":      {It: "Ha modificato i recapiti", En: "Changed contact details"},
	"household.create":     {It: "Ha registrato un nucleo", En: "Registered a household"},
	"household.read":       {It: "Ha letto un nucleo", En: "Read a household"},
	"household.add_member": {It: "Ha aggiunto un componente al nucleo", En: "Added a member to a household"},
	"household.end_member": {It: "Ha tolto un componente dal nucleo", En: "Ended a member of a household"},
}
