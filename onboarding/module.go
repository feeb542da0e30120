// Package onboarding is a municipality's life on the platform: it enters by itself, is set up in its console, goes live, and
// leaves. This root is the manifest: what its packages declare, each of itself (modules.Feature). They walk the manifests of the
// modules; none may import a concrete module.
package onboarding

import (
	"embed"
	"io/fs"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/abandoned"
	"staffetta/onboarding/conduct"
	"staffetta/onboarding/console"
	"staffetta/onboarding/domain"
	"staffetta/onboarding/enrolment"
	"staffetta/onboarding/entry"
	"staffetta/onboarding/export"
	"staffetta/onboarding/invitation"
	"staffetta/onboarding/leaving"
	"staffetta/onboarding/member"
	"staffetta/onboarding/office"
	"staffetta/onboarding/opening"
	"staffetta/onboarding/powers"
	"staffetta/onboarding/privacy"
	"staffetta/onboarding/profile"
	"staffetta/onboarding/reader"
	"staffetta/onboarding/retention"
	"staffetta/onboarding/review"
	"staffetta/onboarding/rights"
	"staffetta/onboarding/roster"
	"staffetta/onboarding/subject"
	"staffetta/onboarding/switching"
	"staffetta/onboarding/team"
)

//go:embed migrations/*.sql templates/*.html messages/*.json
var files embed.FS

// ID is the module's name.
const ID = entry.ModuleID

// Module is the manifest.
func Module() modules.Module {
	return modules.Module{
		ID:         ID,
		Title:      language.Text{It: "Attivazione degli enti", En: "Entry of bodies"},
		About:      language.Text{It: "L’ingresso dell’ente e questa console: persone, ruoli, sedi, privacy.", En: "The body’s entry and this console: people, roles, offices, privacy."},
		Essential:  true,
		Migrations: sub("migrations"),
		Templates:  sub("templates"),
		Messages:   sub("messages"),
		Help:       help,
	}.With(
		entry.Feature(), export.Feature(), leaving.Feature(), privacy.Feature(), retention.Feature(), subject.Feature(),
		rights.Feature(), reader.Feature(), member.Feature(), switching.Feature(), console.Feature(), profile.Feature(), domain.Feature(), opening.Feature(),
		office.Feature(), review.Feature(), team.Feature(), invitation.Feature(), roster.Feature(), conduct.Feature(),
		powers.Feature(), enrolment.Feature(), abandoned.Feature(),
	)
}

func sub(dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}
