package intake

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// uses measures how much each form is used, by those that were filled in, and the workflows about contacts, by the contacts.
func (sv *Service) uses() []modules.UseSource {
	return []modules.UseSource{{Kind: kit.KindForm, Find: sv.findUsedForms, Answers: storedAnswers}, {Kind: kit.KindWorkflow, Find: sv.findUsedWorkflows}}
}

func (sv *Service) findUsedForms(ctx context.Context, s tenants.Scope) ([]modules.Use, error) {
	return modules.FindUses(ctx, sv.deps.DB, s, "intake.used_forms")
}

// findUsedWorkflows gives the contacts to each workflow about contacts that the body has published.
func (sv *Service) findUsedWorkflows(ctx context.Context, s tenants.Scope) ([]modules.Use, error) {
	versions, err := sv.items.Published(ctx, s, kit.KindWorkflow)
	if err != nil {
		return nil, err
	}
	var contacts modules.Use
	var b pgx.Batch
	b.Queue(`select u.days30, u.days90, u.days180, u.records, u.people, u.last from intake.used_contacts() u`).QueryRow(func(row pgx.Row) error {
		return row.Scan(&contacts.Days30, &contacts.Days90, &contacts.Days180, &contacts.Records, &contacts.People, (*zeronull.Timestamptz)(&contacts.Last))
	})
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("measure the use of the access desk: %w", err)
	}
	var found []modules.Use
	for _, v := range versions {
		workflow, err := kit.ParseWorkflow(v.Content)
		if err != nil {
			return nil, err
		}
		if workflow.Subject == subject && contacts.Records > 0 {
			one := contacts
			one.Key = v.Key
			found = append(found, one)
		}
	}
	return found, nil
}

// storedAnswers counts what open forms hold.
func storedAnswers(ctx context.Context, tx tenants.Tx, keys []string) ([]modules.StoredAnswers, error) {
	return modules.FindAnswers(ctx, tx, "intake.stored_answers", keys)
}
