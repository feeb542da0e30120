package adoption

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

const adoptionColumns = `a.id, a.practice_id, a.kit_id, a.release, k.title_it, k.title_en, a.stage, a.state, m.side,
	coalesce((select c.tenant_id from practice.adoptions_parties c where c.adoption_id = a.id and c.side = 'ceding'), 0),
	coalesce((select r.tenant_id from practice.adoptions_parties r where r.adoption_id = a.id and r.side = 'reusing'), 0),
	coalesce((select l.tenant_id from practice.adoptions_parties l where l.adoption_id = a.id and l.side = 'lead'), 0),
	coalesce(a.lead_proposed, 0), coalesce(a.lead_proposed_by, 0), a.created_at, a.updated_at, coalesce((select b.body from commons.practices b where b.id = a.practice_id), '')`

const adoptionTables = ` from practice.adoptions a join commons.kits k on k.id = a.kit_id
	join practice.adoptions_parties m on m.adoption_id = a.id and m.tenant_id = $1`

// columns are where adoptionColumns go.
func (a *Adoption) columns() []any {
	return []any{
		&a.ID, &a.Practice, &a.Kit, &a.Release, &a.Title.It, &a.Title.En, &a.Stage, &a.State, &a.Side,
		&a.Ceding, &a.Reusing, &a.Leading, &a.Proposed.Lead, &a.Proposed.By, &a.CreatedAt, &a.UpdatedAt, &a.CedingBody,
	}
}

func scanAdoption(row pgx.CollectableRow) (Adoption, error) {
	var a Adoption
	err := row.Scan(a.columns()...)
	return a, err
}

func (v *Service) findAdoptions(ctx context.Context, s tenants.Scope, cursor string) ([]Adoption, error) {
	var b pgx.Batch
	var found []Adoption
	at, id := form.ParsePlace(cursor)
	b.Queue(`select `+adoptionColumns+adoptionTables+` where $2::timestamptz is null or (a.created_at, a.id) < ($2, $3::uuid)
		order by a.created_at desc, a.id desc limit `+strconv.Itoa(form.PageSize+1), s.Tenant, at, id).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, scanAdoption)
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find adoptions: %w", err)
	}
	return found, nil
}

// part is what the body has to do with adoptions.
type part struct {
	cedes, leads bool
	begun        []uuid.UUID // practices that it adopts, of those that were asked about
}

func (v *Service) findPart(ctx context.Context, s tenants.Scope, practices []uuid.UUID) (p part, err error) {
	var b pgx.Batch
	b.Queue(`select coalesce(bool_or(m.side <> 'reusing'), false), coalesce(bool_or(m.side = 'lead'), false) from practice.adoptions_parties m where m.tenant_id = $1`, s.Tenant).
		QueryRow(func(row pgx.Row) error { return row.Scan(&p.cedes, &p.leads) })
	b.Queue(`select a.practice_id`+adoptionTables+` where m.side = 'reusing' and a.state <> 'ended' and a.practice_id = any($2)`, s.Tenant, practices).Query(func(rows pgx.Rows) (err error) {
		p.begun, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return p, fmt.Errorf("find the part in adoptions: %w", err)
	}
	return p, nil
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
