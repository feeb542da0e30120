package onboarding

import "staffetta/internal/language"

// events are what the events of this module are called in the audit.
var events = map[string]language.Text{
	"entry.create":        {It: "Ha iniziato l’attivazione di un ente", En: "Began the entry of a body"},
	"entry.update":        {It: "Ha salvato un passo dell’attivazione", En: "Saved a step of an entry"},
	"entry.move":          {It: "Ha avviato o riaperto un’attivazione", En: "Began to make the body of an entry, or opened it again"},
	"entry.code":          {It: "Ha fatto inviare il codice alla PEC dell’ente", En: "Had the code sent to the certified mail of a body"},
	"entry.refuse":        {It: "Ha provato quello che non gli è permesso in un’attivazione", En: "Tried what is not allowed in an entry"},
	"entry.add_person":    {It: "Ha aggiunto una persona all’attivazione", En: "Added a person to an entry"},
	"entry.remove_person": {It: "Ha tolto una persona dall’attivazione", En: "Removed a person from an entry"},
	"entry.leave":         {It: "Ha lasciato l’attivazione", En: "Left an entry"},
	"entry.activate":      {It: "Ha dimostrato i poteri e creato un ente", En: "Proved control and made a body"},
	"rule.draft":          {It: "Ha preparato una modifica delle regole", En: "Prepared a change of the rules"},
	"rule.discard":        {It: "Ha scartato una modifica delle regole", En: "Discarded a change of the rules"},
	"rule.compare":        {It: "Ha letto chi guadagna e chi perde", En: "Read who gains and who loses"},
	"rule.apply":          {It: "Ha cambiato le regole", En: "Changed the rules"},
	"rule.require":        {It: "Ha aggiunto una prova delle regole", En: "Added a test of the rules"},
	"rule.release":        {It: "Ha tolto una prova delle regole", En: "Removed a test of the rules"},
	"role.list":           {It: "Ha visto chi ha quali ruoli", En: "Saw who holds which roles"},
	"role.give":           {It: "Ha dato un ruolo a una persona", En: "Gave a person a role"},
	"role.refuse":         {It: "Ha chiesto per una persona ruoli che si escludono: rifiutato", En: "Asked for roles that exclude each other: refused"},
	"person.admit":        {It: "Ha aggiunto persone all’ente", En: "Let people into the body"},
	"office.create":       {It: "Ha aperto una sede", En: "Opened an office"},
	"office.update":       {It: "Ha cambiato una sede", En: "Changed an office"},
	"office.close":        {It: "Ha chiuso una sede", En: "Closed an office"},
	"role.take":           {It: "Ha tolto un ruolo a una persona", En: "Took a role back from a person"},
	"module.switch":       {It: "Ha acceso o spento un modulo", En: "Turned a module on or off"},
	"body.open":           {It: "Ha pubblicato l’ente", En: "Brought the body live"},
	"body.take_back":      {It: "Ha riportato l’ente in prova", En: "Put the body back on trial"},
	"entry.enrol":         {It: "Ha creato enti da un elenco", En: "Made bodies from a list"},
	"body.enter":          {It: "Ha creato questo ente da un elenco", En: "Made this body from a list"},
	"body.activate":       {It: "Ha creato questo ente", En: "Made this body"},
}
