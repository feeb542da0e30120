package stages

// IslandTerm is what Pantelleria promises in the place of the kit's term.
var IslandTerm = []string{
	"Entro 5 giorni lavorativi ricevi una risposta", "Entro 5 giorni lavorativi, o al primo passaggio nella tua contrada, ricevi una risposta",
	"Within 5 working days you get an answer", "Within 5 working days, or the next time we come to your part of the island, you get an answer",
}
