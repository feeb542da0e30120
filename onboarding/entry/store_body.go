package entry

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// presentBody is a body that a municipality already has.
type presentBody struct {
	id       int32
	belfiore string
	slug     string
	name     string
	state    tenants.State
}

const (
	bodiesSQL = `select t.id, coalesce(t.belfiore, ''), t.slug, t.name, t.state from platform.tenants t
		where t.belfiore = any ($1) and t.kind = 'municipality' and t.state <> 'closed'`
	holdersSQL = `select t.id, coalesce(t.belfiore, ''), t.slug, t.name, t.state from platform.tenants t
		where t.state <> 'closed' and ($1 <> '' and t.belfiore = $1 and t.kind = 'municipality' or $2 <> '' and (t.slug = $2 or lower(t.ipa) = $2)
			or $3 <> '' and lower(t.pec) = $3 or $4 <> '' and t.tax_code = $4)
		order by t.id limit 1`
)

func scanBody(row pgx.CollectableRow) (presentBody, error) {
	var b presentBody
	return b, row.Scan(&b.id, &b.belfiore, &b.slug, &b.name, &b.state)
}

// findBodies finds those of municipalities, by their Belfiore codes.
func (v *Service) findBodies(ctx context.Context, codes []string) ([]presentBody, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	return v.lookFor(ctx, bodiesSQL, codes)
}

// findHolders finds a body that has one of these alone.
func (v *Service) findHolders(ctx context.Context, i identity) ([]presentBody, error) {
	if i == (identity{}) {
		return nil, nil
	}
	return v.lookFor(ctx, holdersSQL, i.belfiore, i.ipa, i.pec, i.taxCode)
}

func (v *Service) lookFor(ctx context.Context, sql string, args ...any) (found []presentBody, err error) {
	err = v.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, scanBody)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find bodies: %w", err)
	}
	return found, nil
}

// bodyOf returns the body of a municipality, or ErrTaken when what is in the way is
// not its own.
func (v *Service) bodyOf(ctx context.Context, belfiore string) (int32, error) {
	found, err := v.findBodies(ctx, []string{belfiore})
	if err != nil {
		return 0, err
	}
	if len(found) == 0 {
		return 0, tenants.ErrTaken
	}
	return found[0].id, nil
}

// markEntry notes on a body which entry led to it, so that the entry finds it again
// after an end in between.
func markEntry(ctx context.Context, tx tenants.Tx, body int32, entry uuid.UUID) error {
	if entry == uuid.Nil {
		return nil
	}
	tag, err := tx.Exec(ctx, `update platform.modules set settings = settings || jsonb_build_object('entry', $3::text)
		where tenant_id = $1 and module = $2`, body, string(ModuleID), entry.String())
	if err != nil {
		return fmt.Errorf("note the entry of body %d: %w", body, err)
	}
	if tag.RowsAffected() == 0 {
		return errors.New("note the entry of a body: the module of entries is not in the list of modules")
	}
	return nil
}

// findOwnBody returns the body that the entry led to before, or ErrTaken.
func findOwnBody(ctx context.Context, tx tenants.Tx, entry uuid.UUID) (int32, error) {
	var body int32
	err := tx.QueryRow(ctx, `select t.id from platform.tenants t
		join platform.modules m on m.tenant_id = t.id and m.module = $1 and m.settings ->> 'entry' = $2
		where t.state <> 'closed'`, string(ModuleID), entry.String()).Scan(&body)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, tenants.ErrTaken
	}
	if err != nil {
		return 0, fmt.Errorf("find the body of an entry: %w", err)
	}
	return body, nil
}
