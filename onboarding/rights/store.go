package rights

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// keptLine is a line of a change as it is stored.
type keptLine struct {
	policies.Rule
	Before string `json:"before"`
	After  string `json:"after"`
}

func kept(rules []policies.Rule) []keptLine {
	lines := make([]keptLine, len(rules))
	for i, r := range rules {
		lines[i] = keptLine{Rule: r.About(), After: r.Effect}
	}
	return lines
}

func (v *Service) findDraft(ctx context.Context, s tenants.Scope) (Draft, error) {
	var batch pgx.Batch
	var d Draft
	batch.Queue(`select id, lines, account_name, begun_at, version from policies.rule_changes where tenant_id = $1 and state = 'draft'`, s.Tenant).
		Query(func(rows pgx.Rows) error {
			var lines []keptLine
			_, err := pgx.ForEachRow(rows, []any{&d.ID, &lines, &d.By, &d.Since, &d.Version}, func() error {
				for _, l := range lines {
					l.Effect = l.After
					d.Lines = append(d.Lines, l.Rule)
				}
				return nil
			})
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return Draft{}, fmt.Errorf("find the draft of the rules: %w", err)
	}
	return d, nil
}

func insertDraft(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, rules []policies.Rule) error {
	_, err := tx.Exec(ctx, `insert into policies.rule_changes (tenant_id, id, lines, account_id, account_name) values ($1, $2, $3, $4, $5)`,
		s.Tenant, id, kept(rules), s.Account, s.Name)
	return moved("begin a draft of the rules", err)
}

func updateDraft(ctx context.Context, tx tenants.Tx, s tenants.Scope, d Draft, rules []policies.Rule) error {
	tag, err := tx.Exec(ctx, `update policies.rule_changes set lines = $4, version = version + 1
		where tenant_id = $1 and id = $2 and version = $3 and state = 'draft'`, s.Tenant, d.ID, d.Version, kept(rules))
	return one("save the draft of the rules", tag, err)
}

func discardDraft(ctx context.Context, tx tenants.Tx, s tenants.Scope, d Draft) error {
	tag, err := tx.Exec(ctx, `update policies.rule_changes set state = 'discarded', version = version + 1
		where tenant_id = $1 and id = $2 and version = $3 and state = 'draft'`, s.Tenant, d.ID, d.Version)
	return one("discard the draft of the rules", tag, err)
}

// applyDraft keeps with the draft why it is applied and what was acknowledged, and applies it.
func applyDraft(ctx context.Context, tx tenants.Tx, s tenants.Scope, p Preview, reason string) (number int, err error) {
	changes := p.Changes
	if changes == nil {
		changes = []modules.SightChange{}
	}
	tag, err := tx.Exec(ctx, `update policies.rule_changes set reason = $4, sights = $5, version = version + 1
		where tenant_id = $1 and id = $2 and version = $3 and state = 'draft'`, s.Tenant, p.ID, p.Version, reason, changes)
	if err := one("explain a change of the rules", tag, err); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `select policies.apply_rules($1, $2, $3, $4)`, p.ID, p.Version+1, p.latest, s.Name).Scan(&number)
	return number, moved("apply a change of the rules", err)
}

// one turns a change of no row into the conflict that it is.
func one(doing string, tag pgconn.CommandTag, err error) error {
	if err == nil && tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	return moved(doing, err)
}

// moved says that somebody else was faster, when that is what happened.
func moved(doing string, err error) error {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && slices.Contains([]string{"P0002", "23505"}, refused.Code) {
		return problem.New(problem.Conflict, "web.error.conflict").Wrap(err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

func (v *Service) findLatest(ctx context.Context, s tenants.Scope) (number int, err error) {
	var batch pgx.Batch
	batch.Queue(`select coalesce(max(number), 0) from policies.rule_changes where tenant_id = $1`, s.Tenant).
		QueryRow(func(row pgx.Row) error { return row.Scan(&number) })
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return 0, fmt.Errorf("find the last change of the rules: %w", err)
	}
	return number, nil
}

// findChanges lists the applied changes, the newest first, or the one of an id.
func (v *Service) findChanges(ctx context.Context, s tenants.Scope, only uuid.NullUUID) (changes []Change, err error) {
	var batch pgx.Batch
	batch.Queue(`select c.id, c.number, c.lines, c.reason, c.sights, c.applied_name, c.applied_at, c.item, coalesce(c.item_version, 0),
			coalesce(c.applied_by, c.account_id), `+widensSQL+`, coalesce(r.account_name, ''), r.reviewed_at
		from policies.rule_changes c left join onboarding.rule_reviews r on (r.tenant_id, r.change_id) = (c.tenant_id, c.id)
		where c.tenant_id = $1 and c.state = 'applied' and ($3::uuid is null or c.id = $3) order by c.number desc limit 200`, s.Tenant, policies.SectionIDs(), only).Query(func(rows pgx.Rows) error {
		changes, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Change, error) {
			var c Change
			var lines []keptLine
			err := row.Scan(&c.ID, &c.Number, &lines, &c.Reason, &c.Changes, &c.By, &c.At, &c.Item, &c.Version, &c.applied, &c.Widens, &c.ReviewedBy, &c.ReviewedAt)
			for _, l := range lines {
				c.Lines = append(c.Lines, Line{Rule: l.Rule.About(), Before: l.Before, After: l.After})
			}
			return c, err
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find the changes of the rules: %w", err)
	}
	return changes, nil
}

// findKits reads how the kits that brought roles are called, by the role.
func (v *Service) findKits(ctx context.Context, s tenants.Scope, roles []policies.BodyRole) (map[string]string, error) {
	var ids, releases []string
	var practices []uuid.UUID
	for _, own := range roles {
		if own.Practice != uuid.Nil {
			ids, practices, releases = append(ids, own.ID), append(practices, own.Practice), append(releases, own.Release)
		}
	}
	titles := map[string]string{}
	if len(ids) == 0 {
		return titles, nil
	}
	var batch pgx.Batch
	batch.Queue(`select r.id, k.title_it from unnest($1::text[], $2::uuid[], $3::text[]) r (id, practice_id, release)
		join commons.kits k using (practice_id, release)`, ids, practices, releases).Query(func(rows pgx.Rows) error {
		var id, title string
		_, err := pgx.ForEachRow(rows, []any{&id, &title}, func() error {
			titles[id] = title
			return nil
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find the kits of roles: %w", err)
	}
	return titles, nil
}

func (v *Service) findVectors(ctx context.Context, s tenants.Scope) (vectors []Vector, err error) {
	var batch pgx.Batch
	batch.Queue(`select id, role, relation, object, action, allowed, account_name, created_at from policies.rule_vectors
		where tenant_id = $1 and ended_at is null order by role, relation, object, action`, s.Tenant).Query(func(rows pgx.Rows) error {
		vectors, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Vector, error) {
			var one Vector
			return one, row.Scan(&one.ID, &one.Role, &one.Relation, &one.Object, &one.Action, &one.Allowed, &one.By, &one.Since)
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find what the rules must answer: %w", err)
	}
	return vectors, nil
}

// insertVector takes the place of another one about the same; written is false where the very same is there already.
func insertVector(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, one policies.Vector) (written bool, err error) {
	about := []any{s.Tenant, one.Role, one.Relation, one.Object, one.Action, one.Allowed}
	_, err = tx.Exec(ctx, `update policies.rule_vectors set ended_at = app.now(), ended_name = $7
		where tenant_id = $1 and role = $2 and relation = $3 and object = $4 and action = $5 and allowed <> $6 and ended_at is null`, append(about, s.Name)...)
	if err != nil {
		return false, fmt.Errorf("replace what the rules must answer: %w", err)
	}
	tag, err := tx.Exec(ctx, `insert into policies.rule_vectors (tenant_id, role, relation, object, action, allowed, id, account_id, account_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`, append(about, id, s.Account, s.Name)...)
	if err != nil {
		return false, fmt.Errorf("write what the rules must answer: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}

func endVector(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) error {
	tag, err := tx.Exec(ctx, `update policies.rule_vectors set ended_at = app.now(), ended_name = $3
		where tenant_id = $1 and id = $2 and ended_at is null`, s.Tenant, id, s.Name)
	if err != nil {
		return fmt.Errorf("take back what the rules must answer: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.Missing()
	}
	return nil
}
