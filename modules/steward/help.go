package steward

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves. It stands here and not in the packages: the manual is read from top to
// bottom, in an order that is not theirs.
var help = []modules.Topic{
	{At: "/piattaforma/enti", Title: language.Text{It: "Enti", En: "Bodies"}, Text: language.Text{
		It: "In che stato è ogni ente, che cosa usa e quanto. Delle persone qui non si vede nulla.",
		En: "How each body stands, what it uses and how much. Nothing of people is seen here.",
	}},
	{At: "/piattaforma/code", Title: language.Text{It: "Code", En: "Queues"}, Text: language.Text{
		It: "I lavori in attesa, in corso e non riusciti. Fermare una coda o un lavoro chiede un motivo.",
		En: "Jobs that wait, run or failed. Stopping a queue or a job asks for a reason.",
	}},
	{At: "/piattaforma/versioni", Title: language.Text{It: "Versioni", En: "Versions"}, Text: language.Text{
		It: "Che versione gira, fin dove sono le migrazioni e quanti enti usano ogni modulo.",
		En: "Which version runs, how far migrations are, and how many bodies use each module.",
	}},
	{At: "/piattaforma/supporto", Title: language.Text{It: "Accessi di assistenza", En: "Support access"}, Text: language.Text{
		It: "Chiedi a un ente di vedere la sua configurazione, al massimo otto ore. Le persone seguite non si vedono mai.",
		En: "Ask a body to see its configuration, for eight hours at most. The people it follows are never seen.",
	}},
	{At: "/console/assistenza", Title: language.Text{It: "Assistenza", En: "Support"}, Text: language.Text{
		It: "Dai a chi gestisce la piattaforma un accesso breve alla configurazione, e leggi che cosa ha aperto. Lo chiudi quando vuoi.",
		En: "Give who runs the platform a short access to the configuration, and read what they opened. You end it when you want.",
	}},
	{At: "/piattaforma/incidenti", Title: language.Text{It: "Incidenti", En: "Incidents"}, Text: language.Text{
		It: "Scrivi che cosa non va e per quali enti: chi ci lavora lo legge sopra le sue pagine, finché non lo chiudi.",
		En: "Write what does not work and for which bodies: who works there reads it above their pages until you close it.",
	}},
	{At: "/stato-del-servizio", Title: language.Text{It: "Stato del servizio", En: "State of the service"}, Text: language.Text{
		It: "Che cosa non funziona adesso e che cosa è tornato a posto. Non serve segnalarlo di nuovo.",
		En: "What does not work now, and what works again. There is no need to report it once more.",
	}},
	{At: "/piattaforma/stato", Title: language.Text{It: "Stato del servizio", En: "State of the service"}, Text: language.Text{
		It: "Che cosa non funziona adesso, per tutti. Si legge senza accedere.",
		En: "What does not work now, for everybody. It is read without signing in.",
	}},
}
