// Package ledger is the audit as people read it: the data protection officer searches it and never sees content, a citizen
// sees who opened the own file and contests it. It must not write any event but those of its own acts, nor show to a
// citizen what a recorded exemption withholds.
package ledger

import (
	"embed"
	"io/fs"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/policies"
)

//go:embed migrations/*.sql templates/*.html messages/*.json
var files embed.FS

// ID is the module's name.
const ID modules.ID = "ledger"

// The permissions of the module.
const (
	searchAudit      = "audit:search"
	answerContests   = "contest:answer"
	recordExemptions = "exemption:record"
)

// Module is the manifest.
func Module() modules.Module {
	return modules.Module{
		ID: ID, Title: language.Text{It: "Registro degli accessi", En: "Access ledger"},
		About:      language.Text{It: "Chi ha aperto quale cartella e perché: per il DPO e per la persona stessa.", En: "Who opened which case file and why: for the DPO and for the person."},
		Essential:  true,
		Requires:   []modules.ID{"registry", "kit", "casefile", "intake", "sharing"},
		Migrations: sub("migrations"), Templates: sub("templates"), Messages: sub("messages"), Help: help,
		Permissions: []policies.Permission{
			{Object: "audit", Verb: "search", Label: language.Text{It: "Cercare nel registro delle attività", En: "Search the audit log"}},
			{Object: "contest", Verb: "answer", Label: language.Text{It: "Rispondere alle contestazioni dei cittadini", En: "Answer what citizens contest"}},
			{Object: "exemption", Verb: "record", Label: language.Text{It: "Differire la vista degli accessi al cittadino", En: "Delay what a citizen sees of accesses"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "dpo", Permissions: []string{searchAudit, answerContests}},
			{Role: "coordinator", Permissions: []string{recordExemptions}},
			{Role: "social_worker", Permissions: []string{recordExemptions}},
		},
		Events:     events,
		Treatments: treatments,
		Terms:      terms,
		Records: []modules.Record{
			{Table: "ledger.contests", People: true, Handover: modules.Stay, Retention: "contest", Codes: map[string]modules.Wording{"finding": {Prefix: "ledger.own.found."}}},
			{Table: "ledger.exemptions", CaseColumn: "case_id", Handover: modules.Copy, Withheld: true, Retention: "case", Codes: map[string]modules.Wording{"ground": {Prefix: "ledger.ground."}}},
		},
		New: func(deps modules.Deps) (modules.Parts, error) {
			s := NewService(deps)
			return modules.Parts{Pages: (&pages{service: s}).all(), Operations: (&operations{service: s}).all(), Duties: s.duties()}, nil
		},
	}
}

func sub(dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}

// Service is the ledger.
type Service struct {
	deps  modules.Deps
	cases *casefile.Service
}

// NewService makes the ledger over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, cases: casefile.NewService(deps)}
}
