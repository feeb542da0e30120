package component_test

import (
	"time"

	"staffetta/api/web/component"
)

var (
	rome  = time.FixedZone("Europe/Rome", 2*60*60)
	today = time.Date(2026, 5, 12, 10, 42, 0, 0, rome)
)

func operatorShell(lang string) component.Shell {
	return component.Shell{
		Title: "Cartella di Rosa Bianco", Lang: lang, Audience: component.Operator,
		TenantName: "Pantelleria", TenantKind: "Comune di",
		UserName: "Giulia Ferro", RoleNames: []string{"Assistente sociale"}, Accounts: "/accesso/ruoli",
		Nav: []component.NavItem{
			{Label: "Scrivania", URL: "/scrivania", Shortcut: "g s"},
			{Label: "Cartelle", URL: "/cartelle", Current: true, Shortcut: "g c"},
			{Label: "Sportello", URL: "/sportello", Count: 3, CountOf: "segnalazioni nuove"},
			{Label: "Agenda", URL: "/agenda"},
			{Label: "Rete", URL: "/rete"},
			{Label: "Cruscotto", URL: "/cruscotto"},
		},
		SearchURL: "/ricerca", SignOut: "/esci", Legal: legal(),
		Flash: &component.Alert{Tone: component.Success, Title: "Nota salvata.", Text: "È visibile a chi segue la cartella."},
		Demo:  true, UsesHTMX: true, NoIndex: true, Path: "/pantelleria/cartelle/7?da=elenco", RequestID: "01J-7Q2",
	}
}

func citizenShell(lang string) component.Shell {
	return component.Shell{
		Title: "Servizi per la disabilità", Lang: lang, Audience: component.Citizen,
		TenantName: "Mazara del Vallo", TenantKind: "Comune di", Authority: "Regione Siciliana",
		Nav: []component.NavItem{
			{Label: "Amministrazione", URL: "/amministrazione", Element: "management"},
			{Label: "Novità", URL: "/novita", Element: "news"},
			{Label: "Servizi", URL: "/servizi", Element: "all-services", Current: true},
			{Label: "Vivere il Comune", URL: "/vivere", Element: "live"},
		},
		SignIn: "/accedi", SearchURL: "/cerca", Legal: legal(), Path: "/mazara-del-vallo/servizi",
	}
}

func legal() component.Legal {
	return component.Legal{
		Privacy: "/privacy", Notes: "/note-legali", Accessibility: "https://form.agid.gov.it/view/esempio",
		Questions: "/faq", Report: "/segnala",
	}
}

func casePage() any {
	return struct {
		Identity component.Identity
		Sections component.Sections
		Alert    component.Alert
		Summary  component.Summary
		Timeline component.Timeline
		Tasks    component.TaskList
	}{
		Identity: component.Identity{
			Label: "Persona", Name: "Rosa Bianco", Notice: "Accesso tracciato.",
			Facts:   []component.Fact{{Label: "Nata il", Value: "03/02/1948"}, {Label: "Codice fiscale", Value: "BNCRSO48B43G315K"}, {Label: "Cartella", Value: "2026/118"}},
			Tags:    []component.Tag{{Label: "In carico", Tone: component.Success}, {Label: "Minore in famiglia", Tone: component.Warning}},
			Link:    &component.Link{Label: "Perché posso vederla?", URL: "/cartelle/7/accessi"},
			Actions: []component.Button{{Label: "Nuova nota", URL: "/cartelle/7/diario", Emphasis: component.Primary, Shortcut: "n"}, {Label: "Condividi", URL: "/cartelle/7/condividi"}},
		},
		Sections: component.Sections{Label: "Sezioni della cartella", Items: []component.NavItem{
			{Label: "Riepilogo", URL: "/cartelle/7", Current: true},
			{Label: "Persona e nucleo", URL: "/cartelle/7/persona"},
			{Label: "Valutazioni", URL: "/cartelle/7/valutazioni"},
			{Label: "Diario", URL: "/cartelle/7/diario", Count: 2, CountOf: "note da leggere"},
			{Label: "Documenti", URL: "/cartelle/7/documenti"},
			{Label: "Accessi", URL: "/cartelle/7/accessi"},
		}},
		Alert:    component.Alert{Tone: component.Warning, Title: "La valutazione scade tra 12 giorni.", Link: &component.Link{Label: "Programma la revisione", URL: "/cartelle/7/valutazioni"}},
		Summary:  caseSummary(),
		Timeline: caseTimeline(),
		Tasks: component.TaskList{Title: "Da fare", Tasks: []component.Task{
			{Label: "Valutazione sociale", URL: "/a", State: component.Done},
			{Label: "Scala di Barthel", URL: "/b", State: component.Doing, Hint: "Mancano 3 risposte"},
			{Label: "Progetto personalizzato", URL: "/c"},
			{Label: "Firma del progetto", URL: "/d", State: component.Locked},
			{Label: "Recapiti", URL: "/e", State: component.Problem},
		}},
	}
}

func caseSummary() component.Summary {
	change := &component.Link{Label: "Modifica", Hidden: "i dati della persona", URL: "/cartelle/7/persona"}
	return component.Summary{Title: "In breve", Change: change, Rows: []component.SummaryRow{
		{Label: "Presa in carico", Date: today},
		{Label: "Bisogno espresso", Values: []string{"Aiuto nella cura della persona a casa.", "La figlia segue la madre nel fine settimana."}, Lang: "it"},
		{Label: "Stato", Tag: &component.Tag{Label: "In valutazione", Tone: component.Info}},
		{Label: "Medico di base", Change: &component.Link{Label: "Modifica", Hidden: "il medico di base", URL: "/x"}},
		{Label: "Telefono", Values: []string{"0923 1"}, Error: "Il numero ha meno cifre del previsto"},
	}}
}

func caseTimeline() component.Timeline {
	return component.Timeline{Label: "Diario", Events: []component.Event{
		{Title: "Visita domiciliare", At: today, By: "Giulia Ferro, assistente sociale", Text: []string{"La signora cammina in casa con il deambulatore.\nIl bagno non ha maniglie."}, Tags: []component.Tag{{Label: "Firmata", Tone: component.Success}}, Link: &component.Link{Label: "Apri la nota", Hidden: "Visita domiciliare", URL: "/cartelle/7/diario/2"}},
		{Title: "Colloquio con la figlia", At: today.AddDate(0, 0, -9), By: "Marco Riso, educatore", Text: []string{"Chiede un aiuto per le mattine."}, Lang: "it"},
	}, Pager: &component.Pager{Next: "?dopo=2", Label: "Pagine del diario"}}
}

func listPage() any {
	rows := []component.Row{}
	for _, name := range []string{"Bianco Rosa", "D’Amico Salvatore", "Ferrante Maria Concetta", "Gallo Antonino", "Maltese Vita", "Pavia Girolamo"} {
		rows = append(rows, component.Row{Cells: []component.Cell{
			{Text: name, URL: "/cartelle/7", Note: "2026/118"},
			{Date: today.AddDate(-60, 0, 0)},
			{Tags: []component.Tag{{Label: "In carico", Tone: component.Success}}},
			{Text: "Giulia Ferro"},
			{Instant: today},
			{Text: "4"},
			{Actions: []component.Link{{Label: "Assegna", Hidden: "la cartella di " + name, URL: "/x"}}},
		}})
	}
	rows[2].Cells[3] = component.Cell{}
	rows[3].Cells[2] = component.Cell{Tags: []component.Tag{{Label: "Da assegnare", Tone: component.Danger}}}
	return struct {
		Tabs           component.Sections
		Buttons        component.ButtonRow
		Table, Nothing component.Table
	}{
		Tabs:    component.Sections{Label: "Elenchi", Items: []component.NavItem{{Label: "Assegnate a me", URL: "/cartelle", Current: true}, {Label: "Della mia équipe", URL: "/cartelle?elenco=equipe"}}},
		Buttons: component.ButtonRow{Buttons: []component.Button{{Label: "Nuova cartella", URL: "/cartelle/nuova", Emphasis: component.Primary, Shortcut: "n"}, {Label: "Scarica CSV", URL: "/cartelle.csv"}}},
		Table: component.Table{Caption: "Cartelle assegnate a me", Rows: rows, Pager: &component.Pager{Shown: "6 cartelle in questa pagina", Previous: "?prima=1", Next: "?dopo=6"}, Columns: []component.Column{
			{Label: "Persona", SortURL: "?ordina=-nome", Order: component.Ascending},
			{Label: "Nascita", SortURL: "?ordina=nascita"},
			{Label: "Stato"},
			{Label: "Operatore"},
			{Label: "Ultima modifica", SortURL: "?ordina=modifica"},
			{Label: "Note", Numeric: true},
			{Label: "Azioni", Hidden: true},
		}},
		Nothing: component.Table{ID: "bozze", Caption: "Bozze", Empty: component.Empty{Title: "Nessuna bozza", Text: "Qui trovi i testi che hai iniziato e non ancora salvato.", Action: &component.Link{Label: "Scrivi una nota", URL: "/diario"}}},
	}
}

func formFields() []component.Field {
	yesNo := []component.Option{{Value: "si", Label: "Sì", Hint: "Anche solo in alcuni giorni"}, {Value: "no", Label: "No"}}
	needs := []component.Option{{Value: "casa", Label: "Aiuto in casa", Selected: true}, {Value: "trasporto", Label: "Trasporto"}, {Value: "scuola", Label: "Scuola", Disabled: true}}
	return []component.Field{
		{ID: "codice-fiscale", Kind: component.Code, Label: "Codice fiscale", Hint: "16 caratteri, sulla tessera sanitaria", Required: true, Width: component.Medium, MaxLength: 16, Value: "BNCRSO48B43G315X", Error: "L’ultimo carattere del codice fiscale non corrisponde agli altri"},
		{ID: "cognome", Label: "Cognome", Required: true, Autocomplete: "off", Value: `Bianco "<𝒮>`},
		{ID: "nascita", Kind: component.KnownDate, Label: "Data di nascita", Hint: "Per esempio 3 2 1948", Required: true, Autocomplete: "bday", Date: component.DateParts{Day: "31", Month: "2", Year: "2048"}, Error: "La data di nascita è nel futuro"},
		{ID: "email", Kind: component.Email, Label: "Posta elettronica", Autocomplete: "email"},
		{ID: "telefono", Kind: component.Phone, Label: "Telefono", Width: component.Medium},
		{ID: "comune", Kind: component.Select, Label: "Comune di residenza", Required: true, Value: "g315", Options: []component.Option{{Value: "g315", Label: "Pantelleria"}, {Value: "e974", Label: "Marsala"}}},
		{ID: "sesso", Kind: component.Select, Label: "Sesso anagrafico", ReadOnly: true, Value: "F", Options: []component.Option{{Value: "F", Label: "Femmina"}, {Value: "M", Label: "Maschio"}}},
		{ID: "sola", Kind: component.Radios, Label: "La persona vive sola?", Required: true, Options: yesNo, Value: "no", Error: "Scegli se la persona vive sola"},
		{ID: "bisogni", Kind: component.Checkboxes, Label: "Di che cosa c’è bisogno", Hint: "Puoi scegliere più voci", Options: needs},
		{ID: "isee", Kind: component.Number, Label: "ISEE", Unit: "€", Width: component.Short},
		{ID: "visita", Kind: component.Appointed, Label: "Giorno della visita", Width: component.Medium},
		{ID: "ora", Kind: component.TimeOfDay, Label: "Ora", Width: component.Short},
		{ID: "parola", Kind: component.Password, Label: "Parola d’ordine della demo", Autocomplete: "current-password", Required: true},
		{ID: "nota", Name: "testo", Kind: component.LongText, Label: "Prima annotazione", MaxLength: 4000, Value: "<script>alert(1)</script>"},
		{ID: "documento", Kind: component.File, Label: "Documento", Hint: "PDF o immagine, al massimo 10 MB", Accept: ".pdf,image/*", Multiple: true},
	}
}

func formPage() any {
	fields := formFields()
	return struct {
		Errors  component.ErrorSummary
		Steps   component.Steps
		Fields  []component.Field
		Buttons component.ButtonRow
	}{
		Errors:  component.Summarize(fields...),
		Steps:   component.Steps{Items: []component.Step{{Label: "Persona", URL: "/1", Done: true}, {Label: "Dati generali", Current: true}, {Label: "Nucleo"}, {Label: "Riepilogo"}}},
		Fields:  fields,
		Buttons: component.ButtonRow{Buttons: []component.Button{{Label: "Salva", Name: "azione", Value: "salva", Emphasis: component.Primary}, {Label: "Salva e continua più tardi", Name: "azione", Value: "bozza"}}},
	}
}

func publicPage() any {
	return struct {
		Crumbs component.Breadcrumb
		Cards  component.Cards
		Table  component.Table
		Empty  component.Empty
	}{
		Crumbs: component.Breadcrumb{Items: []component.Crumb{{Label: "Home", URL: "/"}, {Label: "Servizi", URL: "/servizi"}, {Label: "Disabilità"}}},
		Cards: component.Cards{Level: 2, Items: []component.Card{
			{Title: "Assistenza domiciliare", URL: "/servizi/sad", Category: "Anziani e disabilità", Text: "Aiuto a casa per la cura della persona e per le faccende quotidiane.", Element: "service-link", Lang: "it"},
			{Title: "Trasporto sociale", URL: "/servizi/trasporto", Category: "Disabilità", Text: "Accompagnamento a visite, terapie e centri diurni.", Tags: []component.Tag{{Label: "Domande aperte", Tone: component.Success}}},
			{Title: "Centro d’informazione territoriale", URL: "/servizi/cid", Category: "Disabilità", Text: "Ascolto e orientamento per le persone con disabilità e le loro famiglie."},
		}},
		Table: component.Table{
			ID: "domande", Caption: "Le tue domande", Hidden: true, Cards: true,
			Columns: []component.Column{{Label: "Domanda"}, {Label: "Inviata il"}, {Label: "Stato"}},
			Rows:    []component.Row{{Cells: []component.Cell{{Text: "Trasporto sociale", URL: "/domande/1"}, {Date: today}, {Tags: []component.Tag{{Label: "Inviata", Tone: component.Info}}}}}},
		},
		Empty: component.Empty{Title: "Nessun messaggio", Text: "Qui leggerai le risposte del Comune."},
	}
}

func confirmPage() any {
	reason := component.Field{ID: "motivo", Kind: component.LongText, Rows: 3, Label: "Perché revochi la condivisione", Required: true, Error: "Scrivi il motivo"}
	return struct {
		Confirm  component.Confirm
		Decision component.Decision
	}{component.Confirm{
		Title: "Revoca la condivisione con Mazara del Vallo", Text: []string{"La cartella di Rosa Bianco è condivisa fino al 30/09/2026."},
		Consequences: []string{"Chi lavora a Mazara del Vallo non la vedrà più, da subito.", "Quello che è già stato letto resta nel registro degli accessi."},
		Errors:       component.Summarize(reason), Fields: []component.Field{reason}, Hidden: []component.Hidden{{Name: "version", Value: "3"}},
		Action: "/cartelle/7/condivisioni/2/revoca", Button: component.Button{Label: "Revoca la condivisione", Emphasis: component.Grave}, CancelURL: "/cartelle/7/accessi",
	}, component.Decision{
		Title: "Oppure cambia la scadenza", Text: "L’altro ente riceve un avviso.", Action: "/cartelle/7/condivisioni/2/scadenza", Hidden: []component.Hidden{{Name: "condivisione", Value: "2"}},
		Fields: []component.Field{{ID: "note", Label: "Note", MaxLength: 200}}, Button: component.Button{Label: "Accorcia"}, Other: &component.Button{Label: "Prolunga"},
	}}
}
