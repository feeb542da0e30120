package intake

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/casefile"
)

// ofCase are the latest contacts of the person of a case, and their confirmed forms without answers.
type ofCase struct {
	contacts []Contact
	forms    map[uuid.UUID][]Form
}

const ofCaseSQL = ` (c.case_id = $2 or c.person_id = (select k.person_id from casefile.cases k where k.tenant_id = $1 and k.id = $2))`

func (sv *Service) findOfCase(ctx context.Context, a *casefile.Access) (found ofCase, err error) {
	var forms []Form
	var b pgx.Batch
	b.Queue(contactSQL+` and`+ofCaseSQL+` order by c.at desc, c.id desc limit 50`, a.Tenant, a.ID).Query(func(rows pgx.Rows) (err error) {
		found.contacts, err = pgx.CollectRows(rows, pgx.RowToStructByName[Contact])
		return err
	})
	b.Queue(`select `+formColumns+noAnswers+` from intake.forms f where f.tenant_id = $1 and f.state = 'final' and f.contact_id in (
			select c.id from intake.contacts c where c.tenant_id = $1 and`+ofCaseSQL+` order by c.at desc, c.id desc limit 50)
		order by f.id desc`, a.Tenant, a.ID).Query(func(rows pgx.Rows) (err error) {
		forms, err = collectForms(rows)
		return err
	})
	if err := sv.deps.DB.Read(ctx, a.Scope, &b); err != nil {
		return found, fmt.Errorf("find the contacts of a case: %w", err)
	}
	found.forms = map[uuid.UUID][]Form{}
	for _, f := range forms {
		found.forms[f.Contact] = append(found.forms[f.Contact], f)
	}
	return found, nil
}
