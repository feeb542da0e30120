package registry

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// treatments are what the module does with data about people, as privacy documents tell it.
var treatments = []modules.Treatment{{
	Key: "registry", Area: modules.AccessArea,
	Title:   language.Text{It: "Anagrafica delle persone e dei nuclei", En: "Registry of persons and households"},
	Purpose: "riconoscere chi si rivolge ai servizi sociali e la sua famiglia, senza chiedere più volte gli stessi dati",
	Bases:   []modules.Basis{modules.PublicTask, modules.PublicInterest},
	Laws:    "artt. 6 e 22 L. 328/2000; art. 43 D.P.R. 445/2000; art. 2-sexies, c. 2, lett. s, d.lgs. 196/2003",
	People:  []string{"chi si rivolge ai servizi sociali", "familiari, conviventi e persone di riferimento"},
	Data: []string{
		"nome, codice fiscale, data e luogo di nascita, cittadinanza", "recapiti e residenza", "composizione del nucleo e legami",
	},
	Terms: []string{"person", "contact", "case"},
}}
