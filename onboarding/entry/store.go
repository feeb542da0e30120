package entry

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/onboarding/control"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

const entryColumns = `e.id, e.state, e.belfiore, e.ipa, e.body_version, e.contact_name, e.contact_position, e.contact_email, e.contact_phone,
	e.act_number, coalesce(e.act_date::text, ''), e.pec, e.contact_version, coalesce(e.body_id, 0),
	case when e.kind <> 'municipality' then e.kind else '' end, e.name, e.tax_code, coalesce(e.deed_sha256, ''), e.deed_name, e.deed_type, e.confirmed_name, e.confirmed_at, e.review, e.review_reason, e.created_at, e.updated_at, exists (select from onboarding.entry_people m
		where m.tenant_id = e.tenant_id and m.entry_id = e.id and m.account_id = app.account() and m.starter)`

func scanEntry(row pgx.CollectableRow) (Entry, error) {
	var e Entry
	err := row.Scan(&e.ID, &e.State, &e.Belfiore, &e.CorrectedIPA, &e.BodyVersion, &e.Contact.Name, &e.Contact.Position, &e.Contact.Email, &e.Contact.Phone,
		&e.Contact.ActNumber, &e.Contact.ActDate, &e.Contact.PEC, &e.ContactVersion, &e.Body,
		&e.Other.Kind, &e.Other.Name, &e.Other.TaxCode, &e.Other.Deed.Sum, &e.Other.Deed.FileName, &e.Other.Deed.MediaType, &e.ConfirmedBy, (*zeronull.Timestamptz)(&e.ConfirmedAt), &e.Review, &e.ReviewReason, &e.CreatedAt, &e.UpdatedAt, &e.Starter)
	return e, err
}

// missing turns an empty answer into an object that does not exist.
func missing(err error, doing string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return problem.Missing()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

func createEntry(ctx context.Context, tx tenants.Tx, id uuid.UUID, person string) error {
	name := []rune(person)
	_, err := tx.Exec(ctx, `select onboarding.create_entry($1, $2)`, id, string(name[:min(len(name), 120)]))
	if err != nil {
		return fmt.Errorf("create an entry: %w", err)
	}
	return nil
}

func (v *Service) findEntries(ctx context.Context, s tenants.Scope) ([]Entry, error) {
	var b pgx.Batch
	var found []Entry
	b.Queue(fmt.Sprintf(`select %s from onboarding.entries e
		where e.tenant_id = $1 and e.id in (select p.entry_id from onboarding.entry_people p where p.tenant_id = $1 and p.account_id = $2)
		order by e.state = 'closed', e.created_at desc, e.id desc limit %d`, entryColumns, 2*maxEntries), s.Tenant, s.Account).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, scanEntry)
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find entries: %w", err)
	}
	return found, nil
}

func (v *Service) getEntry(ctx context.Context, s tenants.Scope, id uuid.UUID) (Entry, error) {
	var b pgx.Batch
	var e Entry
	b.Queue(`select `+entryColumns+` from onboarding.entries e where e.tenant_id = $1 and e.id = $2`, s.Tenant, id).
		Query(func(rows pgx.Rows) (err error) {
			e, err = pgx.CollectExactlyOneRow(rows, scanEntry)
			return err
		})
	var code control.Code
	b.Queue(control.CurrentSQL, id).QueryRow(func(row pgx.Row) (err error) {
		code, err = control.Scan(row)
		return err
	})
	err := missing(v.deps.DB.Read(ctx, s, &b), "get an entry")
	e.Code = code
	return e, err
}

// lockEntry reads an entry and keeps others from changing it
// until the end of the transaction. It reads after it waited: who was removed in the
// meantime does not see the entry any more.
func lockEntry(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) (Entry, error) {
	if _, err := tx.Exec(ctx, `select from onboarding.entries e where e.tenant_id = $1 and e.id = $2 for update`, s.Tenant, id); err != nil {
		return Entry{}, fmt.Errorf("lock an entry: %w", err)
	}
	rows, err := tx.Query(ctx, `select `+entryColumns+` from onboarding.entries e where e.tenant_id = $1 and e.id = $2`, s.Tenant, id)
	if err != nil {
		return Entry{}, fmt.Errorf("read a locked entry: %w", err)
	}
	e, err := pgx.CollectExactlyOneRow(rows, scanEntry)
	return e, missing(err, "lock an entry")
}

// saveBody keeps the municipality and the code that somebody corrected, "" for the register's; or the body that is none, as it was
// declared.
func saveBody(ctx context.Context, tx tenants.Tx, s tenants.Scope, e Entry) error {
	kind := tenants.Municipality
	if e.Other.Kind != "" {
		kind = e.Other.Kind
	}
	_, err := tx.Exec(ctx, `update onboarding.entries set belfiore = $3, ipa = $4, kind = $5, name = $6, tax_code = $7, deed_sha256 = nullif($8, ''),
		deed_name = $9, deed_type = $10, body_version = body_version + 1, updated_at = app.now()
		where tenant_id = $1 and id = $2`, s.Tenant, e.ID, e.Belfiore, e.CorrectedIPA, kind, e.Other.Name, e.Other.TaxCode, e.Other.Deed.Sum,
		e.Other.Deed.FileName, e.Other.Deed.MediaType)
	if err != nil {
		return fmt.Errorf("save the body: %w", err)
	}
	return nil
}

func saveContact(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, c Contact) error {
	_, err := tx.Exec(ctx, `update onboarding.entries set contact_position = $3, contact_email = $4, contact_phone = $5,
		act_number = $6, act_date = $7::text::date, pec = $8, contact_version = contact_version + 1, updated_at = app.now()
		where tenant_id = $1 and id = $2`, s.Tenant, id, c.Position, c.Email, c.Phone, c.ActNumber, c.ActDate, c.PEC)
	if err != nil {
		return fmt.Errorf("save the contact: %w", err)
	}
	return nil
}

// setState moves an entry that is not live.
func setState(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, state State) error {
	_, err := tx.Exec(ctx, `update onboarding.entries set state = $3, updated_at = app.now()
		where tenant_id = $1 and id = $2 and state <> 'live'`, s.Tenant, id, string(state))
	if err != nil {
		return fmt.Errorf("move an entry: %w", err)
	}
	return nil
}

// closeEntry notes the body that an entry became, unless it is noted.
func closeEntry(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, body int32) (bool, error) {
	tag, err := tx.Exec(ctx, `update onboarding.entries set state = 'live', body_id = $3, updated_at = app.now()
		where tenant_id = $1 and id = $2 and state <> 'live'`, s.Tenant, id, body)
	if err != nil {
		return false, fmt.Errorf("close an entry: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}

// tellBody copies the event of an activation into the chain of the body that it made.
func tellBody(ctx context.Context, tx tenants.Tx, entry uuid.UUID, e audit.Told) error {
	if _, err := tx.Exec(ctx, `select onboarding.tell_body($1, $2, $3)`, entry, e.ID, e.At); err != nil {
		return fmt.Errorf("tell the new body of its activation: %w", err)
	}
	return nil
}

// askReview tells whether nobody was asked before.
func askReview(ctx context.Context, tx tenants.Tx, entry uuid.UUID) (asked bool, err error) {
	if err := tx.QueryRow(ctx, `select onboarding.ask_review($1)`, entry).Scan(&asked); err != nil {
		return false, fmt.Errorf("ask for a review: %w", err)
	}
	return asked, nil
}
