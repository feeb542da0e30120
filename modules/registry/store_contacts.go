package registry

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

const contactsSQL = `select c.id, c.phone, c.mobile, c.email, c.address, c.postal_code, c.municipality, c.municipality_code,
		c.valid_from, coalesce(c.valid_to, timestamptz '0001-01-01 00:00:00Z') as valid_to, c.created_name
	from registry.contacts c where c.tenant_id = $1 and c.person_id = $2
	order by c.valid_to desc nulls first limit 50`

const changesSQL = `select h.id, h.field, h.old_value, h.new_value, h.changed_at, h.changed_name
	from registry.changes h where h.tenant_id = $1 and h.person_id = $2 order by h.id desc limit 100`

// QueueContacts adds to a batch the reading of a person's contact details, the current ones first, through whichever
// door the batch goes. The caller audits the reading.
func QueueContacts(b *pgx.Batch, tenant int32, person uuid.UUID, dst *[]Contacts) {
	queueAll(b, dst, contactsSQL, tenant, person)
}

// getSheet reads a person with all that belongs to it in one round trip.
func (sv *Service) getSheet(ctx context.Context, s tenants.Scope, id uuid.UUID) (Sheet, error) {
	var b pgx.Batch
	var sheet Sheet
	QueuePerson(&b, s.Tenant, id, &sheet.Person)
	QueueContacts(&b, s.Tenant, id, &sheet.Contacts)
	QueueHouseholds(&b, s.Tenant, id, &sheet.Households)
	queueAll(&b, &sheet.Changes, changesSQL, s.Tenant, id)
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return Sheet{}, fmt.Errorf("get a person's sheet: %w", err)
	}
	if sheet.ID == uuid.Nil {
		return Sheet{}, problem.Missing()
	}
	return sheet, nil
}

// currentContacts is the id of the current details, or nil.
func currentContacts(ctx context.Context, tx tenants.Tx, tenant int32, person uuid.UUID) (uuid.UUID, error) {
	var id uuid.UUID
	err := tx.QueryRow(ctx, `select id from registry.contacts where tenant_id = $1 and person_id = $2 and valid_to is null`, tenant, person).Scan(&id)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, fmt.Errorf("find the current contact details: %w", err)
	}
	return id, nil
}

func closeContacts(ctx context.Context, tx tenants.Tx, tenant int32, id uuid.UUID) error {
	_, err := tx.Exec(ctx, `update registry.contacts set valid_to = now() where tenant_id = $1 and id = $2 and valid_to is null`, tenant, id)
	if err != nil {
		return fmt.Errorf("close contact details: %w", err)
	}
	return nil
}

// insertContacts reports false when the details are there already.
func insertContacts(ctx context.Context, tx tenants.Tx, s tenants.Scope, n NewContacts, d ContactDetails) (bool, error) {
	tag, err := tx.Exec(ctx, `
		insert into registry.contacts (id, person_id, phone, mobile, email, address, postal_code, municipality, municipality_code, created_by, created_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (tenant_id, id) do nothing`, n.ID, n.Person, d.Phone, d.Mobile, d.Email, d.Address, d.PostalCode,
		d.Municipality, placeCode(d.Municipality), account(s), s.Name)
	if err != nil {
		return false, fmt.Errorf("insert contact details: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
