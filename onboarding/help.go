package onboarding

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves. It stands here and not in the packages: the manual is read from top to
// bottom, in an order that is not theirs.
var help = []modules.Topic{
	{At: "/attivazione", Title: language.Text{It: "Attivare un ente", En: "Entering"}, Text: language.Text{
		It: "Servono: il tuo incarico, l’atto che te lo dà, la PEC dell’ente. In dieci minuti l’ente è in prova.",
		En: "You need your post, the act that gives it, and the certified mail of the body. In ten minutes it is on trial.",
	}},
	{At: "/attivazione/mie", Title: language.Text{It: "Le mie attivazioni", En: "My entries"}, Text: language.Text{
		It: "Riprendi da dove eri rimasto, anche da un altro computer o da un collega.",
		En: "Go on where you were, also on another computer or as a colleague.",
	}},
	{At: "/attivazione/{entry}", Title: language.Text{It: "I passi dell’attivazione", En: "Steps of an entry"}, Text: language.Text{
		It: "Completa i passi nell’ordine che preferisci. Il codice alla PEC dimostra che parli per l’ente.",
		En: "Complete the steps in any order. The code to the certified mail proves that you speak for the body.",
	}},
	{At: "/attivazione/{entry}/conferma", Title: language.Text{It: "La seconda persona", En: "The second person"}, Text: language.Text{
		It: "Un’altra persona dell’ente conferma chi ha iniziato: senza, l’ente resta in prova.",
		En: "Somebody else of the body confirms who began: without it the body stays on trial.",
	}},
	{At: "/piattaforma/ingressi", Title: language.Text{It: "Verifica degli ingressi", En: "Reviewing entries"}, Text: language.Text{
		It: "Guarda l’atto e la PEC: se l’indirizzo non somiglia a quello dell’ente, chiedi prima di dire sì.",
		En: "Look at the act and the certified mail: where the address looks odd, ask before you say yes.",
	}},
	{At: "/piattaforma/invito/{token}", Title: language.Text{It: "Un invito", En: "An invitation"}, Text: language.Text{
		It: "Entra con la tua identità digitale: l’invito vale una volta e solo per te.",
		En: "Sign in with your digital identity: the invitation holds once and for you alone.",
	}},
	{At: "/console/privacy", Title: language.Text{It: "Privacy e documenti", En: "Privacy and documents"}, Text: language.Text{
		It: "I documenti sono già scritti con ciò che l’ente ha acceso. Completa il DPO, leggi e pubblica: senza l’informativa l’ente non si può pubblicare.",
		En: "The documents are written already from what the body has turned on. Complete the DPO, read and publish: the notice is needed to go live.",
	}},
	{At: "/console/privacy/dati/{part}", Title: language.Text{It: "Ciò che dici tu", En: "What you say"}, Text: language.Text{
		It: "Controlla le proposte. Ciò che salvi entra nelle bozze; i documenti già pubblicati restano come sono.",
		En: "Look at the proposals. What you save goes into the drafts; documents that are published stay as they are.",
	}},
	{At: "/console/privacy/documenti/{document}", Title: language.Text{It: "Un documento sulla privacy", En: "A privacy document"}, Text: language.Text{
		It: "Sopra, che cosa cambia dall’ultima versione; sotto, il testo intero. Si pubblica con il parere del DPO e poi non si tocca più.",
		En: "Above, what changes from the last version; below, the whole text. It is published with the DPO’s opinion and never changes then.",
	}},
	{At: "/privacy", Title: language.Text{It: "Informativa privacy", En: "Privacy notice"}, Text: language.Text{
		It: "Come l’ente usa i tuoi dati, che cosa puoi chiedere e a chi.",
		En: "How the body uses your data, what you can ask for and from whom.",
	}},
	{At: "/sedi", Title: language.Text{It: "Dove andare", En: "Where to go"}, Text: language.Text{
		It: "Le sedi aperte, con orari, zone e come si entra.",
		En: "Open offices, with hours, areas and how to get in.",
	}},
	{At: "/console", Title: language.Text{It: "Console", En: "Console"}, Text: language.Text{
		It: "Che cosa manca e che cosa si può configurare. Le cose obbligatorie fermano la pubblicazione, i consigli no.",
		En: "What is missing and what can be set up. What is required holds back going live; advice does not.",
	}},
	{At: "/console/identita", Title: language.Text{It: "Identità", En: "Identity"}, Text: language.Text{
		It: "Recapiti, colore e stemma che i cittadini vedono su ogni pagina.",
		En: "Contacts, colour and crest that citizens see on every page.",
	}},
	{At: "/console/indirizzo-web", Title: language.Text{It: "Indirizzo web", En: "Web address"}, Text: language.Text{
		It: "Le pagine pubbliche anche a un indirizzo dell’ente. Due righe nel dominio lo dimostrano: le aggiunge chi lo gestisce.",
		En: "The public pages at an address of the body, too. Two lines in the domain show it: whoever looks after it adds them.",
	}},
	{At: "/console/moduli", Title: language.Text{It: "Moduli", En: "Modules"}, Text: language.Text{
		It: "Accendi quello che usi. Prima di spegnere leggi chi ci lavora; i dati restano.",
		En: "Turn on what you use. Before you turn one off read who works with it; data stays.",
	}},
	{At: "/console/persone", Title: language.Text{It: "Persone e ruoli", En: "People and roles"}, Text: language.Text{
		It: "Ogni ruolo ha un giorno d’inizio e può avere una fine. Amministratore e DPO sono due persone, e nessuno dei due ha ruoli che vedono le cartelle.",
		En: "Every role begins on a day and may end. Administrator and DPO are two people, and neither has roles that see case files.",
	}},
	{At: "/console/persone/inviti", Title: language.Text{It: "Inviti", En: "Invitations"}, Text: language.Text{
		It: "Un invito vale sette giorni e una volta. Senza codice fiscale, chi lo segue va confermato.",
		En: "An invitation holds seven days and once. Without a tax code, who follows it is confirmed.",
	}},
	{At: "/console/persone/elenco", Title: language.Text{It: "Importare un elenco", En: "Importing a list"}, Text: language.Text{
		It: "Scarica il modello, compilalo, caricalo: prima di fare qualcosa leggi riga per riga che cosa succede.",
		En: "Fetch the model, fill it in, send it: before anything is done you read line by line what happens.",
	}},
	{At: "/console/ruoli", Title: language.Text{It: "Regole di accesso", En: "Rules of access"}, Text: language.Text{
		It: "Chi può vedere e fare che cosa. Ogni modifica dice chi guadagna e chi perde prima di valere.",
		En: "Who may see and do what. Every change says who gains and who loses before it holds.",
	}},
	{At: "/console/sedi", Title: language.Text{It: "Sedi", En: "Offices"}, Text: language.Text{
		It: "Dove e quando ricevete. Chiudere una sede chiede chi la sostituisce.",
		En: "Where and when you receive people. Closing one asks who follows.",
	}},
	{At: "/console/conservazione", Title: language.Text{It: "Conservazione e scarto", En: "Retention and disposal"}, Text: language.Text{
		It: "Quanto si tiene ogni cosa, e che cosa ha finito il suo tempo. Per scartare servono due persone e l’autorizzazione della Soprintendenza.",
		En: "How long each thing is kept, and what is over. Disposal takes two people and the authorisation of the Soprintendenza.",
	}},
	{At: "/console/conservazione/termini/{kind}", Title: language.Text{It: "Un termine", En: "A term"}, Text: language.Text{
		It: "Cambialo solo se lo dice il piano di conservazione dell’ente. Poi i documenti sulla privacy vanno pubblicati di nuovo.",
		En: "Change it only where the retention plan of the body says so. Then publish the privacy documents again.",
	}},
	{At: "/console/conservazione/scarti/{disposal}", Title: language.Text{It: "Uno scarto", En: "A disposal"}, Text: language.Text{
		It: "Scarica l’elenco per la Soprintendenza. Chi non l’ha proposto lo accetta, con l’autorizzazione, o lo rifiuta. Ciò che è cancellato non torna.",
		En: "Fetch the list for the Soprintendenza. Who has not proposed it agrees, with the authorisation, or refuses. What is removed does not come back.",
	}},
	{At: "/console/conservazione/blocchi", Title: language.Text{It: "Blocchi dello scarto", En: "Holds"}, Text: language.Text{
		It: "Ciò che è bloccato non si scarta finché il blocco dura. Serve per una causa, una richiesta del giudice, un interesse storico.",
		En: "What is held is not disposed of while the hold lasts: for a lawsuit, a judge’s request, a historical interest.",
	}},
	{At: "/console/equipe", Title: language.Text{It: "Équipe", En: "Teams"}, Text: language.Text{
		It: "Chi lavora insieme e fino a quando. Un’équipe non dà accesso a nessuna cartella.",
		En: "Who works together and until when. A team gives access to no case file.",
	}},
	{At: "/console/esportazione", Title: language.Text{It: "Esportazione", En: "Export"}, Text: language.Text{
		It: "Tutto quello che l’ente possiede, in formati aperti e cifrato per chi lo riceve. Servono due persone.",
		En: "All that the body owns, in open formats, encrypted to who receives it. It takes two people.",
	}},
	{At: "/console/poteri", Title: language.Text{It: "Poteri del referente", En: "Powers of the contact"}, Text: language.Text{
		It: "Chi ha confermato chi ha attivato l’ente, e come si fa.",
		En: "Who confirmed who entered with the body, and how that is done.",
	}},
	{At: "/console/pubblicazione", Title: language.Text{It: "Pubblicazione", En: "Going live"}, Text: language.Text{
		It: "Rileggi che cosa manca e decidi. Entro un giorno puoi tornare in prova.",
		En: "Read what is missing and decide. Within a day you can go back to trial.",
	}},
	{At: "/codice-di-condotta", Title: language.Text{It: "Codice di condotta", En: "Code of conduct"}, Text: language.Text{
		It: "Che cosa vale per chi lavora qui. Si legge al primo accesso e resta a questo indirizzo.",
		En: "What holds for everybody who works here. It is read at the first sign-in and stays at this address.",
	}},
	{At: "/console/richieste", Title: language.Text{It: "Richieste sui dati personali", En: "Requests about personal data"}, Text: language.Text{
		It: "Si risponde entro un mese da quando la richiesta è arrivata. Finché è aperta, niente della persona si può scartare.",
		En: "The answer is due within a month of the day the request came. While it is open nothing of the person can be disposed of.",
	}},
	{At: "/console/richieste/nuova", Title: language.Text{It: "Registrare una richiesta", En: "Registering a request"}, Text: language.Text{
		It: "Chi sono i dati, chi chiede e come l’hai riconosciuto. La persona può anche non essere in anagrafica.",
		En: "Whose data, who asks and how you recognised them. The person need not be in the registry.",
	}},
	{At: "/console/richieste/{request}", Title: language.Text{It: "Una richiesta", En: "One request"}, Text: language.Text{
		It: "Che cosa è stato chiesto, che cosa si può fare adesso e che cosa è stato fatto. Niente si cancella.",
		En: "What was asked, what can be done now and what was done. Nothing is removed.",
	}},
	{At: "/console/richieste/{request}/copia", Title: language.Text{It: "Copia dei dati", En: "Copy of the data"}, Text: language.Text{
		It: "Scegli parte per parte che cosa dare alla persona. Ciò che protegge qualcuno parte escluso. La copia si scarica per sette giorni.",
		En: "Choose part by part what the person gets. What protects somebody begins out. The copy can be fetched for seven days.",
	}},
	{At: "/console/uscita", Title: language.Text{It: "Lasciare la piattaforma", En: "Leaving"}, Text: language.Text{
		It: "Che cosa succede se l’ente se ne va, e a chi. Servono due persone e un’esportazione; per trenta giorni si può fermare.",
		En: "What happens if the body leaves, and to whom. It takes two people and an export; for thirty days it can be stopped.",
	}},
}
