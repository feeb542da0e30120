package subject

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// Terms are how long requests are proposed to be kept.
func Terms() []modules.Term {
	return []modules.Term{{
		Kind: "request", Years: 10, Label: language.Text{It: "Richieste delle persone sui loro dati", En: "What people asked about their data"},
		From:   language.Text{It: "dalla risposta", En: "from the answer"},
		Source: language.Text{It: "Prescrizione ordinaria (codice civile, art. 2946)", En: "Ordinary limitation period (Civil Code, art. 2946)"},
	}}
}

// Records are the tables of this package.
func Records() []modules.Record {
	return []modules.Record{
		{Table: "onboarding.subject_requests", PersonColumn: "person_id", Handover: modules.Stay, Retention: "request"},
		{Table: "onboarding.subject_steps", People: true, Handover: modules.Stay, Retention: "request"},
		{Table: "onboarding.restrictions", PersonColumn: "person_id", Handover: modules.Stay, Retention: "request"},
		{Table: "onboarding.subject_copies", People: true, Handover: modules.Stay, Retention: "request"},
	}
}
