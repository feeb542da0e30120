package campaign

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

const campaignColumns = `c.id, c.practice_id, c.kit_id, c.release, k.title_it, k.title_en, c.state, c.author_name, c.started_at, c.changed_at`

const campaignTables = ` from practice.campaigns c join commons.kits k on k.id = c.kit_id`

func scanCampaign(row pgx.CollectableRow) (Campaign, error) {
	var c Campaign
	return c, row.Scan(&c.ID, &c.Practice, &c.Kit, &c.Release, &c.Title.It, &c.Title.En, &c.State, &c.Author, &c.StartedAt, &c.ChangedAt)
}

// collect takes all rows of a query.
func collect[T any](into *[]T, scan pgx.RowToFunc[T]) func(pgx.Rows) error {
	return func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, scan)
		return err
	}
}

func (v *Service) findCampaigns(ctx context.Context, s tenants.Scope) ([]Campaign, error) {
	var b pgx.Batch
	var found []Campaign
	b.Queue(`select `+campaignColumns+campaignTables+` where c.tenant_id = $1 order by c.started_at desc, c.id limit 200`, s.Tenant).
		Query(collect(&found, scanCampaign))
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find campaigns: %w", err)
	}
	return found, nil
}

func (v *Service) getCampaign(ctx context.Context, s tenants.Scope, id uuid.UUID) (Campaign, error) {
	var b pgx.Batch
	var found Campaign
	var counts []Count
	b.Queue(`select `+campaignColumns+campaignTables+` where c.tenant_id = $1 and c.id = $2`, s.Tenant, id).Query(form.One(&found, scanCampaign))
	b.Queue(`select n.state, n.reason, n.bodies from practice.campaign_counts($1) n`, id).Query(collect(&counts, pgx.RowToStructByPos[Count]))
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return Campaign{}, form.Missing(err, "get a campaign")
	}
	found.Counts = counts
	return found, nil
}

func (v *Service) findCandidates(ctx context.Context, s tenants.Scope) ([]Candidate, error) {
	var b pgx.Batch
	var found []Candidate
	b.Queue(`select u.practice_id, u.kit_id, u.release, u.title_it, u.title_en, u.adopters from practice.upgradable() u`).
		Query(collect(&found, func(row pgx.CollectableRow) (Candidate, error) {
			var c Candidate
			return c, row.Scan(&c.Practice, &c.Kit, &c.Release, &c.Title.It, &c.Title.En, &c.Adopters)
		}))
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find whose adopters can be upgraded: %w", err)
	}
	return found, nil
}

func (v *Service) findWaiting(ctx context.Context, s tenants.Scope, id uuid.UUID) ([]waiting, error) {
	var b pgx.Batch
	var found []waiting
	b.Queue(`select w.tenant_id, w.adoption_id from practice.campaign_waiting($1, $2) w`, id, lost).
		Query(collect(&found, func(row pgx.CollectableRow) (waiting, error) {
			w := waiting{campaign: id}
			return w, row.Scan(&w.tenant, &w.adoption)
		}))
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find whose upgrade waits: %w", err)
	}
	return found, nil
}

func startCampaign(ctx context.Context, tx tenants.Tx, s tenants.Scope, id, practice uuid.UUID) (started uuid.UUID, err error) {
	err = tx.QueryRow(ctx, `select practice.start_campaign($1, $2, $3)`, id, practice, s.Name).Scan(&started)
	return started, refusal(err, "start a campaign")
}

func steerCampaign(ctx context.Context, tx tenants.Tx, id uuid.UUID, step Step) error {
	_, err := tx.Exec(ctx, `select practice.steer_campaign($1, $2)`, id, string(step))
	return refusal(err, "steer a campaign")
}

func refusal(err error, doing string) error {
	return form.Refusal(err, doing, "practice.campaign.error.moved")
}

// What a body has by now counts as applied, whoever applied it.
const entryColumns = `e.campaign_id, e.adoption_id, e.leader, e.kit_id, e.release, k.title_it, k.title_en,
	case when h.number >= k.number then 'applied' else e.state end, e.reason, e.changes, e.conflicts, e.ended_at`

const entryTables = ` from practice.campaign_entries e join commons.kits k on k.id = e.kit_id
	join practice.adoptions a on a.id = e.adoption_id join commons.kits h on h.id = a.kit_id`

func scanEntry(row pgx.CollectableRow) (Preparation, error) {
	var e Preparation
	var ended *time.Time
	err := row.Scan(&e.Campaign, &e.Adoption, &e.Leader, &e.Kit, &e.Release, &e.Title.It, &e.Title.En, &e.State, &e.Reason, &e.Changes, &e.Conflicts, &ended)
	if ended != nil {
		e.EndedAt = *ended
	}
	return e, err
}

func (v *Service) findUpgrades(ctx context.Context, s tenants.Scope, a adoption.Adoption) (Upgrades, error) {
	u := Upgrades{Adoption: a}
	var b pgx.Batch
	b.Queue(`select c.automatic, c.author_name, c.chosen_at from practice.upgrade_choices c where c.tenant_id = $1 and c.adoption_id = $2`, s.Tenant, a.ID).
		Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&u.Automatic, &u.Author, &u.ChosenAt}, func() error { return nil })
			return err
		})
	b.Queue(`select `+entryColumns+entryTables+` where e.tenant_id = $1 and e.adoption_id = $2 and e.state <> 'cancelled'
		order by k.number desc, e.campaign_id limit 100`, s.Tenant, a.ID).Query(collect(&u.Entries, scanEntry))
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return u, fmt.Errorf("find the upgrades of an adoption: %w", err)
	}
	return u, nil
}

// findPrepared lists, once for each adoption, the newest upgrade that the body has not applied yet, and that does not wait for
// answers to conflicts: those are things to do themselves.
func (v *Service) findPrepared(ctx context.Context, s tenants.Scope) ([]Preparation, error) {
	var b pgx.Batch
	var found []Preparation
	b.Queue(`select distinct on (e.adoption_id) `+entryColumns+entryTables+`
		where e.tenant_id = $1 and e.state = 'prepared' and a.state <> 'ended' and h.number < k.number
			and not exists (select from practice.conflicts o where o.tenant_id = e.tenant_id and o.adoption_id = e.adoption_id and o.state = 'open')
		order by e.adoption_id, k.number desc, e.ended_at`, s.Tenant).Query(collect(&found, scanEntry))
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find prepared upgrades: %w", err)
	}
	return found, nil
}

func choose(ctx context.Context, tx tenants.Tx, s tenants.Scope, of uuid.UUID, automatic bool) error {
	_, err := tx.Exec(ctx, `insert into practice.upgrade_choices (adoption_id, automatic, author_name) values ($1, $2, $3)
		on conflict (tenant_id, adoption_id) do update set automatic = excluded.automatic, author_name = excluded.author_name, chosen_at = excluded.chosen_at`,
		of, automatic, s.Name)
	if err != nil {
		return fmt.Errorf("choose how an adoption is upgraded: %w", err)
	}
	return nil
}

const oneEntry = ` where e.tenant_id = app.tenant() and e.adoption_id = $1 and e.campaign_id = $2 and e.state = 'waiting'`

func askEntry(ctx context.Context, tx tenants.Tx, w waiting) error {
	if _, err := tx.Exec(ctx, `update practice.campaign_entries e set asked_at = app.now()`+oneEntry, w.adoption, w.campaign); err != nil {
		return fmt.Errorf("note that an upgrade was asked for: %w", err)
	}
	return nil
}

// askAgain lets the campaign ask for the upgrade once more.
func askAgain(ctx context.Context, tx tenants.Tx, e Preparation) error {
	if _, err := tx.Exec(ctx, `update practice.campaign_entries e set asked_at = null`+oneEntry, e.Adoption, e.Campaign); err != nil {
		return fmt.Errorf("let an upgrade be asked for again: %w", err)
	}
	return nil
}

func beginEntry(ctx context.Context, tx tenants.Tx, e Preparation) (begun Preparation, waits bool, err error) {
	begun = e
	err = tx.QueryRow(ctx, `update practice.campaign_entries e set attempts = e.attempts + 1`+oneEntry+` returning e.kit_id, e.release, e.attempts`,
		e.Adoption, e.Campaign).Scan(&begun.Kit, &begun.Release, &begun.attempts)
	if errors.Is(err, pgx.ErrNoRows) {
		return begun, false, nil
	}
	if err != nil {
		return begun, false, fmt.Errorf("begin an upgrade: %w", err)
	}
	return begun, true, nil
}

// endEntry tells whether the upgrade still waited for its result.
func endEntry(ctx context.Context, tx tenants.Tx, e Preparation, r result) (bool, error) {
	tag, err := tx.Exec(ctx, `update practice.campaign_entries e set state = $3, reason = $4, changes = $5, conflicts = $6, ended_at = app.now()`+oneEntry,
		e.Adoption, e.Campaign, string(r.state), r.reason, r.changes, r.conflicts)
	if err != nil {
		return false, fmt.Errorf("note what an upgrade came to: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}
