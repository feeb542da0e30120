package modules

import "staffetta/internal/language"

// Treatment is something that a module does with data about people, as the privacy documents of a body tell it (it: trattamento).
// But for its title its texts are Italian, because the documents are acts of an Italian body.
type Treatment struct {
	Key        string // unique among all modules
	Area       Area
	Title      language.Text
	Purpose    string  // what for: "per …"
	Bases      []Basis // by which articles of the GDPR it is lawful
	Laws       string  // the national law that orders it
	People     []string
	Data       []string
	Recipients []string // besides who works in the body and its processors
	Terms      []string // the kinds of terms under which what it writes stands (Term.Kind), or of what has none (Untermed)
	Measures   []string // by which the module protects them (art. 32 GDPR)
}

// Area is for whom a treatment is, and so in which notice it stands (it: area dell'informativa).
type Area string

// The areas.
const (
	AccessArea  Area = "accesso"
	CareArea    Area = "presa-in-carico"
	NetworkArea Area = "collaborazione"
	RightsArea  Area = "tutela"
	StaffArea   Area = "operatori"
)

// Areas lists the areas in the order in which people meet them.
var Areas = []Area{AccessArea, CareArea, NetworkArea, RightsArea, StaffArea}

// Basis is an article of the GDPR by which a treatment is lawful (it: base giuridica).
type Basis string

// The bases that a public body has for social services. There is none for consent: what the law orders asks for none.
const (
	LegalDuty      Basis = "6.1.c"
	PublicTask     Basis = "6.1.e"
	SocialLaw      Basis = "9.2.b"
	PublicInterest Basis = "9.2.g"
	Care           Basis = "9.2.h"
	CourtData      Basis = "10"
)

// bases are the words for the bases, as documents cite them.
var bases = map[Basis]string{
	LegalDuty:      "obbligo di legge (art. 6, par. 1, lett. c, GDPR)",
	PublicTask:     "compito di interesse pubblico (art. 6, par. 1, lett. e, GDPR)",
	SocialLaw:      "diritto del lavoro, della sicurezza e della protezione sociale (art. 9, par. 2, lett. b, GDPR)",
	PublicInterest: "interesse pubblico rilevante (art. 9, par. 2, lett. g, GDPR; art. 2-sexies d.lgs. 196/2003)",
	Care:           "assistenza sanitaria o sociale (art. 9, par. 2, lett. h, GDPR)",
	CourtData:      "dati su condanne e reati, trattati perché lo prevede la legge (art. 10 GDPR; art. 2-octies d.lgs. 196/2003)",
}

// Cite is how documents name the basis; the same as its code for one that is not in the list.
func (b Basis) Cite() string {
	if words, known := bases[b]; known {
		return words
	}
	return string(b)
}

// IsSpecial tells whether the basis is one for data of health, origin, opinions, and other special categories, or of courts.
func (b Basis) IsSpecial() bool { return b != LegalDuty && b != PublicTask }
