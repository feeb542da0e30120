package practice

import (
	"embed"
	"io/fs"
	"slices"

	"github.com/riverqueue/river"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/back"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/board/move"
	"staffetta/modules/practice/board/rest"
	"staffetta/modules/practice/board/turn"
	"staffetta/modules/practice/campaign"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/checklist"
	"staffetta/modules/practice/description"
	"staffetta/modules/practice/dryrun"
	"staffetta/modules/practice/exchange"
	"staffetta/modules/practice/farewell"
	"staffetta/modules/practice/ledger"
	"staffetta/modules/practice/matching"
	"staffetta/modules/practice/need"
	"staffetta/modules/practice/news"
	"staffetta/modules/practice/organisation"
	"staffetta/modules/practice/outcome"
	"staffetta/modules/practice/proposal"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/trainee"
	"staffetta/modules/practice/upgrade"
	"staffetta/modules/practice/use"
	"staffetta/policies"
)

//go:embed migrations/*.sql templates/*.html messages/*.json
var files embed.FS

// Module is the manifest of the module.
func Module() modules.Module {
	reads := []string{"practice:read", "adoption:read", "proposal:read"}
	manages := []string{"practice:read", "practice:write", "practice:publish", "adoption:read", "adoption:write", "proposal:read", "proposal:write", "proposal:answer"}
	return modules.Module{
		ID:         "practice",
		Title:      language.Text{It: "Buone pratiche", En: "Good practice"},
		About:      language.Text{It: "Prendere da un altro Comune una pratica che funziona, o dare la propria, passo per passo.", En: "Take a practice that works from another municipality, or give your own, step by step."},
		Requires:   []modules.ID{"registry", "kit"},
		Migrations: sub("migrations"),
		Templates:  sub("templates"),
		Messages:   sub("messages"),
		Help:       help,
		Permissions: []policies.Permission{
			{Object: "practice", Verb: "read", Label: language.Text{It: "Leggere le pratiche dell'ente", En: "Read the body's practices"}},
			{Object: "practice", Verb: "write", Label: language.Text{It: "Scrivere le pratiche dell'ente", En: "Write the body's practices"}},
			{Object: "practice", Verb: "publish", Label: language.Text{It: "Pubblicare un kit", En: "Publish a kit"}},
			{Object: "practice", Verb: "install", Label: language.Text{It: "Installare un kit da file", En: "Install a kit from a file"}},
			{Object: "adoption", Verb: "read", Label: language.Text{It: "Leggere le adozioni", En: "Read adoptions"}},
			{Object: "adoption", Verb: "write", Label: language.Text{It: "Adottare una pratica", En: "Adopt a practice"}},
			{Object: "proposal", Verb: "read", Label: language.Text{It: "Leggere le proposte di miglioria", En: "Read proposed improvements"}},
			{Object: "proposal", Verb: "write", Label: language.Text{It: "Proporre migliorie e discuterle", En: "Propose improvements and discuss them"}},
			{Object: "proposal", Verb: "answer", Label: language.Text{It: "Accettare o rifiutare le migliorie proposte", En: "Accept or decline proposed improvements"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "practice_owner", Permissions: manages},
			{Role: "platform_operator", Permissions: []string{"practice:install"}}, // what it installs, every body sees
			{Role: "tenant_admin", Permissions: manages},
			{Role: "coordinator", Permissions: reads},
			{Role: "lead_contact", Permissions: reads},
		},
		Kinds:      organisation.Kinds(),
		Events:     events,
		Treatments: treatments,
		Records: []modules.Record{
			{Table: "practice.practices", Handover: modules.Stay},
			{Table: "practice.kits", Handover: modules.Stay},
			{Table: "practice.needs", Handover: modules.Stay},
			{Table: "practice.signing_keys", Handover: modules.Stay, Bytes: modules.Bytes{
				Sealed: map[string]string{"sealed": "kit key {number} of body {tenant_id}"}, Open: []string{"public"},
			}},
			{Table: "practice.adoption_items", Handover: modules.Stay},
			{Table: "practice.applications", Handover: modules.Stay},
			{Table: "practice.application_items", Handover: modules.Stay},
			{Table: "practice.adoption_notes", Handover: modules.Stay},
			{Table: "practice.campaigns", Handover: modules.Stay},
			{Table: "practice.campaign_entries", Handover: modules.Stay},
			{Table: "practice.upgrade_choices", Handover: modules.Stay},
			{Table: "practice.conflicts", Handover: modules.Stay},
			{Table: "practice.measurements", Handover: modules.Stay},
			{Table: "practice.trainees", Handover: modules.Stay},
			{Table: "practice.adoption_news", Handover: modules.Stay},
		},
		New: func(deps modules.Deps) (modules.Parts, error) {
			releases, offers, adoptions, upgrades := release.NewService(deps), catalogue.NewService(deps), adoption.NewService(deps), upgrade.NewService(deps)
			boards, turns, ledgers := board.NewService(deps), turn.NewService(deps), ledger.NewService(deps)
			needs, matches, files := need.NewService(deps), matching.NewService(deps), exchange.NewService(deps)
			campaigns, outcomes, trainees := campaign.NewService(deps), outcome.NewService(deps), trainee.NewService(deps)
			proposals, changes := proposal.NewService(deps), news.NewService(deps)
			return modules.Parts{
				Pages: slices.Concat(release.Pages(releases, news.OutlookOf(changes)), description.Pages(releases, deps), catalogue.Pages(offers), need.Pages(needs), matching.Pages(matches),
					adoption.Pages(adoptions, deps.Bodies, turns.Find), dryrun.Pages(upgrades, deps), back.Pages(upgrades, deps), board.Pages(boards, deps.Bodies), move.Pages(boards), turn.Pages(turns), ledger.Pages(ledgers), exchange.Pages(files),
					campaign.Pages(campaigns, deps.Bodies), checklist.Pages(boards, deps.Bodies), outcome.Pages(outcomes, deps.Bodies), trainee.Pages(trainees),
					proposal.Pages(proposals, deps.Bodies), news.Pages(changes)),
				Operations: slices.Concat(release.Operations(releases), catalogue.Operations(offers), need.Operations(needs), matching.Operations(matches),
					adoption.Operations(adoptions), dryrun.Operations(upgrades, deps), back.Operations(upgrades), rest.Operations(boards, turns), ledger.Operations(ledgers), exchange.Operations(files),
					campaign.Operations(campaigns), outcome.Operations(outcomes), trainee.Operations(trainees),
					proposal.Operations(proposals), news.Operations(changes)),
				Workers:   func(w *river.Workers) { campaigns.Work(w); outcomes.Work(w) },
				Periodic:  outcomes.Periodic(),
				Duties:    slices.Concat(releases.Duties(), campaigns.Duties(), adoptions.Duties(), turns.Duties(), proposals.Duties(), changes.Duties()),
				Uses:      use.Sources(deps),
				Checks:    adoptions.Checks(),
				Farewells: []modules.Farewell{farewell.Farewell(deps)},
			}, nil
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
