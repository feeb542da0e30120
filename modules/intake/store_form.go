package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// formsShown is how many forms a list shows at once.
const formsShown = 50

const (
	formColumns = `f.id, f.contact_id, f.case_id, f.item_version_id, f.form, f.title_it, f.title_en, f.state, f.author_account,
		f.author_name, f.created_at, f.updated_at, f.finalised_at, f.version`
	withAnswers = `, f.answers, f.earlier`
	noAnswers   = `, 'null' as answers, '[]' as earlier`
)

type formRow struct {
	ID            uuid.UUID
	ContactID     uuid.UUID
	CaseID        *uuid.UUID
	ItemVersionID uuid.UUID
	Form          string
	TitleIt       string
	TitleEn       string
	State         string
	AuthorAccount uuid.UUID
	AuthorName    string
	CreatedAt     time.Time
	UpdatedAt     time.Time
	FinalisedAt   *time.Time
	Version       int
	Answers       string
	Earlier       string
}

func collectForms(rows pgx.Rows) ([]Form, error) {
	return pgx.CollectRows(rows, func(one pgx.CollectableRow) (Form, error) {
		r, err := pgx.RowToStructByName[formRow](one)
		if err != nil {
			return Form{}, err
		}
		f := Form{
			ID: r.ID, Contact: r.ContactID, CaseID: r.CaseID, Edition: r.ItemVersionID, Key: r.Form,
			Title: language.Text{It: r.TitleIt, En: r.TitleEn}, State: r.State, Author: r.AuthorAccount, AuthorName: r.AuthorName,
			CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Version: r.Version,
		}
		if r.FinalisedAt != nil {
			f.FinalisedAt = *r.FinalisedAt
		}
		if f.Earlier, err = kit.ParseEarlier(r.Earlier); err != nil {
			return Form{}, err
		}
		f.Answers, err = kit.ParseAnswers([]byte(r.Answers))
		return f, err
	})
}

// queueForms reads one form more than are shown, which tells that there is a next page.
func queueForms(b *pgx.Batch, tenant int32, contact, after uuid.UUID, into *[]Form) {
	if after == uuid.Nil {
		after = uuid.Max
	}
	b.Queue(fmt.Sprintf(`select %s from intake.forms f where f.tenant_id = $1 and f.contact_id = $2 and f.id < $3
		order by f.id desc limit %d`, formColumns+noAnswers, formsShown+1), tenant, contact, after).
		Query(func(rows pgx.Rows) (err error) {
			*into, err = collectForms(rows)
			return err
		})
}

func (sv *Service) findForms(ctx context.Context, s tenants.Scope, contact, after uuid.UUID) (c Contact, found []Form, err error) {
	err = sv.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		if c, err = oneContact(ctx, tx, contactSQL+` and c.id = $2`, s.Tenant, contact); err != nil {
			return err
		}
		var b pgx.Batch
		queueForms(&b, s.Tenant, contact, after, &found)
		return tx.SendBatch(ctx, &b).Close()
	})
	return c, found, err
}

func (sv *Service) readForm(ctx context.Context, s tenants.Scope, contact, id uuid.UUID) (form Form, err error) {
	err = sv.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		form, err = getForm(ctx, tx, s.Tenant, FormFilling{ID: id, Contact: contact})
		return err
	})
	return form, err
}

const ownFormsSQL = ` from intake.forms f where f.tenant_id = $1 and f.author_account = $2 and f.state = 'draft'`

func (sv *Service) findOwnForms(ctx context.Context, s tenants.Scope, q modules.DraftQuery) (found []Form, total int, err error) {
	args, order := []any{s.Tenant, s.Account}, ` order by f.updated_at desc, f.id`
	if !q.Latest {
		args, order = append(args, q.Since, q.ID), ` and (f.created_at, f.id) > ($3::timestamptz, $4::uuid) order by f.created_at, f.id`
	}
	var b pgx.Batch
	b.Queue(`select count(*)`+ownFormsSQL, s.Tenant, s.Account).QueryRow(func(row pgx.Row) error { return row.Scan(&total) })
	b.Queue(`select `+formColumns+noAnswers+ownFormsSQL+order+fmt.Sprintf(` limit %d`, q.Limit()), args...).Query(func(rows pgx.Rows) (err error) {
		found, err = collectForms(rows)
		return err
	})
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, 0, fmt.Errorf("find drafts of forms: %w", err)
	}
	return found, total, nil
}

// getForm reads the form that a filling names.
func getForm(ctx context.Context, tx tenants.Tx, tenant int32, f FormFilling) (Form, error) {
	rows, err := tx.Query(ctx, `select `+formColumns+withAnswers+` from intake.forms f
		where f.tenant_id = $1 and f.contact_id = $2 and f.id = $3`, tenant, f.Contact, f.ID)
	if err != nil {
		return Form{}, fmt.Errorf("get a form: %w", err)
	}
	found, err := collectForms(rows)
	if err != nil {
		return Form{}, fmt.Errorf("get a form: %w", err)
	}
	if len(found) == 0 {
		return Form{}, problem.Missing()
	}
	return found[0], nil
}

// pinnedEdition is the item version of a form that exists, uuid.Nil for one that does not, and problem.NotFound where
// there is no contact.
func (sv *Service) pinnedEdition(ctx context.Context, s tenants.Scope, f FormFilling) (uuid.UUID, error) {
	var pinned *uuid.UUID
	var b pgx.Batch
	b.Queue(`select f.item_version_id from intake.contacts c
		left join intake.forms f on f.tenant_id = c.tenant_id and f.contact_id = c.id and f.id = $3
		where c.tenant_id = $1 and c.id = $2`, s.Tenant, f.Contact, f.ID).QueryRow(func(row pgx.Row) error { return row.Scan(&pinned) })
	err := sv.deps.DB.Read(ctx, s, &b)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return uuid.Nil, problem.Missing()
	case err != nil:
		return uuid.Nil, fmt.Errorf("find the questions of a form: %w", err)
	case pinned == nil:
		return uuid.Nil, nil
	}
	return *pinned, nil
}

// saveForm inserts a new form, of Version 0, or changes the draft that has the Version; when the id belongs to another
// form, or somebody was faster, it is problem.Conflict.
func saveForm(ctx context.Context, tx tenants.Tx, tenant int32, f *Form) error {
	answers, err := canonical(f.Answers)
	if err != nil {
		return err
	}
	save := updateForm
	if f.Version == 0 {
		save = insertForm
	}
	rows, err := save(ctx, tx, tenant, *f, answers)
	return f.stored(rows, err, "save a form")
}

// stored takes over the row that was written; where there is none, somebody was faster: problem.Conflict.
func (f *Form) stored(rows pgx.Rows, err error, doing string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	saved, err := collectForms(rows)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if len(saved) == 0 {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	saved[0].Answers = f.Answers // as typed, not as JSON gives them back
	*f = saved[0]
	return nil
}

func insertForm(ctx context.Context, tx tenants.Tx, tenant int32, f Form, answers string) (pgx.Rows, error) {
	return tx.Query(ctx, `
		insert into intake.forms as f (tenant_id, id, contact_id, case_id, item_version_id, form, title_it, title_en, answers, state,
			author_account, author_name, finalised_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text, $11, $12, case when $10::text = 'final' then app.now() end)
		on conflict do nothing returning `+formColumns+withAnswers,
		tenant, f.ID, f.Contact, f.CaseID, f.Edition, f.Key, f.Title.It, f.Title.En, answers, f.State, f.Author, f.AuthorName)
}

func updateForm(ctx context.Context, tx tenants.Tx, tenant int32, f Form, answers string) (pgx.Rows, error) {
	return tx.Query(ctx, `
		update intake.forms f set answers = $4, state = $5::text, updated_at = app.now(), version = f.version + 1,
			finalised_at = case when $5::text = 'final' then app.now() end
		where f.tenant_id = $1 and f.id = $2 and f.version = $3 and f.state = 'draft'
		returning `+formColumns+withAnswers, tenant, f.ID, f.Version, answers, f.State)
}

// carryForm lets a draft that has the Version go on in the version of its questions that it holds now; when somebody was
// faster it is problem.Conflict.
func carryForm(ctx context.Context, tx tenants.Tx, tenant int32, f *Form) error {
	answers, err := canonical(f.Answers)
	if err != nil {
		return err
	}
	earlier, err := json.Marshal(f.Earlier)
	if err != nil {
		return fmt.Errorf("write what was answered to older versions: %w", err)
	}
	rows, err := tx.Query(ctx, `
		update intake.forms f set item_version_id = $4, title_it = $5, title_en = $6, answers = $7, earlier = $8, updated_at = app.now(), version = f.version + 1
		where f.tenant_id = $1 and f.id = $2 and f.version = $3 and f.state = 'draft'
		returning `+formColumns+withAnswers, tenant, f.ID, f.Version, f.Edition, f.Title.It, f.Title.En, answers, string(earlier))
	return f.stored(rows, err, "carry a form")
}
