package kit

import "staffetta/internal/language"

// events names what the module writes into the audit.
var events = map[string]language.Text{
	"item.compare": {It: "Ha guardato chi guadagna e chi perde con un componente", En: "Looked at who gains and who loses by an item"},
	"item.draft":   {It: "Ha salvato un componente in bozza", En: "Saved an item as a draft"},
	"item.publish": {It: "Ha pubblicato un componente", En: "Published an item"},
	"item.retire":  {It: "Ha ritirato un componente", En: "Retired an item"},
}
