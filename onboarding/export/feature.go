package export

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is the export of a body.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "export", Verb: "read", Label: language.Text{It: "Vedere le esportazioni dell’ente e scaricarne l’archivio cifrato", En: "See the body’s exports and fetch their encrypted archive"}},
			{Object: "export", Verb: "ask", Label: language.Text{It: "Chiedere l’esportazione di tutto ciò che l’ente ha", En: "Ask for the export of all that the body owns"}},
			{Object: "export", Verb: "agree", Label: language.Text{It: "Decidere sull’esportazione di tutto ciò che l’ente ha", En: "Decide about the export of all that the body owns"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{Read, Ask}},
			{Role: "dpo", Permissions: []string{Read, Agree}},
		},
		Records: []modules.Record{
			{Table: "onboarding.exports", Handover: modules.Stay},
		},
		Events: map[string]language.Text{
			"export.list":     {It: "Ha visto le esportazioni dell’ente", En: "Saw the body’s exports"},
			"export.read":     {It: "Ha visto un’esportazione", En: "Saw an export"},
			"export.ask":      {It: "Ha chiesto l’esportazione di tutto l’ente", En: "Asked for the export of the whole body"},
			"export.withdraw": {It: "Ha ritirato la richiesta di esportazione", En: "Took the request of an export back"},
			"export.agree":    {It: "Ha accettato l’esportazione di tutto l’ente", En: "Agreed to the export of the whole body"},
			"export.refuse":   {It: "Ha rifiutato l’esportazione di tutto l’ente", En: "Refused the export of the whole body"},
			"export.mismatch": {It: "Ha provato ad accettare un’esportazione da solo o con un’altra chiave", En: "Tried to agree to an export alone or with another key"},
			"export.make":     {It: "L’archivio dell’esportazione è pronto", En: "The archive of an export was made"},
			"export.fetch":    {It: "Ha scaricato l’archivio dell’esportazione", En: "Fetched the archive of an export"},
			"export.fail":     {It: "L’archivio dell’esportazione non si è potuto fare", En: "The archive of an export could not be made"},
			"export.expire":   {It: "L’archivio dell’esportazione è stato cancellato", En: "The archive of an export was removed"},
			"body.import":     {It: "L’ente è arrivato da un’altra installazione", En: "The body came from another installation"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Duties: Duties(v), Workers: v.Work}
		},
	}
}
