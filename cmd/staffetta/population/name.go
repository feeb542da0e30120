package population

// surnames and names are common in Italy; together with a random birth they mean nobody.
var surnames = []string{
	"Amato", "Angeli", "Barbieri", "Basile", "Bellini", "Benedetti", "Bianchi", "Bruno", "Caputo", "Caruso", "Cattaneo", "Colombo",
	"Conti", "Costa", "D'Amico", "D'Angelo", "De Luca", "De Rosa", "De Santis", "Esposito", "Fabbri", "Farina", "Ferrara", "Ferrari",
	"Ferretti", "Fontana", "Galli", "Gallo", "Gatti", "Gentile", "Giordano", "Grassi", "Greco", "Guerra", "Leone", "Lombardi", "Longo",
	"Mancini", "Marchetti", "Mariani", "Marini", "Marino", "Martinelli", "Martini", "Mazza", "Messina", "Monti", "Morelli", "Moretti",
	"Negri", "Neri", "Orlando", "Pagano", "Palmieri", "Palumbo", "Parisi", "Pellegrini", "Pellegrino", "Piras", "Ricci", "Rinaldi",
	"Riva", "Rizzi", "Rizzo", "Romano", "Rossetti", "Rossi", "Ruggiero", "Russo", "Sala", "Sanna", "Santoro", "Sartori", "Serra",
	"Silvestri", "Sorrentino", "Testa", "Valentini", "Villa", "Vitale", "Vitali", "Zanella",
}

var women = []string{
	"Alessandra", "Alice", "Anna", "Antonella", "Aurora", "Beatrice", "Bruna", "Caterina", "Chiara", "Cristina", "Daniela", "Elena",
	"Elisa", "Emma", "Federica", "Francesca", "Gaia", "Giovanna", "Giulia", "Grazia", "Ilaria", "Laura", "Lucia", "Luisa", "Margherita",
	"Maria", "Marta", "Martina", "Monica", "Noemi", "Paola", "Rita", "Roberta", "Rosa", "Sara", "Silvia", "Simona", "Sofia", "Teresa",
	"Valentina", "Vittoria",
}

var men = []string{
	"Alberto", "Alessandro", "Andrea", "Angelo", "Antonio", "Bruno", "Carlo", "Claudio", "Daniele", "Davide", "Diego", "Domenico",
	"Emanuele", "Enrico", "Fabio", "Federico", "Filippo", "Francesco", "Gabriele", "Giacomo", "Giorgio", "Giovanni", "Giuseppe", "Leonardo",
	"Lorenzo", "Luca", "Luigi", "Marco", "Mario", "Matteo", "Michele", "Nicolò", "Paolo", "Pietro", "Riccardo", "Roberto", "Salvatore",
	"Simone", "Stefano", "Tommaso", "Vincenzo",
}

var streets = []string{
	"Via Roma", "Via Garibaldi", "Via Mazzini", "Via Dante Alighieri", "Via Verdi", "Corso Italia", "Via Marconi", "Via della Libertà",
	"Via San Francesco", "Via dei Mille", "Piazza del Popolo", "Via IV Novembre", "Via Matteotti", "Via Cavour", "Viale Europa",
}

// remarks are what the notes of the diary are made of.
var remarks = []string{
	"Colloquio con la persona, che conferma la situazione già nota e chiede informazioni sui servizi del territorio.",
	"Visita a domicilio: l'abitazione è in ordine, al piano terra, con un gradino all'ingresso.",
	"Contatto telefonico con il medico di famiglia per concordare i prossimi passi.",
	"La famiglia riferisce una maggiore fatica nelle attività quotidiane; si valuta un aiuto a casa.",
	"Incontro con la scuola: presenti l'insegnante e la famiglia, si concorda una verifica fra due mesi.",
	"Consegnata la documentazione per il trasporto; spiegati i tempi della risposta.",
	"Si aggiorna il progetto insieme alla persona, che si dice soddisfatta del percorso.",
	"Riunione dell'équipe: si conferma l'intervento in corso e si fissa la prossima verifica.",
}

var summaries = []string{
	"Richiesta di orientamento ai servizi.", "Sostegno alla vita quotidiana a casa.", "Difficoltà economiche del nucleo.",
	"Informazioni sul trasporto e sull'accompagnamento.", "Segnalazione della scuola, concordata con la famiglia.", "Sollievo per chi assiste.",
}
