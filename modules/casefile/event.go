package casefile

import "staffetta/internal/language"

// events names what the module writes into the audit, for who reads who opened a case.
var events = map[string]language.Text{
	"case.read":        {It: "Ha letto la cartella", En: "Read the case file"},
	"case.list":        {It: "Ha visto un elenco di cartelle", En: "Saw a list of case files"},
	"case.create":      {It: "Ha aperto la presa in carico", En: "Opened the case"},
	"case.open":        {It: "Ha aperto con motivo", En: "Opened with a reason"},
	"case.change":      {It: "Ha modificato la cartella", En: "Changed the case file"}, // said in place of what belongs to sections that the reader does not read
	"case.advance":     {It: "Ha cambiato lo stato", En: "Changed the state"},
	"case.assign":      {It: "Ha passato la cartella a un altro responsabile", En: "Handed the case file to another manager"},
	"case.join":        {It: "Ha aggiunto una persona all'équipe", En: "Added somebody to the team"},
	"case.leave":       {It: "Ha tolto una persona dall'équipe", En: "Removed somebody from the team"},
	"case.protect":     {It: "Ha protetto la cartella", En: "Protected the case file"},
	"case.release":     {It: "Ha tolto la protezione", En: "Ended the protection"},
	"explanation.read": {It: "Ha chiesto perché qualcuno poteva accedere", En: "Asked why somebody had access"},
	"note.read":        {It: "Ha letto un'annotazione", En: "Read a note"},
	"note.draft":       {It: "Ha salvato una bozza", En: "Saved a draft"},
	"note.sign":        {It: "Ha firmato un'annotazione", En: "Signed a note"},
	"document.create":  {It: "Ha caricato un documento", En: "Uploaded a document"},
	"notice.forget":    {It: "Ha cancellato gli avvisi più vecchi del termine", En: "Deleted the notices older than their term"},
	"document.read":    {It: "Ha scaricato un documento", En: "Downloaded a document"},
}
