package registry

import (
	"embed"
	"io/fs"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed messages/*.json
var messageFiles embed.FS

// The permissions of the module.
const (
	readPersons  = "person:read"
	writePersons = "person:write"
)

// Module is the manifest.
func Module() modules.Module {
	both := []string{readPersons, writePersons}
	return modules.Module{
		ID: "registry", Title: language.Text{It: "Anagrafica", En: "Registry"},
		About:      language.Text{It: "Chi sono le persone: dati, famiglia, recapiti. Ogni persona si scrive una volta sola.", En: "Who people are: data, family, contacts. Everybody is written once."},
		Essential:  true,
		Migrations: sub(migrationFiles, "migrations"), Templates: sub(templateFiles, "templates"), Messages: sub(messageFiles, "messages"), Help: help,
		Permissions: []policies.Permission{
			{Object: "person", Verb: "read", Label: language.Text{It: "Vedere le persone", En: "See persons"}},
			{Object: "person", Verb: "write", Label: language.Text{It: "Registrare e modificare le persone", En: "Register and change persons"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "access_desk", Permissions: both},
			{Role: "social_worker", Permissions: both},
			{Role: "coordinator", Permissions: both},
			{Role: "admin_officer", Permissions: both},
		},
		Events:     events,
		Treatments: treatments,
		Terms:      terms,
		Records: []modules.Record{
			{Table: "registry.persons", PersonColumn: "id", Section: "identity", Handover: modules.Copy, Retention: "person", Codes: map[string]modules.Wording{
				"code_kind": {Prefix: "registry.code_kind."}, "no_code_reason": {Prefix: "registry.reason."}, "sex": {Prefix: "registry.sex."},
			}},
			{Table: "registry.contacts", PersonColumn: "person_id", Section: "contacts", Handover: modules.Copy, Retention: "person"},
			{Table: "registry.households", People: true, Section: "household", Handover: modules.Copy, Retention: "person", Codes: map[string]modules.Wording{"kind": {Prefix: "registry.household."}}},
			{Table: "registry.members", PersonColumn: "person_id", Section: "household", Handover: modules.Copy, Retention: "person", Codes: map[string]modules.Wording{
				"kind": {Prefix: "registry.household."}, "relation": {Prefix: "registry.relation."},
			}},
			{Table: "registry.changes", PersonColumn: "person_id", Section: "identity", Handover: modules.Stay, Retention: "person", Codes: map[string]modules.Wording{"field": {Prefix: "registry.field."}}},
		},
		New: func(deps modules.Deps) (modules.Parts, error) {
			service := NewService(deps)
			return modules.Parts{Pages: pages{service}.list(), Operations: operations{service}.list()}, nil
		},
	}
}

func sub(files embed.FS, dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}
