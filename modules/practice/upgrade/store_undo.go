package upgrade

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

func (v *Service) findRuns(ctx context.Context, s tenants.Scope, of uuid.UUID) (found []Run, err error) {
	var b pgx.Batch
	b.Queue(`select a.id, a.run, a.kit_id, a.release, coalesce(a.undoes, $3), a.author_name, a.at,
			(select count(*) from practice.application_items i where i.tenant_id = a.tenant_id and i.application_id = a.id and i.found <> i.made)
		from practice.applications a where a.tenant_id = $1 and a.adoption_id = $2 order by a.number desc limit 500`, s.Tenant, of, uuid.Nil).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Run])
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find the runs of an adoption: %w", err)
	}
	return found, nil
}

// findUndone reads what a run and those after it wrote: of each item how it stood before all of them and after. It notes the
// run and the kit to which things go back.
func findUndone(ctx context.Context, tx tenants.Tx, run uuid.UUID, u *Undoing) ([]Return, error) {
	err := tx.QueryRow(ctx, `
		select r.id, r.run, r.kit_id, r.release, r.author_name, r.at, coalesce(p.kit_id, $3), coalesce(p.release, ''), coalesce(p.at, r.at),
			(select count(*) from practice.applications n where n.tenant_id = r.tenant_id and n.adoption_id = r.adoption_id and n.number >= r.number)
		from practice.applications r
		left join lateral (select p.kit_id, p.release, p.at from practice.applications p where p.tenant_id = r.tenant_id
			and p.adoption_id = r.adoption_id and p.number < r.number order by p.number desc limit 1) p on true
		where r.tenant_id = app.tenant() and r.adoption_id = $1 and r.id = $2`, u.Adoption.ID, run, uuid.Nil).
		Scan(&u.Run.ID, &u.Run.Kind, &u.Run.Kit, &u.Run.Release, &u.Run.Author, &u.Run.At, &u.Kit, &u.Release, &u.Since, &u.Undone)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, problem.Missing()
	}
	if err != nil {
		return nil, fmt.Errorf("find a run: %w", err)
	}
	rows, err := tx.Query(ctx, `
		select i.kind, i.key, i.found, i.made from practice.application_items i
		join practice.applications a on a.tenant_id = i.tenant_id and a.id = i.application_id
		where a.tenant_id = app.tenant() and a.adoption_id = $1 and i.found <> i.made
			and a.number >= (select r.number from practice.applications r where r.tenant_id = app.tenant() and r.id = $2)
		order by i.kind, i.key, a.number`, u.Adoption.ID, run)
	if err != nil {
		return nil, fmt.Errorf("find what runs wrote: %w", err)
	}
	return collectReturns(rows)
}

// collectReturns reads lines that come by item, in the order of their runs.
func collectReturns(rows pgx.Rows) (lines []Return, err error) {
	var kind, key, found, made string
	_, err = pgx.ForEachRow(rows, []any{&kind, &key, &found, &made}, func() error {
		line := Return{Kind: kind, Key: key}
		if err := errors.Join(json.Unmarshal([]byte(found), &line.then), json.Unmarshal([]byte(made), &line.now)); err != nil {
			return fmt.Errorf("read how %s stood: %w", kit.Place(kind, key), err)
		}
		lines = join(lines, line)
		return nil
	})
	return lines, err
}

// recordUndo keeps an undoing as a run of its own.
func recordUndo(ctx context.Context, tx tenants.Tx, s tenants.Scope, u Undoing, id uuid.UUID) error {
	to, release := u.Kit, u.Release
	if to == uuid.Nil {
		to, release = u.Adoption.Kit, u.Adoption.Release
	}
	var b pgx.Batch
	b.Queue(`insert into practice.applications (id, adoption_id, kit_id, release, run, undoes, author_name)
		values ($1, $2, $3, $4, 'rollback', $5, $6)`, id, u.Adoption.ID, to, u.Release, u.Run.ID, s.Name)
	for _, line := range u.Lines {
		queueDecision(&b, u.Adoption.ID, line.Kind, line.Key, line.then)
		if err := queueLine(&b, id, runLine{kind: line.Kind, key: line.Key, outcome: Restored, found: line.now, made: line.then}); err != nil {
			return err
		}
	}
	b.Queue(`select practice.move_adoption($1, $2, 'undone', $3, $4)`, u.Adoption.ID, to, s.Name, release)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("record an undoing: %w", err)
	}
	return nil
}
