package main

import (
	"time"

	"staffetta/internal/login/demo"
	"staffetta/modules/steward/appointment"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// demoPerson is a fictitious person of the demo: nobody of this name is meant.
type demoPerson struct {
	Surname, Name string
	Born          string // day
	Sex           string
	Birthplace    string // Belfiore code
	Body          string // slug of the body where the person works, "" for a citizen
	Roles         []string
	Note          string
}

// Slugs of the demo's bodies: their IPA codes.
const (
	marsala     = "c_e974"
	mazara      = "c_f061"
	pantelleria = "c_g315"
	petrosino   = "c_m281" // in the complete demo alone
)

// cast is everybody who can sign in at the demo provider.
var cast = []demoPerson{
	{"Ferrante", "Giulia", "1979-03-14", "F", "E974", marsala, []string{"practice_owner"}, "Marsala · referente della pratica CID"},
	{"Todaro", "Marco", "1972-11-02", "M", "E974", marsala, []string{"tenant_admin"}, "Marsala · amministratore"},
	{"Lombardo", "Sara", "1986-07-21", "F", "L331", marsala, []string{"social_worker"}, "Marsala · assistente sociale"},
	{"Genna", "Paolo", "1968-01-30", "M", "E974", marsala, []string{"coordinator"}, "Marsala · coordinatore"},
	{"Vella", "Ida", "1971-02-18", "F", "E974", marsala, []string{"dpo"}, "Marsala · responsabile della protezione dei dati"},
	{"Asaro", "Elena", "1975-09-09", "F", "F061", mazara, []string{"coordinator"}, "Mazara del Vallo · coordinatrice"},
	{"Giacalone", "Luca", "1988-04-17", "M", "F061", mazara, []string{"social_worker"}, "Mazara del Vallo · assistente sociale"},
	{"Bono", "Rita", "1970-12-05", "F", "F061", mazara, []string{"tenant_admin"}, "Mazara del Vallo · amministratrice"},
	{"Rizzo", "Anna", "1977-05-26", "F", "G315", pantelleria, []string{"tenant_admin", "practice_owner"}, "Pantelleria · attiva il Comune, poi amministratrice"},
	{"Errera", "Davide", "1990-02-11", "M", "G315", pantelleria, []string{"social_worker"}, "Pantelleria · assistente sociale"},
	{"Valenza", "Chiara", "1973-08-19", "F", "G315", pantelleria, []string{"coordinator"}, "Pantelleria · coordinatrice"},
	{"Ferreri", "Nino", "1983-10-03", "M", "G315", pantelleria, []string{"access_desk"}, "Pantelleria · operatore di accesso"},
	{"Messina", "Piera", "1981-06-14", "F", "M281", petrosino, []string{"tenant_admin", "practice_owner"}, "Petrosino · cerca una pratica"},
	{"Catalano", "Salvo", "1969-04-08", "M", "G273", tenants.PlatformSlug, appointment.Roles, "Piattaforma · la gestisce"},
	{"Bianco", "Rosa", "1958-06-28", "F", "G315", "", nil, "Cittadina di Pantelleria"},
}

func (p demoPerson) code() string {
	born, err := time.Parse(time.DateOnly, p.Born)
	if err != nil {
		panic(err) // the cast is written above
	}
	return taxcode.Build(p.Surname, p.Name, born, p.Sex, p.Birthplace)
}

// demoPeople is the cast as the demo provider offers it.
func demoPeople() []demo.Person {
	people := make([]demo.Person, len(cast))
	for i, p := range cast {
		people[i] = demo.Person{FiscalCode: p.code(), GivenName: p.Name, FamilyName: p.Surname, Note: p.Note}
		if p.Body != "" {
			people[i].Bodies = []string{p.Body}
		}
		if p.Body == pantelleria {
			people[i].Bodies = append(people[i].Bodies, "piattaforma")
		}
	}
	return people
}

// staff lists who works in a body.
func staff(slug string) []demoPerson {
	var members []demoPerson
	for _, p := range cast {
		if p.Body == slug {
			members = append(members, p)
		}
	}
	return members
}
