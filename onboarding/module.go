// Package onboarding is how a body enters by itself: an entry that a newcomer fills
// step by step, leaves and resumes, and that ends with the body live. It walks the
// manifests of the modules and reads published kits; it must not import a concrete
// module, and what happens inside the new body is the body's own pages' work.
package onboarding

import (
	"embed"
	"io/fs"

	"staffetta/internal/language"
	"staffetta/modules"
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
		Records: []modules.Record{
			{Table: "onboarding.entries", Handover: modules.Stay},
			{Table: "onboarding.entry_people", Handover: modules.Stay},
			{Table: "onboarding.users", Handover: modules.Stay},
		},
		Events: map[string]language.Text{
			"entry.create":        {It: "Ha iniziato l’attivazione di un ente", En: "Began the entry of a body"},
			"entry.update":        {It: "Ha salvato un passo dell’attivazione", En: "Saved a step of an entry"},
			"entry.move":          {It: "Ha avviato o riaperto un’attivazione", En: "Began to bring an entry live, or opened it again"},
			"entry.remove_person": {It: "Ha tolto una persona dall’attivazione", En: "Removed a person from an entry"},
			"entry.leave":         {It: "Ha lasciato l’attivazione", En: "Left an entry"},
			"entry.activate":      {It: "Ha attivato un ente", En: "Brought a body live"},
			"body.activate":       {It: "Ha attivato questo ente", En: "Brought this body live"},
		},
		New: func(deps modules.Deps) (modules.Parts, error) {
			service := NewService(deps)
			return modules.Parts{Pages: pages{service}.list(), Operations: operations{service}.list()}, nil
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
