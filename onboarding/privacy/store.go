package privacy

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/privacy/paper"
	"staffetta/tenants"
)

const sheetSQL = `select p.version, p.dpo_name, p.dpo_email, p.dpo_phone, p.provider_name, p.provider_contact, p.provider_act, p.processors,
	p.need, p.risks, p.views, p.decision from onboarding.privacy_sheets p where p.tenant_id = app.tenant() order by p.version desc limit 1`

// findSheet returns what the body says; the zero one where it said nothing.
func findSheet(ctx context.Context, tx tenants.Tx) (p paper.Sheet, err error) {
	err = tx.QueryRow(ctx, sheetSQL).Scan(&p.Version, &p.DPO.Name, &p.DPO.Email, &p.DPO.Phone, &p.Provider.Name, &p.Provider.Contact, &p.Provider.Act,
		&p.Processors, &p.Judgement.Need, &p.Judgement.Risks, &p.Judgement.Views, &p.Judgement.Decision)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return p, fmt.Errorf("find what a body says of its privacy: %w", err)
	}
	return p, nil
}

// saveSheet writes the sheet over the version that was seen and tells whether that was still the last one.
func saveSheet(ctx context.Context, tx tenants.Tx, s tenants.Scope, p paper.Sheet) (bool, error) {
	values := []any{
		p.Version, p.DPO.Name, p.DPO.Email, p.DPO.Phone, p.Provider.Name, p.Provider.Contact, p.Provider.Act, append([]paper.Processor{}, p.Processors...),
		p.Judgement.Need, p.Judgement.Risks, p.Judgement.Views, p.Judgement.Decision, s.Name,
	}
	done, err := tx.Exec(ctx, `insert into onboarding.privacy_sheets (version, dpo_name, dpo_email, dpo_phone, provider_name, provider_contact, provider_act,
			processors, need, risks, views, decision, saved_name)
		select $1::int + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
		where $1 = (select coalesce(max(p.version), 0) from onboarding.privacy_sheets p where p.tenant_id = app.tenant())
		on conflict (tenant_id, version) do nothing`, values...)
	if err != nil {
		return false, fmt.Errorf("save what a body says of its privacy: %w", err)
	}
	return done.RowsAffected() == 1, nil
}

const (
	versionColumns = `v.id, v.document, v.state, coalesce(v.number, 0), v.content, ` + restColumns
	listColumns    = `v.id, v.document, v.state, coalesce(v.number, 0), '', ` + restColumns
	restColumns    = `v.sha256, v.proposed_by, v.proposed_name, v.proposed_at,
	v.decided_name, coalesce(v.decided_at, v.proposed_at), v.words`
)

func scanVersion(row pgx.CollectableRow) (x Version, err error) {
	return x, row.Scan(&x.ID, &x.Kind, &x.State, &x.Number, &x.content, &x.SHA256, &x.ProposedBy, &x.ProposedName, &x.ProposedAt,
		&x.DecidedName, &x.DecidedAt, &x.Words)
}

// findCurrent finds of each document the last published version and the one that waits.
func findCurrent(ctx context.Context, tx tenants.Tx) ([]Version, error) {
	rows, err := tx.Query(ctx, `select distinct on (v.document, v.state) `+versionColumns+` from onboarding.privacy_versions v
		where v.tenant_id = app.tenant() and v.state in ('published', 'proposed') order by v.document, v.state, v.number desc`)
	if err != nil {
		return nil, fmt.Errorf("find the privacy documents in force: %w", err)
	}
	return pgx.CollectRows(rows, scanVersion)
}

// maxVersions is how many versions of a document are listed.
const maxVersions = 100

// findVersions lists the versions of a document without their text, the newest first.
func findVersions(ctx context.Context, tx tenants.Tx, kind paper.Kind) ([]Version, error) {
	rows, err := tx.Query(ctx, fmt.Sprintf(`select %s from onboarding.privacy_versions v where v.tenant_id = app.tenant() and v.document = $1
		order by v.proposed_at desc, v.id desc limit %d`, listColumns, maxVersions), kind)
	if err != nil {
		return nil, fmt.Errorf("find the versions of a privacy document: %w", err)
	}
	return pgx.CollectRows(rows, scanVersion)
}

// getPublished returns a published version; number 0 is the last one.
func getPublished(ctx context.Context, tx tenants.Tx, kind paper.Kind, number int) (Version, error) {
	rows, err := tx.Query(ctx, `select `+versionColumns+` from onboarding.privacy_versions v where v.tenant_id = app.tenant() and v.document = $1
		and v.state = 'published' and ($2 = 0 or v.number = $2) order by v.number desc limit 1`, kind, number)
	if err != nil {
		return Version{}, fmt.Errorf("get a published privacy document: %w", err)
	}
	return oneVersion(rows)
}

// lockVersion locks a version of the body, by its id.
func lockVersion(ctx context.Context, tx tenants.Tx, id uuid.UUID) (Version, error) {
	rows, err := tx.Query(ctx, `select `+versionColumns+` from onboarding.privacy_versions v where v.tenant_id = app.tenant() and v.id = $1 for update`, id)
	if err != nil {
		return Version{}, fmt.Errorf("lock a privacy document: %w", err)
	}
	return oneVersion(rows)
}

func oneVersion(rows pgx.Rows) (Version, error) {
	x, err := pgx.CollectExactlyOneRow(rows, scanVersion)
	if errors.Is(err, pgx.ErrNoRows) {
		return x, problem.Missing()
	}
	if err != nil {
		return x, fmt.Errorf("read a privacy document: %w", err)
	}
	x.Document, err = paper.Decode(x.content)
	return x, err
}

// waiting is the index that keeps a document to one proposal.
const waiting = "privacy_versions_waiting"

// createVersion writes a proposal and tells whether it was new.
func createVersion(ctx context.Context, tx tenants.Tx, s tenants.Scope, x Version) (bool, error) {
	done, err := tx.Exec(ctx, `insert into onboarding.privacy_versions (id, document, content, sha256, proposed_by, proposed_name) values ($1, $2, $3, $4, $5, $6)
		on conflict (tenant_id, id) do nothing`, x.ID, x.Kind, x.content, x.SHA256, s.Account, s.Name)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.ConstraintName == waiting {
		return false, problem.New(problem.Conflict, "onboarding.privacy.error.waiting").Wrap(err)
	}
	if err != nil {
		return false, fmt.Errorf("propose a privacy document: %w", err)
	}
	return done.RowsAffected() == 1, nil
}

// decideVersion writes what became of a proposal; one that is published gets the next number of its document.
func decideVersion(ctx context.Context, tx tenants.Tx, s tenants.Scope, x Version) error {
	_, err := tx.Exec(ctx, `update onboarding.privacy_versions v set state = $2, decided_by = $3, decided_name = $4, decided_at = app.now(), words = $5,
			number = case when $2 = 'published' then (select coalesce(max(o.number), 0) + 1 from onboarding.privacy_versions o
				where o.tenant_id = v.tenant_id and o.document = v.document) end
		where v.tenant_id = app.tenant() and v.id = $1`, x.ID, x.State, s.Account, s.Name, x.Words)
	if err != nil {
		return fmt.Errorf("decide about a privacy document: %w", err)
	}
	return nil
}

// countProposed counts the documents that wait for somebody else than who proposed them.
func countProposed(ctx context.Context, tx tenants.Tx, s tenants.Scope) (p modules.Pile, err error) {
	err = tx.QueryRow(ctx, `select count(*), (array_agg(x.id order by x.proposed_at, x.id))[1], max(x.proposed_at) from onboarding.privacy_versions x
		where x.tenant_id = app.tenant() and x.state = 'proposed' and x.proposed_by <> $1`, s.Account).Scan(&p.Count, (*zeronull.UUID)(&p.First), (*zeronull.Timestamptz)(&p.Since))
	if err != nil {
		return p, fmt.Errorf("count the documents that wait: %w", err)
	}
	return p, nil
}
