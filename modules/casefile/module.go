package casefile

import (
	"github.com/riverqueue/river"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/diary"
	"staffetta/modules/casefile/notice"
	"staffetta/modules/casefile/protection"
	"staffetta/modules/casefile/why"
	"staffetta/modules/kit"
	"staffetta/policies"
)

// ID is the module's name.
const ID modules.ID = "casefile"

// Oversee is the permission to ask who could do what with any case of the body, on /console/accessi/{case}.
const Oversee = why.Oversee

// Module is the manifest.
func Module() modules.Module {
	return modules.Module{
		ID:         ID,
		Title:      language.Text{It: "Cartella sociale", En: "Case file"},
		About:      language.Text{It: "La cartella di chi è seguito dal servizio sociale: diario, documenti, scadenze, per chi la segue.", En: "The file of whoever the social service follows: diary, documents, deadlines, for those who follow it."},
		Requires:   []modules.ID{"registry", "kit"},
		Migrations: sub("migrations"),
		Templates:  sub("templates"),
		Messages:   sub("messages"),
		Help:       help,
		Permissions: []policies.Permission{
			{Object: "case", Verb: "read", Label: language.Text{It: "Leggere le cartelle", En: "Read case files"}},
			{Object: "case", Verb: "create", Label: language.Text{It: "Aprire una cartella", En: "Open a case file"}},
			{Object: "case", Verb: "write", Label: language.Text{It: "Lavorare alle cartelle", En: "Work on case files"}},
			{Object: "case_access", Verb: "explain", Label: language.Text{It: "Chiedere perché qualcuno poteva leggere una cartella", En: "Ask why somebody could read a case file"}},
			{Object: "case_access", Verb: "oversee", Label: language.Text{It: "Chiederlo di ogni cartella, senza aprirla", En: "Ask it of every case file, without opening it"}},
			{Object: "desk", Verb: "read", Label: language.Text{It: "Scrivania dell'operatore", En: "Operator's home"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "social_worker", Permissions: []string{why.Explain, "case:read", "case:create", "case:write", "desk:read"}},
			{Role: "coordinator", Permissions: []string{why.Explain, "case:read", "case:create", "case:write", "desk:read"}},
			{Role: "educator", Permissions: []string{why.Explain, "case:read", "case:write", "desk:read"}},
			{Role: "psychologist", Permissions: []string{why.Explain, "case:read", "case:write", "desk:read"}},
			{Role: "uvm_member", Permissions: []string{why.Explain, "case:read"}},
			{Role: "access_desk", Permissions: []string{"desk:read"}},
			{Role: "admin_officer", Permissions: []string{"desk:read"}},
			{Role: "dpo", Permissions: []string{why.Explain, why.Oversee, "desk:read"}},
			// The desk shows them no case: what awaits who looks after practices and who administers stands there.
			{Role: "practice_owner", Permissions: []string{"desk:read"}},
			{Role: "lead_contact", Permissions: []string{"desk:read"}},
			{Role: "tenant_admin", Permissions: []string{"desk:read"}},
		},
		Kinds:      kinds(),
		Events:     events,
		Treatments: treatments,
		Terms:      terms,
		Records: []modules.Record{
			{Table: "casefile.cases", CaseColumn: "id", PersonColumn: "person_id", Handover: modules.Copy, UsedItem: "workflow_version", Retention: "case", Codes: map[string]modules.Wording{"area": {Of: kit.AreaLabel}}},
			{Table: "casefile.counters", People: true, Handover: modules.Stay, Retention: modules.AsTheBody},
			{Table: "casefile.notices", People: true, Handover: modules.Stay, Retention: "notice"},
			{Table: "casefile.assignments", CaseColumn: "case_id", Handover: modules.Stay, Retention: "case", Codes: map[string]modules.Wording{"part": {Prefix: "casefile.team.part_"}}},
			{Table: "casefile.steps", CaseColumn: "case_id", Handover: modules.Copy, Retention: "case"},
			{Table: "casefile.reasons", CaseColumn: "case_id", Section: reasonSection, Handover: modules.Copy, Retention: "case"},
			{Table: "casefile.notes", CaseColumn: "case_id", Section: "column:section", Handover: modules.Copy, Retention: "case", Codes: map[string]modules.Wording{
				"kind": {Of: diary.KindLabel}, "visibility": {Prefix: "casefile.note.visible_"},
			}},
			{Table: "casefile.marks", CaseColumn: "case_id", Section: protection.Section, Handover: modules.Copy, Withheld: true, Retention: "case", Codes: map[string]modules.Wording{"kind": {Prefix: "casefile.protection.kind."}}},
			{Table: "casefile.documents", CaseColumn: "case_id", Section: "column:section", Handover: modules.Copy, File: "sha256", Retention: "case"},
		},
		Obligations: []modules.Obligation{
			{Key: "note_draft", Table: "casefile.notes", Label: language.Text{It: "Annotazione non firmata", En: "Unsigned note"}},
		},
		New: newParts,
	}
}

func newParts(deps modules.Deps) (modules.Parts, error) {
	if _, err := access.OwnPath(); err != nil {
		return modules.Parts{}, err
	}
	s := NewService(deps)
	return modules.Parts{
		Pages:      (&pages{service: s}).all(),
		Operations: (&operations{service: s}).all(),
		Drafts:     []modules.DraftSource{{Permission: "case:write", Find: s.Drafts().Find}},
		Workers:    func(w *river.Workers) { s.Work(w); notice.Work(deps, w) },
		Periodic:   notice.Periodic(),
		Duties:     append(notice.Duties(deps), s.unheldDuties()...),
		Reach:      s.CountReach,
		Uses:       uses(deps),
	}, nil
}
