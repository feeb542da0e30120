// Package onboarding is how a body enters by itself: an entry that a newcomer fills
// step by step, leaves and resumes, and that ends, once control of the body is proven, with
// the body there to be tried by its own people. It walks the manifests of the modules; it
// must not import a concrete module, and what happens inside the new body is the work of
// its console.
package onboarding

import (
	"embed"
	"io/fs"
	"maps"
	"slices"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/console"
	"staffetta/onboarding/export"
	"staffetta/onboarding/member"
	"staffetta/onboarding/opening"
	"staffetta/onboarding/rights"
	"staffetta/onboarding/switching"
	"staffetta/policies"
)

//go:embed migrations/*.sql templates/*.html messages/*.json
var files embed.FS

// ID is the module's name.
const ID modules.ID = "onboarding"

// Module is the manifest.
func Module() modules.Module {
	return modules.Module{
		ID:         ID,
		Title:      language.Text{It: "Attivazione degli enti", En: "Entry of bodies"},
		Essential:  true,
		Migrations: sub("migrations"),
		Templates:  sub("templates"),
		Messages:   sub("messages"),
		Permissions: append(export.Permissions(), []policies.Permission{
			{Object: "access_rule", Verb: "read", Label: language.Text{It: "Vedere chi può fare che cosa", En: "See who may do what"}},
			{Object: "access_rule", Verb: "write", Label: language.Text{It: "Cambiare chi può fare che cosa", En: "Change who may do what"}},
			{Object: "module", Verb: "read", Label: language.Text{It: "Vedere quali moduli usa l’ente", En: "See which modules the body uses"}},
			{Object: "module", Verb: "write", Label: language.Text{It: "Accendere e spegnere moduli", En: "Turn modules on and off"}},
			{Object: "console", Verb: "read", Label: language.Text{It: "Vedere come è configurato l’ente", En: "See how the body is set up"}},
			{Object: "opening", Verb: "decide", Label: language.Text{It: "Pubblicare l’ente", En: "Bring the body live"}},
		}...),
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{policies.ReadRules, policies.ManageRules, switching.Read, switching.Write, console.Read, opening.Decide, export.Read, export.Ask}},
			{Role: "dpo", Permissions: []string{policies.ReadRules, switching.Read, console.Read, export.Read, export.Agree}},
		},
		Records: []modules.Record{
			{Table: "onboarding.entries", Handover: modules.Stay},
			{Table: "onboarding.entry_people", Handover: modules.Stay},
			{Table: "onboarding.entry_codes", Handover: modules.Stay},
			{Table: "onboarding.users", Handover: modules.Stay, Bytes: modules.Bytes{Left: []string{"code_sealed", "code_token"}}}, // empty, and dropped in the next release
			{Table: "onboarding.openings", Handover: modules.Stay},
			{Table: "onboarding.exports", Handover: modules.Stay},
		},
		Events: told(export.Events, map[string]language.Text{
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
			"role.take":           {It: "Ha tolto un ruolo a una persona", En: "Took a role back from a person"},
			"module.switch":       {It: "Ha acceso o spento un modulo", En: "Turned a module on or off"},
			"body.open":           {It: "Ha pubblicato l’ente", En: "Brought the body live"},
			"body.take_back":      {It: "Ha riportato l’ente in prova", En: "Put the body back on trial"},
			"entry.enrol":         {It: "Ha creato enti da un elenco", En: "Made bodies from a list"},
			"body.enter":          {It: "Ha creato questo ente da un elenco", En: "Made this body from a list"},
			"body.activate":       {It: "Ha creato questo ente", En: "Made this body"},
		}),
		New: func(deps modules.Deps) (modules.Parts, error) {
			service := NewService(deps)
			rules, members, switches := rights.NewService(deps), member.NewService(deps), switching.NewService(deps)
			exports := export.NewService(deps)
			home, openings := console.NewService(deps), opening.NewService(deps)
			return modules.Parts{
				Pages: slices.Concat(
					pages{service}.list(), rights.Pages(rules), member.Pages(members, rules), switching.Pages(switches), console.Pages(home), opening.Pages(openings), export.Pages(exports),
				),
				Operations: slices.Concat(
					operations{service}.list(), rights.Operations(rules), member.Operations(members), switching.Operations(switches), console.Operations(home), opening.Operations(openings), export.Operations(exports),
				),
				Workers: exports.Work,
				Checks:  rights.Checks(rules),
			}, nil
		},
	}
}

// told gathers what events are called.
func told(lists ...map[string]language.Text) map[string]language.Text {
	all := map[string]language.Text{}
	for _, list := range lists {
		maps.Copy(all, list)
	}
	return all
}

func sub(dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}
