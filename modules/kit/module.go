package kit

import (
	"embed"
	"io/fs"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

//go:embed migrations/*.sql templates/*.html messages/*.json
var files embed.FS

// Module is the manifest of the module.
func Module() modules.Module {
	return modules.Module{
		ID:         "kit",
		Title:      language.Text{It: "Componenti", En: "Configuration items"},
		About:      language.Text{It: "Quello che l’ente configura da sé: servizi, moduli, scale, elenchi di voci. Ogni modifica resta nella storia.", En: "What the body sets up by itself: services, forms, scales, lists of terms. Every change stays in the history."},
		Requires:   nil,
		Essential:  true,
		Migrations: sub(files, "migrations"),
		Templates:  sub(files, "templates"),
		Messages:   sub(files, "messages"),
		Help:       help,
		Permissions: []policies.Permission{
			{Object: "item", Verb: "read", Label: language.Text{It: "Leggere un componente", En: "Read an item"}},
			{Object: "item", Verb: "write", Label: language.Text{It: "Gestire i componenti", En: "Manage items"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "practice_owner", Permissions: []string{"item:read", "item:write"}},
			{Role: "tenant_admin", Permissions: []string{"item:read", "item:write"}},
			{Role: "coordinator", Permissions: []string{"item:read"}},
			{Role: "social_worker", Permissions: []string{"item:read"}},
		},
		Kinds:  kinds(),
		Events: events,
		Records: []modules.Record{
			{Table: "kit.items", Handover: modules.Stay},
			{Table: "kit.item_versions", Handover: modules.Copy},
		},
		New: func(deps modules.Deps) (modules.Parts, error) {
			items := NewItems(deps)
			return modules.Parts{Pages: pages{items, deps.Platform.Kinds}.list(), Operations: operations{items}.list()}, nil
		},
	}
}

func sub(from fs.FS, dir string) fs.FS {
	part, err := fs.Sub(from, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}
