// Package steward is what the people who run the platform work with: which bodies there are, how jobs go, which program serves. It must
// not show them a case or a person of a body: what they get are counts, none below five, and the contact of an entry.
package steward

import (
	"embed"
	"io/fs"
	"slices"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/steward/body"
	"staffetta/modules/steward/incident"
	"staffetta/modules/steward/queue"
	"staffetta/modules/steward/release"
	"staffetta/modules/steward/support"
	"staffetta/policies"
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
		Permissions: []policies.Permission{
			{Object: "body", Verb: "read", Label: language.Text{It: "Vedere quali enti usano la piattaforma", En: "See which bodies use the platform"}},
			{Object: "body", Verb: "suspend", Label: language.Text{It: "Sospendere e riaprire un ente", En: "Suspend a body and open it again"}},
			{Object: "job", Verb: "read", Label: language.Text{It: "Vedere i lavori in coda, senza il contenuto", En: "See jobs, without what they are about"}},
			{Object: "job", Verb: "steer", Label: language.Text{It: "Fermare code, riprovare e annullare lavori", En: "Pause queues, try jobs again and cancel them"}},
			{Object: "incident", Verb: "write", Label: language.Text{It: "Scrivere gli incidenti del servizio", En: "Write incidents of the service"}},
			{Object: "support", Verb: "ask", Label: language.Text{It: "Chiedere a un ente l’accesso di assistenza", En: "Ask a body for support access"}},
			{Object: "support", Verb: "read", Label: language.Text{It: "Vedere gli accessi di assistenza all’ente", En: "See the support accesses to the body"}},
			{Object: "support", Verb: "grant", Label: language.Text{It: "Concedere e chiudere l’accesso di assistenza", En: "Grant and end support access"}},
			{Object: "release", Verb: "read", Label: language.Text{It: "Vedere le versioni in servizio", En: "See which versions serve"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "platform_operator", Permissions: []string{body.Read, body.Suspend, queue.Read, queue.Steer, release.Read, support.Ask, incident.Write}},
			{Role: "platform_reviewer", Permissions: []string{body.Read, release.Read}},
			{Role: "tenant_admin", Permissions: []string{support.Read, support.Grant}},
			{Role: "dpo", Permissions: []string{support.Read}},
			{Role: policies.Support, Permissions: []string{support.Read}},
		},
		Events: map[string]language.Text{
			"appointment.make": {It: "Ha dato un incarico sulla piattaforma", En: "Appointed somebody to the platform"},
			"appointment.end":  {It: "Ha tolto un incarico sulla piattaforma", En: "Took an appointment to the platform back"},
			"body.read":        {It: "Ha guardato come sta un ente", En: "Looked at how a body stands"},
			"body.suspend":     {It: "Ha sospeso l’ente", En: "Suspended the body"},
			"body.resume":      {It: "Ha riaperto l’ente", En: "Opened the body again"},
			"job.retry":        {It: "Ha fatto riprovare un lavoro", En: "Had a job tried again"},
			"job.cancel":       {It: "Ha annullato un lavoro", En: "Gave a job up"},
			"queue.pause":      {It: "Ha fermato una coda di lavori", En: "Let a queue wait"},
			"incident.open":    {It: "Ha aperto un incidente", En: "Opened an incident"},
			"incident.note":    {It: "Ha aggiornato un incidente", En: "Added to an incident"},
			"incident.close":   {It: "Ha chiuso un incidente", En: "Closed an incident"},
			"support.ask":      {It: "Ha chiesto l’accesso di assistenza", En: "Asked for support access"},
			"support.take":     {It: "Ha preso l’accesso di assistenza concesso", En: "Took the support access that was granted"},
			"support.leave":    {It: "Ha chiuso il proprio accesso di assistenza", En: "Gave the own support access up"},
			"support.grant":    {It: "Ha concesso l’accesso di assistenza", En: "Granted support access"},
			"support.refuse":   {It: "Ha rifiutato l’accesso di assistenza", En: "Refused support access"},
			"support.end":      {It: "Ha chiuso l’accesso di assistenza", En: "Ended support access"},
			"support.read":     {It: "Ha aperto una pagina per assistenza", En: "Opened a page for support"},
			"queue.resume":     {It: "Ha riavviato una coda di lavori", En: "Had a queue worked again"},
		},
		New: parts,
	}
}

// parts makes what the module puts into the program.
func parts(deps modules.Deps) (modules.Parts, error) {
	bodies, queues, releases, supports := body.NewService(deps), queue.NewService(deps), release.NewService(deps), support.NewService(deps)
	incidents := incident.NewService(deps)
	return modules.Parts{
		Notices:    incidents.Notices,
		Duties:     support.Duties(supports),
		Pages:      slices.Concat(body.Pages(bodies), queue.Pages(queues), release.Pages(releases), support.Pages(supports), incident.Pages(incidents)),
		Operations: slices.Concat(body.Operations(bodies), queue.Operations(queues), release.Operations(releases), support.Operations(supports), incident.Operations(incidents)),
	}, nil
}

func sub(dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}
