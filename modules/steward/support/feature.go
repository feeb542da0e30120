package support

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is support access to a body.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "support", Verb: "ask", Label: language.Text{It: "Chiedere a un ente l’accesso di assistenza", En: "Ask a body for support access"}},
			{Object: "support", Verb: "read", Label: language.Text{It: "Vedere gli accessi di assistenza all’ente", En: "See the support accesses to the body"}},
			{Object: "support", Verb: "grant", Label: language.Text{It: "Concedere e chiudere l’accesso di assistenza", En: "Grant and end support access"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "platform_operator", Permissions: []string{Ask}},
			{Role: "tenant_admin", Permissions: []string{Read, Grant}},
			{Role: "dpo", Permissions: []string{Read}},
			{Role: policies.Support, Permissions: []string{Read}},
		},
		Events: map[string]language.Text{
			"support.ask":    {It: "Ha chiesto l’accesso di assistenza", En: "Asked for support access"},
			"support.take":   {It: "Ha preso l’accesso di assistenza concesso", En: "Took the support access that was granted"},
			"support.leave":  {It: "Ha chiuso il proprio accesso di assistenza", En: "Gave the own support access up"},
			"support.grant":  {It: "Ha concesso l’accesso di assistenza", En: "Granted support access"},
			"support.refuse": {It: "Ha rifiutato l’accesso di assistenza", En: "Refused support access"},
			"support.end":    {It: "Ha chiuso l’accesso di assistenza", En: "Ended support access"},
			"support.read":   {It: "Ha aperto una pagina per assistenza", En: "Opened a page for support"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Duties: Duties(v)}
		},
	}
}
