package casefile

import (
	"context"

	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/diary"
	"staffetta/modules/casefile/protection"
	"staffetta/modules/casefile/team"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

// Overview is the most important of an opened case, as far as its sections show it.
type Overview struct {
	Summary     string            // why the case was opened; with Steps and Assignments, for the body's own people alone
	Steps       []Step            // their reasons come, as the summary, to who reads the diary
	Assignments []team.Assignment // as FindAssignments
	Marks       []protection.Mark // how it is protected, likewise, for who reads the diary
	Contacts    registry.ContactDetails
	Households  []registry.Household // those of now, with their present members
	Notes       []diary.Note         // the last signed ones of the section diary
	Drafts      []diary.Note         // the actor's own
}

// overviewNotes is how many notes an overview shows.
const overviewNotes = 3

// OpenOverview is Open for the overview of a case: the audit names each section that the actor reads there. Errors:
// those of Open.
func (s *Service) OpenOverview(ctx context.Context, scope tenants.Scope, ref string) (*access.Access, error) {
	return s.OpenBeside(ctx, scope, ref, "", "identity", "contacts", "household", "diary")
}

// GetOverview reads the overview of a case that OpenOverview opened.
func (s *Service) GetOverview(ctx context.Context, a *access.Access) (Overview, error) {
	return getOverview(ctx, a)
}
