package practice

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves, in the order of the manual.
var help = []modules.Topic{
	{At: "/buone-pratiche", Title: language.Text{It: "Buone pratiche", En: "Good practices"}, Text: language.Text{
		It: "Quello che altri enti fanno bene e cedono: a chi serve, che cosa ha dato, come si prende.",
		En: "What other bodies do well and give away: for whom, with what results, and how to take it.",
	}},
	{At: "/pratiche", Title: language.Text{It: "Pratiche dell’ente", En: "Practices of the body"}, Text: language.Text{
		It: "Quello che il tuo ente cede ad altri. Scrivi la scheda, poi pubblica un kit.",
		En: "What your body gives to others. Write the sheet, then publish a kit.",
	}},
	{At: "/pratiche/{id}/pubblica", Title: language.Text{It: "Pubblicare un kit", En: "Publishing a kit"}, Text: language.Text{
		It: "Scegli i componenti. Il controllo cerca dati personali: per ogni segnalazione togli il testo o di’ perché può restare.",
		En: "Choose the items. The check looks for personal data: for each finding remove the text or say why it may stay.",
	}},
	{At: "/pratiche/{id}/riuso", Title: language.Text{It: "Come viene riusata", En: "How it is reused"}, Text: language.Text{
		It: "Chi l’ha presa, che cosa ha tenuto, adattato o escluso, e se vive.",
		En: "Who took it, what they kept, adapted or left out, and whether it lives.",
	}},
	{At: "/campagne", Title: language.Text{It: "Campagne", En: "Campaigns"}, Text: language.Text{
		It: "Porti una nuova versione a molti enti insieme, un gruppo alla volta, e ti fermi se qualcosa non va.",
		En: "You bring a release to many bodies, group by group, and stop when something is wrong.",
	}},
	{At: "/adozioni", Title: language.Text{It: "Adozioni", En: "Adoptions"}, Text: language.Text{
		It: "Le pratiche prese da altri e a che punto sono. Apri una riga per sapere qual è il prossimo passo.",
		En: "Practices taken from others, and how far they are. Open a row for the next step.",
	}},
	{At: "/adozioni/{id}", Title: language.Text{It: "Il percorso di adozione", En: "The board"}, Text: language.Text{
		It: "Undici fasi. Per ogni fase vedi che cosa serve per andare avanti, e di chi è il turno.",
		En: "Eleven stages. Each says what is needed to go on, and whose turn it is.",
	}},
	{At: "/adozioni/{id}/analisi", Title: language.Text{It: "Analisi di contesto", En: "Analysis"}, Text: language.Text{
		It: "Rispondi alle domande sul tuo ente. Se qualcosa manca, scrivi chi lo chiude ed entro quando.",
		En: "Answer questions about your body. Where something is missing, write who closes it, and by when.",
	}},
	{At: "/adozioni/{id}/prova", Title: language.Text{It: "Prova del kit", En: "Dry run"}, Text: language.Text{
		It: "Leggi che cosa cambierebbe, chi vedrebbe di più o di meno, e scegli dove i testi sono diversi. La prova non cambia nulla.",
		En: "Read what would change, who would see more or less, and choose where texts differ. A dry run changes nothing.",
	}},
	{At: "/adozioni/{id}/applicazioni", Title: language.Text{It: "Kit applicati", En: "Applied kits"}, Text: language.Text{
		It: "Che cosa è stato applicato e quando. Da qui si torna indietro.",
		En: "What was applied and when. From here one goes back.",
	}},
	{At: "/adozioni/{id}/aggiornamenti", Title: language.Text{It: "Aggiornamenti", En: "Upgrades"}, Text: language.Text{
		It: "Le versioni nuove del kit, che cosa portano e se aggiornare da sole.",
		En: "New releases of the kit, what they bring, and whether to upgrade by themselves.",
	}},
	{At: "/fabbisogni", Title: language.Text{It: "Fabbisogni", En: "Needs"}, Text: language.Text{
		It: "Scrivi che cosa cerchi: chi ha una pratica adatta ti trova, e tu vedi quali si somigliano.",
		En: "Write what you look for: who has a fitting practice finds you, and you see which come near.",
	}},
	{At: "/fabbisogni/compatibili", Title: language.Text{It: "Chi cerca", En: "Who looks"}, Text: language.Text{
		It: "I fabbisogni di altri enti a cui le tue pratiche rispondono.",
		En: "Needs of others that your practices meet.",
	}},
	{At: "/pratiche-adatte", Title: language.Text{It: "Pratiche adatte", En: "Fitting practices"}, Text: language.Text{
		It: "Le pratiche ordinate per quanto somigliano al tuo ente. I punti dicono da dove vengono.",
		En: "Practices by how near they are to your body. The points say where they come from.",
	}},
	{At: "/proposte", Title: language.Text{It: "Migliorie", En: "Improvements"}, Text: language.Text{
		It: "Quello che hai cambiato e che può servire a tutti torna a chi ha scritto la pratica, con il tuo nome.",
		En: "What you changed and others may need goes back to who wrote the practice, with your name.",
	}},
	{At: "/piattaforma/kit", Title: language.Text{It: "Installare un kit da file", En: "Installing a kit from a file"}, Text: language.Text{
		It: "Il file è controllato, firma compresa, prima di scrivere qualsiasi cosa.",
		En: "The file is checked, with its signature, before anything is written.",
	}},
}
