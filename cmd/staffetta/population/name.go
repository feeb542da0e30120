package population

import "staffetta/tenants/taxcode"

// sicily is the region of ofSicily, as the register calls it.
const sicily = "Sicilia"

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

// ofSicily are common in Sicily.
var ofSicily = []string{
	"Abate", "Accardi", "Adamo", "Alagna", "Amato", "Angileri", "Barraco", "Basile", "Bonanno", "Bonfiglio", "Bruno", "Cammarata", "Cangemi",
	"Caruso", "Catalano", "Culicchia", "D'Amico", "D'Angelo", "Di Girolamo", "Di Maggio", "Ferro", "Figuccia", "Gallo", "Gancitano", "Giglio",
	"Gucciardi", "Ingrassia", "La Rosa", "Licari", "Lo Presti", "Maggio", "Mangiapane", "Marino", "Messina", "Milazzo", "Montalto", "Norrito",
	"Palermo", "Parrinello", "Pipitone", "Quinci", "Randazzo", "Russo", "Salerno", "Sammartano", "Sciacca", "Signorelli", "Tumbiolo",
	"Vaccaro", "Vitale", "Zerilli",
}

// elder is the age from which people have names of another time.
const elder = 50

// givenNames are those of the sex that were usual when somebody of the age was born.
func givenNames(sex string, age int) []string {
	switch {
	case sex == taxcode.Female && age >= elder:
		return elderWomen
	case sex == taxcode.Female:
		return women
	case age >= elder:
		return elderMen
	}
	return men
}

var elderWomen = []string{
	"Angela", "Anna", "Antonella", "Antonina", "Bruna", "Carmela", "Caterina", "Concetta", "Daniela", "Franca", "Francesca", "Giovanna",
	"Giuseppa", "Grazia", "Ignazia", "Laura", "Lucia", "Luisa", "Margherita", "Maria", "Patrizia", "Paola", "Pina", "Rita", "Rosa", "Rosalia",
	"Rosaria", "Silvana", "Teresa", "Vincenza", "Vita",
}

var women = []string{
	"Alessandra", "Alessia", "Alice", "Anna", "Aurora", "Beatrice", "Chiara", "Cristina", "Elena", "Elisa", "Emma", "Federica", "Francesca",
	"Gaia", "Ginevra", "Giorgia", "Giulia", "Ilaria", "Laura", "Maria", "Marta", "Martina", "Miriam", "Noemi", "Roberta", "Sara", "Serena",
	"Silvia", "Simona", "Sofia", "Valentina", "Vittoria",
}

var elderMen = []string{
	"Alberto", "Angelo", "Antonino", "Antonio", "Calogero", "Carlo", "Claudio", "Domenico", "Enrico", "Filippo", "Francesco", "Gaspare",
	"Giacomo", "Giorgio", "Giovanni", "Girolamo", "Giuseppe", "Ignazio", "Leonardo", "Luigi", "Mario", "Michele", "Nicolò", "Paolo", "Pietro",
	"Rosario", "Salvatore", "Sebastiano", "Stefano", "Vincenzo", "Vito",
}

var men = []string{
	"Alessandro", "Andrea", "Antonio", "Christian", "Daniele", "Davide", "Diego", "Edoardo", "Emanuele", "Fabio", "Federico", "Filippo",
	"Francesco", "Gabriele", "Giovanni", "Giuseppe", "Leonardo", "Lorenzo", "Luca", "Marco", "Matteo", "Mattia", "Nicolò", "Paolo", "Pietro",
	"Riccardo", "Roberto", "Samuele", "Salvatore", "Simone", "Tommaso", "Vincenzo",
}

var streets = []string{
	"Via Roma", "Via Garibaldi", "Via Mazzini", "Via Dante Alighieri", "Via Verdi", "Corso Italia", "Via Marconi", "Via della Libertà",
	"Via San Francesco", "Via dei Mille", "Piazza del Popolo", "Via IV Novembre", "Via Matteotti", "Via Cavour", "Viale Europa",
}
