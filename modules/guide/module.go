package guide

import (
	"embed"
	"io/fs"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/guide/catalogue"
)

//go:embed templates/*.html messages/*.json
var files embed.FS

// ID is the module's name.
const ID modules.ID = "guide"

// Module is the manifest of the module.
func Module() modules.Module {
	return modules.Module{
		ID:        ID,
		Title:     language.Text{It: "Guida ai servizi", En: "Services guide"},
		About:     language.Text{It: "Le pagine in cui i cittadini trovano i servizi e come si chiedono.", En: "The pages where citizens find the services and how to ask for them."},
		Requires:  []modules.ID{"kit"},
		Templates: sub("templates"),
		Messages:  sub("messages"),
		Help:      help,
		Kinds:     kinds(),
		Events:    events,
		New: func(deps modules.Deps) (modules.Parts, error) {
			service := NewService(deps)
			return modules.Parts{Pages: append(pages{service: service, bodies: deps.Bodies}.list(), catalogue.Pages(catalogue.NewService(deps))...), Operations: operations{service}.list(), Checks: service.Checks()}, nil
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
