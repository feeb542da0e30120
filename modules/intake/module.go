package intake

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
	readContacts  = "contact:read"
	writeContacts = "contact:write"
	readCases     = "case:read"    // of the module of cases
	createCases   = "case:create"  // likewise
	writePersons  = "person:write" // of the registry
)

// ID is the module's name.
const ID modules.ID = "intake"

// Module is the manifest.
func Module() modules.Module {
	both := []string{readContacts, writeContacts}
	return modules.Module{
		ID: ID, Title: language.Text{It: "Sportello", En: "Access desk"},
		About:      language.Text{It: "Lo sportello annota chi arriva, che cosa chiede e come è andata, e propone la presa in carico.", En: "The desk writes down who comes, what they ask for and how it went, and proposes to take them in charge."},
		Requires:   []modules.ID{"registry", "kit", "casefile"},
		Migrations: sub(migrationFiles, "migrations"), Templates: sub(templateFiles, "templates"), Messages: sub(messageFiles, "messages"), Help: help,
		Permissions: []policies.Permission{
			{Object: "contact", Verb: "read", Label: language.Text{It: "Vedere gli accessi allo sportello", En: "See contacts at the access desk"}},
			{Object: "contact", Verb: "write", Label: language.Text{It: "Registrare gli accessi allo sportello", En: "Record contacts at the access desk"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "access_desk", Permissions: both}, {Role: "social_worker", Permissions: both}, {Role: "coordinator", Permissions: both},
		},
		Events:     events,
		Kinds:      kinds(),
		Treatments: treatments,
		Terms:      terms,
		Records: []modules.Record{
			{Table: "intake.contacts", CaseColumn: "case_id", PersonColumn: "person_id", Section: "intake", Handover: modules.Copy, Retention: "contact", Codes: wordings()},
			{Table: "intake.drafts", People: true, Section: "intake", Handover: modules.Stay, Retention: "draft"},
			{Table: "intake.addenda", Section: "intake", Handover: modules.Copy, Retention: "contact"},
			{Table: "intake.forms", CaseColumn: "case_id", Section: "intake", Handover: modules.Copy, UsedItem: "item_version_id", Retention: "contact", Codes: map[string]modules.Wording{"state": {Prefix: "intake.form.state."}}},
		},
		Obligations: []modules.Obligation{
			{Key: "contact_open", Table: "intake.contacts", Label: language.Text{It: "Accesso aperto", En: "Open contact"}, Moves: true},
			{Key: "form_draft", Table: "intake.forms", Label: language.Text{It: "Modulo non concluso", En: "Unfinished form"}},
		},
		New: func(deps modules.Deps) (modules.Parts, error) {
			service := NewService(deps)
			return modules.Parts{
				Pages: pages{service}.list(), Operations: operations{service}.list(), Duties: service.duties(), Uses: service.uses(),
				Drafts: []modules.DraftSource{{Permission: writeContacts, Find: service.FindFormDrafts}},
			}, nil
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
