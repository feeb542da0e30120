package intake

import "staffetta/internal/language"

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
		code("in_person", "Di persona", "In person"), code("phone", "Telefonica", "By phone"), code("email", "E-mail", "E-mail"),
		code("home", "A domicilio", "At home"), code("written", "Segnalazione scritta", "Written report"),
		code("other_remote", "Altra a distanza", "Other, at a distance"), code("online", "On line", "Online"),
	}
	// Interlocutors say who arrives (it: interlocutore).
	Interlocutors = []Code{
		code("user", "Utente", "The person"), code("relative", "Parente o conoscente", "Relative or acquaintance"),
		code("judicial", "Autorità giudiziaria", "Judicial authority"), code("organisation", "Organizzazione", "Organisation"),
		code("institution", "Istituzionale", "Institution"), code("other", "Altro", "Other"),
	}
	// Reasons say why somebody arrives (it: motivo dell'accesso).
	Reasons = []Code{
		code("spontaneous", "Spontaneo", "Of one's own accord"), code("sent", "Inviato da altri", "Sent by others"),
		code("summoned", "Convocato", "Summoned"), code("decree", "Decreto", "By decree"),
	}
	// Needs are the coded needs (it: bisogno).
	Needs = []Code{
		code("physiological", "Fisiologici", "Physiological"), code("safety", "Sicurezza e protezione", "Safety and protection"),
		code("belonging", "Appartenenza", "Belonging"), code("fulfilment", "Realizzazione", "Fulfilment"),
		code("self_fulfilment", "Autorealizzazione", "Self-fulfilment"),
	}
	// Targets are the groups of the population (it: area di utenza).
	Targets = []Code{
		code("families", "Famiglia e minori", "Families and children"), code("disability", "Persone con disabilità", "Persons with disabilities"),
		code("adults", "Adulti", "Adults"), code("elderly", "Anziani", "Older people"),
	}
	// Outcomes close a contact (it: esito).
	Outcomes = []Code{
		code("information", "Informazione", "Information"), code("guidance", "Orientamento", "Guidance"),
		code(Signposting, "Invio ad altro ufficio o ente", "Sent to another office or body"),
		code("emergency", "Urgenza", "Emergency"), code(TakingInCharge, "Proposta di presa in carico", "Proposed for taking in charge"),
	}
	// States are those of a contact (it: stato dell'accesso).
	States = []Code{code(Created, "Da vedere", "To be seen"), code(Seen, "Vista", "Seen"), code(Closed, "Chiusa", "Closed")}
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
