package archive

import (
	"bytes"
	"fmt"
	"strings"
	"text/template"

	"staffetta/internal/language"
)

// readmeText is what somebody without Staffetta needs to read an archive.
const readmeText = `ESPORTAZIONE COMPLETA DI {{.Manifest.Body.Name}}
{{.Date}}

Questo archivio contiene tutto ciò che l'ente ha in Staffetta: dati delle persone, cartelle sociali, documenti, configurazione,
chi ci lavora, registro degli eventi. Si legge con programmi comuni, senza Staffetta. Contiene dati personali, anche di salute e
di giustizia: chi lo riceve ne risponde come titolare o responsabile del trattamento (Regolamento UE 2016/679).


1. CHE COSA C'È

  LEGGIMI.txt      questo testo
  manifest.json    l'elenco: versione, ente, per ogni tabella quante righe e con quale impronta, i documenti, ciò che non c'è
  SHA256SUMS       l'impronta di ogni file
  tabelle/         un file per tabella: schema.tabella.jsonl
  documenti/       i documenti; il nome di ogni file è la sua impronta SHA-256


2. COME SI CONTROLLA

Nella cartella in cui hai estratto l'archivio:

  sha256sum --check SHA256SUMS            (Linux)
  shasum -a 256 --check SHA256SUMS        (macOS)
  certutil -hashfile tabelle\nome SHA256  (Windows, un file alla volta)


3. COME SI LEGGE UNA TABELLA

Ogni file è testo UTF-8 in "JSON Lines": ogni riga è un oggetto JSON, cioè una riga della tabella, con le colonne in ordine
alfabetico. Le righe sono nell'ordine della chiave ("key" nel manifesto). L'impronta della tabella è quella del suo file.

  - i giorni sono come 2026-12-31; gli istanti come 2026-12-31T22:30:00+00:00, nell'ora di Greenwich (in Italia un'ora in più, due d'estate)
  - i periodi sono come ["2026-01-01 00:00:00+00","2026-12-31 00:00:00+00"): [ compreso, ) escluso
  - i byte (impronte, chiavi, firme) cominciano con \x e sono in esadecimale
  - null vuol dire che non c'è un valore
  - "section" dice a quale parte della cartella appartiene la riga: diary è il diario, health la parte sanitaria, judicial i provvedimenti

Un foglio di calcolo legge queste righe dopo una conversione; per esempio, con il programma gratuito jq:

  jq -r '[.surname, .name, .tax_code, .birth_date] | @csv' tabelle/registry.persons.jsonl > persone.csv


4. COME SI COLLEGANO LE TABELLE

Una riga trova un'altra riga con la sua chiave. I collegamenti che servono di più:

  registry.persons       le persone; "id" è "person_id" nelle altre tabelle
  casefile.cases         le cartelle, di una persona ("person_id"); "id" è "case_id" nelle altre tabelle
  casefile.notes         il diario di una cartella
  casefile.documents     i documenti di una cartella: titolo, nome del file, e "sha256", che è il nome in documenti/
  assessment.assessments le valutazioni; le domande sono in kit.item_versions ("item_version_id")
  intake.contacts        gli accessi allo sportello
  platform.accounts      chi entra in Staffetta, con il codice fiscale; "id" è "account_id", "author_account" e simili
  platform.memberships   chi ha quale ruolo nell'ente, da quando a quando
  platform.tenants       l'ente e gli altri enti nominati; "id" è "tenant_id" e simili. L'ente è il numero {{.Manifest.Body.ID}}
  audit.events           il registro: chi ha fatto che cosa e quando; audit.chain è la catena delle impronte

Tutti i collegamenti dichiarati, tabella per tabella, sono qui sotto.


5. LE TABELLE
{{range .Tables}}
  {{.Name}}: {{.Rows}} righe{{with .Of}} ({{.}}){{end}}{{range .Refers}}
      {{.}}{{end}}{{with .LeftOut}}
      senza le colonne: {{.}}{{end}}
{{end}}

6. CHE COSA NON C'È, E PERCHÉ
{{range .Manifest.NotCarried}}
  {{.Table}}: {{.Reason}}{{end}}

  Di accordi, condivisioni e adozioni c'è ciò che l'ente vede; le cartelle di altri enti restano loro.
  Le buone pratiche pubblicate in comune ci sono quando l'ente le ha pubblicate o le usa.
  I valori che in Staffetta sono cifrati qui sono in chiaro: l'archivio intero era cifrato per chi lo riceve.


7. COME SI RIPORTA IN STAFFETTA

In un'installazione vuota della stessa versione (le migrazioni nel manifesto):

  staffetta import --file ARCHIVIO.zip.age --key CHIAVE

Le persone entrano con la stessa identità; le sessioni, le chiavi di accesso personali e le chiavi degli accordi si fanno di nuovo.
`

var readmeTemplate = template.Must(template.New("readme").Parse(readmeText))

// listed is a table in the readme.
type listed struct {
	Name    string
	Of      string // the module
	Rows    int64
	Refers  []string
	LeftOut string
}

// readme is what the archive says of itself to people.
func (w *writer) readme() []byte {
	titles := map[string]string{}
	for _, m := range w.Modules {
		titles[string(m.ID)] = m.Title.It
	}
	page := struct {
		Manifest Manifest
		Date     string
		Tables   []listed
	}{w.manifest, w.manifest.At.In(language.Rome).Format("02/01/2006 15:04"), nil}
	for _, t := range w.manifest.Tables {
		schema, _, _ := strings.Cut(t.Name, ".")
		one := listed{Name: t.Name, Of: titles[schema], Rows: t.Rows, LeftOut: strings.Join(t.LeftOut, ", ")}
		for _, r := range w.relations {
			if r.Name != t.Name {
				continue
			}
			for _, f := range r.Refers {
				one.Refers = append(one.Refers, fmt.Sprintf("%s → %s (%s)", strings.Join(f.Columns, ", "), f.Target, strings.Join(f.Targets, ", ")))
			}
		}
		page.Tables = append(page.Tables, one)
	}
	var out bytes.Buffer
	if err := readmeTemplate.Execute(&out, page); err != nil {
		panic(err) // the template is above, and a buffer takes everything
	}
	return out.Bytes()
}
