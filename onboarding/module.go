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

	"github.com/riverqueue/river"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/abandoned"
	"staffetta/onboarding/conduct"
	"staffetta/onboarding/console"
	"staffetta/onboarding/export"
	"staffetta/onboarding/invitation"
	"staffetta/onboarding/leaving"
	"staffetta/onboarding/member"
	"staffetta/onboarding/office"
	"staffetta/onboarding/opening"
	"staffetta/onboarding/powers"
	"staffetta/onboarding/privacy"
	"staffetta/onboarding/profile"
	"staffetta/onboarding/retention"
	"staffetta/onboarding/review"
	"staffetta/onboarding/rights"
	"staffetta/onboarding/roster"
	"staffetta/onboarding/subject"
	"staffetta/onboarding/switching"
	"staffetta/onboarding/team"
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
		About:      language.Text{It: "L’ingresso dell’ente e questa console: persone, ruoli, sedi, privacy.", En: "The body’s entry and this console: people, roles, offices, privacy."},
		Essential:  true,
		Migrations: sub("migrations"),
		Templates:  sub("templates"),
		Messages:   sub("messages"),
		Help:       help,
		Permissions: slices.Concat(export.Permissions(), leaving.Permissions(), privacy.Permissions(), retention.Permissions(), subject.Permissions(), []policies.Permission{
			{Object: "access_rule", Verb: "read", Label: language.Text{It: "Vedere chi può fare che cosa", En: "See who may do what"}},
			{Object: "access_rule", Verb: "write", Label: language.Text{It: "Cambiare chi può fare che cosa", En: "Change who may do what"}},
			{Object: "member", Verb: "read", Label: language.Text{It: "Vedere chi lavora nell’ente", En: "See who works at the body"}},
			{Object: "module", Verb: "read", Label: language.Text{It: "Vedere quali moduli usa l’ente", En: "See which modules the body uses"}},
			{Object: "module", Verb: "write", Label: language.Text{It: "Accendere e spegnere moduli", En: "Turn modules on and off"}},
			{Object: "console", Verb: "read", Label: language.Text{It: "Vedere come è configurato l’ente", En: "See how the body is set up"}},
			{Object: "profile", Verb: "write", Label: language.Text{It: "Cambiare come si presenta l’ente", En: "Change how the body shows itself"}},
			{Object: "opening", Verb: "decide", Label: language.Text{It: "Pubblicare l’ente", En: "Bring the body live"}},
			{Object: "office", Verb: "read", Label: language.Text{It: "Vedere le sedi dell’ente nella console", En: "See the offices of the body in the console"}},
			{Object: "office", Verb: "write", Label: language.Text{It: "Aprire, cambiare e chiudere le sedi", En: "Open, change and close offices"}},
			{Object: "entry", Verb: "review", Label: language.Text{It: "Verificare chi attiva un ente", En: "Look at who enters for a body"}},
		}),
		Grants: append(subject.Grants(), []policies.RoleGrant{
			{Role: "platform_reviewer", Permissions: []string{review.Permission}},
			{Role: "tenant_admin", Permissions: []string{
				policies.ReadRules, policies.ManageRules, member.Read,
				switching.Read, switching.Write,
				console.Read, opening.Decide,
				export.Read, export.Ask,
				leaving.Read, leaving.Ask, leaving.Stop,
				office.Read, office.Write,
				profile.Write,
				privacy.Read, privacy.Write,
				retention.Read, retention.Write, retention.Propose, retention.Keep,
			}},
			{Role: policies.Support, Permissions: []string{policies.ReadRules, switching.Read, console.Read, office.Read}},
			{Role: "dpo", Permissions: []string{
				policies.ReadRules, member.Read,
				switching.Read,
				console.Read,
				export.Read, export.Agree,
				leaving.Read, leaving.Agree, leaving.Stop,
				privacy.Read, privacy.Agree,
				retention.Read, retention.Write, retention.Agree, retention.Keep,
				office.Read,
			}},
		}...),
		Treatments: treatments,
		Terms:      subject.Terms(),
		Records: append(subject.Records(), []modules.Record{
			{Table: "onboarding.entries", Handover: modules.Stay, File: "deed_sha256"},
			{Table: "onboarding.entry_people", Handover: modules.Stay},
			{Table: "onboarding.entry_codes", Handover: modules.Stay},
			{Table: "onboarding.users", Handover: modules.Stay, Bytes: modules.Bytes{Left: []string{"code_sealed", "code_token"}}}, // empty, and dropped in the next release
			{Table: "onboarding.privacy_sheets", Handover: modules.Stay},
			{Table: "onboarding.privacy_versions", Handover: modules.Stay},
			{Table: "onboarding.teams", Handover: modules.Stay},
			{Table: "onboarding.team_members", Handover: modules.Stay},
			{Table: "onboarding.openings", Handover: modules.Stay},
			{Table: "onboarding.conduct_readings", Handover: modules.Stay},
			{Table: "onboarding.exports", Handover: modules.Stay},
			{Table: "onboarding.leavings", Handover: modules.Stay},
			{Table: "onboarding.terms", Handover: modules.Stay},
			{Table: "onboarding.holds", CaseColumn: "case_id", PersonColumn: "person_id", Handover: modules.Stay, Retention: "case"},
			{Table: "onboarding.disposals", Handover: modules.Stay},
			{Table: "onboarding.disposal_items", Handover: modules.Stay},
			{Table: "onboarding.invitations", Handover: modules.Stay, Bytes: modules.Bytes{Left: []string{"address_sealed", "address_token", "code_token", "link_hash"}}},
		}...),
		Events: told(conduct.Events, export.Events, privacy.Events, leaving.Events, retention.Events, subject.Events, events),
		New:    parts,
	}
}

// parts makes what the module puts into the program.
func parts(deps modules.Deps) (modules.Parts, error) {
	service := NewService(deps)
	rules, members, switches := rights.NewService(deps), member.NewService(deps), switching.NewService(deps)
	exports, leavings := export.NewService(deps), leaving.NewService(deps)
	home, openings := console.NewService(deps), opening.NewService(deps)
	teams := team.NewService(deps)
	offices, invitations := office.NewService(deps), invitation.NewService(deps, members)
	conducts := conduct.NewService(deps)
	lists, profiles := roster.NewService(deps, members, invitations, offices), profile.NewService(deps)
	papers := privacy.NewService(deps)
	keeping, asked := retention.NewService(deps), subject.NewService(deps)
	reviews, behind := review.NewService(deps), powers.NewService(deps)
	return modules.Parts{
		Pages: slices.Concat(
			pages{service}.list(),
			rights.Pages(rules),
			member.Pages(members, rules, offices),
			office.Pages(offices),
			team.Pages(teams, offices),
			invitation.Pages(invitations, offices),
			roster.Pages(lists),
			switching.Pages(switches),
			console.Pages(home),
			opening.Pages(openings),
			profile.Pages(profiles),
			conduct.Pages(conducts),
			privacy.Pages(papers),
			export.Pages(exports),
			leaving.Pages(leavings),
			retention.Pages(keeping),
			subject.Pages(asked),
			review.Pages(reviews),
			powers.Pages(behind),
		),
		Operations: slices.Concat(
			operations{service}.list(),
			rights.Operations(rules),
			member.Operations(members),
			office.Operations(offices),
			team.Operations(teams),
			invitation.Operations(invitations),
			roster.Operations(lists),
			switching.Operations(switches),
			console.Operations(home),
			opening.Operations(openings),
			profile.Operations(profiles),
			conduct.Operations(conducts),
			privacy.Operations(papers),
			export.Operations(exports),
			leaving.Operations(leavings),
			retention.Operations(keeping),
			subject.Operations(asked),
			review.Operations(reviews),
		),
		Workers: func(w *river.Workers) {
			exports.Work(w)
			leavings.Work(w)
			keeping.Work(w)
			asked.Work(w)
			abandoned.Work(deps, w)
		},
		Periodic: abandoned.Periodic(),
		Greet:    conducts.Greet,
		Duties: slices.Concat(
			subject.Duties(asked), export.Duties(exports), leaving.Duties(leavings), retention.Duties(keeping), privacy.Duties(papers), invitation.Duties(invitations),
		),
		Hints: subject.Hints(asked),
		Checks: slices.Concat(
			profiles.Checks(),
			privacy.Checks(papers),
			subject.Checks(asked),
			rights.Checks(rules),
			member.Checks(members),
			office.Checks(offices),
			powers.Checks(behind),
		),
	}, nil
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
