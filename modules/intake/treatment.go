package intake

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// treatments are what the module does with data about people, as privacy documents tell it.
var treatments = []modules.Treatment{{
	Key: "intake", Area: modules.AccessArea,
	Title:   language.Text{It: "Sportello di accesso e segnalazioni", En: "Access desk and referrals"},
	Purpose: "ascoltare la richiesta, orientare ai servizi e decidere se serve una presa in carico",
	Bases:   []modules.Basis{modules.PublicTask, modules.PublicInterest, modules.Care},
	Laws:    "art. 22, c. 4, lett. a, L. 328/2000; art. 2-sexies, c. 2, lett. s, d.lgs. 196/2003",
	People:  []string{"chi chiede aiuto o informazioni", "persone segnalate da altri", "chi segnala e persone di riferimento"},
	Data: []string{
		"richiesta, bisogni ed esito del colloquio", "condizioni di salute, economiche e familiari che la persona racconta o che risultano dai documenti",
	},
	Recipients: []string{"altri servizi dell’ente ai quali la persona è orientata"},
	Terms:      []string{"contact", "draft", "case"},
}}
