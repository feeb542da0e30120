package leaving

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is leaving the platform.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "leaving", Verb: "read", Label: language.Text{It: "Vedere che cosa succede se l’ente esce dalla piattaforma", En: "See what happens if the body leaves the platform"}},
			{Object: "leaving", Verb: "ask", Label: language.Text{It: "Chiedere l’uscita dell’ente dalla piattaforma", En: "Ask that the body leaves the platform"}},
			{Object: "leaving", Verb: "agree", Label: language.Text{It: "Decidere sull’uscita dell’ente dalla piattaforma", En: "Decide whether the body leaves the platform"}},
			{Object: "leaving", Verb: "partner", Label: language.Text{It: "Sapere che un ente con cui ci sono accordi lascia la piattaforma", En: "Hear that a body with agreements leaves the platform"}},
			{Object: "leaving", Verb: "stop", Label: language.Text{It: "Fermare l’uscita dell’ente dalla piattaforma", En: "Stop the body from leaving the platform"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{Read, Ask, Stop, Partner}},
			{Role: "dpo", Permissions: []string{Read, Agree, Stop}},
			{Role: "coordinator", Permissions: []string{Partner}},
			{Role: "lead_contact", Permissions: []string{Partner}},
		},
		Records: []modules.Record{
			{Table: "onboarding.leavings", Handover: modules.Stay},
		},
		Events: map[string]language.Text{
			"body.purge":     {It: "Ha cancellato le persone di prova", En: "Removed the invented people of the trial"},
			"body.leave":     {It: "L’ente ha lasciato la piattaforma", En: "The body left the platform"},
			"leaving.read":   {It: "Ha visto che cosa succede se l’ente esce", En: "Saw what happens if the body leaves"},
			"leaving.ask":    {It: "Ha chiesto l’uscita dell’ente dalla piattaforma", En: "Asked that the body leaves the platform"},
			"leaving.agree":  {It: "Ha accettato l’uscita dell’ente dalla piattaforma", En: "Agreed that the body leaves the platform"},
			"leaving.refuse": {It: "Ha rifiutato l’uscita dell’ente dalla piattaforma", En: "Refused that the body leaves the platform"},
			"leaving.stop":   {It: "Ha fermato l’uscita dell’ente dalla piattaforma", En: "Stopped the body from leaving the platform"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Duties: Duties(v), Checks: Checks(v), Notices: v.Notices, Workers: v.Work}
		},
	}
}
