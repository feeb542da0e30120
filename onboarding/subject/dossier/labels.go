package dossier

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// parts are what the parts of modules are called whose title says nothing to the person.
var parts = map[modules.ID]language.Text{
	"onboarding": {It: "Richieste sui dati personali", En: "Requests about personal data"},
}

// titles are what the declared tables about people are called in the files, which are Italian.
var titles = map[string]string{
	"registry.persons": "Dati anagrafici", "registry.contacts": "Recapiti", "registry.members": "Nuclei familiari", "registry.changes": "Modifiche ai dati anagrafici",
	"registry.households": "Nuclei", "casefile.cases": "Cartelle", "casefile.counters": "Contatori", "casefile.notices": "Avvisi agli operatori",
	"casefile.assignments": "Chi ha seguito la cartella", "casefile.steps": "Passi del percorso", "casefile.reasons": "Perché è stata aperta la cartella",
	"casefile.notes": "Diario", "casefile.marks": "Protezioni della cartella", "casefile.documents": "Documenti", "assessment.assessments": "Valutazioni",
	"intake.contacts": "Accessi allo sportello", "intake.drafts": "Bozze di accessi", "intake.addenda": "Aggiunte agli accessi", "intake.forms": "Moduli compilati",
	"ledger.contests": "Contestazioni", "ledger.exemptions": "Differimenti della vista degli accessi", "sharing.shares_details": "Condivisioni con altri enti",
	"onboarding.holds": "Blocchi dello scarto", "onboarding.subject_requests": "Richieste sui dati", "onboarding.subject_steps": "Che cosa è stato fatto delle richieste",
	"onboarding.subject_copies": "Copie dei dati", "onboarding.restrictions": "Limitazioni dell’uso dei dati",
}

// labels are what columns are called in the files.
var labels = map[string]string{
	"accompanied": "Accompagnata", "account_name": "Operatore", "actor_name": "Operatore", "added_at": "Aggiunto il", "added_name": "Aggiunto da", "address": "Indirizzo",
	"alias": "Nome convenzionale", "answer": "Risposta", "answered_at": "Risposta il", "answered_name": "Risposta di", "answered_on": "Risposta comunicata il", "answers": "Risposte",
	"area": "Area", "asked_at": "Chiesta il", "asked_name": "Chiesta da", "asker": "Chi ha chiesto", "asker_name": "Nome di chi ha chiesto", "assigned_name": "Assegnata da", "at": "Quando",
	"author_name": "Scritto da", "band": "Fascia", "band_en": "Fascia (inglese)", "band_it": "Fascia (italiano)", "basis_reason": "Motivo della base giuridica", "birth_date": "Data di nascita",
	"birthplace": "Luogo di nascita", "birthplace_code": "Codice del luogo di nascita", "body": "Testo", "changed_at": "Modificato il", "changed_name": "Modificato da", "channel": "Canale",
	"citizenship": "Cittadinanza", "closed_at": "Chiuso il", "closed_name": "Chiuso da", "code_kind": "Tipo di codice", "created_at": "Registrato il",
	"created_name": "Registrato da", "death_date": "Data di morte", "done_name": "Fatto da", "done_on": "Fatto il", "due_on": "Termine", "earlier": "Versioni precedenti", "email": "E-mail",
	"end_reason": "Perché è finito", "ended_at": "Finito il", "ended_name": "Finito da", "event_at": "Evento del", "expires_at": "Scaricabile fino al", "expires_on": "Scade il",
	"extended_at": "Termine prorogato il", "extension": "Motivo della proroga", "extra": "Sezioni in più", "extra_reason": "Motivo delle sezioni in più", "fetched_at": "Scaricata il",
	"fetched_name": "Scaricata da", "field": "Dato", "file_name": "Nome del file", "finalised_at": "Confermato il", "finding": "Esito", "form": "Modulo", "from_state": "Dallo stato",
	"given": "Risposte date", "ground": "Ragione", "handled_name": "Seguita da", "happened_on": "Del giorno", "held_at": "Bloccato il", "held_name": "Bloccato da", "identity": "Come è stata riconosciuta",
	"instrument": "Strumento", "interlocutor": "Chi si è presentato", "kind": "Tipo", "last": "Ultimo", "lift_reason": "Perché il limite è stato tolto", "lifted_at": "Limite tolto il", "lifted_name": "Limite tolto da", "made_at": "Fatto il", "media_type": "Formato", "mobile": "Cellulare",
	"municipality": "Comune", "municipality_code": "Codice del comune", "name": "Nome", "needs": "Bisogni", "new_value": "Valore nuovo", "no_code_reason": "Perché manca il codice fiscale",
	"no_fixed_abode": "Senza fissa dimora", "number": "Numero", "old_value": "Valore precedente", "opened_at": "Aperta il", "operator_name": "Operatore", "outcome": "Esito", "part": "Parte",
	"person_informed": "Informata sul trattamento", "phone": "Telefono", "postal_code": "CAP", "reason": "Motivo", "received_on": "Arrivata il", "recorded_at": "Registrato il",
	"recorded_name": "Registrato da", "reference": "Riferimento", "registered_at": "Registrata il", "registered_name": "Registrata da", "relation": "Relazione", "remedies": "Rimedi indicati",
	"request": "Richiesta", "score": "Punteggio", "score_max": "Punteggio massimo", "score_min": "Punteggio minimo", "seen_at": "Visto il", "set_aside": "Perché non ha avuto seguito",
	"set_at": "Dal", "set_name": "Messo da", "sex": "Sesso", "sha256": "Impronta", "signed_at": "Firmato il", "signposting": "Orientamento", "size": "Dimensione (byte)", "state": "Stato",
	"state_label": "Stato, in parole", "subject_name": "Nome indicato", "surname": "Cognome", "target": "Destinatario", "tax_code": "Codice fiscale", "text": "Testo", "title": "Titolo",
	"title_en": "Titolo (inglese)", "title_it": "Titolo", "to_state": "Allo stato", "topic": "Argomento", "transferred_to": "Passata all’ente", "transition": "Passaggio", "typed": "Testo scritto",
	"until": "Fino al", "updated_at": "Aggiornato il", "valid_from": "Valido dal", "valid_to": "Valido fino al", "visibility": "Visibilità", "words": "Parole",
}
