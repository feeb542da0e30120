package population

// Everything below is invented; it tells of nobody.

// summaries say what a case of an area is about.
var summaries = map[string][]string{
	"disabili": {
		"Progetto di vita da avviare insieme alla persona.", "Trasporto e accompagnamento per le attività della settimana.",
		"Aiuto a casa nelle attività quotidiane.", "Ricerca di un tirocinio adatto.", "Sollievo per chi assiste ogni giorno.",
		"Barriere in casa: bagno e ingresso da adattare.", "Tempo libero e relazioni: vuole uscire di più.", "Passaggio dalla scuola al lavoro.",
	},
	"anziani": {
		"Nessun familiare in casa: le faccende sono una fatica.", "Rientro a casa dopo un ricovero.", "Assistenza domiciliare: pasti e igiene.",
		"Solitudine: pochi contatti fuori di casa.", "Sostegno al familiare che assiste.", "Accompagnamento alle visite mediche.",
		"Casa su due piani, scale difficili.", "Gestione delle medicine e delle piccole spese.",
	},
	minors: {
		"Sostegno educativo nel pomeriggio.", "Segnalazione della scuola, concordata con la famiglia.", "Genitori separati: calendario da concordare.",
		"Frequenza scolastica irregolare.", "Centro diurno per i pomeriggi.", "Aiuto alla famiglia dopo un cambio di casa.", "Nucleo numeroso, spese scolastiche.",
	},
	"adulti": {
		"Difficoltà economiche dopo la perdita del lavoro.", "Ricerca di un alloggio più adatto.", "Percorso di inclusione e formazione.",
		"Debiti per le utenze, piano di rientro.", "Isolamento dopo una separazione.", "Orientamento al lavoro e ai corsi.", "Sostegno nel periodo di cura.",
	},
}

// requests are what people ask for who are taken in charge.
var requests = map[string][]string{
	"disabili": {
		"Chiede come si presenta l'istanza per il progetto di vita.", "Chiede un accompagnamento per raggiungere il centro due volte la settimana.",
		"Un familiare chiede qualche ora di sollievo.", "Vorrebbe lavorare e chiede da dove cominciare.", "Chiede un contributo per adattare il bagno.",
		"Chiede un aiuto a casa al mattino.",
	},
	"anziani": {
		"Chiede un aiuto per la spesa e le pulizie.", "Un familiare chiede come organizzare il rientro dall'ospedale.", "Chiede i pasti a domicilio.",
		"Il vicino riferisce che la persona esce poco; la persona è d'accordo a un colloquio.", "Chiede chi può accompagnare alle visite.",
		"Chiede informazioni sul telesoccorso.",
	},
	minors: {
		"La famiglia chiede un sostegno per i compiti.", "Il genitore chiede un posto al centro diurno.", "La scuola propone un incontro; la famiglia è d'accordo.",
		"Chiede aiuto per l'iscrizione a mensa e trasporto.", "Chiede un confronto sulle regole in casa.",
	},
	"adulti": {
		"Ha perso il lavoro e chiede quali aiuti esistono.", "Ha ricevuto uno sfratto e chiede che cosa fare.", "Chiede un corso di formazione.",
		"Chiede di rateizzare le bollette.", "Chiede un colloquio: è un periodo difficile.",
	},
}

// questions are what people ask for who get an answer at the desk.
var questions = []string{
	"Chiede quali documenti servono per l'ISEE.", "Chiede dove si ritira il contrassegno per l'auto.", "Chiede gli orari dello sportello.",
	"Chiede chi si occupa del trasporto scolastico.", "Chiede se esiste un aiuto per le bollette.", "Chiede a chi rivolgersi per un'amministrazione di sostegno.",
	"Chiede informazioni sulla legge 104.", "Chiede un elenco di assistenti familiari.", "Chiede a che punto è la sua domanda.",
	"Chiede come iscrivere il figlio al centro estivo.", "Chiede informazioni sull'assegno di inclusione.", "Chiede se può avere la tessera per il trasporto.",
	"Chiede dove si trova l'ufficio invalidi civili.", "Chiede un aiuto per compilare un modulo.", "Chiede informazioni sui gruppi di aiuto per familiari.",
}

// reply is how a visit to the desk ends.
type reply struct{ outcome, signposting string }

var answers = []reply{
	{"information", ""},
	{"information", ""},
	{"information", ""},
	{"guidance", ""},
	{"guidance", ""},
	{"signposting", "Patronato"},
	{"signposting", "Ufficio scuola"},
	{"signposting", "Punto unico di accesso dell'ASP"},
	{"signposting", "Centro per l'impiego"},
	{"signposting", "Ufficio anagrafe"},
}

var (
	pauses  = []string{"La persona è fuori comune per qualche settimana.", "In attesa della risposta dell'ASP.", "Ricovero in corso; si riprende al rientro.", "La persona chiede una pausa."}
	endings = []string{"Obiettivi raggiunti, concordati con la persona.", "La persona si è trasferita in un altro comune.", "Non serve altro: la famiglia prosegue da sé.", "Bisogno risolto con il servizio di trasporto."}
)

// remark is an entry of a diary: its kind is one of diary.NoteKinds.
type remark struct{ kind, text string }

// firsts begin a diary.
var firsts = []remark{
	{"colloquio", "Primo colloquio. La persona racconta come va la giornata e che cosa vorrebbe cambiare. Si fissa un secondo incontro."},
	{"colloquio", "Primo incontro in ufficio: ascolto della richiesta e spiegazione di tempi e servizi. Lasciato il foglio con i contatti."},
	{"visita_domiciliare", "Prima visita a casa, concordata al telefono. Buona accoglienza; si guardano insieme gli spazi e le abitudini."},
	{"colloquio", "Colloquio con la persona e un familiare. Le richieste non coincidono del tutto: si ascoltano prima l'una e poi l'altro."},
	{"nota", "Telefonata per conoscersi e fissare il primo incontro. Preferisce il mattino."},
}

// remarks follow, by area.
var remarks = map[string][]remark{
	"disabili": {
		{"colloquio", "Parla dei suoi desideri: uscire di più, cucinare da sé, rivedere gli amici del corso. Si scrivono tre obiettivi."},
		{"visita_domiciliare", "Visita con il tecnico: la doccia si può adattare con poca spesa. Si attende il preventivo."},
		{"nota", "Il trasporto parte dal primo lunedì del mese, due volte la settimana. Avvisata la famiglia."},
		{"relazione", "Incontro con l'équipe: presentato il profilo di funzionamento. Si conferma la valutazione e si convoca l'UVM."},
		{"orientamento_lavoro", "Colloquio con il tutor del tirocinio. Prova di due settimane in biblioteca, poi si decide insieme."},
		{"famiglia", "Chi assiste ogni giorno è stanco e lo dice. Proposte quattro ore di sollievo la settimana; risponde nei prossimi giorni."},
		{"foglio_amministrativo", "Consegnata la documentazione per il contributo. Spiegati i tempi della risposta."},
		{"nota", "Telefonata: la prova del servizio va bene. Chiede di spostare l'orario di mezz'ora."},
	},
	"anziani": {
		{"visita_domiciliare", "La casa è in ordine, con un gradino all'ingresso. In bagno mancano le maniglie: si segnala al fornitore."},
		{"nota", "Sentito il medico di famiglia: concorda sull'aiuto a domicilio al mattino."},
		{"colloquio", "Racconta che la notte dorme poco e che le giornate sono lunghe. Vorrebbe provare il gruppo del giovedì."},
		{"abitazione", "Sopralluogo per il telesoccorso: linea a posto, si attiva la prossima settimana."},
		{"famiglia", "Un familiare può venire nel fine settimana. Nei giorni feriali serve qualcuno per il pranzo."},
		{"nota", "I pasti a domicilio sono partiti. Porzioni giuste, chiede meno sale."},
		{"relazione", "Verifica del progetto: due obiettivi su tre raggiunti. Si continua con gli stessi orari."},
		{"nota", "Telefonata dopo la visita di controllo: cammina meglio, usa il deambulatore anche fuori."},
	},
	minors: {
		{"scuola", "Incontro con l'insegnante e la famiglia: più attenzione in classe, restano difficili i compiti a casa."},
		{"famiglia", "Colloquio con i genitori: concordano su orari e uso del telefono. Chiedono un riscontro fra un mese."},
		{"nota", "Iscrizione al centro diurno confermata per tre pomeriggi. Comincia lunedì."},
		{"visita_domiciliare", "Visita nel pomeriggio: c'è un angolo per studiare, la famiglia ha organizzato i turni."},
		{"scuola", "La scuola riferisce una frequenza regolare nelle ultime tre settimane."},
		{"colloquio", "Colloquio nel pomeriggio: lo sport piace molto, vorrebbe provare una squadra. Si contatta l'associazione."},
		{"foglio_amministrativo", "Presentata la domanda per mensa e libri. Manca un documento, lo porta la famiglia."},
	},
	"adulti": {
		{"colloquio", "Si rivedono insieme entrate e spese del mese. Si prepara la richiesta di rateizzazione."},
		{"orientamento_lavoro", "Curriculum aggiornato. Due annunci adatti; chiede un aiuto per la lettera."},
		{"nota", "Contatto con il gestore delle utenze: accettato il piano in sei rate."},
		{"isee", "ISEE consegnato e registrato. Rientra nella soglia del contributo."},
		{"colloquio", "Dice che frequentare il corso aiuta. Si prosegue con un incontro al mese."},
		{"abitazione", "Visita all'alloggio proposto: piccolo ma luminoso, vicino ai mezzi. Ci pensa fino a venerdì."},
		{"nota", "Telefonata: il colloquio di lavoro è andato bene, aspetta la risposta."},
		{"relazione", "Riunione dell'équipe: si conferma l'intervento in corso e si fissa la prossima verifica."},
	},
}

// papers are documents that cases may hold.
var papers = []struct{ section, title, file string }{
	{"documents", "Richiesta firmata dalla persona", "richiesta.txt"},
	{"documents", "Autodichiarazione di residenza", "residenza.txt"},
	{"documents", "Verbale dell'incontro", "verbale.txt"},
	{"health", "Certificato del medico di famiglia", "certificato.txt"},
	{"interventions", "Preventivo per le maniglie del bagno", "preventivo.txt"},
}
