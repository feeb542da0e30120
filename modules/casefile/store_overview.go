package casefile

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/modules/casefile/access"
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
		queueAssignments(&batch, a, &o.Assignments)
	}
	if a.Scope.Reads("contacts") {
		registry.QueueContacts(&batch, a.Tenant, a.CaseFile.Person, &contacts)
	}
	if a.Scope.Reads("household") {
		registry.QueueHouseholds(&batch, a.Tenant, a.CaseFile.Person, &o.Households)
	}
	queueNotes(&batch, a, &o.Notes, fmt.Sprintf(`n.signed_at is not null and n.section = 'diary' order by n.happened_on desc, n.id desc limit %d`, overviewNotes))
	queueNotes(&batch, a, &o.Drafts, `n.signed_at is null order by n.updated_at desc limit 5`)
	if err := a.Read(ctx, &batch); err != nil {
		return Overview{}, fmt.Errorf("read the overview of a case: %w", err)
	}
	o.Contacts = registry.Sheet{Contacts: contacts}.Current().ContactDetails
	for i, h := range o.Households {
		o.Households[i] = h.Present()
	}
	return o, nil
}

// queueNotes adds the reading of those notes of the case that the rest of the statement, a constant, asks for.
func queueNotes(b *pgx.Batch, a *access.Access, into *[]Note, rest string) {
	b.Queue(`select `+noteColumns+` from casefile.notes n where n.tenant_id = $1 and n.case_id = $2 and `+rest, a.Tenant, a.ID).
		Query(func(rows pgx.Rows) (err error) {
			*into, err = pgx.CollectRows(rows, scanNote)
			return err
		})
}
