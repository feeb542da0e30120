package registry

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves, in the order of the manual.
var help = []modules.Topic{
	{At: "/persone", Title: language.Text{It: "Persone", En: "People"}, Text: language.Text{
		It: "Cerca per nome, data di nascita o codice fiscale prima di registrare: così nessuno viene scritto due volte. Ogni ricerca resta nel registro degli accessi.",
		En: "Search by name, birth or tax code before you register somebody, so that nobody is written twice. Every search is kept in the audit.",
	}},
	{At: "/persone/nuova", Title: language.Text{It: "Registrare una persona", En: "Registering a person"}, Text: language.Text{
		It: "Con il codice fiscale, data e luogo di nascita arrivano da soli. Se la persona somiglia a una già presente, la pagina te la mostra prima di salvare.",
		En: "With the tax code, day and place of birth come by themselves. Somebody alike who is there already is shown before you save.",
	}},
	{At: "/persone/{id}", Title: language.Text{It: "Scheda della persona", En: "A person"}, Text: language.Text{
		It: "Qui stanno anagrafica, recapiti e nucleo. Quello che riguarda il lavoro sociale sta nella cartella.",
		En: "Here are identity, contacts and household. What social work is about stands in the case.",
	}},
	{At: "/persone/{id}/nucleo", Title: language.Text{It: "Nucleo", En: "Household"}, Text: language.Text{
		It: "Il nucleo anagrafico e quello di vita possono essere diversi. Chi esce resta nella storia, con il giorno.",
		En: "The registered household and the one people live in may differ. Who leaves stays in the history, with the day.",
	}},
}
