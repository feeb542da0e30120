package privacy

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is the privacy documents.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "privacy", Verb: "read", Label: language.Text{It: "Vedere i documenti sulla privacy dell’ente e le loro bozze", En: "See the body’s privacy documents and their drafts"}},
			{Object: "privacy", Verb: "write", Label: language.Text{It: "Scrivere e pubblicare i documenti sulla privacy", En: "Write and publish the privacy documents"}},
			{Object: "privacy", Verb: "agree", Label: language.Text{It: "Dare il parere sui documenti sulla privacy prima che siano pubblicati", En: "Give the opinion on privacy documents before they are published"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{Read, Write}},
			{Role: "dpo", Permissions: []string{Read, Agree}},
		},
		Records: []modules.Record{
			{Table: "onboarding.privacy_sheets", Handover: modules.Stay},
			{Table: "onboarding.privacy_versions", Handover: modules.Stay},
		},
		Events: map[string]language.Text{
			"privacy.save":     {It: "Ha cambiato ciò che l’ente dichiara sulla privacy", En: "Changed what the body says on privacy"},
			"privacy.propose":  {It: "Ha proposto un documento sulla privacy", En: "Proposed a privacy document"},
			"privacy.publish":  {It: "Ha pubblicato un documento sulla privacy", En: "Published a privacy document"},
			"privacy.refuse":   {It: "Ha rifiutato un documento sulla privacy", En: "Refused a privacy document"},
			"privacy.withdraw": {It: "Ha ritirato la proposta di un documento sulla privacy", En: "Took the proposal of a privacy document back"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Duties: Duties(v), Checks: Checks(v)}
		},
	}
}
