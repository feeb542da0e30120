package casefile

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// treatments are what the module does with data about people, as privacy documents tell it.
var treatments = []modules.Treatment{{
	Key: "casefile", Area: modules.CareArea,
	Title:   language.Text{It: "Cartella sociale e presa in carico", En: "Case file and taking in charge"},
	Purpose: "seguire la persona nel percorso con i servizi: diario, documenti, provvedimenti, progetto e interventi",
	Bases:   []modules.Basis{modules.PublicTask, modules.SocialLaw, modules.PublicInterest, modules.Care, modules.CourtData},
	Laws:    "artt. 6, 14, 16 e 22 L. 328/2000; art. 1, cc. 159-171, L. 234/2021; L. 241/1990; art. 2-sexies, c. 2, lett. s, e art. 2-octies d.lgs. 196/2003",
	People:  []string{"persone prese in carico, anche minori", "familiari, tutori, amministratori di sostegno"},
	Data: []string{
		"situazione familiare, abitativa, economica, lavorativa e scolastica", "salute e disabilità", "provvedimenti dell’autorità giudiziaria, in una sezione separata",
		"annotazioni professionali, coperte dal segreto (L. 119/2001)",
	},
	Measures: []string{
		"dentro l’ente ognuno vede le sezioni del suo ruolo e le cartelle assegnate; una cartella altrui si apre solo con un motivo, e il coordinatore lo sa",
		"dati sanitari e giudiziari in sezioni separate",
	},
	Recipients: []string{"autorità giudiziaria, nei casi di legge", "INPS e Ministero del lavoro, per i flussi previsti (art. 24 d.lgs. 147/2017)"},
	Terms:      []string{"case", "notice"},
}}
