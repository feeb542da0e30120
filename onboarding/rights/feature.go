package rights

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// Feature is the rules of access.
func Feature() modules.Feature {
	return modules.Feature{
		Records: []modules.Record{{Table: "onboarding.rule_reviews", Handover: modules.Stay}},
		Permissions: []policies.Permission{
			{Object: "access_rule", Verb: "read", Label: language.Text{It: "Vedere chi può fare che cosa", En: "See who may do what"}},
			{Object: "access_rule", Verb: "write", Label: language.Text{It: "Cambiare chi può fare che cosa", En: "Change who may do what"}},
			{Object: "access_rule", Verb: "review", Label: language.Text{It: "Controllare le modifiche che permettono di leggere di più", En: "Look at changes by which more is read"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{policies.ReadRules, policies.ManageRules}},
			{Role: "dpo", Permissions: []string{policies.ReadRules, policies.ReviewRules}},
			{Role: policies.Support, Permissions: []string{policies.ReadRules}},
		},
		Events: map[string]language.Text{
			"rule.draft":   {It: "Ha preparato una modifica delle regole", En: "Prepared a change of the rules"},
			"rule.discard": {It: "Ha scartato una modifica delle regole", En: "Discarded a change of the rules"},
			"rule.compare": {It: "Ha letto chi guadagna e chi perde", En: "Read who gains and who loses"},
			"rule.apply":   {It: "Ha cambiato le regole", En: "Changed the rules"},
			"rule.review":  {It: "Ha controllato una modifica delle regole", En: "Looked at a change of the rules"},
			"rule.require": {It: "Ha aggiunto una prova delle regole", En: "Added a test of the rules"},
			"rule.release": {It: "Ha tolto una prova delle regole", En: "Removed a test of the rules"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Checks: Checks(v), Duties: Duties(v)}
		},
	}
}
