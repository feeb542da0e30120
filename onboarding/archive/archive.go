// Package archive writes all that a body owns into one file in open formats, and reads it into an empty installation. Which
// tables there are it reads from the database's catalogue; a table of which nobody said what becomes of it stops it. It must
// not decide who may have the file, nor know a concrete module.
package archive

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
)

// Format and Version say what an archive is.
const (
	Format  = "staffetta-export"
	Version = 1
)

// Names of what is in an archive besides the tables.
const (
	manifestName = "manifest.json"
	readmeName   = "LEGGIMI.txt"
	sumsName     = "SHA256SUMS"
	tableFolder  = "tabelle/"
	fileFolder   = "documenti/"
)

// Files that are no table of the body.
const (
	bodiesTable   = "platform.tenants"
	accountsTable = "platform.accounts"
	signersTable  = "audit.signers"
)

// Manifest says what an archive holds (it: manifesto dell'esportazione).
type Manifest struct {
	Format     string           `json:"format"`
	Version    int              `json:"version"`
	Program    string           `json:"program"`
	Migrations map[string]int64 `json:"migrations"`
	At         time.Time        `json:"at"` // the instant that everything is of
	Body       Body             `json:"body"`
	Tables     []Table          `json:"tables"` // in the order in which they can be read in
	Documents  []Document       `json:"documents"`
	NotCarried []Omission       `json:"not_carried"`
}

// Body is whose archive it is.
type Body struct {
	ID   int32  `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// Table is one file of rows.
type Table struct {
	Name    string   `json:"name"`
	File    string   `json:"file"`
	Rows    int64    `json:"rows"`
	Sum     string   `json:"sha256"`
	Key     []string `json:"key,omitempty"`
	LeftOut []string `json:"left_out,omitempty"`
}

// Document is a file that rows name by its digest.
type Document struct {
	Sum  string `json:"sha256"`
	Size int64  `json:"size"`
}

// Omission is a table of which nothing is carried, with the reason.
type Omission struct {
	Table  string `json:"table"`
	Reason string `json:"reason"`
}

// table finds a table of the manifest.
func (m Manifest) table(name string) (Table, bool) {
	at := slices.IndexFunc(m.Tables, func(t Table) bool { return t.Name == name })
	if at < 0 {
		return Table{}, false
	}
	return m.Tables[at], true
}

// omitted are the tables that stay behind, or whole schemas of them, with why.
var omitted = map[string]language.Text{
	"river.":                        {It: "i lavori in corso del programma", En: "the program's work under way"},
	"migrations.":                   {It: "le versioni dello schema: sono nel manifesto", En: "the versions of the schema: they are in the manifest"},
	"audit.sealed":                  {It: "fin dove è arrivato il registro di questa installazione", En: "how far the audit of this installation has come"},
	"onboarding.entry_codes":        {It: "codici per la posta certificata, che durano un giorno", En: "codes for the certified mail, which last a day"},
	"onboarding.exports":            {It: "le richieste di esportazione restano dove sono state fatte", En: "requests of exports stay where they were made"},
	"onboarding.leavings":           {It: "le richieste di uscita restano dove sono state fatte", En: "requests to leave stay where they were made"},
	"platform.handover_obligations": {It: "fa parte del programma", En: "part of the program"},
	"platform.handover_tables":      {It: "fa parte del programma", En: "part of the program"},
	"platform.domains":              {It: "l’indirizzo web dell’ente si prova di nuovo nella nuova installazione", En: "the body's web address is proved anew in the new installation"},
	"platform.blocked_hosts":        {It: "dice quali indirizzi nessuno può usare, qui", En: "says which addresses nobody may have, here"},
	"platform.hosts":                {It: "l’indirizzo web dell’ente si prova di nuovo nella nuova installazione", En: "the body's web address is proved anew in the new installation"},
	"platform.incidents":            {It: "gli incidenti sono della piattaforma", En: "incidents are the platform's"},
	"platform.incident_notes":       {It: "gli incidenti sono della piattaforma", En: "incidents are the platform's"},
	"platform.login_flows":          {It: "accessi non conclusi", En: "sign-ins that were not finished"},
	"platform.mail_signals":         {It: "segnali per la posta, che durano un’ora", En: "signals of the mail, which last an hour"},
	"platform.mails":                {It: "posta in uscita: i testi non si conservano", En: "outgoing mail: its texts are not kept"},
	"platform.parked_forms":         {It: "moduli sospesi, che scadono da soli", En: "forms that wait, which end by themselves"},
	"platform.policy_bases":         {It: "le regole del programma, non dell’ente", En: "the program's rules, not the body's"},
	"platform.role_secrets":         {It: "segreti dell’installazione", En: "secrets of the installation"},
	"platform.seen_tokens":          {It: "gettoni già usati per accedere", En: "tokens of sign-ins that were used"},
	"platform.sessions":             {It: "le sessioni finiscono con l’installazione", En: "sessions end with the installation"},
	"platform.tokens":               {It: "chiavi di accesso personali: ciascuno ne fa di nuove", En: "personal tokens: everybody makes new ones"},
	"policies.agreement_keys":       {It: "chiavi comuni a due enti: se ne fanno di nuove", En: "keys of two bodies: they are made anew"},
	"policies.case_tokens":          {It: "si calcolano di nuovo dalle cartelle", En: "they are made anew from the case files"},
	"policies.known_asked":          {It: "limiti alle domande: ricominciano da zero", En: "limits of questions: they begin anew"},
	"policies.known_questions":      {It: "limiti alle domande: ricominciano da zero", En: "limits of questions: they begin anew"},
}

// coreBytes says what the columns of bytes of the core's own tables are, as the modules' records say of theirs.
var coreBytes = map[string]modules.Bytes{
	"audit.chain":             {Open: []string{"hash"}},
	"audit.countersignatures": {Open: []string{"root", "signature"}},
	"audit.events":            {Open: []string{"payload_hash"}, Left: []string{"txid"}},
	"audit.keys":              {Open: []string{"public"}, Sealed: map[string]string{"sealed": "audit key {number} of body {tenant_id}"}},
	"audit.roots":             {Open: []string{"head", "previous", "hash"}},
	"commons.kits":            {Open: []string{"signature", "signer"}},
	"commons.signers":         {Open: []string{"public"}},
}

// reasonFor says why a table stays behind, and whether it does.
func reasonFor(name string) (language.Text, bool) {
	if why, ok := omitted[name]; ok {
		return why, true
	}
	why, ok := omitted[name[:strings.Index(name, ".")+1]]
	return why, ok
}

// Way is how a table is carried.
type way int

const (
	byBody     way = iota // rows with the body's number
	byParty               // rows of several bodies, as far as the body sees them
	byPublic              // what is published, as far as the body's rows need it
	byItself              // bodies and accounts
	notAtAll              // declared to stay behind
	nobodySaid            // nobody said what becomes of it
)

// ways says how a table is carried.
func (r relation) way() way {
	if _, left := reasonFor(r.Name); left {
		return notAtAll
	}
	switch {
	case r.Name == bodiesTable || r.Name == accountsTable:
		return byItself
	case r.Family == "between":
		return byParty
	case r.Family == "commons":
		return byPublic
	case r.has("tenant_id"):
		return byBody
	}
	return nobodySaid
}

// check refuses a table of which something was not declared: a new one, or new bytes that may be sealed.
func (r relation) check(bytes modules.Bytes) error {
	if r.way() == nobodySaid {
		return fmt.Errorf("nobody said whether the table %s goes along", r.Name)
	}
	for _, c := range r.Columns {
		_, sealed := bytes.Sealed[c.Name]
		if c.Type == "bytea" && !sealed && !slices.Contains(bytes.Open, c.Name) && !slices.Contains(bytes.Left, c.Name) && r.way() != notAtAll && r.way() != byItself {
			return fmt.Errorf("nobody said whether the column %s of %s is sealed", c.Name, r.Name)
		}
	}
	return nil
}

// bytesOf gathers what is declared of columns of bytes.
func bytesOf(list []modules.Module) map[string]modules.Bytes {
	all := maps.Clone(coreBytes)
	for _, m := range list {
		for _, r := range m.Records {
			all[r.Table] = r.Bytes
		}
	}
	return all
}

// filesOf gathers which column of which table names files.
func filesOf(list []modules.Module) map[string]string {
	all := map[string]string{}
	for _, m := range list {
		for _, r := range m.Records {
			if r.File != "" {
				all[r.Table] = r.File
			}
		}
	}
	return all
}

// Rows is how many rows of tables the archive has.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}
