package adoption

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

const adoptionColumns = `a.id, a.practice_id, a.kit_id, a.release, k.title_it, k.title_en, a.stage, a.state, m.side,
	coalesce((select c.tenant_id from practice.adoptions_parties c where c.adoption_id = a.id and c.side = 'ceding'), 0),
	coalesce((select r.tenant_id from practice.adoptions_parties r where r.adoption_id = a.id and r.side = 'reusing'), 0),
	a.created_at, a.updated_at`

const adoptionTables = ` from practice.adoptions a join commons.kits k on k.id = a.kit_id
	join practice.adoptions_parties m on m.adoption_id = a.id and m.tenant_id = $1`

func scanAdoption(row pgx.CollectableRow) (Adoption, error) {
	var a Adoption
	return a, row.Scan(&a.ID, &a.Practice, &a.Kit, &a.Release, &a.Title.It, &a.Title.En, &a.Stage, &a.State, &a.Side,
		&a.Ceding, &a.Reusing, &a.CreatedAt, &a.UpdatedAt)
}

func (v *Service) findAdoptions(ctx context.Context, s tenants.Scope) ([]Adoption, error) {
	var b pgx.Batch
	var found []Adoption
	b.Queue(`select `+adoptionColumns+adoptionTables+` order by a.created_at desc, a.id limit 500`, s.Tenant).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, scanAdoption)
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find adoptions: %w", err)
	}
	return found, nil
}

func (v *Service) getAdoption(ctx context.Context, s tenants.Scope, id uuid.UUID) (Adoption, error) {
	var b pgx.Batch
	var found Adoption
	var journal []Entry
	b.Queue(`select `+adoptionColumns+adoptionTables+` where a.id = $2`, s.Tenant, id).Query(form.One(&found, scanAdoption))
	b.Queue(`select j.at, j.tenant_id, j.stage, j.event, j.release, j.author_name, j.note from practice.adoptions_journal j
		where j.adoption_id = $1 order by j.id desc limit 200`, id).Query(func(rows pgx.Rows) (err error) {
		journal, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Entry])
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return Adoption{}, form.Missing(err, "get an adoption")
	}
	found.Journal = journal
	return found, nil
}

func startAdoption(ctx context.Context, tx tenants.Tx, id, kit uuid.UUID, author string) (uuid.UUID, error) {
	var started uuid.UUID
	if err := tx.QueryRow(ctx, `select practice.start_adoption($1, $2, $3)`, id, kit, author).Scan(&started); err != nil {
		return uuid.Nil, fmt.Errorf("start an adoption: %w", err)
	}
	return started, nil
}

// moveAdoption notes a run in the journal that both sides read, and to which stage it brought the adoption.
func moveAdoption(ctx context.Context, tx tenants.Tx, a applying, author string) error {
	adoption := a.plan.Adoption
	if _, err := tx.Exec(ctx, `select practice.move_adoption($1, $2, $3, 'applied', $4, '')`, adoption.ID, max(adoption.Stage, StageGoLive), a.plan.Kit, author); err != nil {
		return fmt.Errorf("move an adoption: %w", err)
	}
	return nil
}

// lockBody lets one kit be applied to a body at a time.
func lockBody(ctx context.Context, tx tenants.Tx) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('practice.apply', app.tenant()))`); err != nil {
		return fmt.Errorf("wait for another application: %w", err)
	}
	return nil
}

// findBases reads what the kit held, by kit.Place, when each item of an adoption was last applied.
func findBases(ctx context.Context, tx tenants.Tx, adoption uuid.UUID) (map[string][]byte, error) {
	rows, err := tx.Query(ctx, `select i.kind, i.key, i.base from practice.adoption_items i where i.tenant_id = app.tenant() and i.adoption_id = $1`, adoption)
	if err != nil {
		return nil, fmt.Errorf("find what a kit held: %w", err)
	}
	bases := map[string][]byte{}
	var kind, key, base string
	_, err = pgx.ForEachRow(rows, []any{&kind, &key, &base}, func() error {
		bases[kit.Place(kind, key)] = []byte(base)
		return nil
	})
	return bases, err
}

// recordRun keeps what a run found and left, so that it can be compared and undone.
func recordRun(ctx context.Context, tx tenants.Tx, s tenants.Scope, a applying, settlements []settled) error {
	var b pgx.Batch
	b.Queue(`insert into practice.applications (id, adoption_id, kit_id, release, run, author_account, author_name)
		values ($1, $2, $3, $4, 'apply', $5, $6)`, a.run.ID, a.plan.Adoption.ID, a.plan.Kit, a.plan.Release, nullID(s.Account), s.Name)
	placed := make(map[string]kit.Placed, len(settlements))
	for _, one := range settlements {
		place := kit.Place(one.placed.Kind, one.placed.Key)
		placed[place] = one.placed
		b.Queue(`insert into practice.adoption_items (adoption_id, kind, key, item_id, decision, base, release, reason)
			values ($1, $2, $3, $4, $5, $6, $7, $8)
			on conflict (tenant_id, adoption_id, kind, key) do update set decision = excluded.decision, base = excluded.base,
				release = excluded.release, reason = excluded.reason, updated_at = app.now()`,
			a.plan.Adoption.ID, one.placed.Kind, one.placed.Key, one.placed.Item, one.decision, string(one.line.Theirs.Content), a.plan.Release,
			a.decisions[place].Reason)
	}
	for _, line := range a.plan.Lines {
		place := kit.Place(line.Theirs.Kind, line.Theirs.Key)
		where, written := placed[place]
		if !written {
			where.Before, where.After = a.ours[place].Current.ID, a.ours[place].Current.ID
		}
		b.Queue(`insert into practice.application_items (application_id, kind, key, outcome, answer, base_sha256, ours_sha256, theirs_sha256,
				before_version, after_version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			a.run.ID, line.Theirs.Kind, line.Theirs.Key, line.Outcome, a.answer(line), digestOf(line.Base), digestOf(line.Ours),
			digestOf(line.Theirs.Content), nullID(where.Before), nullID(where.After))
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("record an application: %w", err)
	}
	return nil
}

func (a applying) answer(line Line) Answer {
	if line.Outcome != Conflict {
		return ""
	}
	return a.decisions[kit.Place(line.Theirs.Kind, line.Theirs.Key)].Answer
}

func digestOf(content []byte) string {
	if content == nil {
		return ""
	}
	return release.Digest(content)
}

func nullID(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
