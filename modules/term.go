package modules

import (
	"fmt"

	"staffetta/internal/language"
)

// What no disposal removes row by row has no term, and is kept like one of these.
const (
	AsTheBody    = "body"    // also the retention of a record that is declared to be about people and names nobody
	AsTheAccount = "account" // what people need to come in, and what they say of themselves
	AsTheTrace   = "trace"   // what the audit says beside who did what when
)

// Untermed lists them.
var Untermed = []string{AsTheTrace, AsTheAccount, AsTheBody}

// untermed are the words for them.
var untermed = map[string]func(years int) language.Text{
	AsTheBody: func(int) language.Text {
		return language.Text{
			It: "Ciò che non parla di persone seguite: finché l’ente usa la piattaforma; si cancella quando ne esce.",
			En: "What is not about persons who are followed: as long as the body uses the platform; it is removed when the body leaves.",
		}
	},
	AsTheAccount: func(int) language.Text {
		return language.Text{
			It: "Utenze e ruoli: finché l’ente usa la piattaforma, anche quando un ruolo è finito. Indirizzi e preferenze: finché la persona li lascia nel proprio profilo.",
			En: "Accounts and roles: as long as the body uses the platform, also when a role is over. Addresses and preferences: as long as people leave them in their profile.",
		}
	},
	AsTheTrace: func(years int) language.Text {
		return language.Text{
			It: fmt.Sprintf("Registro delle attività: %d anni. Motivi e dettagli su ciò che si scarta vanno via con lo scarto; chi ha fatto che cosa e quando resta sempre.", years),
			En: fmt.Sprintf("Audit: %d years. Reasons and details about what is disposed of go with it; who did what when always stays.", years),
		}
	},
}

// KeptWithout says how long what has no term is kept, where the body keeps what its audit says for some years. It is "" for a kind that is
// no such one.
func KeptWithout(kind string, traceYears int) language.Text {
	if words, known := untermed[kind]; known {
		return words(traceYears)
	}
	return language.Text{}
}

// Term is how long a body keeps something about people unless it decides otherwise (it: termine di conservazione). Which rows are over,
// the disposal in the database says for each kind (onboarding.disposable).
type Term struct {
	Kind   string        // what records name as their retention: "case"
	Label  language.Text // what is kept
	From   language.Text // from when the term runs
	Years  int           // proposed to every body
	Source language.Text // why that long: the law where there is one
}

// FindTerms lists the terms of modules, in their order.
func FindTerms(list []Module) []Term {
	var all []Term
	for _, m := range list {
		all = append(all, m.Terms...)
	}
	return all
}
