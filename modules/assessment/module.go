package assessment

import (
	"embed"
	"io/fs"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// ID is the module's name.
const ID modules.ID = "assessment"

//go:embed migrations/*.sql templates/*.html messages/*.json
var files embed.FS

// Module is the manifest.
func Module() modules.Module {
	read, write := []string{"instrument:read"}, []string{"instrument:read", "instrument:write"}
	return modules.Module{
		ID:         ID,
		Title:      language.Text{It: "Valutazioni", En: "Assessments"},
		About:      language.Text{It: "Le scale e i questionari, con il punteggio già calcolato, dentro la cartella.", En: "Scales and questionnaires, with the score worked out, inside the case file."},
		Requires:   []modules.ID{"kit", "casefile"},
		Migrations: sub("migrations"),
		Templates:  sub("templates"),
		Messages:   sub("messages"),
		Help:       help,
		Permissions: []policies.Permission{
			{Object: "instrument", Verb: "read", Label: language.Text{It: "Leggere le valutazioni", En: "Read assessments"}},
			{Object: "instrument", Verb: "write", Label: language.Text{It: "Compilare le valutazioni", En: "Fill in assessments"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "social_worker", Permissions: write},
			{Role: "coordinator", Permissions: write},
			{Role: "educator", Permissions: write},
			{Role: "psychologist", Permissions: write},
			{Role: "uvm_member", Permissions: read},
		},
		Kinds: kinds(),
		Events: map[string]language.Text{
			"assessment.draft":    {It: "Ha salvato una valutazione in bozza", En: "Saved an assessment as a draft"},
			"assessment.carry":    {It: "Ha continuato una valutazione nella versione nuova", En: "Went on with an assessment in its new version"},
			"assessment.finalise": {It: "Ha confermato una valutazione", En: "Confirmed an assessment"},
		},
		Treatments: treatments,
		Records: []modules.Record{
			{Table: "assessment.assessments", CaseColumn: "case_id", Section: "column:section", Handover: modules.Copy, UsedItem: "item_version_id", Draft: "draft", Retention: "case", Codes: map[string]modules.Wording{"state": {Prefix: "assessment.state."}}},
		},
		Obligations: []modules.Obligation{
			{Key: "assessment_draft", Table: "assessment.assessments", Label: language.Text{It: "Valutazione non confermata", En: "Unconfirmed assessment"}},
		},
		New: func(deps modules.Deps) (modules.Parts, error) {
			s := NewService(deps)
			return modules.Parts{
				Pages: (&pages{service: s}).all(), Operations: (&operations{service: s}).all(),
				Drafts: []modules.DraftSource{{Permission: "instrument:write", Find: s.FindDrafts}},
				Uses:   uses(deps),
			}, nil
		},
	}
}

func sub(dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}
