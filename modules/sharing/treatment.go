package sharing

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// treatments are what the module does with data about people, as privacy documents tell it.
var treatments = []modules.Treatment{{
	Key: "sharing", Area: modules.NetworkArea,
	Title:    language.Text{It: "Condivisione di cartelle con altri enti", En: "Sharing of case files with other bodies"},
	Purpose:  "lavorare con altri enti sulla stessa persona, passare una presa in carico o chiedere un intervento, solo sotto un accordo firmato e per le sezioni che servono",
	Bases:    []modules.Basis{modules.PublicTask, modules.PublicInterest, modules.Care, modules.CourtData},
	Laws:     "art. 15 L. 241/1990; artt. 8 e 19 L. 328/2000; artt. 2-ter, 2-sexies e 2-octies d.lgs. 196/2003",
	People:   []string{"persone la cui cartella è condivisa"},
	Data:     []string{"le sole sezioni della cartella previste dall’accordo e scelte da chi condivide", "motivo, durata e destinatario della condivisione"},
	Measures: []string{"condivisione con altri enti solo sotto accordo firmato, per sezioni, a termine e revocabile"},
	Terms:    []string{"case", modules.AsTheTrace},
}}
