// Package steward is what the people who run the platform work with: which bodies there are, how jobs go, which program serves. It must
// not show them a case or a person of a body: what they get are counts, none below five, and the contact of an entry.
package steward

import (
	"embed"
	"io/fs"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/steward/appointment"
	"staffetta/modules/steward/body"
	"staffetta/modules/steward/incident"
	"staffetta/modules/steward/queue"
	"staffetta/modules/steward/release"
	"staffetta/modules/steward/support"
)

//go:embed templates/*.html messages/*.json
var files embed.FS

// ID is the module's name.
const ID modules.ID = "steward"

// Module is the manifest.
func Module() modules.Module {
	return modules.Module{
		ID: ID, Title: language.Text{It: "Gestione della piattaforma", En: "Running the platform"},
		About:     language.Text{It: "Serve a chi gestisce la piattaforma: enti, lavori automatici, versioni. Non mostra persone.", En: "For whoever runs the platform: bodies, automatic jobs, versions. It shows no person."},
		Essential: true,
		Templates: sub("templates"), Messages: sub("messages"), Help: help,
	}.With(body.Feature(), queue.Feature(), incident.Feature(), support.Feature(), release.Feature(), appointment.Feature())
}

func sub(dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}
