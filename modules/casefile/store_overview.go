package casefile

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/diary"
	"staffetta/modules/casefile/protection"
	"staffetta/modules/casefile/team"
	"staffetta/modules/registry"
)

// getOverview reads everything in one round trip; what no section shows comes back empty.
func getOverview(ctx context.Context, a *access.Access) (Overview, error) {
	var o Overview
	var batch pgx.Batch
	var contacts []registry.Contacts
	if !a.Foreign() {
		queueSummary(&batch, a, &o.Summary)
		queueSteps(&batch, a, &o.Steps)
		team.Queue(&batch, a, &o.Assignments)
		protection.Queue(&batch, a, &o.Marks)
	}
	if a.Scope.Reads("contacts") {
		registry.QueueContacts(&batch, a.Tenant, a.CaseFile.Person, &contacts)
	}
	if a.Scope.Reads("household") {
		registry.QueueHouseholds(&batch, a.Tenant, a.CaseFile.Person, &o.Households)
	}
	diary.QueueLatest(&batch, a, &o.Notes, overviewNotes)
	diary.QueueDrafts(&batch, a, &o.Drafts)
	if err := a.Read(ctx, &batch); err != nil {
		return Overview{}, fmt.Errorf("read the overview of a case: %w", err)
	}
	o.Contacts = registry.Sheet{Contacts: contacts}.Current().ContactDetails
	for i, h := range o.Households {
		o.Households[i] = h.Present()
	}
	return o, nil
}
