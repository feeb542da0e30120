package assessment

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
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// pageSize is how many assessments a list shows at once.
const pageSize = 50

const (
	columns = `a.tenant_id, a.id, a.case_id, a.section::text as section, a.item_version_id, a.instrument, a.title_it, a.title_en,
		a.score::float8 as score, a.score_min::float8 as score_min, a.score_max::float8 as score_max, coalesce(a.band, '') as band,
		a.band_it, a.band_en, a.state, a.done_on, a.author_tenant, a.author_account, a.author_name, a.created_at, a.updated_at,
		a.finalised_at, a.version`
	withAnswers = `, a.answers::text as answers, a.earlier`
	noAnswers   = `, 'null' as answers, '[]' as earlier`
)

type row struct {
	TenantID      int32
	ID            uuid.UUID
	CaseID        uuid.UUID
	Section       string
	ItemVersionID uuid.UUID
	Instrument    string
	TitleIt       string
	TitleEn       string
	Score         *float64
	ScoreMin      float64
	ScoreMax      float64
	Band          string
	BandIt        string
	BandEn        string
	State         State
	DoneOn        time.Time
	AuthorTenant  int32
	AuthorAccount uuid.UUID
	AuthorName    string
	CreatedAt     time.Time
	UpdatedAt     time.Time
	FinalisedAt   *time.Time
	Version       int
	Answers       string
	Earlier       string
}

func (r row) assessment() (Assessment, error) {
	a := Assessment{
		Tenant: r.TenantID, ID: r.ID, Case: r.CaseID, Section: r.Section, Edition: r.ItemVersionID, Instrument: r.Instrument,
		Title: language.Text{It: r.TitleIt, En: r.TitleEn}, State: r.State, DoneOn: r.DoneOn, AuthorTenant: r.AuthorTenant,
		Author: r.AuthorAccount, AuthorName: r.AuthorName, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Version: r.Version,
	}
	a.Outcome = Outcome{Min: r.ScoreMin, Max: r.ScoreMax, Band: r.Band, BandLabel: language.Text{It: r.BandIt, En: r.BandEn}}
	if r.Score != nil {
		a.Outcome.Scored, a.Outcome.Score = true, *r.Score
	}
	if r.FinalisedAt != nil {
		a.FinalisedAt = *r.FinalisedAt
	}
	var err error
	if a.Earlier, err = kit.ParseEarlier(r.Earlier); err != nil {
		return a, err
	}
	a.Answers, err = kit.ParseAnswers([]byte(r.Answers))
	return a, err
}

func collect(rows pgx.Rows) ([]Assessment, error) {
	return pgx.CollectRows(rows, func(one pgx.CollectableRow) (Assessment, error) {
		r, err := pgx.RowToStructByName[row](one)
		if err != nil {
			return Assessment{}, err
		}
		return r.assessment()
	})
}

func findAssessments(ctx context.Context, a *casefile.Access, after casefile.Cursor) ([]Assessment, error) {
	day, id := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max
	if !after.IsZero() {
		day, id = after.At, after.ID
	}
	var batch pgx.Batch
	var found []Assessment
	batch.Queue(fmt.Sprintf(`select %s from assessment.assessments a
		where a.tenant_id = $1 and a.case_id = $2 and (a.done_on, a.id) < ($3::date, $4::uuid)
		order by a.done_on desc, a.id desc limit %d`, columns+noAnswers, pageSize+1), a.Tenant, a.ID, day, id).
		Query(func(rows pgx.Rows) (err error) {
			found, err = collect(rows)
			return err
		})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find assessments: %w", err)
	}
	return found, nil
}

// getAssessments reads the assessments of the case that have one of the ids and can be seen.
func getAssessments(ctx context.Context, a *casefile.Access, ids []uuid.UUID) ([]Assessment, error) {
	var batch pgx.Batch
	var found []Assessment
	batch.Queue(`select `+columns+withAnswers+` from assessment.assessments a
		where a.tenant_id = $1 and a.case_id = $2 and a.id = any ($3::uuid[])`, a.Tenant, a.ID, ids).
		Query(func(rows pgx.Rows) (err error) {
			found, err = collect(rows)
			return err
		})
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("get assessments: %w", err)
	}
	return found, nil
}

// findInstruments reads the published instruments of the body that has the case, through the door of the case.
func findInstruments(ctx context.Context, a *casefile.Access) (found []kit.Version, err error) {
	var batch pgx.Batch
	kit.QueuePublished(&batch, a.Tenant, kit.KindAssessment, &found)
	if err := a.Read(ctx, &batch); err != nil {
		return nil, fmt.Errorf("find the instruments of a case: %w", err)
	}
	return found, nil
}

// readEdition reads one version of an instrument, through the door of the case; problem.NotFound where it does not show it.
func readEdition(ctx context.Context, a *casefile.Access, id uuid.UUID) (v kit.Version, err error) {
	var batch pgx.Batch
	kit.QueueVersion(&batch, a.Tenant, id, &v)
	err = a.Read(ctx, &batch)
	if errors.Is(err, pgx.ErrNoRows) {
		return kit.Version{}, problem.Missing().Wrap(err)
	}
	if err != nil {
		return kit.Version{}, fmt.Errorf("read an instrument: %w", err)
	}
	return v, nil
}

// readEditions reads the instruments that assessments pin, through the door of the case.
func readEditions(ctx context.Context, a *casefile.Access, list []Assessment) (map[uuid.UUID]kit.Version, error) {
	var batch pgx.Batch
	versions := make([]kit.Version, len(list))
	for n, one := range list {
		kit.QueueVersion(&batch, a.Tenant, one.Edition, &versions[n])
	}
	err := a.Read(ctx, &batch)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, problem.Missing().Wrap(err) // the share ended between the two queries
	}
	if err != nil {
		return nil, fmt.Errorf("read the instruments of assessments: %w", err)
	}
	byID := make(map[uuid.UUID]kit.Version, len(versions))
	for _, v := range versions {
		byID[v.ID] = v
	}
	return byID, nil
}

// saveAssessment inserts a new assessment, of Version 0, or changes the draft that has the Version; when somebody was
// faster it is problem.Conflict.
func saveAssessment(ctx context.Context, tx tenants.Tx, a *Assessment) error {
	answers, err := json.Marshal(a.Answers)
	if err != nil {
		return fmt.Errorf("write answers: %w", err)
	}
	save := updateAssessment
	if a.Version == 0 {
		save = insertAssessment
	}
	rows, err := save(ctx, tx, *a, string(answers))
	return a.stored(rows, err, "save an assessment")
}

// stored takes over the row that was written; where there is none, somebody was faster: problem.Conflict.
func (a *Assessment) stored(rows pgx.Rows, err error, doing string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	saved, err := collect(rows)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if len(saved) == 0 {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	saved[0].Answers = a.Answers // as typed, not as JSON gives them back
	*a = saved[0]
	return nil
}

func insertAssessment(ctx context.Context, tx tenants.Tx, a Assessment, answers string) (pgx.Rows, error) {
	o := a.Outcome
	return tx.Query(ctx, `
		insert into assessment.assessments as a (tenant_id, id, case_id, section, item_version_id, instrument, title_it, title_en,
			author_tenant, author_account, author_name, score_min, score_max, answers, score, band, band_it, band_en, state, done_on, finalised_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::text::jsonb, $15, nullif($16, ''), $17, $18, $19::text, $20,
			case when $19::text = 'final' then app.now() end)
		on conflict do nothing returning `+columns+withAnswers,
		a.Tenant, a.ID, a.Case, a.Section, a.Edition, a.Instrument, a.Title.It, a.Title.En, a.AuthorTenant, a.Author, a.AuthorName,
		o.Min, o.Max, answers, o.score(), o.Band, o.BandLabel.It, o.BandLabel.En, string(a.State), a.DoneOn)
}

func updateAssessment(ctx context.Context, tx tenants.Tx, a Assessment, answers string) (pgx.Rows, error) {
	o := a.Outcome
	return tx.Query(ctx, `
		update assessment.assessments a set answers = $5::text::jsonb, score = $6, band = nullif($7, ''), band_it = $8, band_en = $9,
			state = $10::text, done_on = $11, updated_at = app.now(), version = a.version + 1,
			finalised_at = case when $10::text = 'final' then app.now() end
		where a.tenant_id = $1 and a.case_id = $2 and a.id = $3 and a.version = $4 and a.state = 'draft'
		returning `+columns+withAnswers,
		a.Tenant, a.Case, a.ID, a.Version, answers, o.score(), o.Band, o.BandLabel.It, o.BandLabel.En, string(a.State), a.DoneOn)
}

// score is null where there is none.
func (o Outcome) score() *float64 {
	if !o.Scored {
		return nil
	}
	return &o.Score
}

// countMadeWith counts the assessments of the body with an instrument, in any version.
func countMadeWith(ctx context.Context, tx tenants.Tx, _ int32, key string) (int, error) {
	var count int
	if err := tx.QueryRow(ctx, `select assessment.count_made_with($1)`, key).Scan(&count); err != nil {
		return 0, fmt.Errorf("count assessments: %w", err)
	}
	return count, nil
}
