package intake

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

const contactSQL = `select c.id, c.person_id, c.case_id, coalesce(f.number, '') as case_number, c.at, c.channel, c.interlocutor,
		c.reason, c.accompanied, c.person_informed, c.needs, c.target, c.request, c.outcome, c.signposting, c.given, c.set_aside, c.state,
		c.operator_name, coalesce(c.closed_at, timestamptz '0001-01-01 00:00:00Z') as closed_at, c.closed_name, c.version
	from intake.contacts c
	left join casefile.cases f on f.tenant_id = c.tenant_id and f.id = c.case_id
	where c.tenant_id = $1`

// findContacts reads one contact more than the limit, which tells that there is a next page.
func (sv *Service) findContacts(ctx context.Context, s tenants.Scope, q Query) (Found, error) {
	args := []any{s.Tenant}
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	where := []string{contactSQL}
	if q.Desk {
		where = append(where, "(c.state <> 'closed' or c.at >= "+arg(startOfDay(time.Now()))+")")
	}
	if q.Proposed {
		where = append(where, proposedSQL)
	}
	if q.Person != uuid.Nil {
		where = append(where, "c.person_id = "+arg(q.Person))
	}
	if q.After != uuid.Nil {
		where = append(where, `(c.at, c.id) < (select a.at, a.id from intake.contacts a where a.tenant_id = $1 and a.id = `+arg(q.After)+`)`)
	}
	sql := strings.Join(where, " and ") + fmt.Sprintf(" order by c.at desc, c.id desc limit %d", q.Limit+1)
	var found Found
	var b pgx.Batch
	b.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		found.Contacts, err = pgx.CollectRows(rows, pgx.RowToStructByName[Contact])
		return err
	})
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return Found{}, fmt.Errorf("find contacts: %w", err)
	}
	return found, sv.nameAll(ctx, s, &found)
}

func (sv *Service) nameAll(ctx context.Context, s tenants.Scope, found *Found) error {
	var persons []uuid.UUID
	for _, c := range found.Contacts {
		if c.PersonID != nil {
			persons = append(persons, *c.PersonID)
		}
	}
	if len(persons) == 0 {
		return nil
	}
	var b pgx.Batch
	registry.QueueNames(&b, s.Tenant, persons, &found.Names)
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return fmt.Errorf("name the persons of contacts: %w", err)
	}
	return nil
}

func (sv *Service) getSheet(ctx context.Context, s tenants.Scope, id uuid.UUID) (Sheet, error) {
	var sheet Sheet
	err := sv.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		if sheet.Contact, err = oneContact(ctx, tx, contactSQL+` and c.id = $2`, s.Tenant, id); err != nil {
			return err
		}
		var b pgx.Batch
		if sheet.PersonID != nil {
			registry.QueuePerson(&b, s.Tenant, *sheet.PersonID, &sheet.Person)
		}
		b.Queue(`select a.id, a.text, a.added_at, a.added_name from intake.addenda a
			where a.tenant_id = $1 and a.contact_id = $2 order by a.id limit 100`, s.Tenant, id).Query(func(rows pgx.Rows) (err error) {
			sheet.Addenda, err = pgx.CollectRows(rows, pgx.RowToStructByName[Addendum])
			return err
		})
		queueForms(&b, s.Tenant, id, uuid.Nil, &sheet.Forms)
		return tx.SendBatch(ctx, &b).Close()
	})
	return sheet, err
}

func lockContact(ctx context.Context, tx tenants.Tx, tenant int32, id uuid.UUID) (Contact, error) {
	return oneContact(ctx, tx, contactSQL+` and c.id = $2 for update of c`, tenant, id)
}

func oneContact(ctx context.Context, tx tenants.Tx, sql string, args ...any) (Contact, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return Contact{}, fmt.Errorf("query a contact: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Contact])
	if err != nil {
		return Contact{}, fmt.Errorf("read a contact: %w", err)
	}
	if len(found) == 0 {
		return Contact{}, problem.Missing()
	}
	return found[0], nil
}

// insertContact reports false when the contact is there already.
func insertContact(ctx context.Context, tx tenants.Tx, s tenants.Scope, n NewContact) (bool, error) {
	state := Created
	var closedBy *uuid.UUID
	var closedAt *time.Time
	closedName := ""
	if n.Outcome != "" {
		now := time.Now()
		state, closedBy, closedAt, closedName = Closed, orNull(s.Account), &now, s.Name
	}
	tag, err := tx.Exec(ctx, `
		insert into intake.contacts (id, person_id, at, channel, interlocutor, reason, accompanied, person_informed, needs,
			target, request, outcome, signposting, state, operator_account, operator_name, closed_at, closed_by, closed_name, given)
		values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9::text[], '{}'), $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
		on conflict do nothing`, n.ID, orNull(n.Person), n.At, n.Channel, n.Interlocutor, n.Reason, n.Accompanied,
		n.PersonInformed, n.Needs, n.Target, n.Request, n.Outcome, n.Signposting, state, orNull(s.Account), s.Name,
		closedAt, closedBy, closedName, append([]casefile.Given{}, n.given...))
	if err != nil {
		return false, fmt.Errorf("insert a contact: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func orNull(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// closeContact, markSeen and namePerson change a contact that the transaction has locked.
func closeContact(ctx context.Context, tx tenants.Tx, s tenants.Scope, c Contact, closing Closing) error {
	_, err := tx.Exec(ctx, `
		update intake.contacts set state = 'closed', outcome = $3, signposting = $4, closed_at = now(), closed_by = $5,
			closed_name = $6, given = $7, version = version + 1
		where tenant_id = $1 and id = $2 and state <> 'closed'`, s.Tenant, c.ID, closing.Outcome, closing.Signposting, orNull(s.Account), s.Name, append([]casefile.Given{}, c.Given...))
	if err != nil {
		return fmt.Errorf("close a contact: %w", err)
	}
	return nil
}

func markSeen(ctx context.Context, tx tenants.Tx, tenant int32, c Contact) error {
	_, err := tx.Exec(ctx, `update intake.contacts set state = 'seen', version = version + 1
		where tenant_id = $1 and id = $2 and state = 'created'`, tenant, c.ID)
	if err != nil {
		return fmt.Errorf("mark a contact as seen: %w", err)
	}
	return nil
}

func namePerson(ctx context.Context, tx tenants.Tx, tenant int32, c Contact, person uuid.UUID) error {
	_, err := tx.Exec(ctx, `update intake.contacts set person_id = $3, version = version + 1
		where tenant_id = $1 and id = $2 and state <> 'closed'`, tenant, c.ID, person)
	if err != nil {
		return fmt.Errorf("name the person of a contact: %w", err)
	}
	return nil
}

// insertAddendum reports false when the addendum is there already.
func insertAddendum(ctx context.Context, tx tenants.Tx, s tenants.Scope, n NewAddendum) (bool, error) {
	tag, err := tx.Exec(ctx, `insert into intake.addenda (id, contact_id, text, added_by, added_name)
		values ($1, $2, $3, $4, $5) on conflict do nothing`, n.ID, n.Contact, n.Text, orNull(s.Account), s.Name)
	if err != nil {
		return false, fmt.Errorf("insert an addendum: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
