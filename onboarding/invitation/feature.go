package invitation

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/member"
	"staffetta/onboarding/office"
)

// Feature is invitations.
func Feature() modules.Feature {
	return modules.Feature{
		Records: []modules.Record{
			{Table: "onboarding.invitations", Handover: modules.Stay, Bytes: modules.Bytes{Left: []string{"address_sealed", "address_token", "code_token", "link_hash"}}},
		},
		Events: map[string]language.Text{
			"invitation.list":     {It: "Ha visto gli inviti", En: "Saw the invitations"},
			"invitation.send":     {It: "Ha inviato inviti", En: "Sent invitations"},
			"invitation.withdraw": {It: "Ha ritirato un invito", En: "Withdrew an invitation"},
			"invitation.claim":    {It: "Ha seguito un invito", En: "Followed an invitation"},
			"invitation.answer":   {It: "Ha confermato o rifiutato chi ha seguito un invito", En: "Confirmed or refused who followed an invitation"},
			"invitation.guess":    {It: "Ha provato il link di un invito che non è suo", En: "Tried the link of an invitation that is not theirs"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps, member.NewService(deps))
			return modules.Parts{Pages: Pages(v, office.NewService(deps)), Operations: Operations(v), Duties: Duties(v)}
		},
	}
}
