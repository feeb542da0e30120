package share

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// pageSize is how many rows a list shows at once.
const pageSize = 50

// shareColumns are a Share s with its details d, which row security hides from a receiver to whom the share does not show
// the case, and the number of its case c, which only the owner's people see; what nobody did yet is the zero Mark.
const (
	noID         = `'00000000-0000-0000-0000-000000000000'::uuid`
	noTime       = `timestamptz '0001-01-01 00:00:00+00'`
	shareColumns = `s.id, s.kind, s.state, s.owner_tenant, s.receiver_tenant, coalesce(d.case_id, ` + noID + `), coalesce(c.number, ''),
		coalesce(s.receiver_office, 0), coalesce(s.receiver_account, ` + noID + `), s.agreement_id, s.purpose, s.purpose_label, s.legal_basis,
		s.sections, s.writable, coalesce(d.extra, '{}'), coalesce(d.extra_reason, ''), coalesce(d.reason, ''), coalesce(d.basis_reason, ''), s.answer_by, s.valid_to, s.preview::text,
		s.offered_tenant, s.offered_by, s.offered_name, s.offered_at,
		coalesce(s.decided_tenant, 0), coalesce(s.decided_by, ` + noID + `), s.decided_name, coalesce(s.decided_at, ` + noTime + `),
		coalesce(s.ended_tenant, 0), coalesce(s.ended_by, ` + noID + `), s.ended_name, coalesce(s.ended_at, ` + noTime + `),
		s.decision_reason, s.outcome_kind, s.outcome, s.version`
	shareDetails = ` left join sharing.shares_details d on d.share_id = s.id
		left join casefile.cases c on c.tenant_id = $1 and c.tenant_id = s.owner_tenant and c.id = d.case_id`
	shareTables = ` from sharing.shares s` + shareDetails
)

// choice is which shares a list wants first, and how many.
type choice struct {
	where, order string
	limit        int
}

// firstShares finds, of the shares that fit, the first ones in an order, and only then their details: those of all that
// a body received and sent, behind their own policy, would take twenty times as long as the page that is shown.
func (s *Shares) firstShares(ctx context.Context, scope tenants.Scope, c choice, args ...any) ([]Share, error) {
	sql := fmt.Sprintf(`select %s from (select s.id from sharing.shares s where %s order by %s limit %d) f join sharing.shares s on s.id = f.id%s order by %[3]s`,
		shareColumns, c.where, c.order, c.limit, shareDetails)
	found, err := s.readShares(ctx, scope, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("find shares: %w", err)
	}
	return found, nil
}

func scanShare(row pgx.CollectableRow) (Share, error) {
	var s Share
	var preview string
	err := row.Scan(&s.ID, &s.Kind, &s.State, &s.Owner, &s.Receiver, &s.Case, &s.Number,
		&s.Office, &s.Account, &s.Agreement, &s.Purpose, &s.PurposeLabel, &s.LegalBasis,
		&s.Sections, &s.Writable, &s.Extra, &s.ExtraReason, &s.Reason, &s.BasisReason, &s.AnswerBy, &s.Until, &preview,
		&s.Offered.Tenant, &s.Offered.Account, &s.Offered.Name, &s.Offered.At,
		&s.Decided.Tenant, &s.Decided.Account, &s.Decided.Name, &s.Decided.At,
		&s.Ended.Tenant, &s.Ended.Account, &s.Ended.Name, &s.Ended.At,
		&s.DecisionReason, &s.OutcomeKind, &s.Outcome, &s.Version)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(preview), &s.Preview)
}

// Stored is a share as the database shows it to the actor's body: for rules, never for a face. Error: problem.NotFound.
func (s *Shares) Stored(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Share, error) {
	found, err := s.readShares(ctx, scope, `select `+shareColumns+shareTables+` where s.id = $2`, scope.Tenant, id)
	if err != nil {
		return Share{}, fmt.Errorf("get a share: %w", err)
	}
	if len(found) == 0 {
		return Share{}, problem.Missing()
	}
	return found[0], nil
}

func (s *Shares) readShares(ctx context.Context, scope tenants.Scope, sql string, args ...any) ([]Share, error) {
	var batch pgx.Batch
	var found []Share
	batch.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanShare)
		return err
	})
	return found, s.deps.DB.Read(ctx, scope, &batch)
}

// findShares lists the shares that the body sent or received; all of them, or those that the actor offered or that
// are for it.
func (s *Shares) findShares(ctx context.Context, scope tenants.Scope, q Query, all bool) ([]Share, error) {
	where := toActor
	if q.Sent {
		where = byActor
	}
	at, id := bound(q.After)
	return s.firstShares(ctx, scope, choice{where + ` and (s.offered_at, s.id) < ($4, $5)`, newestFirst, pageSize + 1}, scope.Tenant, all, scope.Account, at, id)
}

// toActor and byActor are the shares that a list shows somebody: all of the body ($2), or those that are for the actor and
// those that it offered.
const (
	toActor = `s.receiver_tenant = $1 and ($2 or (s.receiver_account is null or s.receiver_account = $3)
		and (s.receiver_office is null or s.receiver_office = any (app.offices())))`
	byActor = `s.owner_tenant = $1 and ($2 or s.offered_by = $3)`
)

// findDue lists the shares whose answer or end is due soon, at most two hundred.
func (s *Shares) findDue(ctx context.Context, scope tenants.Scope, _ Query, all bool) ([]Share, error) {
	soon, err := s.soon(ctx, scope)
	if err != nil {
		return nil, err
	}
	return s.firstShares(ctx, scope, choice{
		`(` + toActor + ` or ` + byActor + `)
		and (s.state = 'offered' and s.answer_by > app.now() and s.answer_by <= $4 or s.state = 'active' and s.valid_to > app.now() and s.valid_to <= $4)`,
		termSQL + `, s.id`, 200,
	}, scope.Tenant, all, scope.Account, soon)
}

// bound is a cursor as the bounds of a query: the zero one is before every row.
func bound(c casefile.Cursor) (time.Time, uuid.UUID) {
	if c.IsZero() {
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max
	}
	return c.At, c.ID
}

func (s *Shares) findOfCase(ctx context.Context, scope tenants.Scope, owner int32, id uuid.UUID) ([]Share, error) {
	sql := `select ` + shareColumns + shareTables + ` where d.owner_tenant = $2 and d.case_id = $3 order by s.offered_at desc, s.id desc limit 200`
	found, err := s.readShares(ctx, scope, sql, scope.Tenant, owner, id)
	if err != nil {
		return nil, fmt.Errorf("find the shares of a case: %w", err)
	}
	return found, nil
}

// waitingSQL counts the offers that a body has to decide about.
const waitingSQL = `select count(*) from sharing.shares s where s.receiver_tenant = $1 and s.state = 'offered' and s.valid_to > app.now() and s.answer_by > app.now()`

func (s *Shares) countWaiting(ctx context.Context, scope tenants.Scope) (waiting int, err error) {
	var batch pgx.Batch
	batch.Queue(waitingSQL, scope.Tenant).QueryRow(func(row pgx.Row) error { return row.Scan(&waiting) })
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return 0, fmt.Errorf("count the offers that wait: %w", err)
	}
	return waiting, nil
}

func (s *Shares) countShares(ctx context.Context, scope tenants.Scope) (Counts, error) {
	var batch pgx.Batch
	var n Counts
	batch.Queue(`select (`+waitingSQL+`),
			(select count(*) from sharing.shares s where s.receiver_tenant = $1 and s.state = 'active' and s.valid_to > app.now()),
			(select count(*) from sharing.shares s where s.owner_tenant = $1 and s.state = 'active' and s.valid_to > app.now())`, scope.Tenant).
		QueryRow(func(row pgx.Row) error { return row.Scan(&n.Waiting, &n.Received, &n.Sent) })
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return n, fmt.Errorf("count shares: %w", err)
	}
	return n, nil
}

func (s *Shares) findReadings(ctx context.Context, scope tenants.Scope, share Share) ([]Reading, error) {
	var batch pgx.Batch
	var found []Reading
	batch.Queue(`
		select e.at, e.actor_name, e.actor_tenant, e.sections, e.share_id from audit.events e
		where e.tenant_id = $1 and e.case_id = $2 and e.action = 'case.read' and e.actor_tenant <> $1 and (e.share_id = $3
			or e.share_id is not null and e.actor_tenant = $4 and (e.sections && $5 or cardinality(e.sections) = 0) and e.at >= $6)
		order by e.at desc limit 100`, scope.Tenant, share.Case, share.ID, share.Receiver, share.Sections, share.Decided.At).
		Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Reading])
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find what was read under a share: %w", err)
	}
	return found, nil
}

// NewGrants makes the id of a grant for each section.
func NewGrants(sections []string) ([]uuid.UUID, error) {
	grants := make([]uuid.UUID, len(sections))
	for i := range grants {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, fmt.Errorf("make a grant's id: %w", err)
		}
		grants[i] = id
	}
	return grants, nil
}

func acceptShare(ctx context.Context, tx tenants.Tx, scope tenants.Scope, s Share, to Addressee) error {
	grants, err := NewGrants(s.Sections)
	if err != nil {
		return err
	}
	var account *uuid.UUID
	if to.Account != uuid.Nil {
		account = &to.Account
	}
	_, err = tx.Exec(ctx, `select sharing.accept_share($1, $2, $3, nullif($4::int, 0), $5)`, s.ID, grants, account, to.Office, scope.Name)
	if err != nil {
		return Raised("accept a share", err)
	}
	return nil
}

func endShare(ctx context.Context, tx tenants.Tx, id uuid.UUID, target string, said Ending) error {
	_, err := tx.Exec(ctx, `select sharing.end_share($1, $2, $3, $4, $5)`, id, target, said.Words, said.Outcome, said.actor)
	if err != nil {
		return Raised("end a share", err)
	}
	return nil
}

// TellOther copies an event that the transaction wrote into its own chain into the chain of the other body of a share.
func TellOther(ctx context.Context, tx tenants.Tx, share uuid.UUID, e audit.Told) error {
	if _, err := tx.Exec(ctx, `select sharing.tell_other($1, $2, $3)`, share, e.ID, e.At); err != nil {
		return fmt.Errorf("tell the other body of a share: %w", err)
	}
	return nil
}

// FieldOf names the field of a form, and its message, that a refusal of the database is about, by the constraint.
type FieldOf map[string]struct{ Name, Key string }

var fieldOf = FieldOf{
	"agreement":    {"destinatario", "sharing.error.agreement"},
	"purpose":      {"scopo", "sharing.error.purpose"},
	"sections":     {"sezioni", "sharing.error.section"},
	"valid_to":     {"fino", "sharing.error.past"},
	"addressee":    {"incaricato", "sharing.error.addressee"},
	"extra_reason": {"motivo_sezioni", "sharing.error.extra"},
	"basis":        {"motivo_base", "sharing.error.override"},
	"writable":     {"scrittura", "sharing.error.writable_section"},
	"answer_by":    {"risposta", "sharing.error.past"},
	"outcome_kind": {"esito", "web.field.required"},
}

// Raised turns what the step functions raise into what a caller can act on.
func Raised(doing string, err error) error { return fieldOf.Raised(doing, err) }

// Raised is the same for functions whose refusals are about other fields.
func (fields FieldOf) Raised(doing string, err error) error {
	var raised *pgconn.PgError
	if !errors.As(err, &raised) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	switch raised.Code {
	case "P0002": // no_data_found
		return problem.Missing().Wrap(err)
	case "42501": // insufficient_privilege
		return problem.New(problem.Forbidden, "sharing.error.other_side").Wrap(err)
	case "55000", "23505": // object_not_in_prerequisite_state, unique_violation
		if raised.ConstraintName == "manifest" {
			return problem.New(problem.Conflict, "sharing.relocation.error.changed").Wrap(err)
		}
		return problem.New(problem.Conflict, "sharing.error.moved").Wrap(err)
	case "23514": // check_violation
		if field, ok := fields[raised.ConstraintName]; ok {
			var wrong problem.Fields
			wrong.Add(field.Name, field.Key)
			return wrong.Err()
		}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
