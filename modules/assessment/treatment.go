package assessment

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// treatments are what the module does with data about people, as privacy documents tell it.
var treatments = []modules.Treatment{{
	Key: "assessment", Area: modules.CareArea,
	Title:      language.Text{It: "Valutazione del bisogno", En: "Assessment of needs"},
	Purpose:    "valutare autonomia, salute e sostegni con strumenti riconosciuti; il punteggio aiuta chi decide e non decide da solo",
	Bases:      []modules.Basis{modules.PublicTask, modules.PublicInterest, modules.Care},
	Laws:       "artt. 14 e 16 L. 328/2000; art. 5 d.lgs. 147/2017; d.lgs. 62/2024; art. 2-sexies, c. 2, lett. s, d.lgs. 196/2003",
	People:     []string{"persone prese in carico"},
	Data:       []string{"risposte ai questionari e punteggi", "autonomia nella vita quotidiana, salute, profilo di funzionamento"},
	Recipients: []string{"unità di valutazione multidimensionale, quando interviene"},
	Terms:      []string{"case"},
}}
