package practice

import "staffetta/internal/language"

// events names what the module writes into the audit.
var events = map[string]language.Text{
	"practice.create":   {It: "Ha creato una buona pratica", En: "Created a practice"},
	"practice.update":   {It: "Ha modificato una buona pratica", En: "Changed a practice"},
	"practice.install":  {It: "Ha installato una buona pratica", En: "Installed a practice"},
	"kit.compose":       {It: "Ha composto un kit", En: "Composed a kit"},
	"kit.check":         {It: "Ha controllato un kit", En: "Checked a kit"},
	"kit.names":         {It: "Ha confrontato un kit con i nomi registrati", En: "Compared a kit with registered names"},
	"kit.justify":       {It: "Ha motivato un dato del kit", En: "Justified something in a kit"},
	"kit.publish":       {It: "Ha pubblicato un kit", En: "Published a kit"},
	"need.create":       {It: "Ha scritto un fabbisogno di pratica", En: "Wrote down a need of practice"},
	"need.update":       {It: "Ha modificato un fabbisogno di pratica", En: "Changed a need of practice"},
	"need.publish":      {It: "Ha pubblicato un fabbisogno di pratica", En: "Published a need of practice"},
	"need.withdrawn":    {It: "Ha ritirato un fabbisogno di pratica", En: "Withdrew a need of practice"},
	"need.met":          {It: "Ha segnato come soddisfatto un fabbisogno di pratica", En: "Marked a need of practice as met"},
	"kit.sign":          {It: "Ha firmato un kit", En: "Signed a kit"},
	"kit.install":       {It: "Ha installato un kit da un file", En: "Installed a kit from a file"},
	"adoption.start":    {It: "Ha iniziato un’adozione", En: "Began an adoption"},
	"adoption.advance":  {It: "Ha portato avanti un’adozione", En: "Moved an adoption on"},
	"adoption.return":   {It: "Ha riportato indietro un’adozione", En: "Moved an adoption back"},
	"adoption.state":    {It: "Ha registrato un riscontro di un’adozione", En: "Recorded a statement about an adoption"},
	"adoption.withdraw": {It: "Ha ritirato un riscontro di un’adozione", En: "Withdrew a statement about an adoption"},
	"adoption.appoint":  {It: "Ha indicato il responsabile di una fase", En: "Named who answers for a stage"},
	"adoption.note":     {It: "Ha scritto una nota su un’adozione", En: "Wrote a note about an adoption"},
	"adoption.undo":     {It: "È tornato a prima di un kit", En: "Went back to before a kit"},
	"campaign.start":    {It: "Ha avviato una campagna di aggiornamento", En: "Started an upgrade campaign"},
	"campaign.pause":    {It: "Ha messo in pausa una campagna di aggiornamento", En: "Paused an upgrade campaign"},
	"campaign.resume":   {It: "Ha ripreso una campagna di aggiornamento", En: "Resumed an upgrade campaign"},
	"campaign.retry":    {It: "Ha fatto riprovare gli aggiornamenti non riusciti", En: "Had failed upgrades tried again"},
	"campaign.cancel":   {It: "Ha annullato una campagna di aggiornamento", En: "Cancelled an upgrade campaign"},
	"upgrade.prepare":   {It: "Ha preparato un aggiornamento", En: "Prepared an upgrade"},
	"upgrade.choose":    {It: "Ha scelto come ricevere gli aggiornamenti", En: "Chose how to get upgrades"},
	"adoption.apply":    {It: "Ha applicato un kit", En: "Applied a kit"},
}
