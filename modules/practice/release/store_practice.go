package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/finding"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/format"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

const practiceColumns = `p.id, p.key, p.title_it, p.title_en, p.owner, p.licence, p.state, p.sheet, p.version, p.updated_at`

func scanPractice(row pgx.CollectableRow) (Practice, error) {
	var p Practice
	var sheet []byte
	err := row.Scan(&p.ID, &p.Key, &p.Title.It, &p.Title.En, &p.Owner, &p.Licence, &p.State, &sheet, &p.Revision, &p.UpdatedAt)
	if err != nil {
		return Practice{}, err
	}
	p.Sheet, err = ParseSheet(sheet)
	return p, err
}

// findPractices finds those whose key comes after another, one more than a page has.
func (v *Service) findPractices(ctx context.Context, s tenants.Scope, after string) ([]Practice, error) {
	var b pgx.Batch
	var found []Practice
	b.Queue(`select `+practiceColumns+` from practice.practices p where p.tenant_id = $1 and p.key > $2 order by p.key limit `+strconv.Itoa(form.PageSize+1), s.Tenant, after).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, scanPractice)
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find practices: %w", err)
	}
	return found, nil
}

func (v *Service) getPractice(ctx context.Context, s tenants.Scope, id uuid.UUID) (Practice, error) {
	return v.getPracticeBy(ctx, s, "id", id)
}

// getPracticeBy reads the practice that a column tells from the others of the body.
func (v *Service) getPracticeBy(ctx context.Context, s tenants.Scope, column string, value any) (Practice, error) {
	var b pgx.Batch
	var found Practice
	b.Queue(`select `+practiceColumns+` from practice.practices p where p.tenant_id = $1 and p.`+column+` = $2`, s.Tenant, value).
		Query(form.One(&found, scanPractice))
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return Practice{}, form.Missing(err, "get a practice")
	}
	return found, nil
}

func createPractice(ctx context.Context, tx tenants.Tx, s tenants.Scope, p Practice) error {
	sheet, err := json.Marshal(p.Sheet)
	if err != nil {
		return fmt.Errorf("write the sheet of a practice: %w", err)
	}
	tag, err := tx.Exec(ctx, `
		insert into practice.practices (id, key, title_it, title_en, owner, licence, sheet)
		values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, id) do nothing`,
		p.ID, p.Key, p.Title.It, p.Title.En, p.Owner, p.Licence, sheet)
	var broken *pgconn.PgError
	if errors.As(err, &broken) && broken.Code == "23505" {
		var wrong problem.Fields
		wrong.Add("key", "practice.error.key_taken")
		return wrong.Err()
	}
	if err != nil {
		return fmt.Errorf("create a practice: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "practice.create", Object: p.ID})
}

func updatePractice(ctx context.Context, tx tenants.Tx, p Practice) error {
	sheet, err := json.Marshal(p.Sheet)
	if err != nil {
		return fmt.Errorf("write the sheet of a practice: %w", err)
	}
	tag, err := tx.Exec(ctx, `
		update practice.practices set title_it = $2, title_en = $3, owner = $4, licence = $5, sheet = $6, version = version + 1, updated_at = app.now()
		where tenant_id = app.tenant() and id = $1 and version = $7`, p.ID, p.Title.It, p.Title.En, p.Owner, p.Licence, sheet, p.Revision)
	if err != nil {
		return fmt.Errorf("update a practice: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	return nil
}

const kitColumns = `k.id, k.practice_id, k.release, k.state, k.versions, k.sheet, k.completeness, k.findings, k.names_compared, k.checked_hash, k.hash,
	k.published_at, k.published_name, k.version`

func scanKit(row pgx.CollectableRow) (Kit, error) {
	var k Kit
	var sheet string
	var findings []byte
	err := row.Scan(&k.ID, &k.Practice, &k.Release, &k.State, &k.Versions, &sheet, &k.Completeness, &findings, &k.NamesCompared, &k.CheckedHash, &k.Hash,
		&k.PublishedAt, &k.Publisher, &k.Revision)
	if err != nil {
		return Kit{}, err
	}
	k.Sheet = []byte(sheet)
	return k, json.Unmarshal(findings, &k.Findings)
}

func (v *Service) findKits(ctx context.Context, s tenants.Scope, practice uuid.UUID) ([]Kit, error) {
	var b pgx.Batch
	var found []Kit
	b.Queue(`select `+kitColumns+` from practice.kits k where k.tenant_id = $1 and k.practice_id = $2
		order by string_to_array(k.release, '.')::int[] desc limit 200`, s.Tenant, practice).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanKit)
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find kits: %w", err)
	}
	return found, nil
}

// draftKit is a draft with the title of its practice.
type draftKit struct {
	Kit
	Title language.Text
}

// findJustified lists the drafts that are not cleared and of which somebody has justified something.
func (v *Service) findJustified(ctx context.Context, s tenants.Scope) ([]draftKit, error) {
	var b pgx.Batch
	var found []draftKit
	b.Queue(`select k.id, k.practice_id, k.release, k.findings, p.title_it, p.title_en from practice.kits k
			join practice.practices p on p.tenant_id = k.tenant_id and p.id = k.practice_id
		where k.tenant_id = $1 and k.state = 'draft' and k.open_findings > 0 and jsonb_path_exists(k.findings, '$[*].justified')
		order by k.id limit 100`, s.Tenant).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (draftKit, error) {
			var k draftKit
			var findings []byte
			if err := row.Scan(&k.ID, &k.Practice, &k.Release, &findings, &k.Title.It, &k.Title.En); err != nil {
				return draftKit{}, err
			}
			return k, json.Unmarshal(findings, &k.Findings)
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find what waits for a second person: %w", err)
	}
	return found, nil
}

// getReport reads a kit, its practice and its items at one moment, with what was published before.
func (v *Service) getReport(ctx context.Context, s tenants.Scope, id uuid.UUID) (Report, error) {
	var b pgx.Batch
	var r Report
	b.Queue(`select `+kitColumns+` from practice.kits k where k.tenant_id = $1 and k.id = $2`, s.Tenant, id).Query(form.One(&r.Kit, scanKit))
	b.Queue(`select `+practiceColumns+` from practice.kits k join practice.practices p on p.tenant_id = k.tenant_id and p.id = k.practice_id
		where k.tenant_id = $1 and k.id = $2`, s.Tenant, id).Query(form.One(&r.Practice, scanPractice))
	b.Queue(`select i.owner, i.licence, v.id, v.item_id, v.kind, v.key, v.title_it, v.title_en, v.number, v.content, v.sha256
		from kit.item_versions v join kit.items i on i.tenant_id = v.tenant_id and i.id = v.item_id
		where v.tenant_id = $1 and v.id = any (array(select unnest(k.versions) from practice.kits k where k.tenant_id = $1 and k.id = $2))`,
		s.Tenant, id).Query(func(rows pgx.Rows) (err error) {
		r.Terms = map[uuid.UUID]Terms{}
		r.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (kit.Version, error) {
			v, terms, err := scanVersion(row)
			r.Terms[v.ID] = terms
			return v, err
		})
		return err
	})
	var earlier []format.Earlier
	format.QueueEarlier(&b, s.Tenant, id, &earlier)
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return Report{}, form.Missing(err, "get a kit")
	}
	r.Gaps = format.Compare(r.Items, earlier)
	return r, nil
}

func scanVersion(row pgx.CollectableRow) (kit.Version, Terms, error) {
	var v kit.Version
	var terms Terms
	var content string
	err := row.Scan(&terms.Owner, &terms.Licence, &v.ID, &v.ItemID, &v.Kind, &v.Key, &v.Title.It, &v.Title.En, &v.Number, &content, &v.SHA256)
	v.Content = []byte(content)
	return v, terms, err
}

func saveComposition(ctx context.Context, tx tenants.Tx, c Composition) error {
	var owned int
	if err := tx.QueryRow(ctx, `select count(*) from kit.item_versions v join kit.items i on i.tenant_id = v.tenant_id and i.version_id = v.id
		where v.tenant_id = app.tenant() and i.state = 'published' and v.id = any ($1)`, c.Versions).Scan(&owned); err != nil {
		return fmt.Errorf("look for the items of a kit: %w", err)
	}
	if owned != len(c.Versions) {
		var wrong problem.Fields
		wrong.Add("items", "practice.error.items_changed")
		return wrong.Err()
	}
	tag, err := tx.Exec(ctx, `
		insert into practice.kits (id, practice_id, release, versions) values ($1, $2, $3, $4)
		on conflict (tenant_id, id) do update set release = excluded.release, versions = excluded.versions, checked_hash = '',
			names_compared = false, version = kits.version + 1
		where kits.state = 'draft' and kits.practice_id = excluded.practice_id`, c.Kit, c.Practice, c.Release, c.Versions)
	if err != nil {
		return fmt.Errorf("save a kit: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "practice.error.published")
	}
	return nil
}

func saveCheck(ctx context.Context, tx tenants.Tx, k Kit) error {
	findings, err := json.Marshal(append([]finding.Finding{}, k.Findings...))
	if err != nil {
		return fmt.Errorf("write the findings of a kit: %w", err)
	}
	tag, err := tx.Exec(ctx, `
		update practice.kits set sheet = $2, completeness = $3, findings = $4, open_findings = $5, checked_hash = $6,
			names_compared = $8, version = version + 1
		where tenant_id = app.tenant() and id = $1 and version = $7 and state = 'draft'`,
		k.ID, string(k.Sheet), k.Completeness, findings, k.Open(), k.CheckedHash, k.Revision, k.NamesCompared)
	if err != nil {
		return fmt.Errorf("save the check of a kit: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	return nil
}

// holdChecked keeps what a check saw as it is until the kit is out; problem.Conflict where somebody has changed it since.
// Versions of items never change.
func holdChecked(ctx context.Context, tx tenants.Tx, r Report) error {
	var sheet, chosen int
	if err := tx.QueryRow(ctx, `select p.version from practice.practices p where p.tenant_id = app.tenant() and p.id = $1 for update`,
		r.Practice.ID).Scan(&sheet); err != nil {
		return fmt.Errorf("hold the sheet of a checked kit: %w", err)
	}
	if err := tx.QueryRow(ctx, `select k.version from practice.kits k where k.tenant_id = app.tenant() and k.id = $1 for update`,
		r.Kit.ID).Scan(&chosen); err != nil {
		return fmt.Errorf("hold a checked kit: %w", err)
	}
	rows, err := tx.Query(ctx, `select v.id, i.owner, i.licence from kit.item_versions v
			join kit.items i on i.tenant_id = v.tenant_id and i.id = v.item_id
		where v.tenant_id = app.tenant() and v.id = any ($1) order by i.id for update of i`, r.Kit.Versions)
	if err != nil {
		return fmt.Errorf("hold the items of a checked kit: %w", err)
	}
	held := map[uuid.UUID]Terms{}
	var id uuid.UUID
	var terms Terms
	if _, err := pgx.ForEachRow(rows, []any{&id, &terms.Owner, &terms.Licence}, func() error {
		held[id] = terms
		return nil
	}); err != nil {
		return fmt.Errorf("hold the items of a checked kit: %w", err)
	}
	if chosen != r.Kit.Revision || sheet != r.Practice.Revision || !maps.Equal(held, r.Terms) {
		return problem.New(problem.Conflict, "practice.error.kit_changed")
	}
	return nil
}

// findItemsOf tells of which item each of some versions is.
func (v *Service) findItemsOf(ctx context.Context, s tenants.Scope, versions []uuid.UUID) (map[uuid.UUID]uuid.UUID, error) {
	var b pgx.Batch
	items := map[uuid.UUID]uuid.UUID{}
	b.Queue(`select v.item_id, v.id from kit.item_versions v where v.tenant_id = $1 and v.id = any ($2)`, s.Tenant, versions).Query(func(rows pgx.Rows) error {
		var item, version uuid.UUID
		_, err := pgx.ForEachRow(rows, []any{&item, &version}, func() error {
			items[item] = version
			return nil
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find the items of a draft kit: %w", err)
	}
	return items, nil
}

func publishKit(ctx context.Context, tx tenants.Tx, id uuid.UUID, name string) (string, error) {
	var hash string
	err := tx.QueryRow(ctx, `select practice.publish_kit($1)`, id).Scan(&hash)
	if broken, ok := errors.AsType[*pgconn.PgError](err); ok && broken.Code == "42501" { // the id is that of another body's practice or kit
		return "", problem.Missing().Wrap(err)
	}
	if err != nil {
		return "", fmt.Errorf("publish a kit: %w", err)
	}
	_, err = tx.Exec(ctx, `update practice.kits set published_name = $2 where tenant_id = app.tenant() and id = $1`, id, name)
	if err != nil {
		return "", fmt.Errorf("note who published a kit: %w", err)
	}
	return hash, nil
}
