package guide

import "staffetta/internal/language"

// events names what the module writes into the audit.
var events = map[string]language.Text{
	"guide.show": {It: "Ha mostrato servizi nella guida", En: "Showed services in the guide"},
	"guide.hide": {It: "Ha tolto servizi dalla guida", En: "Took services off the guide"},
}
