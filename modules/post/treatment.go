package post

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// treatments are what the module does with data about people, as privacy documents tell it.
var treatments = []modules.Treatment{{
	Key: "post", Area: modules.StaffArea,
	Title:    language.Text{It: "Avvisi per posta elettronica", En: "Notices by e-mail"},
	Purpose:  "avvisare chi usa la piattaforma che qualcosa lo aspetta, senza scrivere nel messaggio nomi o dati di persone seguite",
	Bases:    []modules.Basis{modules.PublicTask},
	Laws:     "art. 12 d.lgs. 82/2005",
	People:   []string{"operatori dell’ente che hanno confermato un indirizzo"},
	Data:     []string{"indirizzo di posta elettronica, cifrato", "avvisi inviati"},
	Measures: []string{"indirizzi degli avvisi cifrati; nessun nome nei messaggi"},
	Terms:    []string{modules.AsTheAccount},
}}
