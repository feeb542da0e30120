package diary

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

const noteColumns = `n.tenant_id, n.id, n.case_id, n.section::text, n.kind, n.visibility, n.happened_on, n.body, n.addendum_to,
	n.author_tenant, n.author_account, n.author_name, n.created_at, n.signed_at, n.version`

func (n *Note) targets() []any {
	return []any{
		&n.Tenant, &n.ID, &n.Case, &n.Section, &n.Kind, &n.Visibility, &n.HappenedOn, &n.Body, (*zeronull.UUID)(&n.AddendumTo),
		&n.AuthorTenant, &n.Author, &n.AuthorName, &n.CreatedAt, (*zeronull.Timestamptz)(&n.SignedAt), &n.Version,
	}
}

func scanNote(row pgx.CollectableRow) (Note, error) {
	var n Note
	return n, row.Scan(n.targets()...)
}

// saveNote inserts or updates the author's draft, and signs it if asked. changed is
// false when the note is stored already as it should be.
func saveNote(ctx context.Context, tx tenants.Tx, n *Note, sign bool) (changed bool, err error) {
	if inserted, err := insertNote(ctx, tx, n, sign); err != nil || inserted {
		return inserted, err
	}
	var stored Note
	err = tx.QueryRow(ctx, `select `+noteColumns+` from casefile.notes n where n.tenant_id = $1 and n.id = $2`, n.Tenant, n.ID).Scan(stored.targets()...)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && stored.Case != n.Case {
		return false, problem.Missing() // somebody else's draft, or of another case
	}
	if err != nil {
		return false, fmt.Errorf("read a note: %w", err)
	}
	mine := stored.Author == n.Author && stored.AuthorTenant == n.AuthorTenant
	if mine && stored.says(*n) && stored.Signed() == sign {
		*n = stored
		return false, nil // the form was submitted before
	}
	if !mine || stored.Signed() || n.Version != stored.Version && !stored.says(*n) {
		return false, problem.New(problem.Conflict, "web.error.conflict")
	}
	return true, updateNote(ctx, tx, n, stored.Version, sign)
}

// insertNote adds the note unless its id is taken. A correction needs the signed
// note of the same case that it corrects.
func insertNote(ctx context.Context, tx tenants.Tx, n *Note, sign bool) (inserted bool, err error) {
	if n.AddendumTo != uuid.Nil {
		var known bool
		err := tx.QueryRow(ctx, `select exists (select 1 from casefile.notes n
			where n.tenant_id = $1 and n.case_id = $2 and n.id = $3 and n.signed_at is not null)`, n.Tenant, n.Case, n.AddendumTo).Scan(&known)
		if err != nil {
			return false, fmt.Errorf("read the corrected note: %w", err)
		}
		if !known {
			return false, problem.Missing()
		}
	}
	err = tx.QueryRow(ctx, `
		insert into casefile.notes as n (tenant_id, id, case_id, section, kind, visibility, happened_on, body, addendum_to,
			author_tenant, author_account, author_name, signed_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, case when $13 then app.now() end) on conflict do nothing
		returning `+noteColumns, n.Tenant, n.ID, n.Case, n.Section, n.Kind, n.Visibility, n.HappenedOn, n.Body,
		(*zeronull.UUID)(&n.AddendumTo), n.AuthorTenant, n.Author, n.AuthorName, sign).Scan(n.targets()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("create a note: %w", err)
	}
	return true, nil
}

func updateNote(ctx context.Context, tx tenants.Tx, n *Note, version int, sign bool) error {
	err := tx.QueryRow(ctx, `
		update casefile.notes n set section = $4, kind = $5, visibility = $6, happened_on = $7, body = $8, updated_at = app.now(),
			version = n.version + 1, signed_at = case when $9 then app.now() end
		where n.tenant_id = $1 and n.id = $2 and n.version = $3 and n.signed_at is null
		returning `+noteColumns, n.Tenant, n.ID, version, n.Section, n.Kind, n.Visibility, n.HappenedOn, n.Body, sign).Scan(n.targets()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	if err != nil {
		return fmt.Errorf("update a note: %w", err)
	}
	return nil
}

func (d *Diary) findNotes(ctx context.Context, a *access.Access, after access.Cursor) ([]Note, error) {
	day, id := after.Bounds()
	var batch pgx.Batch
	var notes []Note
	batch.Queue(fmt.Sprintf(`select %s from casefile.notes n
		where n.tenant_id = $1 and n.case_id = $2 and (n.happened_on, n.id) < ($3::date, $4::uuid)
		order by n.happened_on desc, n.id desc limit %d`, noteColumns, access.PageSize+1), a.Tenant, a.ID, day, id).
		Query(func(rows pgx.Rows) (err error) {
			notes, err = pgx.CollectRows(rows, scanNote)
			return err
		})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find notes: %w", err)
	}
	return notes, nil
}

func (d *Diary) getNote(ctx context.Context, a *access.Access, id uuid.UUID) (Note, error) {
	var batch pgx.Batch
	var found []Note
	batch.Queue(`select `+noteColumns+` from casefile.notes n where n.tenant_id = $1 and n.case_id = $2 and n.id = $3`, a.Tenant, a.ID, id).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, scanNote)
			return err
		})
	if err := a.Read(ctx, &batch); err != nil {
		return Note{}, fmt.Errorf("get a note: %w", err)
	}
	if len(found) == 0 {
		return Note{}, problem.Missing()
	}
	return found[0], nil
}

// QueueLatest adds the reading of the last signed notes of the section diary, and of those that another body wrote in
// whatever section.
func QueueLatest(b *pgx.Batch, a *access.Access, into *[]Note, most int) {
	queue(b, a, into, fmt.Sprintf(`n.signed_at is not null and (n.section = 'diary' or n.author_tenant <> n.tenant_id) order by n.happened_on desc, n.id desc limit %d`, most))
}

// QueueDrafts adds the reading of the drafts that the actor began last.
func QueueDrafts(b *pgx.Batch, a *access.Access, into *[]Note) {
	queue(b, a, into, `n.signed_at is null order by n.updated_at desc limit 5`)
}

// queue adds the reading of those notes of the case that the rest of the statement, a constant, asks for.
func queue(b *pgx.Batch, a *access.Access, into *[]Note, rest string) {
	b.Queue(`select `+noteColumns+` from casefile.notes n where n.tenant_id = $1 and n.case_id = $2 and `+rest, a.Tenant, a.ID).
		Query(func(rows pgx.Rows) (err error) {
			*into, err = pgx.CollectRows(rows, scanNote)
			return err
		})
}
