package intake

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
)

// Code is one entry of a closed list.
type Code struct {
	ID    string
	Label language.Text
}

func code(id, it, en string) Code { return Code{id, language.Text{It: it, En: en}} }

// The closed lists of a contact, in the order of the form; they follow the interchange guidelines for the social
// record of Regione Lombardia.
var (
	// Channels say how somebody arrives (it: canale).
	Channels = []Code{
		code("in_person", "Di persona", "In person"), code("phone", "Per telefono", "By phone"), code("email", "Per e-mail", "By e-mail"),
		code("home", "A domicilio", "At home"), code("written", "Con una segnalazione scritta", "By a written report"),
		code("other_remote", "In altro modo a distanza", "Otherwise, at a distance"), code("online", "Online", "Online"),
	}
	// Interlocutors say who arrives (it: interlocutore).
	Interlocutors = []Code{
		code("user", "La persona stessa", "The person"), code("relative", "Un parente o conoscente", "A relative or acquaintance"),
		code("judicial", "Autorità giudiziaria", "Judicial authority"), code("organisation", "Un’organizzazione", "An organisation"),
		code("institution", "Un’istituzione", "An institution"), code("other", "Altro", "Other"),
	}
	// Reasons say why somebody arrives (it: motivo dell'accesso).
	Reasons = []Code{
		code("spontaneous", "Di propria iniziativa", "Of one's own accord"), code("sent", "Su invio di altri", "Sent by others"),
		code("summoned", "Su nostra convocazione", "Summoned by us"), code("decree", "Per un decreto", "By decree"),
	}
	// Needs are the coded needs (it: bisogno).
	Needs = []Code{
		code("physiological", "Fisiologici: cura di sé, cibo, salute", "Physiological: self-care, food, health"),
		code("safety", "Sicurezza e protezione: casa, reddito", "Safety and protection: home, income"),
		code("belonging", "Appartenenza: relazioni, famiglia, scuola", "Belonging: relations, family, school"),
		code("fulfilment", "Realizzazione: lavoro, ruolo, riconoscimento", "Fulfilment: work, role, recognition"),
		code("self_fulfilment", "Autorealizzazione: desideri, autonomia", "Self-fulfilment: wishes, independence"),
	}
	// Targets are the groups of the population (it: area di utenza).
	Targets = []Code{
		{"families", kit.AreaLabel("famiglia_minori")},
		{"disability", kit.AreaLabel("disabili")},
		{"adults", kit.AreaLabel("adulti")},
		{"elderly", kit.AreaLabel("anziani")},
	}
	// Outcomes close a contact (it: esito).
	Outcomes = []Code{
		code("information", "Informazione", "Information"), code("guidance", "Orientamento", "Guidance"),
		code(Signposting, "Invio ad altro ufficio o ente", "Sent to another office or body"),
		code("emergency", "Urgenza", "Emergency"), code(TakingInCharge, "Proposta di presa in carico", "Proposed for taking in charge"),
	}
	// States are those of a contact (it: stato dell'accesso).
	States = []Code{code(Created, "Da vedere", "To be seen"), code(Seen, "Visto", "Seen"), code(Closed, "Chiuso", "Closed")}
)

// Outcomes that ask for something more.
const (
	Signposting    = "signposting"      // where to
	TakingInCharge = "taking_in_charge" // whom
)

// States of a contact.
const (
	Created = "created"
	Seen    = "seen"
	Closed  = "closed"
)

func ids(list []Code) []string {
	all := make([]string, len(list))
	for i, c := range list {
		all[i] = c.ID
	}
	return all
}

// Label is the label of a code in a list; empty for none.
func Label(list []Code, id string) language.Text {
	for _, c := range list {
		if c.ID == id {
			return c.Label
		}
	}
	return language.Text{}
}

// wordings say the codes of a contact.
func wordings() map[string]modules.Wording {
	all := map[string]modules.Wording{}
	for column, list := range map[string][]Code{
		"channel": Channels, "interlocutor": Interlocutors, "needs": Needs, "outcome": Outcomes, "reason": Reasons, "state": States, "target": Targets,
	} {
		all[column] = modules.Wording{Of: func(id string) language.Text { return Label(list, id) }}
	}
	return all
}
