package retention

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// The permissions of this package.
const (
	Read    = "retention:read"
	Write   = "retention:write"
	Propose = "disposal:propose"
	Agree   = "disposal:agree"
	Keep    = "hold:write"
)

// Feature is retention and disposal.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "retention", Verb: "read", Label: language.Text{It: "Vedere per quanto si conserva e gli scarti", En: "See how long things are kept, and the disposals"}},
			{Object: "retention", Verb: "write", Label: language.Text{It: "Cambiare i termini di conservazione", En: "Change the terms of retention"}},
			{Object: "disposal", Verb: "propose", Label: language.Text{It: "Proporre uno scarto", En: "Propose a disposal"}},
			{Object: "disposal", Verb: "agree", Label: language.Text{It: "Decidere su uno scarto proposto da altri", En: "Decide about a disposal that somebody else proposed"}},
			{Object: "hold", Verb: "write", Label: language.Text{It: "Bloccare lo scarto di una cartella o di una persona", En: "Hold a case file or a person"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "tenant_admin", Permissions: []string{Read, Write, Propose, Keep}},
			{Role: "dpo", Permissions: []string{Read, Write, Agree, Keep}},
		},
		Records: []modules.Record{
			{Table: "onboarding.terms", Handover: modules.Stay},
			{Table: "onboarding.holds", CaseColumn: "case_id", PersonColumn: "person_id", Handover: modules.Stay, Retention: "case"},
			{Table: "onboarding.disposals", Handover: modules.Stay},
			{Table: "onboarding.disposal_items", Handover: modules.Stay},
		},
		Events: map[string]language.Text{
			"retention.read":    {It: "Ha visto i termini di conservazione", En: "Saw the terms of retention"},
			"retention.change":  {It: "Ha cambiato un termine di conservazione", En: "Changed a term of retention"},
			"disposal.read":     {It: "Ha visto uno scarto", En: "Saw a disposal"},
			"disposal.list":     {It: "Ha scaricato l’elenco di uno scarto", En: "Fetched the list of a disposal"},
			"disposal.propose":  {It: "Ha proposto uno scarto", En: "Proposed a disposal"},
			"disposal.withdraw": {It: "Ha ritirato la proposta di uno scarto", En: "Took the proposal of a disposal back"},
			"disposal.refuse":   {It: "Ha rifiutato uno scarto", En: "Refused a disposal"},
			"disposal.agree":    {It: "Ha accettato uno scarto", En: "Agreed to a disposal"},
			"disposal.alone":    {It: "Ha provato ad accettare uno scarto proposto da sé", En: "Tried to agree to a disposal of their own"},
			"disposal.remove":   {It: "Lo scarto è stato eseguito", En: "A disposal was carried out"},
			"disposal.end":      {It: "I documenti di uno scarto sono stati cancellati", En: "The documents of a disposal were removed"},
			"hold.list":         {It: "Ha visto i blocchi dello scarto", En: "Saw the holds"},
			"hold.read":         {It: "Ha visto un blocco dello scarto", En: "Saw a hold"},
			"hold.set":          {It: "Ha bloccato lo scarto", En: "Held something from disposal"},
			"hold.end":          {It: "Ha tolto un blocco dello scarto", En: "Ended a hold"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Duties: Duties(v), Workers: v.Work}
		},
	}
}
