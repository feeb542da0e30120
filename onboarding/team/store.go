package team

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

func (m *Member) targets() []any {
	return []any{&m.ID, &m.Account, &m.Name, &m.Leads, &m.From, (*date)(&m.To)}
}

// date reads a day that may be missing.
type date = zeronull.Timestamp

func (v *Service) findTeams(ctx context.Context, s tenants.Scope) (teams []Team, err error) {
	var batch pgx.Batch
	batch.Queue(`select t.id, t.name, coalesce(t.office_id, 0), t.valid_from, t.valid_to::timestamp, t.version from onboarding.teams t where t.tenant_id = $1
		order by coalesce(t.valid_to < app.now()::date, false), lower(t.name), t.id limit 500`, s.Tenant).Query(func(rows pgx.Rows) (err error) {
		teams, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Team, err error) {
			return t, row.Scan(&t.ID, &t.Name, &t.Office, &t.From, (*date)(&t.To), &t.Version)
		})
		return err
	})
	members := map[uuid.UUID][]Member{}
	batch.Queue(`select m.team_id, m.id, m.account_id, m.account_name, m.leads, m.valid_from, m.valid_to::timestamp from onboarding.team_members m
		where m.tenant_id = $1 order by m.leads desc, m.valid_from, lower(m.account_name), m.id limit 20000`, s.Tenant).Query(func(rows pgx.Rows) error {
		var team uuid.UUID
		var m Member
		_, err := pgx.ForEachRow(rows, append([]any{&team}, m.targets()...), func() error {
			members[team] = append(members[team], m)
			return nil
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &batch); err != nil {
		return nil, fmt.Errorf("find the teams of a body: %w", err)
	}
	for i := range teams {
		teams[i].Members = members[teams[i].ID]
	}
	return teams, nil
}

// insertTeam tells whether the team is new; the same form again is not.
func insertTeam(ctx context.Context, tx tenants.Tx, id uuid.UUID, sheet Sheet) (made bool, err error) {
	tag, err := tx.Exec(ctx, `insert into onboarding.teams (id, name, office_id, valid_from, valid_to) values ($1, $2, nullif($3, 0), $4, $5)
		on conflict (tenant_id, id) do nothing`, id, sheet.Name, sheet.Office, sheet.From, day(sheet.To))
	return tag.RowsAffected() == 1, refused("create a team", err)
}

func updateTeam(ctx context.Context, tx tenants.Tx, t Team) error {
	var version int
	err := tx.QueryRow(ctx, `select t.version from onboarding.teams t where t.tenant_id = app.tenant() and t.id = $1 for update`, t.ID).Scan(&version)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return problem.Missing()
	case err != nil:
		return fmt.Errorf("lock a team: %w", err)
	case version != t.Version:
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	_, err = tx.Exec(ctx, `update onboarding.teams set name = $2, office_id = nullif($3, 0), valid_from = $4, valid_to = $5, version = version + 1
		where tenant_id = app.tenant() and id = $1`, t.ID, t.Name, t.Office, t.From, day(t.To))
	return refused("change a team", err)
}

// lockMembers reads who is and was in a team; whoever else changes them waits.
func lockMembers(ctx context.Context, tx tenants.Tx, team uuid.UUID) ([]Member, error) {
	var one int
	err := tx.QueryRow(ctx, `select 1 from onboarding.teams t where t.tenant_id = app.tenant() and t.id = $1 for update`, team).Scan(&one)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, problem.Missing()
	}
	if err != nil {
		return nil, fmt.Errorf("lock a team: %w", err)
	}
	rows, err := tx.Query(ctx, `select m.id, m.account_id, m.account_name, m.leads, m.valid_from, m.valid_to::timestamp from onboarding.team_members m
		where m.tenant_id = app.tenant() and m.team_id = $1`, team)
	if err != nil {
		return nil, fmt.Errorf("read who is in a team: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Member, err error) { return m, row.Scan(m.targets()...) })
}

func insertMember(ctx context.Context, tx tenants.Tx, team uuid.UUID, m Member) error {
	_, err := tx.Exec(ctx, `insert into onboarding.team_members (id, team_id, account_id, account_name, leads, valid_from, valid_to) values ($1, $2, $3, $4, $5, $6, $7)`,
		m.ID, team, m.Account, m.Name, m.Leads, m.From, day(m.To))
	if err != nil {
		return fmt.Errorf("put somebody into a team: %w", err)
	}
	return nil
}

func endMember(ctx context.Context, tx tenants.Tx, place uuid.UUID, last time.Time) error {
	_, err := tx.Exec(ctx, `update onboarding.team_members set valid_to = $2 where tenant_id = app.tenant() and id = $1`, place, last)
	if err != nil {
		return fmt.Errorf("end a place in a team: %w", err)
	}
	return nil
}

// day is a day that may be missing.
func day(d time.Time) any {
	if d.IsZero() {
		return nil
	}
	return d
}

// refused says of a name that another team has, and of an office that there is not, so at its field.
func refused(doing string, err error) error {
	known, is := errors.AsType[*pgconn.PgError](err)
	var wrong problem.Fields
	switch {
	case is && known.Code == "23505":
		wrong.Add("nome", "onboarding.team.error.taken")
	case is && known.Code == "23503":
		wrong.Add("sede", "onboarding.team.error.office")
	case err != nil:
		return fmt.Errorf("%s: %w", doing, err)
	default:
		return nil
	}
	return problem.Of(wrong.Err()).Wrap(err)
}
