package subject

import (
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// The permissions of this package.
const (
	Read     = "subject_request:read"
	Register = "subject_request:register"
	Handle   = "subject_request:handle"
	Fetch    = "subject_copy:fetch"
)

// Feature is requests about personal data.
func Feature() modules.Feature {
	return modules.Feature{
		Permissions: []policies.Permission{
			{Object: "subject_request", Verb: "read", Label: language.Text{It: "Vedere numeri e termini delle richieste sui dati personali", En: "See numbers and terms of the requests about personal data"}},
			{Object: "subject_request", Verb: "register", Label: language.Text{It: "Registrare una richiesta sui dati personali", En: "Register a request about personal data"}},
			{Object: "subject_request", Verb: "handle", Label: language.Text{It: "Seguire le richieste sui dati personali e rispondere", En: "Handle the requests about personal data, and answer"}},
			{Object: "subject_copy", Verb: "fetch", Label: language.Text{It: "Scaricare la copia dei dati da consegnare alla persona", En: "Fetch the copy of the data to hand to the person"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "dpo", Permissions: []string{Read, Register, Handle}},
			{Role: "tenant_admin", Permissions: []string{Read}},
			{Role: "coordinator", Permissions: []string{Read, Register, Fetch}},
			{Role: "social_worker", Permissions: []string{Read, Register}},
			{Role: "access_desk", Permissions: []string{Read, Register}},
		},
		Treatments: []modules.Treatment{
			{
				Key: "requests", Area: modules.RightsArea,
				Title:   language.Text{It: "Richieste delle persone sui loro dati", En: "What people ask about their data"},
				Purpose: "rispondere nei termini a chi chiede di vedere, correggere, limitare o cancellare i suoi dati, e poterlo dimostrare",
				Bases:   []modules.Basis{modules.LegalDuty},
				Laws:    "artt. 12 e da 15 a 22 GDPR; artt. da 2-undecies a 2-terdecies d.lgs. 196/2003",
				People:  []string{"chi chiede e la persona alla quale i dati si riferiscono"},
				Data:    []string{"nome e codice fiscale", "che cosa è stato chiesto e risposto, e come è stata riconosciuta la persona"},
				Terms:   []string{"request"},
			},
		},
		Terms: []modules.Term{{
			Kind: "request", Years: 10, Label: language.Text{It: "Richieste delle persone sui loro dati", En: "What people asked about their data"},
			From:   language.Text{It: "dalla risposta", En: "from the answer"},
			Source: language.Text{It: "Prescrizione ordinaria (codice civile, art. 2946)", En: "Ordinary limitation period (Civil Code, art. 2946)"},
		}},
		Records: []modules.Record{
			{Table: "onboarding.subject_requests", PersonColumn: "person_id", Handover: modules.Stay, Retention: "request", Codes: map[string]modules.Wording{
				"kind": {Prefix: "onboarding.subject.kind."}, "asker": {Prefix: "onboarding.subject.asker."}, "channel": {Prefix: "onboarding.subject.channel."},
				"outcome": {Prefix: "onboarding.subject.outcome."}, "state": {Prefix: "onboarding.subject.state."},
			}},
			{Table: "onboarding.subject_steps", People: true, Handover: modules.Stay, Retention: "request", Codes: map[string]modules.Wording{"kind": {Prefix: "onboarding.subject.step."}}},
			{Table: "onboarding.restrictions", PersonColumn: "person_id", Handover: modules.Stay, Retention: "request"},
			{Table: "onboarding.subject_copies", People: true, Handover: modules.Stay, Retention: "request", Codes: map[string]modules.Wording{"state": {Prefix: "onboarding.subject.copy.state."}}},
		},
		Events: map[string]language.Text{
			"subject_request.list":     {It: "Ha visto le richieste sui dati personali", En: "Saw the requests about personal data"},
			"subject_request.read":     {It: "Ha visto una richiesta sui dati personali", En: "Saw a request about personal data"},
			"subject_request.register": {It: "Ha registrato una richiesta sui dati personali", En: "Registered a request about personal data"},
			"subject_request.name":     {It: "Ha indicato di chi parla una richiesta sui dati personali", En: "Said whom a request about personal data is about"},
			"subject_request.take":     {It: "Ha preso in carico una richiesta sui dati personali", En: "Took a request about personal data"},
			"subject_request.note":     {It: "Ha annotato una richiesta sui dati personali", En: "Noted something about a request about personal data"},
			"subject_request.extend":   {It: "Ha prorogato il termine di una richiesta sui dati personali", En: "Extended the term of a request about personal data"},
			"subject_request.answer":   {It: "Ha risposto a una richiesta sui dati personali", En: "Answered a request about personal data"},
			"subject_request.withdraw": {It: "Ha segnato come ritirata una richiesta sui dati personali", En: "Noted that a request about personal data was withdrawn"},
			"subject_request.copy":     {It: "Ha deciso che cosa c’è nella copia dei dati di una persona", En: "Decided what is in the copy of a person’s data"},
			"subject_request.restrict": {It: "Ha limitato l’uso dei dati di una persona", En: "Restricted the use of a person’s data"},
			"subject_request.lift":     {It: "Ha tolto il limite all’uso dei dati di una persona", En: "Lifted the restriction of a person’s data"},
			"subject_copy.make":        {It: "La copia dei dati di una persona è pronta", En: "The copy of a person’s data was made"},
			"subject_copy.fetch":       {It: "Ha scaricato la copia dei dati di una persona", En: "Fetched the copy of a person’s data"},
			"subject_copy.expire":      {It: "La copia dei dati di una persona è stata cancellata", En: "The copy of a person’s data was removed"},
		},
		New: func(deps modules.Deps) modules.Parts {
			v := NewService(deps)
			return modules.Parts{Pages: Pages(v), Operations: Operations(v), Workers: v.Work, Duties: Duties(v), Hints: Hints(v), Checks: Checks(v)}
		},
	}
}
