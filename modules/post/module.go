// Package post tells people by e-mail that something awaits them: where and how often they want to hear it, what is new
// to them, and the letters that leave. It must not say in a letter what it is about, and keeps no text of one.
package post

import (
	"embed"
	"io/fs"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

//go:embed migrations/*.sql templates/*.html messages/*.json
var files embed.FS

// ID is the module's name.
const ID modules.ID = "post"

// readMails shows what became of letters, never what they say.
const readMails = "mail:read"

// Module is the manifest.
func Module() modules.Module {
	return modules.Module{
		ID: ID, Title: language.Text{It: "Avvisi per e-mail", En: "Notices by e-mail"},
		About:      language.Text{It: "Avvisa per e-mail chi lavora che qualcosa lo aspetta, senza dire di chi si tratta.", En: "Tells staff by e-mail that something awaits them, without saying whom it is about."},
		Essential:  true,
		Requires:   []modules.ID{"casefile", "practice", "sharing", "ledger"},
		Migrations: sub("migrations"), Templates: sub("templates"), Messages: sub("messages"), Help: help,
		Permissions: []policies.Permission{
			{Object: "mail", Verb: "read", Label: language.Text{It: "Vedere lo stato dei messaggi e-mail, senza il testo", En: "See the state of e-mail messages, without their text"}},
		},
		Grants: []policies.RoleGrant{{Role: "platform_operator", Permissions: []string{readMails}}},
		Events: map[string]language.Text{
			"address.set":     {It: "Ha scelto come ricevere gli avvisi", En: "Chose how to be told"},
			"address.confirm": {It: "Ha confermato il proprio indirizzo e-mail", En: "Confirmed the own e-mail address"},
		},
		Treatments: treatments,
		Records: []modules.Record{{Table: "post.addresses", Handover: modules.Stay, Bytes: modules.Bytes{
			Sealed: map[string]string{"address_sealed": "address {tenant_id} {account_id}"}, Left: []string{"pending_sealed", "pending_hash", "pending_until"},
		}}, {Table: "post.told", Handover: modules.Stay}},
		New: func(deps modules.Deps) (modules.Parts, error) {
			s := NewService(deps)
			return modules.Parts{
				Pages: (&pages{service: s}).all(), Operations: (&operations{service: s}).all(), Workers: s.work, Periodic: periodic(),
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
