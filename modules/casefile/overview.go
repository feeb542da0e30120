package casefile

import (
	"context"
	"slices"

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
	Notes       []diary.Note         // the last signed ones of the section diary, and of those that another body wrote
	Drafts      []diary.Note         // the actor's own
}

// overviewNotes is how many notes an overview shows.
const overviewNotes = 3

// OpenOverview is Open for the overview of a case: the audit names each section that the actor reads there. Errors:
// those of Open.
func (s *Service) OpenOverview(ctx context.Context, scope tenants.Scope, ref string) (*access.Access, error) {
	return s.OpenBeside(ctx, scope, ref, "", "identity", "contacts", "household", "diary")
}

// GetOverview reads the overview of a case that OpenOverview opened. Notes of other sections than the diary are in the audit,
// with their sections, before it returns.
func (s *Service) GetOverview(ctx context.Context, a *access.Access) (Overview, error) {
	o, err := getOverview(ctx, a)
	if err != nil {
		return Overview{}, err
	}
	var beside []string
	for _, n := range o.Notes {
		if n.Section != "diary" && !slices.Contains(beside, n.Section) {
			beside = append(beside, n.Section)
		}
	}
	if len(beside) == 0 {
		return o, nil
	}
	if err := s.deps.Audit.Record(ctx, a.Scope, a.Events("case.read", beside...)...); err != nil {
		return Overview{}, err
	}
	return o, nil
}
