package casefile

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/tenants"
)

// getOverview reads everything in one round trip; what no section shows comes back empty.
func getOverview(ctx context.Context, a *Access) (Overview, error) {
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
func queueNotes(b *pgx.Batch, a *Access, into *[]Note, rest string) {
	b.Queue(`select `+noteColumns+` from casefile.notes n where n.tenant_id = $1 and n.case_id = $2 and `+rest, a.Tenant, a.ID).
		Query(func(rows pgx.Rows) (err error) {
			*into, err = pgx.CollectRows(rows, scanNote)
			return err
		})
}

func (s *Service) findDrafts(ctx context.Context, scope tenants.Scope) ([]Draft, error) {
	rules := s.deps.Policies
	all := rules.Allows(scope, policies.Body, "case", "open")
	var batch pgx.Batch
	var drafts []Draft
	batch.Queue(`select c.number, `+noteColumns+`
		from casefile.notes n join casefile.cases c on c.tenant_id = n.tenant_id and c.id = n.case_id
		where n.tenant_id = $1 and n.author_account = $2 and n.signed_at is null and c.closed_at is null
			and ($3 or exists (select 1 from casefile.assignments m
				where m.tenant_id = $1 and m.case_id = n.case_id and m.account_id = $2 and m.valid_to is null))
		order by n.updated_at desc limit 5`, scope.Tenant, scope.Account, all).
		Query(func(rows pgx.Rows) (err error) {
			drafts, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Draft, error) {
				var d Draft
				return d, row.Scan(append([]any{&d.Number}, d.targets()...)...)
			})
			return err
		})
	if err := s.deps.DB.Read(ctx, rules.Confine(scope, policies.Assigned, policies.Team, policies.Body), &batch); err != nil {
		return nil, fmt.Errorf("find drafts: %w", err)
	}
	return drafts, nil
}
